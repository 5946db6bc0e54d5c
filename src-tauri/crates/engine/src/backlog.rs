//! The backlog as it is looked at: views of the tree, items with all they hold, moving between areas.

use crate::error::EngineError;
use crate::{Engine, Topic, checked_name};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use store::IntegrationId;
use store::backlog::{BacklogQuery, BacklogRow, Outline, OutlineRow};
use store::item::AreaMove;
use workspace::{Area, AreaId, Item, ItemId};

/// Views kept open: a window or two, and the one that is being replaced.
const VIEWS_MAX: usize = 8;
/// Items whose moves can still be taken back, all moves together; the last move always can.
const MOVED_MAX: usize = 200_000;
/// Children listed with an item.
const CHILDREN_MAX: u32 = 100;

/// Views of the tree, kept from question to question.
#[derive(Default)]
pub struct Views {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: i64,
    open: BTreeMap<i64, View>,
    moves: BTreeMap<i64, Arc<Vec<AreaMove>>>,
}

struct View {
    outline: Arc<Outline>,
    stale: bool,
}

/// An opened view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BacklogView {
    /// Names it.
    pub id: i64,
    /// Visible rows.
    pub rows: u64,
    /// Items that match.
    pub matched: u64,
}

/// A window of a view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BacklogWindow {
    /// The rows; empty if the view is no longer open.
    pub rows: Vec<WindowRow>,
    /// Whether items changed since the view was opened.
    pub stale: bool,
}

/// A row of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowRow {
    /// Its place in the tree.
    pub place: OutlineRow,
    /// What it shows.
    pub row: BacklogRow,
}

/// An item with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemView {
    /// The item.
    pub item: Item,
    /// From the top to its parent.
    pub ancestors: Vec<BacklogRow>,
    /// Its first parts.
    pub children: Vec<BacklogRow>,
    /// How many parts it has.
    pub children_total: u64,
    /// Its pair in force.
    pub link: Option<store::link::Link>,
}

/// What a move did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Items that changed their area.
    pub moved: u64,
    /// Items that were to and did not: somebody moved them on since, or they or their area are gone.
    pub left: u64,
    /// Takes it back.
    pub undo: i64,
}

impl Views {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Items changed: what was opened shows what was.
    pub fn forget(&self) {
        for view in self.lock().open.values_mut() {
            view.stale = true;
        }
    }
}

impl Engine {
    /// Opens a view of the tree.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn open_backlog(&self, query: BacklogQuery) -> Result<BacklogView, EngineError> {
        let outline = self
            .inner
            .store
            .read(move |read| store::backlog::outline(read, &query))
            .await?;
        let (rows, matched) = (outline.rows.len() as u64, u64::from(outline.matched));
        let mut state = self.inner.views.lock();
        state.next += 1;
        let id = state.next;
        state.open.insert(
            id,
            View {
                outline: Arc::new(outline),
                stale: false,
            },
        );
        while state.open.len() > VIEWS_MAX {
            state.open.pop_first();
        }
        Ok(BacklogView { id, rows, matched })
    }

    /// Some rows of a view.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn backlog_window(
        &self,
        view: i64,
        start: u32,
        count: u32,
    ) -> Result<BacklogWindow, EngineError> {
        let (outline, stale) = {
            let state = self.inner.views.lock();
            match state.open.get(&view) {
                Some(view) => (view.outline.clone(), view.stale),
                None => {
                    return Ok(BacklogWindow {
                        rows: Vec::new(),
                        stale: true,
                    });
                }
            }
        };
        let places: Vec<OutlineRow> = outline
            .rows
            .iter()
            .skip(start as usize)
            .take(count as usize)
            .copied()
            .collect();
        let ids: Vec<ItemId> = places.iter().map(|place| place.id).collect();
        let rows = self
            .inner
            .store
            .read(move |read| store::backlog::rows(read, &ids))
            .await?;
        let mut by_id: BTreeMap<ItemId, BacklogRow> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let rows = places
            .into_iter()
            .filter_map(|place| by_id.remove(&place.id).map(|row| WindowRow { place, row }))
            .collect();
        Ok(BacklogWindow { rows, stale })
    }

    /// Items of a view between two rows; empty if the view is no longer open.
    #[must_use]
    pub fn backlog_ids(&self, view: i64, start: u32, count: u32) -> Vec<ItemId> {
        let state = self.inner.views.lock();
        let Some(view) = state.open.get(&view) else {
            return Vec::new();
        };
        let rows = view
            .outline
            .rows
            .iter()
            .skip(start as usize)
            .take(count as usize);
        rows.map(|row| row.id).collect()
    }

    /// An item with all that belongs to it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn item(&self, id: ItemId) -> Result<ItemView, EngineError> {
        let found = self.inner.store.read(move |read| view(read, id)).await?;
        found.ok_or(EngineError::NotFound("item"))
    }

    /// Items with all that belongs to them, in the order of their ids, from the first after `after`; only those of
    /// an integration, if one is given. A handful of queries, however many items it gives.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn items(
        &self,
        integration: Option<IntegrationId>,
        after: Option<ItemId>,
        limit: u32,
    ) -> Result<Vec<ItemView>, EngineError> {
        let read = self.inner.store.read(move |read| {
            let items = match integration {
                Some(id) => store::item::page_of_integration(read, id, after, limit)?,
                None => store::item::page(read, after, limit)?,
            };
            views(read, items)
        });
        Ok(read.await?)
    }

    /// Product areas in the order of their names' places, with how many items lie in each and below.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn areas(&self) -> Result<Vec<(Area, u64)>, EngineError> {
        let (areas, counts) = self
            .inner
            .store
            .read(|read| Ok((store::area::list(read)?, store::item::counts(read)?)))
            .await?;
        let own = |id: AreaId| counts.by_area.get(&id).copied().unwrap_or(0);
        let mut sums: BTreeMap<AreaId, u64> = areas.iter().map(|area| (area.id, 0)).collect();
        let parents: BTreeMap<AreaId, Option<AreaId>> =
            areas.iter().map(|area| (area.id, area.parent)).collect();
        for area in &areas {
            let mut above = Some(area.id);
            // An area is never inside itself, so as many steps as there are areas reach the top.
            for _ in 0..=areas.len() {
                let Some(id) = above else { break };
                *sums.entry(id).or_default() += own(area.id);
                above = parents.get(&id).copied().flatten();
            }
        }
        Ok(areas
            .into_iter()
            .map(|area| {
                let sum = sums.get(&area.id).copied().unwrap_or(0);
                (area, sum)
            })
            .collect())
    }

    /// Makes a product area.
    ///
    /// # Errors
    /// [`EngineError::NameTaken`], [`EngineError::NameInvalid`], [`EngineError::NotFound`].
    pub async fn create_area(
        &self,
        parent: Option<AreaId>,
        name: &str,
    ) -> Result<Area, EngineError> {
        let name = checked_name(name)?;
        let wanted = name.clone();
        let area = self
            .inner
            .store
            .write(move |tx| {
                if let Some(parent) = parent
                    && store::area::get(tx, parent)?.is_none()
                {
                    return Ok(Err(EngineError::NotFound("product area")));
                }
                if store::area::by_name(tx, parent, &wanted)?.is_some() {
                    return Ok(Err(EngineError::NameTaken(wanted)));
                }
                let id = store::area::create(tx, parent, &wanted)?;
                Ok(store::area::get(tx, id)?.ok_or(EngineError::NotFound("product area")))
            })
            .await??;
        self.tell(&[Topic::Items]);
        Ok(area)
    }

    /// Gives a product area another name.
    ///
    /// # Errors
    /// As [`Engine::create_area`].
    pub async fn rename_area(&self, id: AreaId, name: &str) -> Result<Area, EngineError> {
        let name = checked_name(name)?;
        let area = self
            .inner
            .store
            .write(move |tx| {
                let Some(area) = store::area::get(tx, id)? else {
                    return Ok(Err(EngineError::NotFound("product area")));
                };
                let same = store::area::by_name(tx, area.parent, &name)?;
                if same.is_some_and(|same| same != id) {
                    return Ok(Err(EngineError::NameTaken(name)));
                }
                store::area::rename(tx, id, &name)?;
                Ok(store::area::get(tx, id)?.ok_or(EngineError::NotFound("product area")))
            })
            .await??;
        self.tell(&[Topic::Items]);
        Ok(area)
    }

    /// Moves items, with all that is part of them, to an area.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an area that is not there.
    pub async fn move_items(&self, ids: &[ItemId], area: AreaId) -> Result<Moved, EngineError> {
        let (ids, now) = (ids.to_vec(), self.now());
        let moves = self
            .inner
            .store
            .write(move |tx| {
                if store::area::get(tx, area)?.is_none() {
                    return Ok(Err(EngineError::NotFound("product area")));
                }
                let all = store::item::with_descendants(tx, &ids)?;
                Ok(Ok(store::item::move_to_area(tx, &all, area, now)?))
            })
            .await??;
        let moved = moves.len() as u64;
        let undo = self.inner.views.lock().remember(None, moves);
        self.tell(&[Topic::Items]);
        Ok(Moved {
            moved,
            left: 0,
            undo,
        })
    }

    /// Takes a move back, as far as nobody moved the items on since. Taking back what was taken back moves
    /// again.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the move is no longer remembered.
    pub async fn undo_move(&self, undo: i64) -> Result<Moved, EngineError> {
        let moves = self.inner.views.lock().moves.get(&undo).cloned();
        let moves = moves.ok_or(EngineError::NotFound("move"))?;
        let (asked, now) = (moves.len(), self.now());
        let back = self
            .inner
            .store
            .write(move |tx| store::item::move_back(tx, &moves, now))
            .await?;
        let (moved, left) = (back.len() as u64, (asked - back.len()) as u64);
        self.inner.views.lock().remember(Some(undo), back);
        self.tell(&[Topic::Items]);
        Ok(Moved { moved, left, undo })
    }
}

impl State {
    /// Remembers what can be taken back, in place of what went by the same number.
    fn remember(&mut self, undo: Option<i64>, moves: Vec<AreaMove>) -> i64 {
        let undo = undo.unwrap_or_else(|| {
            self.next += 1;
            self.next
        });
        self.moves.insert(undo, Arc::new(moves));
        let mut items: usize = self.moves.values().map(|moves| moves.len()).sum();
        while items > MOVED_MAX && self.moves.len() > 1 {
            let oldest = self.moves.pop_first();
            items -= oldest.map_or(0, |(_, moves)| moves.len());
        }
        undo
    }
}

fn view(read: &store::Read<'_>, id: ItemId) -> Result<Option<ItemView>, store::StoreError> {
    let item = store::item::get(read, id)?;
    Ok(views(read, item.into_iter().collect())?.pop())
}

fn views(read: &store::Read<'_>, items: Vec<Item>) -> Result<Vec<ItemView>, store::StoreError> {
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let above = ancestors(read, &items)?;
    let mut parts = store::item::children_of(read, &ids, CHILDREN_MAX)?;
    let shown: Vec<ItemId> = parts
        .values()
        .flat_map(|(first, _)| first.clone())
        .collect();
    let shown: BTreeMap<ItemId, BacklogRow> = store::backlog::rows(read, &shown)?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut links = store::link::by_items(read, &ids)?;
    let views = items.into_iter().map(|item| {
        let (first, children_total) = parts.remove(&item.id).unwrap_or_default();
        let links = links.remove(&item.id).unwrap_or_default();
        ItemView {
            ancestors: chain(&above, item.parent),
            children: first
                .iter()
                .filter_map(|id| shown.get(id).cloned())
                .collect(),
            children_total,
            link: links
                .into_iter()
                .find(|link| link.state == store::link::LinkState::Linked),
            item,
        }
    });
    Ok(views.collect())
}

/// Everything above some items: one query a level of the tree.
fn ancestors(
    read: &store::Read<'_>,
    items: &[Item],
) -> Result<BTreeMap<ItemId, BacklogRow>, store::StoreError> {
    let mut above: BTreeMap<ItemId, BacklogRow> = BTreeMap::new();
    let mut next: BTreeSet<ItemId> = items.iter().filter_map(|item| item.parent).collect();
    while !next.is_empty() {
        let ids: Vec<ItemId> = next.into_iter().collect();
        let rows = store::backlog::rows(read, &ids)?;
        let parents = rows.iter().filter_map(|row| row.parent);
        next = parents.collect();
        above.extend(rows.into_iter().map(|row| (row.id, row)));
        next.retain(|id| !above.contains_key(id));
    }
    Ok(above)
}

/// From the top to a parent.
fn chain(above: &BTreeMap<ItemId, BacklogRow>, parent: Option<ItemId>) -> Vec<BacklogRow> {
    let mut chain = Vec::new();
    let mut next = parent;
    while let Some(row) = next.and_then(|id| above.get(&id)) {
        chain.push(row.clone());
        next = row.parent;
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests;
