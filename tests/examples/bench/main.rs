//! What an import costs, and what keeping in step costs afterwards.
//!
//! An import is measured beside readers that ask for one page after another, as ordinary clients do: one with
//! the pages that Jira gives by itself, and one with the largest there are.
//!
//! `make bench` runs it. The site, the import and the serial reader are three processes, so that the memory
//! that is told is the import's own. Absolute times say what this machine did today; the ratios are the figures.

mod child;
mod step;

use child::{Job, Measured};
use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Face, Site, SiteConfig};
use std::error::Error;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Issues of the sites, where the command line names none.
const ISSUES: [usize; 2] = [10_000, 100_000];
/// Latencies of the sites in milliseconds.
const LATENCIES_MS: [u64; 2] = [0, 80];
/// At this many issues the promises are looked at.
const PROMISED_ISSUES: usize = 100_000;
/// Bodies in one request of the import.
const BODIES: u64 = 100;

/// An import makes and drops millions of small texts on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some("child") => {
            let job = Job::from_words(&mut words)?;
            println!("{}", serde_json::to_string(&child::run(&job)?)?);
            Ok(())
        }
        first => compare(&Wanted::from_words(
            first.into_iter().map(str::to_owned).chain(words),
        )?),
    }
}

/// Which sites to measure on.
struct Wanted {
    faces: Vec<Face>,
    issues: Vec<usize>,
    latencies_ms: Vec<u64>,
    imports: bool,
    steps: bool,
}

impl Wanted {
    fn from_words(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut wanted = Self {
            faces: vec![Face::Cloud, Face::DataCenter],
            issues: ISSUES.to_vec(),
            latencies_ms: LATENCIES_MS.to_vec(),
            imports: true,
            steps: true,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only-imports" => {
                    wanted.steps = false;
                    continue;
                }
                "--only-steps" => {
                    wanted.imports = false;
                    continue;
                }
                _ => {}
            }
            let list = words.next().unwrap_or_default();
            let list = list.split(',');
            match word.as_str() {
                "--faces" => wanted.faces = list.map(str::parse).collect::<Result<_, _>>()?,
                "--issues" => wanted.issues = list.map(str::parse).collect::<Result<_, _>>()?,
                "--latency-ms" => {
                    wanted.latencies_ms = list.map(str::parse).collect::<Result<_, _>>()?;
                }
                _ => {
                    return Err(
                        format!("{word} is unknown: use --faces, --issues, --latency-ms, --only-imports, --only-steps").into(),
                    );
                }
            }
        }
        Ok(wanted)
    }
}

fn compare(wanted: &Wanted) -> Outcome<()> {
    println!(
        "{:<12} {:>7} {:>8}  {:<8} {:>8} {:>9} {:>8} {:>9}  compared",
        "site", "issues", "latency", "who", "wall s", "cpu s", "requests", "peak MB"
    );
    let mut kept = true;
    for face in &wanted.faces {
        for issues in &wanted.issues {
            for latency_ms in &wanted.latencies_ms {
                if wanted.imports {
                    kept &= round(*face, *issues, *latency_ms)?;
                }
            }
        }
    }
    for face in wanted.faces.iter().filter(|_| wanted.steps) {
        for issues in &wanted.issues {
            for latency_ms in &wanted.latencies_ms {
                kept &= step::round(*face, *issues, *latency_ms)?;
            }
        }
    }
    if kept {
        Ok(())
    } else {
        Err("a promise is not kept".into())
    }
}

/// Measures both on one site; gives whether the promises that concern it are kept.
fn round(face: Face, issues: usize, latency_ms: u64) -> Outcome<bool> {
    let site = Served::start(face, issues, latency_ms)?;
    let ours = site.child("import")?;
    let ordinary = site.child("ordinary")?;
    let serial = site.child("serial")?;
    assert_eq!(ours.issues, issues as u64, "every issue is imported");
    for reader in [&ordinary, &serial] {
        assert_eq!(reader.issues, issues as u64, "every issue is read");
    }
    let ratio = ordinary.wall_s / ours.wall_s;
    let bound_s = bound_s(&ours, latency_ms);
    let over = ours.wall_s / bound_s;
    let head = format!("{face:<12} {issues:>7} {latency_ms:>5} ms ");
    row(
        &head,
        "ordinary",
        &ordinary,
        "one page of 50 after the other",
    );
    row(&head, "serial", &serial, "one page of 100 after the other");
    let mut compared = format!(
        "{ratio:.1} times as fast as the ordinary one, {:.1} as the serial one",
        serial.wall_s / ours.wall_s
    );
    if latency_ms > 0 {
        compared += &format!(
            "; {over:.2} times the bound of {bound_s:.1} s ({} at once)",
            ours.concurrency
        );
    }
    row(&head, "import", &ours, &compared);
    println!(
        "{:43}of which reading and planning {:.2} s, writing {:.2} s",
        "",
        ours.reading_s,
        ours.wall_s - ours.reading_s
    );
    let mut kept = true;
    let mut promise = |holds: bool, what: &str| {
        if !holds {
            println!("    not kept: {what}");
            kept = false;
        }
    };
    if issues >= PROMISED_ISSUES {
        promise(ours.peak_mb < 120.0, "less than 120 MB");
    }
    if issues >= PROMISED_ISSUES && face == Face::Cloud && latency_ms == 80 {
        promise(ratio >= 8.0, "eight times as fast as an ordinary client");
        promise(over <= 1.5, "at most 1.5 times the bound");
    }
    Ok(kept)
}

/// What latency, page sizes and concurrency leave at best: for each project the first page of ids, and then
/// all bodies, as many requests at once as there may be. Everything else could be done meanwhile.
fn bound_s(ours: &Measured, latency_ms: u64) -> f64 {
    let rounds: u64 = ours
        .projects
        .iter()
        .map(|issues| 1 + issues.div_ceil(BODIES).div_ceil(ours.concurrency))
        .sum();
    (rounds * latency_ms) as f64 / 1000.0
}

fn row(head: &str, who: &str, measured: &Measured, compared: &str) {
    println!(
        "{head} {who:<8} {:>8.2} {:>9.2} {:>8} {:>9.1}  {compared}",
        measured.wall_s, measured.cpu_s, measured.requests, measured.peak_mb
    );
}

/// A site behind HTTP, in this process.
struct Served {
    face: Face,
    issues: usize,
    latency_ms: u64,
    url: String,
    login: String,
    secret: String,
    answered: Arc<AtomicU64>,
    // Held so that the site is served as long as this lives.
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    fn start(face: Face, issues: usize, latency_ms: u64) -> Outcome<Self> {
        let site = Site::new(match face {
            Face::Cloud => SiteConfig::cloud(issues, 1),
            Face::DataCenter => SiteConfig::data_center(issues, 1),
        });
        let known = site.credentials();
        let (login, secret) = match face {
            Face::Cloud => (known.email, known.api_token),
            Face::DataCenter => (String::new(), known.pat),
        };
        let answered = Arc::new(AtomicU64::new(0));
        let options = ServeOptions {
            latency: Duration::from_millis(latency_ms),
            answered: answered.clone(),
            ..ServeOptions::default()
        };
        let runtime = tokio::runtime::Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}", listener.local_addr()?);
        runtime.spawn(serve(
            listener,
            Arc::new(Mutex::new(site)),
            options,
            std::future::pending(),
        ));
        Ok(Self {
            face,
            issues,
            latency_ms,
            url,
            login,
            secret,
            answered,
            _runtime: runtime,
        })
    }

    /// Lets another process do a job on the site, and counts what it asks.
    fn child(&self, what: &str) -> Outcome<Measured> {
        let before = self.answered.load(Ordering::Relaxed);
        // A child's word is one line of its standard output. The secret is a practice site's, known to all.
        let output = Command::new(std::env::current_exe()?)
            .args(["child", what, &self.face.to_string(), &self.url])
            .env("BENCH_LOGIN", &self.login)
            .env("BENCH_SECRET", &self.secret)
            .stderr(std::process::Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("{what} on {} issues failed", self.issues).into());
        }
        let mut measured: Measured = serde_json::from_slice(&output.stdout)?;
        measured.requests = self.answered.load(Ordering::Relaxed) - before;
        Ok(measured)
    }
}
