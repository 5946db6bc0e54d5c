//! Lists: pages, fall-backs, and what a site may lack.

use super::kit::{Exchange, myself, on, signed_in};
use crate::Error;
use crate::SiteKind::{Cloud, DataCenter};
use serde_json::{Value, json};

fn project_page(start: usize, end: usize, total: usize) -> Exchange {
    let rows: Vec<_> = (start..end)
        .map(|n| json!({ "id": n.to_string(), "key": format!("P{n}"), "name": format!("Project {n}") }))
        .collect();
    let page = json!({ "startAt": start, "maxResults": 100, "total": total, "isLast": end >= total, "values": rows });
    on(&format!("GET /rest/api/3/project/search?startAt={start}&"))
        .named()
        .json(200, page)
}

#[tokio::test]
async fn thousands_of_projects_are_read_page_by_page() {
    let pages = (0..25).map(|n| project_page(n * 100, (n + 1) * 100, 2_500));
    let (client, transport) = signed_in(Cloud, pages).await;
    let (projects, total) = client.projects("", 10_000).await.expect("projects");
    assert_eq!(
        (projects.len(), total, projects[2_499].key.as_str()),
        (2_500, 2_500, "P2499")
    );
    transport.finish();
}

#[tokio::test]
async fn a_site_that_cuts_the_page_size_loses_no_project() {
    let pages = [(0, 40), (40, 41), (41, 90)].map(|(from, to)| project_page(from, to, 90));
    let (client, transport) = signed_in(Cloud, pages).await;
    assert_eq!(
        client.projects("", 1_000).await.expect("projects").0.len(),
        90
    );
    transport.finish();
}

#[tokio::test]
async fn data_center_lists_projects_in_one_piece_and_is_searched_here() {
    let rows = json!([
        { "id": "1", "key": "AB", "name": "Größe" },
        { "id": 2, "key": "CD", "name": "Other" },
    ]);
    let list = || on("GET /jira/rest/api/2/project").json(200, rows.clone());
    let (client, _) = signed_in(DataCenter, [list(), list(), list()]).await;
    for (text, found) in [("", 2), ("größe", 1), ("cd", 1)] {
        assert_eq!(
            client.projects(text, 10).await.expect("projects").0.len(),
            found,
            "{text}"
        );
    }
}

#[tokio::test]
async fn boards_are_read_to_the_last_page() {
    let page = |start: usize, last: bool| {
        let board = json!({ "id": start, "name": "B", "type": "scrum" });
        let page = json!({ "startAt": start, "maxResults": 1, "isLast": last, "values": [board] });
        on(&format!("GET /board?projectKeyOrId=AB&startAt={start}&")).json(200, page)
    };
    let pages = [page(0, false), page(1, false), page(2, true)];
    let (client, transport) = signed_in(Cloud, pages).await;
    assert_eq!(client.boards("AB").await.expect("boards").len(), 3);
    transport.finish();
}

#[tokio::test]
async fn a_site_without_boards_has_none() {
    for answer in [
        on("GET /rest/agile/1.0/board").html(404),
        on("GET /rest/agile/1.0/board").json(403, json!({ "errorMessages": ["x"] })),
        on("GET /rest/agile/1.0/board").json(200, json!({ "values": [], "isLast": true })),
    ] {
        let (client, transport) = signed_in(DataCenter, [answer, myself(DataCenter)]).await;
        assert_eq!(client.boards("AB").await, Ok(Vec::new()));
        transport.finish();
    }
}

#[tokio::test]
async fn a_board_without_sprints_has_none() {
    let kanban = on("GET /rest/agile/1.0/board/7/sprint?state=active%2Cfuture%2Cclosed&").json(
        400,
        json!({ "errorMessages": ["The board does not support sprints"], "errors": {} }),
    );
    let (client, _) = signed_in(Cloud, [kanban, myself(Cloud)]).await;
    assert_eq!(client.sprints("7").await, Ok(None));
}

fn field_row(id: &str, custom: Option<&str>) -> Value {
    json!({ "fieldId": id, "key": id, "name": "Übersetzt", "required": true, "hasDefaultValue": id == "priority",
        "schema": { "type": "any", "custom": custom, "customId": 1 } })
}

#[tokio::test]
async fn both_shapes_of_create_metadata_are_read_to_the_last_page() {
    for (kind, array, version) in [(Cloud, "fields", 3), (DataCenter, "values", 2)] {
        let page = |start: usize, row: Value| {
            let mut page = json!({ "startAt": start, "maxResults": 1, "total": 2, array: [row] });
            if kind == Cloud {
                page["results"] = page[array].clone();
            }
            on(&format!(
                "GET /rest/api/{version}/issue/createmeta/AB/issuetypes/1?startAt={start}&"
            ))
            .json(200, page)
        };
        let epic_name = "com.pyxis.greenhopper.jira:gh-epic-label";
        let script = [
            page(0, field_row("priority", None)),
            page(1, field_row("customfield_1", Some(epic_name))),
        ];
        let (client, transport) = signed_in(kind, script).await;
        let fields = client
            .create_fields("AB", "1")
            .await
            .expect("told")
            .expect("fields");
        // What a field is stands in its schema, whatever it is called.
        assert_eq!(fields[1].schema.custom.as_deref(), Some(epic_name));
        assert_eq!(
            fields
                .iter()
                .map(|field| field.required)
                .collect::<Vec<_>>(),
            [false, true]
        );
        transport.finish();
    }
}

#[tokio::test]
async fn a_site_that_tells_no_create_metadata_at_all_is_no_error() {
    let (client, transport) = signed_in(
        DataCenter,
        [
            on("GET /issue/createmeta/AB/issuetypes/1").html(404),
            myself(DataCenter),
            on("GET /issue/createmeta?").html(404),
            myself(DataCenter),
        ],
    )
    .await;
    assert_eq!(client.create_fields("AB", "1").await, Ok(None));
    transport.finish();
}

#[tokio::test]
async fn levels_are_told_on_cloud_only() {
    let types = json!({ "id": "1", "key": "AB", "issueTypes": [
        { "id": "1", "name": "Épopée", "subtask": false, "hierarchyLevel": 1 },
        { "id": 2, "name": "Sous-tâche", "subtask": true },
    ] });
    let (client, _) = signed_in(Cloud, [on("GET /project/AB").json(200, types)]).await;
    let types = client.issue_types("AB").await.expect("types");
    assert_eq!(
        (types[0].hierarchy_level, types[1].hierarchy_level),
        (Some(1), None)
    );
    assert!(types[1].subtask);
}

#[tokio::test]
async fn lists_that_a_site_no_longer_has_are_empty() {
    let (client, _) = signed_in(
        Cloud,
        [on("GET /priority").json(410, json!({})), myself(Cloud)],
    )
    .await;
    assert_eq!(client.priorities().await, Ok(Vec::new()));
}

#[tokio::test]
async fn statuses_of_all_types_come_once_each() {
    let status = |id: &str| json!({ "id": id, "name": id, "statusCategory": { "key": "done" } });
    let rows = json!([{ "statuses": [status("1"), status("2")] }, { "statuses": [status("2")] }]);
    let (client, _) = signed_in(Cloud, [on("GET /project/AB/statuses").json(200, rows)]).await;
    let found = client.statuses("AB").await.expect("statuses");
    assert_eq!(
        found
            .iter()
            .map(|status| status.id.as_str())
            .collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(found[0].category, "done");
}

#[tokio::test]
async fn short_ranges_of_people_are_not_the_end() {
    let page = |start: usize, ids: &[&str]| {
        let rows: Vec<_> = ids
            .iter()
            .map(|id| json!({ "accountId": id, "displayName": id }))
            .collect();
        on(&format!(
            "GET /user/assignable/search?project=AB&maxResults=2&query=an&startAt={start}"
        ))
        .json(200, json!(rows))
    };
    let script = [page(0, &[]), page(2, &["a"]), page(4, &["a", "b"])];
    let (client, transport) = signed_in(Cloud, script).await;
    let found = client
        .assignable_users("AB", "an", 2)
        .await
        .expect("people");
    assert_eq!(
        found
            .iter()
            .map(|user| user.id.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    transport.finish();
}

#[tokio::test]
async fn people_on_data_center_are_known_by_key() {
    let ann = json!({ "key": "JIRAUSER9", "name": "ann", "displayName": "Ann", "active": false });
    let (client, transport) = signed_in(
        DataCenter,
        [
            on("GET /rest/api/2/user?key=JIRAUSER9").json(200, ann.clone()),
            on("GET /user/assignable/search?project=AB&maxResults=50&username=a")
                .json(200, json!([ann])),
            on("GET /rest/api/2/user?key=gone").json(404, json!({ "errorMessages": ["x"] })),
            myself(DataCenter),
        ],
    )
    .await;
    let user = client
        .user("JIRAUSER9")
        .await
        .expect("told")
        .expect("a person");
    assert_eq!(
        (user.id.as_str(), user.login.as_deref(), user.active),
        ("JIRAUSER9", Some("ann"), false)
    );
    assert_eq!(
        client
            .assignable_users("AB", "a", 50)
            .await
            .expect("people"),
        [user]
    );
    assert_eq!(client.user("gone").await, Ok(None));
    transport.finish();
}

#[tokio::test]
async fn an_odd_key_stays_one_part_of_the_path() {
    let odd = on("GET /rest/api/2/project/A%2F..%3Fb%20c")
        .json(200, json!({ "id": "1", "key": "A", "name": "A" }));
    let (client, transport) = signed_in(DataCenter, [odd]).await;
    client.project("A/..?b c").await.expect("told");
    transport.finish();
}

#[tokio::test]
async fn an_unknown_permission_key_is_refused_by_cloud() {
    let refused = on("GET /mypermissions?permissions=ODD&projectKey=AB").json(
        400,
        json!({ "errorMessages": [], "errors": { "ODD": "Unrecognized permission" } }),
    );
    let (client, _) = signed_in(Cloud, [refused]).await;
    let messages = vec!["ODD: Unrecognized permission".to_owned()];
    let fields = [("ODD".to_owned(), "Unrecognized permission".to_owned())];
    let fields = fields.into();
    assert_eq!(
        client.permissions(&["ODD"], Some("AB")).await,
        Err(Error::Rejected { messages, fields })
    );
}
