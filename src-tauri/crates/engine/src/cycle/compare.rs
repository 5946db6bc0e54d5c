//! The slow comparison: pair by pair everything is looked at again, whatever was heard of it.
//!
//! What changed is heard of, and then looked at. What is never heard of, as an edit that a site's index has lost, would
//! stay unknown. So all pairs are put on the list, some at a time, and at the end whatever Jira finds in scope and
//! nobody here knows. One round follows the other, with a rest in between.

use super::Cycle;
use crate::error::EngineError;
use crate::scope::effective_jql;
use jiff::SignedDuration;
use std::collections::BTreeSet;
use store::comparison::Comparison;
use store::{Read, StoreError};
use workspace::ItemId;

/// Pairs put on the list at a time.
const SOME: u32 = 500;
/// Rest between two rounds.
const REST: SignedDuration = SignedDuration::from_hours(1);

/// How much of a round is to be done in a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// Nothing.
    Nothing,
    /// Some, if no rest is due.
    Some,
    /// Some, and if need be a new round is begun for it.
    Now,
}

impl Cycle {
    /// Puts the next pairs on the list; gives how many. In the last step of a round, also what is in scope and unknown.
    pub(super) async fn compare(&self, how: Compare) -> Result<u64, EngineError> {
        let (id, now) = (self.integration(), self.clock.now());
        let (mut state, pairs) = self
            .store
            .read(move |read| {
                let state = store::comparison::get(read, id)?;
                let place = state.began_at.map_or(ItemId(0), |_| state.place);
                Ok((state, store::comparison::next(read, id, place, SOME)?))
            })
            .await?;
        let rested = state
            .ended_at
            .is_none_or(|ended| now.duration_since(ended) >= REST);
        let goes_on = match how {
            Compare::Nothing => false,
            Compare::Some => state.began_at.is_some() || rested,
            Compare::Now => true,
        };
        if !goes_on {
            return Ok(0);
        }
        state.began_at.get_or_insert(now);
        let mut ids: Vec<String> = pairs.iter().map(|(_, id)| id.clone()).collect();
        if let Some((last, _)) = pairs.last() {
            state.place = *last;
        }
        if pairs.len() < SOME as usize {
            ids.extend(self.unknown_in_scope().await?);
            state = Comparison {
                began_at: None,
                place: ItemId(0),
                ended_at: Some(now),
            };
        }
        let count = ids.len() as u64;
        self.store
            .write(move |tx| {
                store::due::mark(tx, id, &ids, now)?;
                store::comparison::set(tx, id, state)
            })
            .await?;
        Ok(count)
    }

    /// Issues that Jira finds in scope and that are no items here, nor ever were. None before anything was imported: what is to
    /// come in is somebody's to look at first.
    async fn unknown_in_scope(&self) -> Result<Vec<String>, EngineError> {
        let id = self.integration();
        let brings_in = self
            .store
            .read(move |read| store::link::is_any_of_integration(read, id))
            .await?;
        if !brings_in {
            return Ok(Vec::new());
        }
        let data = &self.ground.integration.data;
        let connection = self.ground.connection_id();
        let jql = effective_jql(&data.project_key, &data.jql, data.include_closed);
        let mut unknown = Vec::new();
        let mut pages = self.remote.ids(&jql, None);
        while let Some((ids, _)) = pages.next().await? {
            let found = self
                .store
                .read(move |read| without_pairs(read, connection, ids))
                .await?;
            unknown.extend(found);
        }
        Ok(unknown)
    }
}

fn without_pairs(
    read: &Read<'_>,
    connection: store::ConnectionId,
    ids: Vec<String>,
) -> Result<Vec<String>, StoreError> {
    let linked = store::link::items_by_remote_ids(read, connection, &ids)?;
    let severed = store::link::severed_by_remote_ids(read, connection, &ids)?;
    let known: BTreeSet<&str> = linked
        .keys()
        .chain(severed.keys())
        .map(String::as_str)
        .collect();
    let unknown = ids.iter().filter(|id| !known.contains(id.as_str()));
    Ok(unknown.cloned().collect())
}
