//! System and custom fields, one of every kind that a client meets.

use super::projects::FIRST_PROJECT;
use crate::config::{Face, SiteConfig};
use crate::state::{Data, Field, FieldOption, Kind, Shape, Slot};

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

/// The number of the classic story points field.
pub(crate) fn story_points(face: Face) -> u32 {
    match face {
        Face::Cloud => 10_028,
        Face::DataCenter => 10_107,
    }
}

macro_rules! plugin {
    ($name:literal) => {
        concat!("com.atlassian.jira.plugin.system.customfieldtypes:", $name)
    };
}

pub(crate) fn add(data: &mut Data, config: &SiteConfig) {
    system(data);
    match config.face {
        Face::Cloud => agile_cloud(data),
        Face::DataCenter => agile_dc(data),
    }
    company(data, config.face);
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

fn system(data: &mut Data) {
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

fn agile_cloud(data: &mut Data) {
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

fn agile_dc(data: &mut Data) {
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

fn options(first: u32, values: &[&'static str]) -> Vec<FieldOption> {
    let make = |(at, value): (usize, &&'static str)| FieldOption {
        id: first + at as u32,
        value,
        disabled: false,
        children: Vec::new(),
    };
    values.iter().enumerate().map(make).collect()
}

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

fn company(data: &mut Data, face: Face) {
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
