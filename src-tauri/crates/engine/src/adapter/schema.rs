//! What a project has to map, gathered from Jira's several answers. A site that lacks one of them (older
//! Servers, missing rights) gives less, and never stops the set-up.

use crate::error::EngineError;
use futures::stream::{StreamExt, TryStreamExt};
use jira::{Client, CreateField, FieldInfo, FieldSchema, IssueType};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use sync::remote::{RemoteField, RemoteKind, RemoteOption, RemoteType, Role, Schema};

const EPIC_NAME: &str = "com.pyxis.greenhopper.jira:gh-epic-label";
const EPIC_LINK: &str = "com.pyxis.greenhopper.jira:gh-epic-link";
const PARENT_LINK: &str = "com.atlassian.jpo:jpo-custom-field-parent";
const SPRINT: &str = "com.pyxis.greenhopper.jira:gh-sprint";
const STORY_POINT_ESTIMATE: &str = "com.pyxis.greenhopper.jira:jsw-story-points";
const START: &str = "com.atlassian.jpo:jpo-custom-field-baseline-start";
const TYPES: &str = "com.atlassian.jira.plugin.system.customfieldtypes:";
/// Create screens asked for at once.
const AT_ONCE: usize = 8;

/// The fields of create screens by type id; a type is missing where the site does not tell.
type Screens = BTreeMap<String, Vec<CreateField>>;

/// Gathers a project's schema.
///
/// # Errors
/// [`EngineError::ProjectGone`], or what Jira says.
pub async fn read(
    client: &Client,
    project_key: &str,
    board_id: Option<&str>,
) -> Result<Schema, EngineError> {
    let project = client
        .project(project_key)
        .await?
        .ok_or_else(|| EngineError::ProjectGone(project_key.to_owned()))?;
    let types = async {
        let types = client.issue_types(project_key).await?;
        let screens = screens(client, project_key, &types).await?;
        Ok::<_, EngineError>((types, screens))
    };
    let estimate = async {
        let Some(board) = board_id else {
            return Ok(None);
        };
        let found = client.board_configuration(board).await?;
        Ok(found.and_then(|found| found.estimation_field))
    };
    let infos = async { Ok(client.fields().await?) };
    let priorities = async { Ok(client.priorities().await?) };
    let statuses = async { Ok(client.statuses(project_key).await?) };
    let ((types, screens), estimate, infos, priorities, statuses) =
        tokio::try_join!(types, estimate, infos, priorities, statuses)?;
    let mut fields = Vec::new();
    for info in infos {
        // A field of another team's project is none of this project's.
        if info
            .project
            .as_ref()
            .is_some_and(|owner| *owner != project.id)
        {
            continue;
        }
        fields.extend(field(&info, &screens, estimate.as_deref()));
    }
    fill_in(&mut fields, &screens);
    for field in &mut fields {
        if field.role == Some(Role::Priority) && field.options.is_empty() {
            field.options = priorities
                .iter()
                .map(|priority| RemoteOption {
                    id: priority.id.clone(),
                    name: priority.name.clone(),
                    disabled: false,
                })
                .collect();
        }
    }
    one_estimate(&mut fields, estimate.as_deref());
    Ok(Schema {
        types: types
            .iter()
            .map(|found| remote_type(found, &screens, client.is_cloud()))
            .collect(),
        statuses: statuses.iter().map(super::issue::status).collect(),
        fields,
    })
}

async fn screens(
    client: &Client,
    project_key: &str,
    types: &[IssueType],
) -> Result<Screens, EngineError> {
    // Owned, because a stream of futures that borrow is not known to be `Send`.
    let ids: Vec<String> = types.iter().map(|found| found.id.clone()).collect();
    let (client, project) = (client.clone(), project_key.to_owned());
    let found: Vec<(String, Option<Vec<CreateField>>)> = futures::stream::iter(ids)
        .map(move |id| {
            let (client, project) = (client.clone(), project.clone());
            async move {
                let fields = client.create_fields(&project, &id).await?;
                Ok::<_, jira::Error>((id, fields))
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(id, fields)| Some((id, fields?)))
        .collect())
}

fn remote_type(found: &IssueType, screens: &Screens, cloud: bool) -> RemoteType {
    let screen = screens.get(&found.id);
    RemoteType {
        id: found.id.clone(),
        name: found.name.clone(),
        level: if cloud {
            found.hierarchy_level
        } else {
            level(found, screen)
        },
        required_fields: screen
            .into_iter()
            .flatten()
            .filter(|field| field.required && !matches!(field.id.as_str(), "project" | "issuetype"))
            .map(|field| field.id.clone())
            .collect(),
    }
}

/// Data Center does not tell levels. What tells is which fields a type carries: an Epic Name makes it an
/// epic; an Epic Link, something that stands below one; a Parent Link alone, something that may stand above.
fn level(found: &IssueType, screen: Option<&Vec<CreateField>>) -> Option<i8> {
    if found.subtask {
        return Some(-1);
    }
    let carries = |custom: &str| {
        screen
            .into_iter()
            .flatten()
            .any(|field| field.schema.custom.as_deref() == Some(custom))
    };
    if carries(EPIC_NAME) {
        Some(1)
    } else if carries(EPIC_LINK) || (screen.is_some() && !carries(PARENT_LINK)) {
        Some(0)
    } else {
        None
    }
}

fn field(info: &FieldInfo, screens: &Screens, estimate: Option<&str>) -> Option<RemoteField> {
    let role = role(&info.id, &info.schema, estimate);
    let kind = kind(&info.id, &info.schema);
    let standing: BTreeSet<&String> = screens
        .iter()
        .filter(|(_, fields)| fields.iter().any(|field| field.id == info.id))
        .map(|(id, _)| id)
        .collect();
    Some(RemoteField {
        options: options(&info.id, screens),
        on_create: (!screens.is_empty())
            .then(|| standing.into_iter().cloned().collect::<Vec<String>>()),
        read_only: read_only(&info.id, &info.schema),
        id: info.id.clone(),
        name: info.name.clone(),
        kind,
        role,
    })
}

/// Fields that stand on a create screen and that `/field` did not list, as some sites keep from accounts
/// without rights.
fn fill_in(fields: &mut Vec<RemoteField>, screens: &Screens) {
    for found in screens.values().flatten() {
        if fields.iter().any(|field| field.id == found.id) {
            continue;
        }
        let info = FieldInfo {
            id: found.id.clone(),
            name: found.name.clone(),
            schema: found.schema.clone(),
            project: None,
        };
        fields.extend(field(&info, screens, None));
    }
}

/// Choices that may be made on any of the create screens, each once.
fn options(id: &str, screens: &Screens) -> Vec<RemoteOption> {
    let mut options: Vec<RemoteOption> = Vec::new();
    let values = screens
        .values()
        .flatten()
        .filter(|field| field.id == id)
        .flat_map(|field| &field.allowed_values);
    for value in values {
        let text = |name: &str| value.get(name).and_then(Json::as_str);
        let Some(id) = text("id") else { continue };
        let name = text("value").or_else(|| text("name")).unwrap_or(id);
        let disabled = value
            .get("disabled")
            .and_then(Json::as_bool)
            .unwrap_or(false);
        push(&mut options, id, name.to_owned(), disabled);
        for child in value
            .get("children")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
        {
            let text = |name: &str| child.get(name).and_then(Json::as_str);
            if let (Some(id), Some(child)) = (text("id"), text("value")) {
                push(&mut options, id, format!("{name} / {child}"), disabled);
            }
        }
    }
    options
}

fn push(options: &mut Vec<RemoteOption>, id: &str, name: String, disabled: bool) {
    if !options.iter().any(|known| known.id == id) {
        options.push(RemoteOption {
            id: id.to_owned(),
            name,
            disabled,
        });
    }
}

/// The board's word decides which field holds the estimate; the field of team-managed projects counts only
/// where no board says otherwise.
fn one_estimate(fields: &mut [RemoteField], estimate: Option<&str>) {
    let Some(estimate) = estimate else { return };
    for field in fields {
        if field.role == Some(Role::StoryPoints) && field.id != estimate {
            field.role = None;
        }
    }
}

fn role(id: &str, schema: &FieldSchema, estimate: Option<&str>) -> Option<Role> {
    if estimate == Some(id) {
        return Some(match id {
            "timeoriginalestimate" => Role::OriginalEstimate,
            _ => Role::StoryPoints,
        });
    }
    let system = match id {
        "summary" => Some(Role::Title),
        "description" => Some(Role::Description),
        "priority" => Some(Role::Priority),
        "assignee" => Some(Role::Assignee),
        "reporter" => Some(Role::Reporter),
        "components" => Some(Role::Components),
        "fixVersions" => Some(Role::FixVersions),
        "labels" => Some(Role::Labels),
        "duedate" => Some(Role::DueDate),
        "status" => Some(Role::Status),
        "parent" => Some(Role::Parent),
        // The second may only be read, in seconds as what the first is made of.
        "timetracking" | "timeoriginalestimate" => Some(Role::OriginalEstimate),
        "issuelinks" => Some(Role::Links),
        _ => None,
    };
    system.or_else(|| match schema.custom.as_deref()? {
        SPRINT => Some(Role::Sprint),
        STORY_POINT_ESTIMATE => Some(Role::StoryPoints),
        EPIC_LINK | PARENT_LINK => Some(Role::Parent),
        EPIC_NAME => Some(Role::EpicName),
        START => Some(Role::StartDate),
        custom if is_team(custom) => Some(Role::Team),
        _ => None,
    })
}

fn is_team(custom: &str) -> bool {
    custom == "com.atlassian.teams:rm-teams-custom-field-team"
        || custom.strip_prefix(TYPES) == Some("atlassian-team")
}

fn read_only(id: &str, schema: &FieldSchema) -> bool {
    let system = matches!(
        id,
        "status"
            | "created"
            | "updated"
            | "creator"
            | "resolutiondate"
            | "issuetype"
            | "project"
            | "timeoriginalestimate"
            | "timeestimate"
            | "timespent"
            | "votes"
            | "watches"
            | "lastViewed"
            | "workratio"
            | "subtasks"
            | "resolution"
    );
    system
        || schema
            .custom
            .as_deref()
            .and_then(|custom| custom.strip_prefix(TYPES))
            .is_some_and(|custom| custom == "readonlyfield")
}

/// What a field's values are: by the kind of custom field, else by the type that its schema declares.
fn kind(id: &str, schema: &FieldSchema) -> RemoteKind {
    if let Some(custom) = &schema.custom {
        return custom_kind(custom);
    }
    match id {
        "description" | "environment" => return RemoteKind::RichText,
        "components" => return RemoteKind::Components,
        "versions" | "fixVersions" => return RemoteKind::Versions,
        "issuelinks" => return RemoteKind::IssueLinks,
        "timetracking" | "timeoriginalestimate" | "timeestimate" | "timespent" => {
            return RemoteKind::Number;
        }
        "parent" | "subtasks" | "comment" | "worklog" | "attachment" | "votes" | "watches"
        | "progress" | "aggregateprogress" | "thumbnail" | "issuerestriction" => {
            return RemoteKind::Unsupported(id.to_owned());
        }
        _ => {}
    }
    match (schema.kind.as_str(), schema.items.as_deref()) {
        ("string", _) => RemoteKind::Text,
        ("number", _) => RemoteKind::Number,
        ("date", _) => RemoteKind::Date,
        ("datetime", _) => RemoteKind::DateTime,
        ("user", _) => RemoteKind::Person,
        ("array", Some("user")) => RemoteKind::People,
        ("priority" | "option" | "resolution" | "status" | "issuetype" | "securitylevel", _) => {
            RemoteKind::SingleSelect
        }
        ("array", Some("option")) => RemoteKind::MultiSelect,
        ("array", Some("string")) => RemoteKind::Labels,
        ("array", Some("version")) => RemoteKind::Versions,
        ("array", Some("component")) => RemoteKind::Components,
        ("version", _) => RemoteKind::Version,
        ("project", _) => RemoteKind::Project,
        (other, _) => RemoteKind::Unsupported(other.to_owned()),
    }
}

fn custom_kind(custom: &str) -> RemoteKind {
    match custom {
        SPRINT => return RemoteKind::Sprint,
        STORY_POINT_ESTIMATE => return RemoteKind::Number,
        EPIC_NAME => return RemoteKind::Text,
        START | "com.atlassian.jpo:jpo-custom-field-baseline-end" => return RemoteKind::Date,
        custom if is_team(custom) => return RemoteKind::Team,
        _ => {}
    }
    let Some(own) = custom.strip_prefix(TYPES) else {
        return RemoteKind::Unsupported(custom.to_owned());
    };
    match own {
        "textfield" | "readonlyfield" => RemoteKind::Text,
        "textarea" => RemoteKind::RichText,
        "url" => RemoteKind::Link,
        "float" => RemoteKind::Number,
        "datepicker" => RemoteKind::Date,
        "datetime" => RemoteKind::DateTime,
        "select" | "radiobuttons" => RemoteKind::SingleSelect,
        "multiselect" | "multicheckboxes" => RemoteKind::MultiSelect,
        "cascadingselect" => RemoteKind::Cascading,
        "userpicker" => RemoteKind::Person,
        "multiuserpicker" => RemoteKind::People,
        "grouppicker" | "multigrouppicker" => RemoteKind::Groups,
        "labels" => RemoteKind::Labels,
        "version" => RemoteKind::Version,
        "multiversion" => RemoteKind::Versions,
        "project" => RemoteKind::Project,
        _ => RemoteKind::Unsupported(custom.to_owned()),
    }
}
