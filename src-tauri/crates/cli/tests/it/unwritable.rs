//! A workspace that can no longer be written: an import says so, loses nothing, and goes on once it can be.

use crate::kit::{Ended, database, end, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use rusqlite::Connection;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// An import that has read a part of its issues and waits for the site's next answer.
struct UnderWay {
    served: Served,
    directory: tempfile::TempDir,
    import: Command,
}

impl UnderWay {
    fn new() -> Self {
        let (served, directory) = (
            Served::start(SiteConfig::data_center(300, 3)),
            tempfile::tempdir().expect("a directory"),
        );
        integrated(directory.path(), &served);
        let import = lockstep(directory.path(), &["import", "--integration", "main"]);
        Self {
            served,
            directory,
            import,
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Starts the import; comes back when it stands in the middle of what it reads.
    fn begin(&mut self) -> Child {
        let before = self.served.asked();
        works(self.path(), &["plan", "--integration", "main"]);
        self.served.hold_after(self.served.asked() - before - 1);
        let child = bound_by_modes(&self.import).spawn().expect("starts");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(self.served.held());
        child
    }

    /// Every issue is an item, once, and nothing failed: by the same command, typed once more.
    #[track_caller]
    fn goes_on(&self) {
        let import = works(self.path(), &["import", "--integration", "main", "--json"]);
        let import = import.json();
        assert_eq!(import["run"]["state"], "done", "{import}");
        assert_eq!(import["failures"], serde_json::json!([]), "{import}");
        self.is_whole();
    }

    #[track_caller]
    fn is_whole(&self) {
        let there = self.served.issues(&self.served.project()).len();
        let items = works(self.path(), &["items", "--json"]);
        assert_eq!(items.out.lines().count(), there);
    }
}

/// The program as one whom the modes of files bind: whoever may write everything gives that up first.
fn bound_by_modes(command: &Command) -> Command {
    let mut bound = if may_write_everything() {
        let mut bound = Command::new("setpriv");
        bound
            .args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"])
            .arg(command.get_program());
        bound
    } else {
        Command::new(command.get_program())
    };
    bound.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    bound
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    bound
}

fn may_write_everything() -> bool {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::set_permissions(file.path(), Permissions::from_mode(0o400)).expect("its owner may");
    OpenOptions::new().write(true).open(file.path()).is_ok()
}

/// The write-ahead log of a data directory.
fn log(directory: &Path) -> PathBuf {
    database(directory).with_extension("sqlite-wal")
}

/// What was taken from being written; it is given back when this goes.
struct ReadOnly(Vec<(PathBuf, Permissions)>);

impl ReadOnly {
    fn these(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let before = paths.into_iter().map(|path| {
            let before = fs::metadata(&path).expect("it is there").permissions();
            let mode = before.mode() & !0o222;
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("its owner may");
            (path, before)
        });
        Self(before.collect())
    }

    fn all_in(directory: &Path) -> Self {
        let entries = fs::read_dir(directory).expect("a directory");
        let files = entries.map(|entry| entry.expect("an entry").path());
        Self::these(files.chain([directory.to_owned()]))
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        for (path, before) in self.0.drain(..).rev() {
            fs::set_permissions(&path, before).expect("its owner may");
        }
    }
}

#[track_caller]
fn check_refused(ended: &Ended) {
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    let mut told = ended.err.lines();
    assert!(
        told.any(|line| line == "The data directory cannot be written"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("  Cure: "), "{}", ended.err);
    assert_eq!(ended.out, "", "what went wrong is told on standard error");
}

#[test]
fn an_import_that_was_killed_is_refused_while_nothing_can_be_written_and_goes_on_once_it_can() {
    let parts: [fn(&Path) -> ReadOnly; 4] = [
        ReadOnly::all_in,
        |directory| ReadOnly::these([database(directory)]),
        |directory| ReadOnly::these([log(directory)]),
        |directory| ReadOnly::these([directory.join("lock")]),
    ];
    let mut under_way = UnderWay::new();
    let mut child = under_way.begin();
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    under_way.served.release();
    for part in parts {
        let read_only = part(under_way.path());
        let held = fs::read(database(under_way.path())).expect("a file");
        check_refused(&ran(bound_by_modes(&under_way.import)));
        let after = fs::read(database(under_way.path())).expect("a file");
        assert_eq!(held, after, "nothing was changed");
        drop(read_only);
    }
    under_way.goes_on();
}

#[test]
fn an_import_under_way_is_not_disturbed_by_a_directory_that_becomes_read_only() {
    let mut under_way = UnderWay::new();
    let child = under_way.begin();
    let read_only = ReadOnly::all_in(under_way.path());
    under_way.served.release();
    // What is open stays open; only the next start has to open anew.
    let ended = end(child);
    assert_eq!(ended.code, 0, "{}", ended.err);
    check_refused(&ran(bound_by_modes(&under_way.import)));
    drop(read_only);
    under_way.is_whole();
}

/// Where a database says by what version of SQLite it may be written. From a higher one than it knows, SQLite
/// refuses every write, and goes on reading.
const WRITE_VERSION: SeekFrom = SeekFrom::Start(18);

fn set_write_version(directory: &Path, version: u8) {
    let mut file = OpenOptions::new()
        .write(true)
        .open(database(directory))
        .expect("a database");
    file.seek(WRITE_VERSION).expect("a place");
    file.write_all(&[version]).expect("written");
}

/// Lets SQLite refuse whatever somebody who has the database open writes from now on.
fn refuse_writes(directory: &Path) {
    let connection = Connection::open(database(directory)).expect("opens");
    loop {
        // What lies in the log would stand before the head of the file.
        let left: (i64, i64) = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .expect("a checkpoint");
        connection.execute_batch("BEGIN IMMEDIATE").expect("alone");
        let log = fs::metadata(log(directory)).map_or(0, |log| log.len());
        if (left, log) == ((0, 0), 0) {
            break;
        }
        connection.execute_batch("ROLLBACK").expect("left as it is");
    }
    set_write_version(directory, 3);
    // A change elsewhere lets everybody look at the head again.
    connection
        .execute_batch("UPDATE integration SET updated_at = updated_at + 1; COMMIT")
        .expect("written by one who has not looked since");
}

#[test]
fn an_import_under_way_whose_database_refuses_to_be_written_stops_and_goes_on_once_it_is_mended() {
    let mut under_way = UnderWay::new();
    let child = under_way.begin();
    refuse_writes(under_way.path());
    under_way.served.release();
    check_refused(&end(child));
    set_write_version(under_way.path(), 2);
    let status = works(under_way.path(), &["status", "--json"]).json();
    let last = &status["integrations"][0]["last_run"];
    assert_eq!(
        (&last["state"], status["items"].as_u64()),
        (&serde_json::json!("paused"), Some(0)),
        "it stands where it was: {status}"
    );
    under_way.goes_on();
}
