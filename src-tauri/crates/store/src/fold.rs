//! Text made comparable: what people take for the same word becomes the same letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents, compatibility forms resolved: `Straße Čeština` finds `straße cestina`.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[track_caller]
    fn check(text: &str, folded: &str) {
        assert_eq!(fold(text), folded);
    }

    #[test]
    fn case_accents_and_wide_letters_make_no_difference() {
        check("Čeština", "cestina");
        check("ＡＢＣ-12", "abc-12");
        check("Überprüfung", "uberprufung");
        check("日本語", "日本語");
        check("PAY-7 Ship it", "pay-7 ship it");
    }
}
