//! Runs, their rows, and the journal.

use crate::journal::{self, Base, Change};
use crate::run::{self, Reason, RunCounts, RunState, UndoProgress};
use crate::run_due::{self, Due};
use crate::run_row::{
    self, Action, Applied, Decision, PlanCount, ReadRow, RowFilter, RowState, RunRow,
};
use crate::testing::{at, issue, system, world};
use crate::{ConstraintKind, JournalSeq, Read, RowSeq, RunId, StoreError, WriteTx};
use sync::remote::{ParentRef, RemoteIssue};
use workspace::{ItemId, ItemTypeId, SystemField, Value};

fn reason(code: &str) -> Reason {
    Reason {
        code: code.into(),
        detail: "more".into(),
    }
}

fn counts(read: &Read<'_>, run: RunId) -> RunCounts {
    run::get(read, run).expect("reads").expect("made").counts
}

fn is_wrong_state<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(
        outcome,
        Err(StoreError::Constraint {
            kind: ConstraintKind::Check,
            ..
        })
    )
}

/// A run whose rows were read: epics `1` and `2`, and features `3`, `4`, `5` listed before them.
fn read_run(tx: &WriteTx<'_>, integration: crate::IntegrationId) -> Result<RunId, StoreError> {
    let run = run::create(tx, integration, run::RunKind::Import, "", at(0))?;
    assert_eq!(run_row::add_listed(tx, run, &["3", "4", "5", "1", "2"])?, 5);
    let rows: Vec<ReadRow> = run_row::next_listed(tx, run, None, 99)?
        .into_iter()
        .map(|(seq, id)| {
            ReadRow::new(
                seq,
                if id.as_str() < "3" { 1 } else { 2 },
                issue(&id, &format!("PAY-{id}")),
            )
        })
        .collect();
    assert_eq!(run_row::store_read(tx, run, &rows)?, 5);
    Ok(run)
}

fn decide(
    tx: &WriteTx<'_>,
    run: RunId,
    decisions: &[(&str, Action, Option<Reason>)],
) -> Result<(), StoreError> {
    let ids: Vec<&str> = decisions.iter().map(|decision| decision.0).collect();
    let rows = run_row::by_remote_ids(tx, run, &ids)?;
    let decisions: Vec<Decision> = decisions
        .iter()
        .map(|(id, action, reason)| Decision {
            seq: rows[*id].seq,
            action: *action,
            reason: reason.clone(),
            item: None,
        })
        .collect();
    run_row::set_decisions(tx, run, &decisions)
}

fn next(read: &Read<'_>, run: RunId, limit: u32) -> Result<Vec<String>, StoreError> {
    let rows = run_row::next_to_apply(read, run, None, limit)?;
    Ok(rows.into_iter().map(|(row, _)| row.remote_id).collect())
}

#[tokio::test]
async fn a_page_of_a_listing_may_come_twice() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = world.run;
            assert_eq!(run_row::add_listed(tx, run, &["10008", "10009"])?, 1);
            run::set_cursor(tx, run, "token-2")?;
            run::set_expected(tx, run, 40)?;
            let now = run::get(tx, run)?.expect("made");
            assert_eq!((now.counts.listed, now.counts.read), (3, 1));
            assert_eq!(
                (now.cursor.as_deref(), now.expected),
                (Some("token-2"), Some(40))
            );
            let left = run_row::next_listed(tx, run, None, 9)?;
            let ids: Vec<&str> = left.iter().map(|row| row.1.as_str()).collect();
            assert_eq!(ids, ["10008", "10009"]);
            let after = run_row::next_listed(tx, run, Some(left[0].0), 9)?;
            assert_eq!(after, left[1..]);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_issue_is_kept_as_it_was_read_and_read_once() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let rows = run_row::read_after(tx, world.run, None, 9)?;
            let (row, kept) = &rows[0];
            assert_eq!(*kept, issue("10007", "PAY-7"));
            assert_eq!(
                (row.state, row.depth, row.action),
                (RowState::Read, 2, None)
            );
            assert_eq!(row.parent, Some(ParentRef::Key("PAY-1".into())));
            let again = ReadRow::new(row.seq, 0, issue("10007", "OTHER-1"));
            assert_eq!(run_row::store_read(tx, world.run, &[again])?, 0);
            run_row::add_listed(tx, world.run, &["10010"])?;
            let listed = run_row::next_listed(tx, world.run, Some(row.seq), 9)?;
            let more = ReadRow::new(
                listed.last().expect("listed").0,
                1,
                issue("10010", "PAY-10"),
            );
            assert_eq!(run_row::store_read(tx, world.run, &[more])?, 1);
            let found = run_row::by_remote_keys(tx, world.run, &["PAY-10", "PAY-11"])?;
            assert_eq!(found["PAY-10"].remote_id, "10010");
            assert_eq!(
                run_row::read_after(tx, world.run, Some(row.seq), 9)?.len(),
                1
            );
            assert_eq!(counts(tx, world.run).read, 2);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn parents_are_applied_before_their_parts_and_nothing_twice() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            decide(
                tx,
                run,
                &[
                    ("1", Action::Create, None),
                    ("2", Action::Unchanged, None),
                    ("3", Action::Create, None),
                    ("4", Action::Update, None),
                    ("5", Action::Skip, Some(reason("closed"))),
                ],
            )?;
            assert_eq!(next(tx, run, 9)?, ["1", "3", "4"]);
            assert_eq!(next(tx, run, 1)?, ["1"]);
            let rows = run_row::by_remote_ids(tx, run, &["1", "3", "4"])?;
            let done = [(rows["1"].seq, world.parent, Applied::Created)];
            run_row::mark_applied(tx, run, &done)?;
            run_row::mark_applied(tx, run, &done)?;
            run_row::mark_failed(tx, run, &[(rows["3"].seq, reason("rejected"))])?;
            run_row::mark_skipped(tx, run, &[(rows["4"].seq, reason("moved_on"))])?;
            assert!(next(tx, run, 9)?.is_empty());
            run_row::settle_rest(tx, run)?;
            run_row::settle_rest(tx, run)?;
            let expected = RunCounts {
                listed: 5,
                read: 5,
                created: 1,
                updated: 0,
                unchanged: 1,
                skipped: 2,
                failed: 1,
                excluded: 0,
            };
            assert_eq!(counts(tx, run), expected);
            let row = &run_row::by_remote_ids(tx, run, &["1"])?["1"];
            assert_eq!(
                (row.state, row.item),
                (RowState::Applied, Some(world.parent))
            );
            let (_, kept) = run_row::get(tx, run, row.seq)?.expect("listed");
            assert_eq!(kept, Some(issue("1", "PAY-1")));
            assert_eq!(run_row::drop_ended_payloads(tx, 9)?, 0, "nothing has ended");
            run::set_state(tx, run, RunState::Done, at(9))?;
            run_row::drop_ended_payloads(tx, 9)?;
            assert_eq!(run_row::get(tx, run, row.seq)?, Some((row.clone(), None)));
            assert_eq!(run_row::get(tx, world.run, row.seq)?, None);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_plan_is_made_again_until_it_is_applied() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            decide(tx, run, &[("1", Action::Skip, Some(reason("closed")))])?;
            decide(tx, run, &[("1", Action::Create, None)])?;
            let row = run_row::by_remote_ids(tx, run, &["1"])?
                .remove("1")
                .expect("listed");
            assert_eq!((row.action, row.reason), (Some(Action::Create), None));
            run_row::mark_applied(tx, run, &[(row.seq, world.parent, Applied::Created)])?;
            decide(tx, run, &[("1", Action::Skip, None)])?;
            let row = &run_row::by_remote_ids(tx, run, &["1"])?["1"];
            assert_eq!(
                row.action,
                Some(Action::Create),
                "what is done stays as it was done"
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_plan_is_counted_and_shown_by_what_is_asked_for() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            run_row::add_listed(tx, run, &["6"])?;
            let gone = run_row::next_listed(tx, run, None, 1)?[0].0;
            run_row::mark_excluded(tx, run, &[(gone, reason("not_found"))])?;
            let closed = || Some(reason("closed"));
            decide(
                tx,
                run,
                &[
                    ("1", Action::Create, None),
                    ("2", Action::Create, None),
                    ("3", Action::Skip, closed()),
                    ("4", Action::Skip, closed()),
                    ("5", Action::Skip, Some(reason("type"))),
                ],
            )?;
            let group = |action, state, code: Option<&str>, rows| PlanCount {
                remote_type: if rows == 1 && state == RowState::Excluded {
                    ""
                } else {
                    "10001"
                }
                .into(),
                action,
                state,
                reason_code: code.map(str::to_owned),
                rows,
            };
            let expected = [
                group(None, RowState::Excluded, Some("not_found"), 1),
                group(Some(Action::Create), RowState::Read, None, 2),
                group(Some(Action::Skip), RowState::Read, Some("closed"), 2),
                group(Some(Action::Skip), RowState::Read, Some("type"), 1),
            ];
            assert_eq!(run_row::plan_counts(tx, run)?, expected);
            let shown = |filter: RowFilter, offset| {
                let page = run_row::page(tx, run, &filter, offset, 2).expect("reads");
                let ids: Vec<String> = page.rows.into_iter().map(|row| row.remote_id).collect();
                format!("{} of {}", ids.join(" "), page.total)
            };
            let all = RowFilter::default();
            assert_eq!(shown(all.clone(), 0), "3 4 of 6");
            assert_eq!(shown(all.clone(), 4), "2 6 of 6");
            let filter = RowFilter {
                action: Some(Action::Skip),
                ..all.clone()
            };
            assert_eq!(shown(filter.clone(), 2), "5 of 3");
            let after = |filter: &RowFilter, after| {
                let rows = run_row::rows_after(tx, run, filter, after, 2).expect("reads");
                let ids: Vec<String> = rows.iter().map(|row| row.remote_id.clone()).collect();
                (ids.join(" "), rows.last().map(|row| row.seq))
            };
            let (first, last) = after(&filter, None);
            assert_eq!(
                (first.as_str(), after(&filter, last).0.as_str()),
                ("3 4", "5")
            );
            let (_, last) = after(&all, None);
            let (_, last) = after(&all, last);
            let (rest, last) = after(&all, last);
            assert_eq!(
                (rest.as_str(), after(&all, last)),
                ("2 6", (String::new(), None))
            );
            let filter = RowFilter {
                reason_code: Some("closed".into()),
                search: Some(" pay-4 ".into()),
                ..all.clone()
            };
            assert_eq!(shown(filter, 0), "4 of 1");
            let filter = RowFilter {
                search: Some("TITLE OF".into()),
                remote_type: Some("10001".into()),
                ..all.clone()
            };
            assert_eq!(shown(filter, 0), "3 4 of 5");
            let come_to = |states: &[RowState]| RowFilter {
                states: Some(states.to_vec()),
                ..all.clone()
            };
            assert_eq!(shown(come_to(&[RowState::Excluded]), 0), "6 of 1");
            let filter = come_to(&[RowState::Read, RowState::Excluded]);
            assert_eq!(shown(filter, 4), "2 6 of 6");
            assert_eq!(shown(come_to(&[]), 0), " of 0");
            assert_eq!(counts(tx, run).excluded, 1);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn the_rows_of_one_run_are_nothing_to_another() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let one = read_run(tx, world.integration)?;
            let other = read_run(tx, world.integration)?;
            decide(tx, one, &[("1", Action::Create, None)])?;
            assert!(next(tx, other, 9)?.is_empty());
            let row = run_row::by_remote_ids(tx, one, &["1"])?["1"].clone();
            run_row::mark_applied(tx, other, &[(row.seq, world.parent, Applied::Created)])?;
            assert_eq!(counts(tx, other).created, 0);
            assert_eq!(next(tx, one, 9)?, ["1"]);
            assert_eq!(run_row::drop_payloads(tx, one, 3)?, 3);
            assert_eq!(run_row::drop_payloads(tx, one, 3)?, 2);
            assert_eq!(run_row::drop_payloads(tx, one, 3)?, 0);
            assert_eq!(run_row::read_after(tx, other, None, 9)?.len(), 5);
            assert_eq!(
                run_row::page(tx, one, &RowFilter::default(), 0, 9)?.total,
                5
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_paused_run_goes_on_where_it_was() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = world.run;
            run::set_state(tx, run, RunState::Applying, at(20))?;
            assert!(is_wrong_state(&run::resume(tx, run)));
            run::pause(tx, run)?;
            run::pause(tx, run)?;
            let now = run::get(tx, run)?.expect("made");
            assert_eq!(
                (now.state, now.resumes),
                (RunState::Paused, Some(RunState::Applying))
            );
            assert_eq!(run::unfinished(tx)?, [now]);
            assert_eq!(run::resume(tx, run)?, RunState::Applying);
            run::set_problem(tx, run, Some(&reason("auth")))?;
            run::set_ground(tx, run, "a mapping")?;
            let undo = UndoProgress {
                place: Some(JournalSeq(7)),
                undone: 5,
                kept: 2,
            };
            run::set_undo(tx, run, &undo)?;
            run::set_state(tx, run, RunState::Cancelled, at(30))?;
            let now = run::get(tx, run)?.expect("made");
            assert_eq!(
                (now.state, now.ended_at),
                (RunState::Cancelled, Some(at(30)))
            );
            assert_eq!(now.problem, Some(reason("auth")));
            assert_eq!((now.ground.as_str(), now.undo), ("a mapping", undo));
            run::set_problem(tx, run, None)?;
            assert_eq!(run::get(tx, run)?.expect("made").problem, None);
            assert!(run::unfinished(tx)?.is_empty());
            assert!(is_wrong_state(&run::pause(tx, run)));
            run::set_state(tx, run, RunState::Undoing, at(31))?;
            assert_eq!(run::unfinished(tx)?.len(), 1, "undoing begins it again");
            let later = run::create(tx, world.integration, run::RunKind::Import, "", at(40))?;
            let all: Vec<RunId> = run::of_integration(tx, world.integration)?
                .into_iter()
                .map(|run| run.id)
                .collect();
            assert_eq!(all, [later, run]);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn who_made_a_change_is_asked_for_once_and_found_by_name() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            let moved = Change::Parent {
                before: None,
                after: Some(ItemId(1)),
                base: Base::Untold,
            };
            journal::append(tx, run, &[(world.child, Change::Created)], at(70))?;
            journal::append(tx, run, &[(world.child, moved)], at(71))?;
            let unnamed = |tx: &WriteTx<'_>| journal::unnamed(tx, world.integration, 9);
            assert!(unnamed(tx)?.is_empty(), "nobody has asked");
            assert_eq!(journal::items_of_run(tx, run)?, [world.child]);
            journal::ask_authors(tx, run, world.parent, (at(60), at(69)))?;
            assert!(unnamed(tx)?.is_empty(), "of another item");
            journal::ask_authors(tx, run, world.child, (at(60), at(69)))?;
            let found = unnamed(tx)?;
            assert_eq!(found.len(), 1, "that it was made is nobody's change");
            assert_eq!((found[0].after, found[0].until), (at(60), at(69)));
            assert_eq!(found[0].entry.author, None);
            journal::set_author(tx, found[0].entry.seq, "Émile")?;
            assert!(unnamed(tx)?.is_empty());
            let by = |search: &str| {
                let filter = journal::JournalFilter {
                    run: Some(run),
                    search: Some(search.into()),
                    ..journal::JournalFilter::default()
                };
                let found = journal::page(tx, &filter, None, 9);
                found.map(|found| found.into_iter().filter_map(|one| one.author).collect())
            };
            let emile: Vec<String> = by("emil")?;
            assert_eq!(emile, ["Émile"]);
            let nobody: Vec<String> = by("emily")?;
            assert!(nobody.is_empty());
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn the_journal_is_read_from_its_end() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            let field = Change::Field {
                field: system(SystemField::StoryPoints),
                before: Value::None,
                after: Value::number(3.0),
                base: Base::Was(Some(Value::number(2.0))),
            };
            let never = Change::Field {
                field: system(SystemField::StoryPoints),
                before: Value::None,
                after: Value::number(3.0),
                base: Base::Was(None),
            };
            let parent = Change::Parent {
                before: None,
                after: Some(ItemId(1)),
                base: Base::Was(Some(ItemId(9))),
            };
            let untold = Change::Parent {
                before: Some(ItemId(1)),
                after: None,
                base: Base::Untold,
            };
            let kind = Change::Type {
                before: ItemTypeId(2),
                after: ItemTypeId(3),
                base: Base::Was("10001".into()),
            };
            let changes = [Change::Created, field, never, parent, untold, kind];
            let entries: Vec<(ItemId, Change)> = changes
                .iter()
                .map(|change| (world.child, change.clone()))
                .collect();
            journal::append(tx, run, &entries, at(70))?;
            let newest = journal::undo_rows(tx, run, None, 3)?;
            let rest = journal::undo_rows(tx, run, Some(newest[2].seq), 3)?;
            let mut read: Vec<Change> = newest
                .into_iter()
                .chain(rest)
                .map(|entry| entry.change)
                .collect();
            read.reverse();
            assert_eq!(read, changes);
            assert_eq!(journal::count_of_run(tx, run)?, 6);
            assert_eq!(journal::of_item(tx, world.child, 9)?.len(), 7);
            assert_eq!(journal::of_item(tx, world.child, 1)?[0].at, at(70));
            assert!(journal::undo_rows(tx, RunId(99), None, 9)?.is_empty());
            assert_eq!(RowSeq(7).to_string(), "7");
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn what_is_due_is_due_once_and_only_while_its_row_may_still_change() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = read_run(tx, world.integration)?;
            let rows = run_row::by_remote_ids(tx, run, &["1", "2", "3", "4"])?;
            let seqs: Vec<RowSeq> = rows.values().map(|row| row.seq).collect();
            let due = |due, limit| -> Result<Vec<String>, StoreError> {
                let rows = run_due::next(tx, run, due, None, limit)?;
                Ok(rows.into_iter().map(|(row, _)| row.remote_id).collect())
            };
            run_due::add(tx, run, Due::Note, &seqs)?;
            run_due::add(tx, run, Due::Note, &seqs)?;
            run_due::add(tx, run, Due::Link, &seqs[1..2])?;
            assert_eq!(due(Due::Note, 2)?, ["3", "4"]);
            run_row::mark_skipped(tx, run, &[(seqs[0], reason("moved_on"))])?;
            run_due::done(tx, run, Due::Note, &seqs[2..3])?;
            assert_eq!(due(Due::Note, 9)?, ["4", "2"]);
            assert_eq!(due(Due::Link, 9)?, ["2"]);
            assert!(run_due::next(tx, world.run, Due::Note, None, 9)?.is_empty());
            run::set_state(tx, run, RunState::Cancelled, at(50))?;
            assert!(
                due(Due::Note, 9)?.is_empty() && due(Due::Link, 9)?.is_empty(),
                "a run that has ended has nothing left to do"
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn what_is_left_to_decide_is_what_nothing_is_decided_about_and_what_stands_below_a_row_passed_over()
 {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let run = run::create(tx, world.integration, run::RunKind::Import, "", at(0))?;
            run_row::add_listed(tx, run, &["1", "2", "3", "4", "5"])?;
            let parents = [
                None,
                Some(ParentRef::Id("1".into())),
                Some(ParentRef::Key("PAY-1".into())),
                Some(ParentRef::Id("2".into())),
                Some(ParentRef::Id("99".into())),
            ];
            let rows: Vec<ReadRow> = run_row::next_listed(tx, run, None, 99)?
                .into_iter()
                .zip(parents)
                .map(|((seq, id), parent)| {
                    let mut issue = issue(&id, &format!("PAY-{id}"));
                    issue.parent = parent;
                    ReadRow::new(seq, 0, issue)
                })
                .collect();
            run_row::store_read(tx, run, &rows)?;
            let ids = |rows: Vec<(RunRow, RemoteIssue)>| -> Vec<String> {
                rows.into_iter().map(|(row, _)| row.remote_id).collect()
            };
            let undecided =
                |after| Ok::<_, StoreError>(ids(run_row::undecided_after(tx, run, after, 2)?));
            let below =
                |after| Ok::<_, StoreError>(ids(run_row::below_skipped(tx, run, after, 9)?));
            assert_eq!(undecided(None)?, ["1", "2"]);
            assert!(below(None)?.is_empty());
            decide(
                tx,
                run,
                &[("1", Action::Skip, None), ("2", Action::Create, None)],
            )?;
            decide(tx, run, &[("4", Action::Create, None)])?;
            assert_eq!(undecided(None)?, ["3", "5"]);
            assert_eq!(undecided(Some(rows[2].seq()))?, ["5"]);
            assert_eq!(
                below(None)?,
                ["2"],
                "by id; what is not decided comes anyway"
            );
            decide(tx, run, &[("3", Action::Unchanged, None)])?;
            assert_eq!(below(None)?, ["2", "3"], "by key too");
            assert_eq!(below(Some(rows[1].seq()))?, ["3"]);
            decide(
                tx,
                run,
                &[("2", Action::Create, Some(reason("parent_skipped")))],
            )?;
            assert_eq!(
                below(None)?,
                ["3"],
                "what says so already is not asked again"
            );
            Ok(())
        })
        .await
        .expect("writes");
}
