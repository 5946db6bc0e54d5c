//! The order of a result.

use super::Sort;
use super::eval::{day_number, moment, priority_rank, user};
use super::resolve::{Asker, find_field};
use crate::state::{Custom, Data, Issue, Slot};

/// What a result is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortKey {
    Id,
    /// By project key and number.
    Key,
    Slot(Slot),
    Custom(u32),
}

pub(crate) fn sort_keys(
    order: &[Sort],
    asker: &Asker<'_>,
    errors: &mut Vec<String>,
) -> Vec<(SortKey, bool)> {
    let mut keys = Vec::new();
    if order.len() > 7 && asker.face == crate::config::Face::Cloud {
        errors.push("The maximum number of fields to sort by is 7.".to_owned());
    }
    for sort in order {
        let Some(field) = find_field(&sort.field, asker).filter(|_| asker.caller.is_some()) else {
            errors.push(format!(
                "Field '{}' does not exist or you do not have permission to view it.",
                sort.field.text
            ));
            continue;
        };
        let key = match field.slot {
            Slot::IssueKey if sort.field.text.eq_ignore_ascii_case("id") => SortKey::Id,
            Slot::IssueKey => SortKey::Key,
            Slot::Custom => SortKey::Custom(field.number),
            slot => SortKey::Slot(slot),
        };
        // Times and priorities begin with the latest and the most urgent unless told otherwise.
        let usual = matches!(
            field.slot,
            Slot::Created | Slot::Updated | Slot::ResolutionDate | Slot::Priority
        );
        keys.push((key, sort.descending.unwrap_or(usual)));
    }
    if keys.is_empty() {
        keys.push((SortKey::Key, true));
    }
    keys
}

#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Place {
    Number(f64),
    Text(String),
    Last,
}

/// Sorts ids in place; equal ones stay in ascending id order.
pub(crate) fn sort(
    ids: &mut [u64],
    order: &[(SortKey, bool)],
    data: &Data,
    look: impl Fn(u64) -> Option<Issue>,
) {
    let Some((first, descending)) = order.first() else {
        return;
    };
    if *first == SortKey::Id {
        // They come in ascending order already.
        if *descending {
            ids.reverse();
        }
        return;
    }
    let mut rows: Vec<(Vec<Place>, u64)> = ids
        .iter()
        .map(|id| {
            let stale;
            let issue = match data.issues.get(id) {
                Some(issue) => Some(issue),
                None => {
                    stale = look(*id);
                    stale.as_ref()
                }
            };
            let places = issue
                .map(|issue| {
                    order
                        .iter()
                        .map(|(key, _)| place(*key, issue, data))
                        .collect()
                })
                .unwrap_or_default();
            (places, *id)
        })
        .collect();
    rows.sort_by(|(left, left_id), (right, right_id)| {
        for (at, (_, descending)) in order.iter().enumerate() {
            let (a, b) = (left.get(at), right.get(at));
            let ordering = a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal);
            let ordering = if *descending {
                ordering.reverse()
            } else {
                ordering
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        left_id.cmp(right_id)
    });
    for (slot, (_, id)) in ids.iter_mut().zip(rows) {
        *slot = id;
    }
}

fn place(key: SortKey, issue: &Issue, data: &Data) -> Place {
    let number = |n: Option<i64>| n.map_or(Place::Last, |n| Place::Number(n as f64));
    match key {
        SortKey::Id => Place::Number(issue.id as f64),
        // Projects are few and numbered; their order by key is the order of the first three letters in this company.
        SortKey::Key => Place::Number(f64::from(issue.project) * 1e8 + f64::from(issue.number)),
        SortKey::Slot(slot) => match slot {
            Slot::Created | Slot::Updated | Slot::ResolutionDate => number(moment(issue, slot)),
            Slot::DueDate => number(issue.due.map(day_number)),
            // Descending means the most urgent first.
            Slot::Priority => number(issue.priority.map(|p| -(priority_rank(data, p) as i64))),
            Slot::Rank => Place::Number(issue.rank as f64),
            Slot::Status => number(
                data.statuses
                    .iter()
                    .position(|s| s.id == issue.status)
                    .map(|p| p as i64),
            ),
            Slot::IssueType => number(
                data.types
                    .iter()
                    .position(|t| t.id == issue.kind)
                    .map(|p| p as i64),
            ),
            Slot::Project => Place::Number(f64::from(issue.project)),
            Slot::Summary => Place::Text(issue.summary.to_lowercase()),
            Slot::Assignee | Slot::Reporter | Slot::Creator => user(issue, slot)
                .and_then(|u| data.users.get(u as usize))
                .map_or(Place::Last, |u| Place::Text(u.display.to_lowercase())),
            Slot::Parent | Slot::EpicLink => number(issue.parent.map(|p| p as i64)),
            Slot::Sprint => number(issue.sprints.last().map(|s| i64::from(*s))),
            Slot::TimeOriginalEstimate => number(issue.estimate_s.map(i64::from)),
            _ => Place::Last,
        },
        SortKey::Custom(field) => match issue.custom(field) {
            Some(Custom::Number(n)) => Place::Number(*n),
            Some(Custom::Date(date)) => number(Some(day_number(*date))),
            Some(Custom::DateTime(ms)) => number(Some(*ms)),
            Some(Custom::Text(text)) => Place::Text(text.to_lowercase()),
            Some(Custom::Option(id)) => Place::Number(f64::from(*id)),
            _ => Place::Last,
        },
    }
}
