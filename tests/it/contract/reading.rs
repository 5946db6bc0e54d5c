//! Everything that the client reads, and the refusals that it meets on the way.

use super::practice::{ADDRESS, Practice};
use jira::{BODIES_MAX, Client, Credentials, Error, SiteKind, SiteUrl, detect};
use practice_jira::{Bucket, Face, Refusal};
use secrecy::SecretString;
use std::sync::Arc;

const FIELDS: [&str; 3] = ["*all", "-comment", "-worklog"];

/// Reads all that can be read, as the administrator.
pub async fn read_everything(practice: &Practice) {
    let client = practice.client();
    let site = Arc::new(practice.clone());
    let url = SiteUrl::parse(ADDRESS).expect("an address");
    detect(
        site.clone(),
        site.clone(),
        Arc::new(jira::FixedJitter(0.5)),
        &url,
    )
    .await
    .expect("the site is found");
    client
        .server_info()
        .await
        .expect("the site tells of itself");
    client.myself().await.expect("an account");
    let (projects, _) = client.projects("", 100).await.expect("projects");
    client.projects("or", 5).await.expect("some projects");
    assert_eq!(client.project("NOPE").await, Ok(None));
    client.fields().await.expect("fields");
    client.priorities().await.expect("priorities");
    if practice.face() == Face::Cloud {
        client.cloud_id().await.expect("an id");
    }
    for project in &projects {
        read_project(&client, &project.key).await;
    }
    read_issues(&client).await;
}

async fn read_project(client: &Client, key: &str) {
    let keys = [
        "BROWSE_PROJECTS",
        "CREATE_ISSUES",
        "EDIT_ISSUES",
        "ADMINISTER",
    ];
    client
        .permissions(&keys, Some(key))
        .await
        .expect("permissions");
    client.project(key).await.expect("a project");
    client.statuses(key).await.expect("statuses");
    client.versions(key).await.expect("versions");
    client.components(key).await.expect("components");
    for kind in client.issue_types(key).await.expect("types") {
        client.create_fields(key, &kind.id).await.expect("fields");
    }
    let boards = client.boards(key).await.expect("boards");
    for board in boards {
        client
            .board_configuration(&board.id)
            .await
            .expect("a configuration");
        client.sprints(&board.id).await.expect("sprints, or none");
    }
    let people = client
        .assignable_users(key, "", 20)
        .await
        .expect("people who can be assigned");
    if let Some(person) = people.first() {
        client.user(&person.id).await.expect("a person");
    }
}

async fn read_issues(client: &Client) {
    let jql = "project = ORB";
    client.check_jql(jql).await.expect("an answer");
    let wrong = client.check_jql("nonsense = 1").await.expect("an answer");
    assert!(!wrong.errors.is_empty());
    let strict = client.count("nonsense = 1").await;
    assert!(matches!(strict, Err(Error::Rejected { .. })), "{strict:?}");
    client.count(jql).await.expect("a number");
    let page = client.id_page(jql, None).await.expect("ids");
    let mut next = page.next;
    while let Some(cursor) = next {
        next = client.id_page(jql, Some(&cursor)).await.expect("ids").next;
    }
    for ids in page.ids.chunks(BODIES_MAX) {
        client.bodies(jql, ids, &FIELDS).await.expect("bodies");
    }
    let first = page.ids.first().expect("the project has issues");
    client.issue(first, &FIELDS).await.expect("an issue");
    assert_eq!(client.issue("999999999", &FIELDS).await, Ok(None));
    client.edit_fields(first).await.expect("fields to edit");
    let gone = client.edit_fields("999999999").await;
    assert_eq!(gone, Err(Error::Gone));
    client
        .first_issues(jql, 5, &FIELDS)
        .await
        .expect("a sample");
}

/// Asks as somebody who may not, or too often.
pub async fn meet_refusals(practice: &Practice) {
    let (kind, wrong) = match practice.face() {
        Face::Cloud => (
            SiteKind::Cloud,
            Credentials::CloudToken {
                email: "nobody@example.com".to_owned(),
                token: SecretString::from("wrong"),
            },
        ),
        Face::DataCenter => (
            SiteKind::DataCenter,
            Credentials::PersonalAccessToken(SecretString::from("wrong")),
        ),
    };
    for credentials in [None, Some(wrong)] {
        // A client that was refused once says nothing more, so each question has a client of its own. What it makes of the
        // answers is shown elsewhere; here the answers count.
        let stranger = || practice.client_with(kind, credentials.clone());
        let refused = stranger().myself().await;
        assert!(refused.is_err(), "{refused:?}");
        drop(stranger().projects("", 5).await);
        drop(stranger().boards("ORB").await);
        drop(stranger().issue("ORB-1", &FIELDS).await);
        drop(stranger().count("project = ORB").await);
    }
    be_refused_by_permission(practice).await;
    be_too_quick(practice).await;
}

async fn be_refused_by_permission(practice: &Practice) {
    let permission = |name: &str| ("ORB".to_owned(), name.to_owned());
    let taken = permission("BROWSE_PROJECTS");
    practice
        .site()
        .faults_mut()
        .permissions_removed
        .insert(taken.clone());
    let client = practice.client();
    assert_eq!(client.project("ORB").await, Ok(None));
    drop(client.create_fields("ORB", "10001").await);
    practice
        .site()
        .faults_mut()
        .permissions_removed
        .remove(&taken);
}

async fn be_too_quick(practice: &Practice) {
    let refusals = [
        (429, Some(1), Some("jira-burst-based")),
        (503, Some(1), None),
    ];
    for (status, retry_after_s, reason) in refusals {
        practice.site().faults_mut().scripted.push_back(Refusal {
            status,
            retry_after_s,
            reason,
        });
        practice.client().myself().await.expect("the second try");
    }
    let bucket = Bucket {
        capacity: 1,
        fill: 1,
        interval_s: 1,
    };
    practice.site().faults_mut().limits.bucket = Some(bucket);
    practice.site().faults_mut().limits.burst_per_second = Some(1);
    let client = practice.client();
    for _ in 0..3 {
        client.myself().await.expect("an answer in the end");
    }
    practice.site().faults_mut().limits = practice_jira::Limits::default();
}
