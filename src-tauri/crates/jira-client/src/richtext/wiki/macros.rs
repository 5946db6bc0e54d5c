//! Finds the macros: `{name}`, `{name:parameters}` and, for those with a body, where it ends.

use std::ops::Range;

use super::super::safe;

/// A macro's name is not longer; text in braces often is no macro at all.
const NAME_LENGTH_MAX: usize = 40;

/// What a macro with a body makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{code}`: the body is kept as it is.
    Code,
    /// `{noformat}`: the same without a language.
    NoFormat,
    /// `{adf}`: a node that wiki markup cannot say, as JSON; written by Jira Cloud.
    Adf,
    Quote,
    Panel,
    Info,
    Note,
    Tip,
    Warning,
    Expand,
    /// `{section}`, `{column}`: only arrange what is in them.
    Layout(u8),
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "code" => Self::Code,
            "noformat" => Self::NoFormat,
            "adf" => Self::Adf,
            "quote" => Self::Quote,
            "panel" => Self::Panel,
            "info" => Self::Info,
            "note" => Self::Note,
            "tip" => Self::Tip,
            "warning" => Self::Warning,
            "expand" => Self::Expand,
            "section" => Self::Layout(0),
            "column" => Self::Layout(1),
            _ => return None,
        })
    }

    /// A small number of its own, to keep counts by.
    fn index(self) -> usize {
        match self {
            Self::Code => 0,
            Self::NoFormat => 1,
            Self::Adf => 2,
            Self::Quote => 3,
            Self::Panel => 4,
            Self::Info => 5,
            Self::Note => 6,
            Self::Tip => 7,
            Self::Warning => 8,
            Self::Expand => 9,
            Self::Layout(which) => 10 + usize::from(which),
        }
    }

    fn is_verbatim(self) -> bool {
        matches!(self, Self::Code | Self::NoFormat | Self::Adf)
    }
}

/// `{name:parameters}` at a place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: &'a str,
    /// What follows the colon; empty when there is none.
    pub(super) parameters: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag that begins with the brace at `start`. Looks no further than the next brace or
    /// line end.
    pub(super) fn at(text: &'a str, start: usize) -> Option<Self> {
        let inside = &text[start + 1..];
        let length = inside
            .bytes()
            .take_while(|&b| is_name_byte(b))
            .take(NAME_LENGTH_MAX + 1);
        let length = length.count();
        let name = &inside[..length];
        if length > NAME_LENGTH_MAX || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (parameters, length) = match inside.as_bytes().get(length)? {
            b'}' => ("", length),
            b':' => {
                let rest = &inside[length + 1..];
                let ends = rest
                    .bytes()
                    .position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
                if rest.as_bytes()[ends] != b'}' {
                    return None;
                }
                (&rest[..ends], length + 1 + ends)
            }
            _ => return None,
        };
        Some(Self {
            start,
            end: start + 1 + length + 1,
            name,
            parameters,
        })
    }

    /// The value of a named parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        parameter(self.parameters, name)
    }
}

/// The value of `name` in `a=1|b=2`.
pub(super) fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    parameters.split('|').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A macro with its body.
#[derive(Clone, Debug)]
pub(super) struct Span<'a> {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) body: Range<usize>,
    pub(super) parameters: &'a str,
}

/// `{color:…}` or its end.
#[derive(Clone, Copy, Debug)]
struct ColourTag<'a> {
    start: usize,
    end: usize,
    /// The colour of the text that follows.
    after: Option<&'a str>,
}

/// All macros with a body, in order of their start. Spans lie inside or beside each other, never
/// across.
#[derive(Debug, Default)]
pub(super) struct Macros<'a> {
    spans: Vec<Span<'a>>,
    colours: Vec<ColourTag<'a>>,
}

impl<'a> Macros<'a> {
    pub(super) fn find(text: &'a str) -> Self {
        let tags = tags(text);
        let ends = next_bare(&tags);
        let mut pairs = Pairs::default();
        let mut colours = Vec::new();
        let mut i = 0;
        while let Some((tag, which)) = tags.get(i) {
            match which {
                Which::Colour => colours.push(*tag),
                Which::Body(kind) if kind.is_verbatim() => {
                    if let Some(end) = ends[i] {
                        pairs.add(*kind, tag, &tags[end].0);
                        i = end;
                    }
                }
                Which::Body(kind) => pairs.see(*kind, *tag),
            }
            i += 1;
        }
        let mut spans = pairs.spans;
        spans.sort_unstable_by_key(|span| span.start);
        Self {
            spans,
            colours: paired_colours(&colours),
        }
    }

    /// The first macro with a body that begins at or after a place and ends within the limit.
    pub(super) fn next(&self, place: usize, limit: usize) -> Option<&Span<'a>> {
        let next = self.spans.partition_point(|span| span.start < place);
        self.spans.get(next).filter(|span| span.end <= limit)
    }

    /// The colour of the text at a place.
    pub(super) fn colour_at(&self, place: usize) -> Option<&'a str> {
        let passed = self.colours.partition_point(|tag| tag.start <= place);
        self.colours[..passed].last()?.after
    }

    /// Where the colour tag that begins at a place ends.
    pub(super) fn colour_tag_end(&self, place: usize) -> Option<usize> {
        let found = self
            .colours
            .binary_search_by_key(&place, |tag| tag.start)
            .ok()?;
        Some(self.colours[found].end)
    }
}

#[derive(Clone, Copy, Debug)]
enum Which {
    Body(Kind),
    Colour,
}

/// All tags of macros with a body, whether or not they turn out to belong together.
fn tags(text: &str) -> Vec<(Tag<'_>, Which)> {
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let mut i = 0;
    while let Some(found) = bytes[i..].iter().position(|b| matches!(b, b'{' | b'\\')) {
        i += found;
        let doubled = bytes.get(i + 1) == Some(&bytes[i]);
        if bytes[i] == b'\\' {
            // An escaped brace opens nothing; a second backslash makes a line break of the first.
            i += if doubled || bytes.get(i + 1) == Some(&b'{') {
                2
            } else {
                1
            };
            continue;
        }
        let which = |tag: &Tag| {
            if tag.name.eq_ignore_ascii_case("color") {
                Some(Which::Colour)
            } else {
                Kind::of(tag.name).map(Which::Body)
            }
        };
        if doubled {
            // `{{code}}` is a word in fixed width; `{{code}` is a brace that ends a code body.
            let tag = Tag::at(text, i + 1).filter(|tag| bytes.get(tag.end) != Some(&b'}'));
            i += if tag.is_some() { 1 } else { 2 };
            continue;
        }
        match Tag::at(text, i) {
            Some(tag) => {
                i = tag.end;
                if let Some(which) = which(&tag) {
                    tags.push((tag, which));
                }
            }
            None => i += 1,
        }
    }
    tags
}

/// For each tag, the next one of the same macro without parameters: what ends a verbatim body.
fn next_bare(tags: &[(Tag<'_>, Which)]) -> Vec<Option<usize>> {
    let mut next = [None; 12];
    let mut ends = vec![None; tags.len()];
    for (i, (tag, which)) in tags.iter().enumerate().rev() {
        if let Which::Body(kind) = which {
            ends[i] = next[kind.index()];
            if tag.parameters.is_empty() {
                next[kind.index()] = Some(i);
            }
        }
    }
    ends
}

/// Puts openings and endings together. The same `{quote}` opens and ends.
#[derive(Default)]
struct Pairs<'a> {
    spans: Vec<Span<'a>>,
    open: Vec<(Kind, Tag<'a>)>,
    open_count: [usize; 12],
}

impl<'a> Pairs<'a> {
    fn see(&mut self, kind: Kind, tag: Tag<'a>) {
        let ends = tag.parameters.is_empty() && self.open_count[kind.index()] > 0;
        if !ends {
            self.open_count[kind.index()] += 1;
            self.open.push((kind, tag));
            return;
        }
        // Whatever was opened after its partner was never ended.
        while let Some((opened, opening)) = self.open.pop() {
            self.open_count[opened.index()] -= 1;
            if opened == kind {
                self.add(kind, &opening, &tag);
                return;
            }
        }
    }

    fn add(&mut self, kind: Kind, opening: &Tag<'a>, ending: &Tag<'a>) {
        self.spans.push(Span {
            kind,
            start: opening.start,
            end: ending.end,
            body: opening.end..ending.start,
            parameters: opening.parameters,
        });
    }
}

/// The colour tags that belong together, with the colour after each. Colours go across other
/// macros freely.
fn paired_colours<'a>(tags: &[Tag<'a>]) -> Vec<ColourTag<'a>> {
    let mut is_paired = vec![false; tags.len()];
    let mut open = Vec::new();
    for (i, tag) in tags.iter().enumerate() {
        if !tag.parameters.is_empty() {
            open.push(i);
        } else if let Some(opening) = open.pop() {
            is_paired[opening] = true;
            is_paired[i] = true;
        }
    }
    let mut colours: Vec<Option<&str>> = Vec::new();
    let paired = tags
        .iter()
        .zip(is_paired)
        .filter_map(|(tag, is_paired)| is_paired.then_some(tag));
    let colour_tag = |tag: &Tag<'a>| {
        if tag.parameters.is_empty() {
            colours.pop();
        } else {
            colours.push(safe::safe_colour(tag.parameters));
        }
        let after = colours.last().copied().flatten();
        ColourTag {
            start: tag.start,
            end: tag.end,
            after,
        }
    };
    paired.map(colour_tag).collect()
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
