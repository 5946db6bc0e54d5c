//! Create and edit metadata, in both shapes and the old one.

use super::{Page, no_issue, no_project, page};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::state::{IssueType, Project};
use crate::view::View;

fn creatable<'v>(view: &'v View<'_>, key: &str) -> Result<&'v Project, Reply> {
    view.project(key).filter(|p| view.may(Some(p), "CREATE_ISSUES")).ok_or_else(|| {
        if view.cloud() { no_project(key) } else { Reply::error(400, &[&format!("Project '{key}' could not be found or you do not have the permission to create issues in it.")]) }
    })
}

fn shape<'n>(view: &View<'_>, call: &Call, name: &'n str) -> Result<Page<'n>, Reply> {
    let (start, size) = call.page(50, if view.cloud() { 200 } else { 50 })?;
    let size = view.faults.page_max.map_or(size, |most| size.min(most));
    let name = if view.cloud() { name } else { "values" };
    Ok(Page {
        start,
        size,
        name,
        is_last: !view.cloud(),
        total: true,
        links: None,
    })
}

/// `/issue/createmeta/{project}/issuetypes`.
pub(crate) fn types(view: &View<'_>, call: &Call, key: &str) -> Outcome {
    let project = creatable(view, key)?;
    let types: Vec<&IssueType> = view.types_of(project).collect();
    Ok(page(
        &shape(view, call, "issueTypes")?,
        &types,
        |json, t| view.issue_type(json, t),
    ))
}

/// `/issue/createmeta/{project}/issuetypes/{type}`.
pub(crate) fn fields(view: &View<'_>, call: &Call, key: &str, type_id: &str) -> Outcome {
    let project = creatable(view, key)?;
    let kind = view
        .types_of(project)
        .find(|t| t.id.to_string() == type_id)
        .ok_or_else(|| Reply::error(404, &["The issue type was not found in the project."]))?;
    let fields = view.create_fields(project, kind);
    Ok(page(&shape(view, call, "fields")?, &fields, |json, f| {
        view.meta_field(json, f, project, kind, true)
    }))
}

/// `/issue/createmeta`: everything in one answer, fields as a map.
pub(crate) fn old(view: &View<'_>, call: &Call) -> Outcome {
    let keys = [call.list("projectKeys"), call.list("projectIds")].concat();
    let expanded = call.expands("projects.issuetypes.fields");
    let names = call.list("issuetypeNames");
    let ids = call.list("issuetypeIds");
    let wanted = |p: &&Project| {
        view.may(Some(p), "CREATE_ISSUES")
            && (keys.is_empty() || keys.contains(&p.key) || keys.contains(&p.id.to_string()))
    };
    let mut json = Json::with_capacity(65_536);
    json.object()
        .key("expand")
        .str("projects")
        .key("projects")
        .array();
    for project in view.data.projects.iter().filter(wanted) {
        json.object()
            .key("expand")
            .str("issuetypes")
            .key("self")
            .strs(&[&view.api_url(), "/project/", &project.id.to_string()]);
        json.key("id")
            .id(project.id.into())
            .key("key")
            .str(&project.key)
            .key("name")
            .str(&project.name);
        view.project_avatars(&mut json, project);
        json.key("issuetypes").array();
        for kind in view.types_of(project) {
            let name = view.name(kind.name, kind.german);
            if !names.is_empty() && !names.iter().any(|n| n == name)
                || !ids.is_empty() && !ids.contains(&kind.id.to_string())
            {
                continue;
            }
            json.object()
                .key("self")
                .strs(&[&view.api_url(), "/issuetype/", &kind.id.to_string()])
                .key("id")
                .id(kind.id.into());
            json.key("description")
                .str(kind.description)
                .key("iconUrl")
                .strs(&[
                    view.base,
                    "/secure/viewavatar?size=xsmall&avatarId=",
                    &kind.avatar.to_string(),
                    "&avatarType=issuetype",
                ]);
            json.key("name")
                .str(name)
                .key("subtask")
                .bool(kind.kind.level() < 0);
            if expanded {
                json.key("expand").str("fields").key("fields").object();
                for field in view.create_fields(project, kind) {
                    json.key(&field.id);
                    view.meta_field(&mut json, field, project, kind, !view.cloud());
                }
                json.end_object();
            }
            json.end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
    Ok(Reply::written(json))
}

/// `/issue/{key}/editmeta`: an empty map where editing is forbidden.
pub(crate) fn edit(view: &View<'_>, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let mut json = Json::with_capacity(16_384);
    json.object();
    write_edit(view, &mut json, issue);
    json.end_object();
    Ok(Reply::written(json))
}

/// Writes the member `fields`.
pub(crate) fn write_edit(view: &View<'_>, json: &mut Json, issue: &crate::state::Issue) {
    json.key("fields").object();
    if let (Some(project), Some(kind)) =
        (view.data.project(issue.project), view.data.kind(issue.kind))
        && view.may(Some(project), "EDIT_ISSUES")
    {
        for field in view.edit_fields(project, kind.kind) {
            json.key(&field.id);
            view.meta_field(json, field, project, kind, !view.cloud());
        }
    }
    json.end_object();
}
