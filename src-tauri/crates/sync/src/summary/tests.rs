use super::*;
use crate::fixtures::{choice, person};
use crate::plan::{Draft, FieldChange, Update};
use workspace::{ItemId, ItemTypeId, SystemField, Value};

fn decision(action: Action) -> Decision {
    Decision {
        action,
        wants: Vec::new(),
        news: Vec::new(),
        notes: Vec::new(),
        conflicts: Vec::new(),
        sends: Vec::new(),
        bases: BTreeMap::new(),
        observed: BTreeMap::new(),
    }
}

fn created() -> Decision {
    decision(Action::Create(Draft {
        item_type: ItemTypeId(1),
        title: "Title".into(),
        values: BTreeMap::new(),
    }))
}

#[test]
fn issues_are_counted_by_action_type_and_reason() {
    let mut summary = Summary::default();
    let effort = SystemField::Effort.into();
    summary.add("story", &created(), Some(ParentNote::OutsideScope));
    summary.add("bug", &created(), None);
    summary.add(
        "story",
        &decision(Action::Update(Update {
            item: ItemId(1),
            item_type: None,
            changes: vec![FieldChange {
                field: effort,
                before: Value::None,
                after: Value::number(1.0),
            }],
        })),
        None,
    );
    let item = ItemId(2);
    summary.add("story", &decision(Action::Unchanged { item }), None);
    summary.add("bug", &decision(Action::Skip(SkipReason::Closed)), None);
    let counts = |created, updated, unchanged, skipped| Counts {
        created,
        updated,
        unchanged,
        skipped,
    };
    assert_eq!(summary.all, counts(2, 1, 1, 1));
    assert_eq!(summary.all.total(), 5);
    assert_eq!(summary.by_type["story"], counts(1, 1, 1, 0));
    assert_eq!(summary.by_type["bug"], counts(1, 0, 0, 1));
    assert_eq!(summary.skipped, BTreeMap::from([(SkipReason::Closed, 1)]));
    assert_eq!(
        summary.parents,
        BTreeMap::from([(ParentNote::OutsideScope, 1)])
    );
    assert_eq!(summary.changes, BTreeMap::from([(effort, 1)]));
}

#[test]
fn a_new_choice_or_person_counts_once_however_many_issues_name_it() {
    let mut summary = Summary::default();
    let field = SystemField::Sprint.into();
    let odd = SystemField::Importance.into();
    for _ in 0..3 {
        let mut decision = created();
        let choice = choice("1", "Sprint 1");
        decision.wants = vec![
            Want::Option {
                field,
                choice: choice.clone(),
            },
            Want::Person(person("p", "Ada")),
        ];
        let note = Note::Unmapped { field: odd, choice };
        decision.notes = vec![note.clone(), note];
        summary.add("story", &decision, None);
    }
    assert_eq!(summary.new_choices[&field].len(), 1);
    assert_eq!(summary.new_people.len(), 1);
    assert_eq!(summary.left_out, BTreeMap::from([(odd, 3)]));
}
