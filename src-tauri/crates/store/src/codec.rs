//! Values, issues and schemas as JSON in columns.
//!
//! Written by hand because `workspace` and `sync` are not serialised, and because what stands in a file
//! must not change when a type's name does. Reading is total: what no version ever wrote is
//! [`StoreError::Corrupt`], never a guess.

mod json;
mod remote;

pub use remote::{read_issue, read_schema, write_issue, write_schema};

use crate::code::Code as _;
use crate::error::StoreError;
use json::{code, day, list, number_i64, one_member, parse, text};
use serde_json::{Value as Json, json};
use workspace::value::Reference;
use workspace::{ItemId, OptionId, PersonId, RichText, Value};

/// A value as JSON: `null`, or an object whose one member's name says which kind of value it is.
#[must_use]
pub fn write_value(value: &Value) -> String {
    value_json(value).to_string()
}

/// Reads what [`write_value`] wrote.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_value(text: &str) -> Result<Value, StoreError> {
    value_of(parse(text)?)
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Text(text) => json!({ "text": text }),
        Value::RichText(rich) => json!({ "rich": rich_json(rich) }),
        Value::Number(number) => json!({ "number": number }),
        Value::Date(date) => json!({ "date": date.to_string() }),
        Value::Options(ids) => json!({ "options": ids.iter().map(|id| id.0).collect::<Vec<_>>() }),
        Value::People(ids) => json!({ "people": ids.iter().map(|id| id.0).collect::<Vec<_>>() }),
        Value::Labels(labels) => json!({ "labels": labels }),
        Value::References(references) => {
            let references: Vec<Json> = references
                .iter()
                .map(|reference| {
                    json!({ "item": reference.item.0, "relation": reference.relation.code() })
                })
                .collect();
            json!({ "references": references })
        }
        Value::Bool(yes) => json!({ "bool": yes }),
        Value::Link(url) => json!({ "link": url }),
    }
}

fn value_of(json: Json) -> Result<Value, StoreError> {
    if json.is_null() {
        return Ok(Value::None);
    }
    let (kind, json) = one_member(json)?;
    Ok(match kind.as_str() {
        "text" => Value::Text(text(json)?),
        "rich" => Value::RichText(rich_of(json)?),
        "number" => Value::Number(json::number(&json)?),
        "date" => Value::Date(day(json)?),
        "options" => Value::Options(list(json, |id| number_i64(&id).map(OptionId))?),
        "people" => Value::People(list(json, |id| number_i64(&id).map(PersonId))?),
        "labels" => Value::Labels(list(json, text)?),
        "references" => Value::References(list(json, reference_of)?),
        "bool" => Value::Bool(json::boolean(&json)?),
        "link" => Value::Link(text(json)?),
        kind => {
            return Err(StoreError::corrupt(format!(
                "\"{kind}\" is no kind of value"
            )));
        }
    })
}

fn reference_of(json: Json) -> Result<Reference, StoreError> {
    let mut object = json::object(json)?;
    Ok(Reference {
        item: number_i64(&json::take(&mut object, "item")?).map(ItemId)?,
        relation: code(json::take(&mut object, "relation")?)?,
    })
}

fn rich_json(rich: &RichText) -> Json {
    json!({ "format": rich.format.code(), "source": rich.source, "plain": rich.plain })
}

fn rich_of(json: Json) -> Result<RichText, StoreError> {
    let mut object = json::object(json)?;
    Ok(RichText {
        format: code(json::take(&mut object, "format")?)?,
        source: text(json::take(&mut object, "source")?)?,
        plain: text(json::take(&mut object, "plain")?)?,
    })
}

#[cfg(test)]
mod tests;
