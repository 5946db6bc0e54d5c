//! Plain words in the two notations.

use serde_json::{Value, json};

/// Plain text as an ADF document: a paragraph for what stands between empty lines, its lines parted by line breaks.
///
/// ```
/// use jira::richtext::{Document, adf_of_text};
///
/// let document = adf_of_text("Dear all,\nit works.\n\nBye");
/// assert_eq!(document["content"].as_array().unwrap().len(), 2);
/// assert_eq!(Document::from_adf(&document).plain_text(), "Dear all,\nit works.\nBye");
/// ```
#[must_use]
pub fn adf_of_text(text: &str) -> Value {
    let mut paragraphs: Vec<Vec<Value>> = Vec::new();
    let mut is_open = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        let words = json!({ "type": "text", "text": line });
        match paragraphs.last_mut().filter(|_| is_open) {
            Some(paragraph) => paragraph.extend([json!({ "type": "hardBreak" }), words]),
            None => paragraphs.push(vec![words]),
        }
        is_open = true;
    }
    let paragraphs = paragraphs
        .into_iter()
        .map(|content| json!({ "type": "paragraph", "content": content }));
    json!({ "type": "doc", "version": 1, "content": paragraphs.collect::<Vec<_>>() })
}

/// Plain text as wiki markup that Jira shows as these very words: what would be read as notation is escaped.
///
/// ```
/// use jira::richtext::{Document, wiki_of_text};
///
/// assert_eq!(wiki_of_text("2 * 3 * 4"), r"2 \* 3 \* 4");
/// assert_eq!(Document::from_wiki(&wiki_of_text("# {x} is *it*")).plain_text(), "# {x} is *it*");
/// ```
#[must_use]
pub fn wiki_of_text(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| escaped(line.trim_end())).collect();
    lines.join("\n").trim_end().to_owned()
}

/// Signs that are notation wherever they stand.
const NOTATION: &str = "{}[]*_|!+^~";

fn escaped(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let (blanks, words) = line.split_at(indent);
    let mut out = String::with_capacity(line.len() + 8);
    out.push_str(blanks);
    let mut before = None;
    let mut rest = words;
    // `h2.` and `bq.` are notation at the beginning of a line only.
    if let Some(dot) = heading_dot(words) {
        out.push_str(&words[..dot]);
        out.push('\\');
        rest = &words[dot..];
    }
    while let Some(sign) = rest.chars().next() {
        let is_word_begin = !before.is_some_and(char::is_alphanumeric);
        if let Some(length) = address(rest).filter(|_| is_word_begin) {
            // An address is a link as it stands; a backslash would become part of it.
            out.push_str(&rest[..length]);
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
            continue;
        }
        let after = rest[sign.len_utf8()..].chars().next();
        if sign == '\\' && after.is_some_and(|next| next.is_ascii_punctuation()) {
            // Two backslashes are a line break, and one hides what follows: only its number says one.
            out.push_str("&#92;");
        } else {
            if is_notation(sign, before, after) {
                out.push('\\');
            }
            out.push(sign);
        }
        before = Some(sign);
        rest = &rest[sign.len_utf8()..];
    }
    out
}

fn is_notation(sign: char, before: Option<char>, after: Option<char>) -> bool {
    match sign {
        // A list, a line across or a dash; within a word it is a hyphen.
        '-' => {
            !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
        }
        '#' => before.is_none() || before == Some('#'),
        '?' => after == Some('?') || before == Some('?'),
        // Faces such as `:)` and signs such as `(x)`.
        ':' | ';' => after.is_some_and(|next| matches!(next, ')' | '(' | 'P' | 'D' | '|')),
        '(' => after.is_some_and(|next| next.is_ascii_punctuation() || "xyin".contains(next)),
        _ => NOTATION.contains(sign),
    }
}

/// Where the dot stands of what begins a heading or a quotation.
fn heading_dot(words: &str) -> Option<usize> {
    let bytes = words.as_bytes();
    let begins = matches!(
        bytes,
        [b'h', b'1'..=b'6', b'.', ..] | [b'b', b'q', b'.', ..]
    );
    begins.then_some(2)
}

/// The length of an address at the beginning.
fn address(rest: &str) -> Option<usize> {
    let begins = ["http://", "https://", "mailto:"];
    if !begins.iter().any(|scheme| rest.starts_with(scheme)) {
        return None;
    }
    let ends = |sign: char| sign.is_whitespace() || "{}[]|!\\".contains(sign);
    Some(rest.find(ends).unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::richtext::Document;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, wiki: &str) {
        assert_eq!(wiki_of_text(text), wiki, "{text:?}");
    }

    /// What is to be read of a text: its lines, without the empty ones.
    fn lines(text: &str) -> Vec<&str> {
        let lines = text.lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn what_is_notation_is_escaped_and_plain_words_stay_as_they_are() {
        check(
            "Just words, and a well-known one.",
            "Just words, and a well-known one.",
        );
        check("*not bold*", r"\*not bold\*");
        check("- no list", r"\- no list");
        check("# no number", r"\# no number");
        check("issue #7", "issue #7");
        check("h1. no heading", r"h1\. no heading");
        check("{code}", r"\{code\}");
        check("a\r\nb\n\nc  \n", "a\nb\n\nc");
    }

    #[test]
    fn an_address_stays_a_link() {
        check(
            "see https://example.com/a_b-c",
            "see https://example.com/a_b-c",
        );
    }

    #[test]
    fn paragraphs_and_lines_are_told_apart_in_a_document() {
        assert_eq!(
            adf_of_text("a\nb\n\n\nc"),
            json!({ "type": "doc", "version": 1, "content": [
                { "type": "paragraph", "content": [
                    { "type": "text", "text": "a" }, { "type": "hardBreak" }, { "type": "text", "text": "b" },
                ] },
                { "type": "paragraph", "content": [{ "type": "text", "text": "c" }] },
            ] })
        );
        assert!(crate::richtext::is_blank_adf(&adf_of_text(" \n")));
    }

    proptest! {
        #[test]
        fn a_document_made_of_words_reads_as_these_words(text in "[a-z*_{}#\\- \n]{0,60}") {
            let read = Document::from_adf(&adf_of_text(&text)).plain_text();
            prop_assert_eq!(lines(&read), lines(&text));
        }

        #[test]
        fn markup_made_of_words_reads_as_these_words(text in "[a-zB1-3*_{}#\\[\\]|!+^~?:;()., \n-]{0,60}") {
            let read = Document::from_wiki(&wiki_of_text(&text)).plain_text();
            prop_assert_eq!(lines(&read), lines(&text));
        }
    }
}
