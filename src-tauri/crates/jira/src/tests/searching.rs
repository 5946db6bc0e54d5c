//! Finding issues.

use super::kit::{Exchange, fixture, myself, on, signed_in};
use crate::SiteKind::{Cloud, DataCenter};
use crate::{AuthReason, Client, Count, Error, JqlCheck};
use serde_json::{Value, json};

pub(super) const JQL: &str = "project = A ORDER BY rank";

pub(super) fn ids(range: impl IntoIterator<Item = u64>) -> Vec<String> {
    range.into_iter().map(|n| n.to_string()).collect()
}

/// All ids; where Jira refuses a cursor the listing begins anew, as users of the client do it.
pub(super) async fn all_ids(client: &Client) -> Result<Vec<String>, Error> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = match client.id_page(JQL, cursor.as_deref()).await {
            Err(Error::Rejected { .. }) if cursor.is_some() => client.id_page(JQL, None).await?,
            page => page?,
        };
        all.extend(page.ids);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(all),
        }
    }
}

fn token_page(token: Option<&str>, rows: &[u64], next: Option<&str>) -> Exchange {
    let rows: Vec<_> = rows
        .iter()
        .map(|n| json!({ "id": n.to_string() }))
        .collect();
    let page = json!({ "issues": rows, "isLast": next.is_none(), "nextPageToken": next });
    let exchange = on("POST /rest/api/3/search/jql").with(r#""maxResults":5000,"fields":["id"]"#);
    let exchange = match token {
        Some(token) => exchange.with(format!("\"nextPageToken\":\"{token}\"")),
        None => exchange,
    };
    exchange.named().json(200, page)
}

#[tokio::test]
async fn cloud_ids_are_read_by_token_and_short_pages_are_not_the_end() {
    let script = [
        token_page(None, &[1, 2], Some("t1")),
        token_page(Some("t1"), &[], Some("t2")),
        token_page(Some("t2"), &[3], None),
    ];
    let (client, transport) = signed_in(Cloud, script).await;
    assert_eq!(all_ids(&client).await, Ok(ids(1..=3)));
    transport.finish();
}

#[tokio::test]
async fn an_anonymous_empty_search_is_no_empty_project() {
    let empty =
        || on("POST /search/jql").recorded("observed-cloud/jql-field-unknown-anonymous-200.http");
    for (then, reason) in [
        // The token was revoked while the import ran.
        (on("GET /myself").raw(401, ""), AuthReason::ExpiredOrRevoked),
        // The site knows us, and did not for this answer.
        (myself(Cloud), AuthReason::Anonymous),
    ] {
        let (client, _) = signed_in(Cloud, [empty(), then]).await;
        assert_eq!(all_ids(&client).await, Err(Error::Auth(reason)));
    }
    let (client, _) = signed_in(Cloud, [empty().named()]).await;
    assert_eq!(all_ids(&client).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_public_part_of_a_project_is_not_taken_for_the_whole() {
    let public =
        on("POST /search/jql").json(200, json!({ "issues": [{ "id": "1" }], "isLast": true }));
    let (client, _) = signed_in(Cloud, [public, myself(Cloud)]).await;
    assert_eq!(
        all_ids(&client).await,
        Err(Error::Auth(AuthReason::Anonymous))
    );
}

#[tokio::test]
async fn an_empty_data_center_search_is_checked_again() {
    let empty = || on("POST /rest/api/2/search").json(200, json!({ "total": 0, "issues": [] }));
    let (client, _) = signed_in(
        DataCenter,
        [empty(), on("GET /myself").json(401, json!({}))],
    )
    .await;
    assert_eq!(
        all_ids(&client).await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
    let (client, transport) = signed_in(DataCenter, [empty(), myself(DataCenter)]).await;
    assert_eq!(all_ids(&client).await, Ok(Vec::new()));
    transport.finish();
}

#[tokio::test]
async fn a_retired_or_missing_search_is_an_endpoint_that_is_not_there() {
    let retired = on("POST /rest/api/2/search").recorded("observed-cloud/search-retired-410.http");
    let missing = on("POST /rest/api/2/search").html(404);
    for answer in [retired, missing] {
        let (client, _) = signed_in(DataCenter, [answer]).await;
        assert!(matches!(
            all_ids(&client).await,
            Err(Error::Unsupported { .. })
        ));
    }
}

#[tokio::test]
async fn an_issue_that_bulk_fetch_leaves_out_is_missing() {
    let answer = json!({ "issues": [{ "id": "1", "key": "A-1" }],
        "issueErrors": [{ "id": "2", "errorMessage": "gone" }] });
    let bulk = on("POST /issue/bulkfetch")
        .with(r#""issueIdsOrKeys":["1","2","3"]"#)
        .named()
        .json(200, answer.clone());
    let (client, _) = signed_in(Cloud, [bulk]).await;
    let found = client
        .bodies(JQL, &ids(1..=3), &["summary"])
        .await
        .expect("bodies");
    assert_eq!((found.issues.len(), found.missing), (1, ids(2..=3)));
    // Not if nobody is known to have asked.
    let bulk = on("POST /issue/bulkfetch").json(200, answer);
    let (client, _) = signed_in(Cloud, [bulk, myself(Cloud)]).await;
    assert_eq!(
        client.bodies(JQL, &ids(1..=3), &[]).await,
        Err(Error::Auth(AuthReason::Anonymous))
    );
}

#[tokio::test]
async fn the_documented_bulk_answer_is_read() {
    let bulk = on("POST /issue/bulkfetch")
        .named()
        .raw(200, fixture("spec-examples/cloud-v3-bulkfetch.json"));
    let (client, _) = signed_in(Cloud, [bulk]).await;
    let found = client
        .bodies(JQL, &ids([10002]), &[])
        .await
        .expect("bodies");
    assert_eq!(
        found.issues[0].field("summary"),
        Some("My first example issue".into())
    );
    assert!(found.missing.is_empty());
}

#[tokio::test]
async fn filters_are_checked_and_counted() {
    let parsed = |errors: Value| {
        on("POST /rest/api/3/jql/parse?validation=strict")
            .named()
            .json(
                200,
                json!({ "queries": [{ "query": "q", "errors": errors }] }),
            )
    };
    let count = on("POST /search/approximate-count")
        .with(r#"{"jql":"a = b"}"#)
        .named()
        .json(200, json!({ "count": 153 }));
    let (client, _) = signed_in(
        Cloud,
        [parsed(json!(["no field"])), parsed(Value::Null), count],
    )
    .await;
    let errors = vec!["no field".to_owned()];
    assert_eq!(
        client.check_jql("universe = 42").await,
        Ok(JqlCheck {
            errors,
            count: None
        })
    );
    assert_eq!(client.check_jql("a = b").await, Ok(JqlCheck::default()));
    assert_eq!(
        client.count("a = b").await,
        Ok(Count {
            value: 153,
            exact: false
        })
    );

    let search = |status, body: Value| {
        on("POST /rest/api/2/search")
            .with(r#""maxResults":0"#)
            .with(r#""validateQuery":true"#)
            .json(status, body)
    };
    let (client, transport) = signed_in(
        DataCenter,
        [
            search(200, json!({ "total": 7, "issues": [] })),
            search(400, json!({ "errorMessages": ["no field"], "errors": {} })),
        ],
    )
    .await;
    assert_eq!(
        client.count("a = b").await,
        Ok(Count {
            value: 7,
            exact: true
        })
    );
    assert_eq!(
        client.check_jql("x = b").await.expect("told").errors,
        ["no field"]
    );
    transport.finish();
}

#[tokio::test]
async fn what_changed_is_told_with_its_moment_and_without_a_body() {
    let issue =
        |id: &str| json!({ "id": id, "fields": { "updated": "2026-11-27T05:00:00.120+0000" } });
    let cloud = on("POST /rest/api/3/search/jql").with(r#""fields":["updated"]"#);
    let cloud = cloud
        .named()
        .json(200, json!({ "issues": [issue("7")], "isLast": true }));
    let data_center = on("POST /rest/api/2/search").with(r#""fields":["updated"]"#);
    let data_center = data_center.json(200, json!({ "issues": [issue("7")], "total": 1 }));
    for (kind, answer) in [(Cloud, cloud), (DataCenter, data_center)] {
        let (client, _) = signed_in(kind, [answer]).await;
        let page = client.changed_page(JQL, None).await.expect("a page");
        assert_eq!((page.ids, page.next), (vec!["7".to_owned()], None));
        let moment = "2026-11-27T05:00:00.120Z".parse().expect("a moment");
        assert_eq!(page.updated.get("7"), Some(&moment));
    }
}

#[tokio::test]
async fn a_list_of_ids_with_one_that_is_gone_is_read_one_by_one() {
    let body = |id: &str| json!({ "id": id, "key": "A-1", "fields": {} });
    let refused = on("POST /rest/api/2/search").with("id in (7, 8)");
    let refused = refused.json(400, json!({ "errorMessages": ["no issue 8"] }));
    let seven = on("GET /rest/api/2/issue/7").json(200, body("7"));
    let eight = on("GET /rest/api/2/issue/8").json(404, json!({ "errorMessages": ["gone"] }));
    let script = [refused, seven, eight, myself(DataCenter)];
    let (client, transport) = signed_in(DataCenter, script).await;
    let wanted = ids([7, 8]);
    let bodies = client.bodies_of(&wanted, &["updated"]).await.expect("read");
    assert_eq!(bodies.missing, ids([8]));
    assert_eq!(bodies.issues[0].id, "7");
    transport.finish();

    let whole = on("POST /rest/api/2/search").with("id in (7, 8)");
    let whole = whole.json(200, json!({ "issues": [body("7"), body("8")], "total": 2 }));
    let (client, _) = signed_in(DataCenter, [whole]).await;
    let bodies = client.bodies_of(&wanted, &["updated"]).await.expect("read");
    assert_eq!(bodies.missing, Vec::<String>::new());
}

#[tokio::test]
async fn an_issue_for_which_the_site_cannot_answer_keeps_no_other_from_being_read() {
    let seven = || {
        on("GET /rest/api/2/issue/7").json(200, json!({ "id": "7", "key": "A-7", "fields": {} }))
    };
    // For so long nobody waits.
    let down = |path: &str| on(path).html(503).header("retry-after", "1800");
    let eight = || down("GET /rest/api/2/issue/8");
    let script = [seven(), eight(), myself(DataCenter)];
    let (client, transport) = signed_in(DataCenter, script).await;
    let wanted = ids([7, 8]);
    let bodies = client.current_bodies(&wanted, &["updated"]).await;
    let bodies = bodies.expect("one was read");
    assert_eq!((bodies.issues.len(), bodies.missing.len()), (1, 0));
    let failed = bodies.failed.as_slice();
    assert!(
        matches!(failed, [(id, Error::Unavailable { status: 503, .. })] if id == "8"),
        "{failed:?}"
    );
    transport.finish();

    // Where it answers nobody, that is no matter of one issue.
    let script = [seven(), eight(), down("GET /rest/api/2/myself")];
    let (client, _) = signed_in(DataCenter, script).await;
    let bodies = client.current_bodies(&wanted, &["updated"]).await;
    assert!(
        matches!(bodies, Err(Error::Unavailable { .. })),
        "{bodies:?}"
    );
}
