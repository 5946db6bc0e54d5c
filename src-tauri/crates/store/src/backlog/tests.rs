use super::*;
use crate::testing::{at, choice, memory, new_item, pair, project, site};
use crate::{
    Store, StoreError, WriteTx, area, connection, field_option, integration, item, item_type, link,
    option_identity, person,
};
use std::collections::{BTreeMap, BTreeSet};
use sync::remote::RemotePerson;
use workspace::{AreaId, ItemId, ItemTypeId, OptionId, SystemField, Value};

/// A workspace of which every line is an item: name, area, key or `-`, status or `-`, points or `-`,
/// developer or `-`; indented by what it is part of. An item's number is its line's.
const ITEMS: &str = "
    Payments   core  PAY-1   Open   -   -
      Refunds  core  PAY-10  Done   5   Zoë
        Forms  web   PAY-9   Open   3   Ada
        Árbol  web   -       -      -   -
      Banks    core  PAY-2   Done   8   Ada
    Search     web   -       -      -   -
      Facets   web   SEA-1   Open   1   Bob
    Zebra      core  -       Open   13  -
";

struct Backlog {
    store: Store,
    names: BTreeMap<ItemId, String>,
    types: Vec<ItemTypeId>,
    core: AreaId,
    web: AreaId,
    done: OptionId,
    integration: crate::IntegrationId,
}

async fn backlog() -> Backlog {
    let store = memory();
    let handle = store.clone();
    store
        .write(move |tx| fill(tx, handle))
        .await
        .expect("fills")
}

fn fill(tx: &WriteTx<'_>, store: Store) -> Result<Backlog, StoreError> {
    let core = area::create(tx, None, "core")?;
    let web = area::create(tx, Some(core), "web")?;
    let connection = connection::create(tx, &site("Site"), at(0))?;
    let integration = integration::create(tx, &project(connection, "PAY"), at(0))?;
    let types: Vec<ItemTypeId> = item_type::list(tx)?.iter().map(|kind| kind.id).collect();
    let mut names = BTreeMap::new();
    let mut path: Vec<ItemId> = Vec::new();
    for (place, line) in (0_u64..).zip(ITEMS.lines().filter(|line| !line.trim().is_empty())) {
        let depth = (line.len() - line.trim_start().len()) / 2 - 2;
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut new = new_item(
            types[depth],
            if words[1] == "core" { core } else { web },
            words[0],
            place,
        );
        path.truncate(depth);
        new.parent = path.last().copied();
        if words[3] != "-" {
            let status = field_option::by_name(tx, SystemField::Status.into(), words[3])?;
            new.values
                .insert(SystemField::Status.into(), Value::options(status));
        }
        if let Ok(points) = words[4].parse() {
            new.values
                .insert(SystemField::StoryPoints.into(), Value::number(points));
        }
        if words[5] != "-" {
            let met = RemotePerson {
                id: words[5].into(),
                name: words[5].into(),
                email: None,
            };
            let met = person::resolve_or_meet(tx, "site", &met)?;
            new.values
                .insert(SystemField::DevAssignee.into(), Value::people([met]));
        }
        let id = item::insert(tx, &new)?;
        if words[2] != "-" {
            link::insert(tx, &pair(id, integration, connection, words[2], words[2]))?;
        }
        names.insert(id, words[0].to_owned());
        path.push(id);
    }
    let done = field_option::by_name(tx, SystemField::Status.into(), "done")?;
    Ok(Backlog {
        store,
        names,
        types,
        core,
        web,
        done: done.expect("a new workspace has it"),
        integration,
    })
}

impl Backlog {
    fn id(&self, name: &str) -> ItemId {
        let found = self.names.iter().find(|(_, known)| *known == name);
        *found.expect("the backlog has it").0
    }

    /// Rows by name, with a dot for each level, `+` where parts are hidden, and brackets around what stands
    /// there only for something inside of it.
    async fn shown(&self, query: BacklogQuery) -> String {
        let found = self
            .store
            .read(move |read| outline(read, &query))
            .await
            .expect("reads");
        let rows: Vec<String> = found
            .rows
            .iter()
            .map(|row| {
                let name = &self.names[&row.id];
                let dots = ".".repeat(row.depth.into());
                let hidden = if row.has_children && !row.expanded {
                    "+"
                } else {
                    ""
                };
                match row.matched {
                    true => format!("{dots}{name}{hidden}"),
                    false => format!("{dots}({name}){hidden}"),
                }
            })
            .collect();
        format!("{} of {}: {}", found.matched, found.total, rows.join(" "))
    }

    #[track_caller]
    fn check(&self, query: BacklogQuery, expected: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let shown = self.shown(query).await;
            assert_eq!(shown, expected, "asked at {caller}");
        }
    }
}

fn sorted(column: Column, descending: bool) -> BacklogQuery {
    BacklogQuery {
        sort: Sort { column, descending },
        ..BacklogQuery::default()
    }
}

fn searching(words: &str) -> BacklogQuery {
    BacklogQuery {
        search: Some(words.into()),
        ..BacklogQuery::default()
    }
}

#[tokio::test]
async fn the_whole_tree_stands_by_rank() {
    let backlog = backlog().await;
    let all = "8 of 8: Payments .Refunds ..Forms ..Árbol .Banks Search .Facets Zebra";
    backlog.check(BacklogQuery::default(), all).await;
    backlog.check(searching("  "), all).await;
}

#[tokio::test]
async fn an_empty_workspace_has_an_empty_backlog() {
    let found = memory()
        .read(|read| outline(read, &searching("a")))
        .await
        .expect("reads");
    assert_eq!(found, Outline::default());
}

#[tokio::test]
async fn closed_items_hide_their_parts() {
    let backlog = backlog().await;
    let only = |names: &[&str]| -> BTreeSet<ItemId> {
        names.iter().map(|name| backlog.id(name)).collect()
    };
    let query = |expansion| BacklogQuery {
        expansion,
        ..BacklogQuery::default()
    };
    backlog
        .check(
            query(Expansion::AllExcept(only(&["Refunds", "Search", "Zebra"]))),
            "8 of 8: Payments .Refunds+ .Banks Search+ Zebra",
        )
        .await;
    backlog
        .check(
            query(Expansion::NoneExcept(only(&["Payments"]))),
            "8 of 8: Payments .Refunds+ .Banks Search+ Zebra",
        )
        .await;
}

#[tokio::test]
async fn a_search_keeps_what_its_matches_are_inside_of() {
    let backlog = backlog().await;
    let forms = "1 of 8: (Payments) .(Refunds) ..Forms";
    backlog.check(searching("FORM"), forms).await;
    backlog
        .check(searching("arb"), "1 of 8: (Payments) .(Refunds) ..Árbol")
        .await;
    backlog
        .check(searching("pay-1"), "2 of 8: Payments .Refunds")
        .await;
    backlog.check(searching("forms pay-9"), forms).await;
    backlog.check(searching("forms pay-1"), "0 of 8: ").await;
    backlog.check(searching("100%"), "0 of 8: ").await;
}

#[tokio::test]
async fn what_is_folded_stays_folded_under_a_filter() {
    let backlog = backlog().await;
    let query = |expansion| BacklogQuery {
        expansion,
        ..searching("forms")
    };
    backlog
        .check(
            query(Expansion::NoneExcept(BTreeSet::new())),
            "1 of 8: (Payments)+",
        )
        .await;
    backlog
        .check(
            query(Expansion::AllExcept([backlog.id("Refunds")].into())),
            "1 of 8: (Payments) .(Refunds)+",
        )
        .await;
}

#[tokio::test]
async fn filters_let_through_what_agrees_with_all_of_them() {
    let backlog = backlog().await;
    let all = BacklogQuery::default();
    let by_area = |area| BacklogQuery {
        areas: vec![area],
        ..all.clone()
    };
    backlog
        .check(
            by_area(backlog.web),
            "4 of 8: (Payments) .(Refunds) ..Forms ..Árbol Search .Facets",
        )
        .await;
    let inside = "8 of 8: Payments .Refunds ..Forms ..Árbol .Banks Search .Facets Zebra";
    backlog.check(by_area(backlog.core), inside).await;
    let done = BacklogQuery {
        statuses: vec![backlog.done],
        ..all.clone()
    };
    backlog
        .check(done.clone(), "2 of 8: (Payments) .Refunds .Banks")
        .await;
    let epics = BacklogQuery {
        types: vec![backlog.types[1]],
        ..all.clone()
    };
    backlog
        .check(
            epics.clone(),
            "3 of 8: (Payments) .Refunds .Banks (Search) .Facets",
        )
        .await;
    let linked = BacklogQuery {
        integration: Some(backlog.integration),
        ..epics
    };
    backlog
        .check(
            linked,
            "3 of 8: (Payments) .Refunds .Banks (Search) .Facets",
        )
        .await;
    let level = backlog.store.read(crate::level::list).await.expect("reads")[2].id;
    let features = BacklogQuery {
        levels: vec![level],
        ..all
    };
    backlog
        .check(features, "2 of 8: (Payments) .(Refunds) ..Forms ..Árbol")
        .await;
}

#[tokio::test]
async fn siblings_stand_in_the_order_asked_for_and_those_without_a_value_last() {
    let backlog = backlog().await;
    let check = |column, descending, expected: &'static str| {
        backlog.check(sorted(column, descending), expected)
    };
    check(
        Column::Title,
        false,
        "8 of 8: Payments .Banks .Refunds ..Árbol ..Forms Search .Facets Zebra",
    )
    .await;
    check(
        Column::Title,
        true,
        "8 of 8: Zebra Search .Facets Payments .Refunds ..Forms ..Árbol .Banks",
    )
    .await;
    check(
        Column::Key,
        false,
        "8 of 8: Payments .Banks .Refunds ..Forms ..Árbol Search .Facets Zebra",
    )
    .await;
    check(
        Column::Points,
        true,
        "8 of 8: Zebra Payments .Banks .Refunds ..Forms ..Árbol Search .Facets",
    )
    .await;
    check(
        Column::DevAssignee,
        false,
        "8 of 8: Payments .Banks .Refunds ..Forms ..Árbol Search .Facets Zebra",
    )
    .await;
    check(
        Column::Status,
        true,
        "8 of 8: Payments .Refunds ..Forms ..Árbol .Banks Zebra Search .Facets",
    )
    .await;
    check(
        Column::Rank,
        true,
        "8 of 8: Zebra Search .Facets Payments .Banks .Refunds ..Árbol ..Forms",
    )
    .await;
}

#[tokio::test]
async fn every_order_can_be_asked_for() {
    let backlog = backlog().await;
    for column in [
        Column::Rank,
        Column::Title,
        Column::Key,
        Column::Type,
        Column::Status,
        Column::Importance,
        Column::DevStatus,
        Column::Assignee,
        Column::DevAssignee,
        Column::Points,
        Column::Area,
        Column::Created,
        Column::Updated,
    ] {
        let shown = backlog.shown(sorted(column, false)).await;
        assert_eq!(shown.split(' ').count(), 11, "{column:?}: {shown}");
    }
}

#[tokio::test]
async fn rows_say_what_the_backlog_shows_in_the_order_asked_for() {
    let backlog = backlog().await;
    let (forms, search) = (backlog.id("Forms"), backlog.id("Search"));
    let found = backlog
        .store
        .read(move |read| rows(read, &[search, ItemId(999), forms]))
        .await
        .expect("reads");
    assert_eq!(
        found.iter().map(|row| row.id).collect::<Vec<_>>(),
        [search, forms]
    );
    assert!(found[0].links.is_empty());
    let row = &found[1];
    assert_eq!(row.title, "Forms");
    assert_eq!(row.area_name, "web");
    assert_eq!(row.dev_assignee.as_deref(), Some("Ada"));
    assert_eq!(row.assignee, None);
    assert_eq!(row.story_points, Some(3.0));
    assert_eq!(row.links[0].key, "PAY-9");
    assert_eq!(row.links[0].state, link::LinkState::Linked);
    assert_eq!(row.item_type, backlog.types[2]);
}

#[tokio::test]
async fn a_changed_key_is_found_and_a_severed_pair_is_not() {
    let backlog = backlog().await;
    let forms = backlog.id("Forms");
    backlog
        .store
        .write(move |tx| {
            let link = link::by_item(tx, forms)?[0].clone();
            let seen = link::Seen {
                key: "WEB-44".into(),
                ..link.seen
            };
            link::set_seen(tx, link.id, &seen)
        })
        .await
        .expect("writes");
    backlog
        .check(searching("web-44"), "1 of 8: (Payments) .(Refunds) ..Forms")
        .await;
    backlog.check(searching("pay-9"), "0 of 8: ").await;
    backlog
        .store
        .write(move |tx| {
            let link = link::by_item(tx, forms)?[0].id;
            link::sever(tx, link, link::SeverReason::DeletedThere, at(9))?;
            option_identity::resolve_or_grow(
                tx,
                "site",
                SystemField::Sprint.into(),
                &choice("1", "Sprint"),
            )
            .map(drop)
        })
        .await
        .expect("writes");
    backlog.check(searching("web-44"), "0 of 8: ").await;
}
