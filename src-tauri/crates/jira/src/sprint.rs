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

/// The attributes of the written-out object and what their values look like. Their order differs between
/// versions, and names and goals may hold any of the signs that separate them; so only these words, behind a
/// comma or the opening bracket and before a fitting value, begin an attribute.
const ATTRIBUTES: [(&str, Form); 13] = [
    ("id", Form::Number),
    ("rapidViewId", Form::Number),
    ("state", Form::State),
    ("name", Form::Free),
    ("startDate", Form::Moment),
    ("endDate", Form::Moment),
    ("completeDate", Form::Moment),
    ("activatedDate", Form::Moment),
    ("sequence", Form::Number),
    ("goal", Form::Free),
    ("synced", Form::Flag),
    ("autoStartStop", Form::Flag),
    ("incompleteIssuesDestinationId", Form::Number),
];

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Number,
    State,
    Moment,
    Flag,
    Free,
}

struct Attribute {
    name: &'static str,
    /// Where its name begins.
    start: usize,
    /// Where its value begins.
    value: usize,
}

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
        let found = attributes(inside);
        let value = |wanted: &str| {
            let place = found
                .iter()
                .position(|attribute| attribute.name == wanted)?;
            let to = found
                .get(place + 1)
                .map_or(inside.len(), |next| next.start - 1);
            inside
                .get(found[place].value..to)
                .filter(|value| *value != "<null>")
                .map(str::to_owned)
        };
        Some(Self {
            id: value("id")?.split(',').next()?.parse().ok()?,
            name: value("name").unwrap_or_default(),
            state: state(&value("state").unwrap_or_default()),
            start_date: value("startDate"),
            end_date: value("endDate"),
        })
    }
}

/// Where the attributes begin. Each occurs once: of several candidates the one before the name counts, as the
/// name is where look-alikes come from, and otherwise the last.
fn attributes(inside: &str) -> Vec<Attribute> {
    let mut found: Vec<Attribute> = Vec::new();
    let mut name_at = usize::MAX;
    let commas = inside.match_indices(',').map(|(at, _)| at + 1);
    for start in std::iter::once(0).chain(commas) {
        let Some((name, form)) = attribute_at(&inside[start..]) else {
            continue;
        };
        let before = found.iter().position(|earlier| earlier.name == name);
        if let Some(place) = before {
            if form == Form::Free || found[place].start < name_at {
                continue;
            }
            found.remove(place);
        } else if name == "name" {
            name_at = start;
        }
        found.push(Attribute {
            name,
            start,
            value: start + name.len() + 1,
        });
    }
    found
}

fn attribute_at(rest: &str) -> Option<(&'static str, Form)> {
    let (name, value) = rest.split_once('=')?;
    let (name, form) = ATTRIBUTES.into_iter().find(|(known, _)| *known == name)?;
    let value = value.split(',').next().unwrap_or_default();
    let fits = value == "<null>"
        || match form {
            Form::Number => value.parse::<u64>().is_ok(),
            Form::State => matches!(value, "ACTIVE" | "CLOSED" | "FUTURE"),
            Form::Moment => crate::model::moment(value).is_some(),
            Form::Flag => matches!(value, "true" | "false"),
            Form::Free => true,
        };
    fits.then_some((name, form))
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

    #[test]
    fn a_name_may_look_like_an_attribute() {
        check(
            "x.Sprint@2[id=9,rapidViewId=1,state=CLOSED,name=A,state=ACTIVE,id=4,startDate=soon,startDate=<null>,endDate=<null>,sequence=9,goal=g]",
            9,
            "A,state=ACTIVE,id=4,startDate=soon",
            SprintState::Closed,
        );
        check(
            "x.Sprint@2[completeDate=<null>,goal=a, id=b,id=9,name=N,state=now,state=FUTURE]",
            9,
            "N,state=now",
            SprintState::Future,
        );
    }

    #[test]
    fn what_names_no_sprint_is_none() {
        for text in ["", "[]", "x@1[name=x]", "x@1[id=x,name=y]", "x@1"] {
            assert_eq!(Sprint::from_value(&Value::String(text.to_owned())), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_without_a_whole_attribute_inside_comes_back(
            id in 1_u64..99_999,
            name in "[a-zA-Z0-9 ,=\\]\\[é<>-]{1,20}",
            goal in "[a-zA-Z0-9 ,=\\]\\[é<>-]{1,20}",
            goal_first in proptest::bool::ANY,
        ) {
            let dates = "startDate=2018-05-09T06:39:30.147Z,endDate=<null>,sequence=1";
            let text = if goal_first {
                format!("x@1[id={id},state=ACTIVE,goal={goal},name={name},{dates}]")
            } else {
                format!("x@1[id={id},state=ACTIVE,name={name},{dates},goal={goal}]")
            };
            let sprint = Sprint::from_value(&Value::String(text)).expect("a sprint");
            proptest::prop_assert_eq!((sprint.id, sprint.name), (id, name));
        }

        #[test]
        fn no_text_makes_it_panic(parts in "[a-zN=,<>\\[\\]]{0,40}") {
            let text = format!("x@1[id=1,{parts}]");
            proptest::prop_assert!(Sprint::from_value(&Value::String(text)).is_some());
        }
    }
}
