//! What scripts rely on: names of flags and members, exit codes, where words go, and that no secret is anywhere.

use crate::kit::{Ended, connect, database, end, fed, integrate, integrated, lockstep, ran, works};
use lockstep_tests::Served;
use practice_jira::{Refusal, SiteConfig};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

fn ready(config: SiteConfig) -> (Served, tempfile::TempDir) {
    let (served, directory) = (
        Served::start(config),
        tempfile::tempdir().expect("a directory"),
    );
    integrated(directory.path(), &served);
    (served, directory)
}

fn keys(value: &Value) -> Vec<&str> {
    let members = value.as_object().expect("an object");
    members.keys().map(String::as_str).collect()
}

#[track_caller]
fn check_keys(value: &Value, expected: &[&str]) {
    assert_eq!(keys(value), expected);
}

const RUN: [&str; 14] = [
    "id",
    "integration_id",
    "integration_name",
    "state",
    "resumes",
    "done",
    "total",
    "rate_per_s",
    "seconds_left",
    "counts",
    "started_at",
    "ended_at",
    "problem",
    "undoable",
];

#[test]
fn every_command_prints_json_with_the_members_that_are_documented() {
    let (served, directory) = ready(SiteConfig::cloud(60, 3));
    let directory = directory.path();
    let json = |arguments: &[&str]| works(directory, arguments).json();
    let projects = json(&["projects", "--connection", "acme", "--json"]);
    check_keys(
        &projects["projects"][0],
        &["id", "key", "name", "team_managed", "integrations"],
    );
    let project = served.project();
    let boards = json(&[
        "boards",
        "--connection",
        "acme",
        "--project",
        &project,
        "--json",
    ]);
    check_keys(&boards[0], &["id", "name", "kind"]);
    let mapping = json(&["mapping", "--integration", "main", "--json"]);
    let file = directory.join("mapping.json");
    std::fs::write(&file, mapping.to_string()).expect("a file");
    let file = file.to_string_lossy().into_owned();
    works(
        directory,
        &[
            "integrate",
            "--connection",
            "acme",
            "--project",
            &project,
            "--name",
            "main",
            "--mapping",
            &file,
        ],
    );
    let again = json(&["mapping", "--integration", "main", "--json"]);
    assert_eq!(again, mapping, "what mapping prints, integrate reads");
    let plan = json(&["plan", "--integration", "main", "--json"]);
    check_keys(&plan, &["run", "summary", "rows"]);
    check_keys(&plan["run"], &RUN);
    assert_eq!(plan["run"]["state"], "planned");
    let import = json(&["import", "--integration", "main", "--json"]);
    check_keys(&import, &["run", "failures"]);
    check_keys(&import["run"], &RUN);
    assert_eq!(import["run"]["state"], "done");
    let status = json(&["status", "--json"]);
    check_keys(
        &status,
        &["version", "items", "connections", "integrations"],
    );
    check_keys(&status["integrations"][0], &["integration", "last_run"]);
    let items = works(directory, &["items", "--integration", "main", "--json"]);
    let lines: Vec<&str> = items.out.lines().collect();
    assert_eq!(Some(lines.len() as u64), status["items"].as_u64());
    let item: Value = serde_json::from_str(lines[0]).expect("an item a line");
    check_keys(
        &item,
        &[
            "id",
            "title",
            "item_type",
            "area_id",
            "ancestors",
            "children",
            "children_total",
            "link",
            "fields",
            "created_at",
        ],
    );
    let all = works(directory, &["items", "--json"]);
    assert_eq!(all.out, items.out, "all items are of this integration");
    let undone = json(&["undo", "--integration", "main", "--json"]);
    check_keys(&undone, &RUN);
    assert_eq!(undone["state"], "undone");
}

#[track_caller]
fn check_code(ended: &Ended, code: i32, words: &str) {
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains(words), "{}", ended.err);
    assert_eq!(ended.out, "", "what went wrong is told on standard error");
}

#[test]
fn wrong_use_ends_with_2_and_names_what_there_is() {
    let (_served, directory) = ready(SiteConfig::cloud(60, 3));
    let run = |arguments: &[&str]| ran(lockstep(directory.path(), arguments));
    check_code(&run(&["import"]), 2, "--integration");
    check_code(&run(&["fly"]), 2, "fly");
    check_code(&run(&["import", "--integration", "other"]), 2, "main");
    check_code(&run(&["projects", "--connection", "other"]), 2, "acme");
    check_code(&run(&["undo", "--integration", "main"]), 2, "no import");
}

#[test]
fn a_failure_ends_with_1_and_says_why_and_what_to_do() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let (command, _) = connect(directory.path(), &served);
    let ended = fed(command, "wrong");
    check_code(&ended, 1, "Why:");
    assert!(ended.err.contains("Cure:"), "{}", ended.err);
    let (command, _) = connect(directory.path(), &served);
    check_code(&fed(command, ""), 2, "no token or password");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    served.site().faults_mut().basic_disabled = Some(false);
    served.site().record();
    let user = served.site().credentials().user;
    let arguments = ["connect", "--name", "acme", "--url", &served.url];
    let mut command = lockstep(directory.path(), &arguments);
    command.args(["--user", &user, "--secret-stdin"]);
    let ended = fed(command, "wrong");
    check_code(&ended, 1, "does not accept the credentials");
    let sent = served.site().take_recording();
    let signed = (sent.iter()).filter(|sent| sent.request.headers().contains_key("authorization"));
    assert_eq!(signed.count(), 1);
}

/// What writes or talks to Jira is refused beside a process that has the data directory, with words that say
/// what is not.
#[track_caller]
fn check_refused_beside(directory: &Path, served: &Served) {
    let run = |arguments: &[&str]| ran(lockstep(directory, arguments));
    let (connecting, secret) = connect(directory, served);
    let serving = run(&["serve", "--no-sync"]);
    for ended in [
        run(&["plan", "--integration", "main"]),
        run(&["import", "--integration", "main"]),
        run(&["undo", "--integration", "main"]),
        run(&["projects", "--connection", "acme"]),
        run(&["boards", "--connection", "acme", "--project", "X"]),
        ran(integrate(directory, served)),
        fed(connecting, &secret),
        serving,
    ] {
        check_code(&ended, 1, "Lockstep is open already");
        assert!(ended.err.contains("“lockstep status”"), "{}", ended.err);
    }
}

#[test]
fn beside_an_import_commands_that_read_work_and_others_are_refused() {
    let (served, directory) = ready(SiteConfig::cloud(300, 3));
    let directory = directory.path();
    let mapping = works(directory, &["mapping", "--integration", "main", "--json"]);
    let before = served.asked();
    works(directory, &["plan", "--integration", "main"]);
    // Held back is an answer in the middle of what a plan reads.
    served.hold_after(served.asked() - before - 2);
    let first = lockstep(directory, &["import", "--integration", "main"])
        .spawn()
        .expect("starts");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(served.held());
    // Whoever asks Jira now waits as long as the test does.
    let status = works(directory, &["status"]);
    assert!(
        status.out.contains("items linked, reading"),
        "{}",
        status.out
    );
    let status = works(directory, &["status", "--json"]).json();
    let last = &status["integrations"][0]["last_run"];
    check_keys(last, &RUN);
    assert_eq!(
        (&last["state"], &last["resumes"]),
        (&"reading".into(), &Value::Null)
    );
    assert_eq!(works(directory, &["items", "--json"]).out, "");
    let beside = works(directory, &["mapping", "--integration", "main", "--json"]);
    assert_eq!(beside.out, mapping.out);
    check_refused_beside(directory, &served);
    served.release();
    let first = end(first);
    assert_eq!(first.code, 0, "{}", first.err);
    let items = works(directory, &["items", "--json"]);
    assert_eq!(
        items.out.lines().count(),
        served.issues(&served.project()).len()
    );
}

/// Asks for every change there is.
const EVERYTHING: &str = r#"{"limit": 1}"#;

/// What `serve` answers to somebody who came by the address that it printed.
fn posted(address: &str, path: &str, body: &str) -> String {
    let address = address.trim_start_matches("http://");
    let (host, token) = address.split_once("/#token=").expect("an address");
    let mut connection = TcpStream::connect(host).expect("it listens");
    let length = body.len();
    write!(
        connection,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn beside_a_window_what_is_imported_can_be_read_and_nothing_is_changed() {
    let (served, directory) = ready(SiteConfig::cloud(60, 3));
    let directory = directory.path();
    works(directory, &["import", "--integration", "main"]);
    let all: [&[&str]; 3] = [
        &["items", "--json"],
        &["status", "--json"],
        &["mapping", "--integration", "main", "--json"],
    ];
    let alone = all.map(|arguments| works(directory, arguments).out);
    let mut serving = lockstep(directory, &["serve", "--no-sync"])
        .spawn()
        .expect("starts");
    let mut address = String::new();
    BufReader::new(serving.stdout.as_mut().expect("a pipe"))
        .read_line(&mut address)
        .expect("an address");
    assert!(
        address.starts_with("http://127.0.0.1:") && address.contains("#token="),
        "{address}"
    );
    let saved = posted(address.trim(), "/export/activity", EVERYTHING);
    assert!(saved.contains("content-type: text/csv"), "{saved}");
    let begins = saved.find("\u{feff}WHEN,FROM,").expect("a table");
    let items = alone[0].lines().count();
    let rows = saved[begins..].lines().count();
    assert!(items > 0 && rows > items, "{rows} rows of {items} items");
    let unread = posted(address.trim(), "/export/activity", "{}");
    assert!(unread.contains("bad_request"), "{unread}");
    let files = || {
        let log = directory.join("lockstep.sqlite-wal");
        [database(directory), log, directory.join("secrets.age")]
            .map(|path| std::fs::read(path).ok())
    };
    let before = files();
    let beside = all.map(|arguments| {
        let mut command = lockstep(directory, arguments);
        // A guest has no use for secrets, however they are kept.
        command.env("LOCKSTEP_SECRET_PASSPHRASE", "wrong");
        ran(command).out
    });
    assert_eq!(beside, alone);
    check_refused_beside(directory, &served);
    assert_eq!(files(), before);
    serving.kill().expect("ends");
    serving.wait().expect("ends");
    works(directory, &["status"]);
}

#[test]
fn an_import_that_has_to_wait_says_for_what_and_goes_on_by_itself() {
    let (served, directory) = ready(SiteConfig::cloud(300, 3));
    let before = served.asked();
    works(directory.path(), &["plan", "--integration", "main"]);
    // Held back is an answer in the middle of what a plan reads.
    served.hold_after(served.asked() - before - 2);
    let mut command = lockstep(directory.path(), &["import", "--integration", "main"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(served.held());
    let refusal = Refusal {
        status: 503,
        retry_after_s: Some(1),
        reason: None,
    };
    let refusals = std::iter::repeat_n(refusal, 99);
    served.site().faults_mut().scripted.extend(refusals);
    served.release();
    let told = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut waited = false;
    for line in told.lines() {
        let line = line.expect("text");
        if line.starts_with("Waiting, then going on by itself: ") {
            waited = true;
            served.site().faults_mut().scripted.clear();
        }
    }
    assert!(waited, "it says for what it waits");
    let ended = end(child);
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert!(ended.out.starts_with("Imported: "), "{}", ended.out);
}

/// Lets the operating system refuse to write files beyond their present size and some more, as a quota does.
#[cfg(unix)]
fn with_a_quota(command: &Command, directory: &Path, more_kib: u64) -> Command {
    let size = std::fs::metadata(database(directory)).map_or(0, |file| file.len());
    let limit_kib = size / 1024 + more_kib;
    let mut limited = Command::new("bash");
    // The signal that comes with the refusal would end the program before it is told.
    limited
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {limit_kib}; exec \"$0\" \"$@\""
        ))
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

#[cfg(unix)]
#[test]
fn an_import_that_the_disk_stops_says_so_and_goes_on_with_the_same_command() {
    for more_kib in [64, 1500] {
        let (served, directory) = ready(SiteConfig::cloud(400, 3));
        let command = lockstep(directory.path(), &["import", "--integration", "main"]);
        let ended = ran(with_a_quota(&command, directory.path(), more_kib));
        check_code(&ended, 1, "The disk did not save");
        let arguments = ["import", "--integration", "main", "--json"];
        let import = works(directory.path(), &arguments).json();
        assert_eq!(import["run"]["state"], "done", "{import}");
        let there = served.issues(&served.project()).len();
        assert_eq!(import["run"]["counts"]["found"], there, "{import}");
        assert_eq!(import["failures"], Value::Array(Vec::new()), "{import}");
        // One line an item; of those that were made before the disk refused, none is there twice.
        let items = works(directory.path(), &["items", "--json"]);
        assert_eq!(items.out.lines().count(), there);
    }
}

#[cfg(unix)]
#[test]
fn an_import_that_somebody_interrupts_pauses_with_3_and_goes_on_with_the_same_command() {
    let (served, directory) = ready(SiteConfig::data_center(300, 3));
    let before = served.asked();
    works(directory.path(), &["plan", "--integration", "main"]);
    // Held back is an answer in the middle of what a plan reads.
    served.hold_after(served.asked() - before - 2);
    let child = lockstep(directory.path(), &["import", "--integration", "main"])
        .spawn()
        .expect("starts");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(served.held());
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(interrupted.success());
    served.release();
    let ended = end(child);
    if ended.code != 0 {
        check_code(&ended, 3, "run the command again to go on");
    }
    let import = works(
        directory.path(),
        &["import", "--integration", "main", "--json"],
    );
    assert_eq!(import.json()["run"]["state"], "done");
}

/// Lets the database do something to one issue of the next import, as if it had happened on the way; `{key}`
/// is the issue's key. Gives the import's end.
#[track_caller]
fn imported_with(trigger: &str) -> (String, Ended) {
    let (served, directory) = ready(SiteConfig::data_center(60, 3));
    let key = format!("{}-1", served.project());
    let connection = rusqlite::Connection::open(database(directory.path())).expect("opens");
    let trigger = trigger.replace("{key}", &key);
    connection.execute_batch(&trigger).expect("a trigger");
    drop(connection);
    let arguments = ["import", "--integration", "main", "--json"];
    (key, ran(lockstep(directory.path(), &arguments)))
}

#[track_caller]
fn check_listed(trigger: &str, outcome: &str) {
    let (key, ended) = imported_with(trigger);
    assert_eq!(ended.code, 3, "{}{}", ended.out, ended.err);
    let import = ended.json();
    let failures = import["failures"].as_array().expect("a list");
    let listed: Vec<_> = (failures.iter())
        .map(|row| (row["key"].as_str(), row["outcome"].as_str()))
        .collect();
    assert_eq!(listed, [(Some(key.as_str()), Some(outcome))]);
    assert!(failures[0]["reason_text"].is_string(), "{import}");
}

#[test]
fn an_issue_that_could_not_be_written_ends_with_3_and_is_listed() {
    check_listed(
        "CREATE TRIGGER refuse BEFORE UPDATE OF state ON run_row
         WHEN new.state = 'applied' AND old.remote_key = '{key}'
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "failed",
    );
}

#[test]
fn an_issue_that_could_not_be_read_ends_with_3_and_is_listed() {
    check_listed(
        "CREATE TRIGGER gone AFTER UPDATE OF remote_key ON run_row WHEN new.remote_key = '{key}'
         BEGIN
         UPDATE run_row SET state = 'excluded', reason_code = 'gone' WHERE row_seq = new.row_seq;
         UPDATE run SET excluded = excluded + 1 WHERE run_id = new.run_id;
         END",
        "failed",
    );
}

#[test]
fn an_issue_that_changed_meanwhile_ends_with_3_and_is_listed() {
    check_listed(
        "CREATE TRIGGER changed AFTER UPDATE OF state ON run WHEN new.state = 'applying'
         BEGIN
         UPDATE run_row SET state = 'skipped', reason_code = 'changed_in_jira'
         WHERE run_id = new.run_id AND remote_key = '{key}';
         END",
        "skipped",
    );
}

#[test]
fn issues_that_the_plan_passes_over_are_no_failures() {
    let (served, directory) = ready(SiteConfig::data_center(60, 3));
    let integrate = ["--connection", "acme", "--name", "main"];
    let mapping = works(
        directory.path(),
        &["mapping", "--integration", "main", "--json"],
    );
    let mut mapping = mapping.json();
    let types = mapping["types"].as_array_mut().expect("a list");
    types.pop().expect("a type");
    let file = directory.path().join("mapping.json");
    std::fs::write(&file, mapping.to_string()).expect("a file");
    let mut command = lockstep(directory.path(), &["integrate"]);
    command
        .args(integrate)
        .args(["--project", &served.project()]);
    command.arg("--mapping").arg(&file);
    assert_eq!(ran(command).code, 0);
    let import = works(
        directory.path(),
        &["import", "--integration", "main", "--json"],
    );
    let import = import.json();
    assert!(
        import["run"]["counts"]["skip"].as_u64() > Some(0),
        "{import}"
    );
    assert_eq!(import["failures"], Value::Array(Vec::new()));
}

#[test]
fn long_work_prints_plain_lines_in_a_pipe() {
    let (_served, directory) = ready(SiteConfig::cloud(60, 3));
    let ended = works(directory.path(), &["import", "--integration", "main"]);
    assert!(
        ended.err.lines().any(|line| line == "importing"),
        "{}",
        ended.err
    );
    assert!(
        !ended.err.contains('\u{1b}'),
        "no control characters: {:?}",
        ended.err
    );
    assert!(ended.out.starts_with("Imported: "), "{}", ended.out);
}

fn holds(path: &Path, word: &str) -> bool {
    let bytes = std::fs::read(path).expect("a file");
    bytes
        .windows(word.len())
        .any(|part| part == word.as_bytes())
}

#[test]
fn a_secret_is_no_argument_and_lies_in_no_file_that_can_be_read() {
    let (served, directory) = ready(SiteConfig::cloud(60, 3));
    let secret = served.form().secret;
    works(directory.path(), &["import", "--integration", "main"]);
    for entry in std::fs::read_dir(directory.path()).expect("a directory") {
        let path = entry.expect("an entry").path();
        assert!(
            !holds(&path, &secret),
            "{} holds the secret",
            path.display()
        );
    }
    for flag in ["--secret", "--token", "--password", "--passphrase"] {
        let ended = ran(lockstep(
            directory.path(),
            &["connect", "--name", "x", "--url", "x", "--pat", flag, "x"],
        ));
        assert_eq!(ended.code, 2, "{flag} is no flag");
    }
}

#[test]
fn a_password_of_a_proxy_is_no_argument_and_is_shown_nowhere() {
    let served = Served::start(SiteConfig::data_center(60, 3));
    let directory = tempfile::tempdir().expect("a directory");
    let (mut command, secret) = connect(directory.path(), &served);
    command.args(["--proxy", "http://ann:opensesame@proxy.example:3128"]);
    check_code(&fed(command, &secret), 2, "LOCKSTEP_PROXY_PASSWORD");
    let (mut command, secret) = connect(directory.path(), &served);
    command
        .args(["--proxy", "http://ann@proxy.example:3128", "--json"])
        .env("LOCKSTEP_PROXY_PASSWORD", "opensesame");
    let connected = fed(command, &secret);
    assert_eq!(connected.code, 0, "{}", connected.err);
    let status = works(directory.path(), &["status", "--json"]);
    for shown in [connected.json(), status.json()["connections"][0].clone()] {
        assert_eq!(shown["proxy"], "http://ann@proxy.example:3128");
    }
    for entry in std::fs::read_dir(directory.path()).expect("a directory") {
        let path = entry.expect("an entry").path();
        assert!(!holds(&path, "opensesame"), "{}", path.display());
    }
}

#[test]
fn a_data_directory_that_cannot_be_used_is_told_from_one_that_is_damaged_or_newer() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").expect("a file");
    let status = |directory: &Path| ran(lockstep(directory, &["status"]));
    check_code(&status(&file), 1, "cannot be written");
    let newer = directory.path().join("newer");
    works(&newer, &["status"]);
    let connection = rusqlite::Connection::open(database(&newer)).expect("opens");
    connection
        .pragma_update(None, "user_version", 999)
        .expect("a number");
    drop(connection);
    let before = std::fs::read(database(&newer)).expect("a file");
    check_code(&status(&newer), 1, "newer Lockstep");
    let damaged = directory.path().join("damaged");
    std::fs::create_dir(&damaged).expect("a directory");
    std::fs::write(database(&damaged), vec![7_u8; 8192]).expect("a file");
    check_code(&status(&damaged), 1, "damaged");
    assert_eq!(
        (
            std::fs::read(database(&newer)).ok(),
            std::fs::read(database(&damaged)).ok()
        ),
        (Some(before), Some(vec![7_u8; 8192])),
        "both are left as they were"
    );
}
