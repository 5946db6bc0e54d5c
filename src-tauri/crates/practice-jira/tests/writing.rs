//! A client changes a practice site through `Site::handle`.

use base64::Engine as _;
use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use practice_jira::{DcVersion, Event, Face, Site, SiteConfig};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::constant(1_793_500_000, 0);

struct Client {
    site: Site,
    authorization: String,
    now: Timestamp,
    events: Vec<Event>,
}

impl Client {
    fn new(config: SiteConfig) -> Self {
        let site = Site::new(config);
        let c = site.credentials();
        let authorization = match site.config().face {
            Face::Cloud => format!(
                "Basic {}",
                base64::engine::general_purpose::STANDARD
                    .encode(format!("{}:{}", c.email, c.api_token))
            ),
            Face::DataCenter => format!("Bearer {}", c.pat),
        };
        Client {
            site,
            authorization,
            now: NOW,
            events: Vec::new(),
        }
    }

    fn later(&mut self, ms: i64) {
        self.now = self
            .now
            .checked_add(SignedDuration::from_millis(ms))
            .unwrap_or(self.now);
    }

    fn send(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "jira.test")
            .header("authorization", &self.authorization);
        let body = if body.is_null() {
            Bytes::new()
        } else {
            Bytes::from(body.to_string())
        };
        let answer = self
            .site
            .handle(request.body(body).expect("a sound request"), self.now);
        self.events.extend(answer.events);
        let (head, body) = answer.response.into_parts();
        (
            head.status.as_u16(),
            serde_json::from_slice(&body).unwrap_or(Value::Null),
        )
    }

    fn get(&mut self, path: &str) -> Value {
        self.send("GET", path, Value::Null).1
    }

    fn expect(&mut self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let (got, answer) = self.send(method, path, body);
        assert_eq!(got, status, "{method} {path}: {answer}");
        answer
    }

    fn create(&mut self, fields: Value) -> String {
        let api = if self.site.config().face == Face::Cloud {
            3
        } else {
            2
        };
        let made = self.expect(
            201,
            "POST",
            &format!("/rest/api/{api}/issue"),
            json!({"fields": fields, "properties": [{"key": "mark", "value": {"n": 1}}]}),
        );
        made["key"].as_str().map(str::to_owned).unwrap_or_default()
    }
}

fn cloud() -> Client {
    Client::new(SiteConfig::cloud(80, 3))
}

fn dc() -> Client {
    Client::new(SiteConfig::data_center(80, 3))
}

fn story(summary: &str) -> Value {
    json!({"project": {"key": "ORB"}, "issuetype": {"id": "10001"}, "summary": summary})
}

#[test]
fn a_created_issue_is_read_back_with_its_property() {
    let mut client = cloud();
    let mut fields = story("A new story");
    let document = json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Words"}]}]});
    fields["description"] = document.clone();
    fields["customfield_10028"] = json!(5);
    fields["labels"] = json!(["b", "a"]);
    let key = client.create(fields);
    let issue = client.get(&format!("/rest/api/3/issue/{key}"));
    assert_eq!(issue["fields"]["description"], document);
    assert_eq!(issue["fields"]["customfield_10028"], json!(5.0));
    assert_eq!(issue["fields"]["labels"], json!(["a", "b"]));
    assert_eq!(issue["fields"]["status"]["name"], "To Do");
    assert_eq!(
        client.get(&format!("/rest/api/3/issue/{key}/properties/mark"))["value"],
        json!({"n": 1})
    );
    assert_eq!(
        client.get(&format!("/rest/api/2/issue/{key}"))["fields"]["description"],
        "Words"
    );
}

#[test]
fn what_a_create_lacks_is_named_field_by_field() {
    let mut client = dc();
    let refusal = client.expect(400, "POST", "/rest/api/2/issue", json!({"fields": {}}));
    assert_eq!(
        refusal["errors"]["project"],
        "Specify a valid project ID or key"
    );
    let refusal = client.expect(400, "POST", "/rest/api/2/issue", json!({"fields": {"project": {"key": "ORB"}, "issuetype": {"name": "Epic"}, "summary": "Two\nlines", "environment": "x"}}));
    assert_eq!(
        refusal["errors"]["customfield_10103"],
        "Epic Name is required."
    );
    assert!(
        refusal["errors"]["summary"]
            .as_str()
            .is_some_and(|t| t.contains("newline"))
    );
    assert_eq!(
        refusal["errors"]["environment"],
        "Field 'environment' cannot be set. It is not on the appropriate screen, or unknown."
    );
}

#[test]
fn an_edit_is_all_or_nothing_and_leaves_a_history() {
    let mut client = cloud();
    let before = client.get("/rest/api/3/issue/ORB-3");
    client.expect(
        400,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"summary": "Changed", "priority": {"id": "99"}}}),
    );
    assert_eq!(client.get("/rest/api/3/issue/ORB-3"), before);
    client.expect(
        400,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}}),
    );
    client.later(1000);
    let after = client.expect(
        200,
        "PUT",
        "/rest/api/3/issue/ORB-3?returnIssue=true",
        json!({"fields": {"summary": "Changed"}, "update": {"labels": [{"add": "x"}]}}),
    );
    assert_eq!(after["fields"]["summary"], "Changed");
    assert_ne!(after["fields"]["updated"], before["fields"]["updated"]);
    let log = client.get("/rest/api/3/issue/ORB-3/changelog");
    let last = log["values"]
        .as_array()
        .and_then(|v| v.last())
        .cloned()
        .unwrap_or_default();
    assert_eq!(last["items"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_same_values_again_change_nothing() {
    let mut client = cloud();
    client.expect(
        204,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"summary": "Once"}}),
    );
    let before = client.get("/rest/api/3/issue/ORB-3")["fields"]["updated"].clone();
    client.later(5000);
    client.expect(
        204,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"summary": "Once"}}),
    );
    assert_eq!(
        client.get("/rest/api/3/issue/ORB-3")["fields"]["updated"],
        before
    );
}

#[test]
fn a_search_lags_behind_unless_asked_to_reconcile() {
    let mut client = cloud();
    client.site.faults_mut().search_lag_ms = 2000;
    client.expect(
        204,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"summary": "Zanzibar"}}),
    );
    let find = |client: &mut Client, extra: Value| {
        let mut body = json!({"jql": "summary ~ Zanzibar", "fields": ["summary"]});
        if !extra.is_null() {
            body["reconcileIssues"] = extra;
        }
        client.expect(200, "POST", "/rest/api/3/search/jql", body)["issues"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(find(&mut client, Value::Null), 0);
    assert_eq!(find(&mut client, json!([10003])), 1);
    assert_eq!(
        client.get("/rest/api/3/issue/ORB-3")["fields"]["summary"],
        "Zanzibar"
    );
    client.later(2001);
    assert_eq!(find(&mut client, Value::Null), 1);
}

#[test]
fn a_transition_asks_for_what_its_screen_requires() {
    let mut client = cloud();
    let key = client.create(story("To be finished"));
    let path = format!("/rest/api/3/issue/{key}/transitions");
    let go = |client: &mut Client, name: &str, status: u16, fields: Value| {
        let list = client.get(&path)["transitions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let id = list
            .iter()
            .find(|t| t["name"] == name)
            .map(|t| t["id"].clone())
            .unwrap_or_default();
        client.expect(
            status,
            "POST",
            &path,
            json!({"transition": {"id": id}, "fields": fields}),
        )
    };
    go(&mut client, "Start work", 204, json!({}));
    assert_eq!(
        go(&mut client, "Finish", 400, json!({}))["errors"]["resolution"],
        "Resolution is required."
    );
    go(
        &mut client,
        "Finish",
        204,
        json!({"resolution": {"name": "Done"}}),
    );
    let issue = client.get(&format!("/rest/api/3/issue/{key}"));
    assert_eq!(issue["fields"]["status"]["statusCategory"]["key"], "done");
    assert!(issue["fields"]["resolutiondate"].is_string());
    client.expect(400, "POST", &path, json!({"transition": {"id": "9999"}}));
    dc().expect(
        500,
        "POST",
        "/rest/api/2/issue/ORB-3/transitions",
        json!({"transition": {"id": "9999"}}),
    );
    client
        .site
        .faults_mut()
        .permissions_removed
        .insert(("ORB".into(), "TRANSITION_ISSUES".into()));
    assert_eq!(client.get(&path)["transitions"], json!([]));
}

#[test]
fn bulk_creation_tells_which_elements_failed() {
    let mut client = cloud();
    let bad = json!({"fields": {"project": {"key": "ORB"}, "issuetype": {"id": "10001"}}});
    let answer = client.expect(
        201,
        "POST",
        "/rest/api/3/issue/bulk",
        json!({"issueUpdates": [{"fields": story("One")}, bad, {"fields": story("Three")}]}),
    );
    assert_eq!(answer["issues"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer["errors"][0]["failedElementNumber"], 1);
}

#[test]
fn an_issue_is_in_one_open_sprint_at_most() {
    for mut client in [cloud(), dc()] {
        let api = if client.site.config().face == Face::Cloud {
            3
        } else {
            2
        };
        let key = client.create(story("Planned"));
        client.expect(
            204,
            "POST",
            "/rest/agile/1.0/sprint/31/issue",
            json!({"issues": [key]}),
        );
        client.expect(
            204,
            "POST",
            "/rest/agile/1.0/sprint/32/issue",
            json!({"issues": [key]}),
        );
        client.expect(
            400,
            "POST",
            "/rest/agile/1.0/sprint/1/issue",
            json!({"issues": [key]}),
        );
        let issue = client.get(&format!("/rest/agile/1.0/issue/{key}"));
        assert_eq!(issue["fields"]["sprint"]["id"], 32);
        client.expect(
            204,
            "POST",
            "/rest/agile/1.0/backlog/issue",
            json!({"issues": [key]}),
        );
        assert!(client.get(&format!("/rest/agile/1.0/issue/{key}"))["fields"]["sprint"].is_null());
        assert_eq!(
            client
                .send(
                    "DELETE",
                    &format!("/rest/api/{api}/issue/{key}"),
                    Value::Null
                )
                .0,
            204
        );
    }
}

#[test]
fn an_epic_link_is_a_key_on_data_center_and_a_parent_on_cloud() {
    let mut client = dc();
    client.expect(
        204,
        "PUT",
        "/rest/api/2/issue/ORB-3",
        json!({"fields": {"customfield_10101": "ORB-7"}}),
    );
    assert_eq!(
        client.get("/rest/api/2/issue/ORB-3")["fields"]["customfield_10101"],
        "ORB-7"
    );
    client.expect(
        204,
        "PUT",
        "/rest/api/2/issue/ORB-3",
        json!({"fields": {"customfield_10101": null}}),
    );
    assert!(client.get("/rest/api/2/issue/ORB-3")["fields"]["customfield_10101"].is_null());
    let mut client = cloud();
    client.expect(
        204,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"fields": {"parent": {"key": "ORB-7"}}}),
    );
    assert_eq!(
        client.get("/rest/api/3/issue/ORB-3")["fields"]["parent"]["key"],
        "ORB-7"
    );
    client.expect(
        204,
        "PUT",
        "/rest/api/3/issue/ORB-3",
        json!({"update": {"parent": [{"set": {"none": true}}]}}),
    );
    assert!(
        client.get("/rest/api/3/issue/ORB-3")["fields"]
            .get("parent")
            .is_none()
    );
}

#[test]
fn remote_links_are_told_apart_by_their_global_id() {
    let mut client = cloud();
    let body = |title: &str| json!({"globalId": "g=1", "object": {"url": "https://x.example", "title": title}});
    client.expect(
        201,
        "POST",
        "/rest/api/3/issue/ORB-3/remotelink",
        body("One"),
    );
    client.expect(
        200,
        "POST",
        "/rest/api/3/issue/ORB-3/remotelink",
        body("Two"),
    );
    let list = client.get("/rest/api/3/issue/ORB-3/remotelink");
    assert_eq!(
        (list.as_array().map(Vec::len), &list[0]["object"]["title"]),
        (Some(1), &json!("Two"))
    );
}

#[test]
fn sub_tasks_protect_their_parent_from_deletion() {
    let mut client = cloud();
    let parent = client.create(story("Parent"));
    let mut fields = json!({"project": {"key": "ORB"}, "issuetype": {"id": "10003"}, "summary": "Child", "parent": {"key": parent}});
    let child = client.create(fields.clone());
    fields["parent"] = Value::Null;
    client.expect(
        400,
        "DELETE",
        &format!("/rest/api/3/issue/{parent}"),
        Value::Null,
    );
    client.expect(
        204,
        "DELETE",
        &format!("/rest/api/3/issue/{parent}?deleteSubtasks=true"),
        Value::Null,
    );
    client.expect(
        404,
        "GET",
        &format!("/rest/api/3/issue/{child}"),
        Value::Null,
    );
}

fn hook(events: &[&str]) -> Value {
    json!({"name": "h", "url": "http://127.0.0.1:9/in/{issue.key}", "events": events, "filters": {"issue-related-events-section": "project = ORB"}, "secret": "s"})
}

#[test]
fn a_webhook_on_cloud_is_signed_and_shows_version_two() {
    let mut client = cloud();
    let answer = client.expect(
        201,
        "POST",
        "/rest/webhooks/1.0/webhook",
        hook(&[
            "jira:issue_created",
            "jira:issue_updated",
            "jira:issue_deleted",
        ]),
    );
    assert_eq!(
        (&answer["isSigned"], answer.get("secret")),
        (&json!(true), None)
    );
    let key = client.create(story("Heard of"));
    client.expect(
        204,
        "PUT",
        &format!("/rest/api/3/issue/{key}"),
        json!({"fields": {"summary": "Heard again"}}),
    );
    client.expect(
        204,
        "DELETE",
        &format!("/rest/api/3/issue/{key}"),
        Value::Null,
    );
    let bodies: Vec<Value> = client
        .events
        .iter()
        .map(|Event::Webhook { url, headers, body }| {
            assert_eq!(url, &format!("http://127.0.0.1:9/in/{key}"));
            assert!(
                headers
                    .iter()
                    .any(|(n, v)| n == "X-Hub-Signature" && v.starts_with("sha256="))
            );
            serde_json::from_slice(body).unwrap_or_default()
        })
        .collect();
    assert_eq!(
        bodies
            .iter()
            .map(|b| b["webhookEvent"].clone())
            .collect::<Vec<_>>(),
        vec![
            "jira:issue_created",
            "jira:issue_updated",
            "jira:issue_deleted"
        ]
    );
    assert_eq!(
        bodies[1]["changelog"]["items"][0]["toString"],
        "Heard again"
    );
    assert!(
        bodies[1]["issue"]["self"]
            .as_str()
            .is_some_and(|s| s.contains("/rest/api/2/issue/"))
    );
    assert!(
        bodies[2].get("issue_event_type_name").is_none() && bodies[2].get("changelog").is_none()
    );
}

#[test]
fn a_secret_in_the_wrong_place_leaves_deliveries_unsigned_from_release_ten_on() {
    let mut client = dc();
    client.expect(404, "GET", "/rest/webhooks/1.0/webhook", Value::Null);
    client.expect(
        201,
        "POST",
        "/rest/jira-webhook/1.0/webhooks",
        hook(&["jira:issue_updated"]),
    );
    let mut right = hook(&["jira:issue_updated"]);
    right["configuration"] = json!({"SECRET": "s", "EXCLUDE_BODY": "false"});
    client.expect(201, "POST", "/rest/jira-webhook/1.0/webhooks", right);
    client.expect(
        204,
        "PUT",
        "/rest/api/2/issue/ORB-3",
        json!({"fields": {"summary": "New"}}),
    );
    let signed: Vec<bool> = client
        .events
        .iter()
        .map(|Event::Webhook { headers, .. }| headers.iter().any(|(n, _)| n == "X-Hub-Signature"))
        .collect();
    assert_eq!(signed, vec![false, true]);
    Client::new(SiteConfig::data_center(5, 1).version(DcVersion::V9_12)).expect(
        404,
        "GET",
        "/rest/jira-webhook/1.0/webhooks",
        Value::Null,
    );
}
