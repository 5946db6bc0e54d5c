//! What keeping in step costs once everything is imported: a cycle in which nothing happened, one that takes over what
//! changed in Jira, and one that sends what was edited here. The site is in this process, so that its requests can be
//! counted; the processor time is told with the site's.

use super::child::{Job, imported, told};
use super::{Outcome, Served};
use api::App;
use api::dto::{EditArgs, EditValue, IntegrationArgs, ItemDetail, ItemsArgs, SyncReport};
use futures::{StreamExt as _, TryStreamExt as _};
use lockstep_tests::system::cpu_s;
use practice_jira::Face;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Issues that are changed, and items that are edited, at most: no more than a tenth, at which nothing stops to ask.
const CHANGED_MAX: u64 = 1000;
/// Edits that are made in Jira at once, while nothing is measured.
const AT_ONCE: usize = 16;

/// What a cycle took.
struct Cost {
    report: SyncReport,
    wall_s: f64,
    cpu_s: f64,
    requests: u64,
}

/// Measures all three on one site.
pub fn round(face: Face, issues: usize, latency_ms: u64) -> Outcome<bool> {
    let site = Served::start(face, issues, latency_ms)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(measure(
        &site,
        &format!("{face:<12} {issues:>7} {latency_ms:>5} ms "),
    ))
}

async fn measure(site: &Served, head: &str) -> Outcome<bool> {
    let directory = tempfile::tempdir()?;
    let job = Job::on("step", site);
    let (app, integrations) = imported(&job, directory.path()).await?;
    // The largest.
    let (id, linked) = integrations
        .into_iter()
        .max_by_key(|(_, issues)| *issues)
        .ok_or("the site has a project")?;
    // The first cycle finds what the import has just read.
    cycle(site, &app, id).await?;
    let idle = cycle(site, &app, id).await?;
    let mut kept = idle.requests == 1 && idle.report == nothing(&idle.report);
    row(
        head,
        &format!("idle, {linked} pairs"),
        &idle,
        "one request is the least",
    );

    let some = pairs(&app, id, CHANGED_MAX.min(linked / 10)).await?;
    edit_there(site, &some).await?;
    let pulled = cycle(site, &app, id).await?;
    kept &= pulled.report.updated as usize == some.len();
    row(
        head,
        &format!("pull, {} issues", some.len()),
        &pulled,
        &least(site, &pulled, 0),
    );

    edit_here(&app, &some).await?;
    let pushed = cycle(site, &app, id).await?;
    kept &= pushed.report.sent as usize == some.len();
    let least = least(site, &pushed, some.len() as u64);
    row(
        head,
        &format!("push, {} edits", some.len()),
        &pushed,
        &least,
    );
    app.shutdown().await;
    if !kept {
        println!(
            "    not kept: one request where nothing is; everything taken over and sent in one cycle"
        );
    }
    Ok(kept)
}

/// The report of a cycle that did nothing, with what is still to be done as it is.
fn nothing(report: &SyncReport) -> SyncReport {
    SyncReport {
        made: 0,
        heard: 0,
        created: 0,
        updated: 0,
        sent: 0,
        severed: 0,
        ..report.clone()
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn cycle(site: &Served, app: &App, integration_id: i64) -> Outcome<Cost> {
    let (asked, cpu, began) = (
        site.answered.load(Ordering::Relaxed),
        cpu_s()?,
        Instant::now(),
    );
    let report = app.sync_now(IntegrationArgs { integration_id }).await;
    let report = report.map_err(told)?;
    Ok(Cost {
        report,
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: cpu_s()? - cpu,
        requests: site.answered.load(Ordering::Relaxed) - asked,
    })
}

/// The first items that are linked.
async fn pairs(app: &App, integration_id: i64, limit: u64) -> Outcome<Vec<ItemDetail>> {
    let args = ItemsArgs {
        integration_id: Some(integration_id),
        after: 0,
        limit: u32::try_from(limit)?,
    };
    let items = app.items(args).await.map_err(told)?.items;
    let linked = items.into_iter().filter(|item| item.link.is_some());
    Ok(linked.collect())
}

async fn edit_there(site: &Served, items: &[ItemDetail]) -> Outcome<()> {
    let client = reqwest::Client::new();
    let api = match site.face {
        Face::Cloud => "/rest/api/3",
        Face::DataCenter => "/rest/api/2",
    };
    let edits = items.iter().map(|item| {
        let key = item.link.as_ref().map_or("", |link| &link.key);
        let request = client.put(format!("{}{api}/issue/{key}", site.url));
        let body = json!({ "fields": { "summary": format!("There: {}", item.title) } });
        let request = request.json(&body);
        match site.face {
            Face::Cloud => request.basic_auth(&site.login, Some(&site.secret)),
            Face::DataCenter => request.bearer_auth(&site.secret),
        }
    });
    let edits: Vec<_> = edits.collect();
    futures::stream::iter(edits)
        .map(async |edit| edit.send().await?.error_for_status())
        .buffer_unordered(AT_ONCE)
        .try_for_each(async |_| Ok(()))
        .await?;
    Ok(())
}

async fn edit_here(app: &App, items: &[ItemDetail]) -> Outcome<()> {
    for item in items {
        let text = format!("Here: {}", item.title);
        let args = EditArgs {
            item_id: item.id,
            field: "title".to_owned(),
            value: EditValue::Text { text },
        };
        app.item_edit(args).await.map_err(told)?;
    }
    Ok(())
}

/// What latency and the requests at once leave at best, if nothing but `writes` had to be asked, each once.
fn least(site: &Served, cost: &Cost, writes: u64) -> String {
    if site.latency_ms == 0 {
        return String::new();
    }
    let at_once = u64::from(jira::CONCURRENCY_MAX);
    let bodies = CHANGED_MAX.div_ceil(super::BODIES).div_ceil(at_once);
    let rounds = 1 + bodies + writes.div_ceil(at_once);
    let least_s = (rounds * site.latency_ms) as f64 / 1000.0;
    format!(
        "{:.1} times the least of {least_s:.2} s",
        cost.wall_s / least_s
    )
}

fn row(head: &str, what: &str, cost: &Cost, compared: &str) {
    println!(
        "{head} {what:<18} {:>8.3} s {:>8.2} cpu s {:>6} requests  {compared}",
        cost.wall_s, cost.cpu_s, cost.requests
    );
}
