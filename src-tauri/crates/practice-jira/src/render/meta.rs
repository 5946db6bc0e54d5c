//! Field descriptions: the field list, create and edit metadata.

use crate::json::Json;
use crate::state::{Field, IssueType, Kind, Project, Shape, Slot};
use crate::view::View;

impl View<'_> {
    pub(crate) fn schema(&self, json: &mut Json, field: &Field) {
        json.object().key("type").str(field.schema_type);
        if let Some(items) = field.schema_items {
            json.key("items").str(items);
        }
        match field.schema_custom {
            Some(custom) => {
                json.key("custom")
                    .str(custom)
                    .key("customId")
                    .int(field.number.into());
            }
            None => {
                json.key("system").str(field.system);
            }
        }
        json.end_object();
    }

    /// A row of `/field`.
    pub(crate) fn field_row(&self, json: &mut Json, field: &Field) {
        json.object().key("id").str(&field.id);
        if self.cloud() {
            json.key("key").str(&field.id);
        }
        json.key("name")
            .str(self.name(field.name, field.german))
            .key("custom")
            .bool(field.is_custom());
        json.key("orderable")
            .bool(field.orderable)
            .key("navigable")
            .bool(field.navigable)
            .key("searchable")
            .bool(field.searchable);
        json.key("clauseNames").array();
        if field.is_custom() {
            json.strs(&["cf[", &field.number.to_string(), "]"])
                .str(self.name(field.name, field.german));
        }
        for clause in &field.clauses {
            json.str(clause);
        }
        json.end_array();
        if field.slot != Slot::IssueKey {
            json.key("schema");
            self.schema(json, field);
        }
        if self.cloud() {
            self.scope(json, field.scope);
        }
        json.end_object();
    }

    /// The fields on the create screen of a type, in order.
    pub(crate) fn create_fields(&self, project: &Project, kind: &IssueType) -> Vec<&Field> {
        self.data
            .fields
            .iter()
            .filter(|f| {
                f.in_project(project.id)
                    && f.create.contains(&kind.kind)
                    && self.offers(f, kind.kind)
            })
            .collect()
    }

    pub(crate) fn edit_fields(&self, project: &Project, kind: Kind) -> Vec<&Field> {
        self.data
            .fields
            .iter()
            .filter(|f| f.in_project(project.id) && f.edit.contains(&kind) && self.offers(f, kind))
            .collect()
    }

    fn offers(&self, field: &Field, kind: Kind) -> bool {
        match field.slot {
            Slot::Parent => self.cloud() && kind != Kind::Initiative || kind == Kind::Subtask,
            Slot::Reporter => self.may(None, "MODIFY_REPORTER") || kind == Kind::Subtask,
            _ => true,
        }
    }

    /// One field of create or edit metadata. `with_id` writes the row form with `fieldId`.
    pub(crate) fn meta_field(
        &self,
        json: &mut Json,
        field: &Field,
        project: &Project,
        kind: &IssueType,
        with_id: bool,
    ) {
        json.object()
            .key("required")
            .bool(field.required.contains(&kind.kind) || self.faults.demanded.contains(&field.id))
            .key("schema");
        self.schema(json, field);
        json.key("name").str(self.name(field.name, field.german));
        if self.cloud() {
            json.key("key").str(&field.id);
        }
        if with_id {
            json.key("fieldId").str(&field.id);
        }
        json.key("hasDefaultValue")
            .bool(field.slot == Slot::Priority);
        json.key("operations").array();
        let many = field.schema_type == "array";
        for operation in if many {
            &["add", "set", "remove"][..]
        } else {
            &["set"]
        } {
            json.str(operation);
        }
        json.end_array();
        self.allowed(json, field, project, kind);
        if field.slot == Slot::Priority
            && let Some(usual) = project
                .priorities
                .get(2.min(project.priorities.len().saturating_sub(1)))
        {
            json.key("defaultValue");
            self.priority(json, *usual, false);
        }
        let complete = match field.slot {
            Slot::Assignee => Some(if self.cloud() {
                format!(
                    "{}/user/assignable/search?project={}&query=",
                    self.api_url(),
                    project.key
                )
            } else {
                format!(
                    "{}/rest/api/latest/user/assignable/search?issueKey=null&username=",
                    self.base
                )
            }),
            Slot::Reporter => Some(if self.cloud() {
                format!("{}/user/recommend?context=Reporter&query=", self.api_url())
            } else {
                format!("{}/rest/api/latest/user/search?username=", self.base)
            }),
            Slot::Labels => Some(format!("{}/rest/api/1.0/labels/suggest?query=", self.base)),
            _ => None,
        };
        if let Some(url) = complete {
            json.key("autoCompleteUrl").str(&url);
        }
        json.end_object();
    }

    fn allowed(&self, json: &mut Json, field: &Field, project: &Project, kind: &IssueType) {
        let has = matches!(
            field.slot,
            Slot::Priority
                | Slot::Components
                | Slot::FixVersions
                | Slot::Versions
                | Slot::IssueType
                | Slot::Project
                | Slot::Resolution
        ) || matches!(
            field.shape,
            Shape::Option | Shape::Options | Shape::Cascade | Shape::Version | Shape::Versions
        );
        if !has {
            return;
        }
        json.key("allowedValues").array();
        match (field.slot, field.shape) {
            (Slot::Priority, _) => project
                .priorities
                .iter()
                .for_each(|p| self.priority(json, *p, false)),
            (Slot::Resolution, _) => self
                .data
                .resolutions
                .iter()
                .for_each(|r| self.resolution(json, r.id)),
            (Slot::Components, _) => project
                .components
                .iter()
                .for_each(|c| self.component(json, c)),
            (Slot::IssueType, _) => self.issue_type(json, kind),
            (Slot::Project, _) => self.project_ref(json, project),
            (Slot::FixVersions | Slot::Versions, _) | (_, Shape::Version | Shape::Versions) => {
                project
                    .versions
                    .iter()
                    .filter(|v| !v.archived)
                    .for_each(|v| self.version(json, v, None));
            }
            _ => {
                for option in field.options.iter().filter(|o| !o.disabled) {
                    json.object();
                    self.option_body(json, option.id, option.value);
                    if !option.children.is_empty() {
                        json.key("children").array();
                        for (id, value) in &option.children {
                            json.object();
                            self.option_body(json, *id, value);
                            json.end_object();
                        }
                        json.end_array();
                    }
                    json.end_object();
                }
            }
        }
        json.end_array();
    }
}
