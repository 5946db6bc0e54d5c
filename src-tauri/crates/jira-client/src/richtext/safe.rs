//! What of a stranger's text may be handed on to a page: addresses and colours.

/// The address, if following it cannot run code: `http`, `https` and `mailto` only, without
/// control characters or blanks inside.
///
/// Relative addresses are refused too: they would point into this application.
///
/// ```
/// use jira::richtext::safe_href;
///
/// assert_eq!(safe_href(" https://example.com/a "), Some("https://example.com/a"));
/// assert_eq!(safe_href("javascript:alert(1)"), None);
/// ```
#[must_use]
pub fn safe_href(href: &str) -> Option<&str> {
    if let Some(address) = web_href(href) {
        return Some(address);
    }
    let address = unbroken(href)?;
    let person = without_prefix(address, "mailto:")?;
    (!person.is_empty()).then_some(address)
}

/// The address, if it is an `http` or `https` one: what a picture may be loaded from.
pub(super) fn web_href(href: &str) -> Option<&str> {
    let address = unbroken(href)?;
    let rest =
        without_prefix(address, "https://").or_else(|| without_prefix(address, "http://"))?;
    (!rest.is_empty()).then_some(address)
}

/// The colour, if it is a plain name or a `#` with 3, 4, 6 or 8 hexadecimal digits.
///
/// Anything else could smuggle further declarations into a style.
#[must_use]
pub fn safe_colour(colour: &str) -> Option<&str> {
    let colour = colour.trim();
    let fine = match colour.strip_prefix('#') {
        Some(digits) => {
            matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
        }
        None => (1..=30).contains(&colour.len()) && colour.bytes().all(|b| b.is_ascii_alphabetic()),
    };
    fine.then_some(colour)
}

/// The name of a programming language, if it looks like one.
pub(super) fn language(name: &str) -> Option<String> {
    let name = name.trim();
    let fine = (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+#._- ".contains(&b));
    fine.then(|| name.to_owned())
}

/// The text without outer blanks, unless something inside could be dropped by a browser and so
/// change the address.
fn unbroken(href: &str) -> Option<&str> {
    let address = href.trim();
    let fine = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    fine.then_some(address)
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(href: &str, passes: bool) {
        assert_eq!(safe_href(href).is_some(), passes, "{href:?}");
    }

    #[test]
    fn web_and_mail_addresses_pass() {
        check("http://example.com", true);
        check("HTTPS://example.com/a?b=c#d", true);
        check("mailto:mia@example.com", true);
        check("  https://example.com\n", true);
    }

    #[test]
    fn everything_else_is_refused() {
        for href in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.com",
            "//example.com",
            "/browse/X-1",
            "#anchor",
            "http:",
            "https://",
            "http\t://example.com",
            "http://a\u{0}b",
            "mailto:",
            "ﬁle",
        ] {
            check(href, false);
        }
    }

    #[test]
    fn a_colour_cannot_carry_a_style() {
        for (colour, passes) in [
            ("red", true),
            ("#fff", true),
            (" #172b4d ", true),
            ("#12345678", true),
            ("#12", false),
            ("#ggg", false),
            ("", false),
            ("red;background:url(//x)", false),
            ("rgb(1,2,3)", false),
        ] {
            assert_eq!(safe_colour(colour).is_some(), passes, "{colour:?}");
        }
    }
}
