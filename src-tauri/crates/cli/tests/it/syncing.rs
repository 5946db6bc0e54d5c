//! `sync`, `conflicts` and `problems`: what they print, and how they end.

use crate::kit::{edited_here, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use serde_json::{Value, json};

const SYNC: [&str; 3] = ["sync", "--integration", "main"];

fn members(value: &Value) -> Vec<&str> {
    let members = value.as_object().expect("an object");
    members.keys().map(String::as_str).collect()
}

#[test]
fn a_sync_says_what_it_did_and_ends_with_3_while_something_waits_for_somebody() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    works(directory, &["import", "--integration", "main"]);
    let silent = works(directory, &SYNC);
    assert_eq!(silent.out, "Nothing to do: both sides are in step.\n");

    let item = edited_here(directory, "Written here");
    let key = item.link.expect("it is linked").key;
    let path = format!("/rest/api/3/issue/{key}");
    let report = works(
        directory,
        &["sync", "--once", "--json", "--integration", "main"],
    )
    .json();
    assert_eq!(
        members(&report),
        [
            "made",
            "heard",
            "created",
            "updated",
            "sent",
            "waiting",
            "parked",
            "conflicts",
            "severed",
            "asked"
        ]
    );
    assert_eq!(report["sent"], 1);
    assert_eq!(served.ask(&path)["fields"]["summary"], "Written here");

    edited_here(directory, "Here again");
    let there = json!({ "fields": { "summary": "There again" } });
    served.tell("PUT", &path, &there);
    let stopped = ran(lockstep(directory, &SYNC));
    assert_eq!((stopped.code, stopped.out.as_str()), (3, "1 in conflict\n"));
    let listed = works(directory, &["conflicts"]).out;
    for words in [key.as_str(), "title", "Here again", "There again"] {
        assert!(listed.contains(words), "{listed}");
    }
    let conflicts = works(directory, &["conflicts", "--json", "--key", &key]).json();
    assert_eq!(
        members(&conflicts[0]),
        [
            "item_id",
            "title",
            "key",
            "field",
            "field_name",
            "since",
            "base",
            "here",
            "there",
            "turns"
        ]
    );
    let decided = works(
        directory,
        &["conflicts", "--keep", "here", "--field", "title", "--json"],
    )
    .json();
    assert_eq!(
        (&decided["decided"], &decided["left"]),
        (&json!(1), &json!([]))
    );
    let again = works(directory, &["conflicts", "--keep", "here", "--key", &key]).out;
    assert_eq!(again, "No field is in conflict.\n");
    assert_eq!(works(directory, &SYNC).out, "1 changed in Jira\n");
    assert_eq!(served.ask(&path)["fields"]["summary"], "Here again");
    let none = works(directory, &["conflicts"]).out;
    assert_eq!(none, "No field is in conflict.\n");
}

#[test]
fn an_edit_that_jira_does_not_take_is_listed_with_its_cure() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    works(directory, &["import", "--integration", "main"]);
    let problems = |more: &[&str]| {
        let mut words = vec!["problems", "--integration", "main"];
        words.extend(more);
        works(directory, &words)
    };
    assert_eq!(problems(&[]).out, "Nothing has failed.\n");
    let item = edited_here(directory, &"x".repeat(300));
    let stopped = ran(lockstep(directory, &SYNC));
    assert_eq!(
        (stopped.code, stopped.out.as_str()),
        (3, "1 waiting for you\n")
    );
    let key = item.link.expect("it is linked").key;
    let listed = problems(&[]).out;
    assert!(
        listed.contains(&key) && listed.contains("summary"),
        "{listed}"
    );
    let told = problems(&["--json"]).json();
    assert_eq!(
        members(&told[0]),
        [
            "remote_id",
            "unmade_id",
            "key",
            "item_id",
            "title",
            "attempts",
            "next_at",
            "problem"
        ]
    );
    let create = ["problems", "--integration", "main", "--create", "2.0"];
    let unknown = ran(lockstep(directory, &create));
    assert_eq!(unknown.code, 1, "nothing waits for such a version");
    assert!(unknown.err.contains("“2.0”"), "{}", unknown.err);
    edited_here(directory, "Short enough");
    assert_eq!(works(directory, &SYNC).out, "1 changed in Jira\n");
    assert_eq!(problems(&["--retry"]).out, "Nothing has failed.\n");
}
