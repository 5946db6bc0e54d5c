//! The loop breaker: a field that two sides set in turns to the same two values is left alone.
//!
//! An automation at the site that puts back whatever arrives, a second site that does, or two people who do not know of
//! each other: each change would be carried over and answered for ever.

use jiff::{SignedDuration, Timestamp};
use store::journal::{Base, Change, Origin, Turn};
use store::{Read, StoreError, WriteTx};
use workspace::{FieldKey, ItemId};

/// How far back is looked.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// So often a field was set in turns: A, B, A, B, A.
const TURNS: u32 = 5;

/// Whether a field of an item was set in turns.
///
/// # Errors
/// What the database meets.
pub fn is_loop(
    read: &Read<'_>,
    item: ItemId,
    field: FieldKey,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(!loop_of(read, item, field, now)?.is_empty())
}

/// How a field of an item was set in turns, the oldest first; empty if it was not.
///
/// # Errors
/// What the database meets.
pub fn loop_of(
    read: &Read<'_>,
    item: ItemId,
    field: FieldKey,
    now: Timestamp,
) -> Result<Vec<Turn>, StoreError> {
    let since = now.saturating_sub(WITHIN).unwrap_or(now);
    let mut turns = store::journal::turns(read, item, field, since, TURNS)?;
    if !take_turns(&turns) {
        return Ok(Vec::new());
    }
    turns.reverse();
    Ok(turns)
}

/// Notes that somebody has decided for what the item holds: the turns before count no more.
///
/// # Errors
/// What the database meets.
pub fn note_decision(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    let held = store::item::value(tx, item, field)?.unwrap_or_default();
    let decision = Change::Field {
        field,
        before: held.clone(),
        after: held,
        base: Base::Untold,
    };
    store::journal::append_single(tx, Origin::Here, &[(item, decision)], now)
}

fn take_turns(turns: &[Turn]) -> bool {
    let alternate = |pair: &[Turn]| pair[0].integration != pair[1].integration;
    let returns = |three: &[Turn]| {
        three[0].after.equal_enough(&three[2].after)
            && !three[0].after.equal_enough(&three[1].after)
    };
    turns.len() == TURNS as usize
        // Somebody who decides sets what is set already.
        && turns.iter().all(|turn| !is_decision(turn))
        && turns.windows(2).all(alternate)
        && turns.windows(3).all(returns)
}

/// Whether an entry says no more than that somebody has decided.
fn is_decision(turn: &Turn) -> bool {
    turn.before == turn.after
}

#[cfg(test)]
mod tests;
