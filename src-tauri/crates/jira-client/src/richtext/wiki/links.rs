//! `[…]`, `!…!` and bare addresses: where they end and what they are.

use super::super::{Inline, Marks, Media, safe};
use super::Source;
use super::macros::parameter;

/// By these words in place of a tooltip Jira Cloud marks a link shown as its target's title.
const CARDS: [&str; 3] = ["smart-link", "smart-card", "smart-embed"];

/// Characters at the end of a bare address that belong to the sentence around it.
const SENTENCE: [char; 14] = [
    '.', ',', ';', ':', '!', '?', '\'', '*', '_', '+', '^', '~', '-', '=',
];

/// What stands in brackets.
pub(super) enum Bracketed<'a> {
    /// A link around this part of the source.
    Link {
        href: &'a str,
        shown: std::ops::Range<usize>,
    },
    /// Something without text of its own to parse.
    Whole(Inline),
}

impl<'a> Source<'a> {
    /// The place after the bracket that ends the one at `place`, if it is on the same line and no
    /// other opens before.
    pub(super) fn bracket_end(&self, place: usize, limit: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut i = place + 1;
        while i < limit {
            match bytes[i] {
                b']' => return (i > place + 1).then_some(i + 1),
                b'[' | b'\n' => return None,
                b'\\' => i += 2,
                _ => i += 1,
            }
        }
        None
    }

    /// What the brackets from `place` to `end` mean; `None` if they are just brackets.
    pub(super) fn bracketed(&self, place: usize, end: usize) -> Option<Bracketed<'a>> {
        let inside = &self.text[place + 1..end - 1];
        if let Some(person) = inside.strip_prefix('~') {
            return mention(person, None).map(Bracketed::Whole);
        }
        if let Some(file) = inside.strip_prefix('^') {
            return attachment(file).map(Bracketed::Whole);
        }
        let Some((before, last)) = inside.rsplit_once('|') else {
            let href = safe::safe_href(inside)?;
            return Some(Bracketed::Whole(link_to_itself(href)));
        };
        let shown = |words: &str| place + 1..place + 1 + words.len();
        if let Some(person) = last.strip_prefix('~') {
            return mention(person, Some(before)).map(Bracketed::Whole);
        }
        if last.starts_with('^') {
            return attachment(before).map(Bracketed::Whole);
        }
        if let Some(href) = safe::safe_href(last) {
            return Some(if before.trim().is_empty() {
                Bracketed::Whole(link_to_itself(href))
            } else {
                Bracketed::Link {
                    href,
                    shown: shown(before),
                }
            });
        }
        // `[words|address|tooltip]`, or without words `[address|tooltip]`.
        let (words, address) = before.rsplit_once('|').unwrap_or((before, before));
        let href = safe::safe_href(address)?;
        if CARDS.contains(&last.trim()) && words.trim() == href {
            return Some(Bracketed::Whole(Inline::InlineCard {
                href: href.to_owned(),
            }));
        }
        Some(if words.trim() == href {
            Bracketed::Whole(link_to_itself(href))
        } else {
            Bracketed::Link {
                href,
                shown: shown(words),
            }
        })
    }

    /// The place after the picture that begins with the mark at `place`, if it is one:
    /// `!name.png!`, `!name.png|thumbnail!`, `!http://…!`.
    pub(super) fn picture_end(&self, place: usize, limit: usize) -> Option<usize> {
        let rest = &self.text[place + 1..limit];
        let length = rest.find(['!', '\n'])?;
        if rest.as_bytes()[length] == b'\n' || self.before(place).is_some_and(char::is_alphanumeric)
        {
            return None;
        }
        let inside = &rest[..length];
        let name = inside.split('|').next().unwrap_or_default();
        let names_file = !name.contains("://")
            && name.rsplit_once('.').is_some_and(|(stem, extension)| {
                !stem.is_empty()
                    && (1..=5).contains(&extension.len())
                    && extension.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        let is_picture = !inside.starts_with(char::is_whitespace)
            && (names_file || safe::web_href(name).is_some());
        is_picture.then_some(place + 1 + length + 1)
    }

    /// The picture between `place` and `end`, as found by [`Source::picture_end`].
    pub(super) fn picture(&self, place: usize, end: usize) -> Inline {
        let inside = &self.text[place + 1..end - 1];
        let (name, parameters) = inside.split_once('|').unwrap_or((inside, ""));
        // Parameters are parted by commas here: `!a.png|width=300,alt="A"!`.
        let alt = parameters
            .split(',')
            .find_map(|part| parameter(part, "alt"));
        let alt = alt
            .map(|alt| alt.trim_matches('"').to_owned())
            .filter(|alt| !alt.is_empty());
        let href = safe::web_href(name).map(str::to_owned);
        let name = href.is_none().then(|| name.to_owned());
        Inline::Image(Media {
            alt,
            name,
            id: None,
            href,
        })
    }

    /// The bare address at `place`, if one begins there.
    pub(super) fn address(&self, place: usize, limit: usize) -> Option<&'a str> {
        let rest = &self.text[place..limit];
        let is_scheme = ["http://", "https://", "mailto:"]
            .iter()
            .any(|s| rest.starts_with(s));
        if !is_scheme || self.before(place).is_some_and(char::is_alphanumeric) {
            return None;
        }
        let ends = |c: char| c.is_whitespace() || c.is_control() || "|[]{}<>\"\\".contains(c);
        let mut address = &rest[..rest.find(ends).unwrap_or(rest.len())];
        loop {
            address = address.trim_end_matches(SENTENCE);
            match address.strip_suffix(')') {
                // A bracket opened before the address is not ended by it.
                Some(shorter) if !shorter.contains('(') => address = shorter,
                _ => break,
            }
        }
        safe::safe_href(address)
    }
}

/// A link that shows its own address.
pub(super) fn link_to_itself(href: &str) -> Inline {
    let text = Inline::Text {
        text: href.to_owned(),
        marks: Marks::default(),
    };
    Inline::Link {
        href: href.to_owned(),
        content: vec![text],
    }
}

fn mention(person: &str, shown: Option<&str>) -> Option<Inline> {
    let id = person.strip_prefix("accountid:").unwrap_or(person);
    if id.is_empty() || id.chars().any(|c| c.is_whitespace() || c == '|') {
        return None;
    }
    let text = format!("@{}", shown.unwrap_or(id).trim_start_matches('@'));
    Some(Inline::Mention {
        id: Some(id.to_owned()),
        text,
    })
}

fn attachment(file: &str) -> Option<Inline> {
    let file = file.trim();
    let unknown = || Inline::Unknown {
        name: "attachment".to_owned(),
        text: file.to_owned(),
    };
    (!file.is_empty()).then(unknown)
}
