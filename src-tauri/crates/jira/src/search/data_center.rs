//! Data Center: ids by pages behind the last issue, issues by range.
//!
//! Offsets are avoided: issues that change while they are read shift the pages, nodes of a cluster
//! disagree, and results past 10,000 are refused. "Behind this issue" has none of these troubles
//! but one of its own: it is told by an issue that exists, and that one may vanish. So several
//! anchors are kept, and the number received is compared with the number there was.

use std::collections::BTreeSet;

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::json;

use super::{Fetched, IdPage, SearchCursor, names};
use crate::client::{Absent, Call, Client};
use crate::error::{Error, Result};
use crate::ids::{FieldId, IssueId};
use crate::issue::Issue;
use crate::jql;
use crate::limits::CallKind;
use crate::model::or_default;

/// What most sites allow at most (`jira.search.views.default.max`).
const IDS_PAGE: usize = 1_000;
/// Results behind this offset are refused by newer versions.
const WINDOW: usize = 10_000;
const ANCHORS: usize = 5;
const SINGLES_AT_ONCE: usize = 8;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
pub(super) struct SearchAnswer<T> {
    #[serde(default, deserialize_with = "or_default")]
    issues: Vec<T>,
    pub(super) total: usize,
    max_results: Option<usize>,
}

#[derive(Deserialize)]
struct IdRow {
    id: IssueId,
}

struct Walk {
    client: Client,
    condition: String,
    page_size: usize,
    anchors: Vec<IssueId>,
    received: usize,
    /// How many issues there were at first.
    total: Option<usize>,
    ended: bool,
}

pub(super) fn ids(
    client: Client,
    condition: String,
    from: Option<SearchCursor>,
) -> BoxStream<'static, Result<IdPage>> {
    let mut walk = Walk {
        client,
        condition,
        page_size: IDS_PAGE,
        anchors: Vec::new(),
        received: 0,
        total: None,
        ended: false,
    };
    match from {
        None => {}
        Some(SearchCursor::After {
            anchors,
            received,
            total,
        }) => {
            walk.anchors = anchors;
            walk.received = received;
            walk.total = Some(total);
        }
        Some(SearchCursor::Token(_)) => return super::wrong_cursor(),
    }
    stream::try_unfold(walk, |mut walk| async move {
        Ok(walk.next().await?.map(|page| (page, walk)))
    })
    .boxed()
}

impl Walk {
    async fn next(&mut self) -> Result<Option<IdPage>> {
        if self.ended {
            return Ok(None);
        }
        let (mut ids, mut remaining) = self.behind_anchors().await?;
        let total = *self.total.get_or_insert(remaining);
        if ids.is_empty() && self.received < total && self.anchors.len() > 1 {
            // Fewer than there were. Perhaps some were deleted; perhaps the last anchor moved to
            // another project, where nothing of ours is behind it.
            self.anchors.pop();
            (ids, remaining) = self.behind_anchors().await?;
        }
        if ids.is_empty() {
            self.ended = true;
            return Ok(None);
        }
        self.received += ids.len();
        let lost = self.received < total;
        self.ended = remaining <= ids.len() && !lost;
        self.anchors.extend(ids.iter().cloned());
        let surplus = self.anchors.len().saturating_sub(ANCHORS);
        self.anchors.drain(..surplus);
        let next = (!self.ended).then(|| SearchCursor::After {
            anchors: self.anchors.clone(),
            received: self.received,
            total,
        });
        Ok(Some(IdPage {
            ids,
            next,
            total: Some(total),
        }))
    }

    /// The new ids behind the last anchor that the site accepts, and how many are behind it.
    async fn behind_anchors(&mut self) -> Result<(Vec<IssueId>, usize)> {
        let mut refused = None;
        for at in (0..self.anchors.len()).rev() {
            let behind = jql::after_id(&self.anchors[at]);
            let condition = join(&self.condition, &behind);
            match self.page(&condition, 0).await {
                Ok(page) => return Ok(self.only_new(page)),
                // The anchor was deleted or is out of reach.
                Err(error @ Error::Rejected { .. }) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        match refused {
            None => {
                let page = self.page(&self.condition.clone(), 0).await?;
                Ok(self.only_new(page))
            }
            // All anchors are gone. An offset, some way back, finds the place again.
            Some(error) => {
                let start = self.received.saturating_sub(2 * ANCHORS);
                if start + self.page_size > WINDOW {
                    return Err(error);
                }
                let mut page = self.page(&self.condition.clone(), start).await?;
                page.total = page.total.saturating_sub(start);
                Ok(self.only_new(page))
            }
        }
    }

    fn only_new(&self, page: SearchAnswer<IdRow>) -> (Vec<IssueId>, usize) {
        let received = page.issues.len();
        let ids: Vec<_> = (page.issues.into_iter())
            .map(|row| row.id)
            .filter(|id| !self.anchors.contains(id))
            .collect();
        let known = received - ids.len();
        (ids, page.total.saturating_sub(known))
    }

    async fn page(&mut self, condition: &str, start: usize) -> Result<SearchAnswer<IdRow>> {
        let query = format!("{condition} {}", jql::BY_ID);
        let request = SearchRequest {
            jql: query.trim_start(),
            start,
            page_size: self.page_size,
            fields: &["id"],
        };
        let page: SearchAnswer<IdRow> = search(&self.client, CallKind::Search, request).await?;
        if let Some(max) = page.max_results.filter(|max| *max > 0) {
            // The site's cap is silent: it shows in the answer only.
            self.page_size = self.page_size.min(max);
        }
        Ok(page)
    }
}

pub(super) async fn fetch(
    client: &Client,
    condition: &str,
    ids: &[IssueId],
    fields: &[FieldId],
) -> Result<Fetched> {
    let mut wanted: BTreeSet<IssueId> = ids.iter().cloned().collect();
    let mut fetched = Fetched::default();
    let (mut first, mut last) = (0, ids.len());
    // One boundary that vanished makes the site refuse the range: read the boundaries one by one
    // and shrink the range.
    for _ in 0..3 {
        if last - first < 2 {
            break;
        }
        match range(client, condition, &ids[first..last], fields).await {
            Ok(issues) => {
                let ours = issues.into_iter().filter(|issue| wanted.remove(&issue.id));
                fetched.issues.extend(ours);
                break;
            }
            Err(Error::Rejected { .. }) => {
                first += 1;
                last -= 1;
            }
            Err(error) => return Err(error),
        }
    }
    let singles = stream::iter(wanted)
        .map(|id| async move {
            match client.issue(id.as_str(), fields).await {
                Ok(issue) => Ok(Ok(issue)),
                Err(Error::Gone { .. }) => Ok(Err(id)),
                Err(error) => Err(error),
            }
        })
        .buffered(SINGLES_AT_ONCE);
    let singles: Vec<_> = singles.try_collect().await?;
    for single in singles {
        match single {
            Ok(issue) => fetched.issues.push(issue),
            Err(id) => fetched.absent.push(id),
        }
    }
    Ok(fetched)
}

/// The issues of the query from the first of `ids` to the last.
async fn range(
    client: &Client,
    condition: &str,
    ids: &[IssueId],
    fields: &[FieldId],
) -> Result<Vec<Issue>> {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return Ok(Vec::new());
    };
    let between = join(condition, &jql::between_ids(first, last));
    let query = format!("{between} {}", jql::BY_ID);
    let names = names(fields);
    let mut issues: Vec<Issue> = Vec::new();
    let mut page_size = ids.len();
    loop {
        let request = SearchRequest {
            jql: &query,
            start: issues.len(),
            page_size,
            fields: &names,
        };
        let page: SearchAnswer<Issue> = search(client, CallKind::BulkFetch, request).await?;
        if let Some(max) = page.max_results.filter(|max| *max > 0) {
            page_size = page_size.min(max);
        }
        let received = page.issues.len();
        issues.extend(page.issues);
        // Far more than asked for: the ids are no run of this query. What is missing is read singly.
        let far_more = page.total > 3 * ids.len() + 50;
        if received == 0 || issues.len() >= page.total || far_more {
            return Ok(issues);
        }
    }
}

pub(super) struct SearchRequest<'a> {
    pub(super) jql: &'a str,
    pub(super) start: usize,
    pub(super) page_size: usize,
    pub(super) fields: &'a [&'a str],
}

/// `POST /search`. That nothing comes is believed only after the caller was confirmed; where no
/// rows are asked for, the total tells.
pub(super) async fn search<T: serde::de::DeserializeOwned>(
    client: &Client,
    kind: CallKind,
    request: SearchRequest<'_>,
) -> Result<SearchAnswer<T>> {
    let endpoint = "POST /search";
    let body = json!({
        "jql": request.jql,
        "startAt": request.start,
        "maxResults": request.page_size,
        "fields": request.fields,
        "validateQuery": true,
    });
    let call =
        Call::ask(kind, endpoint, client.platform("search"), &body)?.absent(Absent::Endpoint);
    let answer = client.answer(&call).await?;
    let page: SearchAnswer<T> = answer.decode(endpoint)?;
    let nothing = match request.page_size {
        0 => page.total == 0,
        _ => page.issues.is_empty(),
    };
    client.believe(answer.proof, nothing).await?;
    Ok(page)
}

fn join(condition: &str, more: &str) -> String {
    if condition.is_empty() {
        more.to_owned()
    } else {
        format!("{condition} AND {more}")
    }
}
