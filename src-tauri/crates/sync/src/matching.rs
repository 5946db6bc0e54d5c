//! How likely it is that an item and an issue that were never linked are the same thing.

use crate::names::{percent, similarity};

/// Share of the title in a score; the rest is the type's and the parent's.
const TITLE: f64 = 0.7;
const TYPE: f64 = 0.15;
const PARENT: f64 = 0.15;

/// What is compared of an item and an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'c> {
    /// The item's title.
    pub here: &'c str,
    /// The title.
    pub there: &'c str,
    /// Whether the type is mapped to the item's.
    pub same_type: bool,
    /// Whether both stand below the same thing; none where that cannot be told.
    pub same_parent: Option<bool>,
}

/// How likely it is that they are the same, in percent: 100 for the same title, type and parent. Where nothing is
/// known of the parent, the title and the type count for more.
#[must_use]
pub fn score(candidate: &Candidate<'_>) -> u8 {
    let share = |yes: bool, share: f64| if yes { share } else { 0.0 };
    let title = similarity(candidate.here, candidate.there) * TITLE;
    let kind = share(candidate.same_type, TYPE);
    percent(match candidate.same_parent {
        Some(same) => title + kind + share(same, PARENT),
        None => (title + kind) / (1.0 - PARENT),
    })
}

#[cfg(test)]
mod tests {
    use super::{Candidate, score};

    #[track_caller]
    fn check(there: &str, same_type: bool, same_parent: Option<bool>, expected: u8) {
        let candidate = Candidate {
            here: "Sign in with a link",
            there,
            same_type,
            same_parent,
        };
        assert_eq!(score(&candidate), expected);
    }

    #[test]
    fn the_same_title_type_and_parent_are_the_same_thing() {
        check("sign-in with a link", true, Some(true), 100);
        check("sign-in with a link", true, None, 100);
    }

    #[test]
    fn another_type_or_parent_takes_something_off() {
        check("Sign in with a link", false, Some(true), 85);
        check("Sign in with a link", true, Some(false), 85);
        check("Sign in with a link", false, None, 82);
    }

    #[test]
    fn a_title_of_other_words_is_hardly_alike() {
        let candidate = Candidate {
            here: "Sign in with a link",
            there: "Refund a card",
            same_type: true,
            same_parent: Some(true),
        };
        assert!(score(&candidate) < 60);
    }
}
