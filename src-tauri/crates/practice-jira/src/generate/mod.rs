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

#[cfg(test)]
mod tests {
    use super::site;
    use crate::config::SiteConfig;
    use sha2::{Digest as _, Sha256};

    fn check(config: &SiteConfig, expected: &str) {
        let digest = hex::encode(Sha256::digest(format!("{:?}", site(config))));
        assert_eq!(digest, expected);
    }

    /// Measurements and pictures are compared over time, so the data behind them must not drift unnoticed. Whoever changes
    /// what is invented on purpose changes the digest with it.
    #[test]
    fn a_seed_gives_the_cloud_site_that_it_always_gave() {
        check(
            &SiteConfig::cloud(400, 7),
            "b6abbb73e056b1851f4d77771f356133a072749f279a4e8c35980f3515104205",
        );
    }

    #[test]
    fn a_seed_gives_the_data_center_site_that_it_always_gave() {
        check(
            &SiteConfig::data_center(400, 7),
            "22a9fe2b4a55f74335affbb8f2488379b7eb1348c4c5457ff7590778295e84aa",
        );
    }
}
