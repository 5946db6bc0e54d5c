//! What a remote says and has: issues as MessagePack, schemas as JSON. Members that have nothing to say are left out.

use super::issue::{IssueDoc, ValueDoc};
use super::json::{
    boolean, code, list, number_i64, object, one_member, parse, read, take, take_opt, text,
};
use crate::code::Code as _;
use crate::error::StoreError;
use rmp_serde::Serializer;
use rusqlite::types::ValueRef;
use serde::Serialize as _;
use serde_json::{Value as Json, json};
use sync::remote::{
    RemoteField, RemoteIssue, RemoteKind, RemoteOption, RemoteStatus, RemoteType, RemoteValue,
    Schema,
};

/// An issue as MessagePack.
#[must_use]
pub fn write_issue(issue: &RemoteIssue) -> Vec<u8> {
    let mut written = Vec::with_capacity(1024);
    // With the names of members, of which many are left out.
    IssueDoc::of(issue)
        .serialize(&mut Serializer::new(&mut written).with_struct_map())
        .expect("it writes into memory");
    written
}

/// Reads what [`write_issue`] wrote, and the JSON that was written before version 5 of the file.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_issue(written: ValueRef<'_>) -> Result<RemoteIssue, StoreError> {
    let document: IssueDoc<String> = match written {
        ValueRef::Text(json) => read(std::str::from_utf8(json).unwrap_or_default())?,
        ValueRef::Blob(bytes) => rmp_serde::from_slice(bytes)
            .map_err(|error| StoreError::corrupt(format!("MessagePack: {error}")))?,
        _ => return Err(StoreError::corrupt("an issue that is none")),
    };
    Ok(document.into_issue())
}

/// A value in the remote's terms as JSON.
#[must_use]
pub fn write_remote_value(value: &RemoteValue) -> String {
    super::written(&ValueDoc::of(value))
}

/// Reads what [`write_remote_value`] wrote.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn read_remote_value(json: &str) -> Result<RemoteValue, StoreError> {
    let value = read::<Option<ValueDoc<String>>>(json)?;
    Ok(value.map_or(RemoteValue::None, ValueDoc::into_value))
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
