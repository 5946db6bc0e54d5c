//! A client reads a practice site through `Site::handle`.

use std::collections::BTreeSet;

use base64::Engine as _;
use bytes::Bytes;
use http::{Request, StatusCode};
use jiff::Timestamp;
use practice_jira::{Bucket, DcVersion, Face, Refusal, Site, SiteConfig};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::constant(1_793_491_200, 0);

struct Client {
    site: Site,
    authorization: Option<String>,
    now: Timestamp,
}

struct Got {
    status: StatusCode,
    headers: http::HeaderMap,
    body: Bytes,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("")
    }
}

fn basic(user: &str, secret: &str) -> String {
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(format!("{user}:{secret}"))
    )
}

impl Client {
    fn new(config: SiteConfig) -> Self {
        let site = Site::new(config);
        let c = site.credentials();
        let authorization = match site.config().face {
            Face::Cloud => basic(&c.email, &c.api_token),
            Face::DataCenter => format!("Bearer {}", c.pat),
        };
        Client {
            site,
            authorization: Some(authorization),
            now: NOW,
        }
    }

    fn cloud(issues: usize) -> Self {
        Self::new(SiteConfig::cloud(issues, 5))
    }

    fn dc(issues: usize) -> Self {
        Self::new(SiteConfig::data_center(issues, 5))
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Got {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "jira.test");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let bytes = body.map_or_else(Bytes::new, |b| Bytes::from(b.to_string()));
        let answer = self
            .site
            .handle(request.body(bytes).expect("a sound request"), self.now);
        let (head, body) = answer.response.into_parts();
        Got {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    fn get(&mut self, path: &str) -> Got {
        self.send("GET", path, None)
    }

    fn post(&mut self, path: &str, body: Value) -> Got {
        self.send("POST", path, Some(&body))
    }

    /// Every id that the Cloud search gives, page by page.
    fn all_ids(&mut self, jql: &str, size: usize) -> Vec<String> {
        let mut ids = Vec::new();
        let mut token = Value::Null;
        loop {
            let mut body = json!({"jql": jql, "maxResults": size});
            if !token.is_null() {
                body["nextPageToken"] = token.clone();
            }
            let page = self.post("/rest/api/3/search/jql", body).json();
            ids.extend(
                page["issues"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|i| i["id"].as_str().map(str::to_owned)),
            );
            if page["isLast"] == true {
                assert!(page.get("nextPageToken").is_none());
                return ids;
            }
            token = page["nextPageToken"].clone();
        }
    }
}

fn check_status(client: &mut Client, path: &str, expected: u16) -> Got {
    let got = client.get(path);
    assert_eq!(
        got.status.as_u16(),
        expected,
        "{path}: {}",
        String::from_utf8_lossy(&got.body)
    );
    got
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for config in [SiteConfig::cloud(150, 9), SiteConfig::data_center(150, 9)] {
        let read = |config: &SiteConfig| {
            let mut client = Client::new(config.clone());
            let api = if config.face == Face::Cloud { 3 } else { 2 };
            (1..100)
                .map(|n| {
                    client
                        .get(&format!(
                            "/rest/api/{api}/issue/ORB-{n}?expand=changelog,names"
                        ))
                        .body
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(read(&config), read(&config));
    }
}

#[test]
fn pages_of_ids_and_bulk_fetch_give_every_issue_exactly_once() {
    for short in [false, true] {
        let mut client = Client::cloud(700);
        client.site.faults_mut().short_pages = short;
        let ids = client.all_ids("project in (ORB, OPS, LAB) order by updated desc", 90);
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (700, 700));
        let mut keys = BTreeSet::new();
        for chunk in ids.chunks(100) {
            let got = client
                .post(
                    "/rest/api/3/issue/bulkfetch",
                    json!({"issueIdsOrKeys": chunk, "fields": ["*all"]}),
                )
                .json();
            let order: Vec<u64> = got["issues"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|i| i["id"].as_str()?.parse().ok())
                .collect();
            assert!(order.is_sorted());
            keys.extend(
                got["issues"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|i| i["key"].as_str().map(str::to_owned)),
            );
        }
        assert_eq!(keys.len(), 700);
    }
}

#[test]
fn keyset_pages_of_data_center_give_every_issue_exactly_once() {
    let mut client = Client::dc(700);
    let (mut last, mut keys) = (0_u64, BTreeSet::new());
    loop {
        let got = client.post("/rest/api/2/search", json!({"jql": format!("id > {last} order by id asc"), "maxResults": 100, "fields": ["summary"]})).json();
        let Some(issues) = got["issues"].as_array().filter(|l| !l.is_empty()) else {
            break;
        };
        for issue in issues {
            last = issue["id"]
                .as_str()
                .and_then(|i| i.parse().ok())
                .unwrap_or(u64::MAX);
            assert!(keys.insert(issue["key"].as_str().map(str::to_owned)));
        }
    }
    assert_eq!(keys.len(), 700);
}

#[test]
fn a_rejected_token_on_cloud_looks_like_an_empty_site() {
    let mut client = Client::cloud(30);
    client.site.faults_mut().revoked = true;
    assert_eq!(
        check_status(&mut client, "/rest/api/3/myself", 401).header("x-seraph-loginreason"),
        "AUTHENTICATED_FAILED"
    );
    assert_eq!(
        check_status(&mut client, "/rest/api/3/project/search", 200).json()["total"],
        0
    );
    let empty = client.post("/rest/api/3/search/jql", json!({"jql": "project = ORB"}));
    assert_eq!(empty.json(), json!({"issues": [], "isLast": true}));
    assert_eq!(empty.header("x-aaccountid"), "");
    check_status(&mut client, "/rest/api/3/issue/ORB-1", 404);
}

#[test]
fn an_accepted_caller_on_cloud_is_named_in_every_answer() {
    let mut client = Client::cloud(5);
    let account = client.site.credentials().account;
    for path in [
        "/rest/api/3/myself",
        "/rest/api/3/issue/NOPE-1",
        "/rest/agile/1.0/board",
    ] {
        assert_eq!(client.get(path).header("x-aaccountid"), account);
    }
}

#[test]
fn a_scoped_token_works_only_behind_the_gateway() {
    let mut client = Client::cloud(20);
    let c = client.site.credentials();
    client.authorization = Some(basic(&c.email, &c.scoped_token));
    check_status(&mut client, "/rest/api/3/myself", 401);
    let cloud_id = check_status(&mut client, "/_edge/tenant_info", 200).json()["cloudId"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or_default();
    let got = check_status(
        &mut client,
        &format!("/_gateway/ex/jira/{cloud_id}/rest/api/3/issue/ORB-1"),
        200,
    )
    .json();
    assert_eq!(
        got["self"],
        format!("http://jira.test/_gateway/ex/jira/{cloud_id}/rest/api/3/issue/10001")
    );
    let info = check_status(
        &mut client,
        &format!("/_gateway/ex/jira/{cloud_id}/rest/api/3/serverInfo"),
        200,
    )
    .json();
    assert_eq!(info["baseUrl"], "http://jira.test");
}

#[test]
fn three_wrong_passwords_lock_even_the_right_one_out() {
    let mut client = Client::dc(5);
    let c = client.site.credentials();
    client.authorization = Some(basic(&c.user, "wrong"));
    for _ in 0..3 {
        let got = check_status(&mut client, "/rest/api/2/myself", 401);
        assert_eq!(got.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
        assert!(got.header("content-type").starts_with("text/html"));
    }
    client.authorization = Some(basic(&c.user, &c.password));
    let got = check_status(&mut client, "/rest/api/2/myself", 403);
    assert_eq!(got.header("x-seraph-loginreason"), "AUTHENTICATION_DENIED");
    assert!(
        got.header("x-authentication-denied-reason")
            .starts_with("CAPTCHA_CHALLENGE; login-url=http://jira.test/")
    );
}

#[test]
fn basic_is_off_on_release_eleven_and_says_so() {
    let mut client = Client::new(SiteConfig::data_center(5, 1).version(DcVersion::V11_3));
    let c = client.site.credentials();
    client.authorization = Some(basic(&c.user, &c.password));
    let got = check_status(&mut client, "/rest/api/2/myself", 403);
    assert_eq!(
        got.json(),
        json!({"message": "Basic Authentication has been disabled on this instance."})
    );
    client.site.faults_mut().basic_disabled = Some(false);
    check_status(&mut client, "/rest/api/2/myself", 200);
}

#[test]
fn a_wrong_bearer_on_data_center_is_anonymous() {
    let mut client = Client::dc(30);
    client.authorization = Some("Bearer stale".to_owned());
    check_status(&mut client, "/rest/api/2/myself", 401);
    check_status(&mut client, "/rest/api/2/serverInfo", 401);
    assert_eq!(
        check_status(
            &mut client,
            "/rest/api/2/search?jql=project%20%3D%20ORB",
            200
        )
        .json()["total"],
        0
    );
}

#[test]
fn a_context_path_stands_in_every_address() {
    let mut client = Client::new(SiteConfig::data_center(10, 1).context_path("/jira/"));
    check_status(&mut client, "/rest/api/2/serverInfo", 404);
    let info = check_status(&mut client, "/jira/rest/api/2/serverInfo", 200).json();
    assert_eq!(info["baseUrl"], "http://jira.test/jira");
}

#[test]
fn an_old_server_has_the_old_metadata_and_a_new_one_has_not() {
    let old = "/rest/api/2/issue/createmeta?projectKeys=ORB&expand=projects.issuetypes.fields";
    let mut client = Client::new(SiteConfig::data_center(10, 1).version(DcVersion::V8_20));
    let got = check_status(&mut client, old, 200).json();
    assert!(got["projects"][0]["issuetypes"][0]["fields"]["summary"]["required"] == true);
    check_status(&mut Client::dc(10), old, 404);
    client
        .site
        .faults_mut()
        .missing
        .insert("/rest/api/2/issue/createmeta/*/issuetypes".to_owned());
    check_status(
        &mut client,
        "/rest/api/2/issue/createmeta/ORB/issuetypes",
        404,
    );
}

#[test]
fn the_window_of_results_ends_on_data_center() {
    let mut client = Client::dc(60);
    client.site.faults_mut().max_result_window = Some(40);
    check_status(
        &mut client,
        "/rest/api/2/search?jql=&startAt=30&maxResults=10",
        200,
    );
    check_status(
        &mut client,
        "/rest/api/2/search?jql=&startAt=40&maxResults=10",
        500,
    );
}

#[test]
fn a_page_cap_shortens_pages_in_silence() {
    let mut client = Client::dc(60);
    client.site.faults_mut().page_max = Some(7);
    let got = check_status(&mut client, "/rest/api/2/search?jql=&maxResults=50", 200).json();
    assert_eq!(
        (
            got["maxResults"].as_u64(),
            got["issues"].as_array().map(Vec::len)
        ),
        (Some(7), Some(7))
    );
}

#[test]
fn the_cloud_search_keeps_its_rules() {
    let mut client = Client::cloud(300);
    let mut status = |body: Value| client.post("/rest/api/3/search/jql", body).status.as_u16();
    assert_eq!(status(json!({"jql": "order by created"})), 400);
    assert_eq!(status(json!({"jql": "project = ORB", "startAt": 0})), 400);
    assert_eq!(
        status(json!({"jql": "project = ORB", "maxResults": 0})),
        400
    );
    assert_eq!(
        status(json!({"jql": "project = ORB", "nextPageToken": "nonsense"})),
        400
    );
    assert_eq!(status(json!({"jql": "universe = 42"})), 400);
    let rich = client
        .post(
            "/rest/api/3/search/jql",
            json!({"jql": "project = ORB", "maxResults": 5000, "fields": ["summary"]}),
        )
        .json();
    assert_eq!(rich["issues"].as_array().map(Vec::len), Some(100));
    let bare = client
        .post(
            "/rest/api/3/search/jql",
            json!({"jql": "project in (ORB, OPS, LAB)", "maxResults": 5000}),
        )
        .json();
    assert_eq!(bare["issues"].as_array().map(Vec::len), Some(300));
    assert_eq!(
        bare["issues"][0]
            .as_object()
            .map(|o| o.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["id".to_owned()])
    );
    assert_eq!(
        check_status(&mut client, "/rest/api/3/search?jql=project=ORB", 410).status,
        410
    );
}

#[test]
fn unknown_permission_keys_fail_the_whole_question_on_cloud() {
    let mut client = Client::cloud(5);
    check_status(&mut client, "/rest/api/3/mypermissions", 400);
    let got = check_status(
        &mut client,
        "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,FLY",
        400,
    )
    .json();
    assert_eq!(got["errors"], json!({"FLY": "Unrecognized permission"}));
    client
        .site
        .faults_mut()
        .permissions_removed
        .insert(("ORB".to_owned(), "BROWSE_PROJECTS".to_owned()));
    check_status(&mut client, "/rest/api/3/issue/ORB-1", 404);
    let yes = check_status(
        &mut client,
        "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS",
        200,
    )
    .json();
    assert_eq!(
        yes["permissions"]["BROWSE_PROJECTS"]["havePermission"], true,
        "some other project allows it"
    );
}

#[test]
fn thousands_of_projects_are_paged_on_cloud_and_not_on_data_center() {
    let mut cloud = Client::new(SiteConfig::cloud(20, 1).empty_projects(2500));
    let page = check_status(
        &mut cloud,
        "/rest/api/3/project/search?maxResults=1000",
        200,
    )
    .json();
    assert_eq!(
        (
            page["total"].as_u64(),
            page["values"].as_array().map(Vec::len),
            page["isLast"].as_bool()
        ),
        (Some(2503), Some(100), Some(false))
    );
    let mut dc = Client::new(SiteConfig::data_center(20, 1).empty_projects(2500));
    assert_eq!(
        check_status(&mut dc, "/rest/api/2/project", 200)
            .json()
            .as_array()
            .map(Vec::len),
        Some(2503)
    );
}

#[test]
fn a_kanban_board_has_no_sprints_and_no_estimation() {
    let mut client = Client::cloud(20);
    let refusal = check_status(&mut client, "/rest/agile/1.0/board/3/sprint", 400).json();
    assert_eq!(
        refusal["errorMessages"],
        json!(["The board does not support sprints"])
    );
    assert!(
        check_status(&mut client, "/rest/agile/1.0/board/3/configuration", 200)
            .json()
            .get("estimation")
            .is_none()
    );
    let scrum = check_status(&mut client, "/rest/agile/1.0/board/1/configuration", 200).json();
    assert_eq!(scrum["estimation"]["field"]["fieldId"], "customfield_10028");
}

#[test]
fn a_team_managed_project_has_types_of_its_own_under_the_same_names() {
    let mut client = Client::cloud(20);
    let types = |got: Value| got["issueTypes"].as_array().cloned().unwrap_or_default();
    let lab = types(
        check_status(
            &mut client,
            "/rest/api/3/issue/createmeta/LAB/issuetypes",
            200,
        )
        .json(),
    );
    let orb = types(
        check_status(
            &mut client,
            "/rest/api/3/issue/createmeta/ORB/issuetypes",
            200,
        )
        .json(),
    );
    let story = |list: &[Value]| {
        list.iter()
            .find(|t| t["name"] == "Story")
            .cloned()
            .unwrap_or_default()
    };
    assert_ne!(story(&lab)["id"], story(&orb)["id"]);
    assert_eq!(story(&lab)["scope"]["project"]["id"], "10002");
}

#[test]
fn parents_are_told_apart_on_the_two_faces() {
    let mut cloud = Client::cloud(300);
    let got = cloud.post("/rest/api/3/search/jql", json!({"jql": "parent is not empty and type = Story", "fields": ["parent"], "maxResults": 10})).json();
    assert!(got["issues"][0]["fields"]["parent"]["key"].is_string());
    let mut dc = Client::dc(300);
    let got = check_status(&mut dc, "/rest/api/2/search?jql=%22Epic%20Link%22%20is%20not%20empty%20and%20type%20%3D%20Story&maxResults=5", 200).json();
    let fields = &got["issues"][0]["fields"];
    assert!(fields.get("parent").is_none());
    assert!(
        fields["customfield_10101"]
            .as_str()
            .is_some_and(|k| k.contains('-'))
    );
}

#[test]
fn sprints_are_java_strings_on_data_center_in_an_order_that_differs_by_release() {
    let first = |version| {
        let mut client = Client::new(SiteConfig::data_center(300, 5).version(version));
        let got = client.get("/rest/api/2/search?jql=sprint%20is%20not%20empty%20order%20by%20id&maxResults=1&fields=customfield_10104").json();
        got["issues"][0]["fields"]["customfield_10104"][0]
            .as_str()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let (old, new) = (first(DcVersion::V8_20), first(DcVersion::V10_3));
    assert!(
        old.starts_with("com.atlassian.greenhopper.service.sprint.Sprint@")
            && new.contains("state=")
    );
    assert!(
        old.find("goal=") < old.find("startDate=") && new.find("goal=") > new.find("startDate=")
    );
}

#[test]
fn names_are_translated_on_demand_and_ids_are_not() {
    let mut client = Client::cloud(10);
    client.site.faults_mut().german = true;
    let fields = check_status(&mut client, "/rest/api/3/field", 200).json();
    assert!(
        fields
            .as_array()
            .into_iter()
            .flatten()
            .any(|f| f["id"] == "priority" && f["name"] == "Priorität")
    );
}

#[test]
fn refusals_carry_their_reason_and_headers() {
    let mut client = Client::cloud(10);
    client.site.faults_mut().limits.burst_per_second = Some(2);
    check_status(&mut client, "/rest/api/3/field", 200);
    check_status(&mut client, "/rest/api/3/field", 200);
    let got = check_status(&mut client, "/rest/api/3/field", 429);
    assert_eq!(
        (got.header("ratelimit-reason"), got.header("retry-after")),
        ("jira-burst-based", "1")
    );
    check_status(&mut client, "/rest/api/3/priority", 200);
    client.now = NOW
        .checked_add(jiff::SignedDuration::from_secs(1))
        .unwrap_or(NOW);
    check_status(&mut client, "/rest/api/3/field", 200);
    client.site.faults_mut().limits = Default::default();
    client.site.faults_mut().limits.hourly_points = Some(0);
    let got = check_status(&mut client, "/rest/api/3/field", 429);
    assert_eq!(
        (got.header("ratelimit-reason"), got.header("retry-after")),
        ("jira-quota-global-based", "3600")
    );
}

#[test]
fn the_bucket_of_data_center_is_shown_on_every_answer() {
    let mut client = Client::dc(10);
    client.site.faults_mut().limits.bucket = Some(Bucket {
        capacity: 2,
        fill: 1,
        interval_s: 10,
    });
    assert_eq!(client.get("/rest/api/2/field").header("retry-after"), "0");
    client.get("/rest/api/2/field");
    let got = check_status(&mut client, "/rest/api/2/field", 429);
    assert_eq!(
        (
            got.header("x-ratelimit-remaining"),
            got.header("retry-after")
        ),
        ("0", "10")
    );
}

#[test]
fn scripted_answers_and_maintenance_come_first() {
    let mut client = Client::cloud(5);
    client.site.faults_mut().scripted.push_back(Refusal {
        status: 503,
        retry_after_s: Some(4),
        reason: None,
    });
    assert_eq!(
        check_status(&mut client, "/rest/api/3/myself", 503).header("retry-after"),
        "4"
    );
    check_status(&mut client, "/rest/api/3/myself", 200);
    client.site.faults_mut().maintenance = true;
    assert!(
        check_status(&mut client, "/rest/api/3/myself", 503)
            .header("content-type")
            .starts_with("text/html")
    );
}

#[test]
fn a_deleted_project_is_gone_with_its_issues() {
    let mut client = Client::cloud(60);
    assert!(client.site.delete_project("ORB"));
    check_status(&mut client, "/rest/api/3/project/ORB", 404);
    check_status(&mut client, "/rest/api/3/issue/ORB-1", 404);
    assert!(!client.site.project_keys().contains(&"ORB".to_owned()));
}

/// Whether the issue ORB-3 answers alone, and whether a search finds it.
fn seen(client: &mut Client) -> (bool, bool) {
    let (api, search) = match client.site.config().face {
        Face::Cloud => ("/rest/api/3", "/rest/api/3/search/jql"),
        Face::DataCenter => ("/rest/api/2", "/rest/api/2/search"),
    };
    let alone = client
        .get(&format!("{api}/issue/ORB-3?fields=project"))
        .status;
    let found = client.post(
        search,
        json!({"jql": "project = ORB", "maxResults": 100, "fields": ["summary"]}),
    );
    let found = found.json();
    let keys = found["issues"].as_array().expect("issues").iter();
    let keys: Vec<&str> = keys.filter_map(|issue| issue["key"].as_str()).collect();
    (alone == StatusCode::OK, keys.contains(&"ORB-3"))
}

#[test]
fn what_is_hidden_is_as_if_deleted_and_what_is_archived_answers_alone() {
    for mut client in [Client::cloud(20), Client::dc(20)] {
        assert_eq!(seen(&mut client), (true, true));
        assert!(client.site.set_hidden("ORB-3", true));
        assert_eq!(seen(&mut client), (false, false));
        assert!(client.site.holds_issue("ORB-3"));
        assert!(client.site.set_hidden("ORB-3", false));
        assert!(client.site.set_archived("ORB-3", true));
        assert_eq!(seen(&mut client), (true, false));
        assert!(client.site.set_archived("ORB-3", false));
        assert_eq!(seen(&mut client), (true, true));
        assert!(client.site.delete_issue("ORB-3", NOW).is_some());
        assert_eq!(seen(&mut client), (false, false));
        assert!(!client.site.holds_issue("ORB-3"));
        assert!(!client.site.set_hidden("ORB-3", true));
    }
}

#[test]
fn a_moved_issue_keeps_its_id_and_answers_to_both_keys() {
    let mut client = Client::cloud(60);
    let before = check_status(&mut client, "/rest/api/3/issue/ORB-3", 200).json();
    let other = client
        .site
        .project_keys()
        .into_iter()
        .find(|key| key != "ORB");
    let other = other.expect("another project");
    let key = client.site.move_issue("ORB-3", &other, NOW).expect("moved");
    assert!(key.starts_with(&format!("{other}-")), "{key}");
    for asked in ["ORB-3", key.as_str()] {
        let now = check_status(&mut client, &format!("/rest/api/3/issue/{asked}"), 200).json();
        assert_eq!(
            (&now["id"], now["key"].as_str()),
            (&before["id"], Some(key.as_str()))
        );
        assert_eq!(now["fields"]["project"]["key"], other.as_str());
    }
}

#[test]
fn old_keys_still_lead_to_the_issue() {
    let mut client = Client::cloud(60);
    for key in ["ORBIT-1", "OLDOPS-1", "10001"] {
        assert_eq!(
            check_status(&mut client, &format!("/rest/api/3/issue/{key}"), 200).json()["key"],
            "ORB-1"
        );
    }
}

#[test]
fn what_does_not_exist_says_so_in_the_form_of_its_face() {
    let mut client = Client::cloud(5);
    assert_eq!(
        check_status(&mut client, "/rest/api/3/nonsense", 404).header("content-type"),
        "application/problem+json"
    );
    assert!(check_status(&mut client, "/rest/api/2/serverInf", 404).json()["status"] == 404);
    check_status(&mut Client::dc(5), "/rest/api/3/serverInfo", 404);
    check_status(&mut Client::dc(5), "/rest/api/2/search/jql?jql=x", 404);
}
