//! What a request counts as: the endpoint that Jira limits it with, and the issue that it writes.

use http::Method;

/// A kind of call, as Jira counts it: bursts by endpoint and method, writes by issue too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub(super) endpoint: String,
    pub(super) issue: Option<String>,
}

impl Call {
    /// The kind of a request. `path` is what follows the site's address; ids and keys in it do not make
    /// another endpoint. Where a name is taken for an id, or the other way round, calls are counted together,
    /// or apart, that Jira counts otherwise; nothing worse.
    #[must_use]
    pub fn of(method: &Method, path: &str) -> Self {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        // The version of an interface is no id: `/rest/api/3/…`.
        let fixed = if parts.first() == Some(&"rest") { 3 } else { 0 };
        let mut endpoint = method.to_string();
        for (place, part) in parts.iter().enumerate() {
            endpoint.push('/');
            endpoint.push_str(if place >= fixed && is_id(part) {
                "*"
            } else {
                part
            });
        }
        let issue = match parts.as_slice() {
            ["rest", _, _, "issue", id, ..] if method != Method::GET && is_id(id) => {
                Some((*id).to_owned())
            }
            _ => None,
        };
        Self { endpoint, issue }
    }
}

/// Words in Jira's paths are lower case and free of digits; ids have digits, keys are upper case.
fn is_id(part: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '-' | '_');
    !part.chars().all(word) || part.starts_with(|first: char| first.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, path: &str, endpoint: &str, issue: Option<&str>) {
        let call = Call::of(&method, path);
        assert_eq!(
            (call.endpoint.as_str(), call.issue.as_deref()),
            (endpoint, issue)
        );
    }

    #[test]
    fn ids_and_keys_make_no_other_endpoint() {
        check(
            Method::GET,
            "/rest/api/3/issue/10001",
            "GET/rest/api/3/issue/*",
            None,
        );
        check(
            Method::GET,
            "/rest/api/2/project/ORB/statuses",
            "GET/rest/api/2/project/*/statuses",
            None,
        );
        check(
            Method::GET,
            "/rest/agile/1.0/board/84/configuration",
            "GET/rest/agile/1.0/board/*/configuration",
            None,
        );
        check(
            Method::POST,
            "/rest/api/3/jql/parse?validation=strict",
            "POST/rest/api/3/jql/parse",
            None,
        );
    }

    #[test]
    fn a_write_belongs_to_its_issue_and_a_long_question_to_none() {
        check(
            Method::PUT,
            "/rest/api/3/issue/ORB-7",
            "PUT/rest/api/3/issue/*",
            Some("ORB-7"),
        );
        check(
            Method::POST,
            "/rest/api/2/issue/10001/transitions",
            "POST/rest/api/2/issue/*/transitions",
            Some("10001"),
        );
        check(
            Method::POST,
            "/rest/api/3/issue/bulkfetch",
            "POST/rest/api/3/issue/bulkfetch",
            None,
        );
    }
}
