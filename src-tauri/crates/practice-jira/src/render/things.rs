//! People, projects, types, statuses and the like.

use crate::json::Json;
use crate::state::{
    Category, Component, FieldOption, IssueType, Project, Sprint, Style, UserIx, Version,
};
use crate::time::{agile_time, date_text};
use crate::view::View;

const SIZES: [(&str, &str); 4] = [
    ("48x48", "48"),
    ("24x24", "24"),
    ("16x16", "16"),
    ("32x32", "32"),
];
const NAMED_SIZES: [(&str, &str); 4] = [
    ("48x48", ""),
    ("24x24", "size=small&"),
    ("16x16", "size=xsmall&"),
    ("32x32", "size=medium&"),
];

impl View<'_> {
    pub(crate) fn api_url(&self) -> String {
        format!("{}/rest/api/{}", self.base, self.api)
    }

    fn own_path(&self) -> &'static str {
        if self.api == 3 {
            "/rest/api/3/"
        } else {
            "/rest/api/2/"
        }
    }

    fn self_link(&self, json: &mut Json, kind: &str, rest: &str) {
        json.key("self")
            .strs(&[self.base, self.own_path(), kind, "/", rest]);
    }

    /// The reference form of a person, as in fields.
    pub(crate) fn user(&self, json: &mut Json, ix: UserIx) {
        json.object();
        self.user_body(json, ix);
        json.end_object();
    }

    pub(crate) fn user_body(&self, json: &mut Json, ix: UserIx) {
        let Some(user) = self.data.users.get(ix as usize) else {
            return;
        };
        if self.cloud() {
            json.key("self").strs(&[
                self.base,
                self.own_path(),
                "user?accountId=",
                &user.account_id,
            ]);
            json.key("accountId").str(&user.account_id);
            if let Some(email) = &user.email {
                json.key("emailAddress").str(email);
            }
            json.key("avatarUrls").object();
            for (size, pixels) in SIZES {
                json.key(size).strs(&[
                    "https://avatar.example/initials/",
                    &user.name,
                    ".png?size=",
                    pixels,
                    "&s=",
                    pixels,
                ]);
            }
            json.end_object();
        } else {
            json.key("self")
                .strs(&[self.base, "/rest/api/2/user?username=", &user.name]);
            json.key("name").str(&user.name).key("key").str(&user.key);
            if let Some(email) = &user.email {
                json.key("emailAddress").str(email);
            }
            json.key("avatarUrls").object();
            for (size, query) in NAMED_SIZES {
                json.key(size)
                    .strs(&[self.base, "/secure/useravatar?", query, "avatarId=10341"]);
            }
            json.end_object();
        }
        json.key("displayName")
            .str(&user.display)
            .key("active")
            .bool(user.active)
            .key("timeZone")
            .str(user.zone);
        if self.cloud() {
            json.key("accountType").str(if user.name == "build-robot" {
                "app"
            } else {
                "atlassian"
            });
        }
    }

    pub(crate) fn project_ref(&self, json: &mut Json, project: &Project) {
        json.object();
        self.self_link(json, "project", &project.id.to_string());
        json.key("id")
            .id(project.id.into())
            .key("key")
            .str(&project.key)
            .key("name")
            .str(&project.name);
        json.key("projectTypeKey").str("software");
        if self.cloud() {
            json.key("simplified").bool(project.style == Style::Team);
        }
        self.project_avatars(json, project);
        json.end_object();
    }

    pub(crate) fn project_avatars(&self, json: &mut Json, project: &Project) {
        let id = project.id.to_string();
        json.key("avatarUrls").object();
        for (size, query) in NAMED_SIZES {
            json.key(size).strs(&[
                self.base,
                "/secure/projectavatar?",
                query,
                "pid=",
                &id,
                "&avatarId=10324",
            ]);
        }
        json.end_object();
    }

    pub(crate) fn issue_type(&self, json: &mut Json, kind: &IssueType) {
        let (id, avatar) = (kind.id.to_string(), kind.avatar.to_string());
        json.object();
        self.self_link(json, "issuetype", &id);
        json.key("id")
            .str(&id)
            .key("description")
            .str(kind.description);
        json.key("iconUrl").strs(&[
            self.base,
            "/secure/viewavatar?size=xsmall&avatarId=",
            &avatar,
            "&avatarType=issuetype",
        ]);
        json.key("name")
            .str(self.name(kind.name, kind.german))
            .key("subtask")
            .bool(kind.kind.level() < 0)
            .key("avatarId")
            .int(kind.avatar.into());
        if self.cloud() {
            json.key("entityId")
                .strs(&["9d7dd6f7-e8b6-4247-954b-", &format!("{:012}", kind.id)]);
            json.key("hierarchyLevel").int(kind.kind.level().into());
            if kind.scope.is_some() {
                self.scope(json, kind.scope);
            }
        }
        json.end_object();
    }

    pub(crate) fn scope(&self, json: &mut Json, scope: Option<u32>) {
        if let Some(project) = scope {
            json.key("scope")
                .object()
                .key("type")
                .str("PROJECT")
                .key("project")
                .object()
                .key("id")
                .id(project.into())
                .end_object()
                .end_object();
        }
    }

    pub(crate) fn status(&self, json: &mut Json, id: u32) {
        let Some(status) = self.data.status(id) else {
            return json.null().done();
        };
        json.object();
        self.self_link(json, "status", &id.to_string());
        json.key("description")
            .str("")
            .key("iconUrl")
            .strs(&[self.base, "/images/icons/statuses/generic.png"]);
        json.key("name")
            .str(self.name(status.name, status.german))
            .key("id")
            .id(id.into())
            .key("statusCategory");
        self.category(json, status.category);
        if self.cloud() {
            self.scope(json, status.scope);
        }
        json.end_object();
    }

    pub(crate) fn category(&self, json: &mut Json, category: Category) {
        json.object();
        self.self_link(json, "statuscategory", &category.id().to_string());
        json.key("id")
            .int(category.id().into())
            .key("key")
            .str(category.key())
            .key("colorName")
            .str(category.colour());
        json.key("name").str(category.name()).end_object();
    }

    pub(crate) fn priority(&self, json: &mut Json, id: u32, full: bool) {
        let Some(priority) = self.data.priority(id) else {
            return json.null().done();
        };
        json.object();
        self.self_link(json, "priority", &id.to_string());
        if full {
            json.key("statusColor")
                .str(priority.colour)
                .key("description")
                .str(priority.description);
        }
        json.key("iconUrl").strs(&[
            self.base,
            "/images/icons/priorities/",
            priority.icon,
            ".svg",
        ]);
        json.key("name")
            .str(self.name(priority.name, priority.german))
            .key("id")
            .id(id.into())
            .end_object();
    }

    pub(crate) fn resolution(&self, json: &mut Json, id: u32) {
        let Some(resolution) = self.data.resolution(id) else {
            return json.null().done();
        };
        json.object();
        self.self_link(json, "resolution", &id.to_string());
        json.key("id")
            .id(id.into())
            .key("description")
            .str(resolution.description)
            .key("name")
            .str(resolution.name)
            .end_object();
    }

    pub(crate) fn component(&self, json: &mut Json, component: &Component) {
        json.object();
        self.self_link(json, "component", &component.id.to_string());
        json.key("id")
            .id(component.id.into())
            .key("name")
            .str(&component.name);
        if !component.description.is_empty() {
            json.key("description").str(&component.description);
        }
        json.end_object();
    }

    pub(crate) fn component_full(&self, json: &mut Json, component: &Component, project: &Project) {
        json.object();
        self.self_link(json, "component", &component.id.to_string());
        json.key("id")
            .id(component.id.into())
            .key("name")
            .str(&component.name)
            .key("description")
            .str(&component.description);
        if let Some(lead) = component.lead {
            json.key("lead");
            self.user(json, lead);
        }
        json.key("assigneeType")
            .str("PROJECT_DEFAULT")
            .key("realAssigneeType")
            .str("PROJECT_DEFAULT")
            .key("isAssigneeTypeValid")
            .bool(true);
        json.key("project")
            .str(&project.key)
            .key("projectId")
            .int(project.id.into())
            .end_object();
    }

    pub(crate) fn version(&self, json: &mut Json, version: &Version, project: Option<&Project>) {
        json.object();
        self.self_link(json, "version", &version.id.to_string());
        json.key("id").id(version.id.into());
        if !version.description.is_empty() {
            json.key("description").str(&version.description);
        }
        json.key("name")
            .str(&version.name)
            .key("archived")
            .bool(version.archived)
            .key("released")
            .bool(version.released);
        if let Some(date) = version.release {
            json.key("releaseDate").str(&date_text(date));
        }
        if let Some(project) = project {
            if let Some(date) = version.start {
                json.key("startDate").str(&date_text(date));
            }
            if let (Some(release), false) = (version.release, version.released) {
                json.key("overdue").bool(
                    crate::jql::eval::day_number(release) < crate::jql::resolve::days(self.now),
                );
            }
            json.key("projectId").int(project.id.into());
        }
        json.end_object();
    }

    pub(crate) fn option(&self, json: &mut Json, option: &FieldOption) {
        json.object();
        self.option_body(json, option.id, option.value);
        if !self.cloud() {
            json.key("disabled").bool(option.disabled);
        }
        json.end_object();
    }

    pub(crate) fn option_body(&self, json: &mut Json, id: u32, value: &str) {
        self.self_link(json, "customFieldOption", &id.to_string());
        json.key("value").str(value).key("id").id(id.into());
    }

    pub(crate) fn group(&self, json: &mut Json, ix: u32) {
        let Some(group) = self.data.groups.get(ix as usize) else {
            return json.null().done();
        };
        json.object().key("name").str(group.name);
        if self.cloud() {
            json.key("groupId").str(&group.id);
            json.key("self")
                .strs(&[self.base, self.own_path(), "group?groupId=", &group.id]);
        } else {
            json.key("self")
                .strs(&[self.base, "/rest/api/2/group?groupname=", group.name]);
        }
        json.end_object();
    }

    /// The agile form of a sprint.
    pub(crate) fn sprint(&self, json: &mut Json, sprint: &Sprint) {
        json.object().key("id").int(sprint.id.into());
        json.key("self")
            .strs(&[self.base, "/rest/agile/1.0/sprint/", &sprint.id.to_string()]);
        json.key("state")
            .str(sprint.state.lower())
            .key("name")
            .str(&sprint.name);
        for (key, at) in [
            ("startDate", sprint.start),
            ("endDate", sprint.end),
            ("completeDate", sprint.complete),
        ] {
            if let Some(at) = at {
                json.key(key).str(&agile_time(at));
            }
        }
        json.key("originBoardId").int(sprint.board.into());
        if let Some(goal) = &sprint.goal {
            json.key("goal").str(goal);
        }
        json.end_object();
    }
}
