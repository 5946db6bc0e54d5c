use super::pace::Beat;
use crate::cycle::CycleReport;
use crate::problem::Problem;
use jiff::{SignedDuration, Timestamp};

const NOON: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn at(seconds: i64) -> Timestamp {
    NOON + SignedDuration::from_secs(seconds)
}

/// What happened, one after the other, a cycle ending at noon each time.
#[derive(Clone, Copy)]
enum Past {
    Nothing,
    Something,
    Failed { asked_s: i64 },
}

/// When the next cycle is due, in seconds after noon.
fn check(past: &[Past], listed: Option<i64>, looked: Option<i64>, expected: i64) {
    let mut beat = Beat::default();
    for past in past {
        match past {
            Past::Nothing => beat.went_through(CycleReport::default(), NOON),
            Past::Something => {
                let report = CycleReport {
                    heard: 1,
                    ..CycleReport::default()
                };
                beat.went_through(report, NOON);
            }
            Past::Failed { asked_s } => {
                let asked = SignedDuration::from_secs(*asked_s);
                beat.failed(Problem::new("network_failed"), asked, NOON);
            }
        }
    }
    let next = beat.next(listed.map(at), looked.map(at), NOON);
    assert_eq!(next.duration_since(NOON).as_secs(), expected);
}

#[test]
fn the_first_look_is_at_once() {
    check(&[], None, None, 0);
    check(&[], Some(-100), Some(-1), 0);
}

#[test]
fn looks_follow_quickly_while_something_happens_and_slowly_while_nothing_does() {
    check(&[Past::Something], None, None, 15);
    check(&[Past::Nothing], None, None, 30);
    check(&[Past::Nothing; 3], None, None, 120);
    check(&[Past::Nothing; 40], None, None, 300);
    check(
        &[Past::Nothing, Past::Nothing, Past::Something],
        None,
        None,
        15,
    );
}

#[test]
fn while_somebody_looks_looks_follow_quickly() {
    check(&[Past::Nothing; 40], None, Some(-10), 15);
    check(&[Past::Nothing; 40], None, Some(-151), 300);
}

#[test]
fn an_edit_is_sent_after_a_moment_in_which_others_may_follow() {
    check(&[Past::Nothing; 40], Some(7), None, 9);
    // What failed and waits for its moment is no reason to look earlier.
    check(&[Past::Something], Some(700), None, 15);
}

#[test]
fn failures_are_waited_out_longer_each_time_and_no_edit_cuts_that_short() {
    check(&[Past::Failed { asked_s: 0 }], Some(-60), Some(-1), 5);
    check(&[Past::Failed { asked_s: 0 }; 2], None, None, 15);
    check(&[Past::Failed { asked_s: 0 }; 40], None, None, 300);
    check(
        &[Past::Failed { asked_s: 0 }, Past::Something],
        None,
        None,
        15,
    );
}

#[test]
fn a_site_that_asks_for_rest_gets_it() {
    check(&[Past::Failed { asked_s: 900 }], Some(-60), Some(-1), 900);
    check(&[Past::Failed { asked_s: 2 }], None, None, 5);
}
