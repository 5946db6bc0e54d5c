//! Adding a project, and changing what was added by typing the command again.

use crate::kit::{integrated, lockstep, ran, works};
use api::dto::IntegrationArgs;
use lockstep_tests::{Served, open};
use practice_jira::SiteConfig;

#[test]
fn closed_issues_are_left_out_again_and_stay_as_they_were_if_nothing_is_said() {
    let (served, directory) = (
        Served::start(SiteConfig::cloud(60, 3)),
        tempfile::tempdir().expect("a directory"),
    );
    integrated(directory.path(), &served);
    let project = served.project().to_lowercase();
    let check = |flag: &[&str], expected: bool| {
        let mut arguments = vec!["integrate", "--connection", "acme", "--json"];
        arguments.extend(["--name", "main", "--project", &project]);
        arguments.extend(flag);
        let integration = works(directory.path(), &arguments).json();
        assert_eq!(integration["include_closed"], expected, "{flag:?}");
        assert_eq!(integration["project_key"], served.project());
    };
    check(&[], true);
    check(&["--include-closed=false"], false);
    check(&[], false);
    check(&["--include-closed"], true);
    let status = works(directory.path(), &["status", "--json"]).json();
    let all = status["integrations"].as_array().expect("a list");
    assert_eq!(all.len(), 1, "the same one was changed each time");
}

#[test]
fn when_to_stop_and_ask_is_said_by_shares_and_kept_where_nothing_is_said() {
    let (served, directory) = (
        Served::start(SiteConfig::cloud(60, 3)),
        tempfile::tempdir().expect("a directory"),
    );
    integrated(directory.path(), &served);
    let project = served.project();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let check = |flags: &[&str], expected: (u8, u8)| {
        let mut arguments = vec!["integrate", "--connection", "acme", "--name", "main"];
        arguments.extend(["--project", &project]);
        arguments.extend(flags);
        works(directory.path(), &arguments);
        let found = runtime.block_on(async {
            let app = open(directory.path()).await.expect("opens");
            let limits = app.fuse_limits(IntegrationArgs { integration_id: 1 }).await;
            app.shutdown().await;
            limits.expect("limits")
        });
        assert_eq!((found.changed_percent, found.emptied_percent), expected);
    };
    check(&[], (20, 5));
    check(&["--ask-above-changed", "40"], (40, 5));
    check(&["--ask-above-emptied", "100"], (40, 100));
    check(&[], (40, 100));
    let none = [
        "integrate",
        "--project",
        &project,
        "--ask-above-changed",
        "0",
    ];
    assert_eq!(ran(lockstep(directory.path(), &none)).code, 2);
}

#[test]
fn a_project_is_found_by_its_key_in_small_letters() {
    let (served, directory) = (
        Served::start(SiteConfig::data_center(60, 3)),
        tempfile::tempdir().expect("a directory"),
    );
    let (command, secret) = crate::kit::connect(directory.path(), &served);
    assert_eq!(crate::kit::fed(command, &secret).code, 0);
    let project = served.project().to_lowercase();
    let arguments = [
        "integrate",
        "--connection",
        "acme",
        "--project",
        &project,
        "--json",
    ];
    let ended = ran(lockstep(directory.path(), &arguments));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.json()["project_key"], served.project());
    assert_ne!(
        ended.json()["name"],
        project.as_str(),
        "the project's own name"
    );
}
