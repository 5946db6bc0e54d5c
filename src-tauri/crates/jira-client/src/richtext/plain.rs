//! The words of a document without their look.

use super::{Block, DecisionItem, Document, Inline, Media, TaskItem};

impl Document {
    /// The words: one line per paragraph, item, heading, row and line break; cells of a row are
    /// parted by a tab. Bullets, numbers and boxes are left out, so that the same text in ADF and
    /// in wiki markup reads the same.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut lines = Lines::default();
        lines.blocks(&self.blocks);
        lines.finish()
    }

    /// The beginning of the text on one line, at most `max_chars` characters (an ellipsis
    /// included), cut between words where a word boundary is near.
    #[must_use]
    pub fn preview(&self, max_chars: usize) -> String {
        let text = self.plain_text();
        let mut line = String::new();
        let mut used = 0;
        for word in text.split_whitespace() {
            let gap = usize::from(used > 0);
            let length = word.chars().count();
            if used + gap + length > max_chars {
                return cut(line, used, word, max_chars);
            }
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            used += gap + length;
        }
        line
    }

    /// Whether there is nothing to see: no words, pictures, rules or tables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(block_is_empty)
    }
}

/// Ends a preview of `used` characters before `word`, which does not fit.
fn cut(mut line: String, used: usize, word: &str, max_chars: usize) -> String {
    const ELLIPSIS: char = '…';
    if max_chars == 0 {
        return String::new();
    }
    if used * 2 < max_chars {
        // Little would be left if the whole word went: show its beginning.
        let gap = usize::from(used > 0);
        let room = max_chars.saturating_sub(used + gap + 1);
        if room > 0 {
            if gap == 1 {
                line.push(' ');
            }
            line.extend(word.chars().take(room));
        }
    } else if used == max_chars {
        line.pop();
    }
    line.push(ELLIPSIS);
    line
}

fn block_is_empty(block: &Block) -> bool {
    match block {
        Block::Paragraph { content } | Block::Heading { content, .. } => {
            content.iter().all(inline_is_empty)
        }
        Block::BulletList { items } | Block::OrderedList { items, .. } => items
            .iter()
            .all(|item| item.content.iter().all(block_is_empty)),
        Block::TaskList { items } => items.is_empty(),
        Block::DecisionList { items } => items.is_empty(),
        Block::CodeBlock { text, .. } => text.trim().is_empty(),
        Block::Quote { content } => content.iter().all(block_is_empty),
        Block::Panel { title, content, .. } => {
            title.is_none() && content.iter().all(block_is_empty)
        }
        Block::Expand { title, content } => title.is_empty() && content.iter().all(block_is_empty),
        Block::Table { .. } | Block::Rule | Block::Media(_) | Block::Unknown { .. } => false,
    }
}

fn inline_is_empty(inline: &Inline) -> bool {
    match inline {
        Inline::Text { text, .. } => text.trim().is_empty(),
        Inline::Link { content, .. } => content.iter().all(inline_is_empty),
        Inline::HardBreak => true,
        _ => false,
    }
}

/// Collects lines of words; empty ones are dropped.
#[derive(Default)]
struct Lines {
    text: String,
    /// What has to come before the next words.
    gap: Option<char>,
}

impl Lines {
    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }

    fn end_with(&mut self, gap: char) {
        if !self.text.is_empty() {
            self.gap = Some(gap);
        }
    }

    fn end_line(&mut self) {
        self.end_with('\n');
    }

    fn words(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        if let Some(gap) = self.gap.take() {
            self.text.push(gap);
        }
        self.text.push_str(words);
    }

    fn line(&mut self, words: &str) {
        self.words(words);
        self.end_line();
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content } => {
                self.inlines(content);
                self.end_line();
            }
            Block::BulletList { items } | Block::OrderedList { items, .. } => {
                for item in items {
                    self.blocks(&item.content);
                    self.end_line();
                }
            }
            Block::TaskList { items } => self.tasks(items),
            Block::DecisionList { items } => {
                for DecisionItem { content, .. } in items {
                    self.inlines(content);
                    self.end_line();
                }
            }
            Block::CodeBlock { text, .. } => self.line(text),
            Block::Quote { content } => self.blocks(content),
            Block::Panel { title, content, .. } => {
                self.line(title.as_deref().unwrap_or_default());
                self.blocks(content);
            }
            Block::Expand { title, content } => {
                self.line(title);
                self.blocks(content);
            }
            Block::Table { rows } => {
                for row in rows {
                    for cell in &row.cells {
                        self.blocks(&cell.content);
                        self.end_with('\t');
                    }
                    self.end_line();
                }
            }
            Block::Rule => {}
            Block::Media(media) => {
                self.line(media_words(media));
            }
            Block::Unknown { text, .. } => self.line(text),
        }
    }

    fn tasks(&mut self, items: &[TaskItem]) {
        for item in items {
            self.inlines(&item.content);
            self.end_line();
            self.tasks(&item.children);
        }
    }

    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            match inline {
                Inline::Text { text, .. }
                | Inline::Mention { text, .. }
                | Inline::Emoji { text }
                | Inline::Status { text, .. }
                | Inline::Unknown { text, .. } => self.words(text),
                Inline::Link { content, .. } => self.inlines(content),
                Inline::Date { iso } => self.words(iso),
                Inline::InlineCard { href } => self.words(href),
                Inline::HardBreak => self.end_line(),
                Inline::Image(media) => self.words(media_words(media)),
            }
        }
    }
}

fn media_words(media: &Media) -> &str {
    media
        .alt
        .as_deref()
        .or(media.name.as_deref())
        .unwrap_or_default()
}
