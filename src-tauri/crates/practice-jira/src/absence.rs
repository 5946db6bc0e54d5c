//! Issues that go out of sight, or elsewhere, without being deleted: what an administrator does in the browser.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::auth::Identity;
use crate::http::Call;
use crate::site::{Event, Site};

/// Issues that are there and yet not to be seen everywhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Absent {
    /// Below an issue security level that our account has not got: to it they are as if deleted.
    pub hidden: BTreeSet<u64>,
    /// No search finds them, and nobody edits them; asked for by themselves they are there.
    pub archived: BTreeSet<u64>,
}

impl Site {
    /// Puts an issue below a security level that nobody who asks has got, or takes it from there. `updated` stays, as it
    /// does where the level's members change. False if there is no such issue.
    pub fn set_hidden(&mut self, id_or_key: &str, hidden: bool) -> bool {
        let found = self.data.find_issue_id(id_or_key);
        self.set_absent(found, hidden, |absent| &mut absent.hidden)
    }

    /// Archives an issue, or restores it. False if there is no such issue.
    pub fn set_archived(&mut self, id_or_key: &str, archived: bool) -> bool {
        let found = self.data.find_issue_id(id_or_key);
        self.set_absent(found, archived, |absent| &mut absent.archived)
    }

    fn set_absent(
        &mut self,
        found: Option<u64>,
        yes: bool,
        list: impl Fn(&mut Absent) -> &mut BTreeSet<u64>,
    ) -> bool {
        let Some(id) = found else { return false };
        let list = list(&mut self.faults.absent);
        if yes {
            list.insert(id);
        } else {
            list.remove(&id);
        }
        self.generation += 1;
        true
    }

    /// Whether an issue of this id is there, whoever may see it.
    pub fn holds_issue(&self, id: &str) -> bool {
        self.data.find_issue_id(id).is_some()
    }

    /// Deletes an issue with its sub-tasks, as somebody would in the browser; gives what the site wants told of it. None
    /// if there is no such issue.
    pub fn delete_issue(&mut self, id_or_key: &str, now: Timestamp) -> Option<Vec<Event>> {
        let call = Call {
            method: "DELETE".to_owned(),
            segments: Vec::new(),
            query: vec![("deleteSubtasks".to_owned(), "true".to_owned())],
            headers: ::http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            now: now.as_millisecond(),
            base: String::new(),
            gateway: false,
            api: 2,
        };
        let somebody = Identity {
            user: Some(0),
            rejected: false,
        };
        crate::write::delete(self, &call, somebody, id_or_key).ok()?;
        Some(std::mem::take(&mut self.events))
    }

    /// Moves an issue to another project, where it gets a key of its own; the old one still leads to it. A type that the
    /// project has not got becomes its first one of the same kind; components and versions stay behind. Gives the new
    /// key; none if the issue or the project is not there.
    pub fn move_issue(&mut self, id_or_key: &str, project: &str, now: Timestamp) -> Option<String> {
        let id = self.data.find_issue_id(id_or_key)?;
        let mut issue = self.data.issues.get(&id)?.clone();
        let (target, types, workflow, number) = {
            let found = self.data.find_project(project)?;
            let types = found.types.clone();
            (found.id, types, found.workflow, found.next_number)
        };
        if target == issue.project {
            return Some(self.data.key_of(&issue));
        }
        let old_key = self.data.key_of(&issue).to_ascii_uppercase();
        if !types.contains(&issue.kind) {
            let kind = self.data.kind_of(&issue);
            let alike = |id: &&u32| self.data.kind(**id).is_some_and(|kept| kept.kind == kind);
            issue.kind = *types.iter().find(alike).or(types.first())?;
        }
        let statuses = &self.data.workflows.get(workflow)?.statuses;
        if !statuses.contains(&issue.status) {
            issue.status = *statuses.first()?;
        }
        let left = issue.project;
        self.data.by_key.remove(&(left, issue.number));
        issue.project = target;
        issue.number = number;
        issue.components.clear();
        issue.fix_versions.clear();
        issue.affects.clear();
        issue.updated = now.as_millisecond().max(issue.updated + 1);
        self.data.by_key.insert((target, number), id);
        self.data.moved.insert(old_key, id);
        if let Some(project) = self.data.project_mut(left) {
            project.issues = project.issues.saturating_sub(1);
        }
        if let Some(project) = self.data.project_mut(target) {
            project.issues += 1;
            project.next_number += 1;
        }
        let key = self.data.key_of(&issue);
        self.data.issues.insert(id, issue);
        self.generation += 1;
        Some(key)
    }
}
