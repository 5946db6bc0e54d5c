//! Where Jira answers or is asked otherwise than Atlassian describes it, and rightly. Each entry excuses what it names and
//! nothing else; one that excuses nothing any more fails the test.

use super::description::Violation;
use practice_jira::Face;

/// A place where the description does not hold. In its patterns `*` stands for everything, `**` for any part.
#[derive(Debug)]
pub struct Defect {
    /// Whose description.
    pub face: Face,
    /// Method and template.
    pub operation: &'static str,
    /// `path`, `query`, `request` or a status.
    pub place: &'static str,
    /// The pointer.
    pub pointer: &'static str,
    /// Why what is said is right.
    pub reason: &'static str,
}

impl Defect {
    /// Whether it excuses a violation.
    pub fn excuses(&self, violation: &Violation) -> bool {
        self.face == violation.face
            && fits(self.operation, &violation.operation)
            && fits(self.place, &violation.place)
            && fits(self.pointer, &violation.pointer)
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once("**") {
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
        None => pattern == "*" || pattern == text,
    }
}

const fn defect(
    face: Face,
    operation: &'static str,
    place: &'static str,
    pointer: &'static str,
    reason: &'static str,
) -> Defect {
    Defect {
        face,
        operation,
        place,
        pointer,
        reason,
    }
}

use Face::{Cloud, DataCenter};

const EVERYWHERE: &str =
    "limits and maintenance are told of on pages of their own, for every operation";
const ELSEWHERE: &str = "the webhooks of administrators are in none of the documents";
const COMMAS: &str = "a text with commas, as the description beside it says";

/// All of them.
pub const DEFECTS: &[Defect] = &[
    defect(Cloud, "*", "429", "", EVERYWHERE),
    defect(Cloud, "*", "503", "", EVERYWHERE),
    defect(Cloud, "**/rest/webhooks/1.0/webhook", "path", "", ELSEWHERE),
    defect(
        Cloud,
        "**/rest/webhooks/1.0/webhook/1",
        "path",
        "",
        ELSEWHERE,
    ),
    defect(
        Cloud,
        "GET /_edge/tenant_info",
        "path",
        "",
        "the way to the site's id is not part of the interface",
    ),
    defect(Cloud, "GET /rest/agile/1.0/board", "query", "/type", COMMAS),
    defect(
        Cloud,
        "GET /rest/agile/1.0/board/{boardId}/sprint",
        "query",
        "/state",
        COMMAS,
    ),
    defect(
        Cloud,
        "GET /rest/api/3/issue/createmeta/**",
        "404",
        "",
        "what an unknown project gives is not described; elsewhere it is 404",
    ),
    defect(
        Cloud,
        "GET /rest/api/3/search",
        "410",
        "",
        "the operation was taken away after the document was written",
    ),
    defect(DataCenter, "*", "429", "", EVERYWHERE),
    defect(DataCenter, "*", "503", "", EVERYWHERE),
    defect(
        DataCenter,
        "**/jira-webhook/1.0/webhooks",
        "path",
        "",
        ELSEWHERE,
    ),
    defect(
        DataCenter,
        "**/jira-webhook/1.0/webhooks/1",
        "path",
        "",
        ELSEWHERE,
    ),
    defect(
        DataCenter,
        "GET /api/2/issue/{issueIdOrKey}",
        "401",
        "",
        "an anonymous caller is asked to sign in",
    ),
    defect(
        DataCenter,
        "PUT /api/2/issue/{issueIdOrKey}",
        "404",
        "",
        "an issue that is not there gives 404 as when it is read",
    ),
    defect(
        DataCenter,
        "POST /api/2/issue/{issueIdOrKey}/comment",
        "404",
        "",
        "an issue that is not there gives 404 as when it is read",
    ),
    defect(
        DataCenter,
        "GET /api/2/issue/{issueIdOrKey}",
        "query",
        "/projectKeys",
        "the create metadata of Servers before 9, asked for where there is no other",
    ),
    defect(
        DataCenter,
        "GET /api/2/issue/{issueIdOrKey}",
        "query",
        "/issuetypeIds",
        "the create metadata of Servers before 9, asked for where there is no other",
    ),
    defect(
        DataCenter,
        "GET /api/2/mypermissions",
        "query",
        "/permissions",
        "Cloud demands it; Data Center tells of all permissions, asked or not",
    ),
    defect(
        DataCenter,
        "PUT /api/2/issue/{issueIdOrKey}/properties/{propertyKey}",
        "request",
        "",
        "a property is any JSON, as the description beside it says",
    ),
];
