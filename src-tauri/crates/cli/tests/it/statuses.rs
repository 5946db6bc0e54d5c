//! `statuses`: what it prints, what it saves, and what it does not take.

use crate::kit::{integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use serde_json::Value;

const STATUSES: [&str; 3] = ["statuses", "--integration", "main"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    STATUSES.iter().chain(more).copied().collect()
}

/// What a Jira status stands for, as the JSON tells it.
fn stands<'v>(told: &'v Value, jira: &str) -> &'v Value {
    let entries = told["statuses"].as_array().expect("a list").iter();
    let mut named = entries.filter(|entry| entry["jira"] == jira);
    named.next().expect("a status of the project")
}

#[test]
fn statuses_are_proposed_accepted_changed_one_by_one_and_read_back_from_a_file() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let served = Served::start(config);
        let directory = tempfile::tempdir().expect("a directory");
        let directory = directory.path();
        integrated(directory, &served);
        let proposed = works(directory, &STATUSES).out;
        for words in [
            "In Review",
            "In review",
            "in progress",
            "`--accept` saves it",
        ] {
            assert!(proposed.contains(words), "{proposed}");
        }
        let accepted = works(directory, &with(&["--accept", "--json"])).json();
        assert_eq!(accepted["saved"], true);
        assert_eq!(
            stands(&accepted, "In Progress")["workspace"],
            "In development"
        );

        let set = [
            "--set",
            "Blocked=In design",
            "--set",
            "in review=",
            "--json",
        ];
        let changed = works(directory, &with(&set)).json();
        assert_eq!(stands(&changed, "Blocked")["workspace"], "In design");
        assert_eq!(stands(&changed, "In Review")["workspace"], Value::Null);
        let back = [
            "--set",
            "In Review=In development",
            "--way-back",
            "In development=In Review",
        ];
        works(directory, &with(&back));
        let one_way = works(directory, &with(&["--goes-back=false", "--json"])).json();
        assert_eq!(one_way["goes_back"], false);
        assert_eq!(stands(&one_way, "In Review")["way_back"], true);
        assert_eq!(stands(&one_way, "In Progress")["way_back"], false);

        let file = directory.join("statuses.json");
        std::fs::write(&file, accepted.to_string()).expect("a file");
        let path = file.to_str().expect("a path");
        let again = works(directory, &with(&["--file", path, "--json"])).json();
        assert_eq!(again, accepted, "what it prints, it reads");
    }
}

#[test]
fn names_that_are_not_there_and_ways_that_lead_elsewhere_are_wrong_use() {
    let served = Served::start(SiteConfig::cloud(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    integrated(directory, &served);
    for (wrong, named) in [
        (["--set", "Nowhere=Open"], "In Progress"),
        (["--set", "To Do=Nowhere"], "In development"),
        (["--set", "To Do"], "--set"),
        (["--way-back", "Open=Done"], "come back as something else"),
    ] {
        let ended = ran(lockstep(directory, &with(&wrong)));
        assert_eq!(ended.code, 2, "{wrong:?}");
        assert!(ended.err.contains(named), "{}", ended.err);
    }
}
