//! Who Jira thinks is asking.

use super::kit::{CLOUD, Exchange, Script, myself, on, options, password, pat, signed_in, token};
use crate::SiteKind::{Cloud, DataCenter};
use crate::{
    AuthReason, Client, Credentials, Error, SiteKind, TransportError, TransportErrorKind, sign_in,
};
use serde_json::json;

const GATEWAY: &str = "https://gateway.example/ex/jira";

/// Asks who we are and says why that failed. Afterwards not one request leaves.
async fn refused(kind: SiteKind, credentials: Credentials, answer: Exchange) -> AuthReason {
    let transport = Script::new([answer]);
    let client = Client::new(options(kind, transport.clone(), credentials).0);
    let Err(Error::Auth(reason)) = client.myself().await else {
        panic!("not refused")
    };
    for _ in 0..2 {
        let again = client.fields().await;
        assert_eq!(again, Err(Error::Auth(AuthReason::Stopped)));
    }
    assert_eq!(transport.asked().len(), 1);
    reason
}

#[tokio::test]
async fn the_account_and_its_time_zone_are_told() {
    let (client, transport) = signed_in(Cloud, [myself(Cloud)]).await;
    let account = client.myself().await.expect("signed in");
    assert_eq!(
        (account.id.as_str(), account.time_zone.as_str()),
        ("acc-1", "Europe/Berlin")
    );
    let request = &transport.seen()[0];
    assert_eq!(
        request.headers()["authorization"],
        "Basic YUBiLmM6aHVudGVyMg=="
    );
    assert!(request.uri().to_string().starts_with(CLOUD));
}

#[tokio::test]
async fn a_wrong_password_is_asked_once_and_never_again() {
    let wrong = on("GET /myself")
        .html(401)
        .header("x-seraph-loginreason", "AUTHENTICATED_FAILED");
    assert_eq!(
        refused(DataCenter, password(), wrong).await,
        AuthReason::Wrong
    );
    let plain = on("GET /myself")
        .raw(401, "Client must be authenticated")
        .header("content-type", "text/plain");
    assert_eq!(refused(Cloud, token(), plain).await, AuthReason::Wrong);
    assert_eq!(
        refused(DataCenter, pat(), on("GET /myself").raw(401, "")).await,
        AuthReason::Wrong
    );
}

#[tokio::test]
async fn a_captcha_names_the_page_to_solve_it_on() {
    let url = "https://jira.example/jira/login.jsp";
    let denied = || {
        on("GET /myself")
            .html(403)
            .header("x-seraph-loginreason", "AUTHENTICATION_DENIED")
    };
    let answer = denied().header(
        "x-authentication-denied-reason",
        &format!("CAPTCHA_CHALLENGE; login-url={url}"),
    );
    let login_url = Some(url.to_owned());
    assert_eq!(
        refused(DataCenter, password(), answer).await,
        AuthReason::Captcha { login_url }
    );
    let login_url = None;
    assert_eq!(
        refused(DataCenter, password(), denied()).await,
        AuthReason::Captcha { login_url }
    );
}

#[tokio::test]
async fn passwords_switched_off_are_told_from_a_missing_permission() {
    let off = on("GET /myself").recorded("observed-dc-auth-disabled-403.http");
    assert_eq!(
        refused(DataCenter, password(), off).await,
        AuthReason::BasicDisabled
    );
    // The same shape later, when the password is proven, is about a permission.
    let transport = Script::new([
        myself(DataCenter),
        on("GET /field").json(403, json!({ "message": "not for you" })),
    ]);
    let client = Client::new(options(DataCenter, transport, password()).0);
    client.myself().await.expect("signed in");
    assert!(matches!(
        client.fields().await,
        Err(Error::Permission { .. })
    ));
}

#[tokio::test]
async fn a_token_that_worked_before_has_expired_or_was_revoked() {
    let (client, _) = signed_in(DataCenter, [on("GET /field").json(401, json!({}))]).await;
    assert_eq!(
        client.fields().await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
    assert_eq!(client.fields().await, Err(Error::Auth(AuthReason::Stopped)));
}

#[tokio::test]
async fn a_refusal_noted_beside_a_good_looking_answer_counts() {
    let empty = on("GET /field")
        .json(200, json!([]))
        .header("x-seraph-loginreason", "AUTHENTICATED_FAILED");
    let (client, _) = signed_in(Cloud, [empty]).await;
    assert_eq!(
        client.fields().await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
}

#[tokio::test]
async fn data_center_naming_nobody_beside_an_answer_is_noticed() {
    let public =
        on("GET /project").json(200, json!([{ "id": "1", "key": "PUB", "name": "Public" }]));
    let (client, _) = signed_in(DataCenter, [public.header("x-ausername", "anonymous")]).await;
    assert_eq!(
        client.projects("", 9).await,
        Err(Error::Auth(AuthReason::Anonymous))
    );
}

#[tokio::test]
async fn an_empty_site_is_believed_only_from_somebody_it_knows() {
    let empty =
        || on("GET /project/search").json(200, json!({ "values": [], "total": 0, "isLast": true }));
    // It names us on /myself and did not beside the list: it took us for nobody.
    let (client, _) = signed_in(Cloud, [empty(), myself(Cloud)]).await;
    assert_eq!(
        client.projects("", 9).await,
        Err(Error::Auth(AuthReason::Anonymous))
    );
    let (client, transport) = signed_in(Cloud, [empty().named()]).await;
    assert_eq!(client.projects("", 9).await, Ok((Vec::new(), 0)));
    transport.finish();

    let none = || on("GET /project").json(200, json!([]));
    let (client, _) = signed_in(DataCenter, [none(), on("GET /myself").json(401, json!({}))]).await;
    assert_eq!(
        client.projects("", 9).await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
    let (client, _) = signed_in(DataCenter, [none(), myself(DataCenter)]).await;
    assert_eq!(client.projects("", 9).await, Ok((Vec::new(), 0)));
}

#[tokio::test]
async fn a_404_is_believed_only_from_somebody_it_knows() {
    let gone = || on("GET /project/AB").recorded("observed-cloud/issue-unknown-404.http");
    let (client, transport) = signed_in(Cloud, [gone(), myself(Cloud)]).await;
    assert_eq!(client.project("AB").await, Ok(None));
    transport.finish();
    let (client, _) = signed_in(Cloud, [gone(), on("GET /myself").raw(401, "")]).await;
    assert_eq!(
        client.project("AB").await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
    // Lists that a site may lack are no exception.
    let (client, _) = signed_in(
        DataCenter,
        [on("GET /versions").html(200), on("GET /myself").html(401)],
    )
    .await;
    assert_eq!(
        client.versions("AB").await,
        Err(Error::Auth(AuthReason::ExpiredOrRevoked))
    );
}

#[tokio::test]
async fn a_site_that_never_names_the_account_is_asked_once_for_what_matters() {
    let me = || on("GET /myself").json(200, json!({ "accountId": "acc-1" }));
    let page =
        on("POST /search/jql").json(200, json!({ "issues": [{ "id": "1" }], "isLast": true }));
    let nothing = on("POST /search/jql").json(200, json!({ "issues": [], "isLast": true }));
    let transport = Script::new([me(), page, nothing, me()]);
    let client = Client::new(options(Cloud, transport.clone(), token()).0);
    client.myself().await.expect("signed in");
    assert_eq!(
        client.id_page("a = b", None).await.expect("a page").ids,
        ["1"]
    );
    assert!(
        client
            .id_page("a = b", None)
            .await
            .expect("a page")
            .ids
            .is_empty()
    );
    transport.finish();
}

#[tokio::test]
async fn a_token_with_scopes_is_tried_at_the_gateway_once() {
    let transport = Script::new([
        on("GET https://acme.atlassian.net/rest/api/3/myself")
            .raw(401, "")
            .header("x-seraph-loginreason", "AUTHENTICATED_FAILED"),
        on("GET https://acme.atlassian.net/_edge/tenant_info")
            .json(200, json!({ "cloudId": "c-1" })),
        on("GET https://gateway.example/ex/jira/c-1/rest/api/3/myself")
            .json(200, json!({ "accountId": "acc-1" })),
    ]);
    let (options, _) = options(Cloud, transport.clone(), token());
    let (_, base, account) = sign_in(options, Some(GATEWAY)).await.expect("signed in");
    assert_eq!(
        (base.as_str(), account.id.as_str()),
        ("https://gateway.example/ex/jira/c-1", "acc-1")
    );
    transport.finish();
    assert!(!transport.seen()[1].headers().contains_key("authorization"));
}

#[tokio::test]
async fn a_token_that_the_gateway_refuses_too_is_wrong() {
    let site = || on("GET https://acme.atlassian.net/rest/api/3/myself").raw(401, "");
    let tenant = || on("GET /_edge/tenant_info").json(200, json!({ "cloudId": "c-1" }));
    let closed = TransportError::unsent(TransportErrorKind::Refused, "refused");
    for script in [
        vec![
            site(),
            tenant(),
            on("GET https://gateway.example/").json(401, json!({ "message": "no" })),
        ],
        vec![
            site(),
            tenant(),
            on("GET https://gateway.example/").fails(closed),
        ],
        vec![site(), on("GET /_edge/tenant_info").html(404)],
    ] {
        let transport = Script::new(script);
        let (options, _) = options(Cloud, transport.clone(), token());
        let error = sign_in(options, Some(GATEWAY)).await.expect_err("refused");
        assert_eq!(error, Error::Auth(AuthReason::Wrong));
        transport.finish();
    }
}

#[tokio::test]
async fn a_scope_that_one_endpoint_lacks_does_not_end_everything() {
    let me = || on("GET /rest/api/3/myself").json(200, json!({ "accountId": "acc-1" }));
    let transport = Script::new([
        me(),
        on("GET /rest/agile/1.0/board").json(401, json!({ "code": 401, "message": "scope" })),
        me(),
        me(),
        on("GET /rest/api/3/field").json(200, json!([{ "id": "x" }])),
    ]);
    let (mut options, _) = options(Cloud, transport.clone(), token());
    options.base = format!("{GATEWAY}/c-1");
    let client = Client::new(options);
    client.myself().await.expect("signed in");
    assert_eq!(client.boards("AB").await, Ok(Vec::new()));
    assert_eq!(client.fields().await.expect("fields").len(), 1);
    transport.finish();
}

#[tokio::test]
async fn no_secret_shows_in_anything_printable() {
    for answer in [
        on("GET /myself").html(401),
        on("GET /myself").json(400, json!({ "errorMessages": ["no"] })),
        on("GET /myself").raw(200, "odd"),
        on("GET /myself")
            .raw(302, "")
            .header("location", "https://u:hunter2@x.example/?a=hunter2"),
    ] {
        for credentials in [token(), password(), pat()] {
            let shown = format!("{credentials:?}");
            let transport = Script::new([answer.again()]);
            let client = Client::new(options(DataCenter, transport.clone(), credentials).0);
            let error = client.myself().await.expect_err("no good answer");
            let seen = transport.seen();
            for text in [
                shown,
                format!("{error}"),
                format!("{error:?}"),
                format!("{client:?}"),
                format!("{seen:?}"),
            ] {
                for secret in ["hunter2", "YW5uOmh1bnRlcjI", "YUBiLmM6aHVudGVyMg"] {
                    assert!(!text.contains(secret), "{text}");
                }
            }
        }
    }
}
