use super::*;
use crate::testing::{at, make};
use crate::{Store, connection, item, journal, link, link_field, mapping, run, run_row, setting};
use rusqlite::types::ValueRef;
use std::fmt::Write as _;
use workspace::{ItemId, SystemField, Value};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden");

/// A file as text: all that it takes to make it again.
fn dump(connection: &Connection) -> String {
    let mut text = String::new();
    for pragma in ["application_id", "user_version"] {
        let number: i64 = connection
            .pragma_query_value(None, pragma, |row| row.get(0))
            .expect("a number");
        writeln!(text, "PRAGMA {pragma} = {number};").expect("writes");
    }
    let mut tables = Vec::new();
    for (kind, name, sql) in schema(connection) {
        writeln!(text, "{sql};").expect("writes");
        if kind == "table" {
            tables.push(name);
        }
    }
    for table in tables.iter().map(String::as_str).chain(["sqlite_sequence"]) {
        if table == "sqlite_sequence" {
            text.push_str("DELETE FROM sqlite_sequence;\n");
        }
        let sql = format!("SELECT * FROM {table} ORDER BY 1, 2");
        let mut statement = connection.prepare(&sql).expect("a table");
        let columns = statement.column_names().collect::<Vec<_>>().join(", ");
        let count = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let values: Vec<String> = (0..count)
                .map(|column| literal(row.get_ref(column).expect("a value")))
                .collect();
            let values = values.join(", ");
            writeln!(text, "INSERT INTO {table} ({columns}) VALUES ({values});").expect("writes");
        }
    }
    text
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".into(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
        ValueRef::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("X'{digits}'")
        }
    }
}

fn schema(connection: &Connection) -> Vec<(String, String, String)> {
    connection
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema
             WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL ORDER BY rowid",
        )
        .and_then(|mut statement| {
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })
        .expect("a schema")
}

fn file_from_golden(folder: &Path, version: u32) -> PathBuf {
    let path = folder.join(format!("from-{version}.sqlite"));
    let text = std::fs::read_to_string(format!("{GOLDEN}/v{version}.sql")).expect("kept");
    let connection = Connection::open(&path).expect("opens");
    connection
        .pragma_update(None, "foreign_keys", false)
        .expect("sets");
    connection.execute_batch(&text).expect("the text is whole");
    path
}

#[tokio::test]
async fn a_step_that_was_released_is_never_edited() {
    for version in 1..=KNOWN_VERSION {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.sqlite");
        let steps = &MIGRATIONS[..version as usize];
        let store = Store::open_with(&path, at(0), steps).expect("opens");
        // Only into the newest form can be written; of the earlier ones the tables alone are compared, and
        // what they hold by bringing it forward.
        let is_newest = version == KNOWN_VERSION;
        if is_newest {
            store.write(make).await.expect("one of everything");
        }
        store.close().await.expect("closes");
        let text = dump(&Connection::open(&path).expect("opens"));
        let golden = format!("{GOLDEN}/v{version}.sql");
        if is_newest && std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &text).expect("writes");
        }
        let kept = std::fs::read_to_string(&golden).unwrap_or_default();
        let compared = |text: &str| -> Vec<String> {
            let lines = text.lines();
            let lines = lines.take_while(|line| is_newest || !line.starts_with("INSERT INTO "));
            lines.map(str::to_owned).collect()
        };
        assert!(
            compared(&text) == compared(&kept),
            "version {version} makes another file than it did. If it was released, add a step instead. \
             If not: UPDATE_GOLDEN=1 cargo test -p store never_edited"
        );
    }
}

#[tokio::test]
async fn every_earlier_version_comes_forward_with_all_that_it_holds() {
    for version in 1..=KNOWN_VERSION {
        let folder = tempfile::tempdir().expect("a folder");
        let path = file_from_golden(folder.path(), version);
        let store = Store::open(&path, at(99)).expect("comes forward");
        store.check().await.expect("sound");
        store
            .read(|read| {
                assert_eq!(setting::get(read, "wizard.step")?.as_deref(), Some("5"));
                let child = item::get(read, ItemId(2))?.expect("kept");
                assert_eq!(child.title, "Überweisung");
                assert_eq!(child.parent, Some(ItemId(1)));
                assert_eq!(child.values.len(), 6);
                let link = &link::by_item(read, child.id)?[0];
                assert_eq!(link.seen.key, "PAY-7");
                let memory = link_field::of_link(read, link.id)?;
                assert_eq!(memory.len(), 6);
                for (field, memory) in memory {
                    assert_eq!(memory.base.as_ref(), Some(&child.value(field)));
                }
                let connection = &connection::list(read)?[0];
                assert_eq!(connection.data, crate::testing::site("Site"));
                let integration = link.integration.expect("kept");
                assert_eq!(mapping::load(read, integration)?.0.fields.len(), 2);
                let run = &run::unfinished(read)?[0];
                assert_eq!((run.counts.listed, run.counts.read), (2, 1));
                assert_eq!(run_row::read_after(read, run.id, None, 9)?.len(), 1);
                let journal = journal::of_item(read, child.id, 9)?;
                assert!(matches!(
                    journal[0].change,
                    journal::Change::Field { field, .. } if field == SystemField::Title.into()
                ));
                Ok(())
            })
            .await
            .expect("reads");
        store.close().await.expect("closes");
        let fresh = folder.path().join("fresh.sqlite");
        drop(Store::open(&fresh, at(0)).expect("opens"));
        let of = |path: &Path| {
            let mut schema = schema(&Connection::open(path).expect("opens"));
            schema.sort();
            schema
        };
        assert_eq!(
            of(&path),
            of(&fresh),
            "an old file becomes what a new one is"
        );
    }
}

#[tokio::test]
async fn a_file_is_copied_before_it_is_brought_forward() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_from_golden(folder.path(), 1);
    let next: &[&str] = &["CREATE TABLE next (next_id INTEGER PRIMARY KEY) STRICT"];
    let steps = [MIGRATIONS[0], next];
    let store = Store::open_with(&path, at(99), &steps).expect("comes forward");
    store.close().await.expect("closes");
    let connection = Connection::open(&path).expect("opens");
    assert_eq!(version(&connection).expect("ours"), 2);
    let copy = Connection::open(copy_path(&path, 1)).expect("opens");
    assert_eq!(version(&copy).expect("ours"), 1);
    let items: i64 = copy
        .query_row("SELECT count(*) FROM item", [], |row| row.get(0))
        .expect("whole");
    assert_eq!(items, 2);
    assert!(matches!(
        Store::open_with(&path, at(99), &steps[..1]),
        Err(StoreError::Newer { found: 2, known: 1 })
    ));
}

#[track_caller]
fn check_left_as_it_is(path: &Path, refused: impl Fn(&StoreError) -> bool) {
    let before = std::fs::read(path).expect("reads");
    let error = Store::open_to_read(path).expect_err("refused");
    assert!(refused(&error), "{error:?}");
    assert_eq!(std::fs::read(path).expect("reads"), before);
    let beside = path.parent().expect("a folder");
    let copies = std::fs::read_dir(beside).expect("reads").count();
    assert_eq!(copies, 1, "there is the file and nothing else");
}

#[test]
fn a_file_of_another_version_is_refused_by_whoever_only_reads_it() {
    let known = KNOWN_VERSION;
    for version in 1..known {
        let folder = tempfile::tempdir().expect("a folder");
        let path = file_from_golden(folder.path(), version);
        check_left_as_it_is(&path, |error| {
            matches!(error, StoreError::Older { found, known: newest }
                if (*found, *newest) == (version, known))
        });
        Connection::open(&path)
            .and_then(|connection| connection.pragma_update(None, "user_version", 99))
            .expect("a newer version writes its number");
        check_left_as_it_is(&path, |error| {
            matches!(error, StoreError::Newer { found: 99, .. })
        });
        std::fs::write(&path, "words ".repeat(999)).expect("writes");
        check_left_as_it_is(&path, |error| matches!(error, StoreError::Corrupt { .. }));
    }
}

#[test]
fn a_step_that_fails_leaves_the_version_before_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_from_golden(folder.path(), 1);
    let broken: &[&str] = &["CREATE TABLE half (a)", "CREATE TABLE item (a)"];
    let failed = Store::open_with(&path, at(99), &[MIGRATIONS[0], broken]);
    assert!(matches!(failed, Err(StoreError::Sql(_))));
    let connection = Connection::open(&path).expect("opens");
    assert_eq!(version(&connection).expect("ours"), 1);
    assert!(
        schema(&connection)
            .iter()
            .all(|(_, name, _)| name != "half")
    );
    drop(Store::open(&path, at(99)).expect("opens as before"));
}

#[test]
fn a_file_that_could_not_be_filled_stays_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.sqlite");
    let broken: &[&str] = &["CREATE TABLE half (a)", "CREATE TABLE half (a)"];
    assert!(Store::open_with(&path, at(0), &[broken]).is_err());
    drop(Store::open(&path, at(0)).expect("is made from the beginning"));
}

#[tokio::test]
async fn what_pairs_remembered_field_by_field_comes_into_one_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_from_golden(folder.path(), 2);
    let rows = r#"INSERT INTO link_field (link_id, field_key, base, remote) VALUES
        (1, 'start_date', '{"date":"2026-01-31"}', '{"text":"b"}'),
        (1, 'labels', '', '{"labels":["x"]}'), (1, 'kano', '', 'null'), (1, 'target_date', 'null', '')"#;
    let connection = Connection::open(&path).expect("opens");
    connection.execute_batch(rows).expect("writes");
    drop(connection);
    let store = Store::open(&path, at(99)).expect("comes forward");
    let memory = store
        .read(|read| link_field::of_link(read, crate::LinkId(1)))
        .await
        .expect("reads");
    let check = |field: &str, base: Option<Value>, remote: Value| {
        let field = crate::table::field::key_of(field).expect("a field");
        assert_eq!(memory[&field], link_field::Memory { base, remote });
    };
    let day = Value::Date(jiff::civil::date(2026, 1, 31));
    check("start_date", Some(day), Value::text("b"));
    check("labels", None, Value::labels(["x"]));
    check("kano", None, Value::None);
    check("target_date", Some(Value::None), Value::None);
}

#[tokio::test]
async fn what_runs_remembered_among_the_settings_goes_to_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_from_golden(folder.path(), 2);
    let rows = r#"INSERT INTO setting (key, value) VALUES ('run.1.ground', 'a mapping'),
        ('run.1.problem', 'jira_paused {"until":"later on"}'), ('run.1.undo', '41 7 3'),
        ('run.9.undo', '1 1 1')"#;
    let connection = Connection::open(&path).expect("opens");
    connection.execute_batch(rows).expect("writes");
    drop(connection);
    let store = Store::open(&path, at(99)).expect("comes forward");
    store
        .read(|read| {
            let run = run::get(read, crate::RunId(1))?.expect("kept");
            assert_eq!(run.ground, "a mapping");
            let problem = run.problem.expect("kept");
            let kept = (problem.code.as_str(), problem.detail.as_str());
            assert_eq!(kept, ("jira_paused", r#"{"until":"later on"}"#));
            let undo = run::UndoProgress {
                place: Some(crate::JournalSeq(41)),
                undone: 7,
                kept: 3,
            };
            assert_eq!(run.undo, undo);
            assert!(setting::under(read, "run.")?.is_empty());
            assert_eq!(setting::get(read, "wizard.step")?.as_deref(), Some("5"));
            Ok(())
        })
        .await
        .expect("reads");
}

#[tokio::test]
async fn what_both_sides_had_agreed_on_before_a_change_comes_to_the_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_from_golden(folder.path(), 3);
    let rows = r#"INSERT INTO journal (journal_seq, run_id, item_id, change, field_key, before, after, at)
        VALUES (50, 1, 2, 'field', 'title', 'null', '{"text":"b"}', 7), (51, 1, 2, 'parent', '', '1', '', 8),
        (52, 1, 2, 'field', 'kano', 'null', 'null', 9), (90, 1, 2, 'created', '', '', '', 9);
        INSERT INTO journal_base (journal_seq, base) VALUES (50, '{"text":"a"}'), (51, '1'), (52, '');
        DELETE FROM journal WHERE journal_seq = 90"#;
    let connection = Connection::open(&path).expect("opens");
    connection.execute_batch(rows).expect("writes");
    drop(connection);
    let store = Store::open(&path, at(99)).expect("comes forward");
    let run = crate::RunId(1);
    let entries = store
        .read(move |read| journal::undo_rows(read, run, None, 9))
        .await
        .expect("reads");
    let base_of = |seq| {
        let found = entries.iter().find(|entry| entry.seq.0 == seq);
        let found = found.expect("kept");
        assert_eq!((found.run, found.origin), (Some(run), journal::Origin::Run));
        match &found.change {
            journal::Change::Field { base, .. } => format!("{base:?}"),
            journal::Change::Parent { base, .. } => format!("{base:?}"),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(base_of(50), r#"Was(Some(Text("a")))"#);
    assert_eq!(base_of(51), "Was(Some(ItemId(1)))");
    assert_eq!(base_of(52), "Was(None)");
    assert_eq!(base_of(1), "Untold");
    let next = store
        .write(|tx| {
            let created = [(ItemId(2), journal::Change::Created)];
            journal::append_single(tx, journal::Origin::Sent, &created, at(1))?;
            Ok(journal::of_item(tx, ItemId(2), 1)?[0].seq.0)
        })
        .await
        .expect("writes");
    assert!(next > 52, "{next}: a number is never used again");
}
