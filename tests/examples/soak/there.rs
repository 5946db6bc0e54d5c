//! The site, those who edit in Jira, and what goes wrong on the way.

use super::{Outcome, Wanted, fields_edited};
use lockstep_tests::Served;
use lockstep_tests::equality::{Links, compare};
use practice_jira::{Face, Refusal, SiteConfig};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Something goes wrong about this often, in seconds.
const FAULT_EVERY_S: u64 = 5;
/// How far the search may be behind.
const LAG_MS_MAX: u64 = 20_000;

/// Serves, edits, and disturbs; in the end compares.
pub fn run(wanted: &Wanted) -> Outcome<()> {
    let config = match wanted.face {
        Face::Cloud => SiteConfig::cloud(wanted.issues, wanted.seed),
        Face::DataCenter => SiteConfig::data_center(wanted.issues, wanted.seed),
    };
    let mut served = Served::start(config);
    let directory = tempfile::tempdir()?;
    let (mut workspace, lines) = start(wanted, &served, directory.path())?;
    let mut people = People {
        keys: Vec::new(),
        chance: StdRng::seed_from_u64(wanted.seed),
        edits: 0,
        faults: 0,
    };
    // It tells when it is there, and when those who edit here have gone home.
    wait_for(&lines, "imported")?;
    people.keys = keys(&served);
    let pause = Duration::from_secs(1) / u32::try_from(wanted.edits_per_second)?;
    let mut next = Tick::every(pause);
    let mut fault = Tick::every(Duration::from_secs(FAULT_EVERY_S));
    loop {
        match lines.recv_timeout(next.wait()) {
            Ok(line) if line == "edited" => break,
            Ok(line) => println!("{line}"),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the workspace is gone".into()),
        }
        if next.is_due() {
            people.edit(&served);
        }
        if fault.is_due() {
            people.disturb(&mut served);
        }
    }
    served.site().faults_mut().search_lag_ms = 0;
    served.site().faults_mut().scripted.clear();
    let (edits, faults) = (people.edits, people.faults);
    println!("{edits} edits in Jira, {faults} disturbances; now all is quiet");
    // Nothing is behind any more, and nobody is told of what was.
    catch_up(&served);
    let mut word = workspace.stdin.take().ok_or("it listens")?;
    writeln!(word, "quiet")?;
    wait_for(&lines, "in step")?;
    drop(word);
    if !workspace.wait()?.success() {
        return Err("the workspace did not end well".into());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let database = directory.path().join("lockstep.sqlite");
    let compared = runtime.block_on(compare(&database, &served, Links::AsImported));
    let values: usize = compared.fields.values().map(|field| field.0).sum();
    println!(
        "both sides hold the same: {} items, {values} values",
        compared.items
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "it goes on in real time")]
fn catch_up(served: &Served) {
    std::thread::sleep(Duration::from_millis(LAG_MS_MAX));
    served.catch_up();
}

fn start(
    wanted: &Wanted,
    served: &Served,
    directory: &std::path::Path,
) -> Outcome<(Child, Receiver<String>)> {
    let form = served.form();
    let mut child = Command::new(std::env::current_exe()?)
        .arg("workspace")
        .args(wanted.words())
        .env("SOAK_DIRECTORY", directory)
        .env("SOAK_URL", &form.url)
        .env("SOAK_LOGIN", &form.login)
        .env("SOAK_SECRET", &form.secret)
        .env("SOAK_PROJECT", served.project())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().ok_or("it tells")?;
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines() {
            let Ok(line) = line else { return };
            if send.send(line).is_err() {
                return;
            }
        }
    });
    Ok((child, lines))
}

fn wait_for(lines: &Receiver<String>, wanted: &str) -> Outcome<()> {
    loop {
        match lines.recv() {
            Ok(line) if line == wanted => return Ok(()),
            Ok(line) => println!("{line}"),
            Err(_) => return Err("the workspace is gone".into()),
        }
    }
}

/// Keys of what is imported.
fn keys(served: &Served) -> Vec<String> {
    let issues = served.issues(&served.project());
    let keys = issues.iter().filter_map(|issue| issue["key"].as_str());
    keys.map(str::to_owned).collect()
}

/// Those who edit in Jira, and whoever disturbs.
struct People {
    keys: Vec<String>,
    chance: StdRng,
    edits: u64,
    faults: u64,
}

impl People {
    fn edit(&mut self, served: &Served) {
        self.edits += 1;
        let key = &self.keys[self.chance.random_range(0..self.keys.len())];
        let fields = match self.chance.random_range(0..fields_edited(served.face())) {
            2 => {
                json!({ "duedate": format!("2027-{:02}-{:02}", self.chance.random_range(1..13), self.chance.random_range(1..29)) })
            }
            1 => json!({ "labels": [format!("there-{}", self.chance.random_range(0..50))] }),
            _ => json!({ "summary": format!("There {}", self.edits) }),
        };
        let api = match served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        };
        let path = format!("{api}/issue/{key}");
        // What goes wrong is on the way of the workspace, not on theirs.
        let refusals = std::mem::take(&mut served.site().faults_mut().scripted);
        served.tell("PUT", &path, &json!({ "fields": fields }));
        served.site().faults_mut().scripted = refusals;
    }

    fn disturb(&mut self, served: &mut Served) {
        self.faults += 1;
        // One after the other: what a single request is refused with does not pile up for the next.
        served.site().faults_mut().scripted.clear();
        match self.chance.random_range(0..8) {
            0 => {
                // Connections break in the middle of whatever is under way.
                served.go_away();
                served.come_back();
            }
            1 | 2 => {
                let lag = self.chance.random_range(0..LAG_MS_MAX);
                served.site().faults_mut().search_lag_ms = lag;
            }
            kind => {
                let refusal = match kind {
                    3 | 4 => (429, Some(1)),
                    5 => (500, None),
                    _ => (503, None),
                };
                let (status, retry_after_s) = refusal;
                let many = self.chance.random_range(1..6);
                let refusals = (0..many).map(|_| Refusal {
                    status,
                    retry_after_s,
                    reason: None,
                });
                served.site().faults_mut().scripted.extend(refusals);
            }
        }
    }
}

/// Something that is to be done again and again.
struct Tick {
    every: Duration,
    due: Instant,
}

#[expect(clippy::disallowed_methods, reason = "it goes on in real time")]
impl Tick {
    fn every(every: Duration) -> Self {
        Self {
            every,
            due: Instant::now() + every,
        }
    }

    fn wait(&self) -> Duration {
        self.due.saturating_duration_since(Instant::now())
    }

    fn is_due(&mut self) -> bool {
        let is_due = Instant::now() >= self.due;
        if is_due {
            self.due += self.every;
        }
        is_due
    }
}
