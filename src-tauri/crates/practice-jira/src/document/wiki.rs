//! Invented documents as Jira's wiki text, with the carriage returns that come back from Data Center.

use super::{Block, Inline};
use crate::config::Face;
use crate::state::User;

const END: &str = "\r\n";

/// The whole document as one text.
pub(crate) fn text(blocks: &[Block], users: &[User], face: Face) -> String {
    let mut writer = Writer {
        out: String::with_capacity(2048),
        users,
        face,
    };
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            writer.out.push_str(END);
            writer.out.push_str(END);
        }
        writer.block(block);
    }
    writer.out
}

struct Writer<'a> {
    out: String,
    users: &'a [User],
    face: Face,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, text) => {
                self.out.push_str(&format!("h{level}. {text}"));
            }
            Block::Paragraph(inlines) => self.inlines(inlines),
            Block::Bullets(items) => self.list("* ", items),
            Block::Numbers(items) => self.list("# ", items),
            Block::Table(head, rows) => {
                for cell in head {
                    self.out.push_str("||");
                    self.out.push_str(cell);
                }
                self.out.push_str("||");
                for row in rows {
                    self.out.push_str(END);
                    for cell in row {
                        self.out.push('|');
                        self.inlines(cell);
                    }
                    self.out.push('|');
                }
            }
            Block::Panel(kind, inlines) => {
                let name = match *kind {
                    "warning" | "error" => "warning",
                    "note" => "note",
                    "success" => "tip",
                    _ => "info",
                };
                self.fenced(name, "", inlines);
            }
            Block::Code(language, text) => {
                self.out.push_str(&format!("{{code:{language}}}"));
                for line in text.lines() {
                    self.out.push_str(END);
                    self.out.push_str(line);
                }
                self.out.push_str(END);
                self.out.push_str("{code}");
            }
            Block::Tasks(tasks) => {
                for (at, (done, inlines)) in tasks.iter().enumerate() {
                    if at > 0 {
                        self.out.push_str(END);
                    }
                    self.out.push_str(if *done { "* (/) " } else { "* (x) " });
                    self.inlines(inlines);
                }
            }
            Block::Quote(inlines) => self.fenced("quote", "", inlines),
            Block::Expand(title, inlines) => {
                self.fenced("panel", &format!(":title={title}"), inlines)
            }
            Block::Rule => self.out.push_str("----"),
            Block::Extension(key) => self.out.push_str(&format!("{{{key}}}")),
        }
    }

    fn fenced(&mut self, name: &str, options: &str, inlines: &[Inline]) {
        self.out.push_str(&format!("{{{name}{options}}}{END}"));
        self.inlines(inlines);
        self.out.push_str(&format!("{END}{{{name}}}"));
    }

    fn list(&mut self, mark: &str, items: &[Vec<Inline>]) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push_str(END);
            }
            self.out.push_str(mark);
            self.inlines(item);
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.out.push_str(text),
                Inline::Strong(text) => self.wrapped("*", text, "*"),
                Inline::Emphasis(text) => self.wrapped("_", text, "_"),
                Inline::Code(text) => self.wrapped("{{", text, "}}"),
                Inline::Link(text, url) => self.out.push_str(&format!("[{text}|{url}]")),
                Inline::Card(url) => self.out.push_str(&format!("[{url}]")),
                Inline::Emoji(short, _) => self.out.push_str(match *short {
                    ":warning:" => "(!)",
                    ":white_check_mark:" => "(/)",
                    _ => ":)",
                }),
                Inline::Mention(user) => {
                    let Some(user) = self.users.get(*user as usize) else {
                        continue;
                    };
                    match self.face {
                        Face::Cloud => self
                            .out
                            .push_str(&format!("[~accountid:{}]", user.account_id)),
                        Face::DataCenter => self.out.push_str(&format!("[~{}]", user.name)),
                    }
                }
            }
        }
    }

    fn wrapped(&mut self, before: &str, text: &str, after: &str) {
        self.out.push_str(before);
        self.out.push_str(text);
        self.out.push_str(after);
    }
}
