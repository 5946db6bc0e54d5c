//! Rich text of Jira in one readable shape.
//!
//! Jira has two notations for a description or a comment: the Atlassian Document Format
//! (ADF, a JSON tree; Cloud REST v3) and wiki markup (text; REST v2 on Cloud, Server and Data
//! Center, and every webhook payload). [`Document`] is what both mean to a reader: enough to
//! show, search and compare them. It is **not** a store: a table's column widths, a macro's
//! parameters or an attachment's collection are not in it. Keep the original value and write
//! that back; use [`canonical_adf`] and [`canonical_wiki`] to decide whether two originals differ.
//!
//! Nothing here fails. Text written by strangers is input: unknown parts become
//! [`Block::Unknown`] and [`Inline::Unknown`] with their readable text, nesting deeper than
//! [`DEPTH_MAX`] is read as plain text, and only harmless links and colours are handed on.
//!
//! ```
//! use jira::richtext::Document;
//!
//! let document = Document::from_wiki("h2. Steps\n# open *the* page\n# look");
//! assert_eq!(document.plain_text(), "Steps\nopen the page\nlook");
//! ```

mod adf;
mod canonical;
mod plain;
mod safe;
mod wiki;
mod write;

use serde::Serialize;

pub use canonical::{canonical_adf, canonical_wiki, is_blank_adf};
pub use safe::{safe_colour, safe_href};
pub use write::{adf_of_text, wiki_of_text};

/// How many levels of nested blocks are read as structure; what lies deeper is kept as text.
///
/// Jira's editor nests a handful of levels. The limit keeps a hostile document from exhausting
/// the stack here and in whatever walks the tree later.
pub const DEPTH_MAX: usize = 60;

/// A description or comment as a reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The blocks from top to bottom.
    pub blocks: Vec<Block>,
}

impl Document {
    /// Reads an ADF document (`{"type":"doc","version":1,"content":[…]}`).
    ///
    /// Total: `null` is the empty document, a bare string one paragraph per line, a node other
    /// than `doc` a document of that node, and anything else is kept as readable text.
    #[must_use]
    pub fn from_adf(value: &serde_json::Value) -> Self {
        Self {
            blocks: adf::blocks_of_document(value),
        }
    }

    /// Reads wiki markup as Jira renders it.
    ///
    /// Total: whatever is not understood stays as the text it is. Takes time in proportion to the
    /// length of the text.
    #[must_use]
    pub fn from_wiki(text: &str) -> Self {
        Self {
            blocks: wiki::blocks_of_text(text),
        }
    }
}

/// One block: what stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 (largest) to 6.
        level: u8,
        /// The heading's text.
        content: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// The paragraph's text.
        content: Vec<Inline>,
    },
    /// A list with bullets.
    BulletList {
        /// The items in order.
        items: Vec<ListItem>,
    },
    /// A numbered list.
    OrderedList {
        /// The number of the first item; always 1 in wiki markup.
        start: u64,
        /// The items in order.
        items: Vec<ListItem>,
    },
    /// A list of boxes to tick (ADF only).
    TaskList {
        /// The items in order.
        items: Vec<TaskItem>,
    },
    /// A list of decisions (ADF only).
    DecisionList {
        /// The items in order.
        items: Vec<DecisionItem>,
    },
    /// Preformatted text.
    CodeBlock {
        /// The language named by the author, for colouring.
        language: Option<String>,
        /// The text, line breaks and blanks as written.
        text: String,
    },
    /// A quotation.
    Quote {
        /// What is quoted.
        content: Vec<Block>,
    },
    /// A framed remark.
    Panel {
        /// The meaning, which decides the colour.
        kind: PanelKind,
        /// The line above the remark (wiki markup only).
        title: Option<String>,
        /// The remark.
        content: Vec<Block>,
    },
    /// A table.
    Table {
        /// The rows from top to bottom.
        rows: Vec<Row>,
    },
    /// A horizontal rule.
    Rule,
    /// A part the reader can fold away.
    Expand {
        /// What is shown when folded; may be empty.
        title: String,
        /// The folded part.
        content: Vec<Block>,
    },
    /// A picture or file on lines of its own (ADF only; see [`Inline::Image`] for wiki markup).
    Media(Media),
    /// A part this reader does not know.
    Unknown {
        /// ADF: the node's type, or the extension's key. Wiki markup: the macro's name.
        name: String,
        /// What can be read of it. Wiki markup: the source.
        text: String,
    },
}

/// One run of text, or one thing that stands inside a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Inline {
    /// Text with one look.
    Text {
        /// The text, free of line breaks unless an ADF author put them in.
        text: String,
        /// The look.
        marks: Marks,
    },
    /// A link that is safe to follow.
    Link {
        /// An `http`, `https` or `mailto` address; see [`safe_href`].
        href: String,
        /// What is shown; never another link.
        content: Vec<Inline>,
    },
    /// A person spoken to.
    Mention {
        /// Cloud: the account id. Server and Data Center: the login name.
        id: Option<String>,
        /// What is shown, with its `@`. Wiki markup carries no display name, so the id stands in.
        text: String,
    },
    /// An emoji.
    Emoji {
        /// The character, or its short name such as `:smile:` where there is none.
        text: String,
    },
    /// A calendar date.
    Date {
        /// `YYYY-MM-DD`.
        iso: String,
    },
    /// A coloured word.
    Status {
        /// The word.
        text: String,
        /// Its colour as Jira names it: `neutral`, `purple`, `blue`, `red`, `yellow`, `green`.
        colour: Option<String>,
    },
    /// A link shown as the title of its target.
    InlineCard {
        /// An `http`, `https` or `mailto` address.
        href: String,
    },
    /// A line break inside a paragraph.
    HardBreak,
    /// A picture inside a line.
    Image(Media),
    /// A part this reader does not know.
    Unknown {
        /// ADF: the node's type, or the extension's key. Wiki markup: the macro's name.
        name: String,
        /// What can be read of it. Wiki markup: the source.
        text: String,
    },
}

/// The look of a run of text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Strong.
    pub bold: bool,
    /// Emphasised; a wiki citation (`??…??`) too.
    pub italic: bool,
    /// Underlined; wiki `+…+`.
    pub underline: bool,
    /// Struck through.
    pub strike: bool,
    /// Fixed width.
    pub code: bool,
    /// Raised.
    pub superscript: bool,
    /// Lowered.
    pub subscript: bool,
    /// The text's colour, safe to put into a style; see [`safe_colour`].
    pub colour: Option<String>,
}

/// One item of a bullet or numbered list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListItem {
    /// The item's blocks; a nested list is one of them.
    pub content: Vec<Block>,
}

/// One box to tick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaskItem {
    /// Whether it is ticked.
    pub done: bool,
    /// The text beside the box.
    pub content: Vec<Inline>,
    /// Items below this one.
    pub children: Vec<TaskItem>,
}

/// One decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DecisionItem {
    /// Whether it is marked as decided.
    pub decided: bool,
    /// The decision's text.
    pub content: Vec<Inline>,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The cells from left to right.
    pub cells: Vec<Cell>,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Whether it names its row or column.
    pub header: bool,
    /// How many columns it covers, at least 1.
    pub colspan: u32,
    /// How many rows it covers, at least 1.
    pub rowspan: u32,
    /// What is in it.
    pub content: Vec<Block>,
}

/// A picture or file shown in the text. The bytes are an attachment of the issue or elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Media {
    /// The words for those who cannot see it.
    pub alt: Option<String>,
    /// The attachment's file name (wiki markup).
    pub name: Option<String>,
    /// The media service's id (ADF); not the attachment's id.
    pub id: Option<String>,
    /// The address of a picture outside Jira, `http` or `https`.
    pub href: Option<String>,
}

/// The meaning of a [`Block::Panel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PanelKind {
    /// For information; wiki `{info}`.
    Info,
    /// Worth noting; wiki `{note}`.
    Note,
    /// Went well, or a tip; wiki `{tip}`.
    Success,
    /// To be careful with; wiki `{warning}`.
    Warning,
    /// Went wrong.
    Error,
    /// The author's own colours; wiki `{panel}`.
    Custom,
}

#[cfg(test)]
mod tests;
