//! Schemas of OpenAPI 3.0 as JSON Schema of draft 4, from which they descend.
//!
//! What is carried over: `nullable`; `readOnly` members, which no request may hold, and `writeOnly` ones, which no answer
//! may. One thing is stricter than the letter: an object whose members are named, and of which nothing says that it may
//! have others, may have no others. Otherwise a misspelt name would fit every description.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who writes what is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The client.
    Request,
    /// The site.
    Answer,
}

/// What a schema has against a value.
pub struct Wrong {
    /// Where, with `*` for places that vary.
    pub pointer: String,
    /// The rule.
    pub rule: String,
    /// The validator's words.
    pub words: String,
}

/// The schemas of one document that were needed so far, each made ready once.
#[derive(Default)]
pub struct Validators {
    ready: BTreeMap<(Side, String), Validator>,
}

impl Validators {
    /// What `schema`, which stands in `document`, has against `value`.
    pub fn errors(
        &mut self,
        document: &Value,
        schema: &Value,
        side: Side,
        value: &Value,
    ) -> Vec<Wrong> {
        let validator = self
            .ready
            .entry((side, schema.to_string()))
            .or_insert_with(|| ready(document, schema, side));
        validator
            .iter_errors(value)
            .flat_map(|error| {
                let place = general(error.instance_path().as_str());
                let places = match error.kind() {
                    ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
                        .iter()
                        .map(|name| format!("{place}{}", general(&format!("/{name}"))))
                        .collect(),
                    ValidationErrorKind::Required { property } => {
                        vec![format!("{place}/{}", property.as_str().unwrap_or_default())]
                    }
                    _ => vec![place],
                };
                let rule = error.kind().keyword().to_owned();
                let words: String = error.to_string().chars().take(160).collect();
                places.into_iter().map(move |pointer| Wrong {
                    pointer,
                    rule: rule.clone(),
                    words: words.clone(),
                })
            })
            .collect()
    }
}

/// A pointer without what differs from one answer to the next.
fn general(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| {
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match part {
            _ if number(part) => "*",
            _ if part.strip_prefix("customfield_").is_some_and(number) => "customfield",
            _ => part,
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn ready(document: &Value, schema: &Value, side: Side) -> Validator {
    let mut wanted = BTreeSet::new();
    let top = Conversion {
        side,
        wanted: &mut wanted,
    }
    .convert(schema, true);
    let mut components = Map::new();
    while let Some((name, closed)) = wanted
        .iter()
        .find(|(name, closed)| !components.contains_key(&label(name, *closed)))
        .cloned()
    {
        let whole = &document["components"]["schemas"][&name];
        let converted = Conversion {
            side,
            wanted: &mut wanted,
        }
        .convert(whole, closed);
        components.insert(label(&name, closed), converted);
    }
    let schema = json!({ "allOf": [top], "definitions": components });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("date-time", is_moment)
        .with_format("date", is_day)
        .with_format("uri", |text: &str| url::Url::parse(text).is_ok())
        .build(&schema)
        .expect("the converted schema is sound")
}

fn label(name: &str, closed: bool) -> String {
    format!("{name}{}", if closed { "" } else { ".open" })
}

/// A day alone; a moment of that day is none.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Jira writes the offset without a colon, the standard with one.
fn is_moment(text: &str) -> bool {
    let jira = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text);
    text.parse::<jiff::Timestamp>().is_ok() || jira.is_ok()
}

struct Conversion<'a> {
    side: Side,
    /// Components that are referred to, and whether they may have no members that they do not name.
    wanted: &'a mut BTreeSet<(String, bool)>,
}

impl Conversion<'_> {
    fn convert(&mut self, schema: &Value, closed: bool) -> Value {
        let Some(members) = schema.as_object() else {
            return json!({});
        };
        if let Some(name) = members.get("$ref").and_then(Value::as_str) {
            let name = name.trim_start_matches("#/components/schemas/");
            self.wanted.insert((name.to_owned(), closed));
            return json!({ "$ref": format!("#/definitions/{}", label(name, closed)) });
        }
        let hidden = self.hidden(members);
        let mut out = Map::new();
        for (rule, value) in members {
            let converted = match rule.as_str() {
                "properties" => self.properties(value, &hidden),
                "items" | "not" => self.convert(value, true),
                "additionalProperties" if value.is_object() => self.convert(value, true),
                "allOf" | "anyOf" | "oneOf" => {
                    let parts = value.as_array().map_or(&[][..], Vec::as_slice);
                    // The members of several parts belong together; none of the parts knows them all.
                    let alone = parts.len() == 1 || rule != "allOf";
                    let alone = alone && !members.contains_key("properties");
                    parts
                        .iter()
                        .map(|p| self.convert(p, closed && alone))
                        .collect()
                }
                "required" => {
                    let names = value.as_array().into_iter().flatten();
                    let left: Vec<&Value> = names
                        .filter(|name| !hidden.contains(name.as_str().unwrap_or_default()))
                        .collect();
                    if left.is_empty() {
                        continue;
                    }
                    json!(left)
                }
                "type"
                | "enum"
                | "format"
                | "additionalProperties"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "multipleOf"
                | "minLength"
                | "maxLength"
                | "pattern"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "minProperties"
                | "maxProperties" => value.clone(),
                _ => continue,
            };
            out.insert(rule.clone(), converted);
        }
        let named = out
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|named| !named.is_empty());
        let joined = ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|j| out.contains_key(*j));
        if named && closed && !joined && !out.contains_key("additionalProperties") {
            out.insert("additionalProperties".to_owned(), false.into());
        }
        if !closed && out.get("additionalProperties") == Some(&Value::Bool(false)) {
            out.remove("additionalProperties");
        }
        if members.get("nullable") == Some(&Value::Bool(true)) {
            return json!({ "anyOf": [{ "type": "null" }, out] });
        }
        Value::Object(out)
    }

    /// Members that this side may not write.
    fn hidden(&self, members: &Map<String, Value>) -> BTreeSet<String> {
        let mark = match self.side {
            Side::Request => "readOnly",
            Side::Answer => "writeOnly",
        };
        members
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(_, member)| member[mark] == true)
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn properties(&mut self, properties: &Value, hidden: &BTreeSet<String>) -> Value {
        let all = properties.as_object().into_iter().flatten();
        let seen = all.filter(|(name, _)| !hidden.contains(*name));
        Value::Object(
            seen.map(|(name, member)| (name.clone(), self.convert(member, true)))
                .collect(),
        )
    }
}
