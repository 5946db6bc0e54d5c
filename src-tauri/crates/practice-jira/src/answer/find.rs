//! The searches: token paging on Cloud, offsets on Data Center.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::fetch::{Extras, closed, comma_list, strings, write};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::jql::parser::parse;
use crate::json::Json;
use crate::search::{Found, fingerprint};
use crate::site::Site;
use crate::time::{DAY, Millis};
use crate::view::View;

const PAGE_MAX: usize = 5000;
/// What a page holds once it carries more than ids and keys.
const PAGE_WITH_FIELDS_MAX: usize = 100;
const TOKEN_LIFE: Millis = 7 * DAY;
const UNBOUNDED: &str =
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.";

struct Asked {
    jql: String,
    token: Option<String>,
    size: usize,
    fields: Vec<String>,
    extras: Extras,
    fresh: BTreeSet<u64>,
}

fn integer(body: &Value, name: &str) -> Result<Option<i64>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or_else(|| {
            Reply::error(
                400,
                &["Invalid request payload. Refer to the REST API documentation and try again."],
            )
        }),
    }
}

fn cloud_request(call: &Call) -> Result<Asked, Reply> {
    let (jql, token, size, fields, extras, reconcile) = if call.method == "GET" {
        let extras = Extras {
            expand: call.list("expand"),
            properties: call.list("properties"),
        };
        let token = call
            .param("nextPageToken")
            .filter(|t| !t.is_empty())
            .map(str::to_owned);
        (
            call.param("jql").unwrap_or("").to_owned(),
            token,
            call.number("maxResults")?,
            call.list("fields"),
            extras,
            call.list("reconcileIssues"),
        )
    } else {
        let body = call.json_body()?;
        closed(
            &body,
            &[
                "expand",
                "fields",
                "fieldsByKeys",
                "jql",
                "maxResults",
                "nextPageToken",
                "properties",
                "reconcileIssues",
            ],
        )?;
        if body
            .get("expand")
            .is_some_and(|e| !e.is_string() && !e.is_null())
        {
            return Err(Reply::error(
                400,
                &["Invalid request payload. Refer to the REST API documentation and try again."],
            ));
        }
        let extras = Extras {
            expand: comma_list(&body, "expand")?,
            properties: strings(&body, "properties")?,
        };
        let token = body
            .get("nextPageToken")
            .and_then(Value::as_str)
            .filter(|t| !t.is_empty())
            .map(str::to_owned);
        (
            body.get("jql")
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned(),
            token,
            integer(&body, "maxResults")?,
            strings(&body, "fields")?,
            extras,
            strings(&body, "reconcileIssues")?,
        )
    };
    if extras.properties.len() > 5 {
        return Err(Reply::error(
            400,
            &["The maximum number of issue properties that can be requested is 5."],
        ));
    }
    if reconcile.len() > 50 {
        return Err(Reply::error(
            400,
            &["The maximum number of issues to reconcile is 50."],
        ));
    }
    let fresh: Option<BTreeSet<u64>> = reconcile.iter().map(|id| id.parse().ok()).collect();
    let fresh = fresh.ok_or_else(|| {
        Reply::error(
            400,
            &["Invalid request payload. Refer to the REST API documentation and try again."],
        )
    })?;
    let size = match size {
        None => 50,
        Some(size) if (1..=PAGE_MAX as i64).contains(&size) => size as usize,
        Some(_) => {
            return Err(Reply::error(
                400,
                &["The maxResults value must be between 1 and 5000."],
            ));
        }
    };
    Ok(Asked {
        jql,
        token,
        size,
        fields,
        extras,
        fresh,
    })
}

/// What a broken query answers: the sentence to people who are signed in, an empty page to others.
fn cloud_ids(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    jql: &str,
    fresh: &BTreeSet<u64>,
) -> Result<Arc<Vec<u64>>, Reply> {
    match parse(jql) {
        Err(sentence) => return Err(Reply::error(400, &[&sentence])),
        Ok(query) if query.filter.is_none() => return Err(Reply::error(400, &[UNBOUNDED])),
        Ok(_) => {}
    }
    match site.find(jql, identity, call, fresh) {
        Found::Ids(ids) => Ok(ids),
        Found::Syntax(sentence) => Err(Reply::error(400, &[&sentence])),
        Found::Invalid(_) if identity.user.is_none() => Ok(Arc::new(Vec::new())),
        Found::Invalid(sentences) => Err(Reply::error(
            400,
            &sentences.iter().map(String::as_str).collect::<Vec<_>>(),
        )),
    }
}

/// `/search/jql`.
pub(crate) fn cloud(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let asked = cloud_request(call)?;
    let ids = cloud_ids(site, call, identity, &asked.jql, &asked.fresh)?;
    let query = fingerprint(&[&asked.jql]);
    let start = match &asked.token {
        None => 0,
        Some(token) => read_token(token, query, call.now).ok_or_else(|| {
            Reply::error(
                400,
                &["The provided nextPageToken is invalid or has expired."],
            )
        })?,
    };
    let bodies = asked.fields.iter().any(|f| f != "id" && f != "key");
    let mut size = if bodies {
        asked.size.min(PAGE_WITH_FIELDS_MAX)
    } else {
        asked.size
    };
    if let Some(most) = site.faults.page_max {
        size = size.min(most.max(1));
    }
    if site.faults.short_pages && size > 1 {
        size -= (query.wrapping_add(start as u64) % (size as u64 / 2 + 1)) as usize;
    }
    let end = (start + size).min(ids.len());
    let page = &ids[start.min(ids.len())..end];
    let view = site.view(call, identity);
    let selection = view.selection(&asked.fields, "id");
    let key = asked.fields.iter().any(|f| f == "key") || bodies;
    let bare = !key && asked.extras.expand.is_empty() && asked.extras.properties.is_empty();
    let mut json = Json::with_capacity(1024 + page.len() * if bodies { 8000 } else { 40 });
    json.object().key("issues").array();
    for id in page {
        let issue = if asked.fresh.contains(id) {
            site.data.issues.get(id)
        } else {
            site.indexed(*id)
        };
        match issue {
            Some(_) if bare => json.object().key("id").id(*id).end_object().done(),
            Some(issue) => write(&view, &mut json, issue, &selection, &asked.extras, 40),
            None => {}
        }
    }
    json.end_array();
    if end < ids.len() {
        json.key("nextPageToken")
            .str(&make_token(query, end, call.now));
    }
    json.key("isLast").bool(end >= ids.len()).end_object();
    Ok(Reply::written(json))
}

fn make_token(query: u64, offset: usize, now: Millis) -> String {
    let plain = format!("{query:016x}.{offset}.{now}");
    let check = fingerprint(&[&plain]) & 0xffff_ffff;
    URL_SAFE_NO_PAD.encode(format!("{plain}.{check:08x}"))
}

fn read_token(token: &str, query: u64, now: Millis) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (plain, check) = text.rsplit_once('.')?;
    if format!("{:08x}", fingerprint(&[plain]) & 0xffff_ffff) != check {
        return None;
    }
    let mut parts = plain.split('.');
    let same = u64::from_str_radix(parts.next()?, 16).ok()? == query;
    let offset = parts.next()?.parse().ok()?;
    let made: Millis = parts.next()?.parse().ok()?;
    (same && now - made < TOKEN_LIFE).then_some(offset)
}

pub(crate) fn approximate_count(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    closed(&body, &["jql"])?;
    let jql = body
        .get("jql")
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned();
    let ids = cloud_ids(site, call, identity, &jql, &BTreeSet::new())?;
    Ok(Reply::ok(&json!({"count": ids.len()})))
}

/// `/jql/parse`: 200 even for nonsense, with the sentences beside each query.
pub(crate) fn parse_queries(site: &Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    closed(&body, &["queries"])?;
    let queries = strings(&body, "queries")?;
    if queries.is_empty() {
        return Err(Reply::error(
            400,
            &["The list of queries must not be empty."],
        ));
    }
    let validation = call.param("validation").unwrap_or("strict");
    if !matches!(validation, "strict" | "warn" | "none") {
        return Err(Reply::error(
            400,
            &["The validation must be one of strict, warn, none."],
        ));
    }
    let mut rows = Vec::new();
    for query in queries {
        let mut row = json!({"query": query});
        match site.check(&query, identity, call.now) {
            Err(sentence) => row["errors"] = json!([sentence]),
            Ok((_, resolved)) if !resolved.errors.is_empty() => match validation {
                "strict" => row["errors"] = json!(resolved.errors),
                "warn" => row["warnings"] = json!(resolved.errors),
                _ => {}
            },
            Ok(_) => {}
        }
        rows.push(row);
    }
    Ok(Reply::ok(&json!({"queries": rows})))
}

/// `/search` of Data Center.
pub(crate) fn data_center(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let (jql, start, size, fields, expand, validate) = if call.method == "GET" {
        let validate = !matches!(call.param("validateQuery"), Some("false" | "none" | "warn"));
        (
            call.param("jql").unwrap_or("").to_owned(),
            call.number("startAt")?,
            call.number("maxResults")?,
            call.list("fields"),
            call.list("expand"),
            validate,
        )
    } else {
        let body = call.json_body()?;
        let validate = !matches!(body.get("validateQuery"), Some(Value::Bool(false)));
        let jql = body
            .get("jql")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        (
            jql,
            integer(&body, "startAt")?,
            integer(&body, "maxResults")?,
            strings(&body, "fields")?,
            comma_list(&body, "expand")?,
            validate,
        )
    };
    let mut warnings = Vec::new();
    let ids = match site.find(&jql, identity, call, &BTreeSet::new()) {
        Found::Ids(ids) => ids,
        Found::Syntax(sentence) => return Err(Reply::error(400, &[&sentence])),
        // A rejected bearer makes the caller anonymous: nothing is found, and nothing is said.
        Found::Invalid(_) if identity.user.is_none() => Arc::new(Vec::new()),
        Found::Invalid(sentences) if validate => {
            return Err(Reply::error(
                400,
                &sentences.iter().map(String::as_str).collect::<Vec<_>>(),
            ));
        }
        Found::Invalid(sentences) => {
            warnings = sentences;
            Arc::new(Vec::new())
        }
    };
    let start = start.unwrap_or(0).max(0) as usize;
    let most = site.faults.page_max.unwrap_or(1000);
    let size = size
        .map_or(50, |s| if s < 0 { 1000 } else { s as usize })
        .min(most);
    if let Some(window) = window(site)
        && start + size > window
        && start < ids.len()
    {
        return Err(Reply::error(
            500,
            &[&format!(
                "Search limit exceeded. The requested results lie past the window of {window} results."
            )],
        ));
    }
    let page: Vec<u64> = ids.iter().skip(start).take(size).copied().collect();
    let view = site.view(call, identity);
    let selection = view.selection(&fields, "*navigable");
    let extras = Extras {
        expand,
        properties: Vec::new(),
    };
    let mut json = Json::with_capacity(1024 + page.len() * 8000);
    json.object()
        .key("expand")
        .str("names,schema")
        .key("startAt")
        .int(start as i64)
        .key("maxResults")
        .int(size as i64)
        .key("total")
        .int(ids.len() as i64)
        .key("issues")
        .array();
    for issue in page.iter().filter_map(|id| site.indexed(*id)) {
        write(&view, &mut json, issue, &selection, &extras, 100);
    }
    json.end_array();
    if !warnings.is_empty() {
        json.key("warningMessages").array();
        warnings.iter().for_each(|w| json.str(w).done());
        json.end_array();
    }
    names(&view, &mut json, &extras);
    json.end_object();
    Ok(Reply::written(json))
}

fn names(view: &View<'_>, json: &mut Json, extras: &Extras) {
    if extras.has("names") {
        json.key("names").object();
        for field in &view.data.fields {
            json.key(&field.id).str(view.name(field.name, field.german));
        }
        json.end_object();
    }
}

/// How far results can be paged on Data Center.
pub(crate) fn window(site: &Site) -> Option<usize> {
    site.faults
        .max_result_window
        .or_else(|| site.config.dc_version.at_least(9, 12).then_some(10_000))
}
