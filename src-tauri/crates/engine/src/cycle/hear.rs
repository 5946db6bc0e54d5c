//! Which issues changed in Jira since the last look.

use super::{Cycle, gone};
use crate::error::EngineError;
use crate::run::CLOCKS_APART;
use crate::scope::effective_jql;
use jiff::{SignedDuration, Timestamp};
use jira::jql;
use std::collections::BTreeMap;
use store::run::RunKind;
use store::{IntegrationId, Read, StoreError};

/// How far behind the last change that was heard of the next look begins: the search learns of changes later than
/// the issues themselves, and not in their order.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// Of which issues is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Of all of the project.
    Project,
    /// Of those that meet the integration's filter.
    Filter,
}

impl Cycle {
    /// Asks what changed, and puts what is news on the list; gives how many issues that are. One request where nothing
    /// is, and then nothing is written.
    ///
    /// Where the look begins is told by the site's own moments, not by a clock of ours: from the last change that was
    /// heard of. What changed within the overlap is found again each time and is no news.
    pub(super) async fn hear(&self) -> Result<u64, EngineError> {
        let id = self.integration();
        let heard = self
            .store
            .read(
                move |read| match store::integration::heard_until(read, id)? {
                    Some(heard) => Ok(Some(heard)),
                    None => first_look(read, id),
                },
            )
            .await?;
        let Some(heard) = heard else {
            // Nothing was ever imported: what is to come in is somebody's to look at first.
            return Ok(0);
        };
        let since = |reach| self.changes_since(heard, reach);
        let changed = self.remote.changed(&since(Reach::Project)).await?;
        let latest = changed.values().filter(|at| **at != Timestamp::MAX).max();
        let latest = latest.copied().unwrap_or(heard).max(heard);
        let mut news = self.news(&changed).await?;
        let mut outside = Vec::new();
        if !news.is_empty() && !self.ground.integration.data.jql.trim().is_empty() {
            // Also of an issue that is linked and left the filter everything is news; of others only what meets it.
            let inside = self.remote.changed(&since(Reach::Filter)).await?;
            (news, outside) = self.by_filter(news, inside).await?;
        }
        let now = self.clock.now();
        let count = news.len() as u64;
        if count > 0 || latest > heard {
            self.store
                .write(move |tx| {
                    gone::stray(tx, id, &outside, now)?;
                    store::due::mark(tx, id, &news, now)?;
                    store::integration::set_heard_until(tx, id, latest)
                })
                .await?;
        }
        // Not before they are on the list. What lies before the overlap is not found again, and is forgotten.
        *self.heard.lock() = changed;
        Ok(count)
    }

    /// Of what is news, that which is worth looking at: what meets the filter or is linked; and of this, what is linked
    /// and does not meet it.
    async fn by_filter(
        &self,
        news: Vec<String>,
        inside: BTreeMap<String, Timestamp>,
    ) -> Result<(Vec<String>, Vec<String>), EngineError> {
        let (connection, id) = (self.ground.connection_id(), self.integration());
        let (mut news, rest): (Vec<_>, Vec<_>) = news
            .into_iter()
            .partition(|issue| inside.contains_key(issue));
        let outside: Vec<String> = self
            .store
            .read(move |read| {
                let links = store::link::by_remote_ids(read, connection, &rest)?.into_iter();
                let ours = links.filter(|(_, link)| link.integration == Some(id));
                Ok(ours.map(|(issue, _)| issue).collect())
            })
            .await?;
        news.extend(outside.iter().cloned());
        Ok((news, outside))
    }

    /// Closed issues are among what is asked for: that one was closed is news for its item.
    fn changes_since(&self, heard: Timestamp, reach: Reach) -> String {
        let data = &self.ground.integration.data;
        let since = heard.saturating_sub(OVERLAP).unwrap_or(heard);
        let own = match reach {
            Reach::Project => "",
            Reach::Filter => data.jql.as_str(),
        };
        let scope = effective_jql(&data.project_key, own, true);
        jql::all_of(&[&scope, &self.ground.updated_since(since)])
    }

    /// Of what changed, that which is not known as it is now. Where pairs were linked again and nothing was imported yet, it is
    /// of these only: the rest of the project is somebody's to look at first.
    async fn news(
        &self,
        changed: &BTreeMap<String, Timestamp>,
    ) -> Result<Vec<String>, EngineError> {
        let (connection, id) = (self.ground.connection_id(), self.integration());
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        // Where the site does not say when, everything is news.
        let heard = |heard: &BTreeMap<String, Timestamp>, id: &String, at: &Timestamp| {
            *at != Timestamp::MAX && heard.get(id) == Some(at)
        };
        let found: Vec<(String, Timestamp, bool)> = {
            let kept = self.heard.lock();
            let found = changed.iter();
            found
                .map(|(id, at)| (id.clone(), *at, heard(&kept, id, at)))
                .collect()
        };
        let news = self.store.read(move |read| {
            let ids: Vec<&str> = found.iter().map(|(id, ..)| id.as_str()).collect();
            let seen = seen(read, connection, &ids)?;
            let brings_in = store::link::is_any_of_integration(read, id)?;
            let is_news = |id: &String, at: &Timestamp, was_heard: bool| match seen.get(id) {
                // What was read then may have been older than what is heard of now: it is not done with.
                Some(seen) if was_heard => *seen < at.as_millisecond(),
                Some(seen) => *seen != at.as_millisecond(),
                None => !was_heard && brings_in,
            };
            let news = found.iter().filter(|(id, at, was)| is_news(id, at, *was));
            Ok(news.map(|(id, ..)| id.clone()).collect())
        });
        Ok(news.await?)
    }
}

/// Where the first look begins: at the last change that is known, but not after the import began to read. What changed
/// behind its back while it went on reading was read as it was before.
fn first_look(read: &Read<'_>, id: IntegrationId) -> Result<Option<Timestamp>, StoreError> {
    let Some(last) = store::link::last_change(read, id)? else {
        return Ok(None);
    };
    let runs = store::run::of_integration(read, id)?.into_iter();
    let imports = runs.filter(|run| run.kind == RunKind::Import);
    let began = imports.map(|run| run.started_at).min();
    let began = began.and_then(|began| began.checked_sub(CLOCKS_APART).ok());
    Ok(Some(began.map_or(last, |began| began.min(last))))
}

/// When linked issues had changed when they were last read, in milliseconds, which is all that the database keeps.
fn seen(
    read: &Read<'_>,
    connection: store::ConnectionId,
    ids: &[&str],
) -> Result<BTreeMap<String, i64>, StoreError> {
    let links = store::link::by_remote_ids(read, connection, ids)?;
    Ok(links
        .into_iter()
        .filter_map(|(id, link)| Some((id, link.seen.updated_at?.as_millisecond())))
        .collect())
}
