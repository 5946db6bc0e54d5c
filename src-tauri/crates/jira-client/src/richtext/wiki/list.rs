//! Lists: `*`, `-` and `#`, one character per level, mixed as wanted.

use std::ops::Range;

use super::super::{Block, ListItem};
use super::Source;
use super::blocks::{Begins, begins};

/// Deeper markers count as this level.
const LEVELS_MAX: usize = 10;

/// One item before it has found its place.
struct Item<'a> {
    /// The marker characters, outermost level first; never empty.
    marker: &'a [u8],
    content: Range<usize>,
}

impl<'a> Source<'a> {
    /// Reads the list that begins with the range and gives the place after it.
    pub(super) fn list(&self, range: Range<usize>, depth: usize, out: &mut Vec<Block>) -> usize {
        let mut items: Vec<Item<'_>> = Vec::new();
        let mut place = range.start;
        while place < range.end {
            let line = self.line(place, range.end);
            let has_body = line.stopped_by.is_some();
            let begins = begins(&self.text[line.range.clone()], has_body);
            let end = self.line_end_past_bodies(place, range.end);
            match (begins, items.last_mut()) {
                (Begins::Item { marker_start, skip }, _) => {
                    let marker = &self.text.as_bytes()[place + marker_start..place + skip];
                    let marker = &marker[..marker.len().min(LEVELS_MAX)];
                    items.push(Item {
                        marker,
                        content: place + skip..end,
                    });
                }
                // A line without a marker, or a macro, goes on with the item above.
                (Begins::Text, Some(item)) => item.content.end = end,
                (Begins::Nothing, Some(item)) if has_body => item.content.end = end,
                _ => break,
            }
            place = end + 1;
        }
        self.nest(&items, 0, depth, out);
        place.min(range.end)
    }

    /// Makes lists of items whose markers are longer than `level`.
    fn nest(&self, items: &[Item<'_>], level: usize, depth: usize, out: &mut Vec<Block>) {
        let is_own = |item: &Item<'_>| item.marker.len() == level + 1;
        let mut rest = items;
        while let Some(first) = rest.first() {
            let is_ordered = first.marker[level] == b'#';
            let mut list: Vec<ListItem> = Vec::new();
            while let Some(item) = rest.first() {
                if !is_own(item) {
                    let below = rest.iter().take_while(|item| !is_own(item)).count();
                    let (deeper, after) = rest.split_at(below);
                    if list.is_empty() {
                        list.push(ListItem::default());
                    }
                    if let Some(parent) = list.last_mut() {
                        self.nest(deeper, level + 1, depth + 1, &mut parent.content);
                    }
                    rest = after;
                } else if (item.marker[level] == b'#') == is_ordered {
                    let content = self.blocks(item.content.clone(), depth + 1, true);
                    list.push(ListItem { content });
                    rest = &rest[1..];
                } else {
                    break;
                }
            }
            out.push(if is_ordered {
                Block::OrderedList {
                    start: 1,
                    items: list,
                }
            } else {
                Block::BulletList { items: list }
            });
        }
    }
}
