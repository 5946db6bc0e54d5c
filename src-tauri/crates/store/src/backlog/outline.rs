//! Which rows a backlog has, in which order, how deep.
//!
//! The tree is read whole from an index that covers it, in rank order; what matches and what another order
//! needs are read separately and lean. A hundred thousand items take a fraction of the time in which a
//! person notices a delay, and no state has to be kept and kept right between two questions.

use super::query::{BacklogQuery, Column, Expansion, Sort};
use crate::error::StoreError;
use crate::sql::{Columns as _, Read};
use rusqlite::params_from_iter;
use std::cmp::Ordering;
use workspace::ItemId;

/// The visible rows of a backlog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The rows from top to bottom.
    pub rows: Vec<OutlineRow>,
    /// How many items match, visible or not.
    pub matched: u32,
    /// How many items there are.
    pub total: u32,
}

/// A visible row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlineRow {
    /// The item.
    pub id: ItemId,
    /// 0 at the top.
    pub depth: u16,
    /// Whether it has parts that the filter leaves.
    pub has_children: bool,
    /// Whether its parts are shown.
    pub expanded: bool,
    /// Whether it matches itself; otherwise it stands there for something inside of it.
    pub matched: bool,
}

/// The visible rows for a query.
///
/// # Errors
/// What the database meets.
pub fn outline(read: &Read<'_>, query: &BacklogQuery) -> Result<Outline, StoreError> {
    let mut tree = Tree::read(read)?;
    tree.filter(read, query)?;
    if query.sort != Sort::default() {
        tree.sort(read, query.sort)?;
    }
    Ok(tree.flatten(&query.expansion))
}

const NONE: u32 = u32::MAX;

/// The items in rank order; elsewhere an item is its place in this order.
struct Tree {
    ids: Vec<i64>,
    parents: Vec<u32>,
    /// Identities with their places, to look one up.
    places: Vec<(i64, u32)>,
    matched: Vec<bool>,
    /// Matches, or has something inside that does.
    kept: Vec<bool>,
    /// All places in the order in which siblings stand.
    order: Vec<u32>,
}

impl Tree {
    fn read(read: &Read<'_>) -> Result<Self, StoreError> {
        let rows: Vec<(i64, Option<i64>)> = read.all(
            "SELECT item_id, parent_id FROM item ORDER BY rank, item_id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let size = u32::try_from(rows.len())
            .ok()
            .filter(|&size| size < NONE)
            .ok_or_else(|| StoreError::corrupt("more items than can be shown"))?;
        let mut places: Vec<(i64, u32)> = rows.iter().map(|row| row.0).zip(0..size).collect();
        places.sort_unstable();
        let parents = rows
            .iter()
            .map(|row| row.1.map_or(NONE, |parent| place(&places, parent)))
            .collect();
        Ok(Self {
            ids: rows.iter().map(|row| row.0).collect(),
            parents,
            places,
            matched: vec![true; rows.len()],
            kept: vec![true; rows.len()],
            order: (0..size).collect(),
        })
    }

    /// Keeps what matches and what it is inside of.
    fn filter(&mut self, read: &Read<'_>, query: &BacklogQuery) -> Result<(), StoreError> {
        let Some(condition) = query.condition(read)? else {
            return Ok(());
        };
        let sql = format!("SELECT item_id FROM item WHERE {}", condition.sql);
        let found: Vec<i64> = read.all(&sql, params_from_iter(condition.params), |row| {
            Ok(row.get(0)?)
        })?;
        self.matched.fill(false);
        self.kept.fill(false);
        for id in found {
            let mut at = place(&self.places, id);
            if let Some(matched) = self.matched.get_mut(at as usize) {
                *matched = true;
            }
            while let Some(kept) = self.kept.get_mut(at as usize)
                && !*kept
            {
                *kept = true;
                at = self.parents[at as usize];
            }
        }
        Ok(())
    }

    fn sort(&mut self, read: &Read<'_>, sort: Sort) -> Result<(), StoreError> {
        if sort.column == Column::Rank {
            self.order.reverse();
            return Ok(());
        }
        let mut keys = vec![Key::Nothing; self.ids.len()];
        read.all(sort_keys(sort.column), [], |row| {
            let at = place(&self.places, row.get(0)?);
            if let Some(key) = keys.get_mut(at as usize) {
                *key = Key::of(sort.column, row)?;
            }
            Ok(())
        })?;
        self.order.sort_by(|&a, &b| {
            let (a, b) = (&keys[a as usize], &keys[b as usize]);
            match (a, b) {
                (Key::Nothing, Key::Nothing) => Ordering::Equal,
                (Key::Nothing, _) => Ordering::Greater,
                (_, Key::Nothing) => Ordering::Less,
                _ if sort.descending => b.cmp(a),
                _ => a.cmp(b),
            }
        });
        Ok(())
    }

    fn flatten(&self, expansion: &Expansion) -> Outline {
        let (starts, children) = self.children();
        let of = |at: usize| &children[starts[at] as usize..starts[at + 1] as usize];
        let expanded = |at: u32| {
            let id = ItemId(self.ids[at as usize]);
            match expansion {
                Expansion::AllExcept(collapsed) => !collapsed.contains(&id),
                Expansion::NoneExcept(open) => open.contains(&id),
            }
        };
        let root = self.ids.len();
        let mut rows = Vec::new();
        let mut stack: Vec<(u32, u16)> = of(root).iter().rev().map(|&at| (at, 0)).collect();
        while let Some((at, depth)) = stack.pop() {
            let parts = of(at as usize);
            let open = !parts.is_empty() && expanded(at);
            rows.push(OutlineRow {
                id: ItemId(self.ids[at as usize]),
                depth,
                has_children: !parts.is_empty(),
                expanded: open,
                matched: self.matched[at as usize],
            });
            if open {
                stack.extend(parts.iter().rev().map(|&at| (at, depth.saturating_add(1))));
            }
        }
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Outline {
            rows,
            matched: count(self.matched.iter().filter(|&&matched| matched).count()),
            total: count(self.ids.len()),
        }
    }

    /// The kept parts of every item one after another, and where those of each begin; after the last item
    /// those at the top.
    fn children(&self) -> (Vec<u32>, Vec<u32>) {
        let root = self.ids.len();
        let slot = |at: u32| match self.parents[at as usize] {
            NONE => root,
            parent => parent as usize,
        };
        let kept = || self.order.iter().filter(|&&at| self.kept[at as usize]);
        let mut starts = vec![0_u32; root + 2];
        for &at in kept() {
            starts[slot(at) + 1] += 1;
        }
        for at in 0..=root {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut children = vec![0_u32; starts[root + 1] as usize];
        for &at in kept() {
            let slot = slot(at);
            children[next[slot] as usize] = at;
            next[slot] += 1;
        }
        (starts, children)
    }
}

fn place(places: &[(i64, u32)], id: i64) -> u32 {
    // Numbers are handed out in order and seldom deleted, so a place is usually where they say.
    let guess = usize::try_from(id).unwrap_or(0).wrapping_sub(1);
    if let Some(&(found, place)) = places.get(guess)
        && found == id
    {
        return place;
    }
    places
        .binary_search_by_key(&id, |entry| entry.0)
        .map_or(NONE, |at| places[at].1)
}

#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Key {
    Nothing,
    Whole(i64),
    Number(f64),
    Text(String),
    /// The project's letters and the issue's number.
    Issue(String, u64),
}

impl Key {
    fn of(column: Column, row: &rusqlite::Row<'_>) -> Result<Self, StoreError> {
        Ok(match column {
            Column::Points => row
                .get::<_, Option<f64>>(1)?
                .map_or(Self::Nothing, Self::Number),
            Column::Type
            | Column::Status
            | Column::Importance
            | Column::Created
            | Column::Updated => row
                .get::<_, Option<i64>>(1)?
                .map_or(Self::Nothing, Self::Whole),
            Column::Key => Self::issue(row.str(1)?),
            Column::Rank
            | Column::Title
            | Column::DevStatus
            | Column::Assignee
            | Column::DevAssignee
            | Column::Area => row.text_opt(1)?.map_or(Self::Nothing, Self::Text),
        })
    }

    fn issue(keys: &str) -> Self {
        let key = keys.split(' ').next().unwrap_or_default();
        if key.is_empty() {
            return Self::Nothing;
        }
        match key.rsplit_once('-') {
            Some((project, number)) => match number.parse() {
                Ok(number) => Self::Issue(project.to_owned(), number),
                Err(_) => Self::Issue(key.to_owned(), 0),
            },
            None => Self::Issue(key.to_owned(), 0),
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (a, b) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        }
    }
}

/// What finds an item and what it is ordered by. Joined rather than looked up here, so that an option that
/// has gone is nothing.
fn sort_keys(column: Column) -> &'static str {
    match column {
        Column::Rank => "SELECT item_id, rank FROM item",
        Column::Title => "SELECT item_id, title_key FROM item",
        Column::Key => "SELECT item_id, key_text FROM item WHERE key_text <> ''",
        Column::Type => {
            "SELECT item_id, depth * 1000 + item_type.position
             FROM item JOIN item_type USING (item_type_id) JOIN level USING (level_id)"
        }
        Column::Status => {
            "SELECT item_id, position FROM item JOIN field_option ON option_id = status_option"
        }
        Column::Importance => {
            "SELECT item_id, position FROM item JOIN field_option ON option_id = importance_option"
        }
        Column::DevStatus => "SELECT item_id, dev_status FROM item WHERE dev_status <> ''",
        Column::Assignee => {
            "SELECT item_id, name_key FROM item JOIN person ON person_id = assignee"
        }
        Column::DevAssignee => {
            "SELECT item_id, name_key FROM item JOIN person ON person_id = dev_assignee"
        }
        Column::Points => "SELECT item_id, story_points FROM item WHERE story_points IS NOT NULL",
        Column::Area => "SELECT item_id, name_key FROM item JOIN area USING (area_id)",
        Column::Created => "SELECT item_id, created_at FROM item",
        Column::Updated => "SELECT item_id, updated_at FROM item",
    }
}
