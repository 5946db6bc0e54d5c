//! What happened to issues.

use super::kit::{fixture, myself, on, signed_in};
use super::searching::ids;
use crate::SiteKind::{Cloud, DataCenter};
use crate::{AuthReason, Error};
use serde_json::json;

#[tokio::test]
async fn documented_changes_are_read_page_by_page() {
    let page = fixture("spec-examples/cloud-v3-changelog-bulkfetch.json");
    let first = on("POST /rest/api/3/changelog/bulkfetch")
        .with(r#""issueIdsOrKeys":["10100"]"#)
        .named();
    let last = on("POST /rest/api/3/changelog/bulkfetch")
        .with(r#""nextPageToken":"UxAQBFRF""#)
        .named();
    let script = [
        first.raw(200, page),
        last.json(200, json!({ "issueChangeLogs": [] })),
    ];
    let (client, transport) = signed_in(Cloud, script).await;
    let page = client.changes(&ids([10100]), None).await.expect("changes");
    let changes = &page.changes["10100"];
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[0].at, crate::moment("2017-04-13T08:00:29Z"));
    let author = changes[0].author.as_ref().expect("a person");
    assert_eq!(author.name, "Mia Krystof");
    let item = &changes[1].items[0];
    assert_eq!(item.field.as_deref(), Some("fieldId"));
    assert_eq!(item.to_text.as_deref(), Some("new summary 2"));
    let next = page.next.as_deref();
    let page = client.changes(&ids([10100]), next).await.expect("changes");
    assert!(page.changes.is_empty() && page.next.is_none());
    transport.finish();
}

#[tokio::test]
async fn moments_come_as_seconds_milliseconds_or_text() {
    for created in [
        json!(1_492_070_429),
        json!(1_492_070_429_000_i64),
        json!("2017-04-13T08:00:29.000+0000"),
    ] {
        let change: crate::Change =
            serde_json::from_value(json!({ "id": 1, "created": created })).expect("a change");
        assert_eq!(change.at, crate::moment("2017-04-13T08:00:29Z"));
    }
}

#[tokio::test]
async fn data_center_tells_changes_beside_the_issue_and_in_either_order() {
    let history = |id: &str, at: &str| {
        json!({ "id": id, "created": at, "items": [
            { "field": "Ziel", "fieldtype": "custom", "from": null, "fromString": "1", "to": null, "toString": "2" },
        ] })
    };
    let body = json!({ "id": "7", "key": "A-7", "changelog": { "histories": [
        history("2", "2026-11-23T10:00:00.000+0000"),
        history("1", "2026-11-22T10:00:00.000+0000"),
    ] } });
    let script = [
        on("GET /rest/api/2/issue/7?fields=updated&expand=changelog").json(200, body),
        on("GET /rest/api/2/issue/8?").json(404, json!({ "errorMessages": ["x"] })),
        myself(DataCenter),
    ];
    let (client, transport) = signed_in(DataCenter, script).await;
    let page = client.changes(&ids(7..=8), None).await.expect("changes");
    let order: Vec<&str> = (page.changes["7"].iter())
        .map(|change| change.id.as_str())
        .collect();
    assert_eq!((order, page.changes.len()), (vec!["1", "2"], 1));
    assert_eq!(page.changes["7"][0].items[0].field, None);
    transport.finish();
}

#[tokio::test]
async fn no_changes_at_all_are_believed_only_from_somebody_it_knows() {
    let none = on("POST /changelog/bulkfetch").json(200, json!({ "issueChangeLogs": [] }));
    let (client, _) = signed_in(Cloud, [none, myself(Cloud)]).await;
    assert_eq!(
        client.changes(&ids([1]), None).await,
        Err(Error::Auth(AuthReason::Anonymous))
    );
}
