//! Sprints as an issue holds them: objects on Cloud, a Java object written out as text on Data Center.

use serde_json::Value;

/// A sprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprint {
    /// Jira's id.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub state: SprintState,
    /// First moment, as Jira writes it.
    pub start_date: Option<String>,
    /// Last moment, as Jira writes it.
    pub end_date: Option<String>,
}

/// Where a sprint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SprintState {
    /// Not begun.
    Future,
    /// Under way.
    Active,
    /// Over.
    Closed,
}

/// The attributes of the written-out object. Their order differs between versions, and names and goals may
/// hold any of the signs that separate them; so only these words, behind a comma or the opening bracket,
/// begin an attribute.
const ATTRIBUTES: [&str; 13] = [
    "id",
    "rapidViewId",
    "state",
    "name",
    "startDate",
    "endDate",
    "completeDate",
    "activatedDate",
    "sequence",
    "goal",
    "synced",
    "autoStartStop",
    "incompleteIssuesDestinationId",
];

impl Sprint {
    /// Reads either form; none if it is neither.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::from_java(text),
            Value::Object(sprint) => {
                let text = |name: &str| sprint.get(name).and_then(Value::as_str).map(str::to_owned);
                Some(Self {
                    id: sprint.get("id").and_then(Value::as_u64)?,
                    name: text("name").unwrap_or_default(),
                    state: state(&text("state").unwrap_or_default()),
                    start_date: text("startDate"),
                    end_date: text("endDate"),
                })
            }
            _ => None,
        }
    }

    fn from_java(text: &str) -> Option<Self> {
        let inside = text.split_once('[')?.1;
        let inside = inside.strip_suffix(']').unwrap_or(inside);
        let mut marks: Vec<(usize, usize, &str)> = Vec::new();
        for name in ATTRIBUTES {
            let opening = format!("{name}=");
            let first = if inside.starts_with(&opening) {
                Some((0, opening.len()))
            } else {
                let behind = format!(",{opening}");
                inside.find(&behind).map(|at| (at, behind.len()))
            };
            marks.extend(first.map(|(at, length)| (at, at + length, name)));
        }
        marks.sort_unstable();
        let value = |wanted: &str| {
            let place = marks.iter().position(|(_, _, name)| *name == wanted)?;
            let from = marks[place].1;
            let to = marks.get(place + 1).map_or(inside.len(), |(at, _, _)| *at);
            inside
                .get(from..to)
                .filter(|value| *value != "<null>")
                .map(str::to_owned)
        };
        Some(Self {
            id: value("id")?.parse().ok()?,
            name: value("name").unwrap_or_default(),
            state: state(&value("state").unwrap_or_default()),
            start_date: value("startDate"),
            end_date: value("endDate"),
        })
    }
}

fn state(text: &str) -> SprintState {
    match text.to_ascii_lowercase().as_str() {
        "closed" => SprintState::Closed,
        "active" => SprintState::Active,
        _ => SprintState::Future,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, id: u64, name: &str, state: SprintState) {
        let sprint = Sprint::from_value(&Value::String(text.to_owned())).expect("a sprint");
        assert_eq!(
            (sprint.id, sprint.name.as_str(), sprint.state),
            (id, name, state)
        );
    }

    #[test]
    fn a_sprint_written_out_by_java_is_read() {
        check(
            "com.atlassian.greenhopper.service.sprint.Sprint@a88a698[id=1,rapidViewId=1,state=ACTIVE,name=Sample Sprint 2,startDate=2018-05-09T06:39:30.147Z,endDate=2018-05-23T06:59:30.147Z,completeDate=<null>,sequence=1,goal=<null>]",
            1,
            "Sample Sprint 2",
            SprintState::Active,
        );
    }

    #[test]
    fn attributes_may_stand_in_another_order() {
        check(
            "com.atlassian.greenhopper.service.sprint.Sprint@1[completeDate=<null>,endDate=<null>,goal=<null>,id=7,name=S,rapidViewId=2,sequence=7,startDate=<null>,state=FUTURE]",
            7,
            "S",
            SprintState::Future,
        );
    }

    #[test]
    fn a_name_may_hold_the_signs_that_separate() {
        check(
            "x.Sprint@2[id=9,rapidViewId=1,state=CLOSED,name=Q3, part = 2 [final],startDate=<null>,endDate=<null>,completeDate=<null>,sequence=9,goal=a,b=c]",
            9,
            "Q3, part = 2 [final]",
            SprintState::Closed,
        );
    }
}
