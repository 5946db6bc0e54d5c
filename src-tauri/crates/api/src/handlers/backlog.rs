//! The backlog.

use super::rich;
use crate::app::App;
use crate::convert::{self, moment};
use crate::dto::{
    Area, BacklogIdsArgs, BacklogQuery, BacklogRow, BacklogRows, BacklogRowsArgs, BacklogView,
    Facet, Facets, FieldOption, FieldValue, IdArgs, Ids, ItemDetail, ItemField, ItemLink, ItemRef,
    ItemReference, Items, ItemsArgs, LevelFacet, MoveArgs, Moved, NewAreaArgs, Nothing, RenameArgs,
    SortColumn, TextFacet,
};
use crate::error::ErrorDto;
use crate::reasons;
use engine::{EngineError, ItemView, WindowRow};
use std::collections::{BTreeMap, BTreeSet};
use store::backlog::{self, Column, Expansion, Sort};
use store::link::LinkState;
use workspace::value::Relation;
use workspace::{
    AreaId, Field, FieldKey, ItemId, ItemTypeId, LevelId, OptionId, PersonId, SystemField, Value,
};

/// What items are shown with: names of everything that they refer to.
pub(super) struct Names {
    pub(super) fields: Vec<Field>,
    pub(super) options: BTreeMap<OptionId, FieldOption>,
    pub(super) people: BTreeMap<PersonId, String>,
    integrations: BTreeMap<i64, Origin>,
}

/// An integration, as an item's link shows it.
struct Origin {
    name: String,
    display_url: String,
    mapped: BTreeMap<FieldKey, String>,
}

impl App {
    /// Product areas.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn areas(&self, _: Nothing) -> Result<Vec<Area>, ErrorDto> {
        let areas = self.engine.areas().await?;
        Ok(areas
            .into_iter()
            .map(|(found, items)| area(found, items))
            .collect())
    }

    /// Makes a product area.
    ///
    /// # Errors
    /// `name_taken`, `name_invalid`, `not_found`.
    pub async fn area_create(&self, args: NewAreaArgs) -> Result<Area, ErrorDto> {
        Ok(area(
            self.engine
                .create_area(args.parent_id.map(AreaId), &args.name)
                .await?,
            0,
        ))
    }

    /// Renames a product area.
    ///
    /// # Errors
    /// `name_taken`, `name_invalid`, `not_found`.
    pub async fn area_rename(&self, args: RenameArgs) -> Result<Area, ErrorDto> {
        self.engine.rename_area(AreaId(args.id), &args.name).await?;
        let all = self.areas(Nothing {}).await?;
        all.into_iter()
            .find(|area| area.id == args.id)
            .ok_or_else(|| ErrorDto::from(EngineError::NotFound("product area")))
    }

    /// What the backlog can be filtered by.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn facets(&self, _: Nothing) -> Result<Facets, ErrorDto> {
        let (levels, types, options, counts, dev) = self
            .engine
            .store()
            .read(|read| {
                Ok((
                    store::level::list(read)?,
                    store::item_type::list(read)?,
                    store::field_option::of_field(read, SystemField::Status.into())?,
                    store::item::counts(read)?,
                    store::item::dev_statuses(read)?,
                ))
            })
            .await
            .map_err(EngineError::from)?;
        let of_type = |id: ItemTypeId| counts.by_type.get(&id).copied().unwrap_or(0);
        let levels = levels
            .iter()
            .map(|level| {
                let types: Vec<Facet> = types
                    .iter()
                    .filter(|kind| kind.level == level.id)
                    .map(|kind| Facet {
                        id: kind.id.0,
                        name: kind.singular.clone(),
                        icon: Some(kind.icon.clone()),
                        colour: Some(kind.colour.clone()),
                        count: convert::count(of_type(kind.id)),
                    })
                    .collect();
                LevelFacet {
                    id: level.id.0,
                    name: level.plural.clone(),
                    count: types.iter().map(|facet| facet.count).sum(),
                    types,
                }
            })
            .collect();
        let statuses = options
            .iter()
            .map(|option| Facet {
                id: option.id.0,
                name: option.name.clone(),
                icon: None,
                colour: option.colour.clone(),
                count: convert::count(counts.by_status.get(&Some(option.id)).copied().unwrap_or(0)),
            })
            .collect();
        let dev_statuses = dev
            .into_iter()
            .map(|(name, count)| TextFacet {
                name,
                count: convert::count(count),
            })
            .collect();
        Ok(Facets {
            levels,
            statuses,
            dev_statuses,
            total: convert::count(counts.total),
        })
    }

    /// Opens a view of the tree table.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn backlog_open(&self, query: BacklogQuery) -> Result<BacklogView, ErrorDto> {
        let view = self.engine.open_backlog(stored_query(query)).await?;
        Ok(BacklogView {
            view: view.id,
            rows: convert::count(view.rows),
            matched: convert::count(view.matched),
        })
    }

    /// A window of a view.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn backlog_rows(&self, args: BacklogRowsArgs) -> Result<BacklogRows, ErrorDto> {
        let window = self
            .engine
            .backlog_window(args.view, args.start, args.count)
            .await?;
        let options = self.options().await?;
        let rows = window
            .rows
            .iter()
            .map(|row| backlog_row(row, &options))
            .collect();
        Ok(BacklogRows {
            rows,
            stale: window.stale,
        })
    }

    /// Items of a view between two rows.
    ///
    /// # Errors
    /// None.
    pub async fn backlog_ids(&self, args: BacklogIdsArgs) -> Result<Ids, ErrorDto> {
        let ids = self.engine.backlog_ids(args.view, args.start, args.count);
        Ok(Ids {
            ids: ids.into_iter().map(|id| id.0).collect(),
        })
    }

    /// An item with every field.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn item(&self, args: IdArgs) -> Result<ItemDetail, ErrorDto> {
        let view = self.engine.item(ItemId(args.id)).await?;
        let names = self.names().await?;
        let views = [view];
        let references = self.references(&views, &names).await?;
        let [view] = views;
        Ok(detail(view, &names, &references))
    }

    /// Items with every field, page by page.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn items(&self, args: ItemsArgs) -> Result<Items, ErrorDto> {
        let after = (args.after > 0).then_some(ItemId(args.after));
        let limit = args.limit.clamp(1, 1000);
        let integration = args.integration_id.map(store::IntegrationId);
        let page = self.engine.items(integration, after, limit).await?;
        let full = page.len() == limit as usize;
        let next = page.last().filter(|_| full).map(|view| view.item.id.0);
        let names = self.names().await?;
        let references = self.references(&page, &names).await?;
        let items = page
            .into_iter()
            .map(|view| detail(view, &names, &references))
            .collect();
        Ok(Items { items, next })
    }

    /// Moves items to a product area.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn items_move(&self, args: MoveArgs) -> Result<Moved, ErrorDto> {
        let ids: Vec<ItemId> = args.ids.into_iter().map(ItemId).collect();
        let moved = self.engine.move_items(&ids, AreaId(args.area_id)).await?;
        Ok(Moved {
            moved: convert::count(moved.moved),
            left: convert::count(moved.left),
            undo: moved.undo,
        })
    }

    /// Takes a move back.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn items_move_undo(&self, args: IdArgs) -> Result<Moved, ErrorDto> {
        let moved = self.engine.undo_move(args.id).await?;
        Ok(Moved {
            moved: convert::count(moved.moved),
            left: convert::count(moved.left),
            undo: moved.undo,
        })
    }

    async fn options(&self) -> Result<BTreeMap<OptionId, FieldOption>, ErrorDto> {
        let options = self.engine.store().read(store::field_option::list).await;
        let options = options.map_err(EngineError::from)?;
        Ok(options
            .iter()
            .map(|option| (option.id, convert::option(option)))
            .collect())
    }

    pub(super) async fn names(&self) -> Result<Names, ErrorDto> {
        let (fields, people) = self
            .engine
            .store()
            .read(|read| Ok((store::field::list(read)?, store::person::list(read)?)))
            .await
            .map_err(EngineError::from)?;
        let mut integrations = BTreeMap::new();
        for view in self.engine.integrations().await? {
            let id = view.integration.id;
            let (mapping, names) = self
                .engine
                .store()
                .read(move |read| store::mapping::load(read, id))
                .await
                .map_err(EngineError::from)?;
            let statuses = (!mapping.statuses.is_empty())
                .then(|| (SystemField::Status.into(), "Status".to_owned()));
            let mapped = mapping
                .fields
                .into_iter()
                .filter_map(|pair| {
                    Some((pair.field, names.fields.get(&pair.remote_field)?.clone()))
                })
                .chain(statuses)
                .collect();
            let origin = Origin {
                name: view.integration.data.name,
                display_url: view.connection.data.display_url,
                mapped,
            };
            integrations.insert(id.0, origin);
        }
        Ok(Names {
            fields,
            options: self.options().await?,
            people: people
                .into_iter()
                .map(|person| (person.id, person.name))
                .collect(),
            integrations,
        })
    }

    /// The items that dependencies of items name.
    async fn references(
        &self,
        views: &[ItemView],
        names: &Names,
    ) -> Result<BTreeMap<ItemId, ItemRef>, ErrorDto> {
        let ids = named(views.iter().flat_map(|view| view.item.values.values()));
        self.item_refs(ids, names).await
    }

    /// Some items, as others name them.
    pub(super) async fn item_refs(
        &self,
        ids: Vec<ItemId>,
        names: &Names,
    ) -> Result<BTreeMap<ItemId, ItemRef>, ErrorDto> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self
            .engine
            .store()
            .read(move |read| backlog::rows(read, &ids))
            .await;
        let rows = rows.map_err(EngineError::from)?;
        Ok(rows
            .iter()
            .map(|row| (row.id, item_ref(row, names)))
            .collect())
    }
}

/// The items that some values name.
pub(super) fn named<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<ItemId> {
    let lists = values.filter_map(|value| match value {
        Value::References(list) => Some(list.iter().map(|reference| reference.item)),
        _ => None,
    });
    let mut ids: Vec<ItemId> = lists.flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn detail(view: ItemView, names: &Names, references: &BTreeMap<ItemId, ItemRef>) -> ItemDetail {
    let origin = view
        .link
        .as_ref()
        .and_then(|link| link.integration)
        .and_then(|id| names.integrations.get(&id.0));
    let fields = names
        .fields
        .iter()
        .filter(|field| field.key != FieldKey::System(SystemField::Title))
        .map(|field| ItemField {
            key: field.key.to_string(),
            name: field.name.clone(),
            kind: reasons::kind(field.kind).to_owned(),
            value: value(&view.item.value(field.key), names, references),
            mapped_to: origin.and_then(|origin| origin.mapped.get(&field.key).cloned()),
        })
        .collect();
    let link = view.link.as_ref().map(|link| ItemLink {
        key: link.seen.key.clone(),
        url: origin.map_or_else(String::new, |origin| {
            format!("{}/browse/{}", origin.display_url, link.seen.key)
        }),
        integration_id: link.integration.map_or(0, |id| id.0),
        integration_name: origin.map_or_else(String::new, |origin| origin.name.clone()),
        updated_at: link.seen.updated_at.map(moment),
    });
    ItemDetail {
        id: view.item.id.0,
        title: view.item.title,
        item_type: view.item.item_type.0,
        area_id: view.item.area.0,
        ancestors: view
            .ancestors
            .iter()
            .map(|row| item_ref(row, names))
            .collect(),
        children: view
            .children
            .iter()
            .map(|row| item_ref(row, names))
            .collect(),
        children_total: convert::count(view.children_total),
        link,
        fields,
        created_at: moment(view.item.created_at),
    }
}

fn area(found: workspace::Area, items: u64) -> Area {
    Area {
        id: found.id.0,
        parent_id: found.parent.map(|id| id.0),
        name: found.name,
        items: convert::count(items),
    }
}

fn stored_query(query: BacklogQuery) -> backlog::BacklogQuery {
    let collapsed: BTreeSet<ItemId> = query.collapsed.into_iter().map(ItemId).collect();
    backlog::BacklogQuery {
        search: Some(query.search).filter(|words| !words.trim().is_empty()),
        levels: query.levels.into_iter().map(LevelId).collect(),
        types: query.types.into_iter().map(ItemTypeId).collect(),
        statuses: query.statuses.into_iter().map(OptionId).collect(),
        dev_statuses: query.dev_statuses,
        areas: query.area_id.map(AreaId).into_iter().collect(),
        integration: None,
        sort: Sort {
            column: match query.sort {
                SortColumn::Rank => Column::Rank,
                SortColumn::Key => Column::Key,
                SortColumn::Title => Column::Title,
                SortColumn::ItemType => Column::Type,
                SortColumn::Status => Column::Status,
                SortColumn::DevStatus => Column::DevStatus,
                SortColumn::Importance => Column::Importance,
                SortColumn::DevAssignee => Column::DevAssignee,
                SortColumn::StoryPoints => Column::Points,
            },
            descending: query.descending,
        },
        expansion: if query.collapse_all {
            Expansion::NoneExcept(collapsed)
        } else {
            Expansion::AllExcept(collapsed)
        },
    }
}

fn key_of(row: &backlog::BacklogRow) -> Option<String> {
    let link = row
        .links
        .iter()
        .find(|link| link.state == LinkState::Linked);
    link.map(|link| link.key.clone())
}

fn backlog_row(row: &WindowRow, options: &BTreeMap<OptionId, FieldOption>) -> BacklogRow {
    let option = |id: Option<OptionId>| id.and_then(|id| options.get(&id).cloned());
    BacklogRow {
        id: row.row.id.0,
        depth: row.place.depth,
        has_children: row.place.has_children,
        expanded: row.place.expanded,
        matched: row.place.matched,
        title: row.row.title.clone(),
        item_type: row.row.item_type.0,
        key: key_of(&row.row),
        status: option(row.row.status),
        dev_status: Some(row.row.dev_status.clone()).filter(|status| !status.is_empty()),
        importance: option(row.row.importance),
        dev_assignee: row.row.dev_assignee.clone(),
        story_points: row.row.story_points,
        area_id: row.row.area.0,
    }
}

fn item_ref(row: &backlog::BacklogRow, names: &Names) -> ItemRef {
    ItemRef {
        id: row.id.0,
        title: row.title.clone(),
        item_type: row.item_type.0,
        key: key_of(row),
        status: row.status.and_then(|id| names.options.get(&id).cloned()),
    }
}

pub(super) fn value(
    value: &Value,
    names: &Names,
    references: &BTreeMap<ItemId, ItemRef>,
) -> FieldValue {
    match value {
        Value::None => FieldValue::None,
        Value::Text(text) => FieldValue::Text { text: text.clone() },
        Value::RichText(text) => FieldValue::RichText {
            blocks: rich::blocks(text),
        },
        Value::Number(number) => FieldValue::Number { number: *number },
        Value::Date(day) => FieldValue::Date {
            date: day.to_string(),
        },
        Value::Options(ids) => FieldValue::Options {
            options: ids
                .iter()
                .filter_map(|id| names.options.get(id).cloned())
                .collect(),
        },
        Value::People(ids) => FieldValue::People {
            names: ids
                .iter()
                .filter_map(|id| names.people.get(id).cloned())
                .collect(),
        },
        Value::Labels(words) => FieldValue::Labels {
            labels: words.clone(),
        },
        Value::References(list) => FieldValue::References {
            references: list
                .iter()
                .filter_map(|reference| {
                    let relation = match reference.relation {
                        Relation::Blocks => "blocks",
                        Relation::BlockedBy => "is blocked by",
                        Relation::RelatesTo => "relates to",
                        Relation::PartOf => "is part of",
                    };
                    let item = references.get(&reference.item)?.clone();
                    Some(ItemReference {
                        item,
                        relation: relation.to_owned(),
                    })
                })
                .collect(),
        },
        Value::Bool(yes) => FieldValue::Bool { yes: *yes },
        Value::Link(href) => FieldValue::Link { href: href.clone() },
    }
}
