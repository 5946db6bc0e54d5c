//! An import that is killed again and again, at any moment, ends like one that never was.
//!
//! Two kinds of moments, drawn from a seed: the site lets a number of requests through and holds the next one,
//! which says exactly where the program stands; or a number of commits are seen from outside, and then some
//! microseconds pass, which falls anywhere in reading, planning and writing, into open transactions too.

use crate::kit::{
    assert_same, connect, contents, copy, end, fed, integrate, integrated, lockstep, look, ran,
    strings, works,
};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use rusqlite::Connection;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

const ISSUES: usize = 500;
/// Kills on each of the two faces: fifty in all.
const KILLS: u32 = 25;
/// Starts of one import after which it is left to end.
const STARTS_MAX: u32 = 6;
/// So long after a commit at most.
const AFTER_COMMIT_US_MAX: u64 = 4_000;

/// Chance, from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

/// Where a program is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// When so many requests were answered and the next one waits.
    Request(u64),
    /// So many microseconds after so many commits.
    Commit(u64, u64),
}

/// How long an import is: what the moments are drawn from.
#[derive(Debug, Clone, Copy)]
struct Length {
    requests: u64,
    commits: u64,
}

impl Length {
    /// A moment within a third of an import, so that several starts are needed to get through it.
    fn moment(self, chance: &mut Chance, start: u32) -> Moment {
        if start.is_multiple_of(2) {
            Moment::Request(chance.below(self.requests / 2))
        } else {
            let after_us = chance.below(AFTER_COMMIT_US_MAX);
            Moment::Commit(1 + chance.below(self.commits / 3), after_us)
        }
    }
}

/// Commits seen from outside.
struct Commits {
    connection: Connection,
    version: i64,
    seen: u64,
}

impl Commits {
    fn of(directory: &Path) -> Self {
        let connection = look(directory);
        let version = version(&connection);
        Self {
            connection,
            version,
            seen: 0,
        }
    }

    fn look(&mut self) -> u64 {
        let version = version(&self.connection);
        if version != self.version {
            self.version = version;
            self.seen += 1;
        }
        self.seen
    }
}

fn version(connection: &Connection) -> i64 {
    connection
        .query_row("PRAGMA data_version", [], |row| row.get(0))
        .expect("a number that rises with every commit of another process")
}

/// Another process's commits cannot be waited for, only looked for.
fn look_again() {
    #[expect(
        clippy::disallowed_methods,
        reason = "another process is watched, which tells nobody; how long this waits decides nothing"
    )]
    std::thread::sleep(Duration::from_micros(100));
}

/// Whether the program was killed at its moment; false if it ended before.
fn kill_at(mut child: Child, moment: Moment, directory: &Path, served: &Served) -> bool {
    let ended = |child: &mut Child| child.try_wait().expect("its state").is_some();
    match moment {
        Moment::Request(_) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            // Looked at in between, because a program that ends will never ask again.
            while runtime
                .block_on(async {
                    tokio::time::timeout(Duration::from_millis(5), served.held()).await
                })
                .is_err()
            {
                if ended(&mut child) {
                    return false;
                }
            }
        }
        Moment::Commit(count, after_us) => {
            let mut commits = Commits::of(directory);
            while commits.look() < count {
                if ended(&mut child) {
                    return false;
                }
                look_again();
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "what is waited for lies in another process"
            )]
            let began = Instant::now();
            while began.elapsed() < Duration::from_micros(after_us) {
                std::hint::spin_loop();
            }
        }
    }
    let alive = !ended(&mut child);
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    alive
}

/// An import that nobody disturbs, and how long it is.
fn undisturbed(directory: &Path, served: &Served) -> Length {
    let asked = served.asked();
    let mut commits = Commits::of(directory);
    let mut child = lockstep(directory, &["import", "--integration", "main"])
        .spawn()
        .expect("the program starts");
    while child.try_wait().expect("its state").is_none() {
        commits.look();
        look_again();
    }
    let ended = end(child);
    assert_eq!(ended.code, 0, "{}", ended.err);
    Length {
        requests: served.asked() - asked,
        commits: commits.look(),
    }
}

/// Nothing of any import is left under way, and just one is done.
fn assert_settled(directory: &Path, when: &str) {
    let connection = look(directory);
    let left = strings(
        &connection,
        "SELECT state FROM run WHERE state <> 'cancelled'",
    );
    assert_eq!(left, ["done"], "{when}");
    let payloads: i64 = connection
        .query_row("SELECT count(*) FROM run_issue", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(payloads, 0, "{when}: what was read is not kept for ever");
}

fn check_import(config: SiteConfig, seed: u64) {
    let (served, scratch) = (
        Served::start(config),
        tempfile::tempdir().expect("a directory"),
    );
    let (template, whole) = (
        scratch.path().join("template"),
        scratch.path().join("whole"),
    );
    integrated(&template, &served);
    copy(&template, &whole);
    let length = undisturbed(&whole, &served);
    assert_settled(&whole, "never killed");
    let expected = contents(&whole);
    assert!(expected["item"].len() * 2 > ISSUES, "the import is large");
    let (mut chance, mut kills, mut imports, mut at_requests) = (Chance(seed), 0, 0, 0);
    while kills < KILLS {
        imports += 1;
        let directory = scratch.path().join(format!("import-{imports}"));
        copy(&template, &directory);
        let mut story = Vec::new();
        for start in 0..STARTS_MAX {
            let moment = length.moment(&mut chance, start);
            if let Moment::Request(count) = moment {
                served.hold_after(count);
            }
            let child = lockstep(&directory, &["import", "--integration", "main"])
                .spawn()
                .expect("the program starts");
            let killed = kill_at(child, moment, &directory, &served);
            served.release();
            story.push(moment);
            if !killed {
                break;
            }
            kills += 1;
            at_requests += u32::from(matches!(moment, Moment::Request(_)));
        }
        let when = format!("seed {seed}, killed at {story:?}");
        if strings(
            &look(&directory),
            "SELECT state FROM run WHERE state = 'done'",
        )
        .is_empty()
        {
            works(&directory, &["import", "--integration", "main"]);
        }
        assert_settled(&directory, &when);
        assert_same(&expected, &contents(&directory), &when);
    }
    println!(
        "{kills} kills over {imports} imports of {length:?}; {at_requests} of them while a request waited"
    );
}

#[test]
fn an_import_that_is_killed_25_times_on_cloud_ends_like_one_that_never_was() {
    check_import(SiteConfig::cloud(ISSUES, 21), 1);
}

#[test]
fn an_import_that_is_killed_25_times_on_data_center_ends_like_one_that_never_was() {
    check_import(SiteConfig::data_center(ISSUES, 21), 2);
}

/// Kills `connect` and `integrate` at every few requests; typed once more, the same command does its work.
fn check_set_up(config: SiteConfig, step: u64) {
    let (served, scratch) = (
        Served::start(config),
        tempfile::tempdir().expect("a directory"),
    );
    let template = scratch.path().join("template");
    integrated(&template, &served);
    let expected = contents(&template);
    let directory = scratch.path().join("killed");
    let mut count = 0;
    loop {
        served.hold_after(count);
        let (mut command, secret) = connect(&directory, &served);
        let mut child = command
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut stdin, secret.as_bytes()).expect("it reads the secret");
        drop(stdin);
        let killed = kill_at(child, Moment::Request(0), &directory, &served);
        served.release();
        if !killed {
            break;
        }
        count += step;
    }
    count = 0;
    loop {
        served.hold_after(count);
        let child = integrate(&directory, &served)
            .spawn()
            .expect("the program starts");
        let killed = kill_at(child, Moment::Request(0), &directory, &served);
        served.release();
        if !killed {
            break;
        }
        count += step;
    }
    let ended = ran(integrate(&directory, &served));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (command, secret) = connect(&directory, &served);
    assert_eq!(fed(command, &secret).code, 1, "the name is taken by now");
    let mut found = contents(&directory);
    // A name for the secret is drawn anew each time.
    for contents in [&mut found, &mut expected.clone()] {
        contents.remove("connection");
    }
    let mut expected = expected;
    expected.remove("connection");
    assert_same(&expected, &found, "killed while it was set up");
}

#[test]
fn a_set_up_that_is_killed_again_and_again_can_be_typed_again_on_cloud() {
    check_set_up(SiteConfig::cloud(60, 21), 6);
}

#[test]
fn a_set_up_that_is_killed_again_and_again_can_be_typed_again_on_data_center() {
    check_set_up(SiteConfig::data_center(60, 21), 6);
}
