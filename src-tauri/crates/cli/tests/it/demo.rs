//! The demonstration brings in everything that its site holds, field by field. The site is made a second time in
//! the test, from the same few numbers, and asked directly.

use crate::kit::{database, lockstep, look, ran};
use lockstep_tests::Served;
use lockstep_tests::equality::{Links, compare};
use practice_jira::{Face, SiteConfig};

/// Issues; `LOCKSTEP_DEMO_ISSUES` asks for another number.
fn issues() -> usize {
    let asked = std::env::var("LOCKSTEP_DEMO_ISSUES").ok();
    asked.map_or(10_000, |number| number.parse().expect("a number"))
}

fn check(face: Face) {
    let directory = tempfile::tempdir().expect("a directory");
    let issues = issues();
    let arguments = [
        "demo",
        "--face",
        &face.to_string(),
        "--issues",
        &issues.to_string(),
        "--json",
    ];
    let ended = ran(lockstep(directory.path(), &arguments));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let report = ended.json();
    let seed: i64 = look(directory.path())
        .query_row("SELECT practice_seed FROM connection", [], |row| row.get(0))
        .expect("the seed of the practice site");
    let seed = u64::try_from(seed).expect("a seed");
    let served = Served::start(match face {
        Face::Cloud => SiteConfig::cloud(issues, seed),
        Face::DataCenter => SiteConfig::data_center(issues, seed),
    });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let compared = runtime.block_on(compare(&database(directory.path()), &served, Links::Whole));
    println!("{compared:?}");
    assert_eq!(report["items"].as_u64(), Some(compared.items as u64));
    assert_eq!(
        report["issues"].as_u64(),
        Some((compared.items + compared.left_out) as u64)
    );
    assert_eq!(
        compared.items + compared.left_out,
        served.site().issue_count(None)
    );
    assert!(compared.below * 2 > compared.items, "a tree: {compared:?}");
    assert!(compared.fields.len() >= 12, "{compared:?}");
}

#[test]
fn the_demonstration_on_cloud_equals_its_site_item_by_item() {
    check(Face::Cloud);
}

#[test]
fn the_demonstration_on_data_center_equals_its_site_item_by_item() {
    check(Face::DataCenter);
}
