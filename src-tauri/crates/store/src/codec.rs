//! Values, issues and schemas as JSON in columns.
//!
//! In documents of their own because `workspace` and `sync` are not serialised, and because what stands in a
//! file must not change when a type's name does. Reading is total: what no version ever wrote is
//! [`StoreError::Corrupt`], never a guess.

mod issue;
mod json;
mod remote;

pub use remote::{read_issue, read_schema, write_issue, write_schema};

use crate::error::StoreError;
use jiff::civil::Date;
use json::{Word, read, written};
use serde::{Deserialize, Serialize};
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
    let value: Option<ValueDoc<String>> = read(text)?;
    Ok(value.map_or(Value::None, ValueDoc::into_value))
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
