//! Rich text: headings, tables, panels, code, mentions, task lists; written as ADF (Cloud v3) and as wiki text (v2).

pub(crate) mod adf;
pub(crate) mod convert;
pub(crate) mod wiki;

/// A rich text as the site keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rich {
    /// Invented again from its seed whenever it is read, so that a big site stays small.
    Generated(u64),
    /// What a client wrote through v3: JSON text of a document.
    Adf(Box<str>),
    /// What a client wrote through v2.
    Wiki(Box<str>),
}

/// One block of an invented document.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Heading(u8, String),
    Paragraph(Vec<Inline>),
    Bullets(Vec<Vec<Inline>>),
    Numbers(Vec<Vec<Inline>>),
    Table(Vec<&'static str>, Vec<Vec<Vec<Inline>>>),
    /// info, note, warning, success or error.
    Panel(&'static str, Vec<Inline>),
    Code(&'static str, &'static str),
    Tasks(Vec<(bool, Vec<Inline>)>),
    Quote(Vec<Inline>),
    Expand(&'static str, Vec<Inline>),
    Rule,
    /// A macro of an app: a node that other programs do not know.
    Extension(&'static str),
}

/// One run of text.
#[derive(Debug, Clone)]
pub(crate) enum Inline {
    Text(String),
    Strong(String),
    Emphasis(String),
    Code(String),
    Link(String, String),
    Mention(u32),
    Emoji(&'static str, &'static str),
    Card(String),
}

impl From<&str> for Inline {
    fn from(text: &str) -> Self {
        Inline::Text(text.to_owned())
    }
}
