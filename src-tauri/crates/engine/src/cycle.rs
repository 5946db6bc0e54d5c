//! Keeping in step: one cycle of one integration.
//!
//! A cycle hears what changed in Jira since the last one, looks at the issues about which something is to do, takes
//! over what changed there, and sends what was edited here. What is to do about a field is always decided anew from
//! three values: what stands here, what Jira last said, and on what both had agreed. The list of issues to look at
//! (`store::due`) is an index and no more, so that a cycle that is cut off at any point is simply repeated:
//!
//! - Taking over is a run like an import, of the issues on the list, and applied by itself.
//! - Before a change is sent, the database says that it is under way. Afterwards both sides count as agreed on what was
//!   sent, and the issue is read once more: what Jira made of it, or somebody else meanwhile, is news like any other.
//! - If it is not known what came of a change, nothing is agreed, and reading tells: Jira says what was sent, or what it
//!   said before, and then it is sent again, or something else, and then a person decides.
//!
//! Issues of items that somebody pushed are made first, each at most once: see [`create`].
//!
//! No moment is compared to decide who wins; moments only tell what is worth looking at.

mod authors;
mod between;
mod compare;
mod create;
mod decisions;
mod doubts;
mod fuse;
mod gone;
mod hear;
mod links;
mod parent;
mod pull;
mod send;
mod service;
mod severing;
mod sprint;
mod transition;
mod turns;
mod unsent;

pub use compare::Compare;
pub(crate) use create::claim;
pub use decisions::{ConflictFilter, KeptDecisions, Resolved, Undecided};
pub(crate) use gone::integrated;
pub(crate) use parent::{PARENT, release_parts};
pub use service::{ConflictView, Cycles, DueView, ItemSync, UnmadeView};
pub(crate) use severing::sever;
pub(crate) use transition::STATUS_PROBLEMS;
pub use unsent::Unsent;
pub(crate) use unsent::unsent;

use crate::adapter::JiraRemote;
use crate::error::EngineError;
use crate::run::Ground;
use fuse::Fuse;
use jiff::{SignedDuration, Timestamp};
use jira::Clock;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use store::due::Due;
use store::run::RunCounts;
use store::{IntegrationId, Store};

/// Issues looked at in one pass: as many as are read in a few requests.
const PASS: u32 = 500;

/// What comes onto the list this long after a cycle began to go through it is the next one's. Where people edit all the
/// time a cycle would never end otherwise, and nothing would be heard of any more.
const TAKES_UP_FOR: SignedDuration = SignedDuration::from_secs(15);

/// How often an issue is taken up in a cycle after that: to be read, sent, and read once more.
const TAKEN_MAX: u32 = 3;

/// What is needed to keep one integration in step.
pub struct Cycle {
    /// The database.
    pub store: Store,
    /// The integration with its mapping.
    pub ground: Arc<Ground>,
    /// The site.
    pub remote: JiraRemote,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What was heard of already.
    pub heard: Arc<Heard>,
    /// How much is compared besides.
    pub compare: Compare,
    /// Requests that a broken connection or the site's own failure cut off.
    pub cut_off: AtomicUsize,
}

/// Issues that were heard of, with the moments at which they had changed: they are on the list, or were, and need not be
/// heard of again until they change again. Kept in memory only; not to know it costs one look at each.
#[derive(Default)]
pub struct Heard(Mutex<BTreeMap<String, Timestamp>>);

/// What a cycle did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CycleReport {
    /// Issues that had changed in Jira since the last cycle.
    pub heard: u64,
    /// Pairs put on the list to be compared once more, whatever was heard of them.
    pub compared: u64,
    /// What became of the items here.
    pub pulled: RunCounts,
    /// Issues that were changed in Jira.
    pub sent: u64,
    /// Issues that were made in Jira.
    pub made: u64,
    /// Issues about which something is still to do, those that are still to be made among them.
    pub waiting: u64,
    /// Of these, those for which somebody has to do something first.
    pub parked: u64,
    /// Fields in conflict.
    pub conflicts: u64,
    /// Pairs that were severed.
    pub severed: u64,
    /// Pairs of which a person is asked whether they are to be severed: there are unusually many.
    pub asked: u64,
}

impl CycleReport {
    /// Whether anything was heard, taken over or sent.
    #[must_use]
    pub fn is_eventful(&self) -> bool {
        let pulled = &self.pulled;
        let here = pulled.created + pulled.updated + self.severed;
        self.heard + self.made + self.sent + here > 0
    }
}

impl Cycle {
    /// Goes once through everything that is to do.
    ///
    /// # Errors
    /// What keeps the whole from going on: Jira does not accept who we are, or cannot be reached, or the database
    /// fails; or [`EngineError::FuseBlown`]. What concerns one issue is noted with that issue.
    pub async fn run(&self) -> Result<CycleReport, EngineError> {
        let mut fuse = self.fuse().await?;
        self.look_for_made().await?;
        let mut report = CycleReport {
            made: self.create().await?,
            ..CycleReport::default()
        };
        report.heard = self.hear().await?;
        report.compared = self.compare(self.compare).await?;
        let id = self.integration();
        self.look_again().await?;
        let now = self.clock.now();
        let until = now.saturating_add(TAKES_UP_FOR).unwrap_or(now);
        let mut taken = BTreeMap::new();
        loop {
            // Every pass takes each of its issues off the list, or puts it off, or sends something that is looked at
            // in the next one.
            let mut due = self.next_due(&fuse, until).await?;
            if self.clock.now() > until {
                // Nor may one that somebody sets again and again keep the cycle going.
                due.retain(|due| {
                    let times = taken.entry(due.remote_id.clone()).or_insert(0_u32);
                    *times += 1;
                    *times <= TAKEN_MAX
                });
            }
            if due.is_empty() {
                break;
            }
            let to_send = self.pull(&due, &mut fuse, &mut report).await?;
            self.weigh_sends(&mut fuse, to_send.len() as u64).await?;
            report.sent += self.send(to_send).await?;
        }
        let severed = self.carry_out().await?;
        (report.severed, report.asked) = (severed.severed, severed.asked);
        self.close_fuse(&fuse).await?;
        self.name_authors().await?;
        let (waiting, parked, conflicts) = self
            .store
            .read(move |read| {
                let (waiting, parked) = store::due::counts(read, id)?;
                let (unmade, unmade_parked) = store::create_intent::counts(read, id)?;
                let (waiting, parked) = (waiting + unmade, parked + unmade_parked);
                let conflicts = store::conflict::count_of_integration(read, id)?;
                Ok((waiting, parked, conflicts))
            })
            .await?;
        report.waiting = waiting;
        report.parked = parked;
        report.conflicts = conflicts;
        Ok(report)
    }

    /// The issues of the next pass: few, or all that wait where they have to be weighed together; only those that came onto
    /// the list before `until`.
    async fn next_due(&self, fuse: &Fuse, until: Timestamp) -> Result<Vec<Due>, EngineError> {
        let (id, now) = (self.integration(), self.clock.now().min(until));
        let ready = self
            .store
            .read(move |read| store::due::count_ready(read, id, now))
            .await?;
        let limit = if fuse.is_tight(ready) { u32::MAX } else { PASS };
        let due = self
            .store
            .read(move |read| store::due::next(read, id, now, limit))
            .await?;
        Ok(due)
    }

    fn integration(&self) -> IntegrationId {
        self.ground.integration.id
    }
}

impl Heard {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Timestamp>> {
        crate::run::lock(&self.0)
    }
}
#[cfg(test)]
mod tests;
