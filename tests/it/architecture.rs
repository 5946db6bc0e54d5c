//! Who may know whom. The table is the one in docs and design; an arrow that is not in it fails here, with the reason.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const SHELL: &str = "lockstep-desktop";
const TESTS: &str = "lockstep-tests";

/// A package, whom of the house it may know, and why not more.
const MAY_KNOW: &[(&str, &[&str], &str)] = &[
    (
        "workspace",
        &[],
        "the product side stands alone, so that it can be read and tested without anything else",
    ),
    (
        "sync",
        &["workspace"],
        "deciding is pure: it sees items and values, never where they are kept or come from",
    ),
    (
        "store",
        &["workspace", "sync"],
        "the database keeps what the product and the deciding are made of, and knows no outside system",
    ),
    (
        "jira",
        &[],
        "the Jira client is written as if published: it knows nothing of ours",
    ),
    (
        "practice-jira",
        &[],
        "the practice site is written as if published, and must not share the client's mistakes",
    ),
    (
        "relay-wire",
        &[],
        "the frames are all that the relay and the desktop share",
    ),
    (
        "relay",
        &["relay-wire"],
        "the relay is deployed and audited alone",
    ),
    (
        "engine",
        &[
            "workspace",
            "sync",
            "store",
            "jira",
            "practice-jira",
            "relay-wire",
        ],
        "the doing sits on everything below it, and knows no host and no screen",
    ),
    (
        "api",
        &["engine", "store", "sync", "workspace", "jira"],
        "the api turns what the engine and the rooms below it say into shapes and words; it reaches neither the network nor the practice site",
    ),
    (
        "cli",
        &["api"],
        "the command line is a host of the command table and has no rules of its own",
    ),
    (
        SHELL,
        &["api"],
        "the window is a host of the command table and has no rules of its own",
    ),
];

/// Packages without input, output, waiting, clock, chance or a format on the wire.
const PURE: &[&str] = &["workspace", "sync"];
const NEVER_IN_PURE: &[&str] = &[
    "serde",
    "serde_json",
    "tokio",
    "futures",
    "rusqlite",
    "reqwest",
    "http",
    "axum",
    "rand",
    "keyring",
    "tracing",
];

#[test]
fn packages_of_the_house_know_only_whom_they_may() {
    let house = house();
    let mut wrong = Vec::new();
    for (package, known) in &house {
        if package == TESTS {
            if known.iter().any(|name| name == SHELL) {
                wrong.push(format!("{TESTS} knows {SHELL}: system tests never link the web view; the real window is driven from outside"));
            }
            continue;
        }
        let Some((_, may, reason)) = MAY_KNOW.iter().find(|(name, ..)| name == package) else {
            wrong.push(format!(
                "{package} is new: say in this table whom it may know, and why not more"
            ));
            continue;
        };
        for name in known.iter().filter(|name| house.contains_key(*name)) {
            if !may.contains(&name.as_str()) {
                wrong.push(format!("{package} knows {name}: {reason}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_the_shell_says_tauri() {
    check_nobody(
        |package| package != SHELL,
        |dependency| dependency == "tauri" || dependency.starts_with("tauri-"),
        "every other host must work without a window",
    );
}

#[test]
fn the_pure_packages_stay_pure() {
    check_nobody(
        |package| PURE.contains(&package),
        |dependency| NEVER_IN_PURE.contains(&dependency),
        "no input or output, no waiting, no chance and no wire format where the product and the deciding live",
    );
}

fn check_nobody(package: impl Fn(&str) -> bool, dependency: impl Fn(&str) -> bool, reason: &str) {
    let wrong: Vec<String> = house()
        .into_iter()
        .filter(|(name, _)| package(name))
        .flat_map(|(name, known)| known.into_iter().map(move |known| (name.clone(), known)))
        .filter(|(_, known)| dependency(known))
        .map(|(name, known)| format!("{name} depends on {known}: {reason}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every package of the house with what it depends on, ours and others'. What only its own tests use does not count
/// for the product's packages: it is not shipped.
fn house() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the repository");
    let answer = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root)
        .output()
        .expect("cargo built this test, so it can be run");
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    let metadata: Value = serde_json::from_slice(&answer.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("cargo lists the packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .expect("cargo lists the dependencies");
            let known = dependencies
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| dependency["name"].as_str())
                .map(str::to_owned)
                .collect();
            (
                package["name"].as_str().unwrap_or_default().to_owned(),
                known,
            )
        })
        .collect()
}
