//! What the values in a query mean: names, ids and functions looked up on the site.

use super::resolve::Work;
use crate::config::Face;
use crate::state::{Data, Field, Shape, Slot, SprintState, UserIx};

impl Work<'_, '_> {
    pub(super) fn function(&mut self, name: &str, args: &[String]) -> Option<Vec<String>> {
        let data = self.asker.data;
        let sprints = |state: SprintState| {
            data.sprints
                .iter()
                .filter(move |s| s.state == state)
                .map(|s| s.id.to_string())
        };
        match name.to_ascii_lowercase().as_str() {
            "currentuser" => Some(
                self.asker
                    .caller
                    .map(|c| format!("#{c}"))
                    .into_iter()
                    .collect(),
            ),
            "opensprints" => Some(sprints(SprintState::Active).collect()),
            "futuresprints" => Some(sprints(SprintState::Future).collect()),
            "closedsprints" => Some(sprints(SprintState::Closed).collect()),
            "membersof" => {
                let group =
                    data.groups.iter().position(|g| {
                        args.first().is_some_and(|a| a.eq_ignore_ascii_case(g.name))
                    })? as u32;
                Some(
                    data.users
                        .iter()
                        .enumerate()
                        .filter(|(_, u)| u.groups.contains(&group))
                        .map(|(ix, _)| format!("#{ix}"))
                        .collect(),
                )
            }
            "releasedversions" | "unreleasedversions" => {
                let released = name.to_ascii_lowercase().starts_with("released");
                Some(
                    data.projects
                        .iter()
                        .flat_map(|p| &p.versions)
                        .filter(|v| v.released == released && !v.archived)
                        .map(|v| v.id.to_string())
                        .collect(),
                )
            }
            _ => None,
        }
    }

    pub(super) fn value_ids(
        &mut self,
        slot: Slot,
        text: &str,
        field: Option<&Field>,
    ) -> Option<Vec<u32>> {
        let data = self.asker.data;
        let german = self.asker.german;
        let id = text.parse::<u32>().ok();
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        let mut ids: Vec<u32> = match slot {
            Slot::Project => data
                .find_project(text)
                .or_else(|| data.projects.iter().find(|p| !p.deleted && same(&p.name)))
                .filter(|p| self.asker.visible.contains(&p.id))
                .map(|p| p.id)
                .into_iter()
                .collect(),
            Slot::IssueType => data
                .types
                .iter()
                .filter(|t| same(t.name) || german && same(t.german) || Some(t.id) == id)
                .map(|t| t.id)
                .collect(),
            Slot::Status => data
                .statuses
                .iter()
                .filter(|s| same(s.name) || german && same(s.german) || Some(s.id) == id)
                .map(|s| s.id)
                .collect(),
            Slot::Priority => data
                .priorities
                .iter()
                .filter(|p| same(p.name) || german && same(p.german) || Some(p.id) == id)
                .map(|p| p.id)
                .collect(),
            Slot::Resolution => {
                if same("unresolved") {
                    return Some(vec![0]);
                }
                data.resolutions
                    .iter()
                    .filter(|r| same(r.name) || Some(r.id) == id)
                    .map(|r| r.id)
                    .collect()
            }
            Slot::Assignee | Slot::Reporter | Slot::Creator => self.users(text),
            Slot::Components => data
                .projects
                .iter()
                .flat_map(|p| &p.components)
                .filter(|c| same(&c.name) || Some(c.id) == id)
                .map(|c| c.id)
                .collect(),
            Slot::FixVersions | Slot::Versions => versions(data, text),
            Slot::Sprint => data
                .sprints
                .iter()
                .filter(|s| same(&s.name) || Some(s.id) == id)
                .map(|s| s.id)
                .collect(),
            _ => self.custom_ids(field?, text),
        };
        ids.dedup();
        (!ids.is_empty()).then_some(ids)
    }

    fn custom_ids(&mut self, field: &Field, text: &str) -> Vec<u32> {
        let data = self.asker.data;
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        let id = text.parse::<u32>().ok();
        match field.shape {
            Shape::Option | Shape::Options | Shape::Cascade => field
                .options
                .iter()
                .flat_map(|o| std::iter::once((o.id, o.value)).chain(o.children.iter().copied()))
                .filter(|(option, value)| same(value) || Some(*option) == id)
                .map(|(option, _)| option)
                .collect(),
            Shape::User | Shape::Users => self.users(text),
            Shape::Group | Shape::Groups => data
                .groups
                .iter()
                .position(|g| same(g.name))
                .map(|ix| ix as u32)
                .into_iter()
                .collect(),
            Shape::Version | Shape::Versions => versions(data, text),
            Shape::Project => data.find_project(text).map(|p| p.id).into_iter().collect(),
            // A name silently matches nothing: only ids are compared.
            Shape::Team => vec![
                data.teams
                    .iter()
                    .position(|t| t.id == text)
                    .map_or(u32::MAX, |ix| ix as u32),
            ],
            _ => Vec::new(),
        }
    }

    fn users(&self, text: &str) -> Vec<UserIx> {
        if let Some(ix) = text.strip_prefix('#').and_then(|t| t.parse().ok()) {
            return vec![ix];
        }
        let lower = text.to_lowercase();
        let same = |u: &crate::state::User| match self.asker.face {
            Face::Cloud => u.account_id == text || u.display.to_lowercase() == lower,
            Face::DataCenter => {
                u.name == lower
                    || u.key == text
                    || u.display.to_lowercase() == lower
                    || u.email.as_deref() == Some(lower.as_str())
            }
        };
        self.asker
            .data
            .users
            .iter()
            .enumerate()
            .filter(|(_, u)| same(u))
            .map(|(ix, _)| ix as UserIx)
            .collect()
    }
}

fn versions(data: &Data, text: &str) -> Vec<u32> {
    let id = text.parse::<u32>().ok();
    let lower = text.to_lowercase();
    data.projects
        .iter()
        .flat_map(|p| &p.versions)
        .filter(|v| v.name.to_lowercase() == lower || Some(v.id) == id)
        .map(|v| v.id)
        .collect()
}
