//! The safety fuse: a cycle that would change unusually much stops, and a person is asked.
//!
//! A mistake in Jira, or in the mapping, makes many changes at once, and what syncs carries it to the other side within
//! minutes. So what a cycle would do is weighed before it is done: taken together, not pass by pass. What only comes to
//! something empty weighs nothing: nothing is lost by it.

use super::Cycle;
use crate::error::EngineError;
use crate::run::plan;
use store::fuse::{Fuse as Blown, FuseLimits};
use store::run::RunState;
use store::run_row::Action;
use store::{IntegrationId, RunId, StoreError, WriteTx};

/// From here on a share is no limit any more.
const ALL_PERCENT: u8 = 100;
/// Few items are never unusually many.
const FLOOR: u64 = 100;
/// Few emptied ones are not, either.
const BLANKED_FLOOR: u64 = 25;

/// What a cycle has done so far, and how much it may do.
pub struct Fuse {
    linked: u64,
    limits: FuseLimits,
    /// Somebody has looked already.
    is_released: bool,
    /// Items that were changed, whether they lost something or not.
    updates: u64,
    incoming: u64,
    blanked: u64,
    outgoing: u64,
}

impl Fuse {
    fn limit(&self) -> u64 {
        self.share(self.limits.changed_percent, FLOOR)
    }

    fn blanked_limit(&self) -> u64 {
        self.share(self.limits.emptied_percent, BLANKED_FLOOR)
    }

    fn share(&self, percent: u8, floor: u64) -> u64 {
        match percent {
            ALL_PERCENT.. => u64::MAX,
            percent => (self.linked * u64::from(percent) / 100).max(floor),
        }
    }

    fn is_too_much(&self) -> bool {
        let much = self.incoming.max(self.outgoing) > self.limit();
        !self.is_released && (much || self.blanked > self.blanked_limit())
    }

    /// Whether so many issues on the list may come to too much, so that they have to be weighed together.
    pub fn is_tight(&self, listed: u64) -> bool {
        !self.is_released && listed > self.limit().min(self.blanked_limit())
    }

    fn blown(&self, run: Option<RunId>, now: jiff::Timestamp) -> Blown {
        Blown {
            run,
            incoming: self.incoming,
            blanked: self.blanked,
            outgoing: self.outgoing,
            linked: self.linked,
            blown_at: now,
            is_released: false,
        }
    }
}

impl Cycle {
    /// Makes the fuse of this cycle.
    ///
    /// # Errors
    /// [`EngineError::FuseBlown`] if an earlier cycle has stopped and nobody has decided.
    pub(super) async fn fuse(&self) -> Result<Fuse, EngineError> {
        let id = self.integration();
        let (blown, linked, limits) = self
            .store
            .read(move |read| {
                let blown = store::fuse::get(read, id)?;
                let linked = store::link::count_of_integration(read, id)?;
                Ok((blown, linked, store::fuse::limits(read, id)?))
            })
            .await?;
        match blown {
            Some(blown) if !blown.is_released => Err(error(&blown)),
            blown => Ok(Fuse {
                linked,
                limits,
                is_released: blown.is_some(),
                updates: 0,
                incoming: 0,
                blanked: 0,
                outgoing: 0,
            }),
        }
    }

    /// Weighs a plan of what would be taken over, on top of what the cycle has done.
    ///
    /// # Errors
    /// [`EngineError::FuseBlown`], and then nothing of the plan may be done. It is kept, to be looked at.
    pub(super) async fn weigh(&self, fuse: &mut Fuse, run: RunId) -> Result<(), EngineError> {
        let counts = self
            .store
            .read(move |read| store::run_row::plan_counts(read, run))
            .await?;
        let updates = counts.iter().filter(|it| it.action == Some(Action::Update));
        let updates: u64 = updates.map(|count| count.rows).sum();
        fuse.updates += updates;
        // Few cannot be too many, whatever they lose: then it need not be found out.
        if updates > 0 && fuse.updates > fuse.limit().min(fuse.blanked_limit()) {
            let losses = plan::losses(&self.store, run, &self.ground).await?;
            fuse.incoming += losses.replaced;
            fuse.blanked += losses.emptied;
        }
        if !fuse.is_too_much() {
            return Ok(());
        }
        let (id, now) = (self.integration(), self.clock.now());
        let blown = fuse.blown(Some(run), now);
        self.store
            .write(move |tx| {
                store::run::set_state(tx, run, RunState::Planned, now)?;
                store::fuse::set(tx, id, &blown)
            })
            .await?;
        Err(error(&blown))
    }

    /// Weighs what would be sent, on top of what the cycle has done.
    ///
    /// # Errors
    /// [`EngineError::FuseBlown`], and then nothing of it may be sent.
    pub(super) async fn weigh_sends(
        &self,
        fuse: &mut Fuse,
        issues: u64,
    ) -> Result<(), EngineError> {
        fuse.outgoing += issues;
        if !fuse.is_too_much() {
            return Ok(());
        }
        let (id, blown) = (self.integration(), fuse.blown(None, self.clock.now()));
        self.store
            .write(move |tx| store::fuse::set(tx, id, &blown))
            .await?;
        Err(error(&blown))
    }

    /// What somebody let go on has gone through: the next cycle is weighed as any other.
    pub(super) async fn close_fuse(&self, fuse: &Fuse) -> Result<(), EngineError> {
        if fuse.is_released {
            let id = self.integration();
            self.store
                .write(move |tx| store::fuse::clear(tx, id))
                .await?;
        }
        Ok(())
    }
}

/// Decides about a cycle that stopped: it goes on, or what is to do is looked at anew. The plan that was kept to be
/// looked at goes. False if none has stopped.
///
/// # Errors
/// What the database meets.
pub(super) fn decide(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    goes_on: bool,
    now: jiff::Timestamp,
) -> Result<bool, StoreError> {
    let Some(blown) = store::fuse::get(tx, id)? else {
        return Ok(false);
    };
    if let Some(run) = blown.run {
        store::run::set_state(tx, run, RunState::Cancelled, now)?;
        store::run_row::delete_all(tx, run)?;
        store::run::delete(tx, run)?;
    }
    if goes_on {
        let released = Blown {
            run: None,
            is_released: true,
            ..blown
        };
        store::fuse::set(tx, id, &released)?;
    } else {
        store::fuse::clear(tx, id)?;
    }
    Ok(true)
}

fn error(blown: &Blown) -> EngineError {
    EngineError::FuseBlown {
        incoming: blown.incoming,
        outgoing: blown.outgoing,
        blanked: blown.blanked,
        linked: blown.linked,
    }
}
