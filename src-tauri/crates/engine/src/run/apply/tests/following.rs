//! What changes at the remote without any field of an item changing for it.

use super::{Bench, below, below_key, blocks, issue, labels, person, sprint, with, words};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use store::run::RunCounts;
use store::run_due::Due;
use store::run_row::Action;
use sync::remote::RemoteIssue;
use workspace::value::{Reference, Relation};
use workspace::{FieldOption, SystemField, Value};

/// What stands of an import of one issue of which nothing changes here.
fn unchanged(read: u64) -> RunCounts {
    RunCounts {
        listed: read,
        read,
        unchanged: read,
        ..RunCounts::default()
    }
}

async fn sprints(bench: &Bench) -> Vec<FieldOption> {
    bench
        .read(|read| store::field_option::of_field(read, SystemField::Sprint.into()))
        .await
}

async fn due(bench: &Bench, run: store::RunId) -> usize {
    bench
        .read(move |read| {
            let note = store::run_due::next(read, run, Due::Note, None, 99)?;
            let link = store::run_due::next(read, run, Due::Link, None, 99)?;
            Ok(note.len() + link.len())
        })
        .await
}

/// Everything at once that an issue may hold.
fn full(id: &str) -> RemoteIssue {
    let issue = with(issue(id, "f"), "labels", labels(&["a"]));
    let issue = with(
        issue,
        "points",
        sync::remote::RemoteValue::Number(0.1 + 0.2),
    );
    let issue = with(issue, "assignee", person("ada", "Ada"));
    with(issue, "sprint", sprint("1", "One", Some(date(2026, 1, 5))))
}

#[tokio::test]
async fn an_issue_with_another_key_is_known_by_it_though_nothing_else_changed() {
    let mut bench = Bench::new().await;
    bench.import(&[full("x")]).await;
    let mut moved = full("x");
    moved.key = "NEW-7".into();
    moved.updated_at = Timestamp::from_second(2_000).ok();
    let run = bench.import(&[moved.clone()]).await;
    assert_eq!(bench.counts(run).await, unchanged(1));
    let link = bench.link("x").await.expect("linked");
    assert_eq!(link.seen.key, "NEW-7");
    assert_eq!(link.seen.updated_at, moved.updated_at);
}

#[tokio::test]
async fn an_import_of_what_is_known_has_nothing_to_note() {
    let mut bench = Bench::new().await;
    let issues = [issue("e", "e"), below(full("x"), "e"), full("y")];
    bench.import(&issues).await;
    let run = bench.planned(&issues).await;
    assert_eq!(due(&bench, run).await, 0);
    bench.apply(run).await;
    assert_eq!(bench.counts(run).await, unchanged(3));
    let entries = bench
        .read(move |read| store::journal::count_of_run(read, run))
        .await;
    assert_eq!(entries, 0);
}

#[tokio::test]
async fn what_both_sides_came_to_by_themselves_is_agreed_on() {
    let mut bench = Bench::new().await;
    let of = |list: &[&str]| [with(issue("x", "f"), "labels", labels(list))];
    bench.import(&of(&["a"])).await;
    bench
        .set("x", SystemField::Labels, words(&["a", "b"]))
        .await;
    let run = bench.import(&of(&["a", "b"])).await;
    assert_eq!(bench.counts(run).await, unchanged(1));
    let run = bench.import(&of(&["b"])).await;
    assert_eq!(bench.row(run, "x").await.action, Some(Action::Update));
    assert_eq!(bench.value("x", SystemField::Labels).await, words(&["b"]));
}

#[tokio::test]
async fn the_remotes_side_of_a_conflict_is_kept() {
    let mut bench = Bench::new().await;
    bench.import(&[issue("x", "f")]).await;
    bench
        .set("x", SystemField::StoryPoints, Value::number(3.0))
        .await;
    let there = sync::remote::RemoteValue::Number(5.0);
    let run = bench
        .import(&[with(issue("x", "f"), "points", there)])
        .await;
    let row = bench.row(run, "x").await;
    assert_eq!(row.reason.expect("a reason").code, "conflict");
    let link = bench.link("x").await.expect("linked");
    let memory = bench
        .read(move |read| store::link_field::of_link(read, link.id))
        .await;
    let points = &memory[&SystemField::StoryPoints.into()];
    assert_eq!(points.remote, Value::number(5.0));
    assert_eq!(points.base, Some(Value::None));
}

async fn check_sprint(after: (&str, Option<Date>), expected: &[(&str, Option<Date>)]) {
    let mut bench = Bench::new().await;
    let of = |id: &str, (name, ends_on)| with(issue(id, "f"), "sprint", sprint("1", name, ends_on));
    let before = ("One", Some(date(2026, 1, 5)));
    bench.import(&[of("x", before), of("y", before)]).await;
    let issues = [of("x", after), of("y", after)];
    let run = bench.planned(&issues).await;
    assert!(due(&bench, run).await <= 1, "one row tells of it for all");
    bench.apply(run).await;
    assert_eq!(bench.counts(run).await, unchanged(2));
    let sprints = sprints(&bench).await;
    let now: Vec<(&str, Option<Date>)> = sprints
        .iter()
        .map(|sprint| (sprint.name.as_str(), sprint.ends_on))
        .collect();
    assert_eq!(now, expected);
    let again = bench.planned(&issues).await;
    assert_eq!(due(&bench, again).await, 0);
}

#[tokio::test]
async fn a_sprint_is_followed_to_another_name_and_other_days() {
    let day = Some(date(2026, 1, 5));
    let later = Some(date(2026, 1, 9));
    check_sprint(("One", day), &[("One", day)]).await;
    check_sprint(("First", day), &[("First", day)]).await;
    check_sprint(("One", later), &[("One", later)]).await;
    check_sprint(("One", None), &[("One", day)]).await;
    check_sprint(("First", later), &[("First", later)]).await;
}

#[tokio::test]
async fn a_choice_that_was_found_by_its_name_stays_the_same_one_under_another() {
    let mut bench = Bench::new().await;
    bench
        .write(|tx| {
            let field = SystemField::Sprint.into();
            store::field_option::create(tx, &store::field_option::NewOption::named(field, "One"))
        })
        .await;
    for name in ["one", "First"] {
        let of = with(issue("x", "f"), "sprint", sprint("1", name, None));
        bench.import(&[of]).await;
    }
    assert_eq!(sprints(&bench).await.len(), 1);
}

#[tokio::test]
async fn a_person_is_followed_to_another_name() {
    let mut bench = Bench::new().await;
    for name in ["Ada", "Ada L.", "Ada L.", ""] {
        let of = with(issue("x", "f"), "assignee", person("ada", name));
        bench.import(&[of]).await;
    }
    let people = bench.read(store::person::list).await;
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ada L."]);
}

#[tokio::test]
async fn a_parent_of_an_earlier_import_is_found_by_its_key() {
    let mut bench = Bench::new().await;
    bench.import(&[issue("p", "e")]).await;
    bench.import(&[below_key(issue("x", "f"), "P-p")]).await;
    let parent = bench.id("p").await;
    assert_eq!(bench.item("x").await.expect("here").parent, Some(parent));
}

#[tokio::test]
async fn a_dependency_on_an_item_that_comes_later_is_set_in_the_same_import() {
    let mut bench = Bench::new().await;
    let blocker = with(issue("x", "f"), "links", blocks("y"));
    let known = |item| {
        Value::references([Reference {
            item,
            relation: Relation::Blocks,
        }])
    };
    let first = bench.import(std::slice::from_ref(&blocker)).await;
    assert_eq!(
        bench.value("x", SystemField::Dependencies).await,
        Value::None
    );
    assert_eq!(bench.counts(first).await.created, 1);
    let both = [blocker.clone(), issue("y", "f")];
    let run = bench.import(&both).await;
    let expected = known(bench.id("y").await);
    assert_eq!(bench.value("x", SystemField::Dependencies).await, expected);
    let counts = bench.counts(run).await;
    assert_eq!(
        (counts.created, counts.updated, counts.unchanged),
        (1, 1, 0),
        "{counts:?}"
    );
    let again = bench.import(&both).await;
    assert_eq!(bench.counts(again).await, unchanged(2));
    assert_eq!(bench.undo(run).await, (2, 0));
    assert_eq!(
        bench.value("x", SystemField::Dependencies).await,
        Value::None
    );
}

#[tokio::test]
async fn two_issues_of_one_import_may_depend_on_each_other() {
    let mut bench = Bench::new().await;
    let issues = [
        with(issue("x", "f"), "links", blocks("y")),
        with(issue("y", "f"), "links", blocks("x")),
    ];
    bench.import(&issues).await;
    for (one, other) in [("x", "y"), ("y", "x")] {
        let expected = Value::references([Reference {
            item: bench.id(other).await,
            relation: Relation::Blocks,
        }]);
        assert_eq!(bench.value(one, SystemField::Dependencies).await, expected);
    }
    let run = bench.planned(&issues).await;
    assert_eq!(due(&bench, run).await, 0);
}
