use super::*;
use jiff::Timestamp;
use std::collections::BTreeMap;
use sync::remote::RemoteStatus;
use workspace::StatusCategory;

fn text(format: RichFormat, source: &str) -> RichSource {
    RichSource {
        format,
        source: source.to_owned(),
    }
}

fn rich(format: RichFormat, source: &str) -> Value {
    text(format, source).into_value().expect("a text")
}

const ONE: &str = r#"{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]}"#;
/// The same as Jira gives it back.
const ONE_BACK: &str = r#"{"version":1,"type":"doc","content":[{"type":"paragraph","attrs":{"localId":"7"},"content":[{"text":"one","type":"text"}]}]}"#;
const TWO: &str = r#"{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}"#;

#[track_caller]
fn check_value(format: RichFormat, source: &str, expected: Result<&str, EditRefusal>) {
    let value = text(format, source).into_value();
    let plain = value.map(|value| match value {
        Value::RichText(rich) => {
            assert_eq!(rich.source, source, "kept to the letter");
            rich.plain
        }
        _ => String::new(),
    });
    assert_eq!(plain, expected.map(str::to_owned), "{source}");
}

#[test]
fn a_text_is_kept_to_the_letter_and_what_is_none_is_refused() {
    check_value(RichFormat::Adf, ONE, Ok("one"));
    check_value(RichFormat::Wiki, "h1. *Title*\r\n", Ok("Title"));
    check_value(RichFormat::Adf, "no json", Err(EditRefusal::Kind));
    check_value(
        RichFormat::Adf,
        r#"{"type":"paragraph"}"#,
        Err(EditRefusal::Kind),
    );
    check_value(
        RichFormat::Adf,
        r#"{"type":"doc","version":2,"content":[]}"#,
        Err(EditRefusal::Kind),
    );
    check_value(RichFormat::Plain, "words", Err(EditRefusal::Kind));
}

#[test]
fn a_blank_text_is_nothing() {
    check_value(
        RichFormat::Adf,
        r#"{"type":"doc","version":1,"content":[]}"#,
        Ok(""),
    );
    check_value(RichFormat::Wiki, " \n", Ok(""));
    assert_eq!(rich(RichFormat::Wiki, " \n"), Value::None);
}

#[test]
fn a_text_is_as_long_as_jira_takes_it() {
    let full = "ä".repeat(CHARS_MAX);
    check_value(RichFormat::Wiki, &full, Ok(&full));
    check_value(
        RichFormat::Wiki,
        &format!("{full}a"),
        Err(EditRefusal::TooLong),
    );
    let document = adf_of_text(&format!("{full}a")).to_string();
    check_value(RichFormat::Adf, &document, Err(EditRefusal::TooLong));
}

#[track_caller]
fn check_source(value: Value, site: RichFormat, format: RichFormat, source: &str) {
    assert_eq!(
        RichSource::of(&value, site),
        text(format, source),
        "{value:?}"
    );
}

#[test]
fn plain_words_are_edited_in_the_notation_of_the_site_and_a_text_in_its_own() {
    let plain = Value::RichText(RichText {
        format: RichFormat::Plain,
        source: "2 * 3".into(),
        plain: "2 * 3".into(),
    });
    let document = adf_of_text("2 * 3").to_string();
    check_source(plain.clone(), RichFormat::Adf, RichFormat::Adf, &document);
    check_source(plain, RichFormat::Wiki, RichFormat::Wiki, r"2 \* 3");
    check_source(Value::None, RichFormat::Wiki, RichFormat::Wiki, "");
    check_source(
        rich(RichFormat::Adf, ONE),
        RichFormat::Wiki,
        RichFormat::Adf,
        ONE,
    );
}

#[track_caller]
fn check_settled(told: &Value, known: &[Value], expected: &Value) {
    let remote = |value: &Value| match value {
        Value::RichText(rich) => RemoteValue::RichText(rich.clone()),
        _ => RemoteValue::None,
    };
    let issue = RemoteIssue {
        id: "1".into(),
        key: "A-1".into(),
        type_id: "1".into(),
        title: "One".into(),
        parent: None,
        status: RemoteStatus {
            id: "1".into(),
            name: "To do".into(),
            category: StatusCategory::Open,
        },
        updated_at: Some(Timestamp::UNIX_EPOCH),
        created_at: None,
        values: BTreeMap::from([("description".to_owned(), remote(told))]),
    };
    let settled = settled(&issue, known.iter());
    assert_eq!(settled.values["description"], remote(expected));
}

#[test]
fn what_jira_only_wrote_anew_is_what_is_known() {
    let [one, back, two] = [ONE, ONE_BACK, TWO].map(|source| rich(RichFormat::Adf, source));
    check_settled(&back, &[two.clone(), one.clone()], &one);
    check_settled(&back, std::slice::from_ref(&two), &back);
    check_settled(&two, std::slice::from_ref(&one), &two);
    check_settled(&one, &[back, one.clone()], &one);
    let [unix, crlf] = ["a\nb", "a\r\nb\r\n"].map(|source| rich(RichFormat::Wiki, source));
    check_settled(&crlf, &[one, unix.clone()], &unix);
}
