//! `credentials`, `rename`, `pause`, `resume` and `disconnect`: the life of a connection from the terminal.

use crate::kit::{Ended, connect, edited_here, fed, integrate, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use std::path::Path;

const SYNC: [&str; 3] = ["sync", "--integration", "main"];

fn credentials(directory: &Path, served: &Served, secret: &str) -> Ended {
    let form = served.form();
    let arguments = [
        "credentials",
        "acme",
        "--email",
        &form.login,
        "--secret-stdin",
    ];
    fed(lockstep(directory, &arguments), secret)
}

#[test]
fn other_credentials_are_tested_first_and_what_waited_goes_on() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    works(directory, &["import", "--integration", "main"]);
    let item = edited_here(directory, "Written meanwhile");
    served.site().faults_mut().revoked = true;
    assert_eq!(ran(lockstep(directory, &SYNC)).code, 1);
    let asked = served.asked();
    let stopped = ran(lockstep(directory, &SYNC));
    assert_eq!(
        (stopped.code, served.asked()),
        (1, asked),
        "{}",
        stopped.err
    );
    assert!(stopped.err.contains("Cure:"), "{}", stopped.err);
    let wrong = credentials(directory, &served, "wrong");
    assert_eq!(wrong.code, 1, "{}", wrong.err);
    served.site().faults_mut().revoked = false;
    let right = credentials(directory, &served, &served.form().secret);
    assert_eq!(right.code, 0, "{}", right.err);
    assert!(right.out.starts_with("acme signs in to "), "{}", right.out);
    assert!(!right.out.contains(&served.form().secret));
    assert_eq!(works(directory, &SYNC).out, "1 changed in Jira\n");
    let path = format!("/rest/api/3/issue/{}", item.link.expect("linked").key);
    assert_eq!(served.ask(&path)["fields"]["summary"], "Written meanwhile");
}

#[test]
fn names_change_and_integrations_rest_alone_or_with_their_connection() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    works(directory, &["rename", "--connection", "acme", "Acme Cloud"]);
    works(directory, &["rename", "--integration", "main", "Platform"]);
    let status = works(directory, &["status"]).out;
    assert!(status.contains("Connection Acme Cloud:"), "{status}");
    assert!(status.contains("Integration Platform:"), "{status}");
    let both = ["rename", "--connection", "a", "--integration", "b", "c"];
    assert_eq!(ran(lockstep(directory, &both)).code, 2);
    let unknown = ran(lockstep(directory, &["pause", "--integration", "main"]));
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("Platform"), "{}", unknown.err);
    for which in [
        ["--integration", "Platform"],
        ["--connection", "Acme Cloud"],
    ] {
        let paused = works(directory, &["pause", which[0], which[1], "--json"]);
        assert_eq!(paused.json()["paused"], true);
        let going = works(directory, &["resume", which[0], which[1]]).out;
        assert_eq!(going, "Going on.\n");
    }
}

#[test]
fn disconnecting_names_what_goes_and_takes_a_yes_and_connecting_again_offers_what_was_linked() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    works(directory, &["import", "--integration", "main"]);
    let item = edited_here(directory, "Never sent");
    let key = item.link.expect("linked").key;

    let asked = ran(lockstep(directory, &["disconnect", "acme"]));
    assert_eq!(asked.code, 2, "nobody can be asked in a pipe");
    for words in [
        "the integration main",
        "pairs of fields",
        &key,
        "Never sent: Title",
        "--yes",
    ] {
        assert!(asked.err.contains(words), "{words}: {}", asked.err);
    }
    let told = ran(lockstep(directory, &["disconnect", "acme", "--json"]));
    let told = told.json();
    assert_eq!(
        (&told["disconnected"], &told["severed"]),
        (&false.into(), &0.into())
    );
    let linked = told["extent"]["integrations"][0]["linked"].clone();
    let done = works(directory, &["disconnect", "acme", "--yes", "--json"]).json();
    assert_eq!(
        (&done["disconnected"], &done["severed"]),
        (&true.into(), &linked)
    );

    let listed = works(directory, &["disconnected"]).out;
    assert!(listed.contains("connection removed"), "{listed}");
    let alone = ran(lockstep(directory, &["resync", "--key", &key]));
    assert_eq!(alone.code, 3);
    assert!(
        alone
            .out
            .contains("Nothing is connected to this site any more"),
        "{}",
        alone.out
    );

    let (command, secret) = connect(directory, &served);
    assert_eq!(fed(command, &secret).code, 0);
    let again = ran(integrate(directory, &served));
    assert!(
        again.out.contains(&format!("{linked} items were linked")),
        "{}",
        again.out
    );
    let plan = works(directory, &["plan", "--integration", "main", "--json"]).json();
    assert_eq!(plan["run"]["counts"]["create"], 0);
    works(directory, &["resync", "--all", "--integration", "main"]);
    let path = format!("/rest/api/3/issue/{key}");
    works(directory, &SYNC);
    assert_eq!(served.ask(&path)["fields"]["summary"], "Never sent");
    let project = works(directory, &["disconnect", "--integration", "main", "--yes"]).out;
    assert!(project.starts_with("Disconnected."), "{project}");
}
