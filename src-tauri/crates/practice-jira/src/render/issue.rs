//! A whole issue with the fields that were asked for.

use crate::json::Json;
use crate::state::{Field, Issue, Kind, Slot};
use crate::view::View;

/// Which fields an answer carries.
#[derive(Debug, Clone)]
pub(crate) struct Selection<'a> {
    fields: Vec<&'a Field>,
}

impl<'a> View<'a> {
    /// Reads `fields`: names, `*all`, `*navigable`, and `-name`. `usual` stands for an absent list.
    pub(crate) fn selection(&self, asked: &[String], usual: &str) -> Selection<'a> {
        let usual = [usual.to_owned()];
        let asked = if asked.is_empty() { &usual[..] } else { asked };
        let only_minus = asked.iter().all(|a| a.starts_with('-'));
        let wants = |field: &Field| {
            let by_star = asked
                .iter()
                .any(|a| a == "*all" || a == "*navigable" && field.navigable)
                || only_minus;
            let by_name = asked.contains(&field.id);
            let out = asked.iter().any(|a| a.strip_prefix('-') == Some(&field.id));
            (by_star || by_name) && !out && field.slot != Slot::IssueKey
        };
        Selection {
            fields: self.data.fields.iter().filter(|f| wants(f)).collect(),
        }
    }

    /// One issue with its fields. More keys may follow: the caller closes the object.
    pub(crate) fn open_issue(&self, json: &mut Json, issue: &Issue, selection: &Selection<'_>) {
        let id = issue.id.to_string();
        json.object();
        json.key("expand").str(if self.cloud() {
            "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
        } else {
            "operations,versionedRepresentations,editmeta,changelog,renderedFields"
        });
        json.key("id").str(&id);
        json.key("self").strs(&[
            self.base,
            if self.api == 3 {
                "/rest/api/3/issue/"
            } else {
                "/rest/api/2/issue/"
            },
            &id,
        ]);
        json.key("key").str(&self.data.key_of(issue));
        if selection.fields.is_empty() {
            return;
        }
        json.key("fields").object();
        for field in &selection.fields {
            if self.shows(field, issue) {
                json.key(&field.id);
                self.value(json, field, issue);
            }
        }
        json.end_object();
    }

    /// Whether the answer names the field at all for this issue, be it with null.
    pub(crate) fn shows(&self, field: &Field, issue: &Issue) -> bool {
        if !field.in_project(issue.project) {
            return false;
        }
        match field.slot {
            Slot::Parent => match issue.parent {
                None => false,
                // On Data Center only sub-tasks have it; epics are joined by a custom field.
                Some(_) => self.cloud() || self.data.kind_of(issue) == Kind::Subtask,
            },
            Slot::StatusCategory => self.cloud(),
            _ => true,
        }
    }
}
