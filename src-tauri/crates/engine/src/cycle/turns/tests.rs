use super::take_turns;
use jiff::Timestamp;
use store::IntegrationId;
use store::journal::Turn;
use workspace::Value;

/// Who set a field to what, the oldest first: `h` is a person here, a number an integration, a letter the value.
fn check(history: &str, expected: bool) {
    let mut before = Value::text("before");
    let turns = history.split(' ').map(|word| {
        let (who, value) = word.split_at(1);
        let after = Value::text(value);
        let turn = Turn {
            integration: who.parse().ok().map(IntegrationId),
            before: std::mem::replace(&mut before, after.clone()),
            after,
            at: Timestamp::UNIX_EPOCH,
        };
        before.clone_from(&turn.after);
        turn
    });
    let mut turns: Vec<Turn> = turns.collect();
    turns.reverse();
    assert_eq!(take_turns(&turns), expected, "{history}");
}

#[test]
fn an_automation_that_puts_everything_back_is_noticed() {
    check("hA 1B hA 1B hA", true);
}

#[test]
fn two_sites_that_answer_each_other_are_noticed() {
    check("1A 2B 1A 2B 1A", true);
}

#[test]
fn fewer_turns_are_a_change_of_mind() {
    check("hA 1B hA 1B", false);
}

#[test]
fn one_side_that_cannot_decide_is_no_loop() {
    check("hA hB hA hB hA", false);
    check("1A 1B 1A 1B 1A", false);
}

#[test]
fn a_conversation_of_ever_new_values_is_no_loop() {
    check("hA 1B hC 1D hE", false);
    check("hA 1B hC 1B hA", false);
}

#[test]
fn who_decides_ends_the_loop() {
    check("1B hA 1B hA hA", false);
}
