//! The fields that every Jira has.

use super::{ALL, NOT_SUBTASK, field};
use crate::state::{Data, Kind, Shape, Slot};

/// Slot, id, names, schema type and items, further clause names, whether it can be put on screens.
type SystemRow = (
    Slot,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
    bool,
);

const SYSTEM: [SystemRow; 26] = [
    (
        Slot::IssueType,
        "issuetype",
        "Issue Type",
        "Vorgangstyp",
        "issuetype",
        None,
        &["issuetype", "type"],
        true,
    ),
    (
        Slot::Project,
        "project",
        "Project",
        "Projekt",
        "project",
        None,
        &["project"],
        true,
    ),
    (
        Slot::Parent,
        "parent",
        "Parent",
        "Übergeordnet",
        "issuelink",
        None,
        &["parent"],
        false,
    ),
    (
        Slot::Summary,
        "summary",
        "Summary",
        "Zusammenfassung",
        "string",
        None,
        &["summary"],
        true,
    ),
    (
        Slot::Description,
        "description",
        "Description",
        "Beschreibung",
        "string",
        None,
        &["description"],
        true,
    ),
    (
        Slot::Status,
        "status",
        "Status",
        "Status",
        "status",
        None,
        &["status"],
        false,
    ),
    (
        Slot::StatusCategory,
        "statusCategory",
        "Status Category",
        "Statuskategorie",
        "statusCategory",
        None,
        &["statusCategory"],
        false,
    ),
    (
        Slot::Priority,
        "priority",
        "Priority",
        "Priorität",
        "priority",
        None,
        &["priority"],
        true,
    ),
    (
        Slot::Resolution,
        "resolution",
        "Resolution",
        "Lösung",
        "resolution",
        None,
        &["resolution"],
        true,
    ),
    (
        Slot::Assignee,
        "assignee",
        "Assignee",
        "Zugewiesene Person",
        "user",
        None,
        &["assignee"],
        true,
    ),
    (
        Slot::Reporter,
        "reporter",
        "Reporter",
        "Autor",
        "user",
        None,
        &["reporter"],
        true,
    ),
    (
        Slot::Creator,
        "creator",
        "Creator",
        "Ersteller",
        "user",
        None,
        &["creator"],
        false,
    ),
    (
        Slot::Labels,
        "labels",
        "Labels",
        "Stichwörter",
        "array",
        Some("string"),
        &["labels"],
        true,
    ),
    (
        Slot::Components,
        "components",
        "Components",
        "Komponenten",
        "array",
        Some("component"),
        &["component"],
        true,
    ),
    (
        Slot::FixVersions,
        "fixVersions",
        "Fix versions",
        "Lösungsversionen",
        "array",
        Some("version"),
        &["fixVersion"],
        true,
    ),
    (
        Slot::Versions,
        "versions",
        "Affects versions",
        "Betroffene Versionen",
        "array",
        Some("version"),
        &["affectedVersion"],
        true,
    ),
    (
        Slot::Created,
        "created",
        "Created",
        "Erstellt",
        "datetime",
        None,
        &["created", "createdDate"],
        false,
    ),
    (
        Slot::Updated,
        "updated",
        "Updated",
        "Aktualisiert",
        "datetime",
        None,
        &["updated", "updatedDate"],
        false,
    ),
    (
        Slot::ResolutionDate,
        "resolutiondate",
        "Resolved",
        "Erledigt",
        "datetime",
        None,
        &["resolved", "resolutiondate"],
        false,
    ),
    (
        Slot::DueDate,
        "duedate",
        "Due date",
        "Fälligkeitsdatum",
        "date",
        None,
        &["due", "duedate"],
        true,
    ),
    (
        Slot::TimeTracking,
        "timetracking",
        "Time tracking",
        "Zeitverfolgung",
        "timetracking",
        None,
        &[],
        true,
    ),
    (
        Slot::TimeOriginalEstimate,
        "timeoriginalestimate",
        "Original estimate",
        "Ursprüngliche Schätzung",
        "number",
        None,
        &["originalEstimate", "timeoriginalestimate"],
        false,
    ),
    (
        Slot::IssueLinks,
        "issuelinks",
        "Linked Issues",
        "Verknüpfte Vorgänge",
        "array",
        Some("issuelinks"),
        &[],
        true,
    ),
    (
        Slot::Subtasks,
        "subtasks",
        "Sub-tasks",
        "Unteraufgaben",
        "array",
        Some("issuelinks"),
        &["subtasks"],
        false,
    ),
    (
        Slot::Comment,
        "comment",
        "Comment",
        "Kommentar",
        "comments-page",
        None,
        &["comment"],
        false,
    ),
    (
        Slot::Watches,
        "watches",
        "Watchers",
        "Beobachter",
        "watches",
        None,
        &["watchers"],
        false,
    ),
];

pub(super) fn add(data: &mut Data) {
    for (slot, id, name, german, kind, items, clauses, screen) in SYSTEM {
        let mut row = field(slot, id, name, german, Shape::System);
        row.schema_type = kind;
        row.schema_items = items;
        row.system = id;
        row.clauses = clauses.to_vec();
        row.orderable = screen;
        row.navigable = !matches!(slot, Slot::Comment | Slot::TimeTracking | Slot::Watches);
        row.searchable = !clauses.is_empty();
        if screen && slot != Slot::Resolution {
            row.create = match slot {
                Slot::Versions => vec![Kind::Bug],
                Slot::Priority | Slot::DueDate | Slot::TimeTracking => NOT_SUBTASK.to_vec(),
                _ => ALL.to_vec(),
            };
            row.edit = row.create.clone();
        }
        if matches!(
            slot,
            Slot::Summary | Slot::IssueType | Slot::Project | Slot::Reporter
        ) {
            row.required = ALL.to_vec();
        }
        if slot == Slot::Project {
            row.edit = Vec::new();
        }
        if slot == Slot::Parent {
            row.create = ALL.to_vec();
            row.edit = ALL.to_vec();
            row.required = vec![Kind::Subtask];
        }
        data.fields.push(row);
    }
    // The key is a column of lists, not a field of the issue.
    let mut key = field(
        Slot::IssueKey,
        "issuekey",
        "Key",
        "Schlüssel",
        Shape::System,
    );
    key.clauses = vec!["id", "issue", "issuekey", "key"];
    key.orderable = false;
    key.searchable = true;
    data.fields.push(key);
}
