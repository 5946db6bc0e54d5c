//! Severing pairs: a few at once by itself, unusually many only when a person has said so.

use super::Cycle;
use crate::error::EngineError;
use crate::{Engine, Topic};
use jiff::{SignedDuration, Timestamp};
use store::journal::{Change, Origin};
use store::link::SeverReason;
use store::severing::Severing;
use store::{IntegrationId, LinkId, StoreError, WriteTx};

/// So many pairs are severed in one cycle without a question, however few there are.
const FEW: u64 = 5;
/// Of more pairs than these at most one in so many.
const ONE_IN: u64 = 20;
/// How long after a person has said that pairs stay that is looked at anew.
const AFTER_NO: SignedDuration = SignedDuration::from_hours(24);

/// What became of the pairs that were to be severed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Severed {
    /// Severed.
    pub severed: u64,
    /// Left in force, until a person has said so.
    pub asked: u64,
}

/// How many pairs of an integration one cycle severs by itself, of so many that are in force.
fn unasked_max(linked: u64) -> u64 {
    FEW.max(linked / ONE_IN)
}

impl Cycle {
    /// Severs what was found to be severed, or asks, where there is unusually much of it.
    pub(super) async fn carry_out(&self) -> Result<Severed, EngineError> {
        let (id, now) = (self.integration(), self.clock.now());
        let found = self
            .store
            .read(move |read| store::severing::list(read, Some(id)))
            .await?;
        if found.is_empty() {
            return Ok(Severed::default());
        }
        let done = self.store.write(move |tx| {
            let found = store::severing::list(tx, Some(id))?;
            let asked = found.iter().any(|found| found.asked_at.is_some());
            let count = found.len() as u64;
            if asked || count > unasked_max(store::link::count_of_integration(tx, id)?) {
                store::severing::ask(tx, id, now)?;
                return Ok(Severed {
                    severed: 0,
                    asked: count,
                });
            }
            sever_all(tx, &found, Origin::Run, now)?;
            Ok(Severed {
                severed: count,
                asked: 0,
            })
        });
        Ok(done.await?)
    }
}

impl Engine {
    /// Answers the question about pairs of an integration that are to be severed: severs them, or leaves them in force.
    /// Gives how many there were. A pair whose issue was reached since it was asked is no longer among them.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn decide_severing(
        &self,
        id: IntegrationId,
        sever: bool,
    ) -> Result<u64, EngineError> {
        let now = self.now();
        let decided = self
            .inner
            .store
            .write(move |tx| decide(tx, id, sever, now))
            .await?;
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(decided)
    }
}

/// As [`Engine::decide_severing`].
pub(super) fn decide(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    sever: bool,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut found = store::severing::list(tx, Some(id))?;
    found.retain(|found| found.asked_at.is_some());
    if sever {
        sever_all(tx, &found, Origin::Here, now)?;
        return Ok(found.len() as u64);
    }
    let later = now.saturating_add(AFTER_NO).unwrap_or(now);
    for found in &found {
        store::severing::withdraw(tx, found.link)?;
        if let Some(link) = store::link::get(tx, found.link)? {
            store::absence::unhear(tx, id, &[&link.remote_id], later)?;
        }
    }
    Ok(found.len() as u64)
}

fn sever_all(
    tx: &WriteTx<'_>,
    found: &[Severing],
    origin: Origin,
    now: Timestamp,
) -> Result<(), StoreError> {
    for found in found {
        sever(tx, found.link, found.reason, origin, now)?;
    }
    Ok(())
}

/// Severs a pair, with its entry in the journal. Both sides live on.
pub(crate) fn sever(
    tx: &WriteTx<'_>,
    id: LinkId,
    reason: SeverReason,
    origin: Origin,
    now: Timestamp,
) -> Result<(), StoreError> {
    let link = store::link::get(tx, id)?.ok_or_else(|| StoreError::NotFound {
        what: "link",
        id: id.0.to_string(),
    })?;
    store::link::sever(tx, id, reason, now)?;
    store::severing::withdraw(tx, id)?;
    if let Some(integration) = link.integration {
        store::absence::clear(tx, integration, &[&link.remote_id])?;
        match origin {
            // The cycle has done with it.
            Origin::Run => store::due::drop(tx, integration, &link.remote_id)?,
            Origin::Here | Origin::Sent => {
                store::due::release(tx, integration, &link.remote_id, now)?;
            }
        }
    }
    let change = Change::Severed {
        key: link.seen.key,
        reason,
    };
    store::journal::append_single(tx, origin, &[(link.item, change)], now)
}

#[cfg(test)]
mod tests {
    use super::unasked_max;

    #[test]
    fn few_pairs_are_severed_unasked_and_of_many_a_twentieth() {
        for (linked, max) in [(0, 5), (20, 5), (100, 5), (120, 6), (4000, 200)] {
            assert_eq!(unasked_max(linked), max, "of {linked}");
        }
    }
}
