//! What the flags of `connect` and `integrate` ask for is what is done.

use crate::kit::{connect, fed, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use serde_json::{Value, json};

#[test]
fn an_integration_has_the_board_the_filter_and_the_area_that_were_asked_for() {
    for config in [SiteConfig::cloud(120, 3), SiteConfig::data_center(120, 3)] {
        let served = Served::start(config);
        let directory = tempfile::tempdir().expect("a directory");
        let (command, secret) = connect(directory.path(), &served);
        assert_eq!(fed(command, &secret).code, 0);
        let project = served.project();
        let of_project = ["--connection", "acme", "--project", &project, "--json"];
        let boards = works(directory.path(), &[&["boards"], &of_project[..]].concat());
        let board = boards.json()[0]["id"].clone();
        let mut asked = vec!["integrate", "--name", "main", "--include-closed"];
        asked.extend(["--board", board.as_str().expect("an id")]);
        asked.extend(["--jql", "issuetype = Bug", "--area", "Brought in"]);
        asked.extend(of_project);
        let made = works(directory.path(), &asked).json();
        assert_eq!(
            (&made["board_id"], &made["jql"]),
            (&board, &json!("issuetype = Bug"))
        );
        works(directory.path(), &["import", "--integration", "main"]);
        let items = works(directory.path(), &["items", "--json"]).out;
        let items: Vec<Value> = (items.lines())
            .map(|line| serde_json::from_str(line).expect("an item a line"))
            .collect();
        let issues = served.issues(&project);
        let is_bug = |issue: &&Value| issue["fields"]["issuetype"]["name"] == "Bug";
        let bugs = issues.iter().filter(is_bug).count();
        assert_eq!((items.len(), bugs > 0), (bugs, true));
        assert!(items.iter().all(|item| item["area_id"] == made["area_id"]));
    }
}

#[test]
fn a_file_of_certificates_that_is_missing_or_holds_none_is_refused() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("ca.pem");
    let with_file = || {
        let (mut command, secret) = connect(directory.path(), &served);
        command.arg("--ca").arg(&file);
        fed(command, &secret)
    };
    let missing = with_file();
    assert_eq!(missing.code, 2, "{}", missing.err);
    assert!(
        missing.err.contains("ca.pem cannot be read"),
        "{}",
        missing.err
    );
    std::fs::write(&file, "no certificate at all").expect("a file");
    let refused = with_file();
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("certificate"), "{}", refused.err);
    assert!(refused.err.contains("  Cure: "), "{}", refused.err);
    assert_eq!(
        served.asked(),
        0,
        "nothing was sent to a site that nobody vouches for"
    );
}
