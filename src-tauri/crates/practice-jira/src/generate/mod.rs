//! Invents a company: a satellite-imaging firm with its platform, its operations and a growth team.

mod documents;
mod fields;
mod issues;
mod people;
mod projects;
mod words;

pub(crate) use documents::{blocks, comment_blocks};

use crate::config::SiteConfig;
use crate::state::Data;
use crate::time::Millis;

/// The moment at which the invented past ends: 2026-11-01T00:00:00Z. Output never depends on the clock.
pub(crate) const EPOCH: Millis = 1_793_491_200_000;

/// Builds the whole site from its configuration.
pub(crate) fn site(config: &SiteConfig) -> Data {
    let mut data = Data {
        next_issue: 10_000,
        next_other: 100_000,
        ..Data::default()
    };
    people::add(&mut data, config);
    projects::add(&mut data, config);
    fields::add(&mut data, config);
    issues::add(&mut data, config);
    data
}
