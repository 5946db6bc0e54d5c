//! Block structure: what kind of thing each line begins.

use std::ops::Range;

use super::super::{Block, DEPTH_MAX, Inline, Marks, PanelKind, adf, safe};
use super::Source;
use super::macros::{Kind, Span, parameter};

/// The colours by which Jira Cloud writes its panels as wiki markup.
const PANEL_COLOURS: [(&str, PanelKind); 5] = [
    ("#deebff", PanelKind::Info),
    ("#eae6ff", PanelKind::Note),
    ("#e3fcef", PanelKind::Success),
    ("#fffae6", PanelKind::Warning),
    ("#ffebe6", PanelKind::Error),
];

/// What a line begins, and how many of its bytes say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    Nothing,
    Rule,
    Heading { level: u8, skip: usize },
    Quote { skip: usize },
    Item { marker_start: usize, skip: usize },
    Row,
    Text,
}

/// One line up to its end or to the first macro with a body, whichever comes first.
pub(super) struct Line<'s, 'a> {
    pub(super) range: Range<usize>,
    pub(super) stopped_by: Option<&'s Span<'a>>,
}

impl<'a> Source<'a> {
    /// The blocks of a part of the text. With `begins_with_text` the first line is text even if
    /// it looks like the beginning of a list or heading.
    pub(super) fn blocks(
        &self,
        range: Range<usize>,
        depth: usize,
        begins_with_text: bool,
    ) -> Vec<Block> {
        let mut out = Vec::new();
        if depth >= DEPTH_MAX {
            self.too_deep(range, &mut out);
            return out;
        }
        let mut paragraph: Option<Range<usize>> = None;
        let mut place = range.start;
        while place < range.end {
            let line = self.line(place, range.end);
            let has_body = line.stopped_by.is_some();
            let begins = match begins(&self.text[line.range.clone()], has_body) {
                Begins::Nothing => Begins::Nothing,
                _ if begins_with_text && place == range.start => Begins::Text,
                begins => begins,
            };
            let end = line.range.end;
            if begins == Begins::Text {
                paragraph = Some(paragraph.map_or(line.range.start, |open| open.start)..end);
            }
            if begins != Begins::Text || has_body {
                self.end_paragraph(&mut paragraph, &mut out);
            }
            // The line end is passed over; a macro is met again with nothing before it.
            place = if has_body { end } else { end + 1 };
            match begins {
                Begins::Nothing => {
                    if let Some(span) = line.stopped_by {
                        self.body(span, depth, &mut out);
                        place = self.after_body(span.end, range.end);
                    }
                }
                Begins::Text => {}
                Begins::Rule => out.push(Block::Rule),
                Begins::Heading { level, skip } => {
                    let content = self.inlines(line.range.start + skip..end);
                    out.push(Block::Heading { level, content });
                }
                Begins::Quote { skip } => {
                    let content = self.inlines(line.range.start + skip..end);
                    out.push(Block::Quote {
                        content: vec![Block::Paragraph { content }],
                    });
                }
                Begins::Item { .. } => {
                    place = self.list(line.range.start..range.end, depth, &mut out);
                }
                Begins::Row => {
                    let (table, after) = self.table(line.range.start..range.end, depth);
                    out.push(table);
                    place = after;
                }
            }
        }
        self.end_paragraph(&mut paragraph, &mut out);
        out
    }

    pub(super) fn line(&self, place: usize, limit: usize) -> Line<'_, 'a> {
        let span = self.macros.next(place, limit);
        let bound = span.map_or(limit, |span| span.start);
        match self.text[place..bound].find('\n') {
            Some(length) => Line {
                range: place..place + length,
                stopped_by: None,
            },
            None => Line {
                range: place..bound,
                stopped_by: span,
            },
        }
    }

    /// Where the line ends when bodies of macros are seen as part of it.
    pub(super) fn line_end_past_bodies(&self, mut place: usize, limit: usize) -> usize {
        loop {
            let line = self.line(place, limit);
            match line.stopped_by {
                Some(span) => place = span.end,
                None => return line.range.end,
            }
        }
    }

    /// Where to go on after a macro: past the line end, if nothing else is on the line.
    fn after_body(&self, end: usize, limit: usize) -> usize {
        let rest = &self.text[end..limit];
        let blanks = rest
            .bytes()
            .take_while(|&b| b == b' ' || b == b'\t')
            .count();
        if rest.as_bytes().get(blanks) == Some(&b'\n') {
            end + blanks + 1
        } else {
            end
        }
    }

    fn end_paragraph(&self, open: &mut Option<Range<usize>>, out: &mut Vec<Block>) {
        let Some(range) = open.take() else {
            return;
        };
        let mut content = self.inlines(range);
        match content.as_mut_slice() {
            [] => {}
            // A macro alone on its line is a block of its own.
            [Inline::Unknown { name, text }] if text.starts_with('{') => {
                let (name, text) = (std::mem::take(name), std::mem::take(text));
                out.push(Block::Unknown { name, text });
            }
            _ => out.push(Block::Paragraph { content }),
        }
    }

    fn body(&self, span: &Span<'a>, depth: usize, out: &mut Vec<Block>) {
        let inside = || self.blocks(span.body.clone(), depth + 1, false);
        let verbatim = || verbatim(&self.text[span.body.clone()]);
        let title = || {
            let title = parameter(span.parameters, "title").filter(|title| !title.is_empty());
            title.map(str::to_owned)
        };
        let panel = |kind| Block::Panel {
            kind,
            title: title(),
            content: inside(),
        };
        out.push(match span.kind {
            Kind::Code => Block::CodeBlock {
                language: code_language(span.parameters),
                text: verbatim(),
            },
            Kind::NoFormat => Block::CodeBlock {
                language: None,
                text: verbatim(),
            },
            Kind::Adf => match serde_json::from_str(&self.text[span.body.clone()]) {
                Ok(node) => return out.extend(adf::blocks_of_node(&node, depth + 1)),
                // Cut short or edited by hand: show what is there.
                Err(_) => Block::Unknown {
                    name: "adf".to_owned(),
                    text: verbatim(),
                },
            },
            Kind::Quote => Block::Quote { content: inside() },
            Kind::Panel => panel(panel_kind(span.parameters)),
            Kind::Info => panel(PanelKind::Info),
            Kind::Note => panel(PanelKind::Note),
            Kind::Tip => panel(PanelKind::Success),
            Kind::Warning => panel(PanelKind::Warning),
            Kind::Expand => {
                let unnamed = || (!span.parameters.contains('=')).then(|| span.parameters.trim());
                let title = title()
                    .or_else(|| unnamed().map(str::to_owned))
                    .unwrap_or_default();
                Block::Expand {
                    title,
                    content: inside(),
                }
            }
            Kind::Layout(_) => return out.extend(inside()),
        });
    }

    fn too_deep(&self, range: Range<usize>, out: &mut Vec<Block>) {
        let text = self.text[range].trim();
        if !text.is_empty() {
            let text = Inline::Text {
                text: text.to_owned(),
                marks: Marks::default(),
            };
            out.push(Block::Paragraph {
                content: vec![text],
            });
        }
    }
}

/// What a line begins. `has_body` tells that a macro with a body follows right after it, so that
/// a list item may have no words of its own.
pub(super) fn begins(line: &str, has_body: bool) -> Begins {
    let trimmed = line.trim_start();
    let blanks = line.len() - trimmed.len();
    let Some(first) = trimmed.bytes().next() else {
        return Begins::Nothing;
    };
    match first {
        b'h' => heading(trimmed, blanks),
        b'b' if trimmed.starts_with("bq. ") => Begins::Quote { skip: blanks + 4 },
        b'|' => Begins::Row,
        b'*' | b'#' | b'-' => {
            let bare = trimmed.trim_end();
            if !has_body && bare.len() >= 4 && bare.bytes().all(|b| b == b'-') {
                return Begins::Rule;
            }
            item(trimmed, blanks, has_body)
        }
        _ => Begins::Text,
    }
}

fn heading(trimmed: &str, blanks: usize) -> Begins {
    match trimmed.as_bytes() {
        [b'h', level @ b'1'..=b'6', b'.', rest @ ..] if rest.first() != Some(&b'.') => {
            Begins::Heading {
                level: level - b'0',
                skip: blanks + 3,
            }
        }
        _ => Begins::Text,
    }
}

fn item(trimmed: &str, blanks: usize, has_body: bool) -> Begins {
    let marker = trimmed
        .bytes()
        .take_while(|b| matches!(b, b'*' | b'#' | b'-'))
        .count();
    // `--` and `---` are dashes.
    let is_dash = marker > 1 && trimmed.as_bytes()[..marker].iter().all(|&b| b == b'-');
    let rest = &trimmed[marker..];
    let is_apart = rest.starts_with([' ', '\t', '\u{a0}']);
    let has_words = !rest.trim().is_empty();
    if is_dash || !is_apart || !(has_words || has_body) {
        return Begins::Text;
    }
    Begins::Item {
        marker_start: blanks,
        skip: blanks + marker,
    }
}

/// The body without the line ends that only set it apart from its tags.
fn verbatim(body: &str) -> String {
    let body = match body.split_once('\n') {
        Some((before, rest)) if before.trim().is_empty() => rest,
        _ => body,
    };
    body.trim_end().to_owned()
}

/// `{code:java}`, `{code:title=A.java|java}` or `{code:language=java}`.
fn code_language(parameters: &str) -> Option<String> {
    let named = parameter(parameters, "language").or_else(|| parameter(parameters, "lang"));
    let unnamed = || parameters.split('|').find(|part| !part.contains('='));
    named.or_else(unnamed).and_then(safe::language)
}

fn panel_kind(parameters: &str) -> PanelKind {
    let colour = parameter(parameters, "bgColor").unwrap_or_default();
    let known = PANEL_COLOURS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(colour));
    known.map_or(PanelKind::Custom, |(_, kind)| *kind)
}
