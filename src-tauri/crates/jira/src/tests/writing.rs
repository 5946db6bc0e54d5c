//! Changes: what is sent, how often, and what is known afterwards.

use super::kit::{Exchange, fixture, on, signed_in, timed};
use crate::{
    Edit, Error, ListEdit, NewIssue, SiteKind, SiteKind::Cloud, SiteKind::DataCenter,
    TransportError, TransportErrorKind,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn json_of(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).expect("JSON")
}

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).expect("an object")
}

#[tokio::test]
async fn an_issue_is_made_with_its_marker_in_the_same_call() {
    let made = on("POST /rest/api/3/issue")
        .with(r#""properties":[{"key":"lockstep","value":{"item":"7"}}]"#)
        .with(r#""summary":"Sign in""#)
        .raw(201, fixture("spec-examples/cloud-v3-issue-create-201.json"));
    let (client, script) = signed_in(Cloud, [made]).await;
    let new = NewIssue {
        fields: map(json!({ "summary": "Sign in" })),
        properties: vec![("lockstep".to_owned(), json!({ "item": "7" }))],
    };
    let created = client.create_issue(&new).await.expect("made");
    let told = json_of("spec-examples/cloud-v3-issue-create-201.json");
    assert_eq!(Some(created.id.as_str()), told["id"].as_str());
    assert_eq!(Some(created.key.as_str()), told["key"].as_str());
    script.finish();
}

#[tokio::test]
async fn the_body_of_an_edit_has_the_documented_shape() {
    let edit = Edit {
        fields: map(json!({ "summary": "A", "customfield_1": null })),
        lists: vec![(
            "labels".to_owned(),
            ListEdit {
                add: vec![json!("new")],
                remove: vec![json!("old")],
            },
        )],
        no_parent: true,
    };
    let sent = on("PUT /rest/api/3/issue/10001").raw(204, "");
    let (client, script) = signed_in(Cloud, [sent]).await;
    client.edit_issue("10001", &edit).await.expect("changed");
    let body: Value = serde_json::from_slice(script.seen()[1].body()).expect("JSON");
    assert_eq!(
        body,
        json!({
            "fields": { "summary": "A", "customfield_1": null },
            "update": {
                "labels": [{ "add": "new" }, { "remove": "old" }],
                "parent": [{ "set": { "none": true } }],
            },
        })
    );
}

#[tokio::test]
async fn recorded_transitions_are_read_with_what_they_ask_for() {
    let told = on("GET /rest/api/3/issue/10001/transitions?expand=transitions.fields")
        .raw(200, fixture("spec-examples/cloud-v3-transitions.json"));
    let (client, _) = signed_in(Cloud, [told]).await;
    let steps = client.transitions("10001").await.expect("steps");
    let recorded = json_of("spec-examples/cloud-v3-transitions.json");
    let rows = recorded["transitions"].as_array().expect("steps");
    assert_eq!(steps.len(), rows.len());
    for (step, row) in steps.iter().zip(rows) {
        assert_eq!(Some(step.id.as_str()), row["id"].as_str());
        assert_eq!(Some(step.to.id.as_str()), row["to"]["id"].as_str());
    }
}

#[tokio::test]
async fn a_step_that_needs_a_value_says_which() {
    let told = on("GET /rest/api/2/issue/10001/transitions").json(
        200,
        json!({ "transitions": [{
            "id": "5", "name": "Close",
            "to": { "id": "6", "name": "Closed", "statusCategory": { "key": "done" } },
            "fields": {
                "resolution": { "required": true },
                "assignee": { "required": false },
                "customfield_7": { "required": true, "hasDefaultValue": true },
            },
        }] }),
    );
    let (client, _) = signed_in(DataCenter, [told]).await;
    let steps = client.transitions("10001").await.expect("steps");
    assert_eq!(steps[0].required_fields, ["resolution"]);
    assert_eq!(steps[0].to.category, "done");
}

/// Sends one edit; tells how often it went out and what came of it.
async fn check_sent(answers: Vec<Exchange>, times: usize, doubt: Option<bool>) {
    for kind in [Cloud, DataCenter] {
        let answers = answers.iter().map(Exchange::again);
        let (client, script, _) = timed(kind, answers).await;
        let edit = Edit {
            fields: map(json!({ "summary": "A" })),
            ..Edit::default()
        };
        let outcome = client.edit_issue("10001", &edit).await;
        let doubts = outcome.as_ref().err().map(Error::leaves_doubt);
        assert_eq!(doubts, doubt, "{kind:?} {outcome:?}");
        // The first request was the sign-in.
        assert_eq!(script.seen().len() - 1, times, "{kind:?}");
        script.finish();
    }
}

fn put() -> Exchange {
    on("PUT /issue/10001")
}

fn done() -> Exchange {
    put().raw(204, "")
}

#[tokio::test]
async fn a_change_is_sent_again_only_where_nothing_can_have_come_of_it() {
    let unsent = TransportError::unsent(TransportErrorKind::Timeout, "no connection in time");
    let lost = TransportError::doubtful(TransportErrorKind::Timeout, "no answer in time");
    let broken = TransportError::doubtful(TransportErrorKind::Other, "reset");
    let slow = put()
        .json(429, json!({}))
        .header("retry-after", "1")
        .header("ratelimit-reason", "jira-per-issue-on-write");
    check_sent(vec![slow, done()], 2, None).await;
    check_sent(vec![put().fails(unsent), done()], 2, None).await;
    check_sent(vec![put().fails(lost)], 1, Some(true)).await;
    check_sent(vec![put().fails(broken)], 1, Some(true)).await;
    check_sent(vec![put().json(500, json!({}))], 1, Some(true)).await;
    check_sent(vec![put().html(502)], 1, Some(true)).await;
    check_sent(vec![put().html(200)], 1, Some(true)).await;
    check_sent(vec![put().json(409, json!({}))], 1, Some(false)).await;
    check_sent(vec![put().json(400, json!({}))], 1, Some(false)).await;
    check_sent(vec![put().json(404, json!({}))], 1, Some(false)).await;
    check_sent(vec![done()], 1, None).await;
}

#[tokio::test]
async fn what_jira_has_against_a_field_is_told_by_the_field() {
    let refused = put().json(
        400,
        json!({ "errorMessages": ["No"], "errors": { "duedate": "Not on the screen." } }),
    );
    let (client, _) = signed_in(DataCenter, [refused]).await;
    let outcome = client.edit_issue("10001", &Edit::default()).await;
    let fields = [("duedate".to_owned(), "Not on the screen.".to_owned())];
    assert_eq!(
        outcome,
        Err(Error::Rejected {
            messages: vec!["No".to_owned(), "duedate: Not on the screen.".to_owned()],
            fields: BTreeMap::from(fields),
        })
    );
}

/// One call of each kind of change has the documented address and body.
async fn check_body(
    kind: SiteKind,
    expected: Exchange,
    change: impl AsyncFnOnce(crate::Client) -> Result<(), Error>,
) {
    let (client, script) = signed_in(kind, [expected]).await;
    change(client).await.expect("done");
    script.finish();
}

#[tokio::test]
async fn sprints_estimates_links_versions_and_components_are_sent_as_documented() {
    let sprint = on("POST /rest/agile/1.0/sprint/12/issue").with(r#"{"issues":["10001"]}"#);
    check_body(Cloud, sprint.raw(204, ""), async |client| {
        client.move_to_sprint("12", &["10001"]).await
    })
    .await;
    let backlog = on("POST /rest/agile/1.0/backlog/issue").with(r#"{"issues":["10001"]}"#);
    check_body(DataCenter, backlog.raw(204, ""), async |client| {
        client.move_to_backlog(&["10001"]).await
    })
    .await;
    let estimate = on("PUT /rest/agile/1.0/issue/10001/estimation?boardId=3");
    check_body(
        Cloud,
        estimate.with(r#"{"value":"5"}"#).raw(200, "{}"),
        async |client| client.estimate("10001", "3", Some(5.0)).await,
    )
    .await;
    let link = on("POST /rest/api/2/issueLink")
        .with(r#""type":{"id":"10000"}"#)
        .with(r#""inwardIssue":{"id":"1"},"outwardIssue":{"id":"2"}"#);
    check_body(DataCenter, link.raw(201, ""), async |client| {
        client.link_issues("10000", "1", "2").await
    })
    .await;
    let unlink = on("DELETE /rest/api/3/issueLink/77");
    check_body(Cloud, unlink.raw(204, ""), async |client| {
        client.unlink_issues("77").await
    })
    .await;
    let version = on("POST /rest/api/3/version").with(r#"{"name":"2.0","projectId":10001}"#);
    let version = version.json(201, json!({ "id": "5", "name": "2.0" }));
    check_body(Cloud, version, async |client| {
        let made = client.create_version("10001", "2.0").await?;
        assert_eq!(made.id, "5");
        Ok(())
    })
    .await;
    let component = on("POST /rest/api/2/component").with(r#"{"name":"Web","project":"AB"}"#);
    let component = component.json(201, json!({ "id": 6, "name": "Web" }));
    check_body(DataCenter, component, async |client| {
        let made = client.create_component("AB", "Web").await?;
        assert_eq!(made.id, "6");
        Ok(())
    })
    .await;
    let property = on("PUT /rest/api/3/issue/10001/properties/lockstep").with(r#"{"item":7}"#);
    check_body(Cloud, property.raw(201, ""), async |client| {
        let value = json!({ "item": 7 });
        client.set_property("10001", "lockstep", &value).await
    })
    .await;
}

#[tokio::test]
async fn what_was_made_and_cannot_be_read_is_in_doubt() {
    let made = on("POST /rest/api/3/issue").json(201, json!({ "odd": true }));
    let (client, _) = signed_in(Cloud, [made]).await;
    let outcome = client.create_issue(&NewIssue::default()).await;
    assert!(
        outcome.as_ref().is_err_and(Error::leaves_doubt),
        "{outcome:?}"
    );
}
