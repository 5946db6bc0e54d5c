//! System and custom fields, one of every kind that a client meets.

mod cloud;
mod company;
mod data_center;
mod system;

use super::projects::FIRST_PROJECT;
use crate::config::{Face, SiteConfig};
use crate::state::{Data, Field, FieldOption, Kind, Shape, Slot};

pub(crate) use company::first_company;

const ALL: [Kind; 6] = [
    Kind::Initiative,
    Kind::Epic,
    Kind::Story,
    Kind::Task,
    Kind::Bug,
    Kind::Subtask,
];
const NOT_SUBTASK: [Kind; 5] = [
    Kind::Initiative,
    Kind::Epic,
    Kind::Story,
    Kind::Task,
    Kind::Bug,
];
const WORK: [Kind; 3] = [Kind::Story, Kind::Task, Kind::Bug];
const BIG: [Kind; 2] = [Kind::Initiative, Kind::Epic];

/// The full name of a kind of field that comes with Jira.
macro_rules! plugin {
    ($name:literal) => {
        concat!("com.atlassian.jira.plugin.system.customfieldtypes:", $name)
    };
}
use plugin;

/// The number of the classic story points field.
pub(crate) fn story_points(face: Face) -> u32 {
    match face {
        Face::Cloud => 10_028,
        Face::DataCenter => 10_107,
    }
}

pub(crate) fn add(data: &mut Data, config: &SiteConfig) {
    system::add(data);
    match config.face {
        Face::Cloud => cloud::add(data),
        Face::DataCenter => data_center::add(data),
    }
    company::add(data, config.face);
}

fn field(slot: Slot, id: &str, name: &'static str, german: &'static str, shape: Shape) -> Field {
    Field {
        id: id.to_owned(),
        number: 0,
        name,
        german,
        slot,
        shape,
        schema_type: "string",
        schema_items: None,
        schema_custom: None,
        system: "",
        clauses: Vec::new(),
        orderable: true,
        navigable: true,
        searchable: true,
        scope: None,
        create: Vec::new(),
        edit: Vec::new(),
        required: Vec::new(),
        options: Vec::new(),
        projects: None,
    }
}

/// What tells one custom field from another. The screens are lists of the types on which they show the field.
struct Row {
    slot: Slot,
    number: u32,
    name: &'static str,
    german: &'static str,
    shape: Shape,
    schema: (&'static str, Option<&'static str>, &'static str),
    create: &'static [Kind],
    edit: &'static [Kind],
}

fn custom(row: Row) -> Field {
    let mut made = field(
        row.slot,
        &format!("customfield_{}", row.number),
        row.name,
        row.german,
        row.shape,
    );
    made.number = row.number;
    made.schema_type = row.schema.0;
    made.schema_items = row.schema.1;
    made.schema_custom = Some(row.schema.2);
    made.create = row.create.to_vec();
    made.edit = row.edit.to_vec();
    made.searchable = row.shape != Shape::Opaque
        || matches!(
            row.slot,
            Slot::Sprint | Slot::EpicLink | Slot::ParentLink | Slot::Rank
        );
    made
}

fn options(first: u32, values: &[&'static str]) -> Vec<FieldOption> {
    let make = |(at, value): (usize, &&'static str)| FieldOption {
        id: first + at as u32,
        value,
        disabled: false,
        children: Vec::new(),
    };
    values.iter().enumerate().map(make).collect()
}
