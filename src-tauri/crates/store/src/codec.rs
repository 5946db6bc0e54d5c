//! Values and schemas as JSON in columns, issues under way as MessagePack.
//!
//! In documents of their own because `workspace` and `sync` are not serialised, and because what stands in a
//! file must not change when a type's name does. Reading is total: what no version ever wrote is
//! [`StoreError::Corrupt`], never a guess.

mod issue;
mod json;
mod remote;

pub use remote::{
    read_issue, read_remote_value, read_schema, write_issue, write_remote_value, write_schema,
};

use crate::error::StoreError;
use jiff::civil::Date;
use json::{Word, read, written};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use workspace::value::{Reference, Relation};
use workspace::{ItemId, OptionId, PersonId, RichFormat, RichText, Value};

/// A value as JSON: `null`, or an object whose one member's name says which kind of value it is.
#[must_use]
pub fn write_value(value: &Value) -> String {
    written(&ValueDoc::of(value))
}

/// Reads what [`write_value`] wrote.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_value(text: &str) -> Result<Value, StoreError> {
    read(text).map(value_of)
}

/// Values by the field's key, as JSON.
pub(crate) fn write_values<'v>(values: impl Iterator<Item = (Cow<'v, str>, &'v Value)>) -> String {
    let documents: BTreeMap<Cow<'v, str>, Option<ValueDoc<&'v str>>> = values
        .map(|(field, value)| (field, ValueDoc::of(value)))
        .collect();
    written(&documents)
}

/// Reads what [`write_values`] wrote.
pub(crate) fn read_values(text: &str) -> Result<BTreeMap<String, Value>, StoreError> {
    let documents: BTreeMap<String, Option<ValueDoc<String>>> = read(text)?;
    Ok(documents
        .into_iter()
        .map(|(field, document)| (field, value_of(document)))
        .collect())
}

/// What a pair remembers of a field, as it is written.
#[derive(Clone, Copy)]
pub(crate) enum Remembered<'v> {
    /// The base, if there is one, and what the remote last said.
    Apart(Option<&'v Value>, &'v Value),
    /// Both are what the item holds.
    Held,
}

/// What a pair remembers, by the field's key, as JSON.
pub(crate) fn write_memory<'m>(
    memories: impl Iterator<Item = (Cow<'m, str>, Remembered<'m>)>,
) -> String {
    let documents: BTreeMap<Cow<'m, str>, MemoryDoc<&'m str>> = memories
        .map(|(field, remembered)| (field, MemoryDoc::of(remembered)))
        .collect();
    written(&documents)
}

/// Reads what [`write_memory`] wrote: per field the base, if there is one, and what the remote last said.
/// `held` is what the item holds, as [`write_values`] wrote it.
pub(crate) fn read_memory(
    text: &str,
    held: &str,
) -> Result<BTreeMap<String, (Option<Value>, Value)>, StoreError> {
    let documents: BTreeMap<String, MemoryDoc<String>> = read(text)?;
    let mut held = if documents.values().any(|document| document.held) {
        read_values(held)?
    } else {
        BTreeMap::new()
    };
    Ok(documents
        .into_iter()
        .map(|(field, document)| {
            let memory = if document.held {
                let value = held.remove(&field).unwrap_or_default();
                (Some(value.clone()), value)
            } else {
                document.into_memory()
            };
            (field, memory)
        })
        .collect())
}

/// What [`write_memory`] wrote, with other memories of some fields in place of theirs. The others, among which
/// may be long texts, are not looked into.
pub(crate) fn change_memory<'m>(
    text: &str,
    changed: impl Iterator<Item = (Cow<'m, str>, Remembered<'m>)>,
) -> Result<String, StoreError> {
    let mut kept: BTreeMap<Cow<'_, str>, Box<RawValue>> = read(text)?;
    for (field, remembered) in changed {
        let document = serde_json::value::to_raw_value(&MemoryDoc::of(remembered));
        kept.insert(field, document.expect("it writes into memory"));
    }
    Ok(written(&kept))
}

/// `null` is a value that is nothing; a member that is absent is another thing.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
struct MemoryDoc<S> {
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    base: Option<Option<ValueDoc<S>>>,
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    remote: Option<Option<ValueDoc<S>>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    held: bool,
}

impl<'v> MemoryDoc<&'v str> {
    fn of(remembered: Remembered<'v>) -> Self {
        let (base, remote) = match remembered {
            Remembered::Held => {
                return Self {
                    base: None,
                    remote: None,
                    held: true,
                };
            }
            Remembered::Apart(base, remote) => (base, remote),
        };
        let is_same = *remote == *base.unwrap_or(&Value::None);
        Self {
            base: base.map(ValueDoc::of),
            remote: (!is_same).then(|| ValueDoc::of(remote)),
            held: false,
        }
    }
}

impl MemoryDoc<String> {
    fn into_memory(self) -> (Option<Value>, Value) {
        let base = self.base.map(value_of);
        let remote = self.remote.map(value_of);
        let remote = remote.unwrap_or_else(|| base.clone().unwrap_or_default());
        (base, remote)
    }
}

fn value_of(document: Option<ValueDoc<String>>) -> Value {
    document.map_or(Value::None, ValueDoc::into_value)
}

/// A member that is there, whatever it holds.
fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// What an item holds in a field. `S` is `&str` where it is written and `String` where it is read.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueDoc<S> {
    Text(S),
    Rich(RichDoc<S>),
    Number(f64),
    Date(Word<Date>),
    Options(Vec<i64>),
    People(Vec<i64>),
    Labels(Vec<S>),
    References(Vec<ReferenceDoc>),
    Bool(bool),
    Link(S),
}

#[derive(Serialize, Deserialize)]
struct RichDoc<S> {
    format: Word<RichFormat>,
    source: S,
    plain: S,
}

#[derive(Serialize, Deserialize)]
struct ReferenceDoc {
    item: i64,
    relation: Word<Relation>,
}

impl<'v> ValueDoc<&'v str> {
    fn of(value: &'v Value) -> Option<Self> {
        Some(match value {
            Value::None => return None,
            Value::Text(text) => Self::Text(text),
            Value::RichText(rich) => Self::Rich(RichDoc::of(rich)),
            Value::Number(number) => Self::Number(*number),
            Value::Date(day) => Self::Date(Word(*day)),
            Value::Options(ids) => Self::Options(ids.iter().map(|id| id.0).collect()),
            Value::People(ids) => Self::People(ids.iter().map(|id| id.0).collect()),
            Value::Labels(labels) => Self::Labels(labels.iter().map(String::as_str).collect()),
            Value::References(references) => Self::References(
                references
                    .iter()
                    .map(|reference| ReferenceDoc {
                        item: reference.item.0,
                        relation: Word(reference.relation),
                    })
                    .collect(),
            ),
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Link(url) => Self::Link(url),
        })
    }
}

impl ValueDoc<String> {
    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Rich(rich) => Value::RichText(rich.into_rich()),
            Self::Number(number) => Value::Number(number),
            Self::Date(day) => Value::Date(day.0),
            Self::Options(ids) => Value::Options(ids.into_iter().map(OptionId).collect()),
            Self::People(ids) => Value::People(ids.into_iter().map(PersonId).collect()),
            Self::Labels(labels) => Value::Labels(labels),
            Self::References(references) => Value::References(
                references
                    .into_iter()
                    .map(|reference| Reference {
                        item: ItemId(reference.item),
                        relation: reference.relation.0,
                    })
                    .collect(),
            ),
            Self::Bool(yes) => Value::Bool(yes),
            Self::Link(url) => Value::Link(url),
        }
    }
}

impl<'r> RichDoc<&'r str> {
    fn of(rich: &'r RichText) -> Self {
        Self {
            format: Word(rich.format),
            source: &rich.source,
            plain: &rich.plain,
        }
    }
}

impl RichDoc<String> {
    fn into_rich(self) -> RichText {
        RichText {
            format: self.format.0,
            source: self.source,
            plain: self.plain,
        }
    }
}

#[cfg(test)]
mod tests;
