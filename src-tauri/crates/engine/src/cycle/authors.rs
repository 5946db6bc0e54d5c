//! Who made at the site what a cycle took over.
//!
//! An issue says what it holds and not who made it so. Its history does, and is asked when everything else is done: nothing
//! is held up by it, and what is not told in this cycle is asked for in the next one. Only a change of an issue counts that
//! was made between two looks at it, by the site's own time: what follows from another mapping here was made by nobody there.

use super::Cycle;
use super::between::is_of;
use super::parent::PARENT;
use crate::error::EngineError;
use jiff::{SignedDuration, Timestamp};
use jira::{Change as Line, FieldChange, History};
use std::collections::BTreeMap;
use store::connection::SiteKind;
use store::journal::{Change, Entry, Unnamed};
use store::{JournalSeq, LinkId, RunId, StoreError, WriteTx};
use workspace::{FieldKey, SystemField};

/// Changes of which a cycle asks who made them.
const ASKED: u32 = 200;
/// Issues that are asked for together: at once on Data Center, in one request on Cloud.
const TOGETHER: usize = 8;
/// Pages of histories that are read of so many issues on Cloud, of a thousand changes each, the oldest first. Nobody is found
/// beyond.
const PAGES_MAX: usize = 20;
/// A site may note a change a moment after it says that the issue changed.
const NOTED_AFTER: SignedDuration = SignedDuration::from_secs(1);

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

/// Why nobody is told.
enum Untold {
    /// Nobody knows.
    Ever,
    /// The site does not answer now.
    Now,
}

/// Lets it be asked who made what a run brought in, of issues that changed since `seen`.
///
/// # Errors
/// What the database meets.
pub(super) fn ask(
    tx: &WriteTx<'_>,
    run: RunId,
    seen: &BTreeMap<LinkId, Timestamp>,
) -> Result<(), StoreError> {
    let items = store::journal::items_of_run(tx, run)?;
    for (item, links) in store::link::by_items(tx, &items)? {
        let moments = links
            .iter()
            .find_map(|link| Some((*seen.get(&link.id)?, link.seen.updated_at?)));
        if let Some((after, until)) = moments.filter(|(after, until)| after < until) {
            store::journal::ask_authors(tx, run, item, (after, until))?;
        }
    }
    Ok(())
}

impl Cycle {
    /// Asks who made what was taken over, of the oldest changes of which that was not asked yet.
    ///
    /// # Errors
    /// That Jira does not accept who we are, or what the database meets. Whatever else is in the way of it is in the way of
    /// nothing else.
    pub(super) async fn name_authors(&self) -> Result<(), EngineError> {
        let id = self.integration();
        let unnamed = self.store.read(move |read| {
            let unnamed = store::journal::unnamed(read, id, ASKED)?;
            let items: Vec<_> = unnamed.iter().map(|one| one.entry.item).collect();
            let links = store::link::by_items(read, &items)?;
            let issue = |one: &Unnamed| {
                let own = links.get(&one.entry.item)?.iter();
                let mut own = own.filter(|link| link.integration == Some(id));
                own.next_back().map(|link| link.remote_id.clone())
            };
            let mut by_issue: BTreeMap<Option<String>, Vec<Unnamed>> = BTreeMap::new();
            for one in unnamed {
                by_issue.entry(issue(&one)).or_default().push(one);
            }
            Ok(by_issue)
        });
        let mut by_issue = unnamed.await?;
        // Those that came apart from their issues meanwhile are nobody's.
        let apart = by_issue.remove(&None).unwrap_or_default();
        self.name(&[(Vec::new(), apart)]).await?;
        let mut issues: Vec<String> = by_issue.keys().flatten().cloned().collect();
        while !issues.is_empty() {
            let some: Vec<String> = issues.drain(..issues.len().min(TOGETHER)).collect();
            let changes = some.iter().map(|issue| {
                let changes = by_issue.remove(&Some(issue.clone()));
                (issue, changes.unwrap_or_default())
            });
            let changes: Vec<(&String, Vec<Unnamed>)> = changes.collect();
            let after = changes.iter().flat_map(|(_, changes)| changes);
            let after = after.map(|one| one.after).min();
            let mut histories = match self.histories(&some, after).await {
                Ok(histories) => histories,
                Err(error) => match self.untold(error).await? {
                    Untold::Ever => Histories::new(),
                    Untold::Now => return Ok(()),
                },
            };
            let told = changes.into_iter().map(|(issue, changes)| {
                let lines = histories.remove(issue).unwrap_or_default();
                (lines, changes)
            });
            self.name(&told.collect::<Vec<_>>()).await?;
        }
        Ok(())
    }

    /// Notes who made changes, as the histories of their issues tell it.
    async fn name(&self, told: &[(Vec<Line>, Vec<Unnamed>)]) -> Result<(), EngineError> {
        let each = told
            .iter()
            .flat_map(|(lines, changes)| changes.iter().map(move |one| (lines, one)));
        let named: Vec<(JournalSeq, String)> = each
            .map(|(lines, one)| {
                let author = self.author(lines, one).unwrap_or_default();
                (one.entry.seq, author)
            })
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |tx| {
                named
                    .iter()
                    .try_for_each(|(seq, author)| store::journal::set_author(tx, *seq, author))
            })
            .await?;
        Ok(())
    }

    /// What some issues' histories tell of the time after a moment.
    async fn histories(
        &self,
        issues: &[String],
        after: Option<Timestamp>,
    ) -> Result<Histories, jira::Error> {
        let client = self.remote.client();
        let is_since = |line: &Line| {
            line.at
                .is_some_and(|at| after.is_none_or(|after| at > after))
        };
        let mut histories = Histories::new();
        if self.ground.connection.data.kind == SiteKind::Cloud {
            let mut cursor = None;
            for _ in 0..PAGES_MAX {
                let page = client.changes(issues, cursor.as_deref()).await?;
                for (issue, lines) in page.changes {
                    let since = lines.into_iter().filter(is_since);
                    histories.entry(issue).or_default().extend(since);
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            return Ok(histories);
        }
        let each = issues.iter().map(|issue| client.history(issue));
        let found = futures::future::join_all(each).await;
        for (issue, history) in issues.iter().zip(found) {
            let history = match history {
                Ok(history) => history.unwrap_or_default(),
                // That one history is not told says nothing of the others.
                Err(error) => client.of_one(error).await.map(|_| History::default())?,
            };
            let lines = history.changes;
            let since = lines.into_iter().filter(is_since);
            histories.insert(issue.clone(), since.collect());
        }
        Ok(histories)
    }

    /// Whether what is in the way says that nobody knows, or that the site does not answer now.
    async fn untold(&self, error: jira::Error) -> Result<Untold, EngineError> {
        match self.remote.client().of_one(error).await {
            Ok(_) => Ok(Untold::Ever),
            Err(error @ jira::Error::Auth(_)) => Err(error.into()),
            Err(_) => Ok(Untold::Now),
        }
    }

    /// Who changed a field last between the two looks.
    fn author(&self, history: &[Line], one: &Unnamed) -> Option<String> {
        let until = one.until.saturating_add(NOTED_AFTER).unwrap_or(one.until);
        let own = history.iter().filter(|line| {
            let is_between = line.at.is_some_and(|at| one.after < at && at <= until);
            is_between
                && line
                    .items
                    .iter()
                    .any(|item| self.is_told_by(item, &one.entry))
        });
        let author = own.last()?.author.as_ref()?;
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
