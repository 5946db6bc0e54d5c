//! The fields that the company made itself, one of every kind.

use super::{BIG, FIRST_PROJECT, NOT_SUBTASK, Row, WORK, custom, options, plugin};
use crate::config::Face;
use crate::state::{Data, FieldOption, Kind, Shape, Slot};

/// Offset from the first company field, names, shape, schema, create and edit screens.
type CompanyRow = (
    u32,
    &'static str,
    &'static str,
    Shape,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static [Kind],
    &'static [Kind],
);

const COMPANY: [CompanyRow; 22] = [
    (
        0,
        "Customer",
        "Kunde",
        Shape::Text,
        "string",
        None,
        plugin!("textfield"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        1,
        "Acceptance criteria",
        "Abnahmekriterien",
        Shape::RichText,
        "string",
        None,
        plugin!("textarea"),
        &WORK,
        &WORK,
    ),
    (
        2,
        "Business value",
        "Geschäftswert",
        Shape::Number,
        "number",
        None,
        plugin!("float"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        3,
        "Committed date",
        "Zugesagt am",
        Shape::Date,
        "date",
        None,
        plugin!("datepicker"),
        &WORK,
        &WORK,
    ),
    (
        4,
        "Release window",
        "Freigabefenster",
        Shape::DateTime,
        "datetime",
        None,
        plugin!("datetime"),
        &WORK,
        &WORK,
    ),
    (
        5,
        "Severity",
        "Schweregrad",
        Shape::Option,
        "option",
        None,
        plugin!("select"),
        &[Kind::Bug],
        &[Kind::Bug],
    ),
    (
        6,
        "Risk",
        "Risiko",
        Shape::Option,
        "option",
        None,
        plugin!("radiobuttons"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        7,
        "Platforms",
        "Plattformen",
        Shape::Options,
        "array",
        Some("option"),
        plugin!("multiselect"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        8,
        "Compliance",
        "Vorschriften",
        Shape::Options,
        "array",
        Some("option"),
        plugin!("multicheckboxes"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        9,
        "Region",
        "Region",
        Shape::Cascade,
        "option-with-child",
        None,
        plugin!("cascadingselect"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        10,
        "Product owner",
        "Produktverantwortung",
        Shape::User,
        "user",
        None,
        plugin!("userpicker"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        11,
        "Reviewers",
        "Prüfende",
        Shape::Users,
        "array",
        Some("user"),
        plugin!("multiuserpicker"),
        &WORK,
        &WORK,
    ),
    (
        12,
        "Owning group",
        "Zuständige Gruppe",
        Shape::Group,
        "group",
        None,
        plugin!("grouppicker"),
        &WORK,
        &WORK,
    ),
    (
        13,
        "Stakeholder groups",
        "Beteiligte Gruppen",
        Shape::Groups,
        "array",
        Some("group"),
        plugin!("multigrouppicker"),
        &BIG,
        &BIG,
    ),
    (
        14,
        "Tags",
        "Schlagworte",
        Shape::Labels,
        "array",
        Some("string"),
        plugin!("labels"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        15,
        "Found in",
        "Gefunden in",
        Shape::Version,
        "version",
        None,
        plugin!("version"),
        &[Kind::Bug],
        &[Kind::Bug],
    ),
    (
        16,
        "Target versions",
        "Zielversionen",
        Shape::Versions,
        "array",
        Some("version"),
        plugin!("multiversion"),
        &WORK,
        &WORK,
    ),
    (
        17,
        "Specification",
        "Spezifikation",
        Shape::Text,
        "string",
        None,
        plugin!("url"),
        &NOT_SUBTASK,
        &NOT_SUBTASK,
    ),
    (
        18,
        "Related project",
        "Verwandtes Projekt",
        Shape::Project,
        "project",
        None,
        plugin!("project"),
        &BIG,
        &BIG,
    ),
    (
        19,
        "Import source",
        "Importquelle",
        Shape::Text,
        "string",
        None,
        plugin!("readonlyfield"),
        &[],
        &[],
    ),
    (
        20,
        "Goal",
        "Ziel",
        Shape::Text,
        "string",
        None,
        plugin!("textfield"),
        &BIG,
        &BIG,
    ),
    // On the edit screen only, and a second field of the same name.
    (
        21,
        "Severity",
        "Schweregrad",
        Shape::Option,
        "option",
        None,
        plugin!("select"),
        &[],
        &[Kind::Story, Kind::Task],
    ),
];

/// The number of the first field that the company made itself.
pub(crate) fn first_company(face: Face) -> u32 {
    match face {
        Face::Cloud => 10_030,
        Face::DataCenter => 10_200,
    }
}

pub(super) fn add(data: &mut Data, face: Face) {
    let first = first_company(face);
    let classic = match face {
        Face::Cloud => vec![FIRST_PROJECT, FIRST_PROJECT + 1],
        Face::DataCenter => vec![FIRST_PROJECT, FIRST_PROJECT + 1, FIRST_PROJECT + 2],
    };
    for (offset, name, german, shape, kind, items, custom_type, create, edit) in COMPANY {
        let mut row = custom(Row {
            slot: Slot::Custom,
            number: first + offset,
            name,
            german,
            shape,
            schema: (kind, items, custom_type),
            create,
            edit,
        });
        row.projects = Some(if offset == 21 {
            vec![FIRST_PROJECT + 1]
        } else {
            classic.clone()
        });
        row.options = match offset {
            5 => options(10_400, &["Critical", "Major", "Minor", "Cosmetic"]),
            6 => options(10_410, &["None known", "Schedule", "Technical", "Legal"]),
            7 => options(
                10_420,
                &["Web", "iOS", "Android", "Partner API", "Ground station"],
            ),
            8 => options(10_430, &["GDPR", "ISO 27001", "SOC 2", "Export control"]),
            9 => regions(),
            21 => options(10_460, &["SEV-1", "SEV-2", "SEV-3"]),
            _ => Vec::new(),
        };
        if offset == 7 {
            // Disabled options still sit in old issues.
            row.options.push(FieldOption {
                id: 10_429,
                value: "Windows Phone",
                disabled: true,
                children: Vec::new(),
            });
        }
        data.fields.push(row);
    }
    if face == Face::Cloud {
        let schema = ("numberrange", None, plugin!("numberrange"));
        data.fields.push(custom(Row {
            slot: Slot::Custom,
            number: first + 22,
            name: "Effort range",
            german: "Aufwandsspanne",
            shape: Shape::Opaque,
            schema,
            create: &[],
            edit: &[],
        }));
    }
}

fn regions() -> Vec<FieldOption> {
    let mut list = options(10_440, &["Europe", "Asia-Pacific", "Americas"]);
    list[0].children = vec![(10_450, "Kiruna"), (10_451, "Berlin"), (10_452, "Łódź")];
    list[1].children = vec![(10_453, "東京"), (10_454, "Sydney")];
    list
}
