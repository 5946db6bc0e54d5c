//! All of it together, and the ways to find one thing.

use std::collections::BTreeMap;

use super::{
    Board, Change, Comment, Component, Field, Group, Issue, IssueType, Kind, Link, LinkType,
    Priority, Project, RemoteLink, Resolution, Slot, Sprint, Status, Team, User, Version, Workflow,
};

/// Everything on the site that is not behaviour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Data {
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub teams: Vec<Team>,
    pub projects: Vec<Project>,
    pub types: Vec<IssueType>,
    pub statuses: Vec<Status>,
    pub workflows: Vec<Workflow>,
    pub priorities: Vec<Priority>,
    pub resolutions: Vec<Resolution>,
    pub fields: Vec<Field>,
    pub link_types: Vec<LinkType>,
    pub boards: Vec<Board>,
    pub sprints: Vec<Sprint>,
    pub issues: BTreeMap<u64, Issue>,
    pub by_key: BTreeMap<(u32, u32), u64>,
    /// Keys that issues had before they moved.
    pub moved: BTreeMap<String, u64>,
    pub children: BTreeMap<u64, Vec<u64>>,
    pub links: BTreeMap<u64, Link>,
    pub links_of: BTreeMap<u64, Vec<u64>>,
    pub changes: BTreeMap<u64, Vec<Change>>,
    pub properties: BTreeMap<(u64, String), serde_json::Value>,
    pub remote_links: BTreeMap<u64, Vec<RemoteLink>>,
    pub comments: BTreeMap<u64, Vec<Comment>>,
    pub next_issue: u64,
    pub next_other: u64,
}

impl Data {
    pub(crate) fn project(&self, id: u32) -> Option<&Project> {
        // Projects are numbered without gaps from the first one's id.
        let first = self.projects.first()?.id;
        self.projects.get(id.checked_sub(first)? as usize)
    }

    pub(crate) fn project_mut(&mut self, id: u32) -> Option<&mut Project> {
        let first = self.projects.first()?.id;
        self.projects.get_mut(id.checked_sub(first)? as usize)
    }

    /// A project by id or key, with the old keys of renamed projects; deleted ones are gone.
    pub(crate) fn find_project(&self, id_or_key: &str) -> Option<&Project> {
        let live = |p: &&Project| !p.deleted;
        if let Ok(id) = id_or_key.parse::<u32>() {
            return self.project(id).filter(live);
        }
        let same = |key: &String| key.eq_ignore_ascii_case(id_or_key);
        self.projects
            .iter()
            .find(|p| live(p) && (same(&p.key) || p.old_keys.iter().any(same)))
    }

    pub(crate) fn kind(&self, id: u32) -> Option<&IssueType> {
        self.types.iter().find(|t| t.id == id)
    }

    pub(crate) fn status(&self, id: u32) -> Option<&Status> {
        self.statuses.iter().find(|s| s.id == id)
    }

    pub(crate) fn priority(&self, id: u32) -> Option<&Priority> {
        self.priorities.iter().find(|p| p.id == id)
    }

    pub(crate) fn resolution(&self, id: u32) -> Option<&Resolution> {
        self.resolutions.iter().find(|r| r.id == id)
    }

    pub(crate) fn sprint(&self, id: u32) -> Option<&Sprint> {
        self.sprints.iter().find(|s| s.id == id)
    }

    pub(crate) fn board(&self, id: u32) -> Option<&Board> {
        self.boards.iter().find(|b| b.id == id)
    }

    pub(crate) fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    pub(crate) fn slot(&self, slot: Slot) -> Option<&Field> {
        self.fields.iter().find(|f| f.slot == slot)
    }

    pub(crate) fn version(&self, id: u32) -> Option<(&Project, &Version)> {
        self.projects
            .iter()
            .find_map(|p| p.versions.iter().find(|v| v.id == id).map(|v| (p, v)))
    }

    pub(crate) fn component(&self, id: u32) -> Option<&Component> {
        self.projects
            .iter()
            .find_map(|p| p.components.iter().find(|c| c.id == id))
    }

    pub(crate) fn key_of(&self, issue: &Issue) -> String {
        let project = self.project(issue.project).map_or("", |p| p.key.as_str());
        format!("{project}-{}", issue.number)
    }

    /// An issue's id by id or key; keys of before a move or a renaming of the project count.
    pub(crate) fn find_issue_id(&self, id_or_key: &str) -> Option<u64> {
        if let Ok(id) = id_or_key.parse::<u64>() {
            return self.issues.contains_key(&id).then_some(id);
        }
        let (project, number) = id_or_key.rsplit_once('-')?;
        let number: u32 = number.parse().ok()?;
        let found = self
            .find_project(project)
            .and_then(|p| self.by_key.get(&(p.id, number)));
        found
            .or_else(|| self.moved.get(&id_or_key.to_ascii_uppercase()))
            .copied()
    }

    pub(crate) fn kind_of(&self, issue: &Issue) -> Kind {
        self.kind(issue.kind).map_or(Kind::Task, |t| t.kind)
    }

    pub(crate) fn next_other(&mut self) -> u64 {
        self.next_other += 1;
        self.next_other
    }
}
