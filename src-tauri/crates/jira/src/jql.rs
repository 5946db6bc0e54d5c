//! Building JQL: quoting, and putting an admin's own filter together with ours.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A text in quotes, safe whatever it holds.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A filter without its `ORDER BY`, which is looked for outside quotes only.
#[must_use]
pub fn strip_order_by(jql: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    let mut word_start = true;
    for (place, letter) in jql.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if word_start && is_order_by(&jql[place..]) => return jql[..place].trim_end(),
            None => {}
        }
        word_start = letter.is_whitespace() || letter == ')' || letter == '"' || letter == '\'';
    }
    jql.trim_end()
}

fn is_order_by(rest: &str) -> bool {
    let Some(head) = rest.get(..5) else {
        return false;
    };
    let after = rest[5..].trim_start();
    head.eq_ignore_ascii_case("order")
        && rest[5..].starts_with(char::is_whitespace)
        && after
            .get(..2)
            .is_some_and(|word| word.eq_ignore_ascii_case("by"))
        && after[2..].chars().next().is_none_or(char::is_whitespace)
}

/// Every condition at once; empty ones are left out.
#[must_use]
pub fn all_of(conditions: &[&str]) -> String {
    let kept: Vec<String> = conditions
        .iter()
        .map(|condition| condition.trim())
        .filter(|condition| !condition.is_empty())
        .map(|condition| format!("({condition})"))
        .collect();
    kept.join(" AND ")
}

/// Issues of a project.
#[must_use]
pub fn in_project(key: &str) -> String {
    format!("project = {}", quote(key))
}

/// Issues that changed at or after a moment. JQL knows minutes only and reads them in the time zone of the
/// account, so the moment is taken down to its minute there; where clocks go back and that minute happens
/// twice, some more is taken.
#[must_use]
pub fn updated_since(moment: Timestamp, account_time_zone: &TimeZone) -> String {
    since("updated", moment, account_time_zone)
}

/// Issues that were made at or after a moment, which is read as by [`updated_since`].
#[must_use]
pub fn created_since(moment: Timestamp, account_time_zone: &TimeZone) -> String {
    since("created", moment, account_time_zone)
}

fn since(field: &str, moment: Timestamp, account_time_zone: &TimeZone) -> String {
    let mut there = account_time_zone.to_datetime(moment);
    if account_time_zone
        .to_ambiguous_timestamp(there)
        .is_ambiguous()
    {
        let earlier = moment.saturating_sub(FOLD_MAX).unwrap_or(Timestamp::MIN);
        there = account_time_zone.to_datetime(earlier);
    }
    format!(
        "{field} >= {}",
        quote(&there.strftime("%Y-%m-%d %H:%M").to_string())
    )
}

/// More than clocks go back by.
const FOLD_MAX: std::time::Duration = std::time::Duration::from_secs(2 * 3600);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(jql: &str, kept: &str) {
        assert_eq!(strip_order_by(jql), kept);
    }

    #[test]
    fn an_order_at_the_end_is_cut() {
        check("labels = x ORDER BY rank", "labels = x");
        check("labels = x order  by\nrank desc", "labels = x");
        check("ORDER BY created", "");
        check("(a = b)ORDER BY c", "(a = b)");
    }

    #[test]
    fn an_order_within_quotes_stays() {
        check(
            "summary ~ \"how to order by mail\"",
            "summary ~ \"how to order by mail\"",
        );
        check(
            "summary ~ \"a \\\" order by b\" order by c",
            "summary ~ \"a \\\" order by b\"",
        );
        check("summary ~ 'order by' ORDER BY x", "summary ~ 'order by'");
    }

    #[test]
    fn a_field_that_only_begins_like_it_stays() {
        check("orderby = 1 AND reorder = 2", "orderby = 1 AND reorder = 2");
    }

    #[test]
    fn a_moment_is_written_in_the_time_zone_of_the_account() {
        let moment: Timestamp = "2026-11-23T22:59:59Z".parse().expect("a moment");
        let zone = TimeZone::get("Asia/Tokyo").expect("a zone");
        assert_eq!(
            updated_since(moment, &zone),
            "updated >= \"2026-11-24 07:59\""
        );
    }

    #[test]
    fn nothing_is_missed_in_the_hour_that_happens_twice() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        for (moment, there) in [
            ("2026-10-25T00:30:00Z", "2026-10-25 00:30"),
            ("2026-10-25T01:30:00Z", "2026-10-25 01:30"),
            ("2026-10-25T02:30:00Z", "2026-10-25 03:30"),
        ] {
            let moment: Timestamp = moment.parse().expect("a moment");
            assert_eq!(
                updated_since(moment, &zone),
                format!("updated >= \"{there}\"")
            );
        }
    }

    proptest! {
        #[test]
        fn a_quoted_text_ends_where_it_should(text in "\\PC{0,30}") {
            let jql = format!("summary ~ {} ORDER BY rank", quote(&text));
            prop_assert_eq!(strip_order_by(&jql), format!("summary ~ {}", quote(&text)));
        }

        #[test]
        fn cutting_twice_changes_nothing(jql in "\\PC{0,60}") {
            let once = strip_order_by(&jql);
            prop_assert_eq!(strip_order_by(once), once);
        }
    }
}
