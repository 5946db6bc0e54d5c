//! The site as one caller sees it at one moment.

use jiff::tz::TimeZone;

use crate::config::{DcVersion, Face};
use crate::faults::Faults;
use crate::state::{Data, Issue, Project, UserIx};
use crate::time::Millis;

pub(crate) struct View<'a> {
    pub data: &'a Data,
    pub faults: &'a Faults,
    pub face: Face,
    pub version: DcVersion,
    pub base: &'a str,
    pub api: u8,
    pub caller: Option<UserIx>,
    pub zone: TimeZone,
    pub german: bool,
    pub now: Millis,
}

/// Key, number in answers, name, kind.
pub(crate) const PERMISSIONS: [(&str, u32, &str, bool); 16] = [
    ("BROWSE_PROJECTS", 10, "Browse Projects", true),
    ("CREATE_ISSUES", 11, "Create Issues", true),
    ("EDIT_ISSUES", 12, "Edit Issues", true),
    ("ASSIGN_ISSUES", 13, "Assign Issues", true),
    ("RESOLVE_ISSUES", 14, "Resolve Issues", true),
    ("ADD_COMMENTS", 15, "Add Comments", true),
    ("DELETE_ISSUES", 16, "Delete Issues", true),
    ("ASSIGNABLE_USER", 17, "Assignable User", true),
    ("LINK_ISSUES", 21, "Link Issues", true),
    ("ADMINISTER_PROJECTS", 23, "Administer Projects", true),
    ("SCHEDULE_ISSUES", 28, "Schedule Issues", true),
    ("MODIFY_REPORTER", 30, "Modify Reporter", true),
    ("TRANSITION_ISSUES", 46, "Transition Issues", true),
    ("MANAGE_SPRINTS_PERMISSION", 50, "Manage Sprints", true),
    ("ADMINISTER", 0, "Administer Jira", false),
    ("USER_PICKER", 27, "Browse users and groups", false),
];

impl View<'_> {
    /// Whether the caller has the permission in this project; `None` asks for the whole site.
    pub(crate) fn may(&self, project: Option<&Project>, permission: &str) -> bool {
        let Some(caller) = self.caller else {
            return false;
        };
        let admin = self.data.users[caller as usize].admin;
        if matches!(
            permission,
            "ADMINISTER" | "ADMINISTER_PROJECTS" | "MODIFY_REPORTER"
        ) && !admin
        {
            return false;
        }
        let removed = |key: &str| {
            self.faults
                .permissions_removed
                .contains(&(key.to_owned(), permission.to_owned()))
        };
        match project {
            Some(project) => !project.deleted && !removed(&project.key),
            None if permission == "ADMINISTER" || permission == "USER_PICKER" => !removed("*"),
            // Without a context it is yes if any project allows it.
            None => self
                .data
                .projects
                .iter()
                .any(|p| !p.deleted && !removed(&p.key)),
        }
    }

    pub(crate) fn project(&self, id_or_key: &str) -> Option<&Project> {
        self.data
            .find_project(id_or_key)
            .filter(|p| self.may(Some(p), "BROWSE_PROJECTS"))
    }

    /// An issue that the caller may see.
    pub(crate) fn issue(&self, id_or_key: &str) -> Option<&Issue> {
        let issue = self.data.issues.get(&self.data.find_issue_id(id_or_key)?)?;
        self.sees(issue).then_some(issue)
    }

    pub(crate) fn sees(&self, issue: &Issue) -> bool {
        !self.faults.absent.hidden.contains(&issue.id)
            && self
                .data
                .project(issue.project)
                .is_some_and(|p| self.may(Some(p), "BROWSE_PROJECTS"))
    }

    pub(crate) fn cloud(&self) -> bool {
        self.face == Face::Cloud
    }

    pub(crate) fn name<'n>(&self, english: &'n str, german: &'n str) -> &'n str {
        if self.german { german } else { english }
    }
}
