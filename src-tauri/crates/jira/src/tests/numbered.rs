//! Finding issues on a Data Center whose issues change meanwhile.

use super::kit::{options, pat};
use super::searching::{JQL, all_ids, ids};
use crate::SiteKind::DataCenter;
use crate::{Client, Error, Transport, TransportError};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// A Data Center search over numbered issues of one project, as strict about anchors as the real one.
struct Numbers(Mutex<Site>);

struct Site {
    issues: BTreeSet<u64>,
    /// Issues of another project: they exist, but nothing of ours is behind them.
    moved: BTreeSet<u64>,
    cap: u64,
    /// What happens after which search.
    events: Vec<(usize, Event)>,
    searches: usize,
    singles: usize,
    offset_max: u64,
}

#[derive(Clone, Copy)]
enum Event {
    Delete(u64),
    Move(u64),
}

impl Site {
    fn new(issues: impl IntoIterator<Item = u64>, cap: u64) -> Self {
        Self {
            issues: issues.into_iter().collect(),
            moved: BTreeSet::new(),
            cap,
            events: Vec::new(),
            searches: 0,
            singles: 0,
            offset_max: 0,
        }
    }

    fn search(&mut self, body: &Value) -> (u16, Value) {
        self.searches += 1;
        let jql = body["jql"].as_str().expect("a filter");
        assert!(
            jql.ends_with("ORDER BY id ASC") && !jql.contains("rank"),
            "{jql}"
        );
        let bound = |operator: &str| {
            let from = jql.find(operator)? + operator.len();
            let digits = jql[from..].split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse::<u64>().ok()
        };
        let bounds = [bound("id > "), bound("id >= "), bound("id <= ")];
        let known = |n: &u64| self.issues.contains(n) || self.moved.contains(n);
        if !bounds.iter().flatten().all(known) {
            return (
                400,
                json!({ "errorMessages": ["no such issue"], "errors": {} }),
            );
        }
        let elsewhere = bounds.iter().flatten().any(|n| self.moved.contains(n));
        let [above, low, high] = bounds;
        let found: Vec<u64> = (self.issues.iter().copied())
            .filter(|n| !elsewhere && above.is_none_or(|a| *n > a))
            .filter(|n| low.is_none_or(|a| *n >= a) && high.is_none_or(|a| *n <= a))
            .collect();
        let start = body["startAt"].as_u64().expect("a start");
        let max = body["maxResults"].as_u64().expect("a size").min(self.cap);
        self.offset_max = self.offset_max.max(start + max);
        let rows: Vec<_> = (found.iter().skip(start as usize).take(max as usize))
            .map(|n| json!({ "id": n.to_string(), "key": format!("A-{n}"), "fields": {} }))
            .collect();
        for (_, event) in self
            .events
            .iter()
            .filter(|(after, _)| *after == self.searches)
        {
            let (Event::Delete(n) | Event::Move(n)) = event;
            self.issues.remove(n);
            if matches!(event, Event::Move(_)) {
                self.moved.insert(*n);
            }
        }
        (
            200,
            json!({ "startAt": start, "maxResults": max, "total": found.len(), "issues": rows }),
        )
    }

    fn single(&mut self, id: u64) -> (u16, Value) {
        self.singles += 1;
        if self.issues.contains(&id) || self.moved.contains(&id) {
            (
                200,
                json!({ "id": id.to_string(), "key": format!("B-{id}"), "fields": {} }),
            )
        } else {
            (404, json!({ "errorMessages": ["x"], "errors": {} }))
        }
    }
}

impl Transport for Numbers {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let path = request.uri().path().to_owned();
        let mut site = self.0.lock().expect("whole");
        let (status, body) = if path.ends_with("/myself") {
            (200, json!({ "key": "k", "name": "ann" }))
        } else if path.ends_with("/search") {
            site.search(&serde_json::from_slice(request.body()).expect("JSON"))
        } else {
            let id = path.rsplit('/').next().and_then(|id| id.parse().ok());
            site.single(id.expect("an id"))
        };
        let mut response = Response::new(Bytes::from(body.to_string()));
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert("content-type", json);
        async { Ok(response) }.boxed()
    }
}

fn numbers(site: Site) -> (Client, Arc<Numbers>) {
    let transport = Arc::new(Numbers(Mutex::new(site)));
    let (options, _) = options(DataCenter, transport.clone(), pat());
    (Client::new(options), transport)
}

#[tokio::test]
async fn data_center_ids_go_on_behind_the_last_one_whatever_the_cap() {
    let (client, transport) = numbers(Site::new(1..=1_050, 100));
    assert_eq!(all_ids(&client).await, Ok(ids(1..=1_050)));
    assert_eq!(transport.0.lock().expect("whole").searches, 11);
}

#[tokio::test]
async fn more_than_ten_thousand_issues_are_read_without_reaching_the_window() {
    let (client, transport) = numbers(Site::new(1..=25_500, 1_000));
    assert_eq!(all_ids(&client).await.expect("ids").len(), 25_500);
    assert!(transport.0.lock().expect("whole").offset_max <= 1_000);
}

#[tokio::test]
async fn an_anchor_that_is_deleted_or_moved_meanwhile_loses_nothing() {
    for events in [
        vec![
            (1, Event::Delete(100)),
            (1, Event::Delete(99)),
            (3, Event::Delete(200)),
        ],
        vec![(1, Event::Move(100))],
        vec![
            (1, Event::Move(100)),
            (1, Event::Delete(99)),
            (4, Event::Move(200)),
        ],
    ] {
        let mut site = Site::new(1..=300, 100);
        site.events = events;
        let (client, _) = numbers(site);
        assert_eq!(all_ids(&client).await, Ok(ids(1..=300)));
    }
}

#[tokio::test]
async fn when_every_anchor_is_gone_the_cursor_is_refused() {
    let mut site = Site::new(1..=300, 100);
    site.events = (90..=100).map(|n| (1, Event::Delete(n))).collect();
    let (client, _) = numbers(site);
    let page = client.id_page(JQL, None).await.expect("a page");
    let next = client.id_page(JQL, page.next.as_deref()).await;
    assert!(matches!(next, Err(Error::Rejected { .. })));
}

#[tokio::test]
async fn issues_that_leave_meanwhile_do_not_keep_the_listing_from_ending() {
    let mut site = Site::new(1..=300, 100);
    site.events = (150..=290).map(|n| (1, Event::Delete(n))).collect();
    let (client, _) = numbers(site);
    assert_eq!(all_ids(&client).await, Ok(ids((1..150).chain(291..=300))));
}

#[tokio::test]
async fn a_cursor_that_is_none_of_ours_is_refused() {
    let (client, _) = numbers(Site::new(1..=3, 100));
    for cursor in ["", "7", "1/2/", "1/2/x", "a/b/1"] {
        let page = client.id_page(JQL, Some(cursor)).await;
        assert!(matches!(page, Err(Error::Rejected { .. })), "{cursor}");
    }
}

#[tokio::test]
async fn data_center_bodies_are_read_by_range() {
    let even = || (2..=200).filter(|n| n % 2 == 0);
    let (client, transport) = numbers(Site::new(even(), 1_000));
    let found = client.bodies(JQL, &ids(even()), &[]).await.expect("bodies");
    assert_eq!(found.issues.len(), 100);
    let site = transport.0.lock().expect("whole");
    assert_eq!((site.searches, site.singles), (1, 0));
}

#[tokio::test]
async fn a_range_whose_end_vanished_is_read_all_the_same() {
    let mut site = Site::new(2..=100, 1_000);
    site.issues.remove(&50);
    site.issues.remove(&60);
    site.moved.insert(60);
    let (client, transport) = numbers(site);
    let found = client
        .bodies(JQL, &ids(1..=100), &[])
        .await
        .expect("bodies");
    assert_eq!((found.issues.len(), found.missing), (98, ids([1, 50])));
    let moved = found
        .issues
        .iter()
        .find(|issue| issue.id == "60")
        .expect("an issue");
    assert_eq!(moved.key, "B-60");
    assert!(transport.0.lock().expect("whole").singles <= 5);
}

#[tokio::test]
async fn a_small_cap_does_not_shorten_a_range() {
    let (client, transport) = numbers(Site::new(1..=100, 30));
    let found = client
        .bodies(JQL, &ids(1..=100), &[])
        .await
        .expect("bodies");
    assert_eq!(found.issues.len(), 100);
    let site = transport.0.lock().expect("whole");
    assert_eq!((site.searches, site.singles), (4, 0));
}

#[tokio::test]
async fn ids_that_are_no_run_of_the_filter_are_read_one_by_one() {
    let (client, transport) = numbers(Site::new(1..=5_000, 1_000));
    let found = client
        .bodies(JQL, &ids([1, 2_500, 5_000]), &[])
        .await
        .expect("bodies");
    assert_eq!(found.issues.len(), 3);
    let site = transport.0.lock().expect("whole");
    assert!(site.searches == 1 && site.singles <= 2);
}
