use super::*;
use crate::convert::Lookup;
use crate::fixtures::{
    choice, core_schema, custom, field_pair, issue, pair_of, person, remote_field, status,
    system_fields, tree, type_id, with_role,
};
use crate::mapping::{Direction, Mapping, StatusRule, ValuePair, Winner};
use crate::remote::{RemoteIssue, RemoteKind, RemoteValue, Role, Schema};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;
use workspace::{
    AreaId, Kind, OptionId, PersonId, Rank, RichFormat, RichText, StatusCategory, SystemField,
};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const IMPORTANCE: FieldKey = FieldKey::System(SystemField::Importance);
const STATUS: FieldKey = FieldKey::System(SystemField::Status);
const DEV_STATUS: FieldKey = FieldKey::System(SystemField::DevStatus);
const SPRINT: FieldKey = FieldKey::System(SystemField::Sprint);
const DEV_ASSIGNEE: FieldKey = FieldKey::System(SystemField::DevAssignee);
const DESCRIPTION: FieldKey = FieldKey::System(SystemField::Description);
const LABELS: FieldKey = FieldKey::System(SystemField::Labels);
const EFFORT: FieldKey = FieldKey::System(SystemField::Effort);

/// Knows the people and choices that were recorded in it, by the remote's ids.
#[derive(Default)]
struct Recorded(BTreeSet<String>);

impl Lookup for Recorded {
    fn option(&self, _field: FieldKey, remote_option: &str) -> Option<OptionId> {
        self.0.contains(remote_option).then_some(OptionId(100))
    }

    fn option_by_name(&self, _field: FieldKey, _name: &str) -> Option<OptionId> {
        None
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        self.0.contains(remote_person).then_some(PersonId(200))
    }

    fn item(&self, _remote_issue: &str) -> Option<ItemId> {
        None
    }
}

fn schema() -> Schema {
    let mut schema = core_schema();
    schema
        .fields
        .push(with_role("labels", RemoteKind::Labels, Role::Labels));
    schema
        .fields
        .push(remote_field("effort", "Effort", RemoteKind::Number));
    schema
}

/// Stories become features; the core, labels and effort are mapped, and High is High.
fn mapping() -> Mapping {
    let (_, types) = tree();
    let mut fields = crate::fields::core_pairs(&system_fields(), &schema()).pairs;
    fields[2].values = vec![ValuePair {
        remote_option: "high".into(),
        option: OptionId(1),
    }];
    fields.push(field_pair(LABELS, "labels"));
    fields.push(field_pair(EFFORT, "effort"));
    Mapping {
        types: vec![
            pair_of(type_id(&types, "Feature"), "story"),
            pair_of(type_id(&types, "Bug"), "bug"),
        ],
        fields,
        statuses: vec![],
        status_rule: StatusRule::default(),
    }
}

fn planner_of(mapping: &Mapping, include_closed: bool) -> Planner {
    let (levels, types) = tree();
    Planner::new(
        mapping,
        &levels,
        &types,
        &system_fields(),
        &schema(),
        include_closed,
    )
}

fn planner() -> Planner {
    planner_of(&mapping(), false)
}

fn item(values: &[(FieldKey, Value)]) -> Item {
    let (_, types) = tree();
    Item {
        id: ItemId(1),
        item_type: type_id(&types, "Feature"),
        title: "Title".into(),
        parent: None,
        area: AreaId(1),
        rank: Rank::nth(1),
        created_at: Timestamp::UNIX_EPOCH,
        values: values.iter().cloned().collect(),
    }
}

fn raw_status() -> (FieldKey, Value) {
    (DEV_STATUS, Value::text("In Progress"))
}

/// Decides about an item that agreed on `bases` (and title and raw status) and holds `values`.
fn decide_linked(
    planner: &Planner,
    bases: &[(FieldKey, Value)],
    values: &[(FieldKey, Value)],
    issue: &RemoteIssue,
) -> Decision {
    let mut values = values.to_vec();
    values.push(raw_status());
    let bases: BTreeMap<FieldKey, Value> = bases
        .iter()
        .cloned()
        .chain([raw_status(), (TITLE, Value::text("Title"))])
        .collect();
    let item = item(&values);
    let twin = Twin::Linked {
        item: &item,
        bases: &bases,
        remote_type: Some("story"),
    };
    planner.decide(issue, twin, &Recorded::default())
}

fn number(number: f64) -> RemoteValue {
    RemoteValue::Number(number)
}

fn changes(decision: &Decision) -> Vec<(FieldKey, Value)> {
    match &decision.action {
        Action::Update(update) => update
            .changes
            .iter()
            .map(|change| (change.field, change.after.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

#[track_caller]
fn check_skip(planner: &Planner, issue: &RemoteIssue, twin: Twin<'_>, reason: SkipReason) {
    let decision = planner.decide(issue, twin, &Recorded::default());
    assert_eq!(decision.action, Action::Skip(reason));
}

#[test]
fn of_what_was_sent_without_an_answer_only_lists_are_agreed_on_in_part() {
    let (base, sent, told) = (
        Value::options([OptionId(1)]),
        Value::options([OptionId(2)]),
        Value::options([OptionId(3)]),
    );
    let part = planner().arrived(IMPORTANCE, Some(&base), &sent, &told);
    assert_eq!(part, None, "a choice is one thing");
    let [base, sent, told] = [vec!["a"], vec!["a", "b"], vec!["a", "b", "c"]].map(Value::labels);
    let part = planner().arrived(LABELS, Some(&base), &sent, &told);
    assert_eq!(part, Some(sent));
}

#[test]
fn an_issue_that_nobody_knows_becomes_an_item_with_its_values() {
    let issue = issue(
        "Title",
        &[
            (
                "priority",
                RemoteValue::Choices(vec![choice("high", "High")]),
            ),
            ("labels", RemoteValue::Labels(vec!["b".into(), "a".into()])),
            ("effort", number(3.0)),
        ],
    );
    let decision = planner().decide(&issue, Twin::None, &Recorded::default());
    let (_, types) = tree();
    assert_eq!(
        decision.action,
        Action::Create(Draft {
            item_type: type_id(&types, "Feature"),
            title: "Title".into(),
            values: BTreeMap::from([
                (IMPORTANCE, Value::options([OptionId(1)])),
                (LABELS, Value::labels(["a", "b"])),
                (EFFORT, Value::number(3.0)),
                raw_status(),
            ]),
        })
    );
    assert_eq!(decision.bases.get(&EFFORT), Some(&Value::number(3.0)));
    assert_eq!(decision.bases.get(&TITLE), Some(&Value::text("Title")));
    assert!(!decision.is_pending());
}

#[test]
fn a_created_item_meets_its_issue_again_unchanged() {
    let issue = issue("Title", &[("effort", number(3.0))]);
    let decision = planner().decide(&issue, Twin::None, &Recorded::default());
    let Action::Create(draft) = decision.action else {
        panic!("an unknown issue becomes an item");
    };
    let item = Item {
        values: draft.values,
        ..item(&[])
    };
    let twin = Twin::Linked {
        item: &item,
        bases: &decision.bases,
        remote_type: Some("story"),
    };
    let again = planner().decide(&issue, twin, &Recorded::default());
    assert_eq!(again.action, Action::Unchanged { item: item.id });
    assert_eq!(again.bases, BTreeMap::new());
}

#[test]
fn issues_that_are_left_alone_say_why() {
    let planner = planner();
    let plain = issue("Title", &[]);
    let unmapped = RemoteIssue {
        type_id: "epic".into(),
        ..plain.clone()
    };
    let remote_type = "epic".to_owned();
    check_skip(
        &planner,
        &unmapped,
        Twin::None,
        SkipReason::TypeNotMapped { remote_type },
    );
    check_skip(
        &planner,
        &issue(" \n", &[]),
        Twin::None,
        SkipReason::NoTitle,
    );
    let item = ItemId(1);
    check_skip(
        &planner,
        &plain,
        Twin::Severed { item },
        SkipReason::Severed,
    );
    check_skip(
        &planner,
        &plain,
        Twin::Elsewhere { item },
        SkipReason::LinkedElsewhere,
    );
}

#[test]
fn closed_issues_are_left_alone_unless_asked_for_or_linked() {
    let mut closed = issue("Title", &[]);
    closed.status = status("9", "In Progress", StatusCategory::Done);
    check_skip(&planner(), &closed, Twin::None, SkipReason::Closed);
    let asked = planner_of(&mapping(), true);
    let decision = asked.decide(&closed, Twin::None, &Recorded::default());
    assert!(matches!(decision.action, Action::Create(_)));
    let linked = decide_linked(&planner(), &[], &[], &closed);
    assert!(!matches!(linked.action, Action::Skip(_)));
}

#[test]
fn what_the_remote_changed_is_taken_and_what_the_workspace_changed_is_kept() {
    let old = Value::number(1.0);
    let taken = decide_linked(
        &planner(),
        &[(EFFORT, old.clone())],
        &[(EFFORT, old.clone())],
        &issue("New title", &[("effort", number(2.0))]),
    );
    assert_eq!(
        changes(&taken),
        [
            (TITLE, Value::text("New title")),
            (EFFORT, Value::number(2.0))
        ]
    );
    assert_eq!(taken.bases.get(&EFFORT), Some(&Value::number(2.0)));
    let kept = decide_linked(
        &planner(),
        &[(EFFORT, old)],
        &[(EFFORT, Value::number(5.0))],
        &issue("Title", &[("effort", number(1.0))]),
    );
    assert_eq!(kept.action, Action::Unchanged { item: ItemId(1) });
    assert_eq!(kept.sends, [EFFORT]);
}

#[test]
fn what_both_changed_waits_and_the_rest_goes_on() {
    let decision = decide_linked(
        &planner(),
        &[(EFFORT, Value::number(1.0))],
        &[(EFFORT, Value::number(2.0))],
        &issue("New", &[("effort", number(3.0))]),
    );
    assert_eq!(changes(&decision), [(TITLE, Value::text("New"))]);
    assert_eq!(
        decision.conflicts,
        [FieldConflict {
            field: EFFORT,
            base: Some(Value::number(1.0)),
            workspace: Value::number(2.0),
            remote: Value::number(3.0),
        }]
    );
    assert_eq!(decision.bases.get(&EFFORT), None);
}

#[test]
fn labels_of_both_sides_merge() {
    let decision = decide_linked(
        &planner(),
        &[(LABELS, Value::labels(["a"]))],
        &[(LABELS, Value::labels(["a", "here"]))],
        &issue(
            "Title",
            &[("labels", RemoteValue::Labels(vec!["there".into()]))],
        ),
    );
    assert_eq!(
        changes(&decision),
        [(LABELS, Value::labels(["here", "there"]))]
    );
    assert_eq!(decision.bases.get(&LABELS), Some(&Value::labels(["there"])));
    assert_eq!(decision.sends, [LABELS]);
}

#[test]
fn what_loses_something_on_its_way_is_not_put_together() {
    let (levels, types) = tree();
    let (mut schema, mut mapping) = (schema(), mapping());
    (schema.fields).push(remote_field("notes", "Notes", RemoteKind::LongText));
    mapping.fields.retain(|pair| pair.field != DESCRIPTION);
    mapping.fields.push(field_pair(DESCRIPTION, "notes"));
    let planner = Planner::new(&mapping, &levels, &types, &system_fields(), &schema, false);
    let rich = |format, source: &str, plain: &str| {
        Value::RichText(RichText {
            format,
            source: source.to_owned(),
            plain: plain.to_owned(),
        })
    };
    let (agreed, there) = ("One\nTwo\nThree", "One\nTwo\nThree there");
    let here = rich(
        RichFormat::Wiki,
        "h1. One here\nTwo\nThree",
        "One here\nTwo\nThree",
    );
    let decision = decide_linked(
        &planner,
        &[(DESCRIPTION, rich(RichFormat::Plain, agreed, agreed))],
        &[(DESCRIPTION, here)],
        &issue("Title", &[("notes", RemoteValue::Text(there.into()))]),
    );
    assert_eq!(changes(&decision), []);
    assert_eq!(decision.conflicts.len(), 1);
}

#[test]
fn a_choice_without_counterpart_blanks_nothing() {
    let high = Value::options([OptionId(1)]);
    let other = RemoteValue::Choices(vec![choice("odd", "Odd")]);
    let decision = decide_linked(
        &planner(),
        &[(IMPORTANCE, high.clone())],
        &[(IMPORTANCE, high)],
        &issue("Title", &[("priority", other)]),
    );
    assert_eq!(decision.action, Action::Unchanged { item: ItemId(1) });
    assert_eq!(decision.notes.len(), 1);
    // Nor is it taken for nothing when the field is edited here.
    assert_eq!(
        decision.observed.get(&IMPORTANCE),
        Some(&Value::text("Odd"))
    );
    let mut here = item(&[(IMPORTANCE, Value::options([OptionId(2)]))]);
    for base in [None, Some(Value::options([OptionId(1)]))] {
        let bases = base.into_iter().map(|base| (IMPORTANCE, base)).collect();
        let pending = planner().pending(&here, &bases, &decision.observed, &Recorded::default());
        assert_eq!(
            (pending.sends, pending.conflicts),
            (vec![], vec![IMPORTANCE])
        );
    }
    here = item(&[(IMPORTANCE, Value::options([OptionId(1)]))]);
    let bases = BTreeMap::from([(IMPORTANCE, Value::options([OptionId(1)]))]);
    let pending = planner().pending(&here, &bases, &decision.observed, &Recorded::default());
    assert_eq!(pending, Pending::default());
}

#[test]
fn a_lost_title_blanks_nothing() {
    let decision = decide_linked(&planner(), &[], &[], &issue(" ", &[]));
    assert_eq!(decision.action, Action::Unchanged { item: ItemId(1) });
}

#[test]
fn a_new_sprint_and_a_new_person_are_recorded_first() {
    let sprint = RemoteValue::Choices(vec![choice("s1", "Sprint 1")]);
    let person = RemoteValue::People(vec![person("p1", "Ada")]);
    let issue = issue("Title", &[("sprint", sprint), ("assignee", person)]);
    let pending = planner().decide(&issue, Twin::None, &Recorded::default());
    assert!(pending.is_pending());
    assert_eq!(pending.wants.len(), 2);
    let recorded = Recorded(["s1".to_owned(), "p1".to_owned()].into());
    let whole = planner().decide(&issue, Twin::None, &recorded);
    assert!(!whole.is_pending());
    assert_eq!(
        whole.bases.get(&SPRINT),
        Some(&Value::options([OptionId(100)]))
    );
    assert_eq!(
        whole.bases.get(&DEV_ASSIGNEE),
        Some(&Value::people([PersonId(200)]))
    );
}

#[test]
fn an_item_with_a_sprint_yet_to_be_recorded_counts_as_changed() {
    let sprint = RemoteValue::Choices(vec![choice("s1", "Sprint 1")]);
    let decision = decide_linked(&planner(), &[], &[], &issue("Title", &[("sprint", sprint)]));
    assert!(decision.is_pending());
    assert!(matches!(decision.action, Action::Update(_)));
}

#[test]
fn a_pair_to_the_remote_fills_nothing_here() {
    let mut mapping = mapping();
    for pair in &mut mapping.fields {
        if pair.field == EFFORT {
            pair.direction = Direction::ToRemote;
            pair.winner = Winner::Workspace;
        }
    }
    let planner = planner_of(&mapping, false);
    let issue = issue("Title", &[("effort", number(1.0))]);
    let decision = planner.decide(&issue, Twin::None, &Recorded::default());
    let Action::Create(draft) = &decision.action else {
        panic!("an unknown issue becomes an item");
    };
    assert_eq!(draft.values.get(&EFFORT), None);
    assert_eq!(decision.bases.get(&EFFORT), None);
    assert_eq!(decision.observed.get(&EFFORT), Some(&Value::number(1.0)));
    let edited = [(EFFORT, Value::number(2.0))];
    let decision = decide_linked(&planner, &[], &edited, &issue);
    assert_eq!(decision.sends, [EFFORT]);
}

#[test]
fn the_remotes_change_of_type_is_followed_and_the_workspaces_is_not_undone() {
    let (_, types) = tree();
    let mut bug = issue("Title", &[]);
    bug.type_id = "bug".into();
    let decision = decide_linked(&planner(), &[], &[], &bug);
    let Action::Update(update) = decision.action else {
        panic!("a change of type is an update");
    };
    assert_eq!(
        update.item_type,
        Some(TypeChange {
            before: type_id(&types, "Feature"),
            after: type_id(&types, "Bug"),
        })
    );
    let mut retyped = item(&[raw_status()]);
    retyped.item_type = type_id(&types, "Task");
    let bases = BTreeMap::from([raw_status(), (TITLE, Value::text("Title"))]);
    let twin = Twin::Linked {
        item: &retyped,
        bases: &bases,
        remote_type: Some("story"),
    };
    let decision = planner().decide(&issue("Title", &[]), twin, &Recorded::default());
    assert_eq!(decision.action, Action::Unchanged { item: ItemId(1) });
}

#[test]
fn pairs_that_lost_a_side_are_passed_over() {
    let mut mapping = mapping();
    mapping.fields.push(field_pair(EFFORT, "gone"));
    mapping
        .fields
        .push(field_pair(custom(9, "", Kind::Text).key, "effort"));
    mapping
        .types
        .push(pair_of(workspace::ItemTypeId(99), "task"));
    let planner = planner_of(&mapping, false);
    assert!(!planner.reads("gone"));
    assert_eq!(planner.item_type("task"), None);
}

#[test]
fn parents_have_their_turn_before_their_children() {
    let (_, types) = tree();
    let mut mapping = mapping();
    mapping.types.push(pair_of(type_id(&types, "Epic"), "epic"));
    mapping.types.push(pair_of(type_id(&types, "Story"), "sub"));
    let planner = planner_of(&mapping, false);
    let rank = |remote: &str| planner.apply_rank(remote);
    assert!(rank("epic") < rank("story"));
    assert!(rank("story") < rank("sub"));
    assert_eq!(rank("other"), None);
}

proptest! {
    #[test]
    fn deciding_never_fails_and_idle_is_silent(
        title in "[ A-Ca-c\n]{0,4}",
        effort in proptest::option::of(-2.0..2.0_f64),
        labels in proptest::collection::vec("[ab]", 0..3),
        here in proptest::option::of(-2.0..2.0_f64),
        closed: bool,
    ) {
        let mut remote = issue(&title, &[
            ("effort", effort.map_or(RemoteValue::None, number)),
            ("labels", RemoteValue::Labels(labels)),
        ]);
        if closed {
            remote.status.category = StatusCategory::Done;
        }
        let values: Vec<(FieldKey, Value)> =
            here.map(|here| (EFFORT, Value::number(here))).into_iter().collect();
        let first = decide_linked(&planner(), &[], &values, &remote);
        // Apply what was decided and ask again: nothing is left to do.
        let mut item = item(&values);
        item.values.extend([raw_status()]);
        let mut bases = BTreeMap::from([raw_status(), (TITLE, Value::text("Title"))]);
        bases.extend(first.bases.clone());
        for (field, value) in changes(&first) {
            if let (TITLE, Value::Text(text)) = (field, &value) {
                item.title.clone_from(text);
            } else {
                item.values.insert(field, value);
            }
        }
        let twin = Twin::Linked { item: &item, bases: &bases, remote_type: Some("story") };
        let second = planner().decide(&remote, twin, &Recorded::default());
        prop_assert_eq!(second.action, Action::Unchanged { item: item.id });
        prop_assert_eq!(second.bases, BTreeMap::new());
        prop_assert_eq!(second.conflicts, first.conflicts);
    }
}

mod statuses;
