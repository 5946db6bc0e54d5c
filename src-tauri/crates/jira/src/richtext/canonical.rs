//! Forms of the two notations in which editor noise is gone, to tell whether two originals differ.

use serde_json::{Map, Value};

/// Below this many levels a value is taken as it stands. Parsed JSON ends at 128 levels anyway.
const LEVELS_MAX: usize = 256;

/// Attributes that say nothing because they are what a reader assumes when they are missing.
const DEFAULTS: [(&str, &str, Assumed); 7] = [
    ("orderedList", "order", Assumed::Number(1)),
    ("tableCell", "colspan", Assumed::Number(1)),
    ("tableCell", "rowspan", Assumed::Number(1)),
    ("tableHeader", "colspan", Assumed::Number(1)),
    ("tableHeader", "rowspan", Assumed::Number(1)),
    ("table", "isNumberColumnEnabled", Assumed::False),
    ("mention", "accessLevel", Assumed::EmptyText),
];

/// A value an attribute has when it is missing.
#[derive(Clone, Copy)]
enum Assumed {
    Number(u64),
    False,
    EmptyText,
}

impl Assumed {
    fn is(self, value: &Value) -> bool {
        match self {
            Self::Number(number) => value.as_f64() == Some(number as f64),
            Self::False => value == &Value::Bool(false),
            Self::EmptyText => value == &Value::String(String::new()),
        }
    }
}

/// The ADF value without what Jira's editor changes on its own, **for comparing only**.
///
/// Keys and marks are sorted, `localId` and empty or default attributes are dropped, neighbouring
/// texts with the same look are joined, empty paragraphs at the end go, and a document without
/// content is `null`. Do not write the result to Jira: task items need their `localId` there.
///
/// ```
/// use jira::richtext::canonical_adf;
/// use serde_json::json;
///
/// let empty = json!({"version": 1, "type": "doc", "content": [
///     {"type": "paragraph", "attrs": {"localId": "4f2a"}}
/// ]});
/// assert_eq!(canonical_adf(&empty), json!(null));
/// ```
#[must_use]
pub fn canonical_adf(value: &Value) -> Value {
    let mut canonical = node(value, 0);
    if canonical.get("type").and_then(Value::as_str) != Some("doc") {
        return canonical;
    }
    let Some(document) = canonical.as_object_mut() else {
        return canonical;
    };
    if let Some(Value::Array(content)) = document.get_mut("content") {
        while content.last().is_some_and(is_blank_paragraph) {
            content.pop();
        }
        if content.is_empty() {
            document.shift_remove("content");
        }
    }
    if document.contains_key("content") {
        canonical
    } else {
        Value::Null
    }
}

/// Whether an ADF document holds nothing: no content, or none but blank paragraphs. It is blank exactly if
/// [`canonical_adf`] makes `null` of it, and told without making anything.
#[must_use]
pub fn is_blank_adf(document: &Value) -> bool {
    document.get("type").and_then(Value::as_str) == Some("doc")
        && match document.get("content") {
            None | Some(Value::Null) => true,
            Some(Value::Array(content)) => content.iter().all(is_blank_paragraph),
            Some(_) => false,
        }
}

/// The wiki text with line ends as `\n`, without blanks at the end of lines and without empty
/// lines at the end, **for comparing only**. Jira gives back CRLF whatever was written.
///
/// ```
/// assert_eq!(jira::richtext::canonical_wiki("a \r\nb\r\n\r\n"), "a\nb");
/// ```
#[must_use]
pub fn canonical_wiki(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    let unix = unix_line_ends(text);
    for line in unix.split('\n') {
        canonical.push_str(line.trim_end());
        canonical.push('\n');
    }
    canonical.truncate(canonical.trim_end().len());
    canonical
}

/// The text with CRLF and lone CR as LF.
pub(super) fn unix_line_ends(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

fn node(value: &Value, level: usize) -> Value {
    match value {
        _ if level >= LEVELS_MAX => value.clone(),
        Value::Array(values) => Value::Array(values.iter().map(|v| node(v, level + 1)).collect()),
        Value::Object(object) if object.get("type").is_some_and(Value::is_string) => {
            typed(object, level)
        }
        Value::Object(object) => sorted(object, level, |_, _| true),
        _ => value.clone(),
    }
}

/// A node or a mark.
fn typed(object: &Map<String, Value>, level: usize) -> Value {
    let kind = object
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut keys: Vec<&String> = object.keys().collect();
    keys.sort_unstable();
    let mut canonical = Map::new();
    for key in keys {
        let value = &object[key];
        let value = match (key.as_str(), value) {
            ("attrs", Value::Object(attributes)) => sorted(attributes, level + 1, |name, value| {
                name != "localId" && !value.is_null() && !is_default(kind, name, value)
            }),
            ("content", Value::Array(_)) => joined(node(value, level + 1)),
            ("marks", Value::Array(_)) => sorted_marks(node(value, level + 1)),
            _ => node(value, level + 1),
        };
        let says_nothing = matches!(key.as_str(), "attrs" | "content" | "marks")
            && match &value {
                Value::Null => true,
                Value::Array(values) => values.is_empty(),
                Value::Object(values) => values.is_empty(),
                _ => false,
            };
        if !says_nothing {
            canonical.insert(key.clone(), value);
        }
    }
    Value::Object(canonical)
}

fn sorted(object: &Map<String, Value>, level: usize, keep: impl Fn(&str, &Value) -> bool) -> Value {
    let mut entries: Vec<_> = object
        .iter()
        .filter(|(key, value)| keep(key, value))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key.clone(), node(value, level + 1)));
    Value::Object(entries.collect())
}

fn is_default(kind: &str, name: &str, value: &Value) -> bool {
    DEFAULTS
        .iter()
        .any(|(k, n, assumed)| *k == kind && *n == name && assumed.is(value))
}

/// Marks are a set: their order means nothing.
fn sorted_marks(marks: Value) -> Value {
    let Value::Array(mut marks) = marks else {
        return marks;
    };
    marks.sort_by_cached_key(|mark| {
        (
            mark.get("type")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            mark.to_string(),
        )
    });
    marks.dedup();
    Value::Array(marks)
}

/// The content with neighbouring texts of the same look as one, and without empty texts.
fn joined(content: Value) -> Value {
    let Value::Array(content) = content else {
        return content;
    };
    let mut nodes: Vec<Value> = Vec::with_capacity(content.len());
    for node in content {
        match (text_of(&node), nodes.last_mut()) {
            (Some(""), _) => {}
            (Some(text), Some(last)) if same_look(&node, last) => {
                if let Some(Value::String(before)) = last.get_mut("text") {
                    before.push_str(text);
                }
            }
            _ => nodes.push(node),
        }
    }
    Value::Array(nodes)
}

fn text_of(node: &Value) -> Option<&str> {
    if node.get("type")?.as_str()? == "text" {
        node.get("text")?.as_str()
    } else {
        None
    }
}

fn same_look(one: &Value, other: &Value) -> bool {
    let (Some(a), Some(b)) = (one.as_object(), other.as_object()) else {
        return false;
    };
    text_of(other).is_some()
        && a.len() == b.len()
        && a.iter()
            .all(|(key, value)| key == "text" || b.get(key) == Some(value))
}

fn is_blank_paragraph(node: &Value) -> bool {
    let is_paragraph = node.get("type").and_then(Value::as_str) == Some("paragraph");
    let is_blank = |inline: &Value| text_of(inline).is_some_and(|text| text.trim().is_empty());
    is_paragraph
        && match node.get("content") {
            None | Some(Value::Null) => true,
            Some(Value::Array(content)) => content.iter().all(is_blank),
            Some(_) => false,
        }
}

#[cfg(test)]
mod tests;
