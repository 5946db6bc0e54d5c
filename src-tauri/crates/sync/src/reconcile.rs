//! The one table: what two sides and the value on which they last agreed make.
//!
//! | workspace | remote | outcome |
//! | --- | --- | --- |
//! | as agreed | as agreed | nothing |
//! | changed | as agreed | send the workspace's |
//! | as agreed | changed | take the remote's |
//! | changed | changed alike | agree on it |
//! | changed | changed otherwise | lists merge, and so do lines of texts where no changes touch; else the rule says who wins, or a person |
//!
//! A pair that goes one way only takes no changes the other way. No moment is ever compared.

mod lines;

use crate::mapping::{Direction, Winner};
use std::collections::BTreeSet;
use workspace::{Kind, Value};

/// One side of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The workspace.
    Workspace,
    /// The remote.
    Remote,
}

/// What a pair of fields goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Which way changes go.
    pub direction: Direction,
    /// Who wins when both sides changed.
    pub winner: Winner,
    /// Whether values are lists, which merge as additions and removals, or texts of lines, which do where no changes touch.
    pub merges: bool,
    /// Whose change was seen last, for [`Winner::Newest`]; none where nobody knows, then a person decides.
    pub seen_last: Option<Side>,
}

impl Rule {
    /// The rule of a pair whose workspace field is of this kind.
    #[must_use]
    pub fn new(direction: Direction, winner: Winner, kind: Kind) -> Self {
        Self {
            direction,
            winner,
            merges: matches!(
                kind,
                Kind::MultiSelect
                    | Kind::Timeframe
                    | Kind::Labels
                    | Kind::Dependencies
                    | Kind::LongText
                    | Kind::RichText
            ),
            seen_last: None,
        }
    }
}

/// What has changed since both sides last agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whether the workspace no longer holds what was agreed.
    pub workspace: bool,
    /// Whether the remote no longer holds what was agreed.
    pub remote: bool,
    /// Whether both sides hold the same.
    pub alike: bool,
}

impl Change {
    /// Compares two sides with what was agreed; where they never agreed, with nothing.
    #[must_use]
    pub fn of(base: Option<&Value>, workspace: &Value, remote: &Value) -> Self {
        let agreed = base.unwrap_or(&Value::None);
        // Where nothing was ever agreed, even two empty fields are yet to be agreed on.
        let untold = base.is_none() && workspace.is_none() && remote.is_none();
        Self {
            workspace: untold || !workspace.equal_enough(agreed),
            remote: untold || !remote.equal_enough(agreed),
            alike: workspace.equal_enough(remote),
        }
    }

    /// Compares anything else that can be told apart, for example parents.
    #[must_use]
    pub fn between<T: PartialEq>(base: &T, workspace: &T, remote: &T) -> Self {
        Self {
            workspace: workspace != base,
            remote: remote != base,
            alike: workspace == remote,
        }
    }
}

/// What is to be done about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    Nothing,
    /// Write the remote's value here, and agree on it.
    TakeRemote,
    /// Write the workspace's value at the remote.
    SendWorkspace,
    /// Both hold the same: agree on it, write nothing.
    AdvanceBase,
    /// Put both sides' additions and removals together, if that can be done.
    Merge,
    /// A person decides; both values are kept.
    Conflict,
}

/// What is to be done about a field, with the value where it is a new one.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing.
    Nothing,
    /// Write the remote's value here, and agree on it.
    TakeRemote,
    /// Write the workspace's value at the remote.
    SendWorkspace,
    /// Both hold the same: agree on it, write nothing.
    AdvanceBase,
    /// Write this value on both sides.
    Merge(Value),
    /// A person decides; both values are kept.
    Conflict,
}

/// The table. Total: every change under every rule has a verdict.
#[must_use]
pub fn verdict(change: Change, rule: Rule) -> Verdict {
    let Change {
        workspace,
        remote,
        alike,
    } = change;
    match (rule.direction, workspace, remote) {
        (_, false, false) => Verdict::Nothing,
        (_, _, _) if alike => Verdict::AdvanceBase,
        (Direction::SetOnce, _, _) => Verdict::Nothing,

        (Direction::Both | Direction::ToRemote, true, false) => Verdict::SendWorkspace,
        (Direction::FromRemote, true, false) => Verdict::Nothing,

        (Direction::Both | Direction::FromRemote, false, true) => Verdict::TakeRemote,
        (Direction::ToRemote, false, true) => Verdict::Nothing,

        (Direction::Both, true, true) if rule.merges => Verdict::Merge,
        (direction, true, true) => match (winner(rule), direction) {
            (None, _) => Verdict::Conflict,
            (Some(Side::Remote), Direction::ToRemote) => Verdict::Nothing,
            (Some(Side::Remote), _) => Verdict::TakeRemote,
            (Some(Side::Workspace), Direction::FromRemote) => Verdict::Nothing,
            (Some(Side::Workspace), _) => Verdict::SendWorkspace,
        },
    }
}

/// What two values and the one on which both sides last agreed make.
///
/// `base` is none where they never agreed: then what either side holds counts as changed.
#[must_use]
pub fn reconcile(base: Option<&Value>, workspace: &Value, remote: &Value, rule: Rule) -> Outcome {
    match verdict(Change::of(base, workspace, remote), rule) {
        Verdict::Nothing => Outcome::Nothing,
        Verdict::TakeRemote => Outcome::TakeRemote,
        Verdict::SendWorkspace => Outcome::SendWorkspace,
        Verdict::AdvanceBase => Outcome::AdvanceBase,
        Verdict::Conflict => Outcome::Conflict,
        Verdict::Merge => match merge(base.unwrap_or(&Value::None), workspace, remote) {
            // What cannot be put together goes by the rule of values that are never.
            None => {
                let whole = Rule {
                    merges: false,
                    ..rule
                };
                reconcile(base, workspace, remote, whole)
            }
            Some(merged) if merged.equal_enough(remote) => Outcome::TakeRemote,
            Some(merged) if merged.equal_enough(workspace) => Outcome::SendWorkspace,
            Some(merged) => Outcome::Merge(merged),
        },
    }
}

/// On what both sides agree once the remote has said `told`, if it was sent `sent` and nobody knows whether that arrived:
/// each entry of a list where the remote says of it what was sent; the others are as they were in `base`. None for values
/// that are no lists of one sort.
///
/// Without this, whoever takes back here what is under way would hear it from the remote as news.
#[must_use]
pub fn arrived(base: Option<&Value>, sent: &Value, told: &Value) -> Option<Value> {
    let sides = [base.unwrap_or(&Value::None), sent, told];
    let has_come = |[base, sent, told]: [bool; 3]| if sent == told { sent } else { base };
    each_list(sides, &has_come)
}

fn winner(rule: Rule) -> Option<Side> {
    match rule.winner {
        Winner::Ask => None,
        Winner::Remote => Some(Side::Remote),
        Winner::Workspace => Some(Side::Workspace),
        Winner::Newest => rule.seen_last,
    }
}

/// Both sides' additions and removals; none for values that are no lists of one sort, and for texts in which both changed
/// the same place.
fn merge(base: &Value, workspace: &Value, remote: &Value) -> Option<Value> {
    let stays = |[base, workspace, remote]: [bool; 3]| match base {
        true => workspace && remote,
        false => workspace || remote,
    };
    each_list([base, workspace, remote], &stays).or_else(|| lines::merge(base, workspace, remote))
}

/// The list of what is to be in it by where it is: for each entry, in which of the three it is. None for values that are no
/// lists of one sort.
fn each_list(sides: [&Value; 3], is_in: &impl Fn([bool; 3]) -> bool) -> Option<Value> {
    let options = lists(sides, is_in, |value| match value {
        Value::Options(list) => Some(list),
        _ => None,
    });
    let labels = || {
        lists(sides, is_in, |value| match value {
            Value::Labels(list) => Some(list),
            _ => None,
        })
    };
    let references = || {
        lists(sides, is_in, |value| match value {
            Value::References(list) => Some(list),
            _ => None,
        })
    };
    options
        .map(Value::options)
        .or_else(|| labels().map(Value::labels))
        .or_else(|| references().map(Value::references))
}

fn lists<T: Ord + Clone>(
    sides: [&Value; 3],
    is_in: &impl Fn([bool; 3]) -> bool,
    list: impl Fn(&Value) -> Option<&Vec<T>>,
) -> Option<Vec<T>> {
    let sides = sides.map(|value| match value {
        Value::None => Some(BTreeSet::new()),
        value => list(value).map(|list| list.iter().collect()),
    });
    let [Some(one), Some(two), Some(three)] = sides else {
        return None;
    };
    let sides: [BTreeSet<&T>; 3] = [one, two, three];
    let all: BTreeSet<&T> = sides.iter().flatten().copied().collect();
    let chosen = all
        .into_iter()
        .filter(|entry| is_in(sides.each_ref().map(|side| side.contains(entry))));
    Some(chosen.cloned().collect())
}

#[cfg(test)]
mod tests;
