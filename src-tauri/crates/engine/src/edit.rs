//! Editing here: the change of one field of one item, in one transaction with its entry in the journal and the word
//! that the issue is worth looking at. Nobody waits for Jira.

use crate::activity::may_hold;
use crate::cycle::PARENT;
use crate::error::EngineError;
use crate::new_item::depth;
use crate::rich::{self, RichSource};
use crate::{Engine, Topic};
use std::collections::BTreeMap;
use store::journal::{Base, Change, Entry, Origin};
use store::link::LinkState;
use store::{JournalSeq, Read, Store, StoreError, WriteTx};
use workspace::value::Reference;
use workspace::{Field, FieldKey, ItemId, Kind, OptionId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const DEPENDENCIES: FieldKey = FieldKey::System(SystemField::Dependencies);

/// What an edit did.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The entry of the journal by which it is taken back; none if the item held the value already.
    pub entry: Option<JournalSeq>,
    /// What the item held before.
    pub before: Value,
}

/// Why a field cannot be set to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditRefusal {
    /// Nobody edits the field here.
    #[error("the field is not edited here")]
    ReadOnly,
    /// The value is of another kind than the field.
    #[error("the value does not fit the field")]
    Kind,
    /// A title is missing.
    #[error("an item needs a title")]
    NoTitle,
    /// An item to depend on is the item itself, or is not there.
    #[error("an item depends on others that are there")]
    NoSuchItem,
    /// A choice is none of the field's.
    #[error("the choice is none of the field's")]
    NoSuchChoice,
    /// The item above stands on no higher level.
    #[error("the item above stands on no higher level")]
    ParentLevel,
    /// The item above is the item itself, or part of it.
    #[error("an item is not part of itself")]
    ParentItself,
    /// What is to be taken over has no counterpart here.
    #[error("what Jira says has no counterpart here; map it in step 6 first")]
    NoCounterpart,
    /// The number is greater than the field allows, or smaller than nothing.
    #[error("the number is out of range")]
    OutOfRange,
    /// The text is longer than Jira takes it.
    #[error("the text is longer than the 32,767 characters that Jira takes")]
    TooLong,
}

impl Engine {
    /// Sets a field of an item.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Edit`].
    pub async fn edit_item(
        &self,
        item: ItemId,
        field: FieldKey,
        value: Value,
    ) -> Result<Edited, EngineError> {
        let edited = edit(&self.inner.store, item, field, value, None, self.now()).await?;
        if edited.entry.is_some() {
            self.tell(&[Topic::Items, Topic::Sync]);
        }
        Ok(edited)
    }

    /// Sets a field of an item to a text with structure. `was`: the text that the edit began with, so that nobody
    /// overwrites what they have not seen.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Edit`]; [`EngineError::EditOvertaken`] if the item holds another text
    /// by now.
    pub async fn edit_rich(
        &self,
        item: ItemId,
        field: FieldKey,
        text: RichSource,
        was: RichSource,
    ) -> Result<Edited, EngineError> {
        let value = text.into_value()?;
        let edited = edit(&self.inner.store, item, field, value, Some(was), self.now()).await?;
        if edited.entry.is_some() {
            self.tell(&[Topic::Items, Topic::Sync]);
        }
        Ok(edited)
    }

    /// Adds one end to what an item depends on, or takes one away. What stands beside it stays, also what came in since
    /// somebody looked.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Edit`].
    pub async fn edit_dependency(
        &self,
        item: ItemId,
        end: Reference,
        is_there: bool,
    ) -> Result<Edited, EngineError> {
        let now = self.now();
        let edited = self.inner.store.write(move |tx| {
            let known = store::field::list(tx)?;
            let Some(field) = known.into_iter().find(|known| known.key == DEPENDENCIES) else {
                return Ok(Err(EngineError::NotFound("field")));
            };
            let Some(held) = store::item::value(tx, item, DEPENDENCIES)? else {
                return Ok(Err(EngineError::NotFound("item")));
            };
            let come = Value::references(is_there.then_some(end));
            if let Err(refusal) = fits(tx, item, &field, &come)? {
                return Ok(Err(refusal.into()));
            }
            set(tx, item, DEPENDENCIES, with_end(&held, end, is_there), now).map(Ok)
        });
        let edited = edited.await??;
        if edited.entry.is_some() {
            self.tell(&[Topic::Items, Topic::Sync]);
        }
        Ok(edited)
    }

    /// Takes the change of a field back, whoever made it, unless the item holds another value by now. As with any edit,
    /// that is then sent.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such change; [`EngineError::EditOvertaken`].
    pub async fn undo_edit(&self, entry: JournalSeq) -> Result<Edited, EngineError> {
        let now = self.now();
        let edited = self.inner.store.write(move |tx| {
            let found = store::journal::get(tx, entry)?;
            let Some((item, field, before, after)) = found.and_then(of_field) else {
                return Ok(Err(EngineError::NotFound("edit")));
            };
            match store::item::value(tx, item, field)? {
                None => Ok(Err(EngineError::NotFound("item"))),
                Some(there) if there != after => Ok(Err(EngineError::EditOvertaken)),
                Some(_) if !may_hold(field, &before) => Ok(Err(EditRefusal::NoTitle.into())),
                Some(_) if field == PARENT => match fits_parent(tx, item, &before)? {
                    Ok(()) => set(tx, item, field, before, now).map(Ok),
                    Err(_) => Ok(Err(EngineError::EditOvertaken)),
                },
                Some(_) if !is_held(tx, field, &before)? => Ok(Err(EditRefusal::Kind.into())),
                Some(_) => set(tx, item, field, before, now).map(Ok),
            }
        });
        let edited = edited.await??;
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(edited)
    }
}

/// Sets a field of an item, if it can hold the value and still holds the text that the edit began with.
///
/// # Errors
/// As [`Engine::edit_item`] and [`Engine::edit_rich`].
pub(crate) async fn edit(
    store: &Store,
    item: ItemId,
    field: FieldKey,
    value: Value,
    was: Option<RichSource>,
    now: jiff::Timestamp,
) -> Result<Edited, EngineError> {
    let edited = store.write(move |tx| {
        if field == PARENT {
            return match fits_parent(tx, item, &value)? {
                Ok(()) => set(tx, item, field, value, now).map(Ok),
                Err(error) => Ok(Err(error)),
            };
        }
        let known = store::field::list(tx)?;
        let Some(found) = known.into_iter().find(|known| known.key == field) else {
            return Ok(Err(EngineError::NotFound("field")));
        };
        let Some(held) = store::item::value(tx, item, field)? else {
            return Ok(Err(EngineError::NotFound("item")));
        };
        if let Err(refusal) = fits(tx, item, &found, &value)? {
            return Ok(Err(refusal.into()));
        }
        if let Some(was) = was {
            let held = RichSource::of(&held, rich::site_format(tx, item)?);
            if !held.is_same(&was) {
                return Ok(Err(EngineError::EditOvertaken));
            }
        }
        set(tx, item, field, value, now).map(Ok)
    });
    edited.await?
}

/// Sets a value, writes the journal, and marks the issues of the item's pairs as worth looking at.
pub(crate) fn set(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    value: Value,
    now: jiff::Timestamp,
) -> Result<Edited, StoreError> {
    if field == PARENT {
        return set_parent(tx, item, value, now);
    }
    let edited = set_one(tx, item, field, value.clone(), now)?;
    if field == DEPENDENCIES && edited.entry.is_some() {
        mirror(tx, item, &edited.before, &value, now)?;
    }
    Ok(edited)
}

/// A dependency has two ends: what an item says of another one, that one says of it the other way round.
fn mirror(
    tx: &WriteTx<'_>,
    item: ItemId,
    before: &Value,
    after: &Value,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let (before, after) = (references(before), references(after));
    let gone = before.iter().filter(|own| !after.contains(own));
    let come = after.iter().filter(|own| !before.contains(own));
    let ends = gone
        .map(|own| (own, false))
        .chain(come.map(|own| (own, true)));
    for (own, is_there) in ends {
        let Some(relation) = own.relation.reverse() else {
            continue;
        };
        let Some(held) = store::item::value(tx, own.item, DEPENDENCIES)? else {
            continue;
        };
        let other = with_end(&held, Reference { item, relation }, is_there);
        set_one(tx, own.item, DEPENDENCIES, other, now)?;
    }
    Ok(())
}

/// What an item depends on, with one end or without it.
fn with_end(held: &Value, end: Reference, is_there: bool) -> Value {
    let kept = references(held).iter().copied();
    let kept = kept.filter(|other| *other != end);
    Value::references(kept.chain(is_there.then_some(end)))
}

/// The ends of a value that names other items.
pub(crate) fn references(value: &Value) -> &[Reference] {
    match value {
        Value::References(list) => list,
        _ => &[],
    }
}

fn set_one(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    value: Value,
    now: jiff::Timestamp,
) -> Result<Edited, StoreError> {
    let values = BTreeMap::from([(field, value.clone())]);
    let mut before = store::item::set_values(tx, item, &values, now)?;
    let Some(before) = before.remove(&field) else {
        return Ok(Edited {
            entry: None,
            before: value,
        });
    };
    let change = Change::Field {
        field,
        before: before.clone(),
        after: value,
        base: Base::Untold,
    };
    noted(tx, item, change, before, now)
}

/// Makes an item part of another one, or of none.
fn set_parent(
    tx: &WriteTx<'_>,
    item: ItemId,
    value: Value,
    now: jiff::Timestamp,
) -> Result<Edited, StoreError> {
    let before = store::item::value(tx, item, PARENT)?.unwrap_or_default();
    if before == value {
        return Ok(Edited {
            entry: None,
            before,
        });
    }
    store::item::set_parent(tx, item, value.parent(), now)?;
    let change = Change::Parent {
        before: before.parent(),
        after: value.parent(),
        base: Base::Untold,
    };
    noted(tx, item, change, before, now)
}

/// Writes the journal, and marks the issues of the item's pairs as worth looking at.
fn noted(
    tx: &WriteTx<'_>,
    item: ItemId,
    change: Change,
    before: Value,
    now: jiff::Timestamp,
) -> Result<Edited, StoreError> {
    store::journal::append_single(tx, Origin::Here, &[(item, change)], now)?;
    for link in store::link::by_item(tx, item)? {
        if let (LinkState::Linked, Some(integration)) = (link.state, link.integration) {
            store::due::mark_edited(tx, integration, &link.remote_id, now)?;
        }
    }
    let entry = store::journal::of_item(tx, item, 1)?;
    Ok(Edited {
        entry: entry.first().map(|entry| entry.seq),
        before,
    })
}

/// The change of a field, or of the parent, in an entry of the journal: of what, which, and what it held before and after.
pub(crate) fn of_field(entry: Entry) -> Option<(ItemId, FieldKey, Value, Value)> {
    match entry.change {
        Change::Field {
            field,
            before,
            after,
            ..
        } => Some((entry.item, field, before, after)),
        Change::Parent { before, after, .. } => {
            let (before, after) = (Value::part_of(before), Value::part_of(after));
            Some((entry.item, PARENT, before, after))
        }
        _ => None,
    }
}

/// Whether an item may become part of what a value names.
pub(crate) fn fits_parent(
    read: &Read<'_>,
    item: ItemId,
    value: &Value,
) -> Result<Result<(), EngineError>, StoreError> {
    let Some(own) = store::item::get(read, item)? else {
        return Ok(Err(EngineError::NotFound("item")));
    };
    let parent = match value {
        Value::None => return Ok(Ok(())),
        value => value.parent(),
    };
    let Some(parent) = parent else {
        return Ok(Err(EditRefusal::Kind.into()));
    };
    let Some(above) = store::item::get(read, parent)? else {
        return Ok(Err(EngineError::NotFound("item")));
    };
    if store::item::with_descendants(read, &[item])?.contains(&parent) {
        return Ok(Err(EditRefusal::ParentItself.into()));
    }
    let own = depth(read, own.item_type)?;
    let above = depth(read, above.item_type)?;
    Ok(match (above, own) {
        (Some(above), Some(own)) if above < own => Ok(()),
        _ => Err(EditRefusal::ParentLevel.into()),
    })
}

/// Whether a value is of the sort that a field holds. What has no counterpart here stands in the journal in words.
///
/// # Errors
/// What the database meets.
pub(crate) fn is_held(read: &Read<'_>, field: FieldKey, value: &Value) -> Result<bool, StoreError> {
    let known = store::field::list(read)?;
    let kind = known.iter().find(|known| known.key == field);
    Ok(kind.is_none_or(|known| is_of_kind(known.kind, value)))
}

/// Whether fields of a kind hold values of this sort.
#[must_use]
pub fn is_of_kind(kind: Kind, value: &Value) -> bool {
    matches!(
        (kind, value),
        (_, Value::None)
            | (Kind::Text | Kind::LongText, Value::Text(_))
            | (Kind::RichText, Value::RichText(_))
            | (Kind::Number | Kind::Formula, Value::Number(_))
            | (Kind::Date, Value::Date(_))
            | (
                Kind::SingleSelect | Kind::MultiSelect | Kind::Timeframe,
                Value::Options(_)
            )
            | (Kind::Link, Value::Link(_))
            | (Kind::Checkbox, Value::Bool(_))
            | (Kind::Person, Value::People(_))
            | (Kind::Labels, Value::Labels(_))
            | (Kind::Dependencies, Value::References(_))
    )
}

/// Whether people edit a field here.
#[must_use]
pub fn is_edited(field: &Field) -> bool {
    !field.read_only() && field.kind != Kind::Formula
}

/// Whether a person may set a field to a value.
fn fits(
    read: &Read<'_>,
    item: ItemId,
    field: &Field,
    value: &Value,
) -> Result<Result<(), EditRefusal>, StoreError> {
    if !is_edited(field) {
        return Ok(Err(EditRefusal::ReadOnly));
    }
    Ok(match (field.kind, value) {
        (_, Value::None) if field.key == TITLE => Err(EditRefusal::NoTitle),
        (_, Value::None) => Ok(()),
        (Kind::Text, Value::Text(text)) if text.contains('\n') => Err(EditRefusal::Kind),
        (Kind::Text | Kind::LongText, Value::Text(_))
        | (Kind::Date, Value::Date(_))
        | (Kind::Checkbox, Value::Bool(_))
        | (Kind::RichText, Value::RichText(_))
        | (Kind::Labels, Value::Labels(_))
        | (Kind::Link, Value::Link(_)) => Ok(()),
        (Kind::Number, Value::Number(number)) => match field.number_max {
            Some(max) if *number > max => Err(EditRefusal::OutOfRange),
            _ => Ok(()),
        },
        (Kind::Person, Value::People(people)) => {
            let known = match people.as_slice() {
                [person] => store::person::get(read, *person)?.is_some(),
                _ => false,
            };
            known.then_some(()).ok_or(EditRefusal::NoSuchChoice)
        }
        (Kind::SingleSelect, Value::Options(options)) if options.len() > 1 => {
            Err(EditRefusal::Kind)
        }
        (Kind::SingleSelect | Kind::MultiSelect | Kind::Timeframe, Value::Options(options)) => {
            are_choices(read, field.key, options)?
                .then_some(())
                .ok_or(EditRefusal::NoSuchChoice)
        }
        (Kind::Dependencies, Value::References(references)) => {
            let is_end = |end: &Reference| end.item != item && end.relation.reverse().is_some();
            let mut all = references.iter().all(is_end);
            for end in references {
                all = all && store::item::updated_at(read, end.item)?.is_some();
            }
            all.then_some(()).ok_or(EditRefusal::NoSuchItem)
        }
        _ => Err(EditRefusal::Kind),
    })
}

fn are_choices(read: &Read<'_>, field: FieldKey, options: &[OptionId]) -> Result<bool, StoreError> {
    let all = store::field_option::list(read)?;
    let is_one = |id: &OptionId| {
        all.iter()
            .any(|option| option.id == *id && option.field == field)
    };
    Ok(options.iter().all(is_one))
}
