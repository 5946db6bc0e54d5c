//! Lists of the whole site: fields, types, priorities, statuses, resolutions, link types, labels.

use super::{Page, array, no_project, page, signed_in};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::state::{Category, IssueType, Slot};
use crate::view::View;

pub(crate) fn fields(view: &View<'_>) -> Outcome {
    // Anonymous callers see the fields of the system only.
    let visible = view
        .data
        .fields
        .iter()
        .filter(|f| view.caller.is_some() || !f.is_custom());
    let on_face = |slot: Slot| view.cloud() || !matches!(slot, Slot::StatusCategory | Slot::Parent);
    Ok(array(visible.filter(|f| on_face(f.slot)), |json, f| {
        view.field_row(json, f)
    }))
}

/// `/field/search`: company-managed fields only.
pub(crate) fn field_search(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let (start, size) = call.page(50, 100)?;
    let query = call.param("query").unwrap_or("").to_lowercase();
    let custom_only = call.list("type") == ["custom"];
    let list: Vec<_> = view
        .data
        .fields
        .iter()
        .filter(|f| {
            f.scope.is_none()
                && f.slot != Slot::IssueKey
                && (!custom_only || f.is_custom())
                && f.name.to_lowercase().contains(&query)
        })
        .collect();
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: None,
    };
    Ok(page(&shape, &list, |json, f| {
        json.object()
            .key("id")
            .str(&f.id)
            .key("name")
            .str(view.name(f.name, f.german))
            .key("schema");
        view.schema(json, f);
        json.end_object();
    }))
}

pub(crate) fn issue_types(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(array(&view.data.types, |json, t| view.issue_type(json, t)))
}

pub(crate) fn issue_types_of_project(view: &View<'_>, call: &Call) -> Outcome {
    let Some(id) = call.param("projectId") else {
        return Err(Reply::error(
            400,
            &["The projectId query parameter is required."],
        ));
    };
    let project = view.project(id).ok_or_else(|| no_project(id))?;
    let level = call.number("level")?;
    let types: Vec<&IssueType> = view
        .types_of(project)
        .filter(|t| level.is_none_or(|l| i64::from(t.kind.level()) == l))
        .collect();
    Ok(array(types, |json, t| view.issue_type(json, t)))
}

pub(crate) fn priorities(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(array(&view.data.priorities, |json, p| {
        view.priority(json, p.id, true)
    }))
}

pub(crate) fn priority_search(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let (start, size) = call.page(50, 50)?;
    let projects = call.list("projectId");
    let allowed = |id: u32| {
        projects.is_empty()
            || projects
                .iter()
                .filter_map(|p| view.project(p))
                .any(|p| p.priorities.contains(&id))
    };
    let list: Vec<u32> = view
        .data
        .priorities
        .iter()
        .map(|p| p.id)
        .filter(|id| allowed(*id))
        .collect();
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!("{}/priority/search", view.api_url())),
    };
    Ok(page(&shape, &list, |json, id| {
        json.object()
            .key("self")
            .strs(&[&view.api_url(), "/priority/", &id.to_string()]);
        if let Some(p) = view.data.priority(*id) {
            json.key("statusColor")
                .str(p.colour)
                .key("description")
                .str(p.description)
                .key("iconUrl")
                .strs(&[view.base, "/images/icons/priorities/", p.icon, ".svg"]);
            json.key("name")
                .str(view.name(p.name, p.german))
                .key("id")
                .id(p.id.into())
                .key("isDefault")
                .bool(p.id == 3);
        }
        json.end_object();
    }))
}

pub(crate) fn priority(view: &View<'_>, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    match id.parse().ok().and_then(|id| view.data.priority(id)) {
        Some(found) => Ok(written(|json| view.priority(json, found.id, true))),
        None => Err(Reply::error(404, &["The priority was not found."])),
    }
}

pub(crate) fn statuses(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(array(&view.data.statuses, |json, s| {
        view.status(json, s.id)
    }))
}

pub(crate) fn status(view: &View<'_>, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    match view
        .data
        .statuses
        .iter()
        .find(|s| s.id.to_string() == id || s.name == id)
    {
        Some(found) => Ok(written(|json| view.status(json, found.id))),
        None => Err(Reply::error(404, &["The status was not found."])),
    }
}

pub(crate) fn status_categories(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(array(
        [Category::New, Category::Progress, Category::Done],
        |json, c| view.category(json, c),
    ))
}

pub(crate) fn resolutions(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(array(&view.data.resolutions, |json, r| {
        view.resolution(json, r.id)
    }))
}

pub(crate) fn link_types(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(written(|json| {
        json.object().key("issueLinkTypes").array();
        for kind in &view.data.link_types {
            json.object()
                .key("id")
                .id(kind.id.into())
                .key("name")
                .str(kind.name)
                .key("inward")
                .str(kind.inward)
                .key("outward")
                .str(kind.outward);
            json.key("self")
                .strs(&[&view.api_url(), "/issueLinkType/", &kind.id.to_string()])
                .end_object();
        }
        json.end_array().end_object();
    }))
}

/// `/label`: every label in use.
pub(crate) fn labels(view: &View<'_>, call: &Call) -> Outcome {
    let (start, size) = call.page(1000, 1000)?;
    let labels: std::collections::BTreeSet<&str> = view
        .data
        .issues
        .values()
        .filter(|i| view.sees(i))
        .flat_map(|i| i.labels.iter().map(|l| &**l))
        .collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: None,
    };
    Ok(page(&shape, &labels, |json, label| json.str(label).done()))
}

fn written(write: impl FnOnce(&mut Json)) -> Reply {
    let mut json = Json::with_capacity(1024);
    write(&mut json);
    Reply::written(json)
}
