use super::*;
use crate::crash::Cut;
use crate::testing::{at, memory};
use crate::{area, field, field_option, item_type, level, setting};
use std::path::PathBuf;
use std::sync::mpsc;
use tempfile::TempDir;
use workspace::{SystemField, defaults};

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("workspace.sqlite");
    (folder, path)
}

async fn get(store: &Store, key: &'static str) -> Result<Option<String>, StoreError> {
    store.read(move |read| setting::get(read, key)).await
}

async fn set(store: &Store, key: &'static str, value: &str) -> Result<(), StoreError> {
    let value = value.to_owned();
    store.write(move |tx| setting::set(tx, key, &value)).await
}

#[tokio::test]
async fn a_new_file_holds_what_every_workspace_starts_with() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    store
        .read(|read| {
            let levels: Vec<String> = level::list(read)?.into_iter().map(|l| l.singular).collect();
            assert_eq!(levels, ["Initiative", "Epic", "Feature", "Story"]);
            let types: usize = defaults::LEVELS.iter().map(|level| level.types.len()).sum();
            assert_eq!(item_type::list(read)?.len(), types);
            let keys: Vec<_> = field::list(read)?
                .into_iter()
                .map(|field| field.key)
                .collect();
            assert_eq!(keys, SystemField::ALL.map(Into::into));
            let statuses = field_option::of_field(read, SystemField::Status.into())?;
            let names: Vec<&str> = statuses.iter().map(|status| status.name.as_str()).collect();
            assert_eq!(names, defaults::STATUSES.map(|status| status.0));
            assert!(statuses.iter().all(|status| status.category.is_some()));
            assert_eq!(area::list(read)?.len(), 1);
            Ok(())
        })
        .await
        .expect("reads");
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening_again() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    set(&store, "theme", "dark").await.expect("writes");
    store.close().await.expect("closes");
    assert!(
        !path.with_extension("sqlite-wal").exists(),
        "the log was written back"
    );
    let store = Store::open(&path, at(9)).expect("opens again");
    assert_eq!(
        get(&store, "theme").await.expect("reads").as_deref(),
        Some("dark")
    );
    assert_eq!(
        get(&store, "workspace.made_at").await.expect("reads"),
        Some(at(0).to_string()),
        "an existing workspace is not filled again"
    );
}

#[tokio::test]
async fn durability_is_what_the_design_promises() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    let pragmas = |read: &Read<'_>| {
        Ok((
            read.one(
                "PRAGMA journal_mode",
                [],
                |row| Ok(row.get::<_, String>(0)?),
            )?,
            read.number("PRAGMA synchronous", [])?,
            read.number("PRAGMA foreign_keys", [])?,
        ))
    };
    let expected = (Some("wal".to_owned()), 2, 1);
    let write = store.write(move |tx| pragmas(tx)).await.expect("writes");
    assert_eq!(write, expected);
    assert_eq!(store.read(pragmas).await.expect("reads"), expected);
}

#[tokio::test]
async fn as_many_read_at_once_as_there_are_readers_and_nobody_after_closing() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    // Each waits for all the others while it reads.
    let all = Arc::new(std::sync::Barrier::new(READERS as usize));
    let reads: Vec<_> = (0..READERS)
        .map(|_| {
            let (store, all) = (store.clone(), all.clone());
            tokio::spawn(async move {
                let read = store.read(move |read| {
                    let theme = setting::get(read, "theme")?;
                    all.wait();
                    Ok(theme)
                });
                read.await
            })
        })
        .collect();
    for read in reads {
        let theme = read.await.expect("does not panic");
        assert_eq!(theme.expect("reads"), None);
    }
    store.close().await.expect("closes");
    assert!(matches!(
        get(&store, "theme").await,
        Err(StoreError::Closed)
    ));
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing() {
    let store = memory();
    let failed: Result<(), _> = store
        .write(|tx| {
            setting::set(tx, "theme", "dark")?;
            Err(StoreError::not_found("item", 7))
        })
        .await;
    assert!(matches!(
        failed,
        Err(StoreError::NotFound { what: "item", .. })
    ));
    assert_eq!(get(&store, "theme").await.expect("reads"), None);
}

#[tokio::test]
async fn a_write_that_panics_leaves_nothing_and_the_store_goes_on() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    let handle = store.clone();
    let panicking = tokio::spawn(async move {
        handle
            .write(|tx| -> Result<(), StoreError> {
                setting::set(tx, "theme", "dark")?;
                panic!("as a bug would")
            })
            .await
    });
    assert!(panicking.await.expect_err("panicked").is_panic());
    assert_eq!(get(&store, "theme").await.expect("reads"), None);
    set(&store, "theme", "light").await.expect("writes");
    assert_eq!(
        get(&store, "theme").await.expect("reads").as_deref(),
        Some("light")
    );
}

#[tokio::test]
async fn a_reader_sees_the_last_commit_and_does_not_wait_for_the_writer() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    set(&store, "theme", "light").await.expect("writes");
    let (written, wait_written) = tokio::sync::oneshot::channel();
    let (go_on, wait_go_on) = mpsc::channel();
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            store
                .write(move |tx| {
                    setting::set(tx, "theme", "dark")?;
                    written.send(()).expect("the test waits");
                    wait_go_on.recv().expect("the test says go on");
                    Ok(())
                })
                .await
        }
    });
    wait_written.await.expect("the writer has written");
    assert_eq!(
        get(&store, "theme").await.expect("reads").as_deref(),
        Some("light")
    );
    go_on.send(()).expect("the writer waits");
    writer.await.expect("no panic").expect("writes");
    assert_eq!(
        get(&store, "theme").await.expect("reads").as_deref(),
        Some("dark")
    );
}

#[tokio::test]
async fn writers_that_come_at_once_take_turns() {
    let store = memory();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let store = store.clone();
        writers.spawn(async move {
            store
                .write(|tx| {
                    let count = setting::get(tx, "count")?.map_or(0, |count| count.len());
                    setting::set(tx, "count", &"i".repeat(count + 1))
                })
                .await
        });
    }
    while let Some(outcome) = writers.join_next().await {
        outcome.expect("no panic").expect("writes");
    }
    let count = get(&store, "count").await.expect("reads");
    assert_eq!(count.map(|count| count.len()), Some(50));
}

#[tokio::test]
async fn a_closed_store_says_so_and_closing_twice_changes_nothing() {
    let (_folder, path) = place();
    for store in [memory(), Store::open(&path, at(0)).expect("opens")] {
        store.close().await.expect("closes");
        store.close().await.expect("closes again");
        assert!(matches!(
            set(&store, "theme", "dark").await,
            Err(StoreError::Closed)
        ));
        assert!(matches!(
            get(&store, "theme").await,
            Err(StoreError::Closed)
        ));
    }
}

#[tokio::test]
async fn a_cut_before_a_commit_loses_it_and_a_cut_after_keeps_it() {
    for (cut, kept) in [(Cut::BeforeCommit, None), (Cut::AfterCommit, Some("dark"))] {
        let (_folder, path) = place();
        let store = Store::open(&path, at(0)).expect("opens");
        store.set_commit_hook(Arc::new(
            move |number| {
                if number == 2 { cut } else { Cut::Never }
            },
        ));
        set(&store, "first", "one")
            .await
            .expect("the first goes through");
        assert!(matches!(
            set(&store, "theme", "dark").await,
            Err(StoreError::Closed)
        ));
        assert!(matches!(
            get(&store, "first").await,
            Err(StoreError::Closed)
        ));
        assert_eq!(store.commits(), 2);
        let store = Store::open(&path, at(0)).expect("opens again");
        assert_eq!(
            get(&store, "first").await.expect("reads").as_deref(),
            Some("one")
        );
        assert_eq!(get(&store, "theme").await.expect("reads").as_deref(), kept);
    }
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_as_it_is() {
    let (_folder, path) = place();
    Store::open(&path, at(0))
        .expect("opens")
        .close()
        .await
        .expect("closes");
    Connection::open(&path)
        .and_then(|connection| connection.pragma_update(None, "user_version", 99))
        .expect("a newer version writes its number");
    let before = std::fs::read(&path).expect("reads");
    let refused = Store::open(&path, at(0)).expect_err("refused");
    assert!(matches!(
        refused,
        StoreError::Newer {
            found: 99,
            known: migration::KNOWN_VERSION
        }
    ));
    assert_eq!(std::fs::read(&path).expect("reads"), before);
}

#[test]
fn a_file_that_is_no_workspace_is_refused_and_left_as_it_is() {
    let (_folder, path) = place();
    let foreign = |path: &Path| {
        Connection::open(path)
            .and_then(|connection| connection.execute_batch("CREATE TABLE theirs (a)"))
            .expect("another program's file");
    };
    let words = |path: &Path| std::fs::write(path, "words ".repeat(999)).expect("writes");
    for make in [&foreign as &dyn Fn(&Path), &words] {
        make(&path);
        let before = std::fs::read(&path).expect("reads");
        let refused = Store::open(&path, at(0)).expect_err("refused");
        assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused:?}");
        assert_eq!(std::fs::read(&path).expect("reads"), before);
        std::fs::remove_file(&path).expect("removes");
    }
}

#[tokio::test]
async fn a_damaged_file_is_called_damaged_by_whoever_meets_the_damage() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    set(&store, "theme", "dark").await.expect("writes");
    store.check().await.expect("a sound file");
    store.close().await.expect("closes");
    let mut bytes = std::fs::read(&path).expect("reads");
    bytes[4096..].fill(0x5a);
    std::fs::write(&path, bytes).expect("writes");
    let damage = match Store::open(&path, at(0)) {
        Ok(store) => store.check().await.expect_err("met by the check"),
        Err(error) => error,
    };
    assert!(matches!(damage, StoreError::Corrupt { .. }), "{damage:?}");
}

#[tokio::test]
async fn a_full_disk_is_called_full_and_loses_nothing() {
    let (_folder, path) = place();
    let store = Store::open(&path, at(0)).expect("opens");
    set(&store, "theme", "dark").await.expect("writes");
    let room = |pages: u32| {
        move |tx: &WriteTx<'_>| tx.number(&format!("PRAGMA max_page_count = {pages}"), [])
    };
    store.write(room(1)).await.expect("no room from now on");
    let big = "x".repeat(1 << 20);
    let full = set(&store, "note", &big).await.expect_err("no room");
    assert!(matches!(full, StoreError::DiskFull), "{full:?}");
    assert_eq!(
        get(&store, "theme").await.expect("reads").as_deref(),
        Some("dark")
    );
    store.write(room(1 << 20)).await.expect("room again");
    set(&store, "note", &big).await.expect("writes");
}

#[tokio::test]
async fn a_connection_that_may_not_write_is_called_read_only() {
    let store = memory();
    store
        .write(|tx| tx.number("PRAGMA query_only = 1", []))
        .await
        .expect("from now on");
    let refused = set(&store, "theme", "dark").await.expect_err("refused");
    assert!(matches!(refused, StoreError::ReadOnly), "{refused:?}");
}

#[test]
fn what_the_file_system_says_has_a_name() {
    use std::io::ErrorKind;
    let check = |kind: ErrorKind, expected: &str| {
        let error = StoreError::file(Path::new("workspace.sqlite"), kind.into());
        let name = format!("{error:?}");
        assert!(name.starts_with(expected), "{kind:?} became {name}");
    };
    check(ErrorKind::PermissionDenied, "ReadOnly");
    check(ErrorKind::ReadOnlyFilesystem, "ReadOnly");
    check(ErrorKind::StorageFull, "DiskFull");
    check(ErrorKind::QuotaExceeded, "DiskFull");
    check(ErrorKind::NotFound, "CannotOpen");
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let (_folder, path) = place();
    let inside = path.join("workspace.sqlite");
    let refused = Store::open(&inside, at(0)).expect_err("refused");
    assert!(matches!(&refused, StoreError::CannotOpen { path, .. } if *path == inside));
}

#[tokio::test]
async fn a_read_only_file_is_called_read_only() {
    let (_folder, path) = place();
    Store::open(&path, at(0))
        .expect("opens")
        .close()
        .await
        .expect("closes");
    let mut permissions = std::fs::metadata(&path).expect("exists").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("its owner may");
    if std::fs::OpenOptions::new().write(true).open(&path).is_ok() {
        return; // whoever runs this may write everything
    }
    let refused = Store::open(&path, at(0)).expect_err("refused");
    assert!(matches!(refused, StoreError::ReadOnly), "{refused:?}");
}

/// What lies in the file and in its log.
fn bytes(path: &Path) -> [Option<Vec<u8>>; 2] {
    let log = path.with_extension("sqlite-wal");
    [path, &log].map(|path| std::fs::read(path).ok())
}

#[tokio::test]
async fn a_guest_sees_what_the_owner_commits_and_can_change_nothing() {
    let (_folder, path) = place();
    let owner = Store::open(&path, at(0)).expect("opens");
    set(&owner, "theme", "light").await.expect("writes");
    let guest = Store::open_to_read(&path).expect("opens beside it");
    let theme = get(&guest, "theme").await.expect("reads");
    assert_eq!(theme.as_deref(), Some("light"));
    set(&owner, "theme", "dark").await.expect("writes");
    let before = bytes(&path);
    let theme = get(&guest, "theme").await.expect("reads");
    assert_eq!(theme.as_deref(), Some("dark"));
    let refused = set(&guest, "theme", "light").await.expect_err("refused");
    assert!(matches!(refused, StoreError::NotOwned), "{refused:?}");
    let refused = guest
        .read(|read| read.number("UPDATE setting SET value = '' RETURNING 1", []))
        .await
        .expect_err("refused by SQLite itself");
    assert!(matches!(refused, StoreError::ReadOnly), "{refused:?}");
    guest.check().await.expect("a sound file");
    guest.close().await.expect("closes");
    assert_eq!(bytes(&path), before);
    assert!(matches!(
        get(&guest, "theme").await,
        Err(StoreError::Closed)
    ));
    set(&owner, "theme", "light").await.expect("writes");
    owner.close().await.expect("closes");
}

#[tokio::test]
async fn a_guest_that_stays_longer_than_the_owner_leaves_the_file_as_it_is() {
    let (_folder, path) = place();
    let owner = Store::open(&path, at(0)).expect("opens");
    let guest = Store::open_to_read(&path).expect("opens beside it");
    set(&owner, "theme", "dark").await.expect("writes");
    // As if it were killed: nothing is written back.
    owner.set_commit_hook(Arc::new(|_| Cut::BeforeCommit));
    let killed = set(&owner, "theme", "light").await;
    assert!(matches!(killed, Err(StoreError::Closed)));
    drop(owner);
    let before = bytes(&path);
    let theme = get(&guest, "theme").await.expect("reads");
    assert_eq!(theme.as_deref(), Some("dark"));
    guest.close().await.expect("closes");
    drop(guest);
    assert_eq!(bytes(&path), before);
    let owner = Store::open(&path, at(0)).expect("opens again");
    let theme = get(&owner, "theme").await.expect("reads");
    assert_eq!(theme.as_deref(), Some("dark"));
}

#[test]
fn a_guest_begins_no_file() {
    let (_folder, path) = place();
    let refused = Store::open_to_read(&path).expect_err("refused");
    assert!(matches!(refused, StoreError::Busy), "{refused:?}");
    assert!(!path.exists());
    // As the owner makes it, before it is filled.
    std::fs::write(&path, "").expect("writes");
    let refused = Store::open_to_read(&path).expect_err("refused");
    assert!(matches!(refused, StoreError::Busy), "{refused:?}");
    assert_eq!(bytes(&path), [Some(Vec::new()), None]);
}

#[tokio::test]
async fn what_is_erased_is_nowhere_in_the_file_however_long_it_is() {
    for length in [10, 2_000, 100_000] {
        let (_folder, path) = place();
        let store = Store::open(&path, at(0)).expect("opens");
        let secret = "opensesame".repeat(length / 10);
        set(&store, "secret", &secret).await.expect("writes");
        set(&store, "other", &"x".repeat(5_000))
            .await
            .expect("writes");
        store.close().await.expect("closes");
        let holds = |[file, _]: [Option<Vec<u8>>; 2]| {
            let file = file.expect("a file");
            file.windows(10).any(|part| part == b"opensesame")
        };
        assert!(holds(bytes(&path)));
        let store = Store::open(&path, at(0)).expect("opens again");
        store
            .write_erasing(|tx| setting::unset(tx, "secret"))
            .await
            .expect("erases");
        store.close().await.expect("closes");
        assert!(!holds(bytes(&path)), "{length}");
    }
}
