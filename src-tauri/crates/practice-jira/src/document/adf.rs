//! Invented documents as Atlassian Document Format.

use super::{Block, Inline};
use crate::json::Json;
use crate::state::User;

/// Writes the whole document.
pub(crate) fn write(json: &mut Json, blocks: &[Block], users: &[User], seed: u64) {
    let mut writer = Writer {
        json,
        users,
        seed,
        serial: 0,
    };
    writer
        .json
        .object()
        .key("type")
        .str("doc")
        .key("version")
        .int(1)
        .key("content")
        .array();
    for block in blocks {
        writer.block(block);
    }
    writer.json.end_array().end_object();
}

struct Writer<'a> {
    json: &'a mut Json,
    users: &'a [User],
    seed: u64,
    serial: u64,
}

impl Writer<'_> {
    /// The id that the editor gives to tables, tasks and panels.
    fn local_id(&mut self) -> String {
        self.serial += 1;
        let mut rng = crate::rng::Rng::stream(self.seed, 77, self.serial);
        let (a, b) = (rng.next(), rng.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            (b >> 48) & 0xfff,
            b & 0xffff_ffff_ffff
        )
    }

    fn open(&mut self, kind: &str) {
        self.json.object().key("type").str(kind);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, text) => {
                self.open("heading");
                self.json
                    .key("attrs")
                    .object()
                    .key("level")
                    .int(i64::from(*level))
                    .end_object();
                self.json.key("content").array();
                self.text(text, None);
                self.json.end_array().end_object();
            }
            Block::Paragraph(inlines) => self.paragraph(inlines),
            Block::Bullets(items) => self.list("bulletList", items),
            Block::Numbers(items) => self.list("orderedList", items),
            Block::Table(head, rows) => self.table(head, rows),
            Block::Panel(kind, inlines) => {
                self.open("panel");
                self.json
                    .key("attrs")
                    .object()
                    .key("panelType")
                    .str(kind)
                    .end_object()
                    .key("content")
                    .array();
                self.paragraph(inlines);
                self.json.end_array().end_object();
            }
            Block::Code(language, text) => {
                self.open("codeBlock");
                self.json
                    .key("attrs")
                    .object()
                    .key("language")
                    .str(language)
                    .end_object()
                    .key("content")
                    .array();
                self.text(text, None);
                self.json.end_array().end_object();
            }
            Block::Tasks(tasks) => self.tasks(tasks),
            Block::Quote(inlines) => {
                self.open("blockquote");
                self.json.key("content").array();
                self.paragraph(inlines);
                self.json.end_array().end_object();
            }
            Block::Expand(title, inlines) => {
                self.open("expand");
                self.json
                    .key("attrs")
                    .object()
                    .key("title")
                    .str(title)
                    .end_object()
                    .key("content")
                    .array();
                self.paragraph(inlines);
                self.json.end_array().end_object();
            }
            Block::Rule => {
                self.open("rule");
                self.json.end_object();
            }
            Block::Extension(key) => {
                let id = self.local_id();
                self.open("extension");
                self.json
                    .key("attrs")
                    .object()
                    .key("extensionType")
                    .str("com.atlassian.confluence.macro.core")
                    .key("extensionKey")
                    .str(key);
                self.json
                    .key("parameters")
                    .object()
                    .key("macroParams")
                    .object()
                    .end_object()
                    .end_object();
                self.json
                    .key("layout")
                    .str("default")
                    .key("localId")
                    .str(&id)
                    .end_object()
                    .end_object();
            }
        }
    }

    fn paragraph(&mut self, inlines: &[Inline]) {
        self.open("paragraph");
        self.json.key("content").array();
        self.inlines(inlines);
        self.json.end_array().end_object();
    }

    fn list(&mut self, kind: &str, items: &[Vec<Inline>]) {
        self.open(kind);
        if kind == "orderedList" {
            self.json
                .key("attrs")
                .object()
                .key("order")
                .int(1)
                .end_object();
        }
        self.json.key("content").array();
        for item in items {
            self.open("listItem");
            self.json.key("content").array();
            self.paragraph(item);
            self.json.end_array().end_object();
        }
        self.json.end_array().end_object();
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<Vec<Inline>>]) {
        let id = self.local_id();
        self.open("table");
        self.json
            .key("attrs")
            .object()
            .key("isNumberColumnEnabled")
            .bool(false)
            .key("layout")
            .str("default");
        self.json
            .key("localId")
            .str(&id)
            .end_object()
            .key("content")
            .array();
        self.open("tableRow");
        self.json.key("content").array();
        for cell in head {
            self.open("tableHeader");
            self.json
                .key("attrs")
                .object()
                .end_object()
                .key("content")
                .array();
            self.paragraph(&[Inline::Strong((*cell).to_owned())]);
            self.json.end_array().end_object();
        }
        self.json.end_array().end_object();
        for row in rows {
            self.open("tableRow");
            self.json.key("content").array();
            for cell in row {
                self.open("tableCell");
                self.json
                    .key("attrs")
                    .object()
                    .end_object()
                    .key("content")
                    .array();
                self.paragraph(cell);
                self.json.end_array().end_object();
            }
            self.json.end_array().end_object();
        }
        self.json.end_array().end_object();
    }

    fn tasks(&mut self, tasks: &[(bool, Vec<Inline>)]) {
        let id = self.local_id();
        self.open("taskList");
        self.json
            .key("attrs")
            .object()
            .key("localId")
            .str(&id)
            .end_object()
            .key("content")
            .array();
        for (done, inlines) in tasks {
            let id = self.local_id();
            self.open("taskItem");
            self.json
                .key("attrs")
                .object()
                .key("localId")
                .str(&id)
                .key("state")
                .str(if *done { "DONE" } else { "TODO" })
                .end_object();
            self.json.key("content").array();
            self.inlines(inlines);
            self.json.end_array().end_object();
        }
        self.json.end_array().end_object();
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text, None),
                Inline::Strong(text) => self.text(text, Some("strong")),
                Inline::Emphasis(text) => self.text(text, Some("em")),
                Inline::Code(text) => self.text(text, Some("code")),
                Inline::Link(text, url) => {
                    self.open("text");
                    self.json.key("text").str(text).key("marks").array();
                    self.open("link");
                    self.json
                        .key("attrs")
                        .object()
                        .key("href")
                        .str(url)
                        .end_object()
                        .end_object()
                        .end_array()
                        .end_object();
                }
                Inline::Mention(user) => {
                    let Some(user) = self.users.get(*user as usize) else {
                        continue;
                    };
                    self.open("mention");
                    self.json
                        .key("attrs")
                        .object()
                        .key("id")
                        .str(&user.account_id);
                    self.json
                        .key("text")
                        .strs(&["@", &user.display])
                        .key("accessLevel")
                        .str("")
                        .end_object()
                        .end_object();
                }
                Inline::Emoji(short, text) => {
                    self.open("emoji");
                    self.json
                        .key("attrs")
                        .object()
                        .key("shortName")
                        .str(short)
                        .key("text")
                        .str(text)
                        .end_object()
                        .end_object();
                }
                Inline::Card(url) => {
                    self.open("inlineCard");
                    self.json
                        .key("attrs")
                        .object()
                        .key("url")
                        .str(url)
                        .end_object()
                        .end_object();
                }
            }
        }
    }

    fn text(&mut self, text: &str, mark: Option<&str>) {
        self.open("text");
        self.json.key("text").str(text);
        if let Some(mark) = mark {
            self.json
                .key("marks")
                .array()
                .object()
                .key("type")
                .str(mark)
                .end_object()
                .end_array();
        }
        self.json.end_object();
    }
}
