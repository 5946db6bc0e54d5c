use std::collections::BTreeSet;

use bytes::Bytes;
use proptest::prelude::*;

use super::parser::parse;
use crate::auth::Identity;
use crate::http::Call;
use crate::search::Found;
use crate::{Site, SiteConfig};

const NOW: i64 = crate::generate::EPOCH;

fn site() -> Site {
    Site::new(SiteConfig::cloud(400, 11))
}

fn call() -> Call {
    Call {
        method: "GET".into(),
        segments: Vec::new(),
        query: Vec::new(),
        headers: Default::default(),
        body: Bytes::new(),
        now: NOW,
        base: String::new(),
        gateway: false,
        api: 3,
    }
}

fn ids(site: &mut Site, jql: &str) -> Vec<u64> {
    match site.find(
        jql,
        Identity {
            user: Some(0),
            rejected: false,
        },
        &call(),
        &BTreeSet::new(),
    ) {
        Found::Ids(ids) => ids.to_vec(),
        Found::Syntax(text) => panic!("{jql}: {text}"),
        Found::Invalid(texts) => panic!("{jql}: {texts:?}"),
    }
}

fn complaint(jql: &str) -> String {
    match site().find(
        jql,
        Identity {
            user: Some(0),
            rejected: false,
        },
        &call(),
        &BTreeSet::new(),
    ) {
        Found::Ids(_) => String::new(),
        Found::Syntax(text) => text,
        Found::Invalid(texts) => texts.join(" | "),
    }
}

/// Two queries that must find the same issues, whatever their order.
fn check_same(left: &str, right: &str) {
    let mut site = site();
    let sorted = |list: Vec<u64>| list.into_iter().collect::<BTreeSet<_>>();
    let (a, b) = (sorted(ids(&mut site, left)), sorted(ids(&mut site, right)));
    assert_eq!(a, b, "{left}  against  {right}");
    assert!(!a.is_empty(), "{left} finds nothing at all");
}

fn check_complaint(jql: &str, expected: &str) {
    assert!(
        complaint(jql).contains(expected),
        "{jql}: {}",
        complaint(jql)
    );
}

#[test]
fn projects_are_found_by_key_id_name_and_old_key() {
    for other in [
        "project = 10000",
        "project = \"Orbital Imaging Platform\"",
        "project in (ORBIT)",
        "project = orb",
    ] {
        check_same("project = ORB", other);
    }
}

#[test]
fn negation_is_carried_down_to_the_clauses() {
    check_same(
        "not (project = ORB or status = Done)",
        "project != ORB and status != Done",
    );
    check_same(
        "not (project = ORB and not status = Done)",
        "project != ORB or status = Done",
    );
    check_same("!(updated >= \"2026-01-01\")", "updated < \"2026-01-01\"");
}

#[test]
fn negative_clauses_leave_out_issues_in_which_the_field_is_empty() {
    check_same(
        "assignee != \"Tom Baker\" and assignee is empty or project = OPS",
        "project = OPS",
    );
    check_same(
        "labels not in (security) or labels = security",
        "labels is not empty",
    );
}

#[test]
fn status_categories_partition_the_site() {
    check_same(
        "statusCategory in (\"To Do\", \"In Progress\") or statusCategory = Done",
        "project in (ORB, OPS, LAB)",
    );
    check_same("statusCategory = done", "resolution is not empty");
}

#[test]
fn sprints_are_found_by_id_name_and_function() {
    check_same("sprint in openSprints()", "sprint in (31, 43)");
    check_same(
        "sprint = \"Orbit 31, quotas\" or sprint = \"S2 = payments\"",
        "sprint in (31, 2, 36)",
    );
}

#[test]
fn dates_are_read_in_the_zone_of_the_caller() {
    // The administrator lives in Berlin, which is one hour ahead in winter.
    let at = 1_768_471_200_000_i64;
    check_same(
        &format!("created >= {at}"),
        "created >= \"2026-01-15 11:00\"",
    );
    check_same("created >= -30d", "created >= \"2026/10/02 01:00\"");
}

#[test]
fn custom_fields_are_found_by_number_and_by_name() {
    check_same("cf[10028] > 3", "\"Story Points\" > 3");
    check_same("cf[10035] = Critical", "cf[10035] = 10400");
    check_same(
        "\"Region\" = Berlin or Region = Kiruna",
        "cf[10039] in (10450, 10451)",
    );
}

#[test]
fn words_are_found_whole_or_by_their_beginning() {
    check_same("summary ~ \"dash*\"", "summary ~ dashboard");
    check_same(
        "text ~ Rotterdam and summary ~ Rotterdam",
        "summary ~ rotterdam",
    );
}

#[test]
fn an_order_of_several_fields_is_kept() {
    let mut site = site();
    let list = ids(
        &mut site,
        "project = ORB order by priority desc, created asc",
    );
    let keys: Vec<(usize, i64)> = list
        .iter()
        .map(|id| &site.data.issues[id])
        .map(|i| {
            (
                crate::jql::eval::priority_rank(&site.data, i.priority.unwrap_or(0)),
                i.created,
            )
        })
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(
        ids(&mut site, "project = ORB order by id").len(),
        list.len()
    );
}

#[test]
fn the_current_user_is_known() {
    check_same("assignee = currentUser()", "assignee = \"Avery Quinn\"");
}

#[test]
fn what_is_wrong_is_said_as_jira_says_it() {
    check_complaint(
        "universe = 42",
        "Field 'universe' does not exist or you do not have permission to view it.",
    );
    check_complaint(
        "project = INVALID",
        "The value 'INVALID' does not exist for the field 'project'.",
    );
    check_complaint(
        "summary = test",
        "The operator '=' is not supported by the 'summary' field.",
    );
    check_complaint(
        "status in Done",
        "Operator 'in' does not support the non-list value '\"Done\"' for field 'status'.",
    );
    check_complaint("invalid query", "Expecting operator but got 'query'");
    check_complaint("invalid query", "(line 1, character 9)");
    check_complaint(
        "key = ORB-99999",
        "An issue with key 'ORB-99999' does not exist for field 'key'.",
    );
    check_complaint(
        "updated > soon",
        "Date value 'soon' for field 'updated' is invalid.",
    );
    check_complaint("project = select", "is a reserved JQL word");
    check_complaint(
        "project = ORB order by nothing",
        "Field 'nothing' does not exist",
    );
    check_complaint(
        "assignee = nobody()",
        "Unable to find JQL function 'nobody()'.",
    );
}

#[test]
fn one_invisible_key_fails_the_whole_list() {
    check_complaint("key in (ORB-1, ORB-99999)", "ORB-99999");
    check_same("key in (ORB-1, ORB-2)", "id in (10001, 10002)");
}

proptest! {
    #[test]
    fn every_text_parses_or_is_complained_about(text in ".{0,80}") {
        let outcome = parse(&text);
        prop_assert!(outcome.is_ok() || outcome.is_err_and(|e| !e.is_empty()));
    }

    #[test]
    fn every_mixture_of_words_of_the_language_is_survived(words in prop::collection::vec(prop::sample::select(vec![
        "project", "=", "ORB", "and", "or", "not", "(", ")", "in", ",", "\"a b\"", "is", "empty", "order", "by", "desc", "!=", "~", "cf[10028]", ">=", "-7d", "was", "now()", "sprint", "\\", "'x'", "[", "]", "!",
    ]), 0..25)) {
        let text = words.join(" ");
        if let Ok(query) = parse(&text) {
            // What parses can also be checked and run.
            let mut site = Site::new(SiteConfig::cloud(12, 1));
            let _found = site.find(&text, Identity { user: Some(0), rejected: false }, &call(), &BTreeSet::new());
            prop_assert!(query.order.len() < 20);
        }
    }
}
