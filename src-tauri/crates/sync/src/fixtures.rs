//! What the tests of this crate share: a new workspace, and short words for a remote's parts.

use crate::mapping::{FieldPair, TypePair};
use crate::remote::{
    Choice, RemoteField, RemoteIssue, RemoteKind, RemoteOption, RemotePerson, RemoteStatus,
    RemoteType, RemoteValue, Role, Schema,
};
use workspace::{
    CustomFieldId, Field, FieldKey, FieldOption, ItemType, ItemTypeId, Kind, Level, LevelId,
    OptionId, StatusCategory, SystemField, defaults,
};

/// Levels and types as a new workspace has them. Types are numbered from 1 in tree order.
pub(crate) fn tree() -> (Vec<Level>, Vec<ItemType>) {
    let mut levels = Vec::new();
    let mut types = Vec::new();
    for (depth, level) in (0_u8..).zip(defaults::LEVELS) {
        let id = LevelId(i64::from(depth) + 1);
        levels.push(Level {
            id,
            depth,
            singular: level.singular.into(),
            plural: level.plural.into(),
        });
        for (singular, plural, icon, colour) in level.types {
            types.push(ItemType {
                id: ItemTypeId(types.len() as i64 + 1),
                level: id,
                singular: (*singular).into(),
                plural: (*plural).into(),
                icon: (*icon).into(),
                colour: (*colour).into(),
            });
        }
    }
    (levels, types)
}

/// Id of a type of the default tree.
pub(crate) fn type_id(types: &[ItemType], name: &str) -> ItemTypeId {
    let found = types.iter().find(|known| known.singular == name);
    found.map_or(ItemTypeId(-1), |known| known.id)
}

pub(crate) fn remote_type(id: &str, name: &str, level: impl Into<Option<i8>>) -> RemoteType {
    RemoteType {
        id: id.into(),
        name: name.into(),
        level: level.into(),
        required_fields: Vec::new(),
    }
}

pub(crate) fn pair_of(item_type: ItemTypeId, remote: &str) -> TypePair {
    TypePair {
        item_type,
        remote_type: remote.into(),
    }
}

/// Every field of a new workspace.
pub(crate) fn system_fields() -> Vec<Field> {
    SystemField::ALL.into_iter().map(system).collect()
}

pub(crate) fn system(field: SystemField) -> Field {
    Field {
        key: field.into(),
        name: field.default_name().into(),
        kind: field.kind(),
        number_max: None,
        position: 0,
    }
}

pub(crate) fn custom(id: i64, name: &str, kind: Kind) -> Field {
    Field {
        key: FieldKey::Custom(CustomFieldId(id)),
        name: name.into(),
        kind,
        number_max: None,
        position: 0,
    }
}

pub(crate) fn remote_field(id: &str, name: &str, kind: RemoteKind) -> RemoteField {
    RemoteField {
        id: id.into(),
        name: name.into(),
        kind,
        role: None,
        options: Vec::new(),
        on_create: None,
        read_only: false,
    }
}

pub(crate) fn with_role(id: &str, kind: RemoteKind, role: Role) -> RemoteField {
    RemoteField {
        role: Some(role),
        ..remote_field(id, id, kind)
    }
}

/// A project that has a field for every core pair.
pub(crate) fn core_schema() -> Schema {
    Schema {
        types: vec![remote_type("story", "Story", 0)],
        fields: vec![
            with_role("summary", RemoteKind::Text, Role::Title),
            with_role("description", RemoteKind::RichText, Role::Description),
            with_role("priority", RemoteKind::SingleSelect, Role::Priority),
            with_role("assignee", RemoteKind::Person, Role::Assignee),
            with_role("sprint", RemoteKind::Sprint, Role::Sprint),
        ],
        statuses: Vec::new(),
    }
}

pub(crate) fn field_pair(field: FieldKey, remote: &str) -> FieldPair {
    FieldPair {
        field,
        remote_field: remote.into(),
        direction: crate::mapping::Direction::Both,
        winner: crate::mapping::Winner::Ask,
        values: Vec::new(),
        core: false,
    }
}

/// Choices of a field, numbered from 1 in order.
pub(crate) fn options(field: impl Into<FieldKey>, names: &[&str]) -> Vec<FieldOption> {
    let field = field.into();
    (0_u32..)
        .zip(names)
        .map(|(position, name)| FieldOption {
            id: OptionId(i64::from(position) + 1),
            field,
            name: (*name).into(),
            position,
            colour: None,
            category: None,
            starts_on: None,
            ends_on: None,
            weight: None,
        })
        .collect()
}

/// Choices of the remote; the name is the id.
pub(crate) fn remote_options(names: &[&str]) -> Vec<RemoteOption> {
    names
        .iter()
        .map(|name| RemoteOption {
            id: (*name).into(),
            name: (*name).into(),
            disabled: false,
        })
        .collect()
}

pub(crate) fn status(id: &str, name: &str, category: StatusCategory) -> RemoteStatus {
    RemoteStatus {
        id: id.into(),
        name: name.into(),
        category,
    }
}

pub(crate) fn choice(id: &str, name: &str) -> Choice {
    Choice {
        id: id.into(),
        name: name.into(),
        ..Choice::default()
    }
}

pub(crate) fn person(id: &str, name: &str) -> RemotePerson {
    RemotePerson {
        id: id.into(),
        name: name.into(),
        email: None,
    }
}

/// A story under way.
pub(crate) fn issue(title: &str, values: &[(&str, RemoteValue)]) -> RemoteIssue {
    RemoteIssue {
        id: "10001".into(),
        key: "ABC-1".into(),
        type_id: "story".into(),
        title: title.into(),
        parent: None,
        status: status("3", "In Progress", StatusCategory::InProgress),
        updated_at: None,
        created_at: None,
        values: values
            .iter()
            .map(|(field, value)| ((*field).to_owned(), value.clone()))
            .chain([("summary".to_owned(), RemoteValue::Text(title.into()))])
            .collect(),
    }
}
