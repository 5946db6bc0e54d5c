//! A text with structure in plain words, as the window shows it where there is room for a line only.

use crate::dto::{Block, Inline};

/// The words of a text, a line or more for each block.
#[must_use]
pub fn text(blocks: &[Block]) -> String {
    joined(blocks.iter().map(block), "\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => inline(content),
        Block::BulletList { items } | Block::OrderedList { items, .. } => {
            joined(items.iter().map(|item| format!("• {}", text(item))), "\n")
        }
        Block::TaskList { items } => {
            let tasks = items.iter().map(|task| {
                let sign = if task.done { '☑' } else { '☐' };
                format!("{sign} {}", inline(&task.content))
            });
            joined(tasks, "\n")
        }
        Block::CodeBlock { text, .. } | Block::Unknown { text, .. } => text.clone(),
        Block::Quote { content } => text(content),
        Block::Panel { title, content, .. } => titled(title.as_deref(), content),
        Block::Expand { title, content } => titled(Some(title), content),
        Block::Table { rows } => {
            let rows = rows.iter().map(|row| {
                let cells = row.iter().map(|cell| text(&cell.content));
                cells.collect::<Vec<_>>().join(" | ")
            });
            joined(rows, "\n")
        }
        Block::Rule => String::new(),
        Block::Media { name } => name.clone(),
    }
}

fn titled(title: Option<&str>, content: &[Block]) -> String {
    let title = title.unwrap_or_default().to_owned();
    joined([title, text(content)].into_iter(), "\n")
}

fn inline(content: &[Inline]) -> String {
    let parts = content.iter().map(|part| match part {
        Inline::Text { text, .. }
        | Inline::Mention { text }
        | Inline::Emoji { text }
        | Inline::Status { text, .. }
        | Inline::Unknown { text, .. } => text.clone(),
        Inline::Link { content, .. } => inline(content),
        Inline::Date { date } => date.clone(),
        Inline::HardBreak => "\n".to_owned(),
        Inline::Image { name } => name.clone(),
    });
    parts.collect()
}

/// Those that say something.
fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts = parts.filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}
