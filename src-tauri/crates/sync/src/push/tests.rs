use super::*;
use crate::fixtures::{
    core_schema, field_pair, pair_of, remote_field, remote_options, remote_type, system_fields,
    tree, type_id, with_role,
};
use crate::mapping::{Direction, Mapping, StatusRule};
use jiff::Timestamp;
use workspace::{AreaId, OptionId, PersonId, Rank, SystemField, Value};

const LABELS: FieldKey = FieldKey::System(SystemField::Labels);
const EFFORT: FieldKey = FieldKey::System(SystemField::Effort);
const VALUE: FieldKey = FieldKey::System(SystemField::Value);

struct Nobody;

impl Lookup for Nobody {
    fn option(&self, _: FieldKey, _: &str) -> Option<OptionId> {
        None
    }
    fn option_by_name(&self, _: FieldKey, _: &str) -> Option<OptionId> {
        None
    }
    fn person(&self, _: &str) -> Option<PersonId> {
        None
    }
    fn item(&self, _: &str) -> Option<ItemId> {
        None
    }
}

/// Epics are epics; features are stories, bugs or tasks; stories are sub-tasks; initiatives are mapped to none.
fn schema() -> Schema {
    let mut schema = core_schema();
    schema.types = vec![
        remote_type("epic", "Epic", 1),
        remote_type("story", "Story", 0),
        remote_type("bug", "Bug", 0),
        remote_type("sub", "Sub-task", -1),
    ];
    schema
        .fields
        .push(with_role("labels", RemoteKind::Labels, Role::Labels));
    schema
        .fields
        .push(remote_field("effort", "Effort", RemoteKind::Number));
    schema
        .fields
        .push(remote_field("value", "Value", RemoteKind::Number));
    schema.fields.push(RemoteField {
        options: remote_options(&["low", "high"]),
        ..remote_field("risk", "Risk", RemoteKind::SingleSelect)
    });
    schema.fields.push(with_role(
        "parent",
        RemoteKind::Unsupported("parent".to_owned()),
        Role::Parent,
    ));
    schema
        .fields
        .push(with_role("epic-name", RemoteKind::Text, Role::EpicName));
    schema
        .fields
        .push(remote_field("groups", "Watchers", RemoteKind::Groups));
    schema
}

fn mapping() -> Mapping {
    let (_, types) = tree();
    let mut fields = crate::fields::core_pairs(&system_fields(), &schema()).pairs;
    fields.push(field_pair(LABELS, "labels"));
    fields.push(field_pair(EFFORT, "effort"));
    fields.push(field_pair(VALUE, "value"));
    Mapping {
        types: vec![
            pair_of(type_id(&types, "Epic"), "epic"),
            pair_of(type_id(&types, "Feature"), "bug"),
            pair_of(type_id(&types, "Feature"), "story"),
            pair_of(type_id(&types, "Bug"), "bug"),
            pair_of(type_id(&types, "Story"), "sub"),
        ],
        fields,
        statuses: vec![],
        status_rule: StatusRule::default(),
    }
}

/// An item: its number, type and parent.
fn candidate(id: i64, kind: &str, parent: Option<i64>) -> Candidate {
    let (_, types) = tree();
    Candidate {
        item: Item {
            id: ItemId(id),
            item_type: type_id(&types, kind),
            title: format!("{kind} {id}"),
            parent: parent.map(ItemId),
            area: AreaId(1),
            rank: Rank::nth(u64::try_from(id).expect("counted from 1")),
            created_at: Timestamp::UNIX_EPOCH,
            values: BTreeMap::new(),
        },
        standing: Standing::Free,
        remote_type: None,
        answers: BTreeMap::new(),
    }
}

fn linked(candidate: Candidate, remote_type: &str) -> Candidate {
    Candidate {
        standing: Standing::Linked {
            remote_type: remote_type.to_owned(),
        },
        ..candidate
    }
}

struct World {
    mapping: Mapping,
    schema: Schema,
    all: BTreeMap<ItemId, Candidate>,
}

impl World {
    fn of(candidates: impl IntoIterator<Item = Candidate>) -> Self {
        let all = candidates.into_iter();
        Self {
            mapping: mapping(),
            schema: schema(),
            all: all.map(|found| (found.item.id, found)).collect(),
        }
    }

    fn plan(&self, wanted: &[i64]) -> Vec<PushRow> {
        let (levels, types) = tree();
        let planner = Planner::new(
            &self.mapping,
            &levels,
            &types,
            &system_fields(),
            &self.schema,
            true,
        );
        let pusher = Pusher {
            planner: &planner,
            pairs: &self.mapping.types,
            types: &types,
            schema: &self.schema,
        };
        let wanted: Vec<ItemId> = wanted.iter().map(|id| ItemId(*id)).collect();
        pusher.plan(&wanted, &self.all, &Nobody)
    }

    fn issue(&self, id: i64) -> NewIssue {
        let mut rows = self.plan(&[id]);
        let row = rows.pop().expect("a row");
        assert_eq!(row.item, ItemId(id), "it comes after all above it");
        row.outcome.expect("an issue")
    }
}

/// What becomes of each item, in words.
#[track_caller]
fn check(world: &World, wanted: &[i64], expected: &[&str]) {
    let rows = world.plan(wanted);
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let indent = "  ".repeat(row.depth);
            let along = if row.taken_along { " along" } else { "" };
            match &row.outcome {
                Ok(issue) => format!("{indent}{} {}{along}", row.item, issue.remote_type),
                Err(refusal) => format!("{indent}{} {refusal:?}{along}", row.item),
            }
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn an_item_takes_the_parents_along_that_have_no_issue() {
    let world = World::of([
        candidate(1, "Initiative", None),
        candidate(2, "Epic", Some(1)),
        candidate(3, "Feature", Some(2)),
        candidate(4, "Story", Some(3)),
        candidate(5, "Feature", Some(2)),
    ]);
    check(
        &world,
        &[4],
        &["2 epic along", "  3 bug along", "    4 sub"],
    );
    check(
        &world,
        &[5, 4, 2],
        &["2 epic", "  3 bug along", "    4 sub", "  5 bug"],
    );
    assert_eq!(world.issue(2).parent_left, Some(ParentLeft::NotMapped));
    assert_eq!(world.issue(5).parent, Some(ItemId(2)));
}

#[test]
fn a_parent_that_has_an_issue_is_named_and_no_row() {
    let world = World::of([
        linked(candidate(2, "Epic", None), "epic"),
        candidate(3, "Feature", Some(2)),
    ]);
    check(&world, &[3], &["3 bug"]);
    assert_eq!(world.issue(3).parent, Some(ItemId(2)));
    // One that is waiting comes before it by itself.
    let mut waiting = world;
    waiting.all.get_mut(&ItemId(2)).expect("there").standing = Standing::Waiting {
        remote_type: "epic".to_owned(),
    };
    check(&waiting, &[3], &["3 bug"]);
    assert_eq!(waiting.issue(3).parent, Some(ItemId(2)));
}

#[test]
fn what_cannot_be_pushed_says_why() {
    let standing = |id, standing| Candidate {
        standing,
        ..candidate(id, "Epic", None)
    };
    let world = World::of([
        candidate(1, "Initiative", None),
        linked(candidate(2, "Epic", None), "epic"),
        standing(3, Standing::Elsewhere),
        standing(4, Standing::Severed),
        standing(
            5,
            Standing::Waiting {
                remote_type: "epic".to_owned(),
            },
        ),
        candidate(6, "Story", None),
        candidate(7, "Story", Some(1)),
        candidate(8, "Story", Some(4)),
    ]);
    check(
        &world,
        &[1, 2, 3, 4, 5, 6, 7, 8],
        &[
            "1 TypeNotMapped",
            "  7 ParentNeeded(Some(NotMapped))",
            "2 Linked",
            "3 LinkedElsewhere",
            "4 Severed",
            "  8 ParentNeeded(Some(Severed))",
            "5 Waiting",
            "6 ParentNeeded(None)",
        ],
    );
}

#[test]
fn a_parent_of_a_type_that_jira_does_not_allow_is_left_out_and_told() {
    let world = World::of([
        linked(candidate(2, "Epic", None), "epic"),
        candidate(3, "Story", Some(2)),
        linked(candidate(4, "Feature", None), "bug"),
        candidate(5, "Feature", Some(4)),
    ]);
    check(&world, &[3], &["3 ParentNeeded(Some(Unfit))"]);
    assert_eq!(world.issue(5).parent, None);
    assert_eq!(world.issue(5).parent_left, Some(ParentLeft::Unfit));
}

#[test]
fn a_type_whose_screen_cannot_name_a_parent_gives_way_to_one_that_can() {
    let mut world = World::of([
        linked(candidate(2, "Epic", None), "epic"),
        candidate(3, "Feature", Some(2)),
    ]);
    assert_eq!(world.issue(3).remote_type, "bug");
    let name_on = |world: &mut World, screens: &[&str]| {
        for field in &mut world.schema.fields {
            if field.role == Some(Role::Parent) {
                let screens = screens.iter().map(|id| (*id).to_owned());
                field.on_create = Some(screens.collect());
            }
        }
    };
    name_on(&mut world, &["story"]);
    let issue = world.issue(3);
    assert_eq!(
        (issue.remote_type.as_str(), issue.parent),
        ("story", Some(ItemId(2)))
    );
    name_on(&mut world, &[]);
    let issue = world.issue(3);
    assert_eq!(
        (issue.parent, issue.parent_left),
        (None, Some(ParentLeft::Unfit))
    );
}

#[test]
fn of_several_types_one_that_fits_and_has_the_name_is_taken_unless_somebody_chose() {
    let (_, types) = tree();
    let mut world = World::of([candidate(1, "Feature", None)]);
    assert_eq!(
        (world.issue(1).remote_type.as_str(), world.issue(1).types),
        ("bug", vec!["bug".to_owned(), "story".to_owned()]),
        "the mapping's first"
    );
    world
        .mapping
        .types
        .push(pair_of(type_id(&types, "Feature"), "feature"));
    world
        .schema
        .types
        .push(remote_type("feature", "feature", 0));
    assert_eq!(world.issue(1).remote_type, "feature", "the name");
    world.schema.types[4].level = Some(-1);
    assert_eq!(world.issue(1).remote_type, "bug", "it has no parent");
    let chosen = world.all.get_mut(&ItemId(1)).expect("there");
    chosen.remote_type = Some("story".to_owned());
    assert_eq!(world.issue(1).remote_type, "story");
    let chosen = world.all.get_mut(&ItemId(1)).expect("there");
    chosen.remote_type = Some("epic".to_owned());
    check(&world, &[1], &["1 TypeNotMapped"]);
}

#[test]
fn only_what_is_mapped_and_goes_there_is_written_and_the_rest_says_why() {
    let mut world = World::of([candidate(1, "Epic", None)]);
    let item = &mut world.all.get_mut(&ItemId(1)).expect("there").item;
    item.values = BTreeMap::from([
        (LABELS, Value::labels(["a b".to_owned()])),
        (EFFORT, Value::number(3.0)),
        (VALUE, Value::number(5.0)),
        (
            SystemField::Importance.into(),
            Value::options([OptionId(7)]),
        ),
        (SystemField::Kano.into(), Value::options([OptionId(8)])),
    ]);
    for pair in &mut world.mapping.fields {
        match pair.remote_field.as_str() {
            "labels" => pair.direction = Direction::SetOnce,
            "effort" => pair.direction = Direction::FromRemote,
            _ => {}
        }
    }
    for field in &mut world.schema.fields {
        if field.id == "value" {
            field.on_create = Some(vec!["story".to_owned()]);
        }
    }
    let issue = world.issue(1);
    let written: Vec<(&str, &RemoteValue)> = issue
        .writes
        .iter()
        .map(|write| (write.remote.id.as_str(), &write.value))
        .collect();
    assert_eq!(
        written,
        [
            ("summary", &RemoteValue::Text("Epic 1".to_owned())),
            ("labels", &RemoteValue::Labels(vec!["a_b".to_owned()])),
        ]
    );
    let missing = LeftOut::Unsayable(Unsayable::NoChoice {
        option: OptionId(7),
        name: String::new(),
    });
    assert_eq!(
        issue.left_out,
        [
            (SystemField::Importance.into(), vec![missing]),
            (VALUE, vec![LeftOut::NotOnScreen]),
        ]
    );
}

#[test]
fn what_jira_demands_is_asked_for_unless_something_fills_it_in() {
    let mut world = World::of([candidate(1, "Epic", None)]);
    let demanded = ["summary", "epic-name", "parent", "risk", "labels"];
    world.schema.types[0].required_fields = demanded.map(str::to_owned).to_vec();
    let asked = |world: &World| -> Vec<String> {
        let issue = world.issue(1);
        issue.asked.into_iter().map(|field| field.id).collect()
    };
    assert_eq!(asked(&world), ["risk", "labels"]);
    let filled = world.issue(1).filled;
    assert_eq!(filled.len(), 1, "the name of the epic is its title");
    assert_eq!(filled[0].1, RemoteValue::Text("Epic 1".to_owned()));

    let own = world.all.get_mut(&ItemId(1)).expect("there");
    let labels = Value::labels(["a".to_owned()]);
    own.item.values = BTreeMap::from([(LABELS, labels)]);
    assert_eq!(asked(&world), ["risk"], "the item holds it");
    let choose = |world: &mut World, id: &str| {
        let choice = crate::fixtures::choice(id, id);
        let own = world.all.get_mut(&ItemId(1)).expect("there");
        own.answers = [("risk".to_owned(), RemoteValue::Choices(vec![choice]))].into();
    };
    choose(&mut world, "none of these");
    assert_eq!(asked(&world), ["risk"]);
    choose(&mut world, "high");
    assert_eq!(asked(&world), [""; 0]);
    assert_eq!(world.issue(1).filled.len(), 2);

    world.schema.types[0].required_fields = vec!["groups".to_owned()];
    check(&world, &[1], &["1 Demands([\"Watchers\"])"]);
}

#[test]
fn an_answer_fits_its_field() {
    let field = |kind| remote_field("f", "F", kind);
    let text = |text: &str| RemoteValue::Text(text.to_owned());
    let labels = |word: &str| RemoteValue::Labels(vec![word.to_owned()]);
    for (kind, value, fits) in [
        (RemoteKind::Text, text("a"), true),
        (RemoteKind::Text, text(" "), false),
        (RemoteKind::Text, text("a\nb"), false),
        (RemoteKind::RichText, text("a\nb"), true),
        (RemoteKind::Number, text("1"), false),
        (RemoteKind::Number, RemoteValue::Number(f64::NAN), false),
        (RemoteKind::Number, RemoteValue::Number(1.5), true),
        (RemoteKind::Labels, labels("a"), true),
        (RemoteKind::Labels, labels("a b"), false),
        (RemoteKind::Text, RemoteValue::None, false),
        (
            RemoteKind::SingleSelect,
            RemoteValue::Choices(vec![]),
            false,
        ),
    ] {
        assert_eq!(
            is_answer(&field(kind.clone()), &value),
            fits,
            "{kind:?} {value:?}"
        );
    }
}
