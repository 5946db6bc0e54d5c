//! What issue would be made of an item: of which type, below which parent, what it says and what is left out.
//!
//! Parents come first: an item whose parent has no issue yet takes the parent along, if the two types may stand below
//! each other there. Nothing is said that is not mapped, but for what the remote demands.

use crate::convert::Lookup;
use crate::mapping::TypePair;
use crate::outgoing::Unsayable;
use crate::plan::{FieldWrite, Planner};
use crate::remote::{RemoteField, RemoteKind, RemoteType, RemoteValue, Role, Schema};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{FieldKey, Item, ItemId, ItemType};

/// Of which the making of issues is decided.
#[derive(Debug, Clone, Copy)]
pub struct Pusher<'g> {
    /// The mapping made ready.
    pub planner: &'g Planner,
    /// The mapping's pairs of types, in their order.
    pub pairs: &'g [TypePair],
    /// Types of the workspace.
    pub types: &'g [ItemType],
    /// What the remote's project has.
    pub schema: &'g Schema,
}

/// What an item has to do with the remote already.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing.
    Free,
    /// It has an issue.
    Linked {
        /// Id of the issue's type.
        remote_type: String,
    },
    /// It has an issue that another integration keeps in step with it.
    Elsewhere,
    /// It had an issue, and is disconnected from it.
    Severed,
    /// Its issue is to be made already.
    Waiting {
        /// Id of the type that it is to have.
        remote_type: String,
    },
}

/// An item of which an issue may be made, or below whose issue one may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The item.
    pub item: Item,
    /// What it has to do with the remote already.
    pub standing: Standing,
    /// Id of the type that somebody chose, of those that its own is mapped to.
    pub remote_type: Option<String>,
    /// What somebody said of fields that the remote demands, by the remote's field id.
    pub answers: BTreeMap<String, RemoteValue>,
}

/// What happens to one item.
#[derive(Debug, Clone, PartialEq)]
pub struct PushRow {
    /// The item.
    pub item: ItemId,
    /// How many of the items above it are rows too.
    pub depth: usize,
    /// Whether nobody asked for it: others need it as their parent.
    pub taken_along: bool,
    /// The issue, or why there is none.
    pub outcome: Result<NewIssue, PushRefusal>,
}

/// An issue to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIssue {
    /// Id of its type.
    pub remote_type: String,
    /// Ids of the types that it may have, the one it has among them.
    pub types: Vec<String>,
    /// The item whose issue becomes its parent.
    pub parent: Option<ItemId>,
    /// Why the item's parent does not become the issue's.
    pub parent_left: Option<ParentLeft>,
    /// What is written of the item's fields.
    pub writes: Vec<FieldWrite>,
    /// What is written beside, because the remote demands it.
    pub filled: Vec<(RemoteField, RemoteValue)>,
    /// Fields that hold something and are not written.
    pub left_out: Vec<(FieldKey, Vec<LeftOut>)>,
    /// Fields that the remote demands and that nothing fills in: somebody has to.
    pub asked: Vec<RemoteField>,
}

/// Why no issue is made of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PushRefusal {
    /// Its type is mapped to none of the remote's.
    TypeNotMapped,
    /// It has one.
    Linked,
    /// It has one that another integration keeps in step.
    LinkedElsewhere,
    /// It had one: whether the two belong together again is to be decided first.
    Severed,
    /// It is waiting to be made.
    Waiting,
    /// Its type only stands below another issue, and the item has no parent that becomes one.
    ParentNeeded(Option<ParentLeft>),
    /// The remote demands fields that cannot be filled in from here; their names.
    Demands(Vec<String>),
}

/// Why an item's parent does not become the issue's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParentLeft {
    /// The parent's type is mapped to none.
    NotMapped,
    /// The remote does not let issues of these two types stand below each other.
    Unfit,
    /// Another integration keeps the parent in step.
    Elsewhere,
    /// The parent is disconnected from its issue.
    Severed,
    /// No issue can be made of the parent.
    Refused,
}

/// Why a field is not written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// What it holds cannot be said there.
    Unsayable(Unsayable),
    /// The field is not among those that an issue of this type is made with. It is sent right after.
    NotOnScreen,
    /// Nobody writes the field.
    ReadOnly,
}

impl Pusher<'_> {
    /// What happens when issues are made of the items that are `wanted`, in the order of the tree. `candidates` has
    /// them and all items above them; those that are not there are left alone.
    #[must_use]
    pub fn plan(
        &self,
        wanted: &[ItemId],
        candidates: &BTreeMap<ItemId, Candidate>,
        lookup: &dyn Lookup,
    ) -> Vec<PushRow> {
        let mut work = Work {
            pusher: self,
            candidates,
            lookup,
            decided: BTreeMap::new(),
        };
        let wanted: BTreeSet<ItemId> = wanted.iter().copied().collect();
        let mut rows = BTreeMap::new();
        for &item in &wanted {
            let mut next = Some(item);
            while let Some(item) = next.take() {
                let Some(candidate) = candidates.get(&item) else {
                    break;
                };
                let outcome = work.decide(item);
                let is_free = candidate.standing == Standing::Free;
                if !wanted.contains(&item) && !is_free || rows.contains_key(&item) {
                    break;
                }
                next = outcome.as_ref().ok().and_then(|issue| issue.parent);
                rows.insert(item, outcome);
            }
        }
        in_tree_order(rows, &wanted, candidates)
    }

    /// Ids of the types that an item of a type may have there, in the mapping's order.
    fn types_of(&self, item: &Item) -> Vec<&RemoteType> {
        let pairs = self.pairs.iter();
        pairs
            .filter(|pair| pair.item_type == item.item_type)
            .filter_map(|pair| self.remote_type(&pair.remote_type))
            .collect()
    }

    fn remote_type(&self, id: &str) -> Option<&RemoteType> {
        self.schema.types.iter().find(|known| known.id == id)
    }

    /// Whether an issue of a type may stand below one on a level: the levels allow it, and its parent can be named when
    /// it is made. A sub-task always names it.
    fn stands_below(&self, own: &RemoteType, parent: Option<i8>) -> bool {
        let names_parent = |field: &&RemoteField| {
            let screens = field.on_create.as_ref();
            field.role == Some(Role::Parent) && screens.is_none_or(|types| types.contains(&own.id))
        };
        fits(own.level, parent)
            && (own.level == Some(-1)
                || self.schema.fields.iter().any(|field| names_parent(&field)))
    }

    fn level(&self, remote_type: &str) -> Option<i8> {
        self.remote_type(remote_type).and_then(|found| found.level)
    }

    fn field(&self, id: &str) -> Option<&RemoteField> {
        self.schema.fields.iter().find(|field| field.id == id)
    }
}

struct Work<'w> {
    pusher: &'w Pusher<'w>,
    candidates: &'w BTreeMap<ItemId, Candidate>,
    lookup: &'w dyn Lookup,
    decided: BTreeMap<ItemId, Result<NewIssue, PushRefusal>>,
}

impl Work<'_> {
    fn decide(&mut self, item: ItemId) -> Result<NewIssue, PushRefusal> {
        if let Some(decided) = self.decided.get(&item) {
            return decided.clone();
        }
        // Should items ever be their own ancestors, the second look finds this.
        self.decided.insert(item, Err(PushRefusal::TypeNotMapped));
        let outcome = match self.candidates.get(&item) {
            Some(candidate) => self.issue(candidate),
            None => Err(PushRefusal::TypeNotMapped),
        };
        self.decided.insert(item, outcome.clone());
        outcome
    }

    fn issue(&mut self, candidate: &Candidate) -> Result<NewIssue, PushRefusal> {
        match candidate.standing {
            Standing::Free => {}
            Standing::Linked { .. } => return Err(PushRefusal::Linked),
            Standing::Elsewhere => return Err(PushRefusal::LinkedElsewhere),
            Standing::Severed => return Err(PushRefusal::Severed),
            Standing::Waiting { .. } => return Err(PushRefusal::Waiting),
        }
        let above = self.parent(&candidate.item);
        let remote_type = self.choose(candidate, above.as_ref())?;
        let (parent, parent_left) = match above {
            None => (None, None),
            Some(Err(left)) => (None, Some(left)),
            Some(Ok((_, level))) if !self.pusher.stands_below(remote_type, level) => {
                (None, Some(ParentLeft::Unfit))
            }
            Some(Ok((item, _))) => (Some(item), None),
        };
        if parent.is_none() && remote_type.level == Some(-1) {
            return Err(PushRefusal::ParentNeeded(parent_left));
        }
        let types = self.pusher.types_of(&candidate.item);
        let mut issue = NewIssue {
            remote_type: remote_type.id.clone(),
            types: types.iter().map(|found| found.id.clone()).collect(),
            parent,
            parent_left,
            writes: Vec::new(),
            filled: Vec::new(),
            left_out: Vec::new(),
            asked: Vec::new(),
        };
        self.say(candidate, &mut issue);
        self.fill(candidate, remote_type, &mut issue)?;
        Ok(issue)
    }

    /// The item above and the level of its issue, or why that is none; none for an item at the top.
    fn parent(&mut self, item: &Item) -> Option<Result<(ItemId, Option<i8>), ParentLeft>> {
        let id = item.parent?;
        let Some(above) = self.candidates.get(&id) else {
            return Some(Err(ParentLeft::Refused));
        };
        let remote_type = match &above.standing {
            Standing::Linked { remote_type } | Standing::Waiting { remote_type } => {
                remote_type.clone()
            }
            Standing::Elsewhere => return Some(Err(ParentLeft::Elsewhere)),
            Standing::Severed => return Some(Err(ParentLeft::Severed)),
            Standing::Free => match self.decide(id) {
                Ok(issue) => issue.remote_type,
                Err(PushRefusal::TypeNotMapped) => return Some(Err(ParentLeft::NotMapped)),
                Err(_) => return Some(Err(ParentLeft::Refused)),
            },
        };
        Some(Ok((id, self.pusher.level(&remote_type))))
    }

    /// The type that somebody chose; else one that may stand below the parent, rather one of the same name, rather
    /// one that needs no parent where there is none.
    fn choose(
        &self,
        candidate: &Candidate,
        above: Option<&Result<(ItemId, Option<i8>), ParentLeft>>,
    ) -> Result<&RemoteType, PushRefusal> {
        let types = self.pusher.types_of(&candidate.item);
        if let Some(chosen) = &candidate.remote_type {
            let found = types.iter().find(|found| found.id == *chosen);
            return found.copied().ok_or(PushRefusal::TypeNotMapped);
        }
        let own = self.pusher.types.iter();
        let own = own
            .clone()
            .find(|known| known.id == candidate.item.item_type)
            .map(|known| known.singular.trim().to_lowercase());
        let suits = |found: &RemoteType| match above {
            Some(Ok((_, level))) => self.pusher.stands_below(found, *level),
            _ => found.level != Some(-1),
        };
        let same_name =
            |found: &RemoteType| own.as_ref() == Some(&found.name.trim().to_lowercase());
        let best = types
            .into_iter()
            .enumerate()
            .max_by_key(|(place, found)| (suits(found), same_name(found), Reverse(*place)));
        best.map(|(_, found)| found)
            .ok_or(PushRefusal::TypeNotMapped)
    }

    fn say(&self, candidate: &Candidate, issue: &mut NewIssue) {
        for saying in self.pusher.planner.sayings(&candidate.item, self.lookup) {
            let screen = saying.remote.on_create.as_ref();
            let left = if saying.remote.read_only {
                vec![LeftOut::ReadOnly]
            } else if screen.is_some_and(|types| !types.contains(&issue.remote_type)) {
                vec![LeftOut::NotOnScreen]
            } else {
                match saying.value {
                    Ok(value) => {
                        issue.writes.push(FieldWrite {
                            field: saying.field,
                            remote: saying.remote,
                            before: RemoteValue::None,
                            value,
                        });
                        continue;
                    }
                    Err(why) => why.into_iter().map(LeftOut::Unsayable).collect(),
                }
            };
            issue.left_out.push((saying.field, left));
        }
    }

    /// What the remote demands beside.
    fn fill(
        &self,
        candidate: &Candidate,
        remote_type: &RemoteType,
        issue: &mut NewIssue,
    ) -> Result<(), PushRefusal> {
        let mut beyond = Vec::new();
        for id in &remote_type.required_fields {
            let is_written = issue.writes.iter().any(|write| write.remote.id == *id);
            let Some(field) = self.pusher.field(id).filter(|_| !is_written) else {
                continue;
            };
            match (candidate.answers.get(id), field.role) {
                // The parent is a matter of its own, and whoever makes an issue has reported it.
                (_, Some(Role::Parent | Role::Reporter)) => {}
                (Some(answer), _) if is_answer(field, answer) => {
                    issue.filled.push((field.clone(), answer.clone()));
                }
                (_, Some(Role::EpicName)) => {
                    let title = RemoteValue::Text(candidate.item.title.clone());
                    issue.filled.push((field.clone(), title));
                }
                _ if is_askable(field) => issue.asked.push(field.clone()),
                _ => beyond.push(field.name.clone()),
            }
        }
        if beyond.is_empty() {
            Ok(())
        } else {
            Err(PushRefusal::Demands(beyond))
        }
    }
}

/// Whether an issue on one level may stand below one on another. Where a remote does not tell a level, it is one above
/// epics, or nothing at all is known.
fn fits(child: Option<i8>, parent: Option<i8>) -> bool {
    match (child, parent) {
        (Some(child), Some(parent)) => parent == child + 1,
        (Some(child), None) => matches!(child, -1 | 1),
        (None, None) => true,
        (None, Some(_)) => false,
    }
}

/// Whether somebody can be asked for a field: its values can be typed, or chosen from a list that is known.
#[must_use]
pub fn is_askable(field: &RemoteField) -> bool {
    let typed = matches!(
        field.kind,
        RemoteKind::Text
            | RemoteKind::LongText
            | RemoteKind::RichText
            | RemoteKind::Number
            | RemoteKind::Date
            | RemoteKind::Labels
            | RemoteKind::Link
    );
    typed || is_chosen(field) && field.options.iter().any(|option| !option.disabled)
}

/// Whether a value answers the question for a field.
#[must_use]
pub fn is_answer(field: &RemoteField, value: &RemoteValue) -> bool {
    match (value, &field.kind) {
        (RemoteValue::Text(text), RemoteKind::Text) => {
            !text.trim().is_empty() && !text.contains('\n')
        }
        (RemoteValue::Text(text), RemoteKind::LongText | RemoteKind::RichText) => {
            !text.trim().is_empty()
        }
        (RemoteValue::Link(address), RemoteKind::Link) => !address.trim().is_empty(),
        (RemoteValue::Number(number), RemoteKind::Number) => number.is_finite(),
        (RemoteValue::Date(_), RemoteKind::Date) => true,
        (RemoteValue::Labels(words), RemoteKind::Labels) => {
            let one_word = |word: &String| !word.is_empty() && !word.contains(char::is_whitespace);
            !words.is_empty() && words.iter().all(one_word)
        }
        (RemoteValue::Choices(choices), kind) if is_chosen(field) => {
            let one = matches!(kind, RemoteKind::SingleSelect | RemoteKind::Version);
            let known = |id: &str| {
                let mut open = field.options.iter().filter(|option| !option.disabled);
                open.any(|option| option.id == id)
            };
            !choices.is_empty()
                && (!one || choices.len() == 1)
                && choices.iter().all(|choice| known(&choice.id))
        }
        _ => false,
    }
}

fn is_chosen(field: &RemoteField) -> bool {
    matches!(
        field.kind,
        RemoteKind::SingleSelect
            | RemoteKind::MultiSelect
            | RemoteKind::Version
            | RemoteKind::Versions
            | RemoteKind::Components
    )
}

/// Rows below those that they are part of, else by rank.
fn in_tree_order(
    mut rows: BTreeMap<ItemId, Result<NewIssue, PushRefusal>>,
    wanted: &BTreeSet<ItemId>,
    candidates: &BTreeMap<ItemId, Candidate>,
) -> Vec<PushRow> {
    let mut below: BTreeMap<Option<ItemId>, Vec<&Item>> = BTreeMap::new();
    for id in rows.keys() {
        if let Some(candidate) = candidates.get(id) {
            let parent = candidate.item.parent.filter(|id| rows.contains_key(id));
            below.entry(parent).or_default().push(&candidate.item);
        }
    }
    for items in below.values_mut() {
        items.sort_by_key(|item| Reverse((&item.rank, item.id)));
    }
    let roots = below.remove(&None).unwrap_or_default();
    let mut open: Vec<(&Item, usize)> = roots.into_iter().map(|item| (item, 0)).collect();
    let mut ordered = Vec::with_capacity(rows.len());
    while let Some((item, depth)) = open.pop() {
        if let Some(outcome) = rows.remove(&item.id) {
            ordered.push(PushRow {
                item: item.id,
                depth,
                taken_along: !wanted.contains(&item.id),
                outcome,
            });
        }
        let parts = below.remove(&Some(item.id)).unwrap_or_default();
        open.extend(parts.into_iter().map(|part| (part, depth + 1)));
    }
    ordered
}

#[cfg(test)]
mod tests;
