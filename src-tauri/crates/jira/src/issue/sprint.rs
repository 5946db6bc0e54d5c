//! Sprints as Server and Data Center write them into an issue: a Java object's debugging text.
//!
//! `com.atlassian.greenhopper.service.sprint.Sprint@a88a698[id=1,rapidViewId=1,state=ACTIVE,…]`.
//! The order of the parts differs between versions, and a name or goal may hold commas, equals
//! signs and brackets, so the text is cut at the names of known parts only.

use crate::dates;
use crate::ids::{BoardId, SprintId};
use crate::model::{Sprint, SprintState};

/// What the value of a part looks like. Free text ends only where another part begins.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Number,
    State,
    Date,
    Flag,
    Free,
}

const PARTS: &[(&str, Form)] = &[
    ("id", Form::Number),
    ("rapidViewId", Form::Number),
    ("state", Form::State),
    ("name", Form::Free),
    ("goal", Form::Free),
    ("startDate", Form::Date),
    ("endDate", Form::Date),
    ("completeDate", Form::Date),
    ("activatedDate", Form::Date),
    ("sequence", Form::Number),
    ("autoStartStop", Form::Flag),
    ("synced", Form::Flag),
    ("incompleteIssuesDestinationId", Form::Number),
];

/// Reads one sprint; `None` when the text names no id.
#[must_use]
pub fn parse_sprint(text: &str) -> Option<Sprint> {
    let inside = text.trim().strip_suffix(']').unwrap_or(text.trim());
    let inside = &inside[inside.find('[')? + 1..];
    let cuts = cuts(inside);
    let part = |name: &str| {
        let at = cuts.iter().position(|cut| cut.name == name)?;
        let end = cuts.get(at + 1).map_or(inside.len(), |next| next.start - 1);
        let value = inside.get(cuts[at].value..end)?;
        (value != "<null>").then_some(value)
    };
    let free = |name: &str| part(name).map(str::to_owned);
    let date = |name: &str| part(name).and_then(dates::moment);
    Some(Sprint {
        id: SprintId(part("id")?.parse().ok()?),
        name: free("name").unwrap_or_default(),
        state: part("state").map_or(SprintState::Unknown, SprintState::parse),
        start_date: date("startDate"),
        end_date: date("endDate"),
        complete_date: date("completeDate"),
        origin_board_id: part("rapidViewId")
            .and_then(|text| text.parse().ok())
            .map(BoardId),
        goal: free("goal").filter(|goal| !goal.is_empty()),
    })
}

struct Cut {
    name: &'static str,
    /// Where the part's name begins.
    start: usize,
    /// Where its value begins.
    value: usize,
}

/// Where the parts begin, in order. Each part occurs once; of several candidates the first before
/// the name counts, since the name is where look-alikes come from, and otherwise the last.
fn cuts(inside: &str) -> Vec<Cut> {
    let mut found: Vec<Cut> = Vec::new();
    let mut name_at = usize::MAX;
    for at in boundaries(inside) {
        let Some((name, form)) = part_at(inside, at) else {
            continue;
        };
        let cut = Cut {
            name,
            start: at,
            value: at + name.len() + 1,
        };
        match found.iter().position(|earlier| earlier.name == name) {
            Some(earlier) if form == Form::Free || found[earlier].start < name_at => {}
            Some(earlier) => {
                found.remove(earlier);
                found.push(cut);
            }
            None => {
                if name == "name" {
                    name_at = at;
                }
                found.push(cut);
            }
        }
    }
    found
}

/// The positions at which a part could begin.
fn boundaries(inside: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(inside.match_indices(',').map(|(at, _)| at + 1))
}

fn part_at(inside: &str, at: usize) -> Option<(&'static str, Form)> {
    let rest = &inside[at..];
    let (name, form) = PARTS.iter().find(|(name, _)| {
        rest.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('='))
    })?;
    let value = &rest[name.len() + 1..];
    let value = &value[..value.find(',').unwrap_or(value.len())];
    let fits = value == "<null>"
        || match form {
            Form::Number => !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()),
            Form::State => SprintState::parse(value) != SprintState::Unknown,
            Form::Date => dates::moment(value).is_some(),
            Form::Flag => matches!(value, "true" | "false"),
            Form::Free => true,
        };
    fits.then_some((*name, *form))
}

#[cfg(test)]
mod tests;
