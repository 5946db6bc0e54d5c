//! The log of a file to which much is written.

use super::Limits;
use crate::migration::MIGRATIONS;
use crate::table::setting;
use crate::testing::at;
use crate::{Store, StoreError};
use std::path::Path;

const LIMITS: Limits = Limits {
    begin_pages: 32,
    wait_pages: 128,
};
/// A page and what the log says of it.
const PAGE: u64 = 4096 + 24;
/// Pages that one of the commits below may take.
const COMMIT: u64 = 24;
const COMMITS: u32 = 400;

fn open(path: &Path) -> Store {
    Store::open_limited(path, at(0), MIGRATIONS, LIMITS).expect("opens")
}

/// Some twenty pages, of which no two are alike.
fn text(number: u32) -> String {
    format!("{number} ").repeat(80_000 / format!("{number} ").len())
}

async fn write(store: &Store, number: u32) {
    store
        .write_step(move |tx| setting::set(tx, &format!("note.{}", number % 7), &text(number)))
        .await
        .expect("writes");
}

async fn read(store: &Store, number: u32) -> Option<String> {
    store
        .read(move |read| setting::get(read, &format!("note.{}", number % 7)))
        .await
        .expect("reads")
}

fn log_pages(path: &Path) -> u64 {
    let log = path.with_extension("sqlite-wal");
    log.metadata().map_or(0, |log| log.len() / PAGE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_short_however_much_is_written_and_everything_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lockstep.sqlite");
    let store = open(&path);
    for number in 0..COMMITS {
        write(&store, number).await;
        let pages = log_pages(&path);
        assert!(
            pages <= u64::from(LIMITS.wait_pages) + COMMIT,
            "{pages} pages after {number}"
        );
    }
    store.check().await.expect("sound");
    // Dropped, it could still be writing back while the next one is closed, which then would not.
    store.close().await.expect("closes");
    let store = open(&path);
    for number in COMMITS - 7..COMMITS {
        assert_eq!(read(&store, number).await, Some(text(number)));
    }
    store.close().await.expect("closes");
    assert_eq!(log_pages(&path), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_takes_its_time_sees_one_snapshot_and_holds_nobody_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lockstep.sqlite");
    let store = open(&path);
    write(&store, 0).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go_on, goes_on) = std::sync::mpsc::channel::<()>();
    let slow = store.clone();
    let reader = tokio::spawn(async move {
        slow.read(move |read| {
            let before = setting::get(read, "note.0")?;
            begun.send(()).expect("somebody waits");
            goes_on.recv().expect("is told to go on");
            Ok::<_, StoreError>((before, setting::get(read, "note.0")?))
        })
        .await
    });
    has_begun.await.expect("begins");
    for number in 0..COMMITS {
        write(&store, number).await;
    }
    go_on.send(()).expect("waits");
    let (before, after) = reader.await.expect("ends").expect("reads");
    assert_eq!((before, after), (Some(text(0)), Some(text(0))));
    for number in COMMITS - 7..COMMITS {
        assert_eq!(read(&store, number).await, Some(text(number)));
    }
    store.close().await.expect("closes");
    assert_eq!(log_pages(&path), 0);
}
