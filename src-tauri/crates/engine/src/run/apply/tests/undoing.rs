//! What is taken back is as it was, for the eyes and for the next import.

use super::{Bench, below, closed, issue, labels, with, words};
use store::run_row::Action;
use workspace::SystemField;

#[tokio::test]
async fn a_parent_that_is_gone_is_not_gone_back_to_and_nothing_stands_still_for_it() {
    let mut bench = Bench::new().await;
    let first = bench
        .import(&[
            issue("p", "e"),
            issue("q", "e"),
            below(issue("x", "f"), "p"),
        ])
        .await;
    let retitled = with(
        below(issue("x", "f"), "q"),
        "summary",
        sync::remote::RemoteValue::Text("Elsewhere".into()),
    );
    let second = bench.import(&[retitled]).await;
    // The item was changed since, and what stands above it stays; the parent before has nothing below it.
    assert_eq!(bench.undo(first).await, (1, 2));
    assert!(bench.item("p").await.is_none());
    assert_eq!(bench.undo(second).await, (1, 1));
    let item = bench.item("x").await.expect("it stays");
    assert_eq!(item.title, "Issue x");
    assert_eq!(item.parent, Some(bench.id("q").await));
}

#[tokio::test]
async fn a_move_and_a_type_that_were_taken_back_are_offered_again() {
    let mut bench = Bench::new().await;
    let above = [issue("p", "e"), issue("q", "e")];
    bench.import(&above).await;
    bench.import(&[below(issue("x", "f"), "p")]).await;
    let moved = [below(issue("x", "b"), "q")];
    let (p, q) = (bench.id("p").await, bench.id("q").await);
    let before = bench.item("x").await.expect("here");
    let run = bench.import(&moved).await;
    let after = bench.item("x").await.expect("here");
    assert_eq!((before.parent, after.parent), (Some(p), Some(q)));
    assert_ne!(before.item_type, after.item_type);
    assert_eq!(bench.undo(run).await, (2, 0));
    let undone = bench.item("x").await.expect("here");
    assert_eq!(undone.parent, Some(p));
    assert_eq!(undone.item_type, before.item_type);
    let link = bench.link("x").await.expect("linked");
    assert_eq!(link.base_parent, Some(p));
    assert_eq!(link.seen.remote_type, "f");
    let again = bench.import(&moved).await;
    assert_eq!(bench.row(again, "x").await.action, Some(Action::Update));
    let item = bench.item("x").await.expect("here");
    assert_eq!((item.parent, item.item_type), (Some(q), after.item_type));
}

#[tokio::test]
async fn what_was_put_together_comes_apart_without_a_loss() {
    let mut bench = Bench::new().await;
    let of = |list: &[&str]| [with(issue("x", "f"), "labels", labels(list))];
    bench.import(&of(&["a"])).await;
    bench
        .set("x", SystemField::Labels, words(&["a", "b"]))
        .await;
    let merge = bench.import(&of(&["a", "c"])).await;
    let both = words(&["a", "b", "c"]);
    assert_eq!(bench.value("x", SystemField::Labels).await, both);
    assert_eq!(bench.undo(merge).await, (1, 0));
    let ours = words(&["a", "b"]);
    assert_eq!(bench.value("x", SystemField::Labels).await, ours);
    bench.import(&of(&["a", "c"])).await;
    assert_eq!(bench.value("x", SystemField::Labels).await, both);
}

#[tokio::test]
async fn a_child_of_an_issue_that_is_passed_over_stands_at_the_top_wherever_it_was_listed() {
    let mut bench = Bench::new().await;
    let child = below(issue("x", "f"), "p");
    let parent = closed(issue("p", "e"));
    for issues in [
        [child.clone(), parent.clone()],
        [parent.clone(), child.clone()],
    ] {
        let run = bench.planned(&issues).await;
        let row = bench.row(run, "x").await;
        assert_eq!(row.reason.expect("a reason").code, "parent_skipped");
    }
}
