//! What Jira says, cut down to what is used. Fields that are not named here are passed over.

use crate::site::SiteKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A site, as `serverInfo` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteInfo {
    /// Kind of Jira.
    pub kind: SiteKind,
    /// Address for people.
    pub display_url: Option<String>,
    /// Version, for example `10.3.24`.
    pub version: Option<String>,
    /// The three numbers of the version; empty on Cloud, whose numbers mean nothing.
    pub version_numbers: Vec<u32>,
    /// The site's own title.
    pub title: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerInfo {
    pub deployment_type: Option<String>,
    pub version: Option<String>,
    #[serde(default)]
    pub version_numbers: Vec<u32>,
    pub base_url: Option<String>,
    pub display_url: Option<String>,
    pub server_title: Option<String>,
}

/// Who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id that never changes: account id on Cloud, user key on Data Center.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Time zone in which JQL reads dates.
    pub time_zone: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Myself {
    pub account_id: Option<String>,
    pub key: Option<String>,
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub time_zone: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "RawUser")]
pub struct User {
    /// The id that never changes: account id on Cloud, user key on Data Center. Empty for somebody
    /// anonymised.
    pub id: String,
    /// Name to sign in with, on Data Center only; it can be changed.
    pub login: Option<String>,
    /// Name to show.
    pub name: String,
    /// E-mail address; not told of most people on Cloud.
    pub email: Option<String>,
    /// Whether the account is in use.
    pub active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUser {
    account_id: Option<String>,
    key: Option<String>,
    name: Option<String>,
    display_name: Option<String>,
    email_address: Option<String>,
    active: Option<bool>,
}

impl From<RawUser> for User {
    fn from(raw: RawUser) -> Self {
        let told = |text: Option<String>| text.filter(|text| !text.is_empty());
        let login = told(raw.name);
        let id = told(raw.account_id).or(told(raw.key)).or(login.clone());
        let id = id.unwrap_or_default();
        Self {
            name: told(raw.display_name)
                .or(login.clone())
                .unwrap_or_else(|| id.clone()),
            id,
            login,
            email: told(raw.email_address),
            active: raw.active.unwrap_or(true),
        }
    }
}

/// A permission and whether we have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Key, for example `CREATE_ISSUES`.
    pub key: String,
    /// Whether we have it.
    pub have: bool,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Id, which never changes.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Whether its own team manages it, apart from the rest of the site.
    #[serde(default, rename = "simplified")]
    pub team_managed: bool,
}

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Board {
    /// Id.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Name.
    pub name: String,
    /// `scrum`, `kanban` or `simple`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What a board's configuration tells that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardConfiguration {
    /// The field that the board estimates with; none where it does not estimate by a field.
    pub estimation_field: Option<String>,
}

/// A type of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueType {
    /// Id.
    pub id: String,
    /// Name, possibly translated.
    pub name: String,
    /// Whether its issues are sub-tasks.
    pub subtask: bool,
    /// Level, where Jira tells it: -1 sub-task, 0 standard, 1 epic, 2 and more above. Cloud only.
    pub hierarchy_level: Option<i8>,
}

/// A field of the site, from `/field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// Id, for example `summary` or `customfield_10016`.
    pub id: String,
    /// Name, possibly translated, not unique.
    pub name: String,
    /// What its values are.
    pub schema: FieldSchema,
    /// The project that alone has it, on Cloud's team-managed projects.
    pub project: Option<String>,
}

/// What the values of a field are, in Jira's terms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct FieldSchema {
    /// For example `string`, `option`, `array`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What an array holds.
    #[serde(default)]
    pub items: Option<String>,
    /// Kind of a custom field, for example `com.pyxis.greenhopper.jira:gh-sprint`: the one reliable way to
    /// know what a custom field is.
    #[serde(default)]
    pub custom: Option<String>,
    /// Name of a system field.
    #[serde(default)]
    pub system: Option<String>,
}

/// A field on the create screen of a type.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateField {
    /// Field id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What its values are.
    pub schema: FieldSchema,
    /// Whether Jira demands it and fills nothing in by itself.
    pub required: bool,
    /// Values that may be chosen.
    pub allowed_values: Vec<Value>,
}

/// A status of a project's workflows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Id.
    pub id: String,
    /// Name, possibly translated.
    pub name: String,
    /// Category key: `new`, `indeterminate`, `done`, or `undefined`.
    pub category: String,
}

/// A priority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Id.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Name.
    pub name: String,
}

/// What Jira says of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JqlCheck {
    /// What Jira has against it, in its own words; empty if nothing.
    pub errors: Vec<String>,
    /// How many issues match, where the check tells (Data Center).
    pub count: Option<u64>,
}

/// How many issues match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The number.
    pub value: u64,
    /// Whether it is exact; Cloud estimates.
    pub exact: bool,
}

/// A moment as Jira writes it: `2026-11-23T10:00:00.000+0000`, without a colon in the offset.
#[must_use]
pub fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let cut = text.len().checked_sub(2)?;
    if !text.is_char_boundary(cut) {
        return None;
    }
    format!("{}:{}", &text[..cut], &text[cut..]).parse().ok()
}

/// Ids come as text or as numbers; they are text.
pub(crate) fn id_text<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom(
            "an id that is neither text nor number",
        )),
    }
}
