//! The fields that Jira Software adds on Data Center.

use super::{ALL, BIG, Row, WORK, custom, options, plugin};
use crate::state::{Data, Kind, Shape, Slot};

pub(super) fn add(data: &mut Data) {
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
                "com.atlassian.jira.plugins.jira-development-integration-plugin:devsummary",
            ),
            &[],
            &[],
        ),
        gh(
            Slot::EpicLink,
            10_101,
            "Epic Link",
            "Epos-Verknüpfung",
            Shape::Opaque,
            ("any", None, "com.pyxis.greenhopper.jira:gh-epic-link"),
            &WORK,
            &WORK,
        ),
        gh(
            Slot::EpicStatus,
            10_102,
            "Epic Status",
            "Epos-Status",
            Shape::Opaque,
            ("option", None, "com.pyxis.greenhopper.jira:gh-epic-status"),
            &[],
            &[],
        ),
        gh(
            Slot::EpicName,
            10_103,
            "Epic Name",
            "Epos-Name",
            Shape::Text,
            ("string", None, "com.pyxis.greenhopper.jira:gh-epic-label"),
            &[Kind::Epic],
            &[Kind::Epic],
        ),
        gh(
            Slot::Sprint,
            10_104,
            "Sprint",
            "Sprint",
            Shape::Opaque,
            (
                "array",
                Some("string"),
                "com.pyxis.greenhopper.jira:gh-sprint",
            ),
            &WORK,
            &WORK,
        ),
        gh(
            Slot::Rank,
            10_105,
            "Rank",
            "Rang",
            Shape::Opaque,
            ("any", None, "com.pyxis.greenhopper.jira:gh-lexo-rank"),
            &[],
            &[],
        ),
        gh(
            Slot::EpicColour,
            10_106,
            "Epic Color",
            "Epos-Farbe",
            Shape::Opaque,
            ("string", None, "com.pyxis.greenhopper.jira:gh-epic-color"),
            &[],
            &[],
        ),
        gh(
            Slot::Custom,
            10_107,
            "Story Points",
            "Story Points",
            Shape::Number,
            ("number", None, plugin!("float")),
            &WORK,
            &WORK,
        ),
        gh(
            Slot::Flagged,
            10_108,
            "Flagged",
            "Markiert",
            Shape::Options,
            ("array", Some("option"), plugin!("multicheckboxes")),
            &[],
            &ALL,
        ),
        gh(
            Slot::ParentLink,
            10_111,
            "Parent Link",
            "Link zum übergeordneten Vorgang",
            Shape::Opaque,
            ("any", None, "com.atlassian.jpo:jpo-custom-field-parent"),
            &[Kind::Epic],
            &[Kind::Epic],
        ),
        gh(
            Slot::Custom,
            10_112,
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
            10_113,
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
            10_114,
            "Team",
            "Team",
            Shape::Team,
            (
                "any",
                None,
                "com.atlassian.teams:rm-teams-custom-field-team",
            ),
            &ALL,
            &ALL,
        ),
    ];
    for mut row in rows {
        if row.slot == Slot::EpicName {
            row.required = vec![Kind::Epic];
        }
        if row.slot == Slot::Flagged {
            row.options = options(10_019, &["Impediment"]);
        }
        data.fields.push(row);
    }
}
