//! Every writing path of the practice site, with the requests of Atlassian's own examples, fitted to what the site holds.

use super::practice::Practice;
use practice_jira::Face;
use serde_json::{Value, json};
use std::cell::RefCell;

struct Writing<'a> {
    practice: &'a Practice,
    api: &'static str,
    /// Answers of another status than the expected one.
    surprises: RefCell<Vec<String>>,
}

/// Asks every writing path, in an order in which each finds what it needs; gives the answers that were not as expected.
pub fn write(practice: &Practice) -> Vec<String> {
    let api = practice.api();
    let writing = Writing {
        practice,
        api,
        surprises: RefCell::default(),
    };
    let key = writing.create();
    writing.edit(&key);
    writing.transition(&key);
    writing.attach(&key);
    writing.link(&key);
    writing.plan(&key);
    writing.refused(&key);
    writing.webhooks();
    let issue = format!("{api}/issue/{key}");
    writing.expect(
        204,
        "DELETE",
        &format!("{issue}?deleteSubtasks=true"),
        Value::Null,
    );
    writing.expect(404, "DELETE", &issue, Value::Null);
    writing.surprises.into_inner()
}

impl Writing<'_> {
    fn expect(&self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let (got, answer) = self.practice.send(method, path, &body);
        if got != status {
            let surprise = format!("{method} {path}: {got} in place of {status}: {answer}");
            self.surprises.borrow_mut().push(surprise);
        }
        answer
    }

    fn cloud(&self) -> bool {
        self.practice.face() == Face::Cloud
    }

    fn get(&self, path: &str) -> Value {
        self.practice
            .send("GET", &format!("{}{path}", self.api), &Value::Null)
            .1
    }

    /// Words in the form in which this face takes them.
    fn rich(&self, words: &str) -> Value {
        if self.cloud() {
            json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
        } else {
            json!(words)
        }
    }

    /// Atlassian's example of a creation, without the fields that only their site has.
    fn example(&self) -> Value {
        let text =
            include_str!("../../fixtures/jira/spec-examples/cloud-v3-issue-create-request.json");
        let mut body: Value = serde_json::from_str(text).expect("the example is JSON");
        let fields = body["fields"].as_object_mut().expect("it has fields");
        fields.retain(|name, _| {
            !name.starts_with("customfield_")
                && !["security", "parent", "timetracking"].contains(&name.as_str())
        });
        let me = self.practice.site().credentials();
        let person = if self.cloud() {
            json!({"accountId": me.account})
        } else {
            json!({"name": me.user})
        };
        let first = |list: Value| json!([{"id": list[0]["id"]}]);
        let versions = first(self.get("/project/ORB/versions"));
        let fitted = [
            ("project", json!({"key": "ORB"})),
            ("issuetype", json!({"id": "10001"})),
            ("priority", json!({"id": "3"})),
            ("assignee", person.clone()),
            ("reporter", person),
            ("components", first(self.get("/project/ORB/components"))),
            ("fixVersions", versions.clone()),
            ("versions", versions),
            (
                "description",
                self.rich("Order entry fails when selecting supplier."),
            ),
            ("environment", self.rich("UAT")),
        ];
        for (name, value) in fitted {
            fields.insert(name.to_owned(), value);
        }
        // Not every screen of the site has all of them.
        for absent in ["environment", "versions"] {
            fields.remove(absent);
        }
        body
    }

    fn create(&self) -> String {
        let path = format!("{}/issue", self.api);
        let mut body = self.example();
        body["properties"] = json!([{"key": "mark", "value": {"n": 1}}]);
        if !self.cloud() {
            body.as_object_mut().expect("an object").remove("update");
        }
        let made = self.expect(201, "POST", &path, body.clone());
        let many = json!({"issueUpdates": [body.clone(), {"fields": {"project": {"key": "ORB"}}}]});
        self.expect(201, "POST", &format!("{path}/bulk"), many);
        let none = json!({"issueUpdates": [{"fields": {"project": {"key": "ORB"}}}]});
        self.expect(400, "POST", &format!("{path}/bulk"), none);
        made["key"].as_str().unwrap_or("ORB-4").to_owned()
    }

    fn edit(&self, key: &str) {
        let path = format!("{}/issue/{key}", self.api);
        let text =
            include_str!("../../fixtures/jira/spec-examples/cloud-v3-issue-edit-request.json");
        let mut body: Value = serde_json::from_str(text).expect("the example is JSON");
        body["fields"] = json!({"summary": body["fields"]["summary"]});
        body["update"] = json!({"labels": [{"add": "triaged"}, {"remove": "blitz_test"}]});
        self.expect(204, "PUT", &path, body);
        if self.cloud() {
            let again = json!({"fields": {"summary": "Shown at once"}});
            self.expect(200, "PUT", &format!("{path}?returnIssue=true"), again);
        }
        let me = self.practice.site().credentials();
        let person = if self.cloud() {
            json!({"accountId": me.account})
        } else {
            json!({"name": me.user})
        };
        self.expect(204, "PUT", &format!("{path}/assignee"), person);
    }

    fn transition(&self, key: &str) {
        let list = self.get(&format!("/issue/{key}/transitions"));
        let id = list["transitions"][0]["id"].clone();
        let path = format!("{}/issue/{key}/transitions", self.api);
        self.expect(204, "POST", &path, json!({"transition": {"id": id}}));
        if self.cloud() {
            self.expect(400, "POST", &path, json!({"transition": {"id": "9999"}}));
        }
    }

    fn attach(&self, key: &str) {
        let path = format!("{}/issue/{key}", self.api);
        let comment = json!({"body": self.rich("A word on this.")});
        self.expect(201, "POST", &format!("{path}/comment"), comment);
        let property = format!("{path}/properties/mark.two");
        self.expect(201, "PUT", &property, json!({"n": 1}));
        self.expect(200, "PUT", &property, json!({"n": 2}));
        self.expect(200, "GET", &property, Value::Null);
        self.expect(200, "GET", &format!("{path}/properties"), Value::Null);
        self.expect(204, "DELETE", &property, Value::Null);
        self.expect(404, "GET", &property, Value::Null);
        let link = json!({"globalId": "g=1", "application": {"name": "Elsewhere"}, "relationship": "mirrors",
            "object": {"url": "https://x.example/1", "title": "One"}});
        let created = if self.cloud() { 201 } else { 200 };
        let made = self.expect(created, "POST", &format!("{path}/remotelink"), link.clone());
        self.expect(200, "POST", &format!("{path}/remotelink"), link);
        self.expect(200, "GET", &format!("{path}/remotelink"), Value::Null);
        let gone = format!("{path}/remotelink/{}", made["id"]);
        self.expect(204, "DELETE", &gone, Value::Null);
    }

    fn link(&self, key: &str) {
        let path = format!("{}/issueLink", self.api);
        let kind = self.get("/issueLinkType")["issueLinkTypes"][0]["name"].clone();
        let body = json!({"type": {"name": kind}, "inwardIssue": {"key": key}, "outwardIssue": {"key": "ORB-3"}});
        self.expect(201, "POST", &path, body.clone());
        let issue = self.get(&format!("/issue/{key}"));
        let id = issue["fields"]["issuelinks"][0]["id"]
            .as_str()
            .unwrap_or_default();
        self.expect(204, "DELETE", &format!("{path}/{id}"), Value::Null);
        let mut wrong = body;
        wrong["outwardIssue"] = json!({"key": "ORB-999999"});
        self.expect(404, "POST", &path, wrong);
    }

    fn plan(&self, key: &str) {
        let agile = "/rest/agile/1.0";
        let moved = json!({"issues": [key]});
        let sprint = json!({"name": "Later", "originBoardId": 1, "goal": "Calm",
            "startDate": "2026-12-01T09:00:00.000Z", "endDate": "2026-12-14T09:00:00.000Z"});
        let made = self.expect(201, "POST", &format!("{agile}/sprint"), sprint.clone());
        let path = format!("{agile}/sprint/{}", made["id"]);
        self.expect(200, "POST", &path, json!({"goal": "Calmer"}));
        self.expect(
            200,
            "PUT",
            &path,
            json!({"name": "Soon", "state": "future"}),
        );
        self.expect(204, "POST", &format!("{path}/issue"), moved.clone());
        self.expect(200, "GET", &format!("{agile}/issue/{key}"), Value::Null);
        self.expect(
            400,
            "POST",
            &format!("{agile}/sprint/1/issue"),
            moved.clone(),
        );
        self.expect(
            404,
            "POST",
            &format!("{agile}/sprint/999999/issue"),
            moved.clone(),
        );
        self.expect(204, "POST", &format!("{agile}/backlog/issue"), moved);
        let rank = json!({"issues": [key], "rankBeforeIssue": "ORB-3"});
        self.expect(204, "PUT", &format!("{agile}/issue/rank"), rank);
        let estimate = format!("{agile}/issue/{key}/estimation?boardId=1");
        self.expect(200, "PUT", &estimate, json!({"value": "5"}));
        let project = self.get("/project/ORB")["id"]
            .as_str()
            .and_then(|id| id.parse::<u64>().ok());
        let version = json!({"name": "Written", "description": "By hand", "projectId": project, "releaseDate": "2026-12-24"});
        self.expect(
            201,
            "POST",
            &format!("{}/version", self.api),
            version.clone(),
        );
        self.expect(400, "POST", &format!("{}/version", self.api), version);
        let component = json!({"name": "Written", "description": "By hand", "project": "ORB"});
        self.expect(201, "POST", &format!("{}/component", self.api), component);
    }

    fn refused(&self, key: &str) {
        let (api, issue) = (self.api, format!("{}/issue/{key}", self.api));
        self.expect(400, "POST", &format!("{api}/issue"), json!({"fields": {}}));
        let wrong = json!({"fields": {"customfield_99999": "x"}});
        self.expect(400, "PUT", &issue, wrong);
        let lost = format!("{api}/issue/ORB-999999");
        self.expect(404, "PUT", &lost, json!({"fields": {"summary": "x"}}));
        self.expect(
            404,
            "POST",
            &format!("{lost}/comment"),
            json!({"body": self.rich("x")}),
        );
        let taken = [
            "EDIT_ISSUES",
            "DELETE_ISSUES",
            "ADD_COMMENTS",
            "LINK_ISSUES",
            "ADMINISTER_PROJECTS",
        ];
        for name in taken {
            let taken = ("ORB".to_owned(), name.to_owned());
            self.practice
                .site()
                .faults_mut()
                .permissions_removed
                .insert(taken);
        }
        let send = |method: &str, path: &str, body: Value| self.practice.send(method, path, &body);
        send("PUT", &issue, json!({"fields": {"summary": "x"}}));
        send("DELETE", &issue, Value::Null);
        send(
            "POST",
            &format!("{issue}/comment"),
            json!({"body": self.rich("x")}),
        );
        send("PUT", &format!("{issue}/properties/mark"), json!(1));
        self.practice
            .site()
            .faults_mut()
            .permissions_removed
            .clear();
    }

    fn webhooks(&self) {
        let path = if self.cloud() {
            "/rest/webhooks/1.0/webhook"
        } else {
            "/rest/jira-webhook/1.0/webhooks"
        };
        let body = json!({"name": "h", "url": "https://x.example/in", "events": ["jira:issue_updated"], "secret": "s"});
        self.expect(201, "POST", path, body);
        self.expect(200, "GET", path, Value::Null);
        self.expect(200, "GET", &format!("{path}/1"), Value::Null);
        self.expect(204, "DELETE", &format!("{path}/1"), Value::Null);
        if self.cloud() {
            // Only applications may use the registered kind.
            self.expect(403, "GET", "/rest/api/3/webhook", Value::Null);
        }
    }
}
