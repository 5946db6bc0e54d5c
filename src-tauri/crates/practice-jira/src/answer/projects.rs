//! Projects and what belongs to one.

use super::{Page, array, no_project, page};
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::state::{IssueType, Project, Style};
use crate::time::jira_time;
use crate::view::View;

impl View<'_> {
    fn project_body(&self, json: &mut Json, project: &Project, call: &Call, full: bool) {
        json.object();
        json.key("expand").str(if self.cloud() {
            "description,lead,issueTypes,url,projectKeys,permissions,insight"
        } else {
            "description,lead,url,projectKeys"
        });
        json.key("self")
            .strs(&[&self.api_url(), "/project/", &project.id.to_string()]);
        json.key("id")
            .id(project.id.into())
            .key("key")
            .str(&project.key);
        if full || call.expands("description") {
            json.key("description").str(project.description);
        }
        json.key("name").str(&project.name);
        self.project_avatars(json, project);
        json.key("projectTypeKey").str("software");
        if full || call.expands("lead") {
            json.key("lead");
            self.user(json, project.lead);
        }
        if self.cloud() {
            json.key("simplified")
                .bool(project.style == Style::Team)
                .key("style")
                .str(if project.style == Style::Team {
                    "next-gen"
                } else {
                    "classic"
                });
            json.key("isPrivate")
                .bool(project.style == Style::Team)
                .key("properties")
                .object()
                .end_object();
            if project.style == Style::Team {
                let id = format!("4f1d9c7e-52aa-4c0b-8f13-{:012}", project.id);
                json.key("uuid").str(&id);
            }
            if call.expands("insight") {
                let last = self
                    .data
                    .issues
                    .values()
                    .filter(|i| i.project == project.id)
                    .map(|i| i.updated)
                    .max();
                json.key("insight")
                    .object()
                    .key("totalIssueCount")
                    .int(project.issues.into());
                if let Some(at) = last {
                    json.key("lastIssueUpdateTime")
                        .str(&jira_time(at, &self.zone));
                }
                json.end_object();
            }
        } else {
            json.key("archived").bool(false);
        }
        if full {
            json.key("assigneeType").str("UNASSIGNED");
            json.key("components").array();
            project
                .components
                .iter()
                .for_each(|c| self.component(json, c));
            json.end_array().key("versions").array();
            project
                .versions
                .iter()
                .for_each(|v| self.version(json, v, Some(project)));
            json.end_array().key("roles").object().end_object();
        }
        if full || call.expands("issueTypes") {
            json.key("issueTypes").array();
            self.types_of(project)
                .for_each(|t| self.issue_type(json, t));
            json.end_array();
        }
        json.end_object();
    }

    pub(crate) fn types_of<'v>(
        &'v self,
        project: &'v Project,
    ) -> impl Iterator<Item = &'v IssueType> {
        project.types.iter().filter_map(|id| self.data.kind(*id))
    }

    fn wanted<'v>(&'v self, call: &Call) -> Vec<&'v Project> {
        let action = match call.param("action") {
            Some("create") => "CREATE_ISSUES",
            Some("edit") => "ADMINISTER_PROJECTS",
            _ => "BROWSE_PROJECTS",
        };
        let query = call.param("query").map(str::to_lowercase);
        let keys = call.list("keys");
        let ids = call.list("id");
        let types = call.list("typeKey");
        let fits = |p: &&Project| {
            self.may(Some(p), "BROWSE_PROJECTS")
                && self.may(Some(p), action)
                && query.as_ref().is_none_or(|q| {
                    p.key.to_lowercase().contains(q) || p.name.to_lowercase().contains(q)
                })
                && (keys.is_empty() || keys.contains(&p.key))
                && (ids.is_empty() || ids.contains(&p.id.to_string()))
                && (types.is_empty() || types.iter().any(|t| t == "software"))
        };
        let mut list: Vec<&Project> = self.data.projects.iter().filter(fits).collect();
        match call.param("orderBy").unwrap_or("key") {
            "name" | "+name" => list.sort_by(|a, b| a.name.cmp(&b.name)),
            "-name" => list.sort_by(|a, b| b.name.cmp(&a.name)),
            "-key" => list.sort_by(|a, b| b.key.cmp(&a.key)),
            _ => list.sort_by(|a, b| a.key.cmp(&b.key)),
        }
        list
    }
}

/// `/project/search` of Cloud.
pub(crate) fn search(view: &View<'_>, call: &Call) -> Outcome {
    let (start, size) = call.page(50, 100)?;
    let size = view.faults.page_max.map_or(size, |most| size.min(most));
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!("{}/project/search", view.api_url())),
    };
    Ok(page(&shape, &view.wanted(call), |json, p| {
        view.project_body(json, p, call, false)
    }))
}

/// `/project`: everything at once.
pub(crate) fn list(view: &View<'_>, call: &Call) -> Outcome {
    Ok(array(view.wanted(call), |json, p| {
        view.project_body(json, p, call, false)
    }))
}

pub(crate) fn one(view: &View<'_>, call: &Call, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    let mut json = Json::with_capacity(8192);
    view.project_body(&mut json, project, call, true);
    Ok(Reply::written(json))
}

pub(crate) fn hierarchy(view: &View<'_>, id: &str) -> Outcome {
    // This one takes the number only.
    let Ok(_) = id.parse::<u32>() else {
        return Err(Reply::error(400, &["The project id must be a number."]));
    };
    let project = view.project(id).ok_or_else(|| no_project(id))?;
    let mut json = Json::with_capacity(1024);
    json.object()
        .key("projectId")
        .int(project.id.into())
        .key("hierarchy")
        .array();
    for (level, name) in [(0, "Base"), (1, "Epic"), (2, "Initiative"), (-1, "Subtask")] {
        let types: Vec<&IssueType> = view
            .types_of(project)
            .filter(|t| t.kind.level() == level)
            .collect();
        if types.is_empty() {
            continue;
        }
        json.object()
            .key("level")
            .int(level.into())
            .key("name")
            .str(name)
            .key("issueTypes")
            .array();
        for kind in types {
            json.object()
                .key("id")
                .int(kind.id.into())
                .key("name")
                .str(view.name(kind.name, kind.german))
                .key("avatarId")
                .int(kind.avatar.into())
                .end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
    Ok(Reply::written(json))
}

pub(crate) fn statuses(view: &View<'_>, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    let statuses = &view.data.workflows[project.workflow].statuses;
    Ok(array(view.types_of(project), |json, kind| {
        json.object()
            .key("self")
            .strs(&[&view.api_url(), "/issuetype/", &kind.id.to_string()]);
        json.key("id")
            .id(kind.id.into())
            .key("name")
            .str(view.name(kind.name, kind.german))
            .key("subtask")
            .bool(kind.kind.level() < 0);
        json.key("statuses").array();
        statuses.iter().for_each(|s| view.status(json, *s));
        json.end_array().end_object();
    }))
}

pub(crate) fn versions(view: &View<'_>, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    Ok(array(&project.versions, |json, v| {
        view.version(json, v, Some(project))
    }))
}

pub(crate) fn versions_page(view: &View<'_>, call: &Call, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    let (start, size) = call.page(50, 1000)?;
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!("{}/project/{key}/version", view.api_url())),
    };
    Ok(page(&shape, &project.versions, |json, v| {
        view.version(json, v, Some(project))
    }))
}

pub(crate) fn components(view: &View<'_>, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    Ok(array(&project.components, |json, c| {
        view.component_full(json, c, project)
    }))
}

pub(crate) fn components_page(view: &View<'_>, call: &Call, key: &str) -> Outcome {
    let project = view.project(key).ok_or_else(|| no_project(key))?;
    let (start, size) = call.page(50, 1000)?;
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!("{}/project/{key}/component", view.api_url())),
    };
    Ok(page(&shape, &project.components, |json, c| {
        view.component_full(json, c, project)
    }))
}
