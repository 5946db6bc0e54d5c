//! What a Jira field holds, in neutral terms.
//!
//! Total: a value of another shape than its kind promises is nothing rather than a failure, because one
//! odd field of one issue must not stop an import.

use jiff::Timestamp;
use jiff::civil::Date;
use jira::richtext::Document;
use serde_json::Value as Json;
use sync::remote::{Choice, IssueLink, RemoteKind, RemotePerson, RemoteValue, Role};
use workspace::value::Relation;
use workspace::{RichFormat, RichText};

/// Reads a field's value.
#[must_use]
pub fn value(kind: &RemoteKind, role: Option<Role>, json: &Json) -> RemoteValue {
    if json.is_null() {
        return RemoteValue::None;
    }
    match kind {
        RemoteKind::Text | RemoteKind::LongText => text(json),
        RemoteKind::RichText => rich(json, &json.to_string()),
        RemoteKind::Number => number(json, role),
        RemoteKind::Date => json
            .as_str()
            .and_then(day)
            .map_or(RemoteValue::None, RemoteValue::Date),
        RemoteKind::DateTime => json
            .as_str()
            .and_then(moment)
            .map_or(RemoteValue::None, RemoteValue::DateTime),
        RemoteKind::SingleSelect
        | RemoteKind::MultiSelect
        | RemoteKind::Version
        | RemoteKind::Versions
        | RemoteKind::Components
        | RemoteKind::Team
        | RemoteKind::Project
        | RemoteKind::Groups => choices(json),
        RemoteKind::Cascading => cascading(json),
        RemoteKind::Sprint => sprints(json),
        RemoteKind::Person | RemoteKind::People => people(json),
        RemoteKind::Labels => labels(json),
        RemoteKind::Link => json
            .as_str()
            .map_or(RemoteValue::None, |text| RemoteValue::Link(text.to_owned())),
        RemoteKind::IssueLinks => links(json),
        RemoteKind::Unsupported(_) => RemoteValue::None,
    }
}

fn text(json: &Json) -> RemoteValue {
    match json {
        Json::String(text) => RemoteValue::Text(text.replace("\r\n", "\n")),
        Json::Number(number) => RemoteValue::Text(number.to_string()),
        // Cloud gives a long text as a document even where nothing in it is formatted.
        Json::Object(_) => RemoteValue::Text(Document::from_adf(json).plain_text()),
        _ => RemoteValue::None,
    }
}

/// Reads formatted text; `source` is the same as Jira sent it, which is kept to the letter.
#[must_use]
pub fn rich(json: &Json, source: &str) -> RemoteValue {
    match json {
        Json::String(source) if source.trim().is_empty() => RemoteValue::None,
        Json::String(source) => RemoteValue::RichText(RichText {
            format: RichFormat::Wiki,
            plain: Document::from_wiki(source).plain_text(),
            source: source.clone(),
        }),
        Json::Object(_) if jira::richtext::is_blank_adf(json) => RemoteValue::None,
        Json::Object(_) => RemoteValue::RichText(RichText {
            format: RichFormat::Adf,
            plain: Document::from_adf(json).plain_text(),
            source: source.to_owned(),
        }),
        _ => RemoteValue::None,
    }
}

fn number(json: &Json, role: Option<Role>) -> RemoteValue {
    // Time tracking is an object around the seconds.
    let seconds = (role == Some(Role::OriginalEstimate))
        .then(|| json.get("originalEstimateSeconds"))
        .flatten();
    let number = seconds.unwrap_or(json);
    let number = match number {
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.map_or(RemoteValue::None, RemoteValue::Number)
}

fn each(json: &Json) -> impl Iterator<Item = &Json> {
    match json {
        Json::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    }
    .iter()
}

fn word(json: &Json, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match json.get(name) {
        Some(Json::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

fn choice(json: &Json) -> Option<Choice> {
    match json {
        Json::String(text) => return Some(plain_choice(text, text)),
        // A team of Advanced Roadmaps may be a bare number.
        Json::Number(number) => {
            let number = number.to_string();
            return Some(plain_choice(&number, &number));
        }
        _ => {}
    }
    let name = word(json, &["value", "name", "title", "key"]);
    let id = word(json, &["id", "groupId", "name", "value"])?;
    let day_of = |names: &[&str]| word(json, names).and_then(|text| day(&text));
    Some(Choice {
        name: name.unwrap_or_else(|| id.clone()),
        starts_on: day_of(&["startDate"]),
        ends_on: day_of(&["releaseDate", "endDate"]),
        ..plain_choice(&id, "")
    })
}

fn plain_choice(id: &str, name: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        name: name.to_owned(),
        starts_on: None,
        ends_on: None,
        closed: None,
    }
}

fn choices(json: &Json) -> RemoteValue {
    listed(each(json).filter_map(choice).collect())
}

fn listed(choices: Vec<Choice>) -> RemoteValue {
    if choices.is_empty() {
        RemoteValue::None
    } else {
        RemoteValue::Choices(choices)
    }
}

/// A choice and the one below it become one choice, named after both and known by the id of the lower one.
fn cascading(json: &Json) -> RemoteValue {
    let Some(parent) = choice(json) else {
        return RemoteValue::None;
    };
    let Some(child) = json.get("child").and_then(choice) else {
        return RemoteValue::Choices(vec![parent]);
    };
    let name = format!("{} / {}", parent.name, child.name);
    RemoteValue::Choices(vec![Choice { name, ..child }])
}

fn sprints(json: &Json) -> RemoteValue {
    let read = each(json)
        .filter_map(jira::Sprint::from_value)
        .map(|sprint| Choice {
            id: sprint.id.to_string(),
            starts_on: sprint.start_date.as_deref().and_then(day),
            ends_on: sprint.end_date.as_deref().and_then(day),
            closed: Some(sprint.state == jira::SprintState::Closed),
            name: sprint.name,
        });
    listed(read.collect())
}

fn people(json: &Json) -> RemoteValue {
    let people: Vec<RemotePerson> = each(json).filter_map(person).collect();
    if people.is_empty() {
        RemoteValue::None
    } else {
        RemoteValue::People(people)
    }
}

/// A person, known by the id that never changes: the account id on Cloud, the user key on Data Center
/// (very old Servers tell only the name).
#[must_use]
pub fn person(json: &Json) -> Option<RemotePerson> {
    let id = word(json, &["accountId", "key", "name"])?;
    Some(RemotePerson {
        name: word(json, &["displayName", "name"]).unwrap_or_else(|| id.clone()),
        email: word(json, &["emailAddress"]),
        id,
    })
}

fn labels(json: &Json) -> RemoteValue {
    let words: Vec<String> = each(json)
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        RemoteValue::None
    } else {
        RemoteValue::Labels(words)
    }
}

fn links(json: &Json) -> RemoteValue {
    let links: Vec<IssueLink> = each(json).filter_map(link).collect();
    if links.is_empty() {
        RemoteValue::None
    } else {
        RemoteValue::Links(links)
    }
}

/// Only links that say who waits for whom carry a direction; all others relate two issues.
fn link(json: &Json) -> Option<IssueLink> {
    let blocks = json
        .get("type")
        .and_then(|kind| word(kind, &["name"]))
        .is_some_and(|name| name.eq_ignore_ascii_case("blocks"));
    let (other, relation) = match (json.get("outwardIssue"), json.get("inwardIssue")) {
        (Some(other), _) => (other, Relation::Blocks),
        (None, Some(other)) => (other, Relation::BlockedBy),
        (None, None) => return None,
    };
    Some(IssueLink {
        relation: if blocks {
            relation
        } else {
            Relation::RelatesTo
        },
        issue: word(other, &["id"])?,
    })
}

/// The day at the start of a date or of a moment, as written.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// A moment as Jira writes it: `2026-11-23T10:00:00.000+0000`, without the colon in the offset.
#[must_use]
pub fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let cut = text.len().checked_sub(2)?;
    if !text.is_char_boundary(cut) {
        return None;
    }
    format!("{}:{}", &text[..cut], &text[cut..]).parse().ok()
}
