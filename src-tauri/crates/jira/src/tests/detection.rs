//! What answers at an address.

use super::kit::{Exchange, ManualClock, Script, fixture, on};
use crate::{
    Error, FixedJitter, Found, SiteKind, SiteUrl, TransportError, TransportErrorKind, detect,
};
use serde_json::{Value, json};
use std::sync::Arc;

async fn check(typed: &str, script: Vec<Exchange>) -> Result<Found, Error> {
    let transport = Script::new(script);
    let url = SiteUrl::parse(typed).expect("an address");
    let jitter = Arc::new(FixedJitter(0.0));
    let found = detect(transport.clone(), ManualClock::new(), jitter, &url).await;
    transport.finish();
    for request in transport.seen() {
        assert!(!request.headers().contains_key("authorization"));
    }
    found
}

fn info(deployment: Option<&str>, base: &str) -> Value {
    let mut info = json!({ "baseUrl": base, "version": "9.12.4", "versionNumbers": [9, 12, 4],
        "serverTitle": "Jira" });
    if let Some(deployment) = deployment {
        info["deploymentType"] = deployment.into();
    }
    info
}

#[tokio::test]
async fn the_kind_is_what_the_site_says() {
    for (deployment, kind) in [
        (Some("Cloud"), SiteKind::Cloud),
        (Some("Server"), SiteKind::DataCenter),
        (Some("Data Center"), SiteKind::DataCenter),
        (None, SiteKind::DataCenter),
    ] {
        let answer = on("GET https://j.example/rest/api/2/serverInfo")
            .json(200, info(deployment, "https://j.example"));
        let found = check("j.example", vec![answer]).await.expect("found");
        assert_eq!(found.info.expect("told").kind, kind);
    }
}

#[tokio::test]
async fn links_for_people_use_the_address_for_people() {
    let answer = on("GET /serverInfo").raw(200, fixture("spec-examples/cloud-v3-serverInfo.json"));
    let found = check("your-domain.atlassian.net", vec![answer])
        .await
        .expect("found");
    let info = found.info.expect("told");
    assert_eq!(info.kind, SiteKind::Cloud);
    assert_eq!(
        info.display_url.as_deref(),
        Some("https://instance.jira.your-domain.com")
    );
}

#[tokio::test]
async fn the_usual_context_path_is_found() {
    let script = vec![
        on("GET https://j.example/rest/api/2/serverInfo").html(404),
        on("GET https://j.example/jira/rest/api/2/serverInfo")
            .json(200, info(Some("Server"), "https://j.example/jira")),
    ];
    let found = check("https://j.example", script).await.expect("found");
    assert_eq!(found.url.as_str(), "https://j.example/jira");
}

#[tokio::test]
async fn a_context_path_too_many_is_dropped() {
    let script = vec![
        on("GET https://j.example/old/rest/api/2/serverInfo").html(404),
        on("GET https://j.example/jira/rest/api/2/serverInfo").html(404),
        on("GET https://j.example/rest/api/2/serverInfo")
            .json(200, info(Some("Server"), "https://j.example")),
    ];
    let found = check("https://j.example/old", script).await.expect("found");
    assert_eq!(found.url.as_str(), "https://j.example");
}

#[tokio::test]
async fn a_site_that_moves_its_visitors_to_https_is_spoken_to_by_https() {
    let answer = || info(Some("Server"), "https://j.example/jira");
    let script = vec![
        on("GET http://j.example/jira/rest/api/2/serverInfo")
            .raw(301, "")
            .header("location", "https://j.example/jira/rest/api/2/serverInfo"),
        on("GET https://j.example/jira/rest/api/2/serverInfo").json(200, answer()),
        on("GET https://j.example/jira/rest/api/2/serverInfo").json(200, answer()),
    ];
    let found = check("http://j.example/jira", script).await.expect("found");
    assert_eq!(found.url.as_str(), "https://j.example/jira");
}

#[tokio::test]
async fn a_site_that_tells_nothing_before_signing_in_is_found() {
    for answer in [
        on("GET /serverInfo").html(401),
        on("GET /serverInfo")
            .raw(401, "Client must be authenticated")
            .header("content-type", "text/plain"),
        on("GET /serverInfo").json(403, json!({ "message": "no" })),
    ] {
        let found = check("https://j.example/jira", vec![answer])
            .await
            .expect("found");
        assert_eq!(found.info, None);
        assert_eq!(found.url.as_str(), "https://j.example/jira");
    }
}

#[tokio::test]
async fn a_web_page_is_not_jira() {
    let script = vec![
        on("GET https://www.example/rest").html(200),
        on("GET https://www.example/jira/rest").html(404),
    ];
    assert_eq!(
        check("https://www.example", script).await,
        Err(Error::NotJira)
    );
}

#[tokio::test]
async fn a_sign_in_page_on_another_host_is_named() {
    let away = on("GET /rest")
        .raw(302, "")
        .header("location", "https://sso.example/login?next=1");
    let to = "https://sso.example".to_owned();
    assert_eq!(
        check("https://j.example", vec![away]).await,
        Err(Error::Redirect { to })
    );
}

#[tokio::test]
async fn a_host_that_nobody_knows_is_asked_once() {
    let error = TransportError::unsent(TransportErrorKind::Dns, "no such host");
    let found = check(
        "https://j.example",
        vec![on("GET /rest").fails(error.clone())],
    )
    .await;
    let host = "j.example".to_owned();
    assert_eq!(found, Err(Error::Network { host, error }));
}

#[tokio::test]
async fn maintenance_is_no_wrong_address() {
    let found = check(
        "https://acme.atlassian.net",
        vec![on("GET /rest").html(503)],
    )
    .await;
    assert!(
        matches!(found, Err(Error::Unavailable { status: 503, .. })),
        "{found:?}"
    );
}
