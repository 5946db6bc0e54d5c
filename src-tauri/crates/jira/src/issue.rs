//! An issue as it came: its fields are looked into only by whoever wants them.
//!
//! A page of issues is mostly pictures' addresses, links to itself and long texts. Each field is kept as the
//! text that Jira sent, to the letter, and read on demand.

use crate::model::moment;
use jiff::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Members of people, statuses, types, versions and issues that only point somewhere.
const POINTERS: [&str; 5] = ["self", "avatarUrls", "iconUrl", "avatarId", "_links"];

/// An issue as it came.
#[derive(Debug, Clone, Deserialize)]
pub struct Issue {
    /// Id, which never changes.
    pub id: String,
    /// Key.
    pub key: String,
    #[serde(default)]
    fields: BTreeMap<String, Box<RawValue>>,
}

impl Issue {
    /// A field as Jira sent it, to the letter; none for one that is not there or holds `null`.
    #[must_use]
    pub fn raw(&self, field: &str) -> Option<&str> {
        let raw = self.fields.get(field)?.get();
        (raw != "null").then_some(raw)
    }

    /// A field; none for one that is not there or holds `null`.
    #[must_use]
    pub fn field(&self, field: &str) -> Option<Value> {
        serde_json::from_str(self.raw(field)?).ok()
    }

    /// A field without what only points somewhere, as pictures and links to itself: not for documents, in
    /// which such names may mean something else.
    #[must_use]
    pub fn brief(&self, field: &str) -> Option<Value> {
        let Brief(value) = serde_json::from_str(self.raw(field)?).ok()?;
        Some(value)
    }

    /// A moment among the fields.
    #[must_use]
    pub fn moment(&self, field: &str) -> Option<Timestamp> {
        moment(self.field(field)?.as_str()?)
    }
}

impl PartialEq for Issue {
    fn eq(&self, other: &Self) -> bool {
        let fields = |issue: &Self| -> BTreeMap<String, String> {
            let fields = issue.fields.iter();
            fields
                .map(|(field, raw)| (field.clone(), raw.get().to_owned()))
                .collect()
        };
        self.id == other.id && self.key == other.key && fields(self) == fields(other)
    }
}

/// A value without [`POINTERS`].
struct Brief(Value);

impl<'de> Deserialize<'de> for Brief {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

/// A name that is borrowed where it can be.
#[derive(Deserialize)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Brief(value)) = from.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(Name(name)) = from.next_key()? {
            if POINTERS.contains(&name.as_ref()) {
                let IgnoredAny = from.next_value()?;
            } else {
                let Brief(value) = from.next_value()?;
                members.insert(name.into_owned(), value);
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn issue(fields: &Value) -> Issue {
        let whole = json!({ "id": "1", "key": "A-1", "fields": fields }).to_string();
        serde_json::from_str(&whole).expect("an issue")
    }

    #[test]
    fn a_field_is_kept_to_the_letter() {
        let text = r#"{"id":"1","key":"A-1","fields":{"a":{"b": 1.50,"a":[ ]},"n":null}}"#;
        let issue: Issue = serde_json::from_str(text).expect("an issue");
        assert_eq!(issue.raw("a"), Some(r#"{"b": 1.50,"a":[ ]}"#));
        assert_eq!((issue.raw("n"), issue.field("n")), (None, None));
        assert_eq!(issue.field("a"), Some(json!({ "b": 1.5, "a": [] })));
    }

    #[test]
    fn a_brief_field_lacks_only_what_points_somewhere() {
        let person = json!({ "self": "https://a.test", "avatarUrls": { "16x16": "b" }, "name": "a\"b",
            "active": true, "groups": [{ "self": "c", "size": -1, "big": 2.5, "none": null }] });
        let brief = json!({ "name": "a\"b", "active": true,
            "groups": [{ "size": -1, "big": 2.5, "none": null }] });
        assert_eq!(issue(&json!({ "p": person })).brief("p"), Some(brief));
    }
}
