//! Every recorded or documented payload is read by a test, or stands here with the reason why not.

use super::kit::fixtures;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What no test of this crate reads, and why.
const UNREAD: &[(&str, &str)] = &[
    ("SOURCES.tsv", "says where the others come from"),
    (
        "createmeta-old/cloud-get-jira-project-metadata.json",
        "another program's own extract, not an answer of Jira's",
    ),
    (
        "createmeta-old/server-get-jira-project-metadata.json",
        "another program's own extract, not an answer of Jira's",
    ),
    (
        "spec-examples/cloud-v3-createmeta-issuetypes.json",
        "types are read with their project, which tells their levels too",
    ),
    (
        "spec-examples/cloud-v3-project-hierarchy.json",
        "levels are read with the types",
    ),
    (
        "spec-examples/cloud-v3-dynamic-webhooks.json",
        "such webhooks are for apps; an API token cannot have them",
    ),
    (
        "spec-examples/cloud-v3-transition-request.json",
        "what another program may send; ours is held against the description",
    ),
    (
        "spec-examples/cloud-v3-issue-create-request.json",
        "what another program may send; ours is held against the description",
    ),
    (
        "spec-examples/cloud-v3-issue-edit-request.json",
        "what another program may send; ours is held against the description",
    ),
    (
        "spec-examples/cloud-v3-issue-bulk-201.json",
        "issues are made one by one, each with its marker",
    ),
    (
        "spec-examples/cloud-v3-issue-bulk-400.json",
        "issues are made one by one, each with its marker",
    ),
    (
        "spec-examples/cloud-v3-remotelink-201.json",
        "no remote links are made",
    ),
];

/// Folders of which a test reads every file.
const READ_WHOLE: &[&str] = &["webhooks/"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_fixture_is_read_or_stands_in_the_list_of_those_that_are_not() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests");
    let sources: String = (files(&here).iter())
        .filter(|path| !path.ends_with("fixtures.rs"))
        .map(|path| std::fs::read_to_string(path).expect("text"))
        .collect();
    let unread: BTreeMap<&str, &str> = UNREAD.iter().copied().collect();
    let (mut wrong, mut present) = (Vec::new(), BTreeSet::new());
    for path in files(&fixtures()) {
        let name = path.strip_prefix(fixtures()).expect("inside");
        let name = name.to_string_lossy().replace('\\', "/");
        let read = READ_WHOLE.iter().any(|folder| name.starts_with(folder))
            || sources.contains(&format!("\"{name}\""));
        match (read, unread.contains_key(name.as_str())) {
            (false, false) => wrong.push(format!("{name}: read by no test, for no reason")),
            (true, true) => wrong.push(format!("{name}: read after all")),
            _ => {}
        }
        present.insert(name);
    }
    let gone = unread.keys().filter(|name| !present.contains(**name));
    wrong.extend(gone.map(|name| format!("{name}: is not there")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
