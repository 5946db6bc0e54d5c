//! Cloud: ids by token pages, issues by bulk fetch.

use std::collections::BTreeSet;

use futures::stream::{self, BoxStream, StreamExt};
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

/// Reached only when nothing but ids is asked for; the site may still send fewer.
const IDS_PAGE: usize = 5_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdsAnswer {
    #[serde(default, deserialize_with = "or_default")]
    issues: Vec<IdRow>,
    is_last: Option<bool>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct IdRow {
    id: IssueId,
}

#[derive(Deserialize)]
struct BulkAnswer {
    #[serde(default, deserialize_with = "or_default")]
    issues: Vec<Issue>,
}

pub(super) fn ids(
    client: Client,
    condition: String,
    from: Option<SearchCursor>,
) -> BoxStream<'static, Result<IdPage>> {
    let token = match from {
        None => None,
        Some(SearchCursor::Token(token)) => Some(token),
        Some(SearchCursor::After { .. }) => return super::wrong_cursor(),
    };
    let state = Some(token);
    stream::try_unfold(state, move |state| {
        let (client, condition) = (client.clone(), condition.clone());
        async move {
            let Some(mut token) = state else {
                return Ok(None);
            };
            // Pages may come empty without being the last.
            loop {
                let page = ids_page(&client, &condition, token.as_deref()).await?;
                let next = page.next_page_token.filter(|_| page.is_last != Some(true));
                if next.is_some() && next == token {
                    return Err(Error::Bug {
                        what: "POST /search/jql makes no progress".to_owned(),
                    });
                }
                let ids: Vec<_> = page.issues.into_iter().map(|row| row.id).collect();
                match (ids.is_empty(), next) {
                    (true, None) => return Ok(None),
                    (true, Some(next)) => token = Some(next),
                    (false, next) => {
                        let page = IdPage {
                            ids,
                            next: next.clone().map(SearchCursor::Token),
                            total: None,
                        };
                        return Ok(Some((page, next.map(Some))));
                    }
                }
            }
        }
    })
    .boxed()
}

async fn ids_page(client: &Client, condition: &str, token: Option<&str>) -> Result<IdsAnswer> {
    let endpoint = "POST /search/jql";
    let mut body = json!({
        "jql": format!("{condition} {}", jql::BY_ID).trim_start(),
        "maxResults": IDS_PAGE,
        "fields": ["id"],
    });
    if let Some(token) = token {
        body["nextPageToken"] = token.into();
    }
    let path = client.platform("search/jql");
    let call = Call::ask(CallKind::Search, endpoint, path, &body)?.absent(Absent::Endpoint);
    let answer = client.answer(&call).await?;
    let page: IdsAnswer = answer.decode(endpoint)?;
    client.believe(answer.proof, page.issues.is_empty()).await?;
    Ok(page)
}

pub(super) async fn fetch(client: &Client, ids: &[IssueId], fields: &[FieldId]) -> Result<Fetched> {
    let endpoint = "POST /issue/bulkfetch";
    let body = json!({
        "issueIdsOrKeys": ids,
        "fields": names(fields),
        "fieldsByKeys": false,
    });
    let path = client.platform("issue/bulkfetch");
    let call = Call::ask(CallKind::BulkFetch, endpoint, path, &body)?.absent(Absent::Endpoint);
    let answer = client.answer(&call).await?;
    let BulkAnswer { issues } = answer.decode(endpoint)?;
    let found: BTreeSet<&IssueId> = issues.iter().map(|issue| &issue.id).collect();
    let absent: Vec<_> = ids
        .iter()
        .filter(|id| !found.contains(id))
        .cloned()
        .collect();
    client.believe(answer.proof, !absent.is_empty()).await?;
    Ok(Fetched { issues, absent })
}
