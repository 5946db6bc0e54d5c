//! A workspace, the engine and a practice site in one process, in virtual time: stories of random edits on both sides,
//! of requests that get lost, answers that are cut, programs that end anywhere; then quiet. What has to hold of fields,
//! pairs and new issues then is said in [`fields`], [`fates`] and [`made`]; and of all of them:
//!
//! - there are as many issues and items as there have to be;
//! - both sides hold the same, whatever field is compared;
//! - one more cycle asks once, does nothing, and writes nothing.
//!
//! A seed decides everything. `make sim` tells other stories than `make test`; one that ended badly becomes a line in
//! `bugs.txt` and is told each time.

mod fates;
mod fields;
mod made;
mod planted;
mod story;
mod wire;
mod world;

use planted::Planted;
use practice_jira::{Face, SiteConfig};
use story::story;
use world::Template;

/// As in the programs themselves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stories that each of the eight parts tells: 2,000 in all. `make sim` takes more.
const SEEDS: u64 = 250;
/// Stories in which a mistake that is made on purpose has to be found.
const SEEDS_PLANTED: u64 = 200;

fn config(face: Face) -> SiteConfig {
    match face {
        Face::Cloud => SiteConfig::cloud(60, 3),
        Face::DataCenter => SiteConfig::data_center(60, 3),
    }
}

/// A number from the environment.
fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The stories of one of several parts: parts are told beside each other.
async fn tell(face: Face, part: u64, parts: u64) {
    let template = Template::new(config(face)).await;
    let first = given("LOCKSTEP_SIM_FIRST").unwrap_or(0);
    let seeds = given("LOCKSTEP_SIM_SEEDS").unwrap_or(SEEDS * parts);
    for seed in (first..first + seeds).filter(|seed| seed % parts == part) {
        retell(&template, face, seed).await;
    }
}

async fn retell(template: &Template, face: Face, seed: u64) {
    if let Err(told) = story(template, seed, Planted::Nothing).await {
        for line in told {
            eprintln!("{line}");
        }
        panic!("seed {seed} of {face:?} fails; make sim FIRST={seed} SEEDS=1 repeats it");
    }
}

#[tokio::test]
async fn a_mistake_made_on_purpose_is_found() {
    let template = Template::new(config(Face::Cloud)).await;
    for planted in Planted::ALL {
        let mut found = None;
        for seed in 0..SEEDS_PLANTED {
            if story(&template, seed, planted).await.is_err() {
                found = Some(seed);
                break;
            }
        }
        let seed = found.unwrap_or_else(|| panic!("{planted:?} is not found"));
        println!("{planted:?} is found by seed {seed}");
    }
}

#[tokio::test]
async fn what_once_went_wrong_goes_well() {
    for line in include_str!("bugs.txt").lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (face, seed) = line.split_once(' ').expect("a face and a seed");
        let face = match face {
            "cloud" => Face::Cloud,
            "data-center" => Face::DataCenter,
            other => panic!("{other} is no face"),
        };
        let template = Template::new(config(face)).await;
        retell(&template, face, seed.parse().expect("a seed")).await;
    }
}

macro_rules! parts {
    ($($name:ident: $face:ident, $part:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            tell(Face::$face, $part, 4).await;
        }
    )*};
}

parts! {
    nothing_is_lost_and_both_sides_agree_on_cloud_1: Cloud, 0;
    nothing_is_lost_and_both_sides_agree_on_cloud_2: Cloud, 1;
    nothing_is_lost_and_both_sides_agree_on_cloud_3: Cloud, 2;
    nothing_is_lost_and_both_sides_agree_on_cloud_4: Cloud, 3;
    nothing_is_lost_and_both_sides_agree_on_data_center_1: DataCenter, 0;
    nothing_is_lost_and_both_sides_agree_on_data_center_2: DataCenter, 1;
    nothing_is_lost_and_both_sides_agree_on_data_center_3: DataCenter, 2;
    nothing_is_lost_and_both_sides_agree_on_data_center_4: DataCenter, 3;
}
