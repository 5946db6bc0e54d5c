//! Activity.

use super::backlog::{self, Names};
use crate::app::App;
use crate::convert::{self, field_key, moment};
use crate::dto::{
    ActivityArgs, ActivityChange, ActivityPage, ChangeCause, ChangeKind, ChangeOrigin, FieldValue,
    ItemRef, RunArgs, TakenBack,
};
use crate::error::ErrorDto;
use engine::{Activity, EngineError};
use std::collections::BTreeMap;
use store::journal::{Change, Entry, JournalFilter, Origin};
use store::run::RunKind;
use store::{IntegrationId, JournalSeq, RunId};
use workspace::{ItemId, ItemTypeId};

/// Changes given at once.
const PAGE_MAX: u32 = 500;

impl App {
    /// A page of what changed, the newest first.
    ///
    /// # Errors
    /// `bad_request` for a field that is none.
    pub async fn activity(&self, args: ActivityArgs) -> Result<ActivityPage, ErrorDto> {
        let filter = JournalFilter {
            item: args.item_id.map(ItemId),
            integration: args.integration_id.map(IntegrationId),
            run: args.run_id.map(RunId),
            origin: args.origin.map(|origin| match origin {
                ChangeOrigin::Jira => Origin::Run,
                ChangeOrigin::Here => Origin::Here,
                ChangeOrigin::Sent => Origin::Sent,
            }),
            field: args.field.as_deref().map(field_key).transpose()?,
            search: args.search,
        };
        let limit = args.limit.clamp(1, PAGE_MAX);
        let found = self
            .engine
            .activity(filter, args.before.map(JournalSeq), limit)
            .await?;
        let names = self.names().await?;
        let items = self.named_items(&found, &names).await?;
        let types = self
            .engine
            .store()
            .read(store::item_type::list)
            .await
            .map_err(EngineError::from)?
            .into_iter()
            .map(|kind| (kind.id, kind.singular))
            .collect();
        let changes = found.entries.iter();
        Ok(ActivityPage {
            changes: changes
                .map(|entry| change(entry, &found, &names, &items, &types))
                .collect(),
            next: found.next.map(|seq| seq.0),
        })
    }

    /// The items that values of changes name, also those that were deleted since.
    async fn named_items(
        &self,
        found: &Activity,
        names: &Names,
    ) -> Result<BTreeMap<ItemId, ItemRef>, ErrorDto> {
        let values = found.entries.iter().flat_map(|entry| match &entry.change {
            Change::Field { before, after, .. } => vec![before, after],
            _ => Vec::new(),
        });
        let ids = backlog::named(values);
        let gone: Vec<ItemRef> = (ids.iter())
            .filter_map(|id| {
                let gone = found.gone.get(id)?;
                Some(ItemRef {
                    id: id.0,
                    title: gone.title.clone(),
                    item_type: gone.item_type.0,
                    key: None,
                    status: None,
                })
            })
            .collect();
        let mut items = self.item_refs(ids, names).await?;
        items.extend(gone.into_iter().map(|item| (ItemId(item.id), item)));
        Ok(items)
    }

    /// Takes back what a cycle brought in from Jira.
    ///
    /// # Errors
    /// `not_found`, `run_state`.
    pub async fn sync_undo(&self, args: RunArgs) -> Result<TakenBack, ErrorDto> {
        let taken = self.engine.take_back_cycle(RunId(args.run_id)).await?;
        Ok(TakenBack {
            undone: convert::count(taken.undone),
            kept: convert::count(taken.kept),
        })
    }
}

/// Whether what a field held before can stand in it again: what had no counterpart here is told in words.
fn can_stand(change: &Change, names: &Names) -> bool {
    let Change::Field { field, before, .. } = change else {
        return true;
    };
    let known = names.fields.iter().find(|known| known.key == *field);
    known.is_none_or(|known| engine::is_of_kind(known.kind, before))
}

fn change(
    entry: &Entry,
    found: &Activity,
    names: &Names,
    items: &BTreeMap<ItemId, ItemRef>,
    types: &BTreeMap<ItemTypeId, String>,
) -> ActivityChange {
    let words = |text: Option<&String>| FieldValue::Text {
        text: text.cloned().unwrap_or_default(),
    };
    let parent = |id: Option<ItemId>| match id {
        Some(id) => words(found.titles.get(&id).or_else(|| {
            let gone = found.gone.get(&id)?;
            Some(&gone.title)
        })),
        None => FieldValue::None,
    };
    let bare = |kind| (kind, None, FieldValue::None, FieldValue::None);
    let (kind, field, before, after) = match &entry.change {
        Change::Created => bare(ChangeKind::Created),
        Change::Field {
            field,
            before,
            after,
            ..
        } => {
            let name = names.fields.iter().find(|known| known.key == *field);
            let kind = if before == after {
                ChangeKind::Decided
            } else {
                ChangeKind::Field
            };
            (
                kind,
                Some(name.map_or_else(|| field.to_string(), |field| field.name.clone())),
                backlog::value(before, names, items),
                backlog::value(after, names, items),
            )
        }
        Change::Parent { before, after, .. } => {
            (ChangeKind::Parent, None, parent(*before), parent(*after))
        }
        Change::Deleted => bare(ChangeKind::Deleted),
        Change::Restored => bare(ChangeKind::Restored),
        Change::Severed { key, .. } => (
            ChangeKind::Severed,
            None,
            words(Some(key)),
            FieldValue::None,
        ),
        Change::Relinked { key } => (
            ChangeKind::Relinked,
            None,
            FieldValue::None,
            words(Some(key)),
        ),
        Change::Type { before, after, .. } => (
            ChangeKind::Type,
            None,
            words(types.get(before)),
            words(types.get(after)),
        ),
    };
    let run = entry.run.and_then(|run| found.runs.get(&run));
    ActivityChange {
        id: entry.seq.0,
        at: moment(entry.at),
        item_id: entry.item.0,
        title: found.titles.get(&entry.item).cloned(),
        key: found
            .links
            .get(&entry.item)
            .map(|link| link.seen.key.clone()),
        origin: match entry.origin {
            Origin::Run => ChangeOrigin::Jira,
            Origin::Here => ChangeOrigin::Here,
            Origin::Sent => ChangeOrigin::Sent,
        },
        author: entry.author.clone(),
        cause: match (entry.origin, run.map(|run| run.kind)) {
            (Origin::Run, Some(RunKind::Import)) => ChangeCause::Import,
            (Origin::Run | Origin::Sent, _) => ChangeCause::Sync,
            (Origin::Here, _) => ChangeCause::Edit,
        },
        run_id: entry.run.map(|run| run.0),
        undoable: matches!(kind, ChangeKind::Field | ChangeKind::Parent)
            && found.titles.contains_key(&entry.item)
            && can_stand(&entry.change, names),
        kind,
        field,
        before,
        after,
    }
}
