//! Building queries safely.
//!
//! A user's own query is data: before it becomes part of a larger one its `ORDER BY` is cut off and
//! it must be closed in itself, so that no bracket or quote of it can reach outside.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ids::IssueId;

/// Why a query cannot become part of a larger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JqlError {
    /// A bracket is not opened or not closed.
    #[error("a bracket has no partner")]
    Bracket,
    /// A quotation is not closed.
    #[error("a quotation mark has no partner")]
    Quote,
}

/// Writes a text as a quoted JQL value.
///
/// ```
/// assert_eq!(jira::jql::quote(r#"the "big" one"#), r#""the \"big\" one""#);
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // JQL refuses other control characters anywhere.
            control if control.is_control() => quoted.push(' '),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// The query without its `ORDER BY`, which is looked for outside quotations.
#[must_use]
pub fn strip_order_by(jql: &str) -> &str {
    let mut words = Words::new(jql);
    let mut order_at = None;
    while let Some(word) = words.next() {
        match order_at {
            Some(at) if word.text.eq_ignore_ascii_case("by") => return jql[..at].trim(),
            _ if word.text.eq_ignore_ascii_case("order") => order_at = Some(word.start),
            _ => order_at = None,
        }
    }
    jql.trim()
}

/// Checks that brackets and quotations are closed.
///
/// # Errors
/// See [`JqlError`].
pub fn check_closed(jql: &str) -> Result<(), JqlError> {
    let mut depth = 0_usize;
    let mut words = Words::new(jql);
    for word in words.by_ref() {
        match word.text {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1).ok_or(JqlError::Bracket)?,
            _ => {}
        }
    }
    if words.unclosed {
        return Err(JqlError::Quote);
    }
    if depth > 0 {
        return Err(JqlError::Bracket);
    }
    Ok(())
}

/// Joins conditions with AND, each in brackets and without its `ORDER BY`. Empty ones are left out.
///
/// # Errors
/// When a condition is not closed in itself.
pub fn all_of(conditions: &[&str]) -> Result<String, JqlError> {
    let mut joined = String::new();
    for condition in conditions {
        let condition = strip_order_by(condition);
        if condition.is_empty() {
            continue;
        }
        check_closed(condition)?;
        if !joined.is_empty() {
            joined.push_str(" AND ");
        }
        joined.push('(');
        joined.push_str(condition);
        joined.push(')');
    }
    Ok(joined)
}

/// The condition that an issue belongs to the project with this key or id.
#[must_use]
pub fn in_project(key_or_id: &str) -> String {
    if !key_or_id.is_empty() && key_or_id.bytes().all(|byte| byte.is_ascii_digit()) {
        // A quoted number could also be read as a name.
        format!("project = {key_or_id}")
    } else {
        format!("project = {}", quote(key_or_id))
    }
}

/// A user's query narrowed to one project.
///
/// # Errors
/// When the user's query is not closed in itself.
pub fn and_project(jql: &str, key_or_id: &str) -> Result<String, JqlError> {
    all_of(&[jql, &in_project(key_or_id)])
}

/// The condition that an issue changed at or after a moment.
///
/// Queries know whole minutes only, and read them in the time zone of the account's profile
/// ([`crate::model::Account::time_zone`]). The moment is moved back by `overlap`, then to the whole
/// minute. Where the clocks go back and that minute happens twice, an hour more is taken.
#[must_use]
pub fn updated_since(moment: Timestamp, overlap: Duration, time_zone: &TimeZone) -> String {
    let early = moment.saturating_sub(overlap).unwrap_or(Timestamp::MIN);
    let mut local = time_zone.to_datetime(early);
    if time_zone.to_ambiguous_timestamp(local).is_ambiguous() {
        local = time_zone.to_datetime(early.saturating_sub(REPEATED).unwrap_or(Timestamp::MIN));
    }
    format!("updated >= \"{}\"", local.strftime("%Y-%m-%d %H:%M"))
}

/// More than any clock has ever been put back by at once.
const REPEATED: Duration = Duration::from_secs(2 * 3600);

/// The condition that an issue comes after this one, in the order of [`BY_ID`].
#[must_use]
pub fn after_id(id: &IssueId) -> String {
    format!("id > {}", number(id))
}

/// The condition that an issue lies between two, both included, in the order of [`BY_ID`].
#[must_use]
pub fn between_ids(first: &IssueId, last: &IssueId) -> String {
    format!("id >= {} AND id <= {}", number(first), number(last))
}

/// The order in which [`after_id`] and [`between_ids`] count.
pub const BY_ID: &str = "ORDER BY id ASC";

fn number(id: &IssueId) -> String {
    match id.number() {
        Some(number) => number.to_string(),
        None => quote(id.as_str()),
    }
}

struct Word<'a> {
    start: usize,
    text: &'a str,
}

/// The words of a query: brackets alone, quotations whole, everything else up to a blank.
struct Words<'a> {
    jql: &'a str,
    at: usize,
    unclosed: bool,
}

impl<'a> Words<'a> {
    fn new(jql: &'a str) -> Self {
        Self {
            jql,
            at: 0,
            unclosed: false,
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let rest = &self.jql[self.at..];
        let start = self.at + rest.find(|c: char| !c.is_whitespace())?;
        let mut characters = self.jql[start..].char_indices();
        let (_, first) = characters.next()?;
        let length = match first {
            '(' | ')' => 1,
            '"' | '\'' => {
                let mut escaped = false;
                let end = characters.find(|&(_, c)| {
                    let closes = c == first && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                match end {
                    Some((at, _)) => at + 1,
                    None => {
                        self.unclosed = true;
                        self.jql.len() - start
                    }
                }
            }
            _ => {
                let mut escaped = first == '\\';
                let end = characters.find(|&(_, c)| {
                    let ends = !escaped && (c.is_whitespace() || "()\"'".contains(c));
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.map_or(self.jql.len() - start, |(at, _)| at)
            }
        };
        self.at = start + length;
        Some(Word {
            start,
            text: &self.jql[start..self.at],
        })
    }
}

#[cfg(test)]
mod tests;
