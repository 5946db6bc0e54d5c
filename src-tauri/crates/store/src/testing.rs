//! A small workspace with one of everything, for tests.

use crate::connection::{AuthKind, ConnectionData, Practice, SiteKind};
use crate::field_option::NewOption;
use crate::integration::{Board, IntegrationData};
use crate::item::NewItem;
use crate::link::{NewLink, Seen};
use crate::mapping::RemoteNames;
use crate::{
    ConnectionId, IntegrationId, LinkId, RunId, Store, StoreError, WriteTx, absence, area,
    conflict, connection, create_intent, deleted_item, due, field, field_option, integration, item,
    item_type, journal, link, mapping, option_identity, pair, person, run, run_row,
    schema_snapshot, setting, severing,
};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;
use sync::mapping::{
    Direction, FieldPair, Mapping, StatusPair, StatusRule, TypePair, ValuePair, Winner,
};
use sync::remote::{
    Choice, ParentRef, RemoteField, RemoteIssue, RemoteKind, RemoteOption, RemotePerson,
    RemoteStatus, RemoteType, RemoteValue, Role, Schema,
};
use workspace::{
    AreaId, FieldKey, ItemId, ItemTypeId, Kind, OptionId, PersonId, Rank, RichFormat, RichText,
    StatusCategory, SystemField, Value,
};

pub(crate) const SITE: &str = "https://site.test";

/// The n-th second after a fixed moment.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).expect("it lies in the calendar")
}

pub(crate) fn memory() -> Store {
    Store::in_memory(at(0)).expect("a workspace in memory opens")
}

pub(crate) fn system(field: SystemField) -> FieldKey {
    FieldKey::System(field)
}

/// What [`make`] made.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) connection: ConnectionId,
    pub(crate) integration: IntegrationId,
    pub(crate) area: AreaId,
    pub(crate) epic: ItemTypeId,
    pub(crate) feature: ItemTypeId,
    pub(crate) custom: FieldKey,
    pub(crate) sprint: OptionId,
    pub(crate) person: PersonId,
    pub(crate) parent: ItemId,
    pub(crate) child: ItemId,
    pub(crate) link: LinkId,
    pub(crate) run: RunId,
}

/// A workspace in memory with one of everything.
pub(crate) async fn world() -> (Store, World) {
    let store = memory();
    let world = store.write(make).await.expect("one of everything");
    (store, world)
}

pub(crate) fn make(tx: &WriteTx<'_>) -> Result<World, StoreError> {
    setting::set(tx, "wizard.step", "5")?;
    let types = item_type::list(tx)?;
    let type_of = |name: &str| types.iter().find(|kind| kind.singular == name);
    let epic = type_of("Epic").expect("a new workspace has it").id;
    let feature = type_of("Feature").expect("a new workspace has it").id;
    let custom = field::create_custom(tx, "Risk", Kind::SingleSelect, None)?;
    let custom = FieldKey::Custom(custom);
    let area = area::ensure(tx, None, workspace::area::IMPORTED)?;
    let connection = connection::create(tx, &site("Site"), at(1))?;
    let integration = integration::create(tx, &project(connection, "Payments"), at(2))?;
    let sprint = option_identity::resolve_or_grow(
        tx,
        SITE,
        system(SystemField::Sprint),
        &choice("12", "Sprint 12"),
    )?;
    let person = person::resolve_or_meet(tx, SITE, &ada())?;
    let option = field_option::create(tx, &NewOption::named(custom, "Great"))?;
    let parent = item::insert(tx, &new_item(epic, area, "Payments in Kč", 1))?;
    let values = BTreeMap::from([
        (
            system(SystemField::Description),
            Value::RichText(rich("Words")),
        ),
        (system(SystemField::Sprint), Value::options([sprint])),
        (system(SystemField::DevAssignee), Value::people([person])),
        (system(SystemField::DevStatus), Value::text("To Do")),
        (system(SystemField::StoryPoints), Value::number(0.1 + 0.2)),
        (custom, Value::options([option])),
    ]);
    let draft = pair::Draft {
        item_type: feature,
        title: "Überweisung",
        parent: Some(parent),
        values: &values,
        bases: &values,
        remotes: &values,
        remote_id: "10007",
        seen: seen("PAY-7"),
    };
    let place = pair::Place {
        area,
        integration,
        connection,
        now: at(10),
    };
    let (child, link) = pair::insert(tx, pair::NewPair::of(&draft), &Rank::nth(2), &place)?;
    schema_snapshot::save(tx, integration, &schema(), at(3))?;
    let (types_mapped, names) = mapped(epic, feature, custom, option, tx)?;
    mapping::save(tx, integration, &types_mapped, &names)?;
    let run = run::create(
        tx,
        integration,
        run::RunKind::Import,
        "project = PAY",
        at(4),
    )?;
    run_row::add_listed(tx, run, &["10007", "10008"])?;
    let rows = run_row::next_listed(tx, run, None, 1)?;
    let read = run_row::ReadRow::new(rows[0].0, 2, issue("10007", "PAY-7"));
    run_row::store_read(tx, run, &[read])?;
    let change = journal::Change::Field {
        field: system(SystemField::Title),
        before: Value::text("Transfer"),
        after: Value::text("Überweisung"),
        base: journal::Base::Untold,
    };
    journal::append(tx, run, &[(child, change)], at(5))?;
    let moved = journal::Change::Parent {
        before: Some(child),
        after: None,
        base: journal::Base::Was(None),
    };
    journal::append_single(tx, journal::Origin::Here, &[(parent, moved)], at(6))?;
    journal::ask_authors(tx, run, child, (at(4), at(5)))?;
    let brought_in = journal::unnamed(tx, integration, 1)?;
    journal::set_author(tx, brought_in[0].entry.seq, "Zoë Ångström")?;
    due::mark(tx, integration, &["10007"], at(6))?;
    conflict::set(
        tx,
        link,
        &[(system(SystemField::StoryPoints), false)],
        at(6),
    )?;
    integration::set_heard_until(tx, integration, at(6))?;
    let pushed = create_intent::NewIntent {
        item: parent,
        integration,
        remote_type: "10000".into(),
        marker: "a word of its own".into(),
        answers: BTreeMap::from([("customfield_1".into(), RemoteValue::Number(2.0))]),
        created_at: at(6),
    };
    let pushed = create_intent::insert(tx, &pushed)?;
    let sent = create_intent::Sent {
        at: at(7),
        told: BTreeMap::from([(system(SystemField::Title), Value::text("Checkout"))]),
        parent: None,
    };
    create_intent::set_sent(tx, pushed, &sent)?;
    absence::hear_deleted(tx, integration, "10009", at(6))?;
    severing::note(tx, link, link::SeverReason::DeletedThere, at(6))?;
    let gone = item::insert(tx, &new_item(feature, area, "Refund", 3))?;
    link::insert(tx, &pair(gone, integration, connection, "10010", "PAY-10"))?;
    deleted_item::delete(tx, &[gone], at(6))?;
    Ok(World {
        connection,
        integration,
        area,
        epic,
        feature,
        custom,
        sprint,
        person,
        parent,
        child,
        link,
        run,
    })
}

pub(crate) fn site(name: &str) -> ConnectionData {
    ConnectionData {
        name: name.into(),
        kind: SiteKind::DataCenter,
        site_url: format!("{SITE}/jira"),
        api_base: format!("{SITE}/jira"),
        display_url: "https://shown.test/jira".into(),
        version: "9.12.0".into(),
        auth: AuthKind::Pat,
        login: String::new(),
        account_id: "JIRAUSER1".into(),
        account_name: "Lockstep".into(),
        time_zone: "Europe/Prague".into(),
        ca_pem: Some("-----BEGIN CERTIFICATE-----".into()),
        proxy: Some("http://proxy.test:3128".into()),
        has_client_identity: true,
        practice: Some(Practice {
            face: SiteKind::DataCenter,
            issues: 250,
            seed: 7,
        }),
        secret_ref: "connection-1".into(),
    }
}

pub(crate) fn project(connection: ConnectionId, name: &str) -> IntegrationData {
    IntegrationData {
        connection,
        name: name.into(),
        project_id: "10000".into(),
        project_key: "PAY".into(),
        project_name: "Payments".into(),
        board: Some(Board {
            id: "3".into(),
            name: "PAY board".into(),
        }),
        jql: "type != Epic".into(),
        include_closed: true,
        area: None,
    }
}

pub(crate) fn new_item(item_type: ItemTypeId, area: AreaId, title: &str, place: u64) -> NewItem {
    NewItem {
        item_type,
        title: title.into(),
        parent: None,
        area,
        rank: Rank::nth(place),
        created_at: at(10),
        values: BTreeMap::new(),
    }
}

pub(crate) fn pair(
    item: ItemId,
    integration: IntegrationId,
    connection: ConnectionId,
    remote_id: &str,
    key: &str,
) -> NewLink {
    NewLink {
        item,
        integration,
        connection,
        remote_id: remote_id.into(),
        seen: seen(key),
        base_parent: None,
        created_at: at(7),
    }
}

fn seen(key: &str) -> Seen {
    Seen {
        key: key.into(),
        remote_type: "10001".into(),
        updated_at: Some(at(6)),
    }
}

pub(crate) fn choice(id: &str, name: &str) -> Choice {
    Choice {
        id: id.into(),
        name: name.into(),
        starts_on: Some(date(2026, 1, 5)),
        ends_on: Some(date(2026, 1, 16)),
        closed: Some(false),
    }
}

pub(crate) fn ada() -> RemotePerson {
    RemotePerson {
        id: "account-ada".into(),
        name: "Ada".into(),
        email: Some("ada@site.test".into()),
    }
}

pub(crate) fn rich(plain: &str) -> RichText {
    RichText {
        format: RichFormat::Wiki,
        source: format!("*{plain}*"),
        plain: plain.into(),
    }
}

pub(crate) fn issue(id: &str, key: &str) -> RemoteIssue {
    RemoteIssue {
        id: id.into(),
        key: key.into(),
        type_id: "10001".into(),
        title: format!("Title of {key}"),
        parent: Some(ParentRef::Key("PAY-1".into())),
        status: status(),
        updated_at: Some(at(6)),
        created_at: None,
        values: BTreeMap::from([
            ("description".into(), RemoteValue::RichText(rich("Words"))),
            (
                "sprint".into(),
                RemoteValue::Choices(vec![choice("12", "Sprint 12")]),
            ),
            ("assignee".into(), RemoteValue::People(vec![ada()])),
        ]),
    }
}

pub(crate) fn schema() -> Schema {
    Schema {
        types: vec![RemoteType {
            id: "10001".into(),
            name: "Story".into(),
            level: Some(0),
            required_fields: vec!["summary".into()],
        }],
        fields: vec![RemoteField {
            id: "customfield_10020".into(),
            name: "Sprint".into(),
            kind: RemoteKind::Sprint,
            role: Some(Role::Sprint),
            options: vec![RemoteOption {
                id: "12".into(),
                name: "Sprint 12".into(),
                disabled: false,
            }],
            on_create: Some(vec!["10001".into()]),
            read_only: false,
        }],
        statuses: vec![status()],
    }
}

fn status() -> RemoteStatus {
    RemoteStatus {
        id: "10000".into(),
        name: "To Do".into(),
        category: StatusCategory::Open,
    }
}

pub(crate) fn mapped(
    epic: ItemTypeId,
    feature: ItemTypeId,
    custom: FieldKey,
    option: OptionId,
    tx: &WriteTx<'_>,
) -> Result<(Mapping, RemoteNames), StoreError> {
    let status = field_option::by_name(tx, system(SystemField::Status), "open")?
        .expect("a new workspace has it");
    let pair = |field, remote_field: &str, values| FieldPair {
        field,
        remote_field: remote_field.into(),
        direction: Direction::FromRemote,
        winner: Winner::Newest,
        values,
        core: false,
    };
    let type_pair = |item_type, remote_type: &str| TypePair {
        item_type,
        remote_type: remote_type.into(),
    };
    let value = |remote_option: &str| ValuePair {
        remote_option: remote_option.into(),
        option,
    };
    let mapping = Mapping {
        types: vec![type_pair(feature, "10001"), type_pair(epic, "10000")],
        fields: vec![
            pair(custom, "customfield_1", vec![value("9"), value("1")]),
            pair(system(SystemField::Title), "summary", vec![]),
        ],
        statuses: vec![StatusPair {
            remote_status: "10000".into(),
            status,
            is_written: true,
        }],
        status_rule: StatusRule {
            goes_back: false,
            winner: Winner::Remote,
        },
    };
    let name = |name: &str| name.to_owned();
    let names = RemoteNames {
        types: BTreeMap::from([(name("10001"), name("Story"))]),
        fields: BTreeMap::from([(name("customfield_1"), name("Risk level"))]),
        options: BTreeMap::from([((name("customfield_1"), name("9")), name("High"))]),
        statuses: BTreeMap::from([(name("10000"), name("To Do"))]),
    };
    Ok((mapping, names))
}
