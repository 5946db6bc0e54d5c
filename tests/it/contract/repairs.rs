//! Where Atlassian's documents of Data Center do not say what Jira does, put right before anything is checked, so that what
//! they do say still counts. A repair that changes nothing for what is said here fails the test.

use practice_jira::Face;
use serde_json::{Value, json};

/// Something to put right.
#[derive(Debug)]
pub struct Repair {
    /// Whose documents.
    pub face: Face,
    /// An operation, whose answer of 200 is meant, or the path to a schema below the components.
    pub at: &'static str,
    /// What becomes of it.
    pub becomes: Becomes,
    /// Why.
    pub reason: &'static str,
}

/// What becomes of a schema.
#[derive(Debug)]
pub enum Becomes {
    /// A list of what it describes.
    List,
    /// A page of what it describes.
    Page,
    /// Another schema, as JSON.
    Schema(&'static str),
    /// The same with further members, of any type.
    With(&'static [&'static str]),
}

impl Repair {
    /// Whether an operation's answer is meant, and it is this one.
    pub fn concerns(&self, operation: Option<&str>) -> bool {
        !self.at.contains(' ') || operation == Some(self.at)
    }

    /// Puts it right, if the document has the place.
    pub fn make(&self, document: &mut Value) {
        let pointer = match self.at.split_once(' ') {
            Some((method, path)) => format!(
                "/paths/{}/{}/responses/200/content/application~1json/schema",
                path.replace('/', "~1"),
                method.to_lowercase()
            ),
            None => format!("/components/schemas/{}", self.at),
        };
        let Some(schema) = document.pointer_mut(&pointer) else {
            return;
        };
        match self.becomes {
            Becomes::List => *schema = json!({"type": "array", "items": schema.take()}),
            Becomes::Page => {
                *schema = json!({"type": "object", "required": ["values"], "properties": {
                    "maxResults": {"type": "integer"}, "startAt": {"type": "integer"}, "total": {"type": "integer"},
                    "isLast": {"type": "boolean"}, "values": {"type": "array", "items": schema.take()}}});
            }
            Becomes::Schema(text) => {
                *schema = serde_json::from_str(text).expect("the repair is JSON");
            }
            Becomes::With(names) => {
                for name in names {
                    schema["properties"][name] = json!({});
                }
            }
        }
    }
}

const LIST: &str = "the generator dropped that it is a list";
const PAGE: &str = "the generator dropped that it is a page";
const ANY: &str = "the value is whatever the field, property or estimate holds";
const DAY: &str = r#"{"type": "string", "format": "date"}"#;
const DAYS: &str = "a day without a time, as in the document's own examples";
const LESS: &str =
    "the document leaves out members that it shows in its own examples or that Jira has always had";

const fn repair(at: &'static str, becomes: Becomes, reason: &'static str) -> Repair {
    Repair {
        face: Face::DataCenter,
        at,
        becomes,
        reason,
    }
}

/// All of them.
pub const REPAIRS: &[Repair] = &[
    repair("GET /api/2/field", Becomes::List, LIST),
    repair("GET /api/2/issuetype", Becomes::List, LIST),
    repair("GET /api/2/priority", Becomes::List, LIST),
    repair("GET /api/2/project", Becomes::List, LIST),
    repair(
        "GET /api/2/project/{projectIdOrKey}/components",
        Becomes::List,
        LIST,
    ),
    repair(
        "GET /api/2/project/{projectIdOrKey}/statuses",
        Becomes::List,
        LIST,
    ),
    repair(
        "GET /api/2/project/{projectIdOrKey}/versions",
        Becomes::List,
        LIST,
    ),
    repair("GET /api/2/resolution", Becomes::List, LIST),
    repair("GET /api/2/status", Becomes::List, LIST),
    repair("GET /api/2/statuscategory", Becomes::List, LIST),
    repair("GET /api/2/user/assignable/search", Becomes::List, LIST),
    repair("GET /api/2/user/search", Becomes::List, LIST),
    repair(
        "GET /api/2/issue/{issueIdOrKey}/remotelink",
        Becomes::List,
        LIST,
    ),
    repair("GET /agile/1.0/board", Becomes::Page, PAGE),
    repair("GET /agile/1.0/board/{boardId}/sprint", Becomes::Page, PAGE),
    repair(
        "GET /api/2/issue/createmeta/{projectIdOrKey}/issuetypes",
        Becomes::Page,
        PAGE,
    ),
    repair(
        "GET /api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
        Becomes::Page,
        PAGE,
    ),
    repair(
        "StringList",
        Becomes::Schema(r#"{"type": "string"}"#),
        "on the wire it is a text with commas",
    ),
    repair(
        "IssueBean/properties/fields/additionalProperties",
        Becomes::Schema("{}"),
        ANY,
    ),
    repair(
        "IssueUpdateBean/properties/fields/additionalProperties",
        Becomes::Schema("{}"),
        ANY,
    ),
    repair(
        "EntityPropertyBean/properties/value",
        Becomes::Schema("{}"),
        ANY,
    ),
    repair(
        "FieldValueBean/properties/value",
        Becomes::Schema("{}"),
        ANY,
    ),
    repair(
        "FieldOperation",
        Becomes::Schema(r#"{"type": "object", "minProperties": 1}"#),
        "the operation is the member's name: add, set, remove, edit",
    ),
    repair(
        "VersionBean/properties/releaseDate",
        Becomes::Schema(DAY),
        DAYS,
    ),
    repair(
        "VersionBean/properties/startDate",
        Becomes::Schema(DAY),
        DAYS,
    ),
    repair("IssueBean", Becomes::With(&["expand"]), LESS),
    repair("TransitionsMetaBean", Becomes::With(&["expand"]), LESS),
    repair(
        "PermissionJsonBean",
        Becomes::With(&["havePermission", "deprecatedKey"]),
        LESS,
    ),
    repair(
        "ProjectBean",
        Becomes::With(&[
            "assigneeType",
            "components",
            "expand",
            "issueTypes",
            "lead",
            "projectTypeKey",
            "roles",
            "versions",
        ]),
        LESS,
    ),
    repair(
        "SimpleListWrapperApplicationRoleBean",
        Becomes::With(&["items"]),
        LESS,
    ),
    repair(
        "SimpleListWrapperGroupJsonBean",
        Becomes::With(&["items"]),
        LESS,
    ),
    repair(
        "ComponentBean",
        Becomes::With(&["isAssigneeTypeValid", "projectId", "realAssigneeType"]),
        LESS,
    ),
];
