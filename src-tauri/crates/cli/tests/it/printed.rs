//! What `connect`, `integrate` and `demo` print as JSON: the members that scripts rely on, in their order.

use crate::kit::{connect, fed, integrate, lockstep, ran};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use serde_json::Value;

#[track_caller]
fn check(value: &Value, expected: &[&str]) {
    let members = value.as_object().expect("an object");
    let members: Vec<&str> = members.keys().map(String::as_str).collect();
    assert_eq!(members, expected);
}

#[test]
fn a_connection_and_an_integration_have_the_members_of_those_that_the_window_is_told() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let (mut command, secret) = connect(directory.path(), &served);
    command.arg("--json");
    let connected = fed(command, &secret);
    assert_eq!(connected.code, 0, "{}", connected.err);
    check(
        &connected.json(),
        &[
            "id",
            "name",
            "kind",
            "url",
            "version",
            "auth",
            "login",
            "account",
            "practice",
            "problem",
            "proxy",
            "has_ca",
            "has_client_identity",
            "integrations",
            "created_at",
        ],
    );
    let mut command = integrate(directory.path(), &served);
    command.arg("--json");
    let integrated = ran(command);
    assert_eq!(integrated.code, 0, "{}", integrated.err);
    check(
        &integrated.json(),
        &[
            "id",
            "connection_id",
            "connection_name",
            "kind",
            "name",
            "project_key",
            "project_name",
            "board_id",
            "board_name",
            "jql",
            "include_closed",
            "area_id",
            "hierarchy_saved",
            "fields_saved",
            "statuses_mapped",
            "linked",
            "offered",
            "imported_at",
        ],
    );
}

#[test]
fn a_demonstration_tells_each_import_and_what_came_of_all() {
    for face in ["cloud", "data-center"] {
        let directory = tempfile::tempdir().expect("a directory");
        let arguments = ["demo", "--face", face, "--issues", "80", "--json"];
        let ended = ran(lockstep(directory.path(), &arguments));
        assert_eq!(ended.code, 0, "{}", ended.err);
        let report = ended.json();
        check(
            &report,
            &["face", "site", "items", "issues", "imports", "sample"],
        );
        assert_eq!(report["face"], face.replace('-', "_"));
        let imports = report["imports"].as_array().expect("a list");
        for import in imports {
            check(import, &["project", "issues", "run", "failures"]);
            check(
                &import["run"],
                &[
                    "id",
                    "integration_id",
                    "integration_name",
                    "state",
                    "resumes",
                    "done",
                    "total",
                    "rate_per_s",
                    "seconds_left",
                    "counts",
                    "started_at",
                    "ended_at",
                    "problem",
                    "undoable",
                ],
            );
        }
        let each = imports.iter().map(|import| import["issues"].as_u64());
        assert_eq!(each.sum::<Option<u64>>(), report["issues"].as_u64());
        let sample = report["sample"].as_array().expect("a list");
        assert!(!sample.is_empty() && sample.iter().all(Value::is_string));
    }
}
