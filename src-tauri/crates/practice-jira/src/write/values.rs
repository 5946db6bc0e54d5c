//! Values that a client sends, field by field.

use serde_json::Value;

use crate::config::Face;
use crate::document::Rich;
use crate::state::{Custom, Data, Field, Issue, Kind, Shape, Slot, SprintState, UserIx};
use crate::time::{parse_date, parse_jira_time};

/// What a value is read against.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub data: &'a Data,
    pub face: Face,
    pub api: u8,
}

const RICH_MAX: usize = 32_767;

type Read<T> = Result<T, String>;

impl Reader<'_> {
    /// Sets a field to a value, `null` included.
    pub(super) fn set(&self, issue: &mut Issue, field: &Field, value: &Value) -> Read<()> {
        match field.slot {
            Slot::Summary => issue.summary = summary(value)?.into(),
            Slot::Description => issue.description = self.rich(value)?,
            Slot::IssueType => issue.kind = self.kind(issue, value)?,
            Slot::Priority => issue.priority = self.priority(issue, value)?,
            Slot::Resolution => issue.resolution = self.resolution(value)?,
            Slot::Assignee => {
                issue.assignee = self.user(value)?.map(|u| self.active(u)).transpose()?
            }
            Slot::Reporter => issue.reporter = self.user(value)?,
            Slot::Labels => issue.labels = labels(value)?,
            Slot::Components => {
                issue.components = self.each(value, |v| self.component(issue, v))?
            }
            Slot::FixVersions => {
                issue.fix_versions = self.each(value, |v| self.version(issue, v))?
            }
            Slot::Versions => issue.affects = self.each(value, |v| self.version(issue, v))?,
            Slot::DueDate => {
                issue.due = optional(value, |v| {
                    v.as_str().and_then(parse_date).ok_or_else(|| {
                        "Error parsing date string; enter the date as yyyy-MM-dd.".to_owned()
                    })
                })?
            }
            Slot::TimeTracking => {
                issue.estimate_s = value
                    .get("originalEstimate")
                    .and_then(Value::as_str)
                    .map(duration)
                    .transpose()?
            }
            Slot::Parent => issue.parent = optional(value, |v| self.parent(issue, v))?,
            Slot::EpicLink | Slot::ParentLink => {
                issue.parent = optional(value, |v| self.linked_parent(issue, field, v))?;
            }
            Slot::Sprint => self.sprint(issue, value)?,
            Slot::Custom | Slot::Flagged | Slot::EpicName => {
                let custom = optional(value, |v| self.custom(issue, field, v))?;
                let custom = custom.filter(|c| !blank(c));
                issue.set_custom(field.number, custom);
            }
            _ => return Err(super::not_on_screen(&field.id)),
        }
        Ok(())
    }

    /// One operation of `update`.
    pub(super) fn update(
        &self,
        issue: &mut Issue,
        field: &Field,
        operation: &str,
        value: &Value,
    ) -> Read<()> {
        if operation == "set" {
            if field.slot == Slot::Parent && value.get("none") == Some(&Value::Bool(true)) {
                if self.data.kind_of(issue) == Kind::Subtask {
                    return Err("A sub-task must have a parent.".to_owned());
                }
                issue.parent = None;
                return Ok(());
            }
            return self.set(issue, field, value);
        }
        if operation != "add" && operation != "remove" || field.schema_type != "array" {
            return Err(format!(
                "Field '{}' does not support operation '{operation}'.",
                field.id
            ));
        }
        let add = operation == "add";
        let one = |list: &mut Vec<u32>, id: u32| {
            list.retain(|x| *x != id);
            if add {
                list.push(id);
            }
        };
        match field.slot {
            Slot::Labels => {
                let label = label(value)?;
                issue.labels.retain(|l| *l != label);
                if add {
                    issue.labels.push(label);
                    issue.labels.sort();
                }
            }
            Slot::Components => {
                let id = self.component(issue, value)?;
                one(&mut issue.components, id);
            }
            Slot::FixVersions | Slot::Versions => {
                let id = self.version(issue, value)?;
                one(
                    if field.slot == Slot::FixVersions {
                        &mut issue.fix_versions
                    } else {
                        &mut issue.affects
                    },
                    id,
                );
            }
            _ => self.update_custom(issue, field, add, value)?,
        }
        Ok(())
    }

    fn update_custom(
        &self,
        issue: &mut Issue,
        field: &Field,
        add: bool,
        value: &Value,
    ) -> Read<()> {
        let wrapped = self.custom(issue, field, &Value::Array(vec![value.clone()]))?;
        let merge = |old: &[u32], new: &[u32]| -> Vec<u32> {
            let mut list: Vec<u32> = old.iter().copied().filter(|x| !new.contains(x)).collect();
            if add {
                list.extend(new);
            }
            list
        };
        let merged = match (issue.custom(field.number), wrapped) {
            (Some(Custom::Options(old)), Custom::Options(new)) => Custom::Options(merge(old, &new)),
            (Some(Custom::Users(old)), Custom::Users(new)) => Custom::Users(merge(old, &new)),
            (Some(Custom::Groups(old)), Custom::Groups(new)) => Custom::Groups(merge(old, &new)),
            (Some(Custom::Versions(old)), Custom::Versions(new)) => {
                Custom::Versions(merge(old, &new))
            }
            (Some(Custom::Labels(old)), Custom::Labels(new)) => {
                let mut list: Vec<Box<str>> =
                    old.iter().filter(|l| !new.contains(l)).cloned().collect();
                if add {
                    list.extend(new);
                }
                Custom::Labels(list)
            }
            (None, new) if add => new,
            (old, _) => match old {
                Some(old) => old.clone(),
                None => return Ok(()),
            },
        };
        issue.set_custom(field.number, Some(merged).filter(|c| !blank(c)));
        Ok(())
    }

    pub(super) fn rich(&self, value: &Value) -> Read<Option<Rich>> {
        let rich = match value {
            Value::Null => return Ok(None),
            Value::Object(map)
                if self.api == 3
                    && map.get("type").is_some_and(|t| t == "doc")
                    && map.get("content").is_some_and(Value::is_array) =>
            {
                Rich::Adf(value.to_string().into())
            }
            Value::String(text) if self.api == 2 => {
                if text.is_empty() {
                    return Ok(None);
                }
                Rich::Wiki(text.as_str().into())
            }
            _ if self.api == 3 => return Err(
                "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
                    .to_owned(),
            ),
            _ => return Err("Operation value must be a string".to_owned()),
        };
        let length = match &rich {
            Rich::Adf(_) => crate::document::convert::adf_to_wiki(value).chars().count(),
            Rich::Wiki(text) => text.chars().count(),
            Rich::Generated(_) => 0,
        };
        if length > RICH_MAX {
            return Err(format!(
                "The entered text is too long. It exceeds the allowed limit of {RICH_MAX} characters."
            ));
        }
        Ok(Some(rich))
    }

    fn kind(&self, issue: &Issue, value: &Value) -> Read<u32> {
        let project = self
            .data
            .project(issue.project)
            .ok_or("The project does not exist.")?;
        let named = |t: &&crate::state::IssueType| {
            value
                .get("id")
                .is_some_and(|id| text_of(id) == t.id.to_string())
                || value.get("name").is_some_and(|n| n == t.name)
        };
        let found = project
            .types
            .iter()
            .filter_map(|id| self.data.kind(*id))
            .find(named);
        found
            .map(|t| t.id)
            .ok_or_else(|| "Specify a valid issue type".to_owned())
    }

    fn priority(&self, issue: &Issue, value: &Value) -> Read<Option<u32>> {
        optional(value, |value| {
            let allowed = self
                .data
                .project(issue.project)
                .map_or(&[][..], |p| p.priorities.as_slice());
            let named = |p: &&crate::state::Priority| {
                value
                    .get("id")
                    .is_some_and(|id| text_of(id) == p.id.to_string())
                    || value.get("name").is_some_and(|n| n == p.name)
            };
            let found = self
                .data
                .priorities
                .iter()
                .find(named)
                .map(|p| p.id)
                .filter(|id| allowed.contains(id));
            found.ok_or_else(|| "The priority selected is invalid.".to_owned())
        })
    }

    fn resolution(&self, value: &Value) -> Read<Option<u32>> {
        optional(value, |value| {
            let named = |r: &&crate::state::Resolution| {
                value
                    .get("id")
                    .is_some_and(|id| text_of(id) == r.id.to_string())
                    || value.get("name").is_some_and(|n| n == r.name)
            };
            self.data
                .resolutions
                .iter()
                .find(named)
                .map(|r| r.id)
                .ok_or_else(|| "Specify a valid value for resolution".to_owned())
        })
    }

    pub(super) fn user(&self, value: &Value) -> Read<Option<UserIx>> {
        let name = if self.face == Face::Cloud {
            "accountId"
        } else {
            "name"
        };
        let Some(wanted) = value.get(name) else {
            return if value.is_null() {
                Ok(None)
            } else {
                Err(format!("expected an object containing a '{name}' property"))
            };
        };
        // "-1" asks for the project's usual assignee, which is nobody here.
        let Some(wanted) = wanted.as_str().filter(|w| *w != "-1" && !w.is_empty()) else {
            return Ok(None);
        };
        let same = |u: &crate::state::User| {
            if self.face == Face::Cloud {
                u.account_id == wanted
            } else {
                u.name == wanted
            }
        };
        match self.data.users.iter().position(same) {
            Some(ix) => Ok(Some(ix as UserIx)),
            None => Err(format!("User '{wanted}' does not exist.")),
        }
    }

    pub(super) fn active(&self, user: UserIx) -> Read<UserIx> {
        let person = &self.data.users[user as usize];
        if person.active {
            Ok(user)
        } else {
            Err(format!(
                "User '{}' cannot be assigned issues.",
                person.display
            ))
        }
    }

    fn component(&self, issue: &Issue, value: &Value) -> Read<u32> {
        let project = self
            .data
            .project(issue.project)
            .ok_or("The project does not exist.")?;
        let found = project
            .components
            .iter()
            .find(|c| names(value, c.id, &c.name))
            .map(|c| c.id);
        found.ok_or_else(|| format!("Component with {value} is not valid"))
    }

    fn version(&self, issue: &Issue, value: &Value) -> Read<u32> {
        let project = self
            .data
            .project(issue.project)
            .ok_or("The project does not exist.")?;
        let found = project
            .versions
            .iter()
            .find(|v| names(value, v.id, &v.name))
            .map(|v| v.id);
        found.ok_or_else(|| format!("Version with {value} is not valid"))
    }

    fn each(&self, value: &Value, read: impl Fn(&Value) -> Read<u32>) -> Read<Vec<u32>> {
        match value {
            Value::Null => Ok(Vec::new()),
            Value::Array(list) => list.iter().map(read).collect(),
            _ => Err("data was not an array".to_owned()),
        }
    }

    /// Data Center names what stands above an issue by key: an epic in the Epic Link of what stands below epics, anything
    /// else in the Parent Link.
    fn linked_parent(&self, issue: &Issue, field: &Field, value: &Value) -> Read<u64> {
        let key = value.as_str().ok_or("data was not a string")?;
        let key = key.trim_start_matches("key:");
        let found = self.data.find_issue_id(key);
        let found = found.and_then(|id| self.data.issues.get(&id).map(|parent| (id, parent)));
        let (id, parent) = found.ok_or_else(|| format!("Issue '{key}' does not exist."))?;
        let own = self.data.kind_of(issue).level();
        let above = self.data.kind_of(parent).level();
        match field.slot {
            Slot::EpicLink if above != 1 => Err(format!("Issue '{key}' is not an Epic.")),
            Slot::EpicLink if own != 0 => {
                Err("The Epic Link of this issue cannot be set.".to_owned())
            }
            Slot::ParentLink if above <= own.max(1) => {
                Err("The parent must stand on a higher level of the hierarchy.".to_owned())
            }
            _ => Ok(id),
        }
    }

    fn parent(&self, issue: &Issue, value: &Value) -> Read<u64> {
        let key = value
            .get("id")
            .or_else(|| value.get("key"))
            .map(text_of)
            .ok_or("data was not an object")?;
        let parent = self
            .data
            .find_issue_id(&key)
            .ok_or("Could not find issue by id or key.")?;
        let level = |id: u64| {
            self.data
                .issues
                .get(&id)
                .map_or(0, |i| self.data.kind_of(i).level())
        };
        let own = self.data.kind_of(issue).level();
        if level(parent) != own + 1 {
            return Err("Please select a valid parent issue: the given parent does not stand one level above.".to_owned());
        }
        Ok(parent)
    }

    fn sprint(&self, issue: &mut Issue, value: &Value) -> Read<()> {
        let closed = |id: &u32| {
            self.data
                .sprint(*id)
                .is_some_and(|s| s.state == SprintState::Closed)
        };
        if value.is_null() {
            issue.sprints.retain(closed);
            return Ok(());
        }
        // Written as a bare number on both products.
        let id = value
            .as_u64()
            .or_else(|| value.as_str().and_then(|t| t.parse().ok()))
            .ok_or("Number value expected as the Sprint id.")?;
        let sprint = u32::try_from(id)
            .ok()
            .and_then(|id| self.data.sprint(id))
            .ok_or_else(|| format!("Sprint with id '{id}' does not exist."))?;
        if sprint.state == SprintState::Closed {
            return Err("Issues can be moved to active and future sprints only.".to_owned());
        }
        issue.sprints.retain(closed);
        issue.sprints.push(sprint.id);
        Ok(())
    }

    fn custom(&self, issue: &Issue, field: &Field, value: &Value) -> Read<Custom> {
        let option = |v: &Value| -> Read<u32> {
            let found = field
                .options
                .iter()
                .find(|o| !o.disabled && named_option(v, o.id, o.value))
                .map(|o| o.id);
            found.ok_or_else(|| {
                format!(
                    "Option id '{}' is not valid",
                    v.get("id")
                        .or_else(|| v.get("value"))
                        .map_or_else(|| "null".to_owned(), text_of)
                )
            })
        };
        let group = |v: &Value| -> Read<u32> {
            let found = self.data.groups.iter().position(|g| {
                v.get("name").is_some_and(|n| n == g.name)
                    || v.get("groupId").is_some_and(|i| *i == g.id)
            });
            found
                .map(|ix| ix as u32)
                .ok_or_else(|| "The group does not exist.".to_owned())
        };
        let user = |v: &Value| {
            self.user(v)?
                .ok_or_else(|| "The user does not exist.".to_owned())
        };
        Ok(match field.shape {
            Shape::Text => {
                let text = value.as_str().ok_or("Operation value must be a string")?;
                if text.chars().count() > 255 {
                    return Err("The entered text is too long. It exceeds the allowed limit of 255 characters.".to_owned());
                }
                Custom::Text(text.into())
            }
            Shape::RichText => Custom::Rich(
                self.rich(value)?
                    .ok_or("Operation value must not be empty")?,
            ),
            Shape::Number => {
                Custom::Number(value.as_f64().ok_or("Operation value must be a number")?)
            }
            Shape::Date => Custom::Date(
                value
                    .as_str()
                    .and_then(parse_date)
                    .ok_or("Error parsing date string; enter the date as yyyy-MM-dd.")?,
            ),
            Shape::DateTime => Custom::DateTime(
                value
                    .as_str()
                    .and_then(parse_jira_time)
                    .ok_or("Error parsing time; enter it as yyyy-MM-dd'T'HH:mm:ss.SSSZ.")?,
            ),
            Shape::Option => Custom::Option(option(value)?),
            Shape::Options => Custom::Options(self.each(value, option)?),
            Shape::Cascade => {
                let parent = option(value)?;
                let children = field
                    .option(parent)
                    .map_or(&[][..], |o| o.children.as_slice());
                let child = match value.get("child").filter(|c| !c.is_null()) {
                    None => None,
                    Some(child) => Some(
                        children
                            .iter()
                            .find(|(id, name)| named_option(child, *id, name))
                            .map(|(id, _)| *id)
                            .ok_or("The child option is not valid")?,
                    ),
                };
                Custom::Cascade(parent, child)
            }
            Shape::User => Custom::User(user(value)?),
            Shape::Users => Custom::Users(self.each(value, user)?),
            Shape::Group => Custom::Group(group(value)?),
            Shape::Groups => Custom::Groups(self.each(value, group)?),
            Shape::Labels => Custom::Labels(labels(value)?),
            Shape::Version => Custom::Version(self.version(issue, value)?),
            Shape::Versions => Custom::Versions(self.each(value, |v| self.version(issue, v))?),
            Shape::Project => Custom::Project(
                value
                    .get("id")
                    .or_else(|| value.get("key"))
                    .map(text_of)
                    .and_then(|k| self.data.find_project(&k))
                    .map(|p| p.id)
                    .ok_or("The project does not exist.")?,
            ),
            // The id as a plain string, not an object.
            Shape::Team => {
                let id = value
                    .as_str()
                    .map(str::to_owned)
                    .or_else(|| {
                        value
                            .as_u64()
                            .filter(|_| self.face == Face::DataCenter)
                            .map(|n| n.to_string())
                    })
                    .ok_or("The team id must be a string.")?;
                Custom::Team(
                    self.data
                        .teams
                        .iter()
                        .position(|t| t.id == id)
                        .ok_or("The team does not exist.")? as u32,
                )
            }
            Shape::System | Shape::Opaque => return Err(super::not_on_screen(&field.id)),
        })
    }

    /// The fields that must be given to create an issue of this kind.
    pub(super) fn missing(&self, issue: &Issue, given: &[String]) -> Vec<(String, String)> {
        let kind = self.data.kind_of(issue);
        let mut list = Vec::new();
        for field in self.data.fields.iter().filter(|f| {
            f.required.contains(&kind) && f.in_project(issue.project) && !given.contains(&f.id)
        }) {
            match field.slot {
                Slot::Summary => list.push((
                    field.id.clone(),
                    "You must specify a summary of the issue.".to_owned(),
                )),
                Slot::Reporter | Slot::Project | Slot::IssueType => {}
                Slot::Parent if kind == Kind::Subtask => list.push((
                    field.id.clone(),
                    "Issue type is a sub-task but parent issue key or id not specified.".to_owned(),
                )),
                _ => list.push((field.id.clone(), format!("{} is required.", field.name))),
            }
        }
        list
    }
}

fn optional<T>(value: &Value, read: impl FnOnce(&Value) -> Read<T>) -> Read<Option<T>> {
    if value.is_null() {
        Ok(None)
    } else {
        read(value).map(Some)
    }
}

/// A string, or a number where a string is meant.
pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn names(value: &Value, id: u32, name: &str) -> bool {
    value
        .get("id")
        .is_some_and(|v| text_of(v) == id.to_string())
        || value.get("id").is_none() && value.get("name").is_some_and(|v| v == name)
}

fn named_option(value: &Value, id: u32, name: &str) -> bool {
    value
        .get("id")
        .is_some_and(|v| text_of(v) == id.to_string())
        || value.get("id").is_none() && value.get("value").is_some_and(|v| v == name)
}

fn blank(value: &Custom) -> bool {
    match value {
        Custom::Text(text) => text.is_empty(),
        Custom::Options(list)
        | Custom::Users(list)
        | Custom::Groups(list)
        | Custom::Versions(list) => list.is_empty(),
        Custom::Labels(list) => list.is_empty(),
        _ => false,
    }
}

fn summary(value: &Value) -> Read<String> {
    let text = value.as_str().ok_or("Operation value must be a string")?;
    if text.trim().is_empty() {
        return Err("You must specify a summary of the issue.".to_owned());
    }
    if text.contains(['\n', '\r']) {
        return Err("The summary is invalid because it contains newline characters.".to_owned());
    }
    if text.chars().count() > 255 {
        return Err("Summary can't exceed 255 characters.".to_owned());
    }
    Ok(text.trim().to_owned())
}

fn label(value: &Value) -> Read<Box<str>> {
    let text = value.as_str().ok_or("data was not a string")?;
    if text.contains(char::is_whitespace) {
        return Err(format!(
            "The label '{text}' contains spaces which is invalid."
        ));
    }
    if text.chars().count() > 255 {
        return Err(format!(
            "The label '{text}' exceeds the maximum length for a single label (255 characters)."
        ));
    }
    Ok(text.into())
}

fn labels(value: &Value) -> Read<Vec<Box<str>>> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(list) => {
            let mut labels = list.iter().map(label).collect::<Read<Vec<_>>>()?;
            labels.sort();
            labels.dedup();
            Ok(labels)
        }
        _ => Err("data was not an array".to_owned()),
    }
}

/// `1w 2d 3h 30m` in working time: eight hours a day, five days a week.
fn duration(text: &str) -> Read<u32> {
    let wrong = || "Original Estimate is invalid; use the format 1w 2d 3h 30m.".to_owned();
    let mut total = 0_u32;
    for part in text.split_whitespace() {
        let unit = part.chars().last().ok_or_else(wrong)?;
        let digits = part.trim_end_matches(char::is_alphabetic);
        let number: u32 = digits.parse().map_err(|_| wrong())?;
        let scale = match unit {
            'w' => 5 * 8 * 3600,
            'd' => 8 * 3600,
            'h' => 3600,
            'm' => 60,
            digit if digit.is_ascii_digit() => 60,
            _ => return Err(wrong()),
        };
        total = number
            .checked_mul(scale)
            .and_then(|s| total.checked_add(s))
            .ok_or_else(wrong)?;
    }
    Ok(total)
}
