//! What was interrupted goes on as what it was, and says meanwhile why it stands still.

use crate::kit::{database, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

fn ready() -> (Served, tempfile::TempDir) {
    let (served, directory) = (
        Served::start(SiteConfig::cloud(60, 3)),
        tempfile::tempdir().expect("a directory"),
    );
    integrated(directory.path(), &served);
    (served, directory)
}

/// Leaves the last run as a killed process would have left it.
fn killed_while(directory: &Path, state: &str) {
    let connection = rusqlite::Connection::open(database(directory)).expect("opens");
    let changed = connection
        .execute("UPDATE run SET state = ?1, ended_at = NULL", [state])
        .expect("a run");
    assert_eq!(changed, 1, "there is just one");
}

#[test]
fn an_interrupted_undo_is_not_continued_by_import_but_by_undo() {
    let (_served, directory) = ready();
    let directory = directory.path();
    works(directory, &["import", "--integration", "main"]);
    killed_while(directory, "undoing");
    let status = works(directory, &["status"]);
    assert!(
        status.out.contains("paused while being taken back"),
        "{}",
        status.out
    );
    let import = ran(lockstep(directory, &["import", "--integration", "main"]));
    assert_eq!(import.code, 1, "{}{}", import.out, import.err);
    assert!(import.err.contains("lockstep undo"), "{}", import.err);
    let status = works(directory, &["status", "--json"]).json();
    let last = &status["integrations"][0]["last_run"];
    assert_eq!(last["state"], "paused");
    assert_eq!(last["resumes"], "undoing");
    let undone = works(directory, &["undo", "--integration", "main", "--json"]).json();
    assert_eq!(undone["state"], "undone");
    assert_eq!(undone["resumes"], serde_json::Value::Null);
    let status = works(directory, &["status", "--json"]).json();
    assert_eq!(status["items"], 0, "all of it was taken back");
}

#[test]
fn an_interrupted_import_is_not_taken_back_before_it_is_done() {
    let (_served, directory) = ready();
    let directory = directory.path();
    works(directory, &["plan", "--integration", "main"]);
    killed_while(directory, "applying");
    let undo = ran(lockstep(directory, &["undo", "--integration", "main"]));
    assert_eq!(undo.code, 1, "{}{}", undo.out, undo.err);
    assert!(undo.err.contains("paused while importing"), "{}", undo.err);
    assert!(undo.err.contains("lockstep import"), "{}", undo.err);
    let import = works(directory, &["import", "--integration", "main", "--json"]).json();
    assert_eq!(import["run"]["state"], "done");
}

#[test]
fn an_import_that_a_kill_interrupted_goes_on_when_serve_starts() {
    let (served, directory) = ready();
    works(directory.path(), &["plan", "--integration", "main"]);
    killed_while(directory.path(), "listing");
    served.hold_after(0);
    let mut serving = lockstep(directory.path(), &["serve"])
        .spawn()
        .expect("starts");
    let mut address = String::new();
    BufReader::new(serving.stdout.as_mut().expect("a pipe"))
        .read_line(&mut address)
        .expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let asked = runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(30), served.held()).await });
    serving.kill().expect("ends");
    serving.wait().expect("ends");
    assert!(asked.is_ok(), "nobody asked Jira to go on");
}
