//! What a site lacks, or says in another language, stops nothing.

use super::kit::{Exchange, Script, myself, on, options, password, signed_in};
use crate::SiteKind::{self, Cloud, DataCenter};
use crate::{AuthReason, Client, Error, Permission};
use serde_json::json;

/// The optional lists, and how many requests each sends to find out that it is not there.
const LISTS: [(&str, usize); 8] = [
    ("/priority", 1),
    ("/project/AB/statuses", 1),
    ("/project/AB/versions", 1),
    ("/project/AB/components", 1),
    ("/board", 1),
    ("/board/7/configuration", 1),
    ("/board/7/sprint", 1),
    ("/issue/createmeta", 2),
];

async fn ask_for_all(client: &Client) -> Result<(), Error> {
    assert!(client.priorities().await?.is_empty());
    assert!(client.statuses("AB").await?.is_empty());
    assert!(client.versions("AB").await?.is_empty());
    assert!(client.components("AB").await?.is_empty());
    assert!(client.boards("AB").await?.is_empty());
    assert_eq!(client.board_configuration("7").await?, None);
    assert_eq!(client.sprints("7").await?, None);
    assert_eq!(client.create_fields("AB", "1").await?, None);
    Ok(())
}

/// Every optional list is answered like this.
async fn check(kind: SiteKind, answer: impl Fn(Exchange) -> Exchange) {
    let mut script = Vec::new();
    for (path, times) in LISTS {
        for _ in 0..times {
            script.push(answer(on(&format!("GET {path}"))));
            script.push(myself(kind));
        }
    }
    let (client, transport) = signed_in(kind, script).await;
    ask_for_all(&client).await.expect("nothing stops");
    transport.finish();
}

#[tokio::test]
async fn an_answer_that_breaks_off_does_not_say_that_there_is_nothing() {
    for kind in [Cloud, DataCenter] {
        let lists = LISTS.map(|(path, _)| path).into_iter();
        for path in lists.chain(["/issue/7?", "/issue/7/properties/mark"]) {
            for half in ["", "[[", "{\"values\":[{\"id"] {
                let broken = on(&format!("GET {path}")).raw(200, half);
                let (client, _) = signed_in(kind, [broken]).await;
                let outcome = match path {
                    "/priority" => client.priorities().await.map(drop),
                    "/project/AB/statuses" => client.statuses("AB").await.map(drop),
                    "/project/AB/versions" => client.versions("AB").await.map(drop),
                    "/project/AB/components" => client.components("AB").await.map(drop),
                    "/board" => client.boards("AB").await.map(drop),
                    "/board/7/configuration" => client.board_configuration("7").await.map(drop),
                    "/board/7/sprint" => client.sprints("7").await.map(drop),
                    "/issue/createmeta" => client.create_fields("AB", "1").await.map(drop),
                    "/issue/7?" => client.history("7").await.map(drop),
                    _ => client.property("7", "mark").await.map(drop),
                };
                let is_told = matches!(outcome, Err(Error::Shape { .. }));
                assert!(is_told, "{path} {half}: {outcome:?}");
            }
        }
    }
}

#[tokio::test]
async fn only_jira_itself_says_that_an_issue_bears_no_mark() {
    let mark = || on("GET /issue/7/properties/mark");
    let words = json!({ "errorMessages": ["no"] });
    let absent = [mark().json(404, words.clone()), myself(Cloud)];
    let (client, transport) = signed_in(Cloud, absent).await;
    assert_eq!(client.property("7", "mark").await, Ok(None));
    transport.finish();
    for answer in [mark().html(200), mark().html(404), mark().json(403, words)] {
        let (client, _) = signed_in(Cloud, [answer]).await;
        let outcome = client.property("7", "mark").await;
        assert!(outcome.is_err(), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_site_that_lacks_every_optional_list_stops_nothing() {
    for kind in [Cloud, DataCenter] {
        check(kind, |list| list.html(404)).await;
        check(kind, |list| {
            list.json(404, json!({ "errorMessages": ["no"] }))
        })
        .await;
        check(kind, |list| list.raw(405, "")).await;
        check(kind, |list| list.json(410, json!({}))).await;
        check(kind, |list| {
            list.json(403, json!({ "errorMessages": ["no"] }))
        })
        .await;
        check(kind, |list| {
            list.json(400, json!({ "errorMessages": ["no"] }))
        })
        .await;
    }
}

#[tokio::test]
async fn versions_and_components_are_read_where_they_are() {
    let rows =
        || json!([{ "id": "10000", "name": "Größer", "released": true }, { "id": 2, "name": "b" }]);
    let script = [
        on("GET /rest/api/2/project/AB/versions").json(200, rows()),
        on("GET /rest/api/2/project/AB/components").json(200, rows()),
    ];
    let (client, _) = signed_in(DataCenter, script).await;
    let versions = client.versions("AB").await.expect("versions");
    assert_eq!(versions, client.components("AB").await.expect("components"));
    assert_eq!(
        (versions[0].name.as_str(), versions[1].id.as_str()),
        ("Größer", "2")
    );
}

#[tokio::test]
async fn an_old_server_that_does_not_know_a_permission_leaves_it_open() {
    let all = on("GET /rest/api/2/mypermissions?").json(
        200,
        json!({ "permissions": {
            "EDIT_ISSUES": { "id": "12", "key": "EDIT_ISSUES", "havePermission": false },
            "BROWSE": { "havePermission": true },
        } }),
    );
    let (client, _) = signed_in(DataCenter, [all]).await;
    let key = "EDIT_ISSUES".to_owned();
    assert_eq!(
        client
            .permissions(&["EDIT_ISSUES", "MANAGE_SPRINTS_PERMISSION"], None)
            .await,
        Ok(vec![Permission { key, have: false }])
    );
}

#[tokio::test]
async fn a_server_before_personal_tokens_refuses_one_as_wrong() {
    let nobody = on("GET /rest/api/2/myself").json(401, json!({ "errorMessages": ["x"] }));
    let transport = Script::new([nobody]);
    let client = Client::new(options(DataCenter, transport, super::kit::pat()).0);
    assert_eq!(client.myself().await, Err(Error::Auth(AuthReason::Wrong)));
}

#[tokio::test]
async fn refusals_mean_the_same_in_every_language() {
    let words = "Die Basic-Authentifizierung wurde für diese Instanz deaktiviert.";
    let off = on("GET /myself").json(403, json!({ "message": words }));
    let client = Client::new(options(DataCenter, Script::new([off]), password()).0);
    assert_eq!(
        client.myself().await,
        Err(Error::Auth(AuthReason::BasicDisabled))
    );
    let kanban = on("GET /board/7/sprint").json(
        400,
        json!({ "errorMessages": ["Das Board unterstützt keine Sprints"], "errors": {} }),
    );
    let refused = on("POST /search").json(
        400,
        json!({ "errorMessages": ["Das Feld „foo“ ist nicht vorhanden."], "errors": {} }),
    );
    let script = [kanban, myself(DataCenter), refused];
    let (client, _) = signed_in(DataCenter, script).await;
    assert_eq!(client.sprints("7").await, Ok(None));
    let checked = client.check_jql("foo = 1").await.expect("told");
    assert_eq!(checked.errors.len(), 1);
}

#[tokio::test]
async fn statuses_types_and_fields_are_known_by_what_they_are_whatever_they_are_called() {
    let statuses = json!([{ "statuses": [{ "id": "3", "name": "In Arbeit",
        "statusCategory": { "key": "indeterminate", "name": "In Bearbeitung" } }] }]);
    let fields = json!([{ "id": "customfield_10107", "name": "Punkte", "custom": true, "schema": {
        "type": "array", "items": "string", "custom": "com.pyxis.greenhopper.jira:gh-sprint" } }]);
    let types = json!({ "id": "1", "key": "AB", "issueTypes": [
        { "id": "5", "name": "Unteraufgabe", "subtask": true } ] });
    let script = [
        on("GET /project/AB/statuses").json(200, statuses),
        on("GET /field").json(200, fields),
        on("GET /project/AB").json(200, types),
    ];
    let (client, _) = signed_in(DataCenter, script).await;
    let statuses = client.statuses("AB").await.expect("statuses");
    assert_eq!(statuses[0].category, "indeterminate");
    let fields = client.fields().await.expect("fields");
    let custom = fields[0].schema.custom.as_deref();
    assert_eq!(custom, Some("com.pyxis.greenhopper.jira:gh-sprint"));
    assert!(client.issue_types("AB").await.expect("types")[0].subtask);
}
