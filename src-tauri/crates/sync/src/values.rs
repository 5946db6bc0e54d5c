//! Mapping choices: which priority is which importance, which option is which.

use crate::mapping::ValuePair;
use crate::names::{ALIKE, percent, similarity};
use crate::remote::RemoteOption;
use std::collections::BTreeSet;
use workspace::{Field, FieldKey, FieldOption, OptionId, SystemField};

/// Proposed pairs of choices, and the choices that found none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueProposals {
    /// Pairs, the surest first, else in the remote's order. So of several remote choices for one of the
    /// workspace's the likeliest stands first: it is the one to write.
    pub pairs: Vec<ValueProposal>,
    /// The remote's option ids without a counterpart.
    pub unmapped_remote: Vec<String>,
    /// The workspace's choices without a counterpart.
    pub unmapped_here: Vec<OptionId>,
}

/// A proposed pair of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueProposal {
    /// The pair.
    pub pair: ValuePair,
    /// How sure the proposal is, in percent.
    pub confidence: u8,
    /// What it rests on.
    pub reason: ValueReason,
}

/// What a proposed pair of choices rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueReason {
    /// The same name, case and accents aside.
    SameName,
    /// Names alike.
    SimilarName,
    /// The same place in the order, from the most to the least.
    Order,
}

/// Proposes a choice of `field` for each choice of the remote: by name; for importance then by order.
/// `options` are choices of the workspace; those of other fields are passed over.
#[must_use]
pub fn propose(field: &Field, options: &[FieldOption], remote: &[RemoteOption]) -> ValueProposals {
    let mut here: Vec<&FieldOption> = options
        .iter()
        .filter(|option| option.field == field.key)
        .collect();
    here.sort_by_key(|option| option.position);
    let ordered = field.key == FieldKey::System(SystemField::Importance);
    let mut found = by_name(&here, remote, ordered);
    if ordered {
        by_order(&here, remote, &mut found);
    }
    gather(&here, remote, found)
}

/// Index of the workspace's choice, confidence, reason; one for each choice of the remote.
type Found = Vec<Option<(usize, u8, ValueReason)>>;

fn by_name(here: &[&FieldOption], remote: &[RemoteOption], exact_only: bool) -> Found {
    remote
        .iter()
        .map(|option| {
            let (place, likeness) = likeliest(here, &option.name)?;
            if likeness >= 1.0 {
                Some((place, 100, ValueReason::SameName))
            } else if likeness >= ALIKE && !exact_only {
                Some((place, percent(likeness), ValueReason::SimilarName))
            } else {
                None
            }
        })
        .collect()
}

/// The choice whose name is most like another one; the first of several that are equally like it.
pub(crate) fn likeliest(here: &[&FieldOption], name: &str) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (place, option) in here.iter().enumerate() {
        let likeness = similarity(&option.name, name);
        if best.is_none_or(|(_, best)| likeness > best) {
            best = Some((place, likeness));
        }
    }
    best
}

/// Fills the gaps between choices of equal name in order, so that what is more stays more.
fn by_order(here: &[&FieldOption], remote: &[RemoteOption], found: &mut Found) {
    if here.is_empty() {
        return;
    }
    let mut place = 0;
    while place < remote.len() {
        if found[place].is_some() {
            place += 1;
            continue;
        }
        let end = (place..remote.len())
            .find(|&next| found[next].is_some())
            .unwrap_or(remote.len());
        let above = place
            .checked_sub(1)
            .and_then(|before| found[before])
            .map(|(here, _, _)| here);
        let below = found.get(end).copied().flatten().map(|(here, _, _)| here);
        let first = above.map_or(0, |above| above + 1);
        let last = below.unwrap_or(here.len());
        for (step, gap) in (place..end).enumerate() {
            let target = if first < last {
                first + spread(step, end - place, last - first)
            } else {
                // Nothing is left in between: share a neighbour, at the ends the outermost one.
                below.filter(|_| above.is_none()).or(above).unwrap_or(0)
            };
            let confidence = if first < last { 75 } else { 60 };
            found[gap] = Some((target, confidence, ValueReason::Order));
        }
        place = end;
    }
}

/// Place of the `step`-th of `from` things among `to` places.
fn spread(step: usize, from: usize, to: usize) -> usize {
    if from == to + 1 || to == 1 {
        // One more than there is room for: the lowest two share.
        return step.min(to - 1);
    }
    if from == 1 {
        return to - 1;
    }
    (2 * step * (to - 1) + (from - 1)) / (2 * (from - 1))
}

fn gather(here: &[&FieldOption], remote: &[RemoteOption], found: Found) -> ValueProposals {
    let mut proposals = ValueProposals::default();
    let mut used = BTreeSet::new();
    for (option, entry) in remote.iter().zip(found) {
        match entry {
            Some((place, confidence, reason)) => {
                used.insert(place);
                proposals.pairs.push(ValueProposal {
                    pair: ValuePair {
                        remote_option: option.id.clone(),
                        option: here[place].id,
                    },
                    confidence,
                    reason,
                });
            }
            None => proposals.unmapped_remote.push(option.id.clone()),
        }
    }
    proposals
        .pairs
        .sort_by_key(|proposal| std::cmp::Reverse(proposal.confidence));
    proposals.unmapped_here = here
        .iter()
        .enumerate()
        .filter(|(place, _)| !used.contains(place))
        .map(|(_, option)| option.id)
        .collect();
    proposals
}

#[cfg(test)]
mod tests;
