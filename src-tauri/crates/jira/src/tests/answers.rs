//! What an answer means: status, headers and shape decide, words never.

use super::kit::{Script, on, options, pat, signed_in};
use crate::SiteKind::DataCenter;
use crate::{Client, Error};
use serde_json::json;

#[tokio::test]
async fn what_is_not_json_is_not_jira() {
    for answer in [
        on("GET /field").html(200),
        on("GET /field")
            .raw(200, "ok")
            .header("content-type", "text/plain"),
        on("GET /field").html(400),
    ] {
        let (client, _) = signed_in(DataCenter, [answer]).await;
        assert_eq!(client.fields().await, Err(Error::NotJira));
    }
}

#[tokio::test]
async fn an_answer_in_an_unknown_shape_is_not_guessed_at() {
    for body in ["", "{}", "[", "\"x\""] {
        let (client, _) = signed_in(DataCenter, [on("GET /field").raw(200, body)]).await;
        assert!(
            matches!(client.fields().await, Err(Error::Shape { .. })),
            "{body}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_error_body_is_read_for_showing() {
    for (body, expected) in [
        (
            json!({ "errorMessages": ["a"], "errors": { "f": "b" } }).to_string(),
            vec!["a", "f: b"],
        ),
        (
            json!({ "errorMessages": [], "errors": {} }).to_string(),
            vec![],
        ),
        (
            json!({ "message": "c", "status-code": 400 }).to_string(),
            vec!["c"],
        ),
        (
            json!({ "title": "Bad", "detail": "d", "status": 400 }).to_string(),
            vec!["d"],
        ),
        ("{".to_owned(), vec![]),
        (String::new(), vec![]),
    ] {
        let answer = on("GET /field")
            .raw(400, body)
            .header("content-type", "application/problem+json");
        let (client, _) = signed_in(DataCenter, [answer]).await;
        let Err(Error::Rejected { messages, .. }) = client.fields().await else {
            panic!("{expected:?}");
        };
        assert_eq!(messages, expected);
    }
}

#[tokio::test]
async fn recorded_refusals_are_read_for_showing() {
    for (name, expected) in [
        (
            "observed-cloud/issue-create-no-project-400.http",
            "project: Specify a valid project ID or key",
        ),
        (
            "observed-cloud/issue-edit-not-on-screen-400.http",
            "summary: Field 'summary' cannot be set.",
        ),
        (
            "observed-cloud/jql-unbounded-400.http",
            "Unbounded JQL queries are not allowed here.",
        ),
    ] {
        let (client, _) = signed_in(DataCenter, [on("GET /field").recorded(name)]).await;
        let Err(Error::Rejected { messages, .. }) = client.fields().await else {
            panic!("{name}")
        };
        assert!(messages[0].starts_with(expected), "{messages:?}");
    }
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let body = || json!({ "errorMessages": ["x"], "errors": {} });
    for (status, meant) in [
        (
            403,
            (|error| matches!(error, Error::Permission { .. })) as fn(&Error) -> bool,
        ),
        (404, |error| matches!(error, Error::Gone)),
        (405, |error| matches!(error, Error::Unsupported { .. })),
        (410, |error| matches!(error, Error::Unsupported { .. })),
        (413, |error| matches!(error, Error::Rejected { .. })),
        (422, |error| matches!(error, Error::Rejected { .. })),
    ] {
        let (client, _) = signed_in(DataCenter, [on("GET /field").json(status, body())]).await;
        let error = client.fields().await.expect_err("refused");
        assert!(meant(&error), "{status}: {error:?}");
    }
    let (client, _) = signed_in(DataCenter, [on("GET /field").html(404)]).await;
    assert!(matches!(
        client.fields().await,
        Err(Error::Unsupported { .. })
    ));
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_with_the_credentials() {
    let transport = Script::new([
        on("GET https://jira.example/jira/rest/api/2/myself")
            .raw(307, "")
            .header("location", "/new/rest/api/2/myself"),
        on("GET https://jira.example/new/rest/api/2/myself").json(200, json!({ "name": "ann" })),
    ]);
    let client = Client::new(options(DataCenter, transport.clone(), pat()).0);
    client.myself().await.expect("signed in");
    assert!(transport.seen()[1].headers().contains_key("authorization"));
}

#[tokio::test]
async fn credentials_never_follow_a_redirect_elsewhere() {
    for location in [
        "https://sso.example/login?token=1",
        "//sso.example/login",
        "https://jira.example:8443/jira",
        "http://jira.example/jira",
        "https://jira.example.evil.example/",
    ] {
        let away = on("GET /myself").raw(302, "").header("location", location);
        let transport = Script::new([away]);
        let client = Client::new(options(DataCenter, transport.clone(), pat()).0);
        let Err(Error::Redirect { to }) = client.myself().await else {
            panic!("{location}")
        };
        assert!(!to.contains("token"), "{to}");
        assert_eq!(transport.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_has_a_body_follows_no_redirect() {
    let away = on("POST /search")
        .raw(302, "")
        .header("location", "/elsewhere");
    let (client, transport) = signed_in(DataCenter, [away]).await;
    assert!(matches!(
        client.count("a = b").await,
        Err(Error::Redirect { .. })
    ));
    transport.finish();
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let there = |from: &str, to: &str| {
        on(&format!("GET {from}"))
            .raw(302, "")
            .header("location", to)
    };
    let script = [
        there("/myself", "/a"),
        there("/a", "/b"),
        there("/b", "/a"),
        there("/a", "/b"),
    ];
    let client = Client::new(options(DataCenter, Script::new(script), pat()).0);
    assert!(matches!(client.myself().await, Err(Error::Redirect { .. })));
}
