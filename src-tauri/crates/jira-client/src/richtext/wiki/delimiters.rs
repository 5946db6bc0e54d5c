//! Which of the `*`, `_`, `-`, … in a line belong together. One pass with a stack of what is
//! open, so that a line full of them costs no more than any other.

use super::super::{Inline, Marks};

/// What a pair of delimiters does to the text between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Bold,
    Italic,
    Strike,
    Underline,
    Superscript,
    Subscript,
    /// `??…??`; shown as italic.
    Citation,
}

const LOOKS: usize = 7;

impl Look {
    /// The look a single delimiter stands for.
    pub(super) fn of(delimiter: u8) -> Option<Self> {
        Some(match delimiter {
            b'*' => Self::Bold,
            b'_' => Self::Italic,
            b'-' => Self::Strike,
            b'+' => Self::Underline,
            b'^' => Self::Superscript,
            b'~' => Self::Subscript,
            _ => return None,
        })
    }
}

/// What a delimiter turned out to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// It has no partner and is the character it is.
    Literal,
    Begins,
    Ends,
}

#[derive(Debug)]
enum Piece<'a> {
    Text {
        text: &'a str,
        colour: Option<&'a str>,
    },
    Delimiter {
        source: &'a str,
        look: Look,
        role: Role,
        colour: Option<&'a str>,
    },
    Whole(Inline),
}

/// A line taken apart.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a> {
    pieces: Vec<Piece<'a>>,
    /// Delimiters that wait for their partner: look and index.
    open: Vec<(Look, usize)>,
    open_count: [usize; LOOKS],
}

impl<'a> Pieces<'a> {
    pub(super) fn text(&mut self, text: &'a str, colour: Option<&'a str>) {
        if !text.is_empty() {
            self.pieces.push(Piece::Text { text, colour });
        }
    }

    pub(super) fn whole(&mut self, inline: Inline) {
        self.pieces.push(Piece::Whole(inline));
    }

    /// A delimiter that may begin or end a look, as its neighbours allow.
    pub(super) fn delimiter(
        &mut self,
        source: &'a str,
        colour: Option<&'a str>,
        look: Look,
        (may_begin, may_end): (bool, bool),
    ) {
        let index = self.pieces.len();
        let mut role = Role::Literal;
        if may_end && self.open_count[look as usize] > 0 {
            role = Role::Ends;
            self.end(look);
        } else if may_begin {
            self.open.push((look, index));
            self.open_count[look as usize] += 1;
        }
        self.pieces.push(Piece::Delimiter {
            source,
            look,
            role,
            colour,
        });
    }

    /// Gives the innermost open delimiter of this look its partner; whatever was opened after it
    /// stays without.
    fn end(&mut self, look: Look) {
        while let Some((opened, index)) = self.open.pop() {
            self.open_count[opened as usize] -= 1;
            if opened == look {
                if let Piece::Delimiter { role, .. } = &mut self.pieces[index] {
                    *role = Role::Begins;
                }
                return;
            }
        }
    }

    /// The line with looks in place of paired delimiters.
    pub(super) fn finish(self, out: &mut Vec<Inline>) {
        let mut active = [0_usize; LOOKS];
        for piece in self.pieces {
            match piece {
                Piece::Text { text, colour }
                | Piece::Delimiter {
                    source: text,
                    role: Role::Literal,
                    colour,
                    ..
                } => {
                    push_text(out, text, marks(&active, colour));
                }
                Piece::Delimiter { look, role, .. } => match role {
                    Role::Begins => active[look as usize] += 1,
                    _ => active[look as usize] -= 1,
                },
                Piece::Whole(Inline::Link { href, mut content }) => {
                    let outer = marks(&active, None);
                    content
                        .iter_mut()
                        .for_each(|inline| add_marks(inline, &outer));
                    out.push(Inline::Link { href, content });
                }
                Piece::Whole(Inline::Text { text, marks: own }) => {
                    let mut inline = Inline::Text { text, marks: own };
                    add_marks(&mut inline, &marks(&active, None));
                    out.push(inline);
                }
                Piece::Whole(inline) => out.push(inline),
            }
        }
    }
}

fn marks(active: &[usize; LOOKS], colour: Option<&str>) -> Marks {
    let is = |look: Look| active[look as usize] > 0;
    Marks {
        bold: is(Look::Bold),
        italic: is(Look::Italic) || is(Look::Citation),
        underline: is(Look::Underline),
        strike: is(Look::Strike),
        code: false,
        superscript: is(Look::Superscript),
        subscript: is(Look::Subscript),
        colour: colour.map(str::to_owned),
    }
}

fn add_marks(inline: &mut Inline, outer: &Marks) {
    if let Inline::Text { marks, .. } = inline {
        marks.bold |= outer.bold;
        marks.italic |= outer.italic;
        marks.underline |= outer.underline;
        marks.strike |= outer.strike;
        marks.superscript |= outer.superscript;
        marks.subscript |= outer.subscript;
    }
}

fn push_text(out: &mut Vec<Inline>, text: &str, marks: Marks) {
    match out.last_mut() {
        Some(Inline::Text {
            text: before,
            marks: same,
        }) if *same == marks => before.push_str(text),
        _ => out.push(Inline::Text {
            text: text.to_owned(),
            marks,
        }),
    }
}
