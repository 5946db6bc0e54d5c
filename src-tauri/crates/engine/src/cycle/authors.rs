//! Who made at the site what a cycle took over.
//!
//! An issue says what it holds and not who made it so. Its history does, and is asked when everything else is done: a
//! cycle is not held up by it, and if it is cut off, the next one asks.

use super::Cycle;
use super::between::is_of;
use super::parent::PARENT;
use crate::error::EngineError;
use futures::{StreamExt as _, TryStreamExt as _};
use jira::{Change as Line, FieldChange};
use std::collections::BTreeMap;
use store::JournalSeq;
use store::connection::SiteKind;
use store::journal::{Change, Entry};
use workspace::{FieldKey, SystemField};

/// Changes of which a cycle asks who made them. Cloud tells that of all their issues in one answer; Data Center is asked
/// for one issue after another.
const ASKED: u32 = 200;
/// Histories that Data Center is asked for at once.
const AT_ONCE: usize = 8;

/// What is called so in the history of an issue when it became part of another one.
const MOVES: [&str; 5] = [
    "IssueParentAssociation",
    "Parent",
    "Parent Issue",
    "Epic Link",
    "Parent Link",
];

const DEV_STATUS: FieldKey = FieldKey::System(SystemField::DevStatus);
const STATUS: FieldKey = FieldKey::System(SystemField::Status);

type Histories = BTreeMap<String, Vec<Line>>;

impl Cycle {
    /// Asks who made what was taken over, of the oldest changes of which that was not asked yet.
    ///
    /// # Errors
    /// What keeps the whole from going on. That a history cannot be told does not: nobody knows then.
    pub(super) async fn name_authors(&self) -> Result<(), EngineError> {
        let id = self.integration();
        let unnamed = self.store.read(move |read| {
            let entries = store::journal::unnamed(read, id, ASKED)?;
            let items: Vec<_> = entries.iter().map(|entry| entry.item).collect();
            let mut links = store::link::by_items(read, &items)?;
            let mut issue = |entry: &Entry| {
                let links = links.get_mut(&entry.item)?;
                let own = links.iter().rfind(|link| link.integration == Some(id))?;
                Some(own.remote_id.clone())
            };
            let with_issue = entries.into_iter().map(|entry| (issue(&entry), entry));
            Ok(with_issue.collect::<Vec<_>>())
        });
        let unnamed = unnamed.await?;
        if unnamed.is_empty() {
            return Ok(());
        }
        let mut issues: Vec<String> = unnamed.iter().filter_map(|(id, _)| id.clone()).collect();
        issues.sort_unstable();
        issues.dedup();
        let histories = self.histories(&issues).await?;
        let named: Vec<(JournalSeq, String)> = unnamed
            .iter()
            .map(|(issue, entry)| {
                let history = issue.as_ref().and_then(|id| histories.get(id));
                let author = history.and_then(|lines| self.author(lines, entry));
                (entry.seq, author.unwrap_or_default())
            })
            .collect();
        self.store
            .write(move |tx| {
                named
                    .iter()
                    .try_for_each(|(seq, author)| store::journal::set_author(tx, *seq, author))
            })
            .await?;
        Ok(())
    }

    /// The histories of some issues. What cannot be told while the site answers otherwise is left out.
    async fn histories(&self, issues: &[String]) -> Result<Histories, EngineError> {
        if self.ground.connection.data.kind == SiteKind::Cloud {
            let mut histories = Histories::new();
            let mut cursor = None;
            loop {
                let page = self.remote.client().changes(issues, cursor.as_deref());
                let page = match page.await {
                    Ok(page) => page,
                    Err(error) => {
                        self.remote.client().of_one(error).await?;
                        return Ok(histories);
                    }
                };
                for (issue, lines) in page.changes {
                    histories.entry(issue).or_default().extend(lines);
                }
                cursor = page.next;
                if cursor.is_none() {
                    return Ok(histories);
                }
            }
        }
        let found = futures::stream::iter(issues.to_vec())
            .map(|issue| self.history_of(issue))
            .buffer_unordered(AT_ONCE);
        found.try_collect().await
    }

    async fn history_of(&self, issue: String) -> Result<(String, Vec<Line>), EngineError> {
        match self.remote.client().history(&issue).await {
            Ok(history) => Ok((issue, history.unwrap_or_default().changes)),
            Err(error) => {
                self.remote.client().of_one(error).await?;
                Ok((issue, Vec::new()))
            }
        }
    }

    /// Who made the last change of a field before it was taken over, of any if the clocks say none was before.
    fn author(&self, history: &[Line], entry: &Entry) -> Option<String> {
        let mut own = history
            .iter()
            .filter(|line| line.items.iter().any(|item| self.is_told_by(item, entry)));
        let was_before = |line: &&Line| line.at.is_none_or(|at| at <= entry.at);
        let line = own.clone().rfind(was_before).or_else(|| own.next())?;
        let author = line.author.as_ref()?;
        Some(author.name.clone()).filter(|name| !name.is_empty())
    }

    fn is_told_by(&self, item: &FieldChange, entry: &Entry) -> bool {
        match &entry.change {
            Change::Field { field, .. } if *field == DEV_STATUS => is_of(item, STATUS, None),
            Change::Field { field, .. } if *field != PARENT => {
                is_of(item, *field, self.ground.remote_field(*field))
            }
            Change::Field { .. } | Change::Parent { .. } => {
                item.field.as_deref() == Some("parent") || MOVES.contains(&item.name.as_str())
            }
            Change::Type { .. } => item.name == "issuetype",
            _ => false,
        }
    }
}
