//! What changed between two states of an issue, as history tells it.

use crate::config::Face;
use crate::document::Rich;
use crate::render::value::rank_text;
use crate::state::{Category, ChangeItem, Custom, Data, Field, Issue, Slot};
use crate::time::date_text;

type Side = (Option<String>, Option<String>);

/// One entry for each field that differs.
pub(super) fn items(data: &Data, before: &Issue, after: &Issue) -> Vec<ChangeItem> {
    let mut list = Vec::new();
    for field in &data.fields {
        let (from, to) = if field.is_custom() && !matches!(field.slot, Slot::Sprint | Slot::Rank) {
            if before.custom(field.number) == after.custom(field.number) {
                continue;
            }
            (
                custom(data, field, before.custom(field.number)),
                custom(data, field, after.custom(field.number)),
            )
        } else {
            match (side(data, field, before), side(data, field, after)) {
                (Some(from), Some(to)) if from != to => (from, to),
                _ => continue,
            }
        };
        let name = match field.slot {
            Slot::Sprint | Slot::Rank => field.name.to_owned(),
            Slot::FixVersions => "Fix Version".to_owned(),
            Slot::Versions => "Version".to_owned(),
            Slot::Components => "Component".to_owned(),
            Slot::Parent => "IssueParentAssociation".to_owned(),
            _ if field.is_custom() => field.name.to_owned(),
            _ => field.id.clone(),
        };
        list.push(ChangeItem {
            field: name,
            field_id: field.id.clone(),
            custom: field.is_custom(),
            from: from.0,
            from_text: from.1,
            to: to.0,
            to_text: to.1,
        });
    }
    list
}

fn side(data: &Data, field: &Field, issue: &Issue) -> Option<Side> {
    let text = |s: String| (None, Some(s));
    let both = |id: u32, name: &str| (Some(id.to_string()), Some(name.to_owned()));
    let none = (None, None);
    Some(match field.slot {
        Slot::Summary => text(issue.summary.to_string()),
        Slot::Description => issue.description.as_ref().map_or(none, |d| text(rich(d))),
        Slot::IssueType => data.kind(issue.kind).map_or(none, |k| both(k.id, k.name)),
        Slot::Status => data
            .status(issue.status)
            .map_or(none, |s| both(s.id, s.name)),
        Slot::Priority => issue
            .priority
            .and_then(|p| data.priority(p))
            .map_or(none, |p| both(p.id, p.name)),
        Slot::Resolution => issue
            .resolution
            .and_then(|r| data.resolution(r))
            .map_or(none, |r| both(r.id, r.name)),
        Slot::Assignee | Slot::Reporter => {
            let user = if field.slot == Slot::Assignee {
                issue.assignee
            } else {
                issue.reporter
            };
            user.and_then(|u| data.users.get(u as usize))
                .map_or(none, |u| (Some(u.key.clone()), Some(u.display.clone())))
        }
        Slot::Labels => text(issue.labels.join(" ")),
        Slot::Components => named(&issue.components, |id| {
            data.component(id).map(|c| c.name.clone())
        }),
        Slot::FixVersions => named(&issue.fix_versions, |id| {
            data.version(id).map(|(_, v)| v.name.clone())
        }),
        Slot::Versions => named(&issue.affects, |id| {
            data.version(id).map(|(_, v)| v.name.clone())
        }),
        Slot::Sprint => named(&issue.sprints, |id| data.sprint(id).map(|s| s.name.clone())),
        Slot::DueDate => issue.due.map_or(none, |d| {
            (
                Some(date_text(d)),
                Some(format!("{} 00:00:00.0", date_text(d))),
            )
        }),
        Slot::TimeOriginalEstimate => issue
            .estimate_s
            .map_or(none, |s| (Some(s.to_string()), Some(s.to_string()))),
        Slot::Parent => issue.parent.map_or(none, |p| {
            (
                Some(p.to_string()),
                data.issues.get(&p).map(|i| data.key_of(i)),
            )
        }),
        Slot::Rank => text(rank_text(issue.rank)),
        _ => return None,
    })
}

fn named(ids: &[u32], name: impl Fn(u32) -> Option<String>) -> Side {
    if ids.is_empty() {
        return (None, None);
    }
    let numbers: Vec<String> = ids.iter().map(u32::to_string).collect();
    let names: Vec<String> = ids.iter().filter_map(|id| name(*id)).collect();
    (Some(numbers.join(", ")), Some(names.join(", ")))
}

fn rich(rich: &Rich) -> String {
    match rich {
        Rich::Generated(seed) => format!("(text {seed:x})"),
        Rich::Adf(text) => {
            crate::document::convert::adf_to_wiki(&serde_json::from_str(text).unwrap_or_default())
        }
        Rich::Wiki(text) => text.to_string(),
    }
}

fn custom(data: &Data, field: &Field, value: Option<&Custom>) -> Side {
    let Some(value) = value else {
        return (None, None);
    };
    let text = |s: String| (None, Some(s));
    let option = |id: u32| field.option(id).map(|o| o.value.to_owned());
    let user = |ix: u32| data.users.get(ix as usize).map(|u| u.display.clone());
    let group = |ix: u32| data.groups.get(ix as usize).map(|g| g.name.to_owned());
    let version = |id: u32| data.version(id).map(|(_, v)| v.name.clone());
    match value {
        Custom::Text(content) => text(content.to_string()),
        Custom::Rich(content) => text(rich(content)),
        Custom::Number(number) => text(number.to_string()),
        Custom::Date(date) => (Some(date_text(*date)), Some(date_text(*date))),
        Custom::DateTime(at) => text(crate::time::agile_time(*at)),
        Custom::Option(id) => named(&[*id], option),
        Custom::Options(ids) => named(ids, option),
        Custom::Cascade(id, child) => {
            let child = child.and_then(|c| {
                field
                    .option(*id)
                    .and_then(|o| o.children.iter().find(|(id, _)| *id == c))
            });
            let name = option(*id).unwrap_or_default();
            (
                Some(id.to_string()),
                Some(child.map_or_else(|| name.clone(), |(_, c)| format!("{name} - {c}"))),
            )
        }
        Custom::User(ix) => named(&[*ix], user),
        Custom::Users(list) => named(list, user),
        Custom::Group(ix) => named(&[*ix], group),
        Custom::Groups(list) => named(list, group),
        Custom::Labels(list) => text(list.join(" ")),
        Custom::Version(id) => named(&[*id], version),
        Custom::Versions(ids) => named(ids, version),
        Custom::Project(id) => named(&[*id], |id| data.project(id).map(|p| p.name.clone())),
        Custom::Team(ix) => data.teams.get(*ix as usize).map_or((None, None), |t| {
            (Some(t.id.clone()), Some(t.name.to_owned()))
        }),
    }
}

/// `issue_event_type_name` of an update.
pub(super) fn event_name(
    data: &Data,
    face: Face,
    before: &Issue,
    after: &Issue,
    items: &[ChangeItem],
) -> &'static str {
    let category = |issue: &Issue| data.status(issue.status).map(|s| s.category);
    if before.status != after.status {
        return match (face, category(before), category(after)) {
            (Face::Cloud, _, _) => "issue_generic",
            (_, Some(Category::Done), Some(Category::New | Category::Progress)) => "issue_reopened",
            (_, Some(Category::New), Some(Category::Progress)) => "issue_work_started",
            (_, _, Some(Category::Done)) => "issue_resolved",
            _ => "issue_generic",
        };
    }
    if items.len() == 1 && items[0].field_id == "assignee" {
        "issue_assigned"
    } else {
        "issue_updated"
    }
}
