//! `disconnected`, `resync`, `unlink`, `why` and `activity`: what they print, and how they end.

use crate::kit::{edited_here, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use serde_json::{Value, json};
use std::path::Path;

fn imported(directory: &Path, served: &Served) {
    integrated(directory, served);
    works(directory, &["import", "--integration", "main"]);
}

fn told(served: &Served, key: &str) -> Value {
    let path = format!("/rest/api/3/issue/{key}?fields=summary");
    served.ask(&path)["fields"]["summary"].clone()
}

#[test]
fn what_was_disconnected_by_hand_is_listed_compared_and_linked_again() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    imported(directory, &served);
    assert_eq!(
        works(directory, &["disconnected"]).out,
        "Nothing is disconnected.\n"
    );
    let item = edited_here(directory, "Before it came apart");
    let key = item.link.expect("linked").key;
    works(directory, &["sync", "--integration", "main"]);

    let unlinked = works(directory, &["unlink", "--key", &key]).out;
    assert!(
        unlinked.starts_with(&format!("{key} disconnected.")),
        "{unlinked}"
    );
    let unknown = ran(lockstep(directory, &["unlink", "--key", "NOPE-1"]));
    assert_eq!(
        (unknown.code, unknown.err.as_str()),
        (2, "No item is linked to NOPE-1.\n")
    );
    let listed = works(directory, &["disconnected", "--look"]).out;
    assert!(
        listed.contains(&key) && listed.contains("disconnected by hand"),
        "{listed}"
    );
    let found = works(directory, &["disconnected", "--json", "--search", &key]).json();
    assert_eq!(found["pairs"][0]["reason"], "by_hand");
    assert_eq!(found["looks"], json!([]));

    edited_here(directory, "Ours");
    let path = format!("/rest/api/3/issue/{key}");
    served.tell("PUT", &path, &json!({ "fields": { "summary": "Theirs" } }));
    let compared = works(directory, &["resync", "--key", &key, "--compare"]).out;
    for words in ["Ours", "Theirs", "?"] {
        assert!(compared.contains(words), "{compared}");
    }
    let asked = ran(lockstep(directory, &["resync", "--key", &key]));
    assert_eq!(asked.code, 3);
    assert!(asked.out.contains("--winner here"), "{}", asked.out);
    let linked = works(directory, &["resync", "--key", &key, "--winner", "here"]).out;
    assert_eq!(linked, format!("{key}  linked\n"));
    works(directory, &["sync", "--integration", "main"]);
    assert_eq!(told(&served, &key), "Ours");
}

#[test]
fn why_says_what_is_in_the_way_and_ends_with_3_then() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    imported(directory, &served);
    let key = edited_here(directory, "Looked at")
        .link
        .expect("linked")
        .key;
    works(directory, &["sync", "--integration", "main"]);
    let well = works(directory, &["why", &key]).out;
    assert!(well.contains(&key) && !well.contains("NO  "), "{well}");
    works(directory, &["unlink", "--key", &key]);
    let apart = ran(lockstep(directory, &["why", &key.to_lowercase(), "--json"]));
    assert_eq!(apart.code, 3, "{}", apart.err);
    assert_eq!(apart.json()["lines"][0]["verdict"], "broken");
    let unknown = ran(lockstep(directory, &["why", "NOPE-1"]));
    assert_eq!(unknown.code, 1);
}

#[test]
fn activity_lists_what_changed_and_is_narrowed_and_printed_for_other_programs() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    imported(directory, &served);
    let item = edited_here(directory, "Written, \"quoted\" here");
    let key = item.link.expect("linked").key;
    let here = works(directory, &["activity", "--direction", "here", "--json"]).json();
    let changes = here.as_array().expect("a list");
    assert_eq!(changes.len(), 1, "{here}");
    assert_eq!(
        (&changes[0]["key"], &changes[0]["origin"]),
        (&json!(key), &json!("here"))
    );
    let csv = works(
        directory,
        &["activity", "--csv", "--field", "title", "--search", &key],
    )
    .out;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "WHEN,FROM,BY,CAUSE,KEY,TITLE,FIELD,BEFORE,AFTER");
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(
        lines[1].contains(",here,,edit,") && lines[1].contains("\"Written, \"\"quoted\"\" here\""),
        "{csv}"
    );
    let few = works(directory, &["activity", "--limit", "3", "--json"]).json();
    assert_eq!(few.as_array().map(Vec::len), Some(3));
    let path = format!("/rest/api/3/issue/{key}");
    let labels = json!({ "fields": { "labels": ["by-somebody"] } });
    served.tell("PUT", &path, &labels);
    works(directory, &["sync", "--integration", "main"]);
    let person = served.ask("/rest/api/3/myself")["displayName"].clone();
    let person = person.as_str().expect("a name");
    let search = [
        "activity",
        "--direction",
        "from-jira",
        "--search",
        person,
        "--json",
    ];
    let by = works(directory, &search).json();
    assert_eq!(by.as_array().map(Vec::len), Some(1), "{by}");
    assert_eq!(
        (&by[0]["field"], &by[0]["author"]),
        (&json!("Labels"), &json!(person))
    );
    let sent = works(directory, &["activity", "--direction", "to-jira"]).out;
    assert!(
        sent.contains("sent to Jira") && sent.contains(&key),
        "{sent}"
    );
}
