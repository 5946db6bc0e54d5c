//! Starting the program, and what it left behind.

use api::dto::{AuthKind, EditArgs, EditValue, ItemDetail, ItemsArgs};
use lockstep_tests::{Served, open};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a command printed, and how it ended.
pub struct Ended {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// The program, with a data directory, and secrets in a file there.
pub fn lockstep(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command
        .args(arguments)
        .env("LOCKSTEP_DATA_DIR", directory)
        .env("LOCKSTEP_SECRET_STORE", "file")
        .env("LOCKSTEP_SECRET_PASSPHRASE", "a passphrase of the tests")
        .env_remove("LOCKSTEP_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command to its end, with something on its standard input.
pub fn fed(mut command: Command, input: &str) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that refuses before it reads closes the pipe; what it says is what counts.
    let fed = stdin.write_all(input.as_bytes());
    drop(stdin);
    let ended = end(child);
    assert!(fed.is_ok() || ended.code != 0, "{}", ended.err);
    ended
}

/// Runs a command to its end.
pub fn ran(mut command: Command) -> Ended {
    end(command.spawn().expect("the program starts"))
}

/// Runs a command that has to work.
pub fn works(directory: &Path, arguments: &[&str]) -> Ended {
    let ended = ran(lockstep(directory, arguments));
    assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
    ended
}

/// Waits for the end of a program.
pub fn end(child: Child) -> Ended {
    let output = child.wait_with_output().expect("the program ends");
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// `connect` to a site, and the secret that belongs to it.
pub fn connect(directory: &Path, served: &Served) -> (Command, String) {
    let form = served.form();
    let identity = match form.auth {
        AuthKind::CloudToken => vec!["--email", form.login.as_str()],
        AuthKind::Password => vec!["--user", form.login.as_str()],
        AuthKind::Pat => vec!["--pat"],
    };
    let mut arguments = vec!["connect", "--name", "acme", "--url", &served.url];
    arguments.extend(identity);
    arguments.push("--secret-stdin");
    (lockstep(directory, &arguments), form.secret)
}

/// `integrate` the main project of a site, as `main`.
pub fn integrate(directory: &Path, served: &Served) -> Command {
    let arguments = [
        "integrate",
        "--connection",
        "acme",
        "--project",
        &served.project(),
        "--name",
        "main",
        "--include-closed",
    ];
    lockstep(directory, &arguments)
}

/// Connects to a site and adds its main project as `main`.
pub fn integrated(directory: &Path, served: &Served) {
    let (command, secret) = connect(directory, served);
    let ended = fed(command, &secret);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let ended = ran(integrate(directory, served));
    assert_eq!(ended.code, 0, "{}", ended.err);
}

/// The first item that is linked, edited in the window: its title, or as many letters as Jira does not take.
pub fn edited_here(directory: &Path, title: &str) -> ItemDetail {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let app = open(directory).await.expect("opens");
        let page = ItemsArgs {
            integration_id: None,
            after: 0,
            limit: 1,
        };
        let item = app.items(page).await.expect("items").items.remove(0);
        let edit = EditArgs {
            item_id: item.id,
            field: "title".to_owned(),
            value: EditValue::Text { text: title.into() },
        };
        let edited = app.item_edit(edit).await.expect("edited").item;
        app.shutdown().await;
        edited
    })
}

/// The database of a data directory.
pub fn database(directory: &Path) -> PathBuf {
    directory.join("lockstep.sqlite")
}

/// Looks into a database without changing it: not even its write-ahead log is brought in when it is closed.
pub fn look(directory: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database(directory), flags).expect("a database");
    connection
        .set_db_config(
            rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
            true,
        )
        .expect("a setting");
    connection
}

/// Everything in a workspace that an import makes, table by table, a line a row: items, values, pairs, what both
/// sides agreed on, people, choices, the journal, and what became of the rows and the counts of the run that is
/// done. Left out are moments, and the numbers of runs and of their rows: an import that was begun anew has others.
pub fn contents(directory: &Path) -> BTreeMap<String, Vec<String>> {
    const LEFT_OUT: &[&str] = &["sqlite_sequence", "schema_snapshot", "setting"];
    let connection = look(directory);
    let tables = strings(
        &connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    );
    tables
        .into_iter()
        .filter(|table| !LEFT_OUT.contains(&table.as_str()))
        .map(|table| {
            let rows = rows(&connection, &table);
            (table, rows)
        })
        .collect()
}

fn rows(connection: &Connection, table: &str) -> Vec<String> {
    let moment = |column: &str| column == "at" || column.ends_with("_at") || column == "cursor";
    let number = |column: &str| ["run_id", "row_seq", "journal_seq"].contains(&column);
    let columns: Vec<String> = strings(
        connection,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
    )
    .into_iter()
    .filter(|column| !number(column))
    .filter(|column| column == "remote_updated_at" || !moment(column))
    .collect();
    let only = match table {
        "run" => "WHERE state = 'done'",
        "run_row" => "WHERE run_id IN (SELECT run_id FROM run WHERE state = 'done')",
        _ => "",
    };
    let sql = format!("SELECT {} FROM {table} {only}", columns.join(", "));
    let mut statement = connection.prepare(&sql).expect("a query");
    let mut found = statement.query([]).expect("rows");
    let mut lines = Vec::new();
    while let Some(row) = found.next().expect("a row") {
        let cells: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cell = match row.get_ref(at).expect("a cell") {
                    ValueRef::Null => "-".to_owned(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Real(number) => number.to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
                };
                format!("{column}={cell}")
            })
            .collect();
        lines.push(cells.join(" "));
    }
    lines.sort();
    lines
}

/// The first column of a query, as text.
pub fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("a query");
    let found = statement
        .query_map([], |row| row.get::<_, String>(0))
        .expect("rows");
    found.map(|row| row.expect("text")).collect()
}

/// Compares contents and names the first difference.
#[track_caller]
pub fn assert_same(
    expected: &BTreeMap<String, Vec<String>>,
    found: &BTreeMap<String, Vec<String>>,
    when: &str,
) {
    for (table, rows) in expected {
        let others = &found[table];
        let differs = rows.iter().zip(others).find(|(left, right)| left != right);
        assert_eq!(differs, None, "{when}: {table} differs");
        assert_eq!(rows.len(), others.len(), "{when}: rows of {table}");
    }
}

/// Copies a data directory that nobody uses.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}
