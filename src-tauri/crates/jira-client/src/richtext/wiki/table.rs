//! Tables: `||header||` and `|cell|`.

use std::ops::Range;

use super::super::{Block, Cell, Row};
use super::Source;
use super::blocks::{Begins, begins};
use super::macros::Tag;

impl Source<'_> {
    /// Reads the table that begins with the range and gives the place after it.
    pub(super) fn table(&self, range: Range<usize>, depth: usize) -> (Block, usize) {
        let mut rows = Vec::new();
        let mut place = range.start;
        while place < range.end && self.begins_at(place, range.end) == Begins::Row {
            let end = self.row_end(place, range.end);
            rows.push(Row {
                cells: self.cells(self.trimmed(place..end), depth),
            });
            place = end + 1;
        }
        (Block::Table { rows }, place.min(range.end))
    }

    fn begins_at(&self, place: usize, limit: usize) -> Begins {
        let line = self.line(place, limit);
        match begins(&self.text[line.range], line.stopped_by.is_some()) {
            // A macro begins the line.
            Begins::Nothing if line.stopped_by.is_some() => Begins::Text,
            begins => begins,
        }
    }

    /// A row goes on over lines until one ends with `|`, or something else begins.
    fn row_end(&self, place: usize, limit: usize) -> usize {
        let mut start = place;
        loop {
            let end = self.line_end_past_bodies(start, limit);
            let is_closed = self.text[start..end].trim_end().ends_with('|');
            let next = end + 1;
            if is_closed
                || next >= limit
                || matches!(self.begins_at(next, limit), Begins::Nothing | Begins::Row)
            {
                return end;
            }
            start = next;
        }
    }

    fn cells(&self, row: Range<usize>, depth: usize) -> Vec<Cell> {
        let bytes = self.text.as_bytes();
        let mut cells = Vec::new();
        let mut place = row.start;
        while place < row.end {
            // `place` is at a bar; two of them begin a header.
            let header = place + 1 < row.end && bytes[place + 1] == b'|';
            let start = place + 1 + usize::from(header);
            if start >= row.end {
                break;
            }
            place = self.cell_end(start, row.end);
            let content = self.blocks(self.trimmed(start..place), depth + 1, false);
            cells.push(Cell {
                header,
                colspan: 1,
                rowspan: 1,
                content,
            });
        }
        cells
    }

    /// The next bar that parts cells, not one inside a link, picture, macro or fixed-width text.
    fn cell_end(&self, start: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut place = start;
        while place < limit {
            let past = match bytes[place] {
                b'|' => return place,
                b'\\' => Some(place + 2),
                b'[' => self.bracket_end(place, limit),
                b'!' => self.picture_end(place, limit),
                b'{' if bytes.get(place + 1) == Some(&b'{') => self.fixed_width_end(place, limit),
                b'{' => match self.macros.next(place, limit) {
                    Some(span) if span.start == place => Some(span.end),
                    _ => Tag::at(self.text, place).map(|tag| tag.end),
                },
                _ => None,
            };
            place = past.unwrap_or(place + 1);
        }
        limit
    }
}
