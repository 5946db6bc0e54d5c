//! What a remote says and has, as JSON. Members that have nothing to say are left out.

use super::json::{
    Object, boolean, code, day, list, moment, number, number_i64, object, one_member, parse, take,
    take_opt, text,
};
use super::{rich_json, rich_of};
use crate::code::Code as _;
use crate::error::StoreError;
use serde_json::{Value as Json, json};
use sync::remote::{
    Choice, IssueLink, ParentRef, RemoteField, RemoteIssue, RemoteKind, RemoteOption, RemotePerson,
    RemoteStatus, RemoteType, RemoteValue, Schema,
};

/// An issue as JSON.
#[must_use]
pub fn write_issue(issue: &RemoteIssue) -> String {
    let mut object = Object::new();
    object.insert("id".into(), issue.id.as_str().into());
    object.insert("key".into(), issue.key.as_str().into());
    object.insert("type".into(), issue.type_id.as_str().into());
    object.insert("title".into(), issue.title.as_str().into());
    if let Some(parent) = &issue.parent {
        let parent = match parent {
            ParentRef::Id(id) => json!({ "id": id }),
            ParentRef::Key(key) => json!({ "key": key }),
        };
        object.insert("parent".into(), parent);
    }
    object.insert("status".into(), status_json(&issue.status));
    put(
        &mut object,
        "updated",
        issue.updated_at.map(|at| at.to_string()),
    );
    put(
        &mut object,
        "created",
        issue.created_at.map(|at| at.to_string()),
    );
    let values: Object = issue
        .values
        .iter()
        .map(|(field, value)| (field.clone(), remote_value_json(value)))
        .collect();
    object.insert("values".into(), Json::Object(values));
    Json::Object(object).to_string()
}

/// Reads what [`write_issue`] wrote.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_issue(json: &str) -> Result<RemoteIssue, StoreError> {
    let mut issue = object(parse(json)?)?;
    let parent = match take_opt(&mut issue, "parent") {
        None => None,
        Some(parent) => {
            let (how, parent) = one_member(parent)?;
            match how.as_str() {
                "id" => Some(ParentRef::Id(text(parent)?)),
                "key" => Some(ParentRef::Key(text(parent)?)),
                how => return Err(StoreError::corrupt(format!("\"{how}\" names no parent"))),
            }
        }
    };
    Ok(RemoteIssue {
        id: text(take(&mut issue, "id")?)?,
        key: text(take(&mut issue, "key")?)?,
        type_id: text(take(&mut issue, "type")?)?,
        title: text(take(&mut issue, "title")?)?,
        parent,
        status: status_of(take(&mut issue, "status")?)?,
        updated_at: take_opt(&mut issue, "updated").map(moment).transpose()?,
        created_at: take_opt(&mut issue, "created").map(moment).transpose()?,
        values: object(take(&mut issue, "values")?)?
            .into_iter()
            .map(|(field, value)| Ok((field, remote_value_of(value)?)))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// A schema as JSON.
#[must_use]
pub fn write_schema(schema: &Schema) -> String {
    json!({
        "types": schema.types.iter().map(type_json).collect::<Vec<_>>(),
        "fields": schema.fields.iter().map(field_json).collect::<Vec<_>>(),
        "statuses": schema.statuses.iter().map(status_json).collect::<Vec<_>>(),
    })
    .to_string()
}

/// Reads what [`write_schema`] wrote.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_schema(json: &str) -> Result<Schema, StoreError> {
    let mut schema = object(parse(json)?)?;
    Ok(Schema {
        types: list(take(&mut schema, "types")?, type_of)?,
        fields: list(take(&mut schema, "fields")?, field_of)?,
        statuses: list(take(&mut schema, "statuses")?, status_of)?,
    })
}

fn remote_value_json(value: &RemoteValue) -> Json {
    match value {
        RemoteValue::None => Json::Null,
        RemoteValue::Text(text) => json!({ "text": text }),
        RemoteValue::RichText(rich) => json!({ "rich": rich_json(rich) }),
        RemoteValue::Number(number) => json!({ "number": number }),
        RemoteValue::Date(day) => json!({ "date": day.to_string() }),
        RemoteValue::DateTime(at) => json!({ "moment": at.to_string() }),
        RemoteValue::Choices(choices) => {
            json!({ "choices": choices.iter().map(choice_json).collect::<Vec<_>>() })
        }
        RemoteValue::People(people) => {
            json!({ "people": people.iter().map(person_json).collect::<Vec<_>>() })
        }
        RemoteValue::Labels(labels) => json!({ "labels": labels }),
        RemoteValue::Link(url) => json!({ "link": url }),
        RemoteValue::Links(links) => {
            let links: Vec<Json> = links
                .iter()
                .map(|link| json!({ "relation": link.relation.code(), "issue": link.issue }))
                .collect();
            json!({ "links": links })
        }
    }
}

fn remote_value_of(json: Json) -> Result<RemoteValue, StoreError> {
    if json.is_null() {
        return Ok(RemoteValue::None);
    }
    let (kind, json) = one_member(json)?;
    Ok(match kind.as_str() {
        "text" => RemoteValue::Text(text(json)?),
        "rich" => RemoteValue::RichText(rich_of(json)?),
        "number" => RemoteValue::Number(number(&json)?),
        "date" => RemoteValue::Date(day(json)?),
        "moment" => RemoteValue::DateTime(moment(json)?),
        "choices" => RemoteValue::Choices(list(json, choice_of)?),
        "people" => RemoteValue::People(list(json, person_of)?),
        "labels" => RemoteValue::Labels(list(json, text)?),
        "link" => RemoteValue::Link(text(json)?),
        "links" => RemoteValue::Links(list(json, |link| {
            let mut link = object(link)?;
            Ok(IssueLink {
                relation: code(take(&mut link, "relation")?)?,
                issue: text(take(&mut link, "issue")?)?,
            })
        })?),
        kind => {
            return Err(StoreError::corrupt(format!(
                "\"{kind}\" is no kind of remote value"
            )));
        }
    })
}

fn choice_json(choice: &Choice) -> Json {
    let mut object = Object::new();
    object.insert("id".into(), choice.id.as_str().into());
    object.insert("name".into(), choice.name.as_str().into());
    put(
        &mut object,
        "starts",
        choice.starts_on.map(|day| day.to_string()),
    );
    put(
        &mut object,
        "ends",
        choice.ends_on.map(|day| day.to_string()),
    );
    if let Some(closed) = choice.closed {
        object.insert("closed".into(), closed.into());
    }
    Json::Object(object)
}

fn choice_of(json: Json) -> Result<Choice, StoreError> {
    let mut choice = object(json)?;
    Ok(Choice {
        id: text(take(&mut choice, "id")?)?,
        name: text(take(&mut choice, "name")?)?,
        starts_on: take_opt(&mut choice, "starts").map(day).transpose()?,
        ends_on: take_opt(&mut choice, "ends").map(day).transpose()?,
        closed: take_opt(&mut choice, "closed")
            .map(|closed| boolean(&closed))
            .transpose()?,
    })
}

fn person_json(person: &RemotePerson) -> Json {
    let mut object = Object::new();
    object.insert("id".into(), person.id.as_str().into());
    object.insert("name".into(), person.name.as_str().into());
    put(&mut object, "email", person.email.clone());
    Json::Object(object)
}

fn person_of(json: Json) -> Result<RemotePerson, StoreError> {
    let mut person = object(json)?;
    Ok(RemotePerson {
        id: text(take(&mut person, "id")?)?,
        name: text(take(&mut person, "name")?)?,
        email: take_opt(&mut person, "email").map(text).transpose()?,
    })
}

fn status_json(status: &RemoteStatus) -> Json {
    json!({ "id": status.id, "name": status.name, "category": status.category.code() })
}

fn status_of(json: Json) -> Result<RemoteStatus, StoreError> {
    let mut status = object(json)?;
    Ok(RemoteStatus {
        id: text(take(&mut status, "id")?)?,
        name: text(take(&mut status, "name")?)?,
        category: code(take(&mut status, "category")?)?,
    })
}

fn type_json(remote: &RemoteType) -> Json {
    json!({
        "id": remote.id,
        "name": remote.name,
        "level": remote.level,
        "required": remote.required_fields,
    })
}

fn type_of(json: Json) -> Result<RemoteType, StoreError> {
    let mut remote = object(json)?;
    let level = take_opt(&mut remote, "level")
        .map(|level| {
            i8::try_from(number_i64(&level)?).map_err(|_| StoreError::corrupt("a level too high"))
        })
        .transpose()?;
    Ok(RemoteType {
        id: text(take(&mut remote, "id")?)?,
        name: text(take(&mut remote, "name")?)?,
        level,
        required_fields: list(take(&mut remote, "required")?, text)?,
    })
}

fn field_json(field: &RemoteField) -> Json {
    let options: Vec<Json> = field
        .options
        .iter()
        .map(|option| json!({ "id": option.id, "name": option.name, "disabled": option.disabled }))
        .collect();
    json!({
        "id": field.id,
        "name": field.name,
        "kind": kind_json(&field.kind),
        "role": field.role.map(|role| role.code()),
        "options": options,
        "on_create": field.on_create,
        "read_only": field.read_only,
    })
}

fn field_of(json: Json) -> Result<RemoteField, StoreError> {
    let mut field = object(json)?;
    Ok(RemoteField {
        id: text(take(&mut field, "id")?)?,
        name: text(take(&mut field, "name")?)?,
        kind: kind_of(take(&mut field, "kind")?)?,
        role: take_opt(&mut field, "role").map(code).transpose()?,
        options: list(take(&mut field, "options")?, |option| {
            let mut option = object(option)?;
            Ok(RemoteOption {
                id: text(take(&mut option, "id")?)?,
                name: text(take(&mut option, "name")?)?,
                disabled: boolean(&take(&mut option, "disabled")?)?,
            })
        })?,
        on_create: take_opt(&mut field, "on_create")
            .map(|types| list(types, text))
            .transpose()?,
        read_only: boolean(&take(&mut field, "read_only")?)?,
    })
}

/// The kinds that are a word; what a remote calls a kind that we leave alone stands in an object instead.
const KINDS: [RemoteKind; 21] = [
    RemoteKind::Text,
    RemoteKind::LongText,
    RemoteKind::RichText,
    RemoteKind::Number,
    RemoteKind::Date,
    RemoteKind::DateTime,
    RemoteKind::SingleSelect,
    RemoteKind::MultiSelect,
    RemoteKind::Cascading,
    RemoteKind::Person,
    RemoteKind::People,
    RemoteKind::Groups,
    RemoteKind::Labels,
    RemoteKind::Version,
    RemoteKind::Versions,
    RemoteKind::Components,
    RemoteKind::Sprint,
    RemoteKind::Team,
    RemoteKind::Link,
    RemoteKind::Project,
    RemoteKind::IssueLinks,
];

fn kind_json(kind: &RemoteKind) -> Json {
    match kind {
        RemoteKind::Unsupported(word) => json!({ "unsupported": word }),
        kind => kind_word(kind).into(),
    }
}

fn kind_of(json: Json) -> Result<RemoteKind, StoreError> {
    if json.is_object() {
        let (_, word) = one_member(json)?;
        return Ok(RemoteKind::Unsupported(text(word)?));
    }
    let word = text(json)?;
    KINDS
        .into_iter()
        .find(|kind| kind_word(kind) == word)
        .ok_or_else(|| StoreError::corrupt(format!("\"{word}\" is no kind of remote field")))
}

fn kind_word(kind: &RemoteKind) -> &'static str {
    match kind {
        RemoteKind::Text => "text",
        RemoteKind::LongText => "long_text",
        RemoteKind::RichText => "rich_text",
        RemoteKind::Number => "number",
        RemoteKind::Date => "date",
        RemoteKind::DateTime => "date_time",
        RemoteKind::SingleSelect => "single_select",
        RemoteKind::MultiSelect => "multi_select",
        RemoteKind::Cascading => "cascading",
        RemoteKind::Person => "person",
        RemoteKind::People => "people",
        RemoteKind::Groups => "groups",
        RemoteKind::Labels => "labels",
        RemoteKind::Version => "version",
        RemoteKind::Versions => "versions",
        RemoteKind::Components => "components",
        RemoteKind::Sprint => "sprint",
        RemoteKind::Team => "team",
        RemoteKind::Link => "link",
        RemoteKind::Project => "project",
        RemoteKind::IssueLinks => "issue_links",
        RemoteKind::Unsupported(_) => "unsupported",
    }
}

fn put(object: &mut Object, name: &str, value: Option<String>) {
    if let Some(value) = value {
        object.insert(name.into(), value.into());
    }
}
