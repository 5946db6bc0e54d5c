//! The journal as it is looked through: page by page, the newest first.

use super::{COLUMNS, Entry, Origin, entry};
use crate::code::Code as _;
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{IntegrationId, JournalSeq, RunId};
use crate::sql::Read;
use crate::table::item_value::key_text;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use workspace::{FieldKey, ItemId};

/// Which entries to show; what is not asked for does not matter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalFilter {
    /// Of this item.
    pub item: Option<ItemId>,
    /// Of items that are or were linked through this integration.
    pub integration: Option<IntegrationId>,
    /// Of this run.
    pub run: Option<RunId>,
    /// From there.
    pub origin: Option<Origin>,
    /// Of this field.
    pub field: Option<FieldKey>,
    /// Of items of which the title or the key of an issue has these words, whatever their case and accents; or made by
    /// somebody at the remote whose name has them.
    pub search: Option<String>,
}

/// Entries that a filter lets through, the newest first, from the first before `before`.
///
/// # Errors
/// What the database meets.
pub fn page(
    read: &Read<'_>,
    filter: &JournalFilter,
    before: Option<JournalSeq>,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut wheres = vec!["journal_seq < ?".to_owned()];
    let mut params = vec![Sql::Integer(before.map_or(i64::MAX, |seq| seq.0))];
    let mut ask = |condition: &str, value: Option<Sql>| {
        if let Some(value) = value {
            wheres.push(condition.to_owned());
            params.push(value);
        }
    };
    ask("item_id = ?", filter.item.map(|id| Sql::Integer(id.0)));
    ask("run_id = ?", filter.run.map(|id| Sql::Integer(id.0)));
    ask(
        "origin = ?",
        filter.origin.map(|it| Sql::Text(it.code().to_owned())),
    );
    ask(
        "field_key = ?",
        filter.field.map(|it| Sql::Text(key_text(it).into_owned())),
    );
    ask(
        "item_id IN (SELECT item_id FROM link WHERE integration_id = ?)",
        filter.integration.map(|id| Sql::Integer(id.0)),
    );
    let words = filter.search.as_deref().map(fold);
    let words = words.filter(|words| !words.trim().is_empty());
    if let Some(words) = words {
        wheres.push(
            "(item_id IN (SELECT item_id FROM item WHERE instr(title_key || ' ' || lower(key_text), ?) > 0)
             OR instr(author_key, ?) > 0)"
                .to_owned(),
        );
        let words = Sql::Text(words.trim().to_owned());
        params.extend([words.clone(), words]);
    }
    params.push(Sql::Integer(limit.into()));
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM journal_entry WHERE {} ORDER BY journal_seq DESC LIMIT ?",
            wheres.join(" AND ")
        ),
        params_from_iter(params),
        entry,
    )
}
