//! Text: looks, links, pictures, escapes and macros inside a line.

use std::ops::Range;

use super::super::{Inline, Marks, safe};
use super::Source;
use super::delimiters::{Look, Pieces};
use super::links::{Bracketed, link_to_itself};
use super::macros::Tag;

/// The bytes at which something other than plain text may begin.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let bytes = b"\\*_-+^~?{[!hm";
    let mut i = 0;
    while i < bytes.len() {
        special[bytes[i] as usize] = true;
        i += 1;
    }
    special
};

impl<'a> Source<'a> {
    /// The text of a paragraph, heading or the like; its line ends are line breaks.
    pub(super) fn inlines(&self, range: Range<usize>) -> Vec<Inline> {
        let mut out = Vec::new();
        let range = self.trimmed(range);
        let mut start = range.start;
        for line in self.text[range].split('\n') {
            // A line may already end with a line break of its own.
            if !out.is_empty() && out.last() != Some(&Inline::HardBreak) {
                out.push(Inline::HardBreak);
            }
            self.line_inlines(self.trimmed(start..start + line.len()), false, &mut out);
            start += line.len() + 1;
        }
        out
    }

    /// The text of one line, or of a link's words: no links are looked for in those.
    fn line_inlines(&self, line: Range<usize>, in_link: bool, out: &mut Vec<Inline>) {
        let mut pieces = Pieces::default();
        let bytes = self.text.as_bytes();
        let mut plain = line.start;
        let mut place = line.start;
        while place < line.end {
            if !SPECIAL[usize::from(bytes[place])] || is_letter_of_a_word(&bytes[place..]) {
                place += 1;
                continue;
            }
            match self.special(place, &line, in_link) {
                Special::Plain => place += 1,
                Special::Escape => {
                    self.push_plain(plain..place, &mut pieces);
                    plain = place + 1;
                    place += 2;
                }
                Special::Delimiter { length, look, may } => {
                    self.push_plain(plain..place, &mut pieces);
                    let source = &self.text[place..place + length];
                    pieces.delimiter(source, self.macros.colour_at(place), look, may);
                    place += length;
                    plain = place;
                }
                Special::Whole { end, inline } => {
                    self.push_plain(plain..place, &mut pieces);
                    if let Some(inline) = inline {
                        pieces.whole(inline);
                    }
                    place = end;
                    plain = end;
                }
            }
        }
        self.push_plain(plain..line.end, &mut pieces);
        pieces.finish(out);
    }

    fn push_plain(&self, range: Range<usize>, pieces: &mut Pieces<'a>) {
        if range.start < range.end {
            pieces.text(
                &self.text[range.clone()],
                self.macros.colour_at(range.start),
            );
        }
    }

    /// What begins at a special byte.
    fn special(&self, place: usize, line: &Range<usize>, in_link: bool) -> Special {
        let bytes = self.text.as_bytes();
        let byte_at = |i: usize| {
            if i < line.end {
                bytes.get(i).copied()
            } else {
                None
            }
        };
        match bytes[place] {
            b'\\' => match byte_at(place + 1) {
                Some(b'\\') => Special::whole(place + 2, Inline::HardBreak),
                Some(next) if next.is_ascii_punctuation() => Special::Escape,
                _ => Special::Plain,
            },
            b'?' if byte_at(place + 1) == Some(b'?') => {
                self.delimiter(place, 2, Look::Citation, line)
            }
            b'{' => self.brace(place, line),
            b'[' if !in_link => self.bracket(place, line),
            b'!' => match self.picture_end(place, line.end) {
                Some(end) => Special::whole(end, self.picture(place, end)),
                None => Special::Plain,
            },
            b'h' | b'm' if !in_link => match self.address(place, line.end) {
                Some(href) => {
                    let mut link = link_to_itself(href);
                    self.colour_link(&mut link, place);
                    Special::whole(place + href.len(), link)
                }
                None => Special::Plain,
            },
            delimiter => match Look::of(delimiter) {
                Some(look) => self.delimiter(place, 1, look, line),
                None => Special::Plain,
            },
        }
    }

    /// A delimiter begins a look before a word and ends it after one. A run of the same character
    /// (`--`, `***`) is a dash or an ornament.
    fn delimiter(&self, place: usize, length: usize, look: Look, line: &Range<usize>) -> Special {
        let before = if place > line.start {
            self.before(place)
        } else {
            None
        };
        let end = place + length;
        let after = if end < line.end { self.at(end) } else { None };
        let own = char::from(self.text.as_bytes()[place]);
        if before == Some(own) || after == Some(own) {
            return Special::Plain;
        }
        let may_begin =
            !before.is_some_and(char::is_alphanumeric) && after.is_some_and(|c| !c.is_whitespace());
        let may_end =
            before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(char::is_alphanumeric);
        Special::Delimiter {
            length,
            look,
            may: (may_begin, may_end),
        }
    }

    fn brace(&self, place: usize, line: &Range<usize>) -> Special {
        let bytes = self.text.as_bytes();
        if let Some([b'{', next, third]) = bytes.get(place..(place + 3).min(line.end)) {
            if *next == b'{' {
                return match self.fixed_width_end(place, line.end) {
                    Some(end) => Special::whole(end, self.fixed_width(place, end)),
                    None => Special::Plain,
                };
            }
            // `{*}` is a delimiter in the middle of a word.
            if let (Some(look), b'}') = (Look::of(*next), third) {
                return Special::Delimiter {
                    length: 3,
                    look,
                    may: (true, true),
                };
            }
        }
        if let Some(end) = self.macros.colour_tag_end(place) {
            return Special::Whole { end, inline: None };
        }
        match Tag::at(self.text, place).filter(|tag| tag.end <= line.end) {
            Some(tag) => Special::Whole {
                end: tag.end,
                inline: self.inline_macro(&tag),
            },
            None => Special::Plain,
        }
    }

    fn inline_macro(&self, tag: &Tag<'_>) -> Option<Inline> {
        let name = tag.name.to_ascii_lowercase();
        let title = tag.parameter("title").filter(|title| !title.is_empty());
        match (name.as_str(), title) {
            // A place to jump to; nothing to see.
            ("anchor", _) => None,
            ("status", Some(title)) => {
                let colour = tag.parameter("colour").or_else(|| tag.parameter("color"));
                let colour = colour
                    .and_then(safe::safe_colour)
                    .map(str::to_ascii_lowercase);
                Some(Inline::Status {
                    text: title.to_owned(),
                    colour,
                })
            }
            _ => {
                let text = self.text[tag.start..tag.end].to_owned();
                Some(Inline::Unknown { name, text })
            }
        }
    }

    fn bracket(&self, place: usize, line: &Range<usize>) -> Special {
        let Some(end) = self.bracket_end(place, line.end) else {
            return Special::Plain;
        };
        match self.bracketed(place, end) {
            Some(Bracketed::Link { href, shown }) => {
                let mut content = Vec::new();
                self.line_inlines(self.trimmed(shown), true, &mut content);
                Special::whole(
                    end,
                    Inline::Link {
                        href: href.to_owned(),
                        content,
                    },
                )
            }
            Some(Bracketed::Whole(mut inline)) => {
                self.colour_link(&mut inline, place);
                Special::whole(end, inline)
            }
            None => Special::Plain,
        }
    }

    fn colour_link(&self, link: &mut Inline, place: usize) {
        if let Inline::Link { content, .. } = link {
            for inline in content {
                if let Inline::Text { marks, .. } = inline {
                    marks.colour = self.macros.colour_at(place).map(str::to_owned);
                }
            }
        }
    }

    /// The place after the `}}` that ends the fixed-width text at `place`: on the same line, and
    /// with no other begun before.
    pub(super) fn fixed_width_end(&self, place: usize, limit: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..limit];
        let mut i = place + 2;
        while i + 1 < limit {
            match (bytes[i], bytes[i + 1]) {
                (b'\\', _) => i += 2,
                (b'\n', _) | (b'{', b'{') => return None,
                (b'}', b'}') if i > place + 2 => {
                    let further = bytes[i + 2..].iter().take_while(|&&b| b == b'}').count();
                    return Some(i + 2 + further);
                }
                _ => i += 1,
            }
        }
        None
    }

    fn fixed_width(&self, place: usize, end: usize) -> Inline {
        let colour = self.macros.colour_at(place).map(str::to_owned);
        let marks = Marks {
            code: true,
            colour,
            ..Marks::default()
        };
        Inline::Text {
            text: unescaped(&self.text[place + 2..end - 2]),
            marks,
        }
    }
}

/// Whether the text goes on with an `h` or `m` that begins no address. Most of them do not, and
/// they are common.
fn is_letter_of_a_word(text: &[u8]) -> bool {
    match text[0] {
        b'h' => !text.starts_with(b"http"),
        b'm' => !text.starts_with(b"mailto:"),
        _ => false,
    }
}

/// What begins at a special byte.
enum Special {
    /// Nothing: it is the character it is.
    Plain,
    /// The backslash goes, the character after it is plain.
    Escape,
    Delimiter {
        length: usize,
        look: Look,
        may: (bool, bool),
    },
    /// Something complete up to `end`; `None` for what cannot be seen.
    Whole { end: usize, inline: Option<Inline> },
}

impl Special {
    fn whole(end: usize, inline: Inline) -> Self {
        Self::Whole {
            end,
            inline: Some(inline),
        }
    }
}

/// The text without the backslashes before punctuation.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.push(if escapes {
            chars.next().unwrap_or(c)
        } else {
            c
        });
    }
    out
}
