use proptest::prelude::*;

use super::*;

fn check(cases: &[(&str, &str)]) {
    for (typed, expected) in cases {
        assert_eq!(
            SiteUrl::parse(typed).map(|u| u.to_string()).as_deref(),
            Ok(*expected),
            "{typed}"
        );
    }
}

#[test]
fn what_people_paste_becomes_the_sites_address() {
    check(&[
        ("acme.atlassian.net", "https://acme.atlassian.net"),
        (
            "  https://Acme.Atlassian.net/ ",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/browse/AB-1?focused=1#x",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/jira/software/c/projects/AB/boards/3",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/jira",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/jira/your-work",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/wiki/spaces/X",
            "https://acme.atlassian.net",
        ),
        (
            "https://acme.atlassian.net/issues/?jql=project%20%3D%20X",
            "https://acme.atlassian.net",
        ),
    ]);
}

#[test]
fn a_context_path_and_a_port_are_kept() {
    check(&[
        ("https://host.example/jira", "https://host.example/jira"),
        ("https://host.example/jira/", "https://host.example/jira"),
        (
            "https://host.example/jira/browse/AB-1",
            "https://host.example/jira",
        ),
        (
            "https://host.example/jira/projects/AB/summary",
            "https://host.example/jira",
        ),
        (
            "https://host.example/jira/secure/RapidBoard.jspa?rapidView=1",
            "https://host.example/jira",
        ),
        (
            "https://host.example/tools/jira/issues/?jql=x",
            "https://host.example/tools/jira",
        ),
        (
            "http://host.example:8080/secure/Dashboard.jspa",
            "http://host.example:8080",
        ),
        (
            "http://host.example:8080/login.jsp",
            "http://host.example:8080",
        ),
        (
            "https://host.example/jira/software/projects/AB",
            "https://host.example",
        ),
        ("host.example:8443/jira", "https://host.example:8443/jira"),
        ("http://127.0.0.1:2990/jira", "http://127.0.0.1:2990/jira"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ]);
}

#[test]
fn what_is_no_address_says_why() {
    for (typed, expected) in [
        ("   ", SiteUrlError::Empty),
        ("https://", SiteUrlError::NotAnAddress),
        ("two words", SiteUrlError::NotAnAddress),
        ("ftp://host", SiteUrlError::Scheme),
        ("https://user:secret@host", SiteUrlError::HoldsCredentials),
    ] {
        assert_eq!(SiteUrl::parse(typed), Err(expected), "{typed}");
    }
}

#[test]
fn the_parts_can_be_asked_for() {
    let site = SiteUrl::parse("http://host:8080/a/jira").unwrap();
    assert_eq!(site.host(), "host");
    assert_eq!(site.context_path(), "/a/jira");
    assert_eq!(site.origin().as_str(), "http://host:8080");
    assert_eq!(site.with_context("jira").as_str(), "http://host:8080/jira");
    assert_eq!(SiteUrl::parse("http://[::1]/x").unwrap().host(), "[::1]");
}

proptest! {
    #[test]
    fn parsing_twice_changes_nothing(
        scheme in "(https://|http://|)",
        host in "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){0,2}",
        port in "(:8080|:443|:80|)",
        path in proptest::collection::vec(
            prop_oneof![
                Just("jira".to_owned()), Just("browse".to_owned()), Just("software".to_owned()),
                Just("projects".to_owned()), Just("ctx.jspa".to_owned()), Just(String::new()),
                "[a-zA-Z0-9 %é.~-]{0,6}"
            ],
            0..6
        ),
    ) {
        if let Ok(once) = SiteUrl::parse(&format!("{scheme}{host}{port}/{}", path.join("/"))) {
            prop_assert_eq!(SiteUrl::parse(once.as_str()), Ok(once));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        if let Ok(once) = SiteUrl::parse(&text) {
            prop_assert_eq!(SiteUrl::parse(once.as_str()), Ok(once));
        }
    }
}
