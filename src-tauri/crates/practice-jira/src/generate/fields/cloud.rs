//! The fields that Jira Software adds on Cloud.

use super::{ALL, BIG, FIRST_PROJECT, NOT_SUBTASK, Row, WORK, custom, options, plugin};
use crate::state::{Data, Kind, Shape, Slot};

pub(super) fn add(data: &mut Data) {
    let lab = FIRST_PROJECT + 2;
    let gh = |slot, number, name, german, shape, schema, create, edit| {
        custom(Row {
            slot,
            number,
            name,
            german,
            shape,
            schema,
            create,
            edit,
        })
    };
    let rows = [
        gh(
            Slot::Development,
            10_000,
            "Development",
            "Entwicklung",
            Shape::Opaque,
            (
                "any",
                None,
                "com.atlassian.jira.plugins.jira-development-integration-plugin:devsummarycf",
            ),
            &[],
            &[],
        ),
        gh(
            Slot::Custom,
            10_001,
            "Team",
            "Team",
            Shape::Team,
            (
                "team",
                None,
                "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team",
            ),
            &ALL,
            &ALL,
        ),
        gh(
            Slot::EpicName,
            10_011,
            "Epic Name",
            "Epos-Name",
            Shape::Opaque,
            ("string", None, "com.pyxis.greenhopper.jira:gh-epic-label"),
            &[],
            &[Kind::Epic],
        ),
        gh(
            Slot::EpicColour,
            10_013,
            "Epic Color",
            "Epos-Farbe",
            Shape::Opaque,
            ("string", None, "com.pyxis.greenhopper.jira:gh-epic-color"),
            &[],
            &[],
        ),
        gh(
            Slot::EpicLink,
            10_014,
            "Epic Link",
            "Epos-Verknüpfung",
            Shape::Opaque,
            ("any", None, "com.pyxis.greenhopper.jira:gh-epic-link"),
            &[],
            &[],
        ),
        gh(
            Slot::Custom,
            10_015,
            "Start date",
            "Startdatum",
            Shape::Date,
            ("date", None, plugin!("datepicker")),
            &NOT_SUBTASK,
            &NOT_SUBTASK,
        ),
        gh(
            Slot::Custom,
            10_016,
            "Story point estimate",
            "Story-Point-Schätzung",
            Shape::Number,
            (
                "number",
                None,
                "com.pyxis.greenhopper.jira:jsw-story-points",
            ),
            &WORK,
            &WORK,
        ),
        gh(
            Slot::ParentLink,
            10_018,
            "Parent Link",
            "Link zum übergeordneten Vorgang",
            Shape::Opaque,
            ("any", None, "com.atlassian.jpo:jpo-custom-field-parent"),
            &[],
            &[],
        ),
        gh(
            Slot::Rank,
            10_019,
            "Rank",
            "Rang",
            Shape::Opaque,
            ("any", None, "com.pyxis.greenhopper.jira:gh-lexo-rank"),
            &[],
            &[],
        ),
        gh(
            Slot::Sprint,
            10_020,
            "Sprint",
            "Sprint",
            Shape::Opaque,
            (
                "array",
                Some("json"),
                "com.pyxis.greenhopper.jira:gh-sprint",
            ),
            &WORK,
            &WORK,
        ),
        gh(
            Slot::Flagged,
            10_021,
            "Flagged",
            "Markiert",
            Shape::Options,
            ("array", Some("option"), plugin!("multicheckboxes")),
            &[],
            &ALL,
        ),
        gh(
            Slot::Custom,
            10_022,
            "Target start",
            "Ziel-Start",
            Shape::Date,
            (
                "date",
                None,
                "com.atlassian.jpo:jpo-custom-field-baseline-start",
            ),
            &BIG,
            &BIG,
        ),
        gh(
            Slot::Custom,
            10_023,
            "Target end",
            "Ziel-Ende",
            Shape::Date,
            (
                "date",
                None,
                "com.atlassian.jpo:jpo-custom-field-baseline-end",
            ),
            &BIG,
            &BIG,
        ),
        gh(
            Slot::Custom,
            10_028,
            "Story Points",
            "Story Points",
            Shape::Number,
            ("number", None, plugin!("float")),
            &WORK,
            &WORK,
        ),
        // The same names as elsewhere, in a project that keeps its own.
        gh(
            Slot::Custom,
            10_060,
            "Severity",
            "Schweregrad",
            Shape::Option,
            ("option", None, plugin!("select")),
            &[Kind::Bug],
            &[Kind::Bug],
        ),
        gh(
            Slot::Custom,
            10_061,
            "Launch date",
            "Starttermin",
            Shape::Date,
            ("date", None, plugin!("datepicker")),
            &WORK,
            &WORK,
        ),
    ];
    for mut row in rows {
        match row.number {
            10_016 => row.projects = Some(vec![lab]),
            10_028 | 10_022 | 10_023 => row.projects = Some(vec![FIRST_PROJECT]),
            10_060 | 10_061 => row.scope = Some(lab),
            10_020 => row.projects = Some(vec![FIRST_PROJECT, lab]),
            10_021 => row.options = options(10_019, &["Impediment"]),
            _ => {}
        }
        if row.number == 10_060 {
            row.options = options(10_300, &["Annoying", "Broken", "Burning"]);
        }
        data.fields.push(row);
    }
}
