//! Every call that reads, one file for each part of Jira.

mod account;
mod agile;
mod fields;
mod issue_types;
mod meta;
mod people;
mod projects;

use serde::de::DeserializeOwned;

use crate::client::{Call, Client, page_of};
use crate::error::{Error, Result};
use crate::limits::CallKind;
use crate::model::Page;

pub use account::PermissionContext;
pub use projects::ProjectQuery;

/// A guard against a site that never says "last page": no offset list here is nearly that long.
const PAGES_MAX: usize = 2_000;

/// An offset list to be read to its end.
struct OffsetList<'a> {
    kind: CallKind,
    endpoint: &'static str,
    path: &'a str,
    page_size: usize,
    parameters: &'a [(&'static str, &'a str)],
}

impl Client {
    /// Reads an offset list to its end. Goes on by the number of rows received, whatever page size
    /// was asked for; a short page is not the end.
    async fn offset_list<T: DeserializeOwned>(&self, list: OffsetList<'_>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = page_of(rows.len(), list.page_size);
            let query = (list.parameters.iter()).fold(page, |query, (n, v)| query.with(n, v));
            let call = Call::get(list.kind, list.endpoint, list.path).query(query);
            let page: Page<T> = self.json(call).await?;
            let end = page.end();
            let received = page.into_rows();
            let more = end.more_after(rows.len(), received.len());
            rows.extend(received);
            if !more {
                return Ok(rows);
            }
        }
        Err(Error::Bug {
            what: format!("{} never ends", list.endpoint),
        })
    }
}

/// Turns "this site has no such endpoint" and "not licensed for it" into `None`.
fn optional<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Unsupported { .. } | Error::Permission { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
