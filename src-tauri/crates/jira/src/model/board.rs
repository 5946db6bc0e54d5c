//! Boards and sprints (Agile 1.0).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::or_default;
use crate::dates;
use crate::ids::{BoardId, FieldId, SprintId, StatusId};

/// A board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Board {
    /// Its number.
    pub id: BoardId,
    /// Its name; empty for a private board of somebody else.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Its type.
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub board_type: BoardType,
}

/// What kind of board it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BoardType {
    /// With sprints.
    Scrum,
    /// Without sprints.
    Kanban,
    /// Of a team-managed project (Cloud); may or may not have sprints.
    Simple,
    /// Not told.
    #[default]
    Other,
}

impl<'de> Deserialize<'de> for BoardType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "scrum" => Self::Scrum,
            "kanban" => Self::Kanban,
            "simple" => Self::Simple,
            _ => Self::Other,
        })
    }
}

/// How a board is set up (`GET /board/{boardId}/configuration`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardConfiguration {
    /// The board.
    pub id: BoardId,
    /// Its name.
    pub name: String,
    /// The filter whose issues it shows.
    pub filter_id: Option<String>,
    /// Its columns from left to right. The last one with statuses means done.
    pub columns: Vec<BoardColumn>,
    /// What its estimates are; `None` on boards without estimates (Kanban).
    pub estimation: Option<Estimation>,
    /// The rank field's id.
    pub rank_field: Option<FieldId>,
}

/// A column of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardColumn {
    /// Its name.
    pub name: String,
    /// The statuses it shows; often several.
    pub statuses: Vec<StatusId>,
}

/// What the estimates of a board are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Estimation {
    /// None.
    Off,
    /// The number of issues.
    IssueCount,
    /// The value of a field: the story points, or `timeoriginalestimate`.
    Field {
        /// The field.
        field_id: FieldId,
        /// Its name, in the caller's language.
        name: String,
    },
}

impl<'de> Deserialize<'de> for BoardConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawConfiguration::deserialize(deserializer)?;
        let estimation = raw
            .estimation
            .map(|raw| match (raw.kind.as_str(), raw.field) {
                ("field", Some(field)) => Estimation::Field {
                    field_id: field.field_id,
                    name: field.display_name,
                },
                ("issueCount", _) => Estimation::IssueCount,
                _ => Estimation::Off,
            });
        let columns = raw.column_config.map(|config| config.columns);
        Ok(Self {
            id: raw.id,
            name: raw.name,
            filter_id: raw.filter.map(|filter| filter.id.to_string()),
            columns: (columns.unwrap_or_default().into_iter())
                .map(|column| BoardColumn {
                    name: column.name,
                    statuses: column.statuses.into_iter().map(|s| s.id).collect(),
                })
                .collect(),
            estimation,
            rank_field: raw
                .ranking
                .and_then(|ranking| ranking.rank_custom_field_id)
                .map(|id| FieldId::new(format!("customfield_{id}"))),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawConfiguration {
    id: BoardId,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    filter: Option<RawFilter>,
    column_config: Option<RawColumns>,
    estimation: Option<RawEstimation>,
    ranking: Option<RawRanking>,
}

#[derive(Deserialize)]
struct RawFilter {
    id: FieldId,
}

#[derive(Deserialize)]
struct RawColumns {
    #[serde(default)]
    columns: Vec<RawColumn>,
}

#[derive(Deserialize)]
struct RawColumn {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default)]
    statuses: Vec<RawStatus>,
}

#[derive(Deserialize)]
struct RawStatus {
    id: StatusId,
}

#[derive(Deserialize)]
struct RawEstimation {
    #[serde(rename = "type", default)]
    kind: String,
    field: Option<RawEstimationField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEstimationField {
    field_id: FieldId,
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRanking {
    rank_custom_field_id: Option<i64>,
}

/// A sprint, as boards and issues name it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sprint {
    /// Its number.
    pub id: SprintId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Where it stands.
    #[serde(default, deserialize_with = "or_default")]
    pub state: SprintState,
    /// When it began or is to begin.
    #[serde(default, deserialize_with = "dates::lenient")]
    pub start_date: Option<Timestamp>,
    /// When it is to end.
    #[serde(default, deserialize_with = "dates::lenient")]
    pub end_date: Option<Timestamp>,
    /// When it was closed.
    #[serde(default, deserialize_with = "dates::lenient")]
    pub complete_date: Option<Timestamp>,
    /// The board it was made on.
    #[serde(default, alias = "boardId")]
    pub origin_board_id: Option<BoardId>,
    /// Its goal.
    #[serde(default)]
    pub goal: Option<String>,
}

/// Where a sprint stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SprintState {
    /// Not begun.
    Future,
    /// Under way.
    Active,
    /// Over. An issue keeps its closed sprints beside the one it is in.
    Closed,
    /// Not told.
    #[default]
    Unknown,
}

impl SprintState {
    /// Reads the state as either product writes it (`active`, `ACTIVE`).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "future" => Self::Future,
            "active" => Self::Active,
            "closed" => Self::Closed,
            _ => Self::Unknown,
        }
    }
}

impl<'de> Deserialize<'de> for SprintState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}
