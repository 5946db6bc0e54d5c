//! Measures the store on this machine: writing an import in batches, and reading the backlog of it.
//!
//! `cargo run --release -p store --example speed -- [items] [folder]`

#![expect(clippy::disallowed_methods, reason = "it measures time")]

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Instant;
use store::backlog::{BacklogQuery, Column, Expansion, Sort, outline, rows};
use store::item::NewItem;
use store::link::{NewLink, Seen};
use store::run_row::{Action, Applied, Decision, ReadRow};
use store::{
    LinkId, RowSeq, RunId, Store, StoreError, WriteTx, area, connection, field_option, integration,
    item, item_type, journal, link, link_field, person, run, run_row,
};
use sync::remote::{RemoteIssue, RemotePerson, RemoteStatus, RemoteValue};
use workspace::{
    AreaId, FieldKey, ItemId, ItemTypeId, OptionId, PersonId, Rank, RichFormat, RichText,
    StatusCategory, SystemField, Value,
};

const BATCH: u64 = 500;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let items: u64 = arguments.next().as_deref().unwrap_or("100000").parse()?;
    let folder = match arguments.next() {
        Some(folder) => folder.into(),
        None => std::env::temp_dir(),
    };
    let path = folder.join(format!("speed-{}.sqlite", std::process::id()));
    let store = Store::open(&path, Timestamp::UNIX_EPOCH)?;
    let place = store.write(Place::make).await?;

    measure(
        "items with values",
        items,
        write_items(&store, &place, items),
    )
    .await?;
    let run = place.run;
    measure("rows listed", items, list_rows(&store, run, items)).await?;
    measure("rows read", items, read_rows(&store, run, items)).await?;
    measure("rows decided", items, decide_rows(&store, run)).await?;
    measure("rows applied", items, apply_rows(&store, &place)).await?;
    for (name, query) in queries() {
        let begun = Instant::now();
        let found = store.read(move |read| outline(read, &query)).await?;
        let spent = begun.elapsed().as_secs_f64() * 1e3;
        println!(
            "outline, {name}: {spent:.1} ms for {} rows",
            found.rows.len()
        );
    }
    let ids: Vec<ItemId> = (1..=60).map(ItemId).collect();
    let begun = Instant::now();
    let shown = store.read(move |read| rows(read, &ids)).await?;
    let spent = begun.elapsed().as_secs_f64() * 1e3;
    println!("rows in sight: {spent:.2} ms for {}", shown.len());
    store.close().await?;
    let size = std::fs::metadata(&path)?.len() >> 20;
    println!("file: {size} MiB");
    std::fs::remove_file(&path)?;
    Ok(())
}

async fn measure(
    name: &str,
    count: u64,
    work: impl Future<Output = Result<(), StoreError>>,
) -> Outcome<()> {
    let begun = Instant::now();
    work.await?;
    let spent = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
    let rate = count as f64 / spent;
    println!("{name}: {spent:.2} s, {rate:.0} a second");
    Ok(())
}

#[derive(Clone)]
struct Place {
    area: AreaId,
    types: Vec<ItemTypeId>,
    statuses: Vec<OptionId>,
    people: Vec<PersonId>,
    connection: store::ConnectionId,
    integration: store::IntegrationId,
    run: RunId,
}

impl Place {
    fn make(tx: &WriteTx<'_>) -> Result<Self, StoreError> {
        let now = Timestamp::UNIX_EPOCH;
        let connection = connection::create(
            tx,
            &connection::ConnectionData {
                name: "Site".into(),
                kind: connection::SiteKind::Cloud,
                site_url: "https://site.test".into(),
                api_base: "https://site.test".into(),
                display_url: String::new(),
                version: String::new(),
                auth: connection::AuthKind::CloudToken,
                login: String::new(),
                account_id: String::new(),
                account_name: String::new(),
                time_zone: String::new(),
                ca_pem: None,
                proxy: None,
                has_client_identity: false,
                practice: None,
                secret_ref: "site".into(),
            },
            now,
        )?;
        let integration = integration::create(
            tx,
            &integration::IntegrationData {
                connection,
                name: "Project".into(),
                project_id: "1".into(),
                project_key: "PAY".into(),
                project_name: "Payments".into(),
                board: None,
                jql: String::new(),
                include_closed: false,
                area: None,
            },
            now,
        )?;
        let mut people = Vec::new();
        for number in 0..50 {
            let met = RemotePerson {
                id: format!("account-{number}"),
                name: format!("Person {number}"),
                email: None,
            };
            people.push(person::resolve_or_meet(tx, "site", &met)?);
        }
        let status = FieldKey::System(SystemField::Status);
        Ok(Self {
            area: area::ensure(tx, None, workspace::area::IMPORTED)?,
            types: item_type::list(tx)?.iter().map(|kind| kind.id).collect(),
            statuses: field_option::of_field(tx, status)?
                .iter()
                .map(|option| option.id)
                .collect(),
            people,
            connection,
            integration,
            run: run::create(tx, integration, run::RunKind::Import, "", now)?,
        })
    }

    /// Of every 100 items one is an initiative, nine are epics, and the others their features.
    fn item(&self, number: u64, base: i64) -> NewItem {
        let parent = match number % 100 {
            0 => None,
            1..10 => Some(number / 100 * 100),
            place => Some(number / 100 * 100 + 1 + place % 9),
        };
        let kind = match number % 100 {
            0 => 0,
            1..10 => 1,
            place => 2 + place % 5,
        };
        let pick = |list: &[OptionId]| list[number as usize % list.len()];
        let mut values = BTreeMap::new();
        let mut set = |field: SystemField, value| values.insert(FieldKey::System(field), value);
        set(
            SystemField::Description,
            Value::RichText(description(number)),
        );
        set(SystemField::Status, Value::options([pick(&self.statuses)]));
        set(SystemField::DevStatus, Value::text("In progress"));
        set(
            SystemField::DevAssignee,
            Value::people([self.people[number as usize % 50]]),
        );
        set(
            SystemField::StoryPoints,
            Value::number((number % 13) as f64),
        );
        set(SystemField::Labels, Value::labels(["one", "two"]));
        set(
            SystemField::TargetDate,
            Value::Date(jiff::civil::date(2026, 1, 31)),
        );
        set(
            SystemField::Importance,
            Value::options([pick(&self.statuses)]),
        );
        NewItem {
            item_type: self.types[kind as usize],
            title: format!("Überweisung {number} soll Rückbuchungen erkennen"),
            parent: parent.map(|parent| ItemId(base + parent as i64)),
            area: self.area,
            rank: Rank::nth(base as u64 + number),
            created_at: Timestamp::UNIX_EPOCH,
            values,
        }
    }

    fn linked(&self, item: ItemId, remote_id: &str) -> NewLink {
        NewLink {
            item,
            integration: self.integration,
            connection: self.connection,
            remote_id: remote_id.to_owned(),
            seen: Seen {
                key: format!("PAY-{remote_id}"),
                remote_type: "10001".into(),
                updated_at: None,
            },
            base_parent: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

fn description(number: u64) -> RichText {
    let plain = format!("Chargeback {number} arrives before the transfer. ").repeat(8);
    RichText {
        format: RichFormat::Adf,
        source: format!(
            r#"{{"type":"doc","version":1,"content":[{{"type":"paragraph","content":[{{"type":"text","text":"{plain}"}}]}}]}}"#
        ),
        plain,
    }
}

async fn write_items(store: &Store, place: &Place, items: u64) -> Result<(), StoreError> {
    for first in (0..items).step_by(BATCH as usize) {
        let place = place.clone();
        store
            .write(move |tx| {
                for number in first..(first + BATCH).min(items) {
                    item::insert(tx, &place.item(number, 1))?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

async fn list_rows(store: &Store, run: RunId, items: u64) -> Result<(), StoreError> {
    for first in (0..items).step_by(5_000) {
        let ids: Vec<String> = (first..(first + 5_000).min(items))
            .map(|id| id.to_string())
            .collect();
        store
            .write(move |tx| run_row::add_listed(tx, run, &ids))
            .await?;
    }
    Ok(())
}

async fn read_rows(store: &Store, run: RunId, items: u64) -> Result<(), StoreError> {
    for _ in (0..items).step_by(BATCH as usize) {
        store
            .write(move |tx| {
                let rows: Vec<ReadRow> = run_row::next_listed(tx, run, None, BATCH as u32)?
                    .into_iter()
                    .map(|(seq, id)| {
                        ReadRow::new(seq, u8::try_from(seq.0 % 3).unwrap_or(0), issue(&id))
                    })
                    .collect();
                run_row::store_read(tx, run, &rows)
            })
            .await?;
    }
    Ok(())
}

fn issue(id: &str) -> RemoteIssue {
    RemoteIssue {
        id: id.to_owned(),
        key: format!("PAY-{id}"),
        type_id: "10001".into(),
        title: format!("Issue {id}"),
        parent: None,
        status: RemoteStatus {
            id: "3".into(),
            name: "In progress".into(),
            category: StatusCategory::InProgress,
        },
        updated_at: None,
        created_at: None,
        values: BTreeMap::from([(
            "description".to_owned(),
            RemoteValue::RichText(description(id.len() as u64)),
        )]),
    }
}

async fn decide_rows(store: &Store, run: RunId) -> Result<(), StoreError> {
    let mut after: Option<RowSeq> = None;
    loop {
        let last = store
            .write(move |tx| {
                let rows = run_row::read_after(tx, run, after, BATCH as u32)?;
                let decisions: Vec<Decision> = rows
                    .iter()
                    .map(|(row, _)| Decision {
                        seq: row.seq,
                        action: Action::Create,
                        reason: None,
                        item: None,
                    })
                    .collect();
                run_row::set_decisions(tx, run, &decisions)?;
                Ok(rows.last().map(|(row, _)| row.seq))
            })
            .await?;
        if last.is_none() {
            return Ok(());
        }
        after = last;
    }
}

/// The whole of what an import writes for an issue: item, values, pair, memory, journal, row.
async fn apply_rows(store: &Store, place: &Place) -> Result<(), StoreError> {
    let base = store
        .read(|read| Ok(item::counts(read)?.total as i64 + 1))
        .await?;
    let mut number = 0;
    loop {
        let place = place.clone();
        let done = store
            .write(move |tx| {
                let rows = run_row::next_to_apply(tx, place.run, None, BATCH as u32)?;
                let mut applied = Vec::new();
                let mut changes = Vec::new();
                for (at, (row, issue)) in (number..).zip(&rows) {
                    let mut new = place.item(at, base);
                    new.parent = None;
                    let item = item::insert(tx, &new)?;
                    let link: LinkId = link::insert(tx, &place.linked(item, &issue.id))?;
                    let agreed = new.values.iter();
                    let agreed = agreed.map(|(&field, value)| (field, Some(value), value));
                    link_field::insert(tx, link, agreed)?;
                    changes.push((item, journal::Change::Created));
                    applied.push((row.seq, item, Applied::Created));
                }
                journal::append(tx, place.run, &changes, Timestamp::UNIX_EPOCH)?;
                run_row::mark_applied(tx, place.run, &applied)?;
                Ok(rows.len() as u64)
            })
            .await?;
        if done == 0 {
            return Ok(());
        }
        number += done;
    }
}

fn queries() -> Vec<(&'static str, BacklogQuery)> {
    let all = BacklogQuery::default();
    let sorted = |column| BacklogQuery {
        sort: Sort {
            column,
            descending: false,
        },
        ..BacklogQuery::default()
    };
    vec![
        ("everything by rank", all.clone()),
        (
            "collapsed",
            BacklogQuery {
                expansion: Expansion::NoneExcept([].into()),
                ..all.clone()
            },
        ),
        (
            "searched",
            BacklogQuery {
                search: Some("uberweisung 77".into()),
                ..all.clone()
            },
        ),
        (
            "searched by key",
            BacklogQuery {
                search: Some("pay-4711".into()),
                ..all.clone()
            },
        ),
        (
            "of one type",
            BacklogQuery {
                types: vec![ItemTypeId(3)],
                ..all.clone()
            },
        ),
        (
            "of an integration",
            BacklogQuery {
                integration: Some(store::IntegrationId(1)),
                ..all
            },
        ),
        ("by title", sorted(Column::Title)),
        ("by key", sorted(Column::Key)),
        ("by status", sorted(Column::Status)),
        ("by assignee", sorted(Column::DevAssignee)),
        ("by points", sorted(Column::Points)),
    ]
}
