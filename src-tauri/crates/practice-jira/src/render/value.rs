//! The value of one field of one issue.

use crate::document::{Rich, adf, convert, wiki};
use crate::generate;
use crate::json::Json;
use crate::state::{Comment, Custom, Field, Issue, Kind, Link, Slot, Sprint};
use crate::time::{agile_time, date_text, jira_time};
use crate::view::View;

impl View<'_> {
    pub(crate) fn value(&self, json: &mut Json, field: &Field, issue: &Issue) {
        let data = self.data;
        match field.slot {
            Slot::IssueType => match data.kind(issue.kind) {
                Some(kind) => self.issue_type(json, kind),
                None => json.null().done(),
            },
            Slot::Project => match data.project(issue.project) {
                Some(project) => self.project_ref(json, project),
                None => json.null().done(),
            },
            Slot::Summary => json.str(&issue.summary).done(),
            Slot::Description => {
                self.rich(json, issue.description.as_ref(), data.kind_of(issue), false)
            }
            Slot::Status => self.status(json, issue.status),
            Slot::StatusCategory => match data.status(issue.status) {
                Some(status) => self.category(json, status.category),
                None => json.null().done(),
            },
            Slot::Priority => self.or_null(json, issue.priority, |json, id| {
                self.priority(json, id, false)
            }),
            Slot::Resolution => {
                self.or_null(json, issue.resolution, |json, id| self.resolution(json, id))
            }
            Slot::Assignee => self.or_null(json, issue.assignee, |json, ix| self.user(json, ix)),
            Slot::Reporter => self.or_null(json, issue.reporter, |json, ix| self.user(json, ix)),
            Slot::Creator => self.user(json, issue.creator),
            Slot::Labels => labels(json, &issue.labels),
            Slot::Components => self.each(json, &issue.components, |json, id| {
                match data.component(id) {
                    Some(component) => self.component(json, component),
                    None => json.null().done(),
                }
            }),
            Slot::FixVersions => self.each(json, &issue.fix_versions, |json, id| {
                self.version_ref(json, id)
            }),
            Slot::Versions => {
                self.each(json, &issue.affects, |json, id| self.version_ref(json, id))
            }
            Slot::Created => json.str(&jira_time(issue.created, &self.zone)).done(),
            Slot::Updated => json.str(&jira_time(issue.updated, &self.zone)).done(),
            Slot::ResolutionDate => self.or_null(json, issue.resolved, |json, at| {
                json.str(&jira_time(at, &self.zone)).done()
            }),
            Slot::DueDate => self.or_null(json, issue.due, |json, date| {
                json.str(&date_text(date)).done()
            }),
            Slot::TimeOriginalEstimate => {
                self.or_null(json, issue.estimate_s, |json, s| json.int(s.into()).done())
            }
            Slot::TimeTracking => time_tracking(json, issue.estimate_s),
            Slot::IssueLinks => self.links(json, issue),
            Slot::Subtasks => self.subtasks(json, issue),
            Slot::Watches => {
                json.object().key("self").strs(&[
                    &self.api_url(),
                    "/issue/",
                    &data.key_of(issue),
                    "/watchers",
                ]);
                json.key("watchCount")
                    .int((issue.id % 5) as i64)
                    .key("isWatching")
                    .bool(issue.id % 5 == 1)
                    .end_object();
            }
            Slot::Comment => self.comments(json, issue),
            Slot::Parent => match issue.parent.and_then(|id| data.issues.get(&id)) {
                Some(parent) => self.linked(json, parent),
                None => json.null().done(),
            },
            Slot::Sprint => self.sprints(json, issue),
            Slot::Rank => json.str(&rank_text(issue.rank)).done(),
            Slot::EpicLink | Slot::ParentLink => match self.parent_key(issue, field.slot) {
                Some(key) => json.str(&key).done(),
                None => json.null().done(),
            },
            Slot::EpicStatus => match data.kind_of(issue) {
                Kind::Epic => json
                    .object()
                    .key("self")
                    .strs(&[self.base, "/rest/api/2/customFieldOption/10010"])
                    .key("value")
                    .str("To Do")
                    .key("id")
                    .str("10010")
                    .end_object()
                    .done(),
                _ => json.null().done(),
            },
            Slot::EpicColour if data.kind_of(issue) == Kind::Epic => json
                .strs(&["ghx-label-", &(1 + issue.id % 9).to_string()])
                .done(),
            Slot::Development if issue.seed.is_multiple_of(3) => json.str("{}").done(),
            Slot::Custom | Slot::Flagged | Slot::EpicName => match issue.custom(field.number) {
                Some(value) => self.custom(json, value, field, issue),
                None => json.null().done(),
            },
            Slot::IssueKey => json.str(&data.key_of(issue)).done(),
            Slot::EpicColour | Slot::Development => json.null().done(),
        }
    }

    fn or_null<T>(&self, json: &mut Json, value: Option<T>, write: impl FnOnce(&mut Json, T)) {
        match value {
            Some(value) => write(json, value),
            None => json.null().done(),
        }
    }

    fn each(&self, json: &mut Json, ids: &[u32], write: impl Fn(&mut Json, u32)) {
        json.array();
        for id in ids {
            write(json, *id);
        }
        json.end_array();
    }

    fn version_ref(&self, json: &mut Json, id: u32) {
        match self.data.version(id) {
            Some((_, version)) => self.version(json, version, None),
            None => json.null().done(),
        }
    }

    /// The key that Epic Link or Parent Link shows on Data Center. On Cloud both are gone for good.
    pub(crate) fn parent_key(&self, issue: &Issue, slot: Slot) -> Option<String> {
        if self.cloud() {
            return None;
        }
        let parent = self.data.issues.get(&issue.parent?)?;
        let right = match slot {
            Slot::EpicLink => self.data.kind_of(parent) == Kind::Epic,
            _ => self.data.kind_of(parent) == Kind::Initiative,
        };
        right.then(|| self.data.key_of(parent))
    }

    pub(crate) fn rich(&self, json: &mut Json, rich: Option<&Rich>, kind: Kind, short: bool) {
        let Some(rich) = rich else {
            return json.null().done();
        };
        let adf_wanted = self.api == 3;
        match rich {
            Rich::Generated(seed) => {
                let blocks = if short {
                    generate::comment_blocks(*seed)
                } else {
                    generate::blocks(*seed, kind)
                };
                if adf_wanted {
                    adf::write(json, &blocks, &self.data.users, *seed);
                } else {
                    json.str(&wiki::text(&blocks, &self.data.users, self.face));
                }
            }
            Rich::Adf(text) if adf_wanted => json.raw(text.as_bytes()).done(),
            Rich::Adf(text) => json
                .str(&convert::adf_to_wiki(
                    &serde_json::from_str(text).unwrap_or_default(),
                ))
                .done(),
            Rich::Wiki(text) if adf_wanted => json.tree(&convert::wiki_to_adf(text)).done(),
            Rich::Wiki(text) => json.str(text).done(),
        }
    }

    fn links(&self, json: &mut Json, issue: &Issue) {
        json.array();
        for id in self
            .data
            .links_of
            .get(&issue.id)
            .map_or(&[][..], Vec::as_slice)
        {
            if let Some(link) = self.data.links.get(id) {
                self.link(json, link, issue.id);
            }
        }
        json.end_array();
    }

    fn link(&self, json: &mut Json, link: &Link, seen_from: u64) {
        let outward = link.from == seen_from;
        let other = if outward { link.to } else { link.from };
        let (Some(other), Some(kind)) = (
            self.data.issues.get(&other),
            self.data.link_types.iter().find(|t| t.id == link.kind),
        ) else {
            return;
        };
        if !self.sees(other) {
            return;
        }
        let (url, id) = (self.api_url(), link.id.to_string());
        json.object()
            .key("id")
            .str(&id)
            .key("self")
            .strs(&[&url, "/issueLink/", &id]);
        json.key("type")
            .object()
            .key("id")
            .id(kind.id.into())
            .key("name")
            .str(kind.name)
            .key("inward")
            .str(kind.inward)
            .key("outward")
            .str(kind.outward);
        json.key("self")
            .strs(&[&url, "/issueLinkType/", &kind.id.to_string()])
            .end_object();
        json.key(if outward {
            "outwardIssue"
        } else {
            "inwardIssue"
        });
        self.linked(json, other);
        json.end_object();
    }

    /// The short form of another issue.
    pub(crate) fn linked(&self, json: &mut Json, issue: &Issue) {
        let id = issue.id.to_string();
        json.object()
            .key("id")
            .str(&id)
            .key("key")
            .str(&self.data.key_of(issue));
        json.key("self").strs(&[
            self.base,
            if self.api == 3 {
                "/rest/api/3/issue/"
            } else {
                "/rest/api/2/issue/"
            },
            &id,
        ]);
        json.key("fields")
            .object()
            .key("summary")
            .str(&issue.summary)
            .key("status");
        self.status(json, issue.status);
        if let Some(priority) = issue.priority {
            json.key("priority");
            self.priority(json, priority, false);
        }
        if let Some(kind) = self.data.kind(issue.kind) {
            json.key("issuetype");
            self.issue_type(json, kind);
        }
        json.end_object().end_object();
    }

    fn subtasks(&self, json: &mut Json, issue: &Issue) {
        json.array();
        for id in self
            .data
            .children
            .get(&issue.id)
            .map_or(&[][..], Vec::as_slice)
        {
            match self.data.issues.get(id) {
                Some(child) if self.data.kind_of(child) == Kind::Subtask => {
                    self.linked(json, child)
                }
                _ => {}
            }
        }
        json.end_array();
    }

    fn comments(&self, json: &mut Json, issue: &Issue) {
        let list = self
            .data
            .comments
            .get(&issue.id)
            .map_or(&[][..], Vec::as_slice);
        json.object().key("comments").array();
        for comment in list {
            self.comment(json, comment, issue);
        }
        json.end_array()
            .key("maxResults")
            .int(list.len() as i64)
            .key("total")
            .int(list.len() as i64)
            .key("startAt")
            .int(0)
            .end_object();
    }

    pub(crate) fn comment(&self, json: &mut Json, comment: &Comment, issue: &Issue) {
        json.object().key("self").strs(&[
            &self.api_url(),
            "/issue/",
            &issue.id.to_string(),
            "/comment/",
            &comment.id.to_string(),
        ]);
        json.key("id").id(comment.id).key("author");
        self.user(json, comment.author);
        json.key("body");
        self.rich(json, Some(&comment.body), Kind::Task, true);
        json.key("updateAuthor");
        self.user(json, comment.author);
        json.key("created")
            .str(&jira_time(comment.at, &self.zone))
            .key("updated")
            .str(&jira_time(comment.at, &self.zone))
            .end_object();
    }

    fn sprints(&self, json: &mut Json, issue: &Issue) {
        if issue.sprints.is_empty() {
            return json.null().done();
        }
        json.array();
        for sprint in issue.sprints.iter().filter_map(|id| self.data.sprint(*id)) {
            if self.cloud() {
                json.object()
                    .key("id")
                    .int(sprint.id.into())
                    .key("name")
                    .str(&sprint.name)
                    .key("state")
                    .str(sprint.state.lower());
                json.key("boardId")
                    .int(sprint.board.into())
                    .key("goal")
                    .str(sprint.goal.as_deref().unwrap_or(""));
                for (key, at) in [
                    ("startDate", sprint.start),
                    ("endDate", sprint.end),
                    ("completeDate", sprint.complete),
                ] {
                    if let Some(at) = at {
                        json.key(key).str(&agile_time(at));
                    }
                }
                json.end_object();
            } else {
                json.str(&self.sprint_string(sprint, issue.id));
            }
        }
        json.end_array();
    }

    /// What Java's `toString` makes of a sprint. The order of the attributes differs by release.
    pub(crate) fn sprint_string(&self, sprint: &Sprint, salt: u64) -> String {
        let time = |at: Option<i64>| at.map_or_else(|| "<null>".to_owned(), agile_time);
        let goal = sprint.goal.as_deref().unwrap_or("<null>");
        let hash = format!(
            "{:x}",
            (u64::from(sprint.id) * 2_654_435_761 + salt * 40_503) & 0xfff_ffff
        );
        let head = format!(
            "com.atlassian.greenhopper.service.sprint.Sprint@{hash}[id={},rapidViewId={},state={},name={}",
            sprint.id,
            sprint.board,
            sprint.state.upper(),
            sprint.name
        );
        let (start, end, complete) = (time(sprint.start), time(sprint.end), time(sprint.complete));
        if self.version.at_least(9, 0) {
            // Newer releases add the activation date and the flags, and put the goal before the sequence.
            format!(
                "{head},startDate={start},endDate={end},completeDate={complete},activatedDate={start},sequence={},goal={goal},synced=false,autoStartStop=false,incompleteIssuesDestinationId=<null>]",
                sprint.id
            )
        } else {
            format!(
                "{head},goal={goal},startDate={start},endDate={end},completeDate={complete},sequence={}]",
                sprint.id
            )
        }
    }

    fn custom(&self, json: &mut Json, value: &Custom, field: &Field, issue: &Issue) {
        let data = self.data;
        match value {
            Custom::Text(text) => json.str(text).done(),
            Custom::Rich(rich) => self.rich(json, Some(rich), data.kind_of(issue), true),
            Custom::Number(number) => json.float(*number).done(),
            Custom::Date(date) => json.str(&date_text(*date)).done(),
            Custom::DateTime(at) => json.str(&jira_time(*at, &self.zone)).done(),
            Custom::Option(id) => match field.option(*id) {
                Some(option) => self.option(json, option),
                None => json.null().done(),
            },
            Custom::Options(ids) => self.each(json, ids, |json, id| match field.option(id) {
                Some(option) => self.option(json, option),
                None => json.null().done(),
            }),
            Custom::Cascade(id, child) => self.cascade(json, field, *id, *child),
            Custom::User(ix) => self.user(json, *ix),
            Custom::Users(list) => self.each(json, list, |json, ix| self.user(json, ix)),
            Custom::Group(ix) => self.group(json, *ix),
            Custom::Groups(list) => self.each(json, list, |json, ix| self.group(json, ix)),
            Custom::Labels(list) => labels(json, list),
            Custom::Version(id) => self.version_ref(json, *id),
            Custom::Versions(ids) => self.each(json, ids, |json, id| self.version_ref(json, id)),
            Custom::Project(id) => match data.project(*id) {
                Some(project) => self.project_ref(json, project),
                None => json.null().done(),
            },
            Custom::Team(ix) => self.team(json, *ix),
        }
    }

    fn cascade(&self, json: &mut Json, field: &Field, id: u32, child: Option<u32>) {
        let Some(option) = field.option(id) else {
            return json.null().done();
        };
        json.object();
        self.option_body(json, option.id, option.value);
        if let Some((id, value)) =
            child.and_then(|c| option.children.iter().find(|(id, _)| *id == c))
        {
            json.key("child").object();
            self.option_body(json, *id, value);
            json.end_object();
        }
        json.end_object();
    }

    fn team(&self, json: &mut Json, ix: u32) {
        let Some(team) = self.data.teams.get(ix as usize) else {
            return json.null().done();
        };
        if self.cloud() {
            json.object()
                .key("id")
                .str(&team.id)
                .key("name")
                .str(team.name);
            json.key("avatarUrl")
                .strs(&["https://teams.example/avatar/", &ix.to_string()])
                .key("isVisible")
                .bool(true)
                .key("title")
                .str(team.name)
                .key("isShared")
                .bool(true)
                .end_object();
        } else {
            json.str(&team.id);
        }
    }
}

fn labels(json: &mut Json, list: &[Box<str>]) {
    json.array();
    for label in list {
        json.str(label);
    }
    json.end_array();
}

fn time_tracking(json: &mut Json, estimate_s: Option<u32>) {
    json.object();
    if let Some(seconds) = estimate_s {
        let hours = seconds / 3600;
        let text = if hours >= 8 && hours % 8 == 0 {
            format!("{}d", hours / 8)
        } else if hours >= 8 {
            format!("{}d {}h", hours / 8, hours % 8)
        } else {
            format!("{hours}h")
        };
        json.key("originalEstimate")
            .str(&text)
            .key("remainingEstimate")
            .str(&text);
        json.key("originalEstimateSeconds")
            .int(seconds.into())
            .key("remainingEstimateSeconds")
            .int(seconds.into());
    }
    json.end_object();
}

/// `0|i0002v:`, sortable as text.
pub(crate) fn rank_text(rank: u64) -> String {
    let mut digits = [b'0'; 9];
    let mut rest = rank;
    for slot in digits.iter_mut().rev() {
        *slot = b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize];
        rest /= 36;
    }
    format!("0|i{}:", String::from_utf8_lossy(&digits))
}
