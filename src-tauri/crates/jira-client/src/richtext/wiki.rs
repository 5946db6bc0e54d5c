//! Reads wiki markup as Jira's renderer does. Notation: the page "Text Formatting Notation Help"
//! that every Jira serves at `/secure/WikiRendererHelpAction.jspa?section=all`.
//!
//! One pass ([`macros`]) finds which `{…}` open and close what, so that block structure
//! ([`blocks`]), lists, tables and text can each go over their part of the text once.

mod blocks;
mod delimiters;
mod inline;
mod links;
mod list;
mod macros;
mod table;

use std::ops::Range;

use self::macros::Macros;
use super::{Block, canonical::unix_line_ends};

pub(super) fn blocks_of_text(text: &str) -> Vec<Block> {
    let text = unix_line_ends(text);
    let source = Source {
        text: &text,
        macros: Macros::find(&text),
    };
    source.blocks(0..text.len(), 0, false)
}

/// The whole text and its macros. Everything below works on ranges of it, in bytes, that begin
/// and end between characters.
struct Source<'a> {
    text: &'a str,
    macros: Macros<'a>,
}

impl Source<'_> {
    /// The range without blanks at its ends.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }

    /// The character before a place, if any.
    fn before(&self, place: usize) -> Option<char> {
        self.text[..place].chars().next_back()
    }

    /// The character at a place, if any.
    fn at(&self, place: usize) -> Option<char> {
        self.text[place..].chars().next()
    }
}

#[cfg(test)]
mod tests;
