//! Recorded and documented payloads.

use super::kit::{fixture, fixtures, myself, on, signed_in};
use crate::SiteKind::{Cloud, DataCenter};
use crate::{Change, Error, Issue, Sprint, SprintState, User, status};
use serde_json::Value;

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_recorded_server_issue_is_read_with_its_sprint() {
    let issue: Issue = read("server-v2-issue-with-sprint-string.json");
    assert_eq!(
        (issue.id.as_str(), issue.key.as_str()),
        ("10013", "PRJX-14")
    );
    assert_eq!(
        issue.moment("updated"),
        crate::moment("2019-06-04T00:10:21.326Z")
    );
    let sprints = issue.field("customfield_10104").expect("sprints");
    let sprint = Sprint::from_value(&sprints[0]).expect("a sprint");
    assert_eq!(
        (sprint.id, sprint.name.as_str(), sprint.state),
        (1, "Sample Sprint 2", SprintState::Active)
    );
    assert_eq!(
        issue
            .brief("status")
            .and_then(|found| status(&found))
            .expect("a status")
            .category,
        "new"
    );
}

#[test]
fn documented_issues_are_read() {
    for (name, key) in [
        ("spec-examples/cloud-v3-issue-get.json", "ED-1"),
        ("spec-examples/cloud-agile-issue.json", "HSP-1"),
    ] {
        let issue: Issue = read(name);
        assert_eq!(issue.key, key, "{name}");
    }
}

#[test]
fn every_recorded_webhook_holds_a_readable_issue_change_and_person() {
    let (mut issues, mut changed) = (0, 0);
    for file in std::fs::read_dir(fixtures().join("webhooks")).expect("a folder") {
        let path = file.expect("a file").path();
        let body: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("bytes")).expect("JSON");
        if let Some(issue) = body.get("issue") {
            let read: Result<Issue, _> = serde_json::from_value(issue.clone());
            assert!(read.is_ok(), "{}: {read:?}", path.display());
            issues += 1;
        }
        if let Some(change) = body.get("changelog") {
            let change: Change = serde_json::from_value(change.clone()).expect("a change");
            changed += change.items.len();
        }
        if let Some(user) = body.get("user") {
            let user: User = serde_json::from_value(user.clone()).expect("a person");
            assert!(!user.id.is_empty(), "{}", path.display());
        }
    }
    assert!(issues > 20 && changed > 20, "{issues} {changed}");
}

fn last_page() -> Value {
    serde_json::json!({ "values": [], "isLast": true })
}

#[test]
fn recorded_statuses_are_read_with_their_categories() {
    let rows: Vec<Value> = read("go-jira/all_statuses.json");
    for row in &rows {
        let status = status(row).expect("a status");
        assert!(
            ["new", "indeterminate", "done", "undefined"].contains(&status.category.as_str()),
            "{status:?}"
        );
    }
    assert!(!rows.is_empty());
}

#[tokio::test]
async fn documented_searches_are_read() {
    let page = || fixture("spec-examples/cloud-v3-search-jql-page.json");
    let (client, _) = signed_in(
        Cloud,
        [
            on("POST /search/jql").named().raw(200, page()),
            on("POST /search/jql").named().raw(200, page()),
            on("POST /jql/parse")
                .named()
                .raw(200, fixture("spec-examples/cloud-v3-jql-parse.json")),
        ],
    )
    .await;
    let ids = client.id_page("a = b", None).await.expect("a page");
    assert!(ids.next.is_none() && !ids.ids.is_empty());
    let issues = client.first_issues("a = b", 5, &["summary"]).await;
    assert_eq!(issues.expect("issues").len(), ids.ids.len());
    let checked = client.check_jql("a = b").await.expect("told");
    assert_eq!(checked.errors, Vec::<String>::new());
}

#[tokio::test]
async fn a_documented_refusal_is_read_for_showing() {
    let refused =
        on("GET /field").raw(400, fixture("spec-examples/cloud-v3-issue-create-400.json"));
    let (client, _) = signed_in(Cloud, [refused]).await;
    let messages = vec!["Field 'priority' is required".to_owned()];
    let fields = std::collections::BTreeMap::new();
    assert_eq!(
        client.fields().await,
        Err(Error::Rejected { messages, fields })
    );
}

#[tokio::test]
async fn documented_and_recorded_lists_are_read() {
    let (client, _) = signed_in(
        Cloud,
        [
            on("GET /project/search")
                .named()
                .raw(200, fixture("spec-examples/cloud-v3-project-search.json")),
            on("GET /mypermissions").raw(200, fixture("spec-examples/cloud-v3-mypermissions.json")),
            on("GET /field").raw(200, fixture("spec-examples/cloud-v3-field.json")),
            on("GET /editmeta").raw(200, fixture("spec-examples/cloud-v3-editmeta.json")),
            on("GET /createmeta").raw(
                200,
                fixture("spec-examples/cloud-v3-createmeta-fields.json"),
            ),
            on("GET /configuration").raw(
                200,
                fixture("spec-examples/cloud-agile-board-configuration.json"),
            ),
            on("GET /myself").raw(200, fixture("spec-examples/cloud-v3-myself.json")),
            on("GET /board?projectKeyOrId=AB&startAt=0&")
                .raw(200, fixture("spec-examples/cloud-agile-boards.json")),
            on("GET /board?projectKeyOrId=AB&startAt=2&").json(200, last_page()),
            on("GET /sprint").raw(200, fixture("spec-examples/cloud-agile-board-sprints.json")),
            on("GET /sprint").json(200, last_page()),
        ],
    )
    .await;
    let (projects, total) = client.projects("", 2).await.expect("projects");
    assert_eq!((projects[1].key.as_str(), total), ("ABC", 7));
    let permissions = client
        .permissions(&["EDIT_ISSUES", "UNKNOWN"], None)
        .await
        .expect("permissions");
    assert!(permissions.len() == 1 && permissions[0].have);
    assert_eq!(
        client.fields().await.expect("fields")[0]
            .schema
            .system
            .as_deref(),
        Some("description")
    );
    let editable = client.edit_fields("AB-1").await.expect("fields");
    assert_eq!(editable[0].allowed_values, ["red", "blue"]);
    let creatable = client
        .create_fields("AB", "1")
        .await
        .expect("told")
        .expect("fields");
    assert!(creatable[0].required && creatable[0].id == "assignee");
    let board = client
        .board_configuration("84")
        .await
        .expect("told")
        .expect("a board");
    assert_eq!(board.estimation_field.as_deref(), Some("customfield_10002"));
    assert_eq!(
        client.myself().await.expect("signed in").time_zone,
        "Australia/Sydney"
    );
    let boards = client.boards("AB").await.expect("boards");
    let kinds: Vec<&str> = boards.iter().map(|board| board.kind.as_str()).collect();
    assert_eq!(kinds, ["scrum", "kanban"]);
    let sprints = client.sprints("84").await.expect("told").expect("sprints");
    let states: Vec<SprintState> = sprints.iter().map(|sprint| sprint.state).collect();
    assert_eq!(states, [SprintState::Closed, SprintState::Future]);

    let (client, _) = signed_in(
        DataCenter,
        [
            on("GET /priority").raw(200, fixture("go-jira/all_priorities.json")),
            on("GET /sprint").raw(200, fixture("go-jira/sprints.json")),
            on("GET /configuration").raw(200, fixture("go-jira/board_configuration.json")),
            on("GET /field").raw(200, fixture("go-jira/all_fields.json")),
        ],
    )
    .await;
    assert_eq!(
        client.priorities().await.expect("priorities")[0].name,
        "Blocker"
    );
    let sprints = client.sprints("734").await.expect("told").expect("sprints");
    assert_eq!(
        (sprints[0].id, sprints[0].state),
        (740, SprintState::Closed)
    );
    let board = client
        .board_configuration("35")
        .await
        .expect("told")
        .expect("a board");
    assert_eq!(board.estimation_field, None);
    assert_eq!(client.fields().await.expect("fields").len(), 2);
}

#[tokio::test]
async fn recorded_create_metadata_of_old_servers_and_cloud_is_read() {
    for name in [
        "createmeta-old/server-get-create-issue-metadata-for-project.json",
        "createmeta-old/server-get-create-issue-metadata-for-project-many-fields.json",
        "createmeta-old/cloud-get-create-issue-metadata-for-project.json",
        "createmeta-old/cloud-get-create-issue-metadata-for-project-many-fields.json",
    ] {
        let whole: Value = read(name);
        for row in whole["projects"][0]["issuetypes"]
            .as_array()
            .expect("types")
        {
            let id = row["id"].as_str().expect("an id");
            let (client, transport) = signed_in(
                DataCenter,
                [
                    on("GET /issue/createmeta/AB/issuetypes/").html(404),
                    myself(DataCenter),
                    on("GET /issue/createmeta?projectKeys=AB&").raw(200, fixture(name)),
                ],
            )
            .await;
            let fields = client
                .create_fields("AB", id)
                .await
                .expect("told")
                .expect("fields");
            let summary = fields
                .iter()
                .find(|field| field.id == "summary")
                .expect("a summary");
            assert!(summary.required, "{name}");
            assert_eq!(
                fields.len(),
                row["fields"].as_object().expect("fields").len()
            );
            transport.finish();
        }
    }
}
