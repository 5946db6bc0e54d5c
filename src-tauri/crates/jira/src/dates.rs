//! The ways Jira and HTTP write a moment.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::rfc2822;

/// Reads `2018-05-15T11:39:29.303+0000`, `…+02:00` and `…Z`.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text)
            .and_then(|parts| parts.to_timestamp())
            .ok()
    })
}

/// Reads an HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`).
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
}

/// Deserialises an optional moment; one that cannot be read is `None`, as a date never decides
/// whether the record around it is usable.
pub(crate) fn lenient<'de, D>(deserializer: D) -> Result<Option<Timestamp>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let text = <Option<String> as serde::Deserialize>::deserialize(deserializer)?;
    Ok(text.as_deref().and_then(moment))
}

/// Deserialises an optional day in the same spirit.
pub(crate) fn lenient_day<'de, D>(deserializer: D) -> Result<Option<Date>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let text = <Option<String> as serde::Deserialize>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jira_writes_offsets_without_and_with_a_colon() {
        for text in [
            "2018-05-15T11:39:29.303+0000",
            "2018-05-15T11:39:29.303Z",
            "2018-05-15T13:39:29.303+02:00",
            "2018-05-15T13:39:29.303+0200",
        ] {
            assert_eq!(
                moment(text).map(|m| m.to_string()).as_deref(),
                Some("2018-05-15T11:39:29.303Z"),
                "{text}"
            );
        }
        assert_eq!(moment("<null>"), None);
    }

    #[test]
    fn an_http_date_is_read() {
        assert_eq!(
            http_date("Sun, 06 Nov 1994 08:49:37 GMT").map(|m| m.as_second()),
            Some(784_111_777)
        );
        assert_eq!(http_date("120"), None);
    }
}
