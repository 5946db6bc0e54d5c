//! Comparing names that people gave: case, accents and punctuation aside.

use unicode_normalization::UnicodeNormalization;

/// The least similarity at which two names count as meaning the same.
pub(crate) const ALIKE: f64 = 0.75;

/// A name without what two spellings of it differ in: case, accents of Latin letters, punctuation, blanks.
pub(crate) fn fold(name: &str) -> String {
    let plain: String = name
        .nfkd()
        // Only the accents of Latin, Greek and Cyrillic: in other scripts marks tell words apart.
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let folded = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.is_empty() {
        name.trim().to_lowercase()
    } else {
        folded
    }
}

/// Whether two names are the same, spelling aside. Nothing is the same as an empty name.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let folded = fold(a);
    !folded.is_empty() && folded == fold(b)
}

/// How alike two names are, from 0 (nothing in common) to 1 (the same, spelling aside).
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (fold(a), fold(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    strsim::normalized_damerau_levenshtein(&a, &b).max(0.95 * shared_words(&a, &b))
}

/// A similarity in percent.
pub(crate) fn percent(similarity: f64) -> u8 {
    (similarity * 100.0).round().clamp(0.0, 100.0) as u8
}

/// Share of words that two names have in common.
fn shared_words(a: &str, b: &str) -> f64 {
    let a: Vec<&str> = a.split(' ').collect();
    let mut rest: Vec<&str> = b.split(' ').collect();
    let all = a.len() + rest.len();
    let mut shared = 0;
    for word in a {
        if let Some(place) = rest.iter().position(|other| *other == word) {
            rest.swap_remove(place);
            shared += 2;
        }
    }
    f64::from(shared) / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_punctuation_make_no_difference() {
        for (a, b) in [
            ("Sub-task", "sub  TASK"),
            ("Épopée", "epopee"),
            ("Größe", "GRÖSSE".replace("SS", "ß").as_str()),
            ("Quarter / release", "quarter release"),
        ] {
            assert!(same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn marks_that_tell_words_apart_are_kept() {
        assert!(!same("か", "が"));
        assert!(!same("", ""));
    }

    proptest! {
        #[test]
        fn similarity_is_a_share_and_symmetric(a in ".{0,12}", b in ".{0,12}") {
            let there = similarity(&a, &b);
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert!((there - similarity(&b, &a)).abs() < 1e-9);
        }
    }
}
