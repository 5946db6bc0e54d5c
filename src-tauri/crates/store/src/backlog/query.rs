//! What a backlog is asked for, and the SQL that finds the items that match.

use crate::error::StoreError;
use crate::fold::fold;
use crate::id::IntegrationId;
use crate::sql::{Read, json_numbers, json_texts};
use crate::table::area;
use rusqlite::types::Value as Sql;
use std::collections::BTreeSet;
use workspace::{AreaId, ItemId, ItemTypeId, LevelId, OptionId};

/// What to show. An empty filter lets everything through; filters of different kinds must all agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BacklogQuery {
    /// Words that must all occur in the title or in the key of a linked issue; case and accents make no
    /// difference.
    pub search: Option<String>,
    /// Levels.
    pub levels: Vec<LevelId>,
    /// Types.
    pub types: Vec<ItemTypeId>,
    /// Statuses.
    pub statuses: Vec<OptionId>,
    /// Raw statuses in the remote.
    pub dev_statuses: Vec<String>,
    /// Areas, with all that lie in them.
    pub areas: Vec<AreaId>,
    /// Items linked through an integration.
    pub integration: Option<IntegrationId>,
    /// Order among siblings.
    pub sort: Sort,
    /// Which items show their parts.
    pub expansion: Expansion,
}

/// An order among siblings. Items that have nothing in the column come last; equals stand by rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// From the greatest down.
    pub descending: bool,
}

/// What a backlog can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Column {
    /// The order that people gave it.
    #[default]
    Rank,
    /// Title.
    Title,
    /// Key of the linked issue: project, then number.
    Key,
    /// Type, in the order of levels and types.
    Type,
    /// Status, in the order of the workflow.
    Status,
    /// Importance, in the order of its choices.
    Importance,
    /// Raw status in the remote.
    DevStatus,
    /// Name of who answers for it.
    Assignee,
    /// Name of who builds it.
    DevAssignee,
    /// Story points.
    Points,
    /// Name of the area.
    Area,
    /// When it was made here.
    Created,
    /// When it last changed here.
    Updated,
}

/// Which items show their parts, with a filter and without. Whoever begins to filter and wants to see what
/// is let through asks for [`Expansion::AllExcept`] nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expansion {
    /// All but these.
    AllExcept(BTreeSet<ItemId>),
    /// None but these.
    NoneExcept(BTreeSet<ItemId>),
}

impl Default for Expansion {
    fn default() -> Self {
        Self::AllExcept(BTreeSet::new())
    }
}

/// Part of a WHERE clause with its parameters.
pub(super) struct Condition {
    pub(super) sql: String,
    pub(super) params: Vec<Sql>,
}

impl BacklogQuery {
    /// What an item has to be to match; none if all do.
    pub(super) fn condition(&self, read: &Read<'_>) -> Result<Option<Condition>, StoreError> {
        let mut terms: Vec<&str> = Vec::new();
        let mut params = Vec::new();
        for word in fold(self.search.as_deref().unwrap_or_default()).split_whitespace() {
            terms.push("(instr(title_key, ?) > 0 OR instr(lower(key_text), ?) > 0)");
            params.push(Sql::from(word.to_owned()));
            params.push(Sql::from(word.to_owned()));
        }
        if !self.dev_statuses.is_empty() {
            terms.push("dev_status IN (SELECT value FROM json_each(?))");
            params.push(Sql::from(json_texts(&self.dev_statuses)));
        }
        let mut among = |term, numbers: Vec<i64>| {
            if !numbers.is_empty() {
                terms.push(term);
                params.push(Sql::from(json_numbers(numbers)));
            }
        };
        among(
            "item_type_id IN (SELECT item_type_id FROM item_type
             WHERE level_id IN (SELECT value FROM json_each(?)))",
            self.levels.iter().map(|id| id.0).collect(),
        );
        among(
            "item_type_id IN (SELECT value FROM json_each(?))",
            self.types.iter().map(|id| id.0).collect(),
        );
        among(
            "status_option IN (SELECT value FROM json_each(?))",
            self.statuses.iter().map(|id| id.0).collect(),
        );
        let mut areas = BTreeSet::new();
        for &id in &self.areas {
            areas.extend(area::with_descendants(read, id)?);
        }
        among(
            "area_id IN (SELECT value FROM json_each(?))",
            areas.into_iter().map(|id| id.0).collect(),
        );
        if let Some(integration) = self.integration {
            terms.push(
                "item_id IN (SELECT item_id FROM link
                 WHERE integration_id = ? AND severed_reason = '')",
            );
            params.push(Sql::from(integration.0));
        }
        Ok((!terms.is_empty()).then(|| Condition {
            sql: terms.join(" AND "),
            params,
        }))
    }
}
