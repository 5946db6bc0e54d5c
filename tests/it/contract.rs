//! The client and the practice site against Atlassian's own descriptions: every request and every answer.

mod asking;
mod defects;
mod description;
mod importing;
mod practice;
mod reading;
mod repairs;
mod schema;
mod writing;

use bytes::Bytes;
use defects::DEFECTS;
use description::{Descriptions, Violation};
use practice::Practice;
use practice_jira::{Exchange, Face, SiteConfig};
use repairs::{REPAIRS, Repair};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ISSUES: usize = 250;
const SEED: u64 = 5;

fn config(face: Face) -> SiteConfig {
    match face {
        Face::Cloud => SiteConfig::cloud(ISSUES, SEED),
        Face::DataCenter => SiteConfig::data_center(ISSUES, SEED),
    }
}

/// What was found wrong on one face, each kind once, and the operations that were seen.
#[derive(Default)]
struct Seen {
    /// What each exchange was about.
    operations: Vec<Option<String>>,
    violations: BTreeMap<String, Violation>,
}

fn look(face: Face, exchanges: &[Exchange]) -> Seen {
    let repairs: Vec<&Repair> = REPAIRS
        .iter()
        .filter(|repair| repair.face == face)
        .collect();
    let mut descriptions = Descriptions::of(face, &repairs);
    let mut seen = Seen::default();
    for exchange in exchanges {
        let findings = descriptions.look(exchange);
        seen.operations.push(findings.operation);
        for violation in findings.violations {
            seen.violations
                .entry(violation.kind().join(" | "))
                .or_insert(violation);
        }
    }
    seen
}

/// Whether more would be wrong without one of the repairs.
fn is_needed(repair: &Repair, exchanges: &[Exchange], seen: &Seen) -> bool {
    let others: Vec<&Repair> = REPAIRS
        .iter()
        .filter(|other| other.face == repair.face && other.at != repair.at)
        .collect();
    let mut descriptions = Descriptions::of(repair.face, &others);
    let concerned = exchanges
        .iter()
        .zip(&seen.operations)
        .filter(|(_, operation)| repair.concerns(operation.as_deref()));
    concerned.into_iter().any(|(exchange, _)| {
        let found = descriptions.look(exchange).violations;
        found
            .iter()
            .any(|violation| !seen.violations.contains_key(&violation.kind().join(" | ")))
    })
}

/// Everything that is said on one face: by the client, by a whole import, and by the site when it is asked directly.
async fn said(face: Face) -> (Vec<Exchange>, Vec<String>) {
    let reading = Practice::new(config(face));
    reading::read_everything(&reading).await;
    reading::meet_refusals(&reading).await;
    let mut said = reading.exchanges();
    let asking = Practice::new(config(face));
    asking::read(&asking);
    let surprises = writing::write(&asking);
    asking::read(&asking);
    said.extend(asking.exchanges());
    said.extend(importing::import(config(face)).await);
    (said, surprises)
}

/// Checks all that is said on a face; gives the operations that were seen.
async fn check(face: Face) -> BTreeSet<String> {
    let (said, mut wrong) = said(face).await;
    let seen = look(face, &said);
    let violations = || seen.violations.values();
    let excused = |violation: &&Violation| DEFECTS.iter().any(|defect| defect.excuses(violation));
    wrong.extend(
        violations()
            .filter(|v| !excused(v))
            .map(ToString::to_string),
    );
    let idle = DEFECTS
        .iter()
        .filter(|defect| defect.face == face)
        .filter(|defect| !violations().any(|violation| defect.excuses(violation)));
    wrong.extend(idle.map(|defect| format!("excuses nothing ({}): {defect:?}", defect.reason)));
    let idle = REPAIRS
        .iter()
        .filter(|repair| repair.face == face && !is_needed(repair, &said, &seen));
    wrong.extend(idle.map(|repair| format!("repairs nothing ({}): {repair:?}", repair.reason)));
    assert!(
        wrong.is_empty(),
        "{} things are wrong in {} exchanges:\n{}",
        wrong.len(),
        said.len(),
        wrong.join("\n")
    );
    seen.operations.into_iter().flatten().collect()
}

#[tokio::test]
async fn all_that_is_said_on_cloud_fits_the_description() {
    let operations = check(Face::Cloud).await;
    assert!(
        operations.len() >= 80,
        "only {}: {operations:#?}",
        operations.len()
    );
}

#[tokio::test]
async fn all_that_is_said_on_data_center_fits_the_description() {
    let operations = check(Face::DataCenter).await;
    assert!(
        operations.len() >= 62,
        "only {}: {operations:#?}",
        operations.len()
    );
}

/// Makes an exchange up and looks at it.
fn found(face: Face, asked: (&str, &str, Value), answered: (u16, Value)) -> Vec<String> {
    let bytes = |value: &Value| match value {
        Value::Null => Bytes::new(),
        value => Bytes::from(value.to_string()),
    };
    let exchange = Exchange {
        request: http::Request::builder()
            .method(asked.0)
            .uri(asked.1)
            .body(bytes(&asked.2))
            .expect("a request"),
        response: http::Response::builder()
            .status(answered.0)
            .header("content-type", "application/json;charset=UTF-8")
            .body(bytes(&answered.1))
            .expect("an answer"),
    };
    let seen = look(face, &[exchange]);
    let kinds = seen.violations.values();
    kinds.map(|v| v.kind()[1..].join(" ")).collect()
}

#[test]
fn a_request_that_is_not_described_is_noticed() {
    let check = |method, path, body, expected: &str| {
        let good = json!({"issues": [], "isLast": true});
        assert_eq!(
            found(Face::Cloud, (method, path, body), (200, good)),
            [expected]
        );
    };
    let search = "/rest/api/3/search/jql";
    check(
        "POST",
        search,
        json!({"jql": "x", "maxResult": 5}),
        "request /maxResult additionalProperties",
    );
    check("POST", search, json!({"jql": 5}), "request /jql type");
    check("POST", search, Value::Null, "request  required");
    check(
        "GET",
        "/rest/api/3/search/jql?jgl=x",
        Value::Null,
        "query /jgl known",
    );
    check(
        "GET",
        "/rest/api/3/search/jql?maxResults=many",
        Value::Null,
        "query /maxResults type",
    );
    check(
        "GET",
        "/rest/api/3/search/jqls",
        Value::Null,
        "path  described",
    );
}

#[test]
fn an_answer_that_is_not_described_is_noticed() {
    let check = |face, path, status, answer, expected: &str| {
        assert_eq!(
            found(face, ("GET", path, Value::Null), (status, answer)),
            [expected]
        );
    };
    let (cloud, server) = ("/rest/api/3/project/ORB", "/rest/api/2/project");
    check(
        Face::Cloud,
        cloud,
        200,
        json!({"key": "ORB", "nmae": "x"}),
        "200 /nmae additionalProperties",
    );
    check(Face::Cloud, cloud, 200, json!({"key": 1}), "200 /key type");
    check(Face::Cloud, cloud, 200, Value::Null, "200  json");
    check(Face::Cloud, cloud, 418, json!({}), "418  described");
    check(
        Face::DataCenter,
        server,
        200,
        json!({"key": "ORB"}),
        "200  type",
    );
    check(
        Face::DataCenter,
        server,
        200,
        json!([{"kee": "ORB"}]),
        "200 /*/kee additionalProperties",
    );
    let version = json!([{"releaseDate": "2026-12-24T00:00:00.000+0000"}]);
    check(
        Face::DataCenter,
        "/rest/api/2/project/ORB/versions",
        200,
        version,
        "200 /*/releaseDate format",
    );
}
