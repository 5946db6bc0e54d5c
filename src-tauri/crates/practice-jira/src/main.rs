//! A practice Jira site on this machine's loopback.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Bucket, DcVersion, Face, Site, SiteConfig};
use serde_json::json;
use tokio::net::TcpListener;

/// Serves a simulated Jira site on 127.0.0.1 and says on one line of standard output, as JSON, how to reach it.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Which product to play: cloud or data-center.
    #[arg(long, default_value = "cloud")]
    face: Face,
    /// How many issues the site is born with.
    #[arg(long, default_value_t = 500)]
    issues: usize,
    /// What the invented data derives from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long each request waits, in milliseconds.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The release of a Data Center site, such as 8.20, 9.12, 10.3 or 11.3.
    #[arg(long, default_value = "10.3")]
    dc_version: DcVersion,
    /// The path in front of every address of a Data Center site, such as /jira.
    #[arg(long, default_value = "")]
    context_path: String,
    /// Further projects without issues.
    #[arg(long, default_value_t = 0)]
    projects: usize,
    /// How long searches go on answering from before a change, in milliseconds.
    #[arg(long, default_value_t = 0)]
    lag_ms: u64,
    /// Requests a second: for each endpoint on Cloud, for each user on Data Center.
    #[arg(long)]
    rate_limit: Option<u32>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let config = SiteConfig {
        face: arguments.face,
        dc_version: arguments.dc_version,
        ..SiteConfig::cloud(arguments.issues, arguments.seed)
            .context_path(&arguments.context_path)
            .empty_projects(arguments.projects)
    };
    let mut site = Site::new(config);
    let faults = site.faults_mut();
    faults.search_lag_ms = arguments.lag_ms;
    if let Some(rate) = arguments.rate_limit {
        faults.limits.burst_per_second = Some(rate);
        faults.limits.bucket = Some(Bucket {
            capacity: rate,
            fill: rate,
            interval_s: 1,
        });
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port))
        .await
        .context("the port could not be opened")?;
    let port = listener
        .local_addr()
        .context("the port could not be read")?
        .port();
    let mut out = std::io::stdout();
    writeln!(out, "{}", ready(&site, port))
        .and_then(|()| out.flush())
        .context("standard output could not be written")?;
    let options = ServeOptions {
        latency: Duration::from_millis(arguments.latency_ms),
        ..ServeOptions::default()
    };
    serve(listener, Arc::new(Mutex::new(site)), options, stop())
        .await
        .context("the site could not be served")
}

/// How to reach the site.
fn ready(site: &Site, port: u16) -> serde_json::Value {
    let secrets = site.credentials();
    let url = match site.config().face {
        Face::Cloud => format!("http://127.0.0.1:{port}"),
        Face::DataCenter => format!("http://127.0.0.1:{port}{}", site.config().context_path),
    };
    let mut line = json!({"url": url, "face": site.config().face.to_string(), "projects": site.project_keys(), "issues": site.issue_count(None)});
    match site.config().face {
        Face::Cloud => {
            line["email"] = secrets.email.into();
            line["token"] = secrets.api_token.into();
            line["scoped_token"] = secrets.scoped_token.into();
            line["gateway"] = format!(
                "http://127.0.0.1:{port}/_gateway/ex/jira/{}",
                secrets.cloud_id
            )
            .into();
        }
        Face::DataCenter => {
            line["user"] = secrets.user.into();
            line["password"] = secrets.password.into();
            line["pat"] = secrets.pat.into();
            line["version"] = site.config().dc_version.to_string().into();
        }
    }
    line
}

/// Completes when the process is asked to end.
async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals the process is ended from outside.
        std::future::pending::<()>().await;
    }
}
