//! Answers a checked query.

use super::resolve::{Pred, Where, days};
use crate::document::{Rich, convert};
use crate::generate;
use crate::state::{Custom, Data, Issue, Kind, Slot};

pub(crate) fn holds(pred: &Pred, issue: &Issue, data: &Data) -> bool {
    match pred {
        Pred::Always(value) => *value,
        Pred::And(list) => list.iter().all(|p| holds(p, issue, data)),
        Pred::Or(list) => list.iter().any(|p| holds(p, issue, data)),
        Pred::Not(inner) => !holds(inner, issue, data),
        Pred::Id(cmp, id) => cmp.holds(issue.id, *id),
        Pred::IdIn(ids) => ids.contains(&issue.id),
        Pred::Project(ids) => ids.contains(&issue.project),
        Pred::Kind(ids) => ids.contains(&issue.kind),
        Pred::Status(ids) => ids.contains(&issue.status),
        Pred::StatusCategory(list) => data
            .status(issue.status)
            .is_some_and(|s| list.contains(&s.category)),
        Pred::StatusWas(ids) => {
            ids.contains(&issue.status)
                || data
                    .changes
                    .get(&issue.id)
                    .is_some_and(|changes| was_in(changes, ids))
        }
        Pred::Priority(ids) => issue.priority.is_some_and(|p| ids.contains(&p)),
        Pred::PriorityOrder(cmp, id) => issue
            .priority
            .is_some_and(|p| cmp.holds(priority_rank(data, *id), priority_rank(data, p))),
        Pred::Resolution(ids) => ids.contains(&issue.resolution.unwrap_or(0)),
        Pred::User(slot, ids) => user(issue, *slot).is_some_and(|u| ids.contains(&u)),
        Pred::Labels(wanted) => issue
            .labels
            .iter()
            .any(|l| wanted.contains(&l.to_lowercase())),
        Pred::Components(ids) => issue.components.iter().any(|c| ids.contains(c)),
        Pred::FixVersions(ids) => issue.fix_versions.iter().any(|v| ids.contains(v)),
        Pred::Affects(ids) => issue.affects.iter().any(|v| ids.contains(v)),
        Pred::Sprint(ids) => issue.sprints.iter().any(|s| ids.contains(s)),
        Pred::Parent(ids) => issue.parent.is_some_and(|p| ids.contains(&p)),
        Pred::Words(place, words) => contains_all(&text_of(issue, *place, data), words),
        Pred::Moment(slot, cmp, at) => moment(issue, *slot).is_some_and(|m| cmp.holds(m, *at)),
        Pred::Due(cmp, day) => issue.due.is_some_and(|d| cmp.holds(day_number(d), *day)),
        Pred::Empty(slot) => empty(issue, *slot),
        Pred::CustomEmpty(number) => issue.custom(*number).is_none(),
        Pred::CustomNumber(number, cmp, value) => {
            matches!(issue.custom(*number), Some(Custom::Number(n)) if cmp.holds(*n, *value))
        }
        Pred::CustomIds(number, ids) => issue
            .custom(*number)
            .is_some_and(|c| custom_ids(c).iter().any(|id| ids.contains(id))),
        Pred::CustomWords(number, words) => issue
            .custom(*number)
            .is_some_and(|c| custom_words(c, words, issue, data)),
        Pred::CustomMoment(number, cmp, at) => {
            matches!(issue.custom(*number), Some(Custom::DateTime(m)) if cmp.holds(*m, *at))
        }
        Pred::CustomDay(number, cmp, day) => {
            matches!(issue.custom(*number), Some(Custom::Date(d)) if cmp.holds(day_number(*d), *day))
        }
    }
}

fn was_in(changes: &[crate::state::Change], ids: &[u32]) -> bool {
    let items = changes
        .iter()
        .flat_map(|c| &c.items)
        .filter(|i| i.field_id == "status");
    items
        .flat_map(|i| [&i.from, &i.to])
        .flatten()
        .any(|text| text.parse::<u32>().is_ok_and(|id| ids.contains(&id)))
}

/// Place in the list of priorities; the most urgent first.
pub(crate) fn priority_rank(data: &Data, id: u32) -> usize {
    data.priorities
        .iter()
        .position(|p| p.id == id)
        .unwrap_or(usize::MAX)
}

/// Days since 1970 of a date.
pub(crate) fn day_number(date: jiff::civil::Date) -> i64 {
    jiff::tz::TimeZone::UTC
        .to_timestamp(date.at(0, 0, 0, 0))
        .map_or(0, |t| days(t.as_millisecond()))
}

pub(crate) fn user(issue: &Issue, slot: Slot) -> Option<u32> {
    match slot {
        Slot::Assignee => issue.assignee,
        Slot::Reporter => issue.reporter,
        _ => Some(issue.creator),
    }
}

pub(crate) fn moment(issue: &Issue, slot: Slot) -> Option<i64> {
    match slot {
        Slot::Created => Some(issue.created),
        Slot::Updated => Some(issue.updated),
        _ => issue.resolved,
    }
}

fn empty(issue: &Issue, slot: Slot) -> bool {
    match slot {
        Slot::Assignee => issue.assignee.is_none(),
        Slot::Reporter => issue.reporter.is_none(),
        Slot::Description => issue.description.is_none(),
        Slot::Labels => issue.labels.is_empty(),
        Slot::Components => issue.components.is_empty(),
        Slot::FixVersions => issue.fix_versions.is_empty(),
        Slot::Versions => issue.affects.is_empty(),
        Slot::Sprint => issue.sprints.is_empty(),
        Slot::Parent | Slot::EpicLink | Slot::ParentLink => issue.parent.is_none(),
        Slot::Resolution | Slot::ResolutionDate => issue.resolution.is_none(),
        Slot::Priority => issue.priority.is_none(),
        Slot::DueDate => issue.due.is_none(),
        Slot::TimeOriginalEstimate => issue.estimate_s.is_none(),
        _ => false,
    }
}

fn custom_ids(value: &Custom) -> Vec<u32> {
    match value {
        Custom::Option(id)
        | Custom::User(id)
        | Custom::Group(id)
        | Custom::Version(id)
        | Custom::Project(id)
        | Custom::Team(id) => vec![*id],
        Custom::Options(ids) | Custom::Users(ids) | Custom::Groups(ids) | Custom::Versions(ids) => {
            ids.clone()
        }
        Custom::Cascade(id, child) => std::iter::once(*id).chain(*child).collect(),
        _ => Vec::new(),
    }
}

fn custom_words(value: &Custom, words: &[String], issue: &Issue, data: &Data) -> bool {
    match value {
        Custom::Text(text) => contains_all(&text.to_lowercase(), words),
        Custom::Rich(rich) => contains_all(
            &rich_words(rich, data.kind_of(issue), true).to_lowercase(),
            words,
        ),
        Custom::Labels(labels) => labels
            .iter()
            .any(|l| words.iter().any(|w| l.to_lowercase() == w.to_lowercase())),
        _ => false,
    }
}

fn text_of(issue: &Issue, place: Where, data: &Data) -> String {
    let mut text = String::new();
    if matches!(place, Where::Summary | Where::Everywhere) {
        text.push_str(&issue.summary);
        text.push(' ');
    }
    if matches!(place, Where::Description | Where::Everywhere)
        && let Some(rich) = &issue.description
    {
        text.push_str(&rich_words(rich, data.kind_of(issue), false));
    }
    if matches!(place, Where::Comment | Where::Everywhere) {
        for comment in data.comments.get(&issue.id).map_or(&[][..], Vec::as_slice) {
            text.push_str(&rich_words(&comment.body, Kind::Task, true));
        }
    }
    text.to_lowercase()
}

fn rich_words(rich: &Rich, kind: Kind, short: bool) -> String {
    match rich {
        Rich::Wiki(text) => text.to_string(),
        Rich::Adf(text) => {
            let mut words = String::new();
            if let Ok(tree) = serde_json::from_str(text) {
                convert::adf_words(&tree, &mut words);
            }
            words
        }
        Rich::Generated(seed) => {
            let blocks = if short {
                generate::comment_blocks(*seed)
            } else {
                generate::blocks(*seed, kind)
            };
            let mut words = crate::document::wiki::text(&blocks, &[], crate::config::Face::Cloud);
            words.push(' ');
            words
        }
    }
}

/// Every wanted word begins, or is, a word of the text.
fn contains_all(text: &str, words: &[String]) -> bool {
    let found = |wanted: &String| {
        let (wanted, prefix) = match wanted.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (wanted.as_str(), false),
        };
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| {
                if prefix {
                    word.starts_with(wanted)
                } else {
                    word == wanted
                }
            })
    };
    words.iter().all(found)
}
