//! What the practice site answers besides: every reading path it has, asked directly.

use super::practice::Practice;
use practice_jira::Face;
use serde_json::{Value, json};

/// Reading paths of the platform that both faces have.
const READ: [&str; 29] = [
    "/serverInfo",
    "/myself",
    "/configuration",
    "/project",
    "/project/ORB",
    "/project/NOPE",
    "/project/ORB/statuses",
    "/project/ORB/versions",
    "/project/ORB/version?startAt=0&maxResults=2",
    "/project/ORB/components",
    "/field",
    "/issuetype",
    "/priority",
    "/priority/3",
    "/priority/999",
    "/status",
    "/status/10000",
    "/statuscategory",
    "/resolution",
    "/issueLinkType",
    "/user/assignable/search?project=ORB&maxResults=5",
    "/issue/createmeta/ORB/issuetypes",
    "/issue/createmeta/NOPE/issuetypes",
    "/issue/ORB-3?expand=names,schema,renderedFields,editmeta,transitions,operations,changelog",
    "/issue/ORB-999999",
    "/issue/ORB-3/editmeta",
    "/issue/ORB-3/comment",
    "/issue/ORB-3/remotelink",
    "/issue/ORB-3/properties",
];

const READ_CLOUD: [&str; 21] = [
    "/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES&issueKey=ORB-3",
    "/mypermissions?permissions=NOT_A_PERMISSION",
    "/project/ORB/component?startAt=0&maxResults=2",
    "/issue/ORB-3/transitions?expand=transitions.fields",
    "/project/search?query=or&startAt=0&maxResults=3&action=create&typeKey=software&orderBy=name",
    "/project/search?keys=ORB",
    "/project/10000/hierarchy",
    "/issuetype/project?projectId=10000",
    "/issue/createmeta?projectKeys=ORB&expand=projects.issuetypes.fields",
    "/field/search?startAt=0&maxResults=5&type=custom&query=s",
    "/priority/search?startAt=0&maxResults=5&projectId=10000",
    "/label?startAt=0&maxResults=5",
    "/users?startAt=0&maxResults=5",
    "/users/search?startAt=0&maxResults=5",
    "/user/search?query=a&startAt=0&maxResults=5",
    "/user/search",
    "/search/jql?jql=project%3DORB&fields=*all&maxResults=20&expand=names,changelog",
    "/search/jql?jql=",
    "/search/jql?jql=nonsense%3D1",
    "/search?jql=project%3DORB",
    "/issue/ORB-3/changelog?startAt=0&maxResults=2",
];

const READ_DATA_CENTER: [&str; 8] = [
    "/mypermissions?issueKey=ORB-3",
    "/issue/ORB-3/transitions?transitionId=21",
    "/search?jql=project%3DORB&fields=*all&startAt=0&maxResults=20&expand=names,changelog",
    "/search?jql=nonsense%3D1&validateQuery=true",
    "/user?username=NOBODY",
    "/user/search?username=a&startAt=0&maxResults=5",
    "/issue/ORB-3?fields=summary,description&properties=*all",
    "/issue/createmeta/ORB/issuetypes/10001?startAt=0&maxResults=5",
];

const READ_AGILE: [&str; 11] = [
    "/board?projectKeyOrId=ORB&type=scrum&startAt=0&maxResults=2",
    "/board?projectKeyOrId=NOPE",
    "/board/1",
    "/board/999999",
    "/board/1/configuration",
    "/board/1/sprint?state=active,future&startAt=0&maxResults=3",
    "/board/999999/sprint",
    "/sprint/31",
    "/sprint/999999",
    "/issue/ORB-3",
    "/issue/ORB-3/estimation?boardId=1",
];

/// Asks every reading path.
pub fn read(practice: &Practice) {
    let api = practice.api();
    let own: &[&str] = match practice.face() {
        Face::Cloud => &READ_CLOUD,
        Face::DataCenter => &READ_DATA_CENTER,
    };
    for path in READ.iter().chain(own) {
        practice.send("GET", &format!("{api}{path}"), &Value::Null);
    }
    for path in READ_AGILE {
        practice.send("GET", &format!("/rest/agile/1.0{path}"), &Value::Null);
    }
    let account = practice.site().credentials().account;
    match practice.face() {
        Face::Cloud => {
            for path in ["user?accountId=", "user/bulk?maxResults=5&accountId="] {
                practice.send("GET", &format!("{api}/{path}{account}"), &Value::Null);
            }
            practice.send("GET", &format!("{api}/user?accountId=nobody"), &Value::Null);
            read_by_post(practice);
        }
        Face::DataCenter => {
            let path = format!("{api}/user?key={account}");
            practice.send("GET", &path, &Value::Null);
            let body = json!({"jql": "nonsense = 1", "startAt": 0, "maxResults": 5});
            practice.send("POST", &format!("{api}/search"), &body);
        }
    }
}

fn read_by_post(practice: &Practice) {
    let asked = [
        (
            "/search/jql",
            json!({"jql": "project = ORB", "fields": ["*all"], "expand": "names,changelog", "maxResults": 20}),
        ),
        ("/search/jql", json!({"jql": "order by key"})),
        ("/search/approximate-count", json!({"jql": "project = ORB"})),
        ("/search/approximate-count", json!({"jql": "nonsense ="})),
        (
            "/jql/parse?validation=strict",
            json!({"queries": ["project = ORB AND status != Done ORDER BY rank", "nonsense = 1", "a ="]}),
        ),
        (
            "/issue/bulkfetch",
            json!({"issueIdsOrKeys": ["ORB-3", "ORB-4", "ORB-999999"], "fields": ["*all"], "expand": ["names"]}),
        ),
        (
            "/changelog/bulkfetch",
            json!({"issueIdsOrKeys": ["ORB-3", "ORB-4"], "maxResults": 10}),
        ),
    ];
    for (path, body) in asked {
        practice.send("POST", &format!("/rest/api/3{path}"), &body);
    }
}
