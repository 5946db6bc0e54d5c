//! Rich text for showing, the reader's blocks as they travel, and for editing.

use crate::dto;
use jira::richtext::{Block, Document, Inline, Marks, PanelKind, TaskItem};
use workspace::{RichFormat, RichText};

/// The blocks of a rich text. An original that cannot be read any more shows its words.
pub(super) fn blocks(rich: &RichText) -> Vec<dto::Block> {
    let document = match rich.format {
        RichFormat::Adf => match serde_json::from_str(&rich.source) {
            Ok(json) => Document::from_adf(&json),
            Err(_) => return plain(&rich.plain),
        },
        RichFormat::Wiki => Document::from_wiki(&rich.source),
        RichFormat::Plain => return plain(&rich.source),
    };
    all(&document.blocks)
}

/// The blocks of a text that is being written.
pub(super) fn preview(text: &dto::RichSource) -> Vec<dto::Block> {
    let document = match text.format {
        dto::RichFormat::Adf => match serde_json::from_str(&text.source) {
            Ok(json) => Document::from_adf(&json),
            Err(_) => return plain(&text.source),
        },
        dto::RichFormat::Wiki => Document::from_wiki(&text.source),
    };
    all(&document.blocks)
}

/// A text as it came over the wire.
pub(super) fn source(format: dto::RichFormat, source: String) -> engine::RichSource {
    let format = match format {
        dto::RichFormat::Adf => RichFormat::Adf,
        dto::RichFormat::Wiki => RichFormat::Wiki,
    };
    engine::RichSource { format, source }
}

/// A text as it goes over the wire.
pub(super) fn source_dto(text: engine::RichSource) -> dto::RichSource {
    let format = match text.format {
        RichFormat::Wiki => dto::RichFormat::Wiki,
        // Plain words are put into a notation before they are edited.
        RichFormat::Adf | RichFormat::Plain => dto::RichFormat::Adf,
    };
    dto::RichSource {
        format,
        source: text.source,
    }
}

fn plain(text: &str) -> Vec<dto::Block> {
    text.split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| dto::Block::Paragraph {
            content: vec![words(paragraph, &Marks::default())],
        })
        .collect()
}

fn all(blocks: &[Block]) -> Vec<dto::Block> {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> dto::Block {
    match block {
        Block::Heading { level, content } => dto::Block::Heading {
            level: *level,
            content: inlines(content),
        },
        Block::Paragraph { content } => dto::Block::Paragraph {
            content: inlines(content),
        },
        Block::BulletList { items } => dto::Block::BulletList {
            items: items.iter().map(|item| all(&item.content)).collect(),
        },
        Block::OrderedList { start, items } => dto::Block::OrderedList {
            start: u32::try_from(*start).unwrap_or(1),
            items: items.iter().map(|item| all(&item.content)).collect(),
        },
        Block::TaskList { items } => dto::Block::TaskList {
            items: tasks(items),
        },
        Block::DecisionList { items } => dto::Block::BulletList {
            items: items
                .iter()
                .map(|item| {
                    vec![dto::Block::Paragraph {
                        content: inlines(&item.content),
                    }]
                })
                .collect(),
        },
        Block::CodeBlock { language, text } => dto::Block::CodeBlock {
            language: language.clone(),
            text: text.clone(),
        },
        Block::Quote { content } => dto::Block::Quote {
            content: all(content),
        },
        Block::Panel {
            kind,
            title,
            content,
        } => dto::Block::Panel {
            kind: panel(*kind).to_owned(),
            title: title.clone(),
            content: all(content),
        },
        Block::Table { rows } => dto::Block::Table {
            rows: rows
                .iter()
                .map(|row| {
                    row.cells
                        .iter()
                        .map(|cell| dto::Cell {
                            header: cell.header,
                            colspan: u16::try_from(cell.colspan).unwrap_or(1),
                            rowspan: u16::try_from(cell.rowspan).unwrap_or(1),
                            content: all(&cell.content),
                        })
                        .collect()
                })
                .collect(),
        },
        Block::Rule => dto::Block::Rule,
        Block::Expand { title, content } => dto::Block::Expand {
            title: title.clone(),
            content: all(content),
        },
        Block::Media(media) => dto::Block::Media {
            name: media_name(media),
        },
        Block::Unknown { name, text } => dto::Block::Unknown {
            name: name.clone(),
            text: text.clone(),
        },
    }
}

fn panel(kind: PanelKind) -> &'static str {
    match kind {
        PanelKind::Info => "info",
        PanelKind::Note => "note",
        PanelKind::Success => "success",
        PanelKind::Warning => "warning",
        PanelKind::Error => "error",
        PanelKind::Custom => "custom",
    }
}

/// Tasks below tasks stand behind them: whose part one is, is told by its place.
fn tasks(items: &[TaskItem]) -> Vec<dto::Task> {
    items
        .iter()
        .flat_map(|item| {
            let mut flat = vec![dto::Task {
                done: item.done,
                content: inlines(&item.content),
            }];
            flat.extend(tasks(&item.children));
            flat
        })
        .collect()
}

fn media_name(media: &jira::richtext::Media) -> String {
    let names = [&media.alt, &media.name, &media.id];
    names
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_else(|| "Attachment".to_owned())
}

fn inlines(content: &[Inline]) -> Vec<dto::Inline> {
    content.iter().map(inline).collect()
}

fn words(text: &str, marks: &Marks) -> dto::Inline {
    dto::Inline::Text {
        text: text.to_owned(),
        bold: marks.bold,
        italic: marks.italic,
        underline: marks.underline,
        strike: marks.strike,
        code: marks.code,
    }
}

fn inline(inline: &Inline) -> dto::Inline {
    match inline {
        Inline::Text { text, marks } => words(text, marks),
        Inline::Link { href, content } => dto::Inline::Link {
            href: href.clone(),
            content: inlines(content),
        },
        Inline::Mention { text, .. } => dto::Inline::Mention { text: text.clone() },
        Inline::Emoji { text } => dto::Inline::Emoji { text: text.clone() },
        Inline::Date { iso } => dto::Inline::Date { date: iso.clone() },
        Inline::Status { text, colour } => dto::Inline::Status {
            text: text.clone(),
            colour: colour.clone().unwrap_or_default(),
        },
        Inline::InlineCard { href } => dto::Inline::Link {
            href: href.clone(),
            content: vec![words(href, &Marks::default())],
        },
        Inline::HardBreak => dto::Inline::HardBreak,
        Inline::Image(media) => dto::Inline::Image {
            name: media_name(media),
        },
        Inline::Unknown { name, text } => dto::Inline::Unknown {
            name: name.clone(),
            text: text.clone(),
        },
    }
}
