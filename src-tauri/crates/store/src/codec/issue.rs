//! The form of an issue in a column. Members that have nothing to say are left out.
//!
//! `S` is `&str` where a document is written and `String` where it is read: an issue has many texts, and each
//! is read three times and written once in a run, so none is copied on the way.

use super::RichDoc;
use super::json::Word;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sync::remote::{
    Choice, IssueLink, ParentRef, RemoteIssue, RemotePerson, RemoteStatus, RemoteValue,
};
use workspace::StatusCategory;
use workspace::value::Relation;

#[derive(Serialize, Deserialize)]
pub(super) struct IssueDoc<S: Ord> {
    id: S,
    key: S,
    #[serde(rename = "type")]
    type_id: S,
    title: S,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    parent: Option<ParentDoc<S>>,
    status: StatusDoc<S>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<Word<Timestamp>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Word<Timestamp>>,
    values: BTreeMap<S, Option<ValueDoc<S>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ParentDoc<S> {
    Id(S),
    Key(S),
}

#[derive(Serialize, Deserialize)]
struct StatusDoc<S> {
    id: S,
    name: S,
    category: Word<StatusCategory>,
}

/// What a field holds; nothing is `null`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ValueDoc<S> {
    Text(S),
    Rich(RichDoc<S>),
    Number(f64),
    Date(Word<Date>),
    Moment(Word<Timestamp>),
    Choices(Vec<ChoiceDoc<S>>),
    People(Vec<PersonDoc<S>>),
    Labels(Vec<S>),
    Link(S),
    Links(Vec<LinkDoc<S>>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct ChoiceDoc<S> {
    id: S,
    name: S,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starts: Option<Word<Date>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<Word<Date>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<bool>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PersonDoc<S> {
    id: S,
    name: S,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    email: Option<S>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LinkDoc<S> {
    relation: Word<Relation>,
    issue: S,
}

impl<'i> IssueDoc<&'i str> {
    pub(super) fn of(issue: &'i RemoteIssue) -> Self {
        Self {
            id: &issue.id,
            key: &issue.key,
            type_id: &issue.type_id,
            title: &issue.title,
            parent: issue.parent.as_ref().map(|parent| match parent {
                ParentRef::Id(id) => ParentDoc::Id(id.as_str()),
                ParentRef::Key(key) => ParentDoc::Key(key.as_str()),
            }),
            status: StatusDoc {
                id: &issue.status.id,
                name: &issue.status.name,
                category: Word(issue.status.category),
            },
            updated: issue.updated_at.map(Word),
            created: issue.created_at.map(Word),
            values: issue
                .values
                .iter()
                .map(|(field, value)| (field.as_str(), ValueDoc::of(value)))
                .collect(),
        }
    }
}

impl IssueDoc<String> {
    pub(super) fn into_issue(self) -> RemoteIssue {
        RemoteIssue {
            id: self.id,
            key: self.key,
            type_id: self.type_id,
            title: self.title,
            parent: self.parent.map(|parent| match parent {
                ParentDoc::Id(id) => ParentRef::Id(id),
                ParentDoc::Key(key) => ParentRef::Key(key),
            }),
            status: RemoteStatus {
                id: self.status.id,
                name: self.status.name,
                category: self.status.category.0,
            },
            updated_at: self.updated.map(|moment| moment.0),
            created_at: self.created.map(|moment| moment.0),
            values: self
                .values
                .into_iter()
                .map(|(field, value)| {
                    let value = value.map_or(RemoteValue::None, ValueDoc::into_value);
                    (field, value)
                })
                .collect(),
        }
    }
}

impl<'v> ValueDoc<&'v str> {
    pub(super) fn of(value: &'v RemoteValue) -> Option<Self> {
        Some(match value {
            RemoteValue::None => return None,
            RemoteValue::Text(text) => Self::Text(text),
            RemoteValue::RichText(rich) => Self::Rich(RichDoc::of(rich)),
            RemoteValue::Number(number) => Self::Number(*number),
            RemoteValue::Date(day) => Self::Date(Word(*day)),
            RemoteValue::DateTime(moment) => Self::Moment(Word(*moment)),
            RemoteValue::Choices(choices) => {
                Self::Choices(choices.iter().map(ChoiceDoc::of).collect())
            }
            RemoteValue::People(people) => Self::People(people.iter().map(PersonDoc::of).collect()),
            RemoteValue::Labels(labels) => {
                Self::Labels(labels.iter().map(String::as_str).collect())
            }
            RemoteValue::Link(url) => Self::Link(url),
            RemoteValue::Links(links) => Self::Links(
                links
                    .iter()
                    .map(|link| LinkDoc {
                        relation: Word(link.relation),
                        issue: link.issue.as_str(),
                    })
                    .collect(),
            ),
        })
    }
}

impl ValueDoc<String> {
    pub(super) fn into_value(self) -> RemoteValue {
        match self {
            Self::Text(text) => RemoteValue::Text(text),
            Self::Rich(rich) => RemoteValue::RichText(rich.into_rich()),
            Self::Number(number) => RemoteValue::Number(number),
            Self::Date(day) => RemoteValue::Date(day.0),
            Self::Moment(moment) => RemoteValue::DateTime(moment.0),
            Self::Choices(choices) => {
                RemoteValue::Choices(choices.into_iter().map(ChoiceDoc::into_choice).collect())
            }
            Self::People(people) => {
                RemoteValue::People(people.into_iter().map(PersonDoc::into_person).collect())
            }
            Self::Labels(labels) => RemoteValue::Labels(labels),
            Self::Link(url) => RemoteValue::Link(url),
            Self::Links(links) => RemoteValue::Links(
                links
                    .into_iter()
                    .map(|link| IssueLink {
                        relation: link.relation.0,
                        issue: link.issue,
                    })
                    .collect(),
            ),
        }
    }
}

impl<'c> ChoiceDoc<&'c str> {
    fn of(choice: &'c Choice) -> Self {
        Self {
            id: &choice.id,
            name: &choice.name,
            starts: choice.starts_on.map(Word),
            ends: choice.ends_on.map(Word),
            closed: choice.closed,
        }
    }
}

impl ChoiceDoc<String> {
    fn into_choice(self) -> Choice {
        Choice {
            id: self.id,
            name: self.name,
            starts_on: self.starts.map(|day| day.0),
            ends_on: self.ends.map(|day| day.0),
            closed: self.closed,
        }
    }
}

impl<'p> PersonDoc<&'p str> {
    fn of(person: &'p RemotePerson) -> Self {
        Self {
            id: &person.id,
            name: &person.name,
            email: person.email.as_deref(),
        }
    }
}

impl PersonDoc<String> {
    fn into_person(self) -> RemotePerson {
        RemotePerson {
            id: self.id,
            name: self.name,
            email: self.email,
        }
    }
}

/// What is not there: a default that asks nothing of `T`.
fn none<T>() -> Option<T> {
    None
}
