use proptest::prelude::*;
use serde_json::{Value, json};

use super::{canonical_adf, canonical_wiki, is_blank_adf};

#[track_caller]
fn check_same(one: Value, other: Value) {
    // Compared as text: equality of values does not see the order of keys.
    assert_eq!(
        canonical_adf(&one).to_string(),
        canonical_adf(&other).to_string()
    );
}

fn document(content: Value) -> Value {
    json!({"type": "doc", "version": 1, "content": content})
}

#[test]
fn what_the_editor_adds_makes_no_difference() {
    check_same(
        json!({"version": 1, "type": "doc", "content": [
            {"type": "paragraph", "attrs": {"localId": "x"}, "content": [
                {"type": "text", "text": "a"}, {"type": "text", "text": "b", "marks": []}
            ]},
            {"type": "paragraph", "content": []},
            {"type": "paragraph"}
        ]}),
        document(json!([{"content": [{"text": "ab", "type": "text"}], "type": "paragraph"}])),
    );
    check_same(
        document(json!([{"type": "orderedList", "attrs": {"order": 1, "localId": null}}])),
        document(json!([{"type": "orderedList"}])),
    );
    check_same(
        document(
            json!([{"type": "tableCell", "attrs": {"colspan": 1, "rowspan": 1, "background": null}}]),
        ),
        document(json!([{"type": "tableCell", "attrs": {}}])),
    );
    let look = |marks: Value| document(json!([{"type": "text", "text": "a", "marks": marks}]));
    check_same(
        look(json!([{"type": "strong"}, {"type": "em"}])),
        look(json!([{"type": "em"}, {"type": "strong"}])),
    );
}

#[test]
fn what_the_author_changes_makes_a_difference() {
    let base = document(json!([{"type": "paragraph", "content": [{"type": "text", "text": "a"}]}]));
    for other in [
        document(json!([{"type": "paragraph", "content": [{"type": "text", "text": "b"}]}])),
        document(json!([{"type": "paragraph", "content": [{"type": "text", "text": "a "}]}])),
        document(json!([{"type": "paragraph", "content": [
            {"type": "text", "text": "a", "marks": [{"type": "strong"}]}
        ]}])),
        document(
            json!([{"type": "paragraph"}, {"type": "paragraph", "content": [
                {"type": "text", "text": "a"}
            ]}]),
        ),
        document(json!([{"type": "heading", "content": [{"type": "text", "text": "a"}]}])),
    ] {
        assert_ne!(canonical_adf(&base), canonical_adf(&other), "{other}");
    }
    let task = |state: &str| {
        document(json!([{"type": "taskItem", "attrs": {"state": state, "localId": "x"}}]))
    };
    assert_ne!(canonical_adf(&task("TODO")), canonical_adf(&task("DONE")));
    let parameters = |id: &str| {
        document(json!([{"type": "extension", "attrs": {"parameters": {"localId": id}}}]))
    };
    assert_ne!(
        canonical_adf(&parameters("a")),
        canonical_adf(&parameters("b"))
    );
}

#[test]
fn an_empty_document_is_null() {
    for empty in [
        json!(null),
        json!({"type": "doc", "version": 1}),
        document(json!([])),
        document(
            json!([{"type": "paragraph"}, {"type": "paragraph", "content": [{"type": "text", "text": " "}]}]),
        ),
    ] {
        assert_eq!(canonical_adf(&empty), Value::Null, "{empty}");
    }
}

#[track_caller]
fn check_wiki(text: &str, expected: &str) {
    assert_eq!(canonical_wiki(text), expected);
}

#[test]
fn line_ends_and_trailing_blanks_make_no_difference() {
    check_wiki("", "");
    check_wiki(" \r\n\t\r\n", "");
    check_wiki("a\r\nb", "a\nb");
    check_wiki("a\rb", "a\nb");
    check_wiki("a  \nb\t\n\n\n", "a\nb");
    check_wiki("\n  a\n\n\nb", "\n  a\n\n\nb");
}

proptest! {
    #[test]
    fn the_canonical_wiki_text_is_canonical(text in "(?s)[a \r\n\t\u{a0}{}*]{0,80}|(?s).{0,80}") {
        let form = canonical_wiki(&text);
        prop_assert_eq!(canonical_wiki(&form), form);
    }
}

#[test]
fn a_document_is_blank_exactly_if_nothing_is_left_of_it() {
    let texts = |texts: &[&str]| -> Vec<Value> {
        let texts = texts.iter();
        texts
            .map(|text| json!({"type": "text", "text": text, "marks": []}))
            .collect()
    };
    let paragraph = |content: Value| json!({"type": "paragraph", "content": content});
    for content in [
        json!(null),
        json!([]),
        json!([paragraph(json!(null))]),
        json!([paragraph(json!(texts(&["", " ", "\n"])))]),
        json!([{"type": "paragraph", "attrs": {"localId": "x"}}, paragraph(json!([]))]),
        json!([paragraph(json!([])), paragraph(json!(texts(&["a"])))]),
        json!([paragraph(json!(texts(&[" ", "a"]))), paragraph(json!([]))]),
        json!([paragraph(json!([{"type": "hardBreak"}]))]),
        json!([{"type": "rule"}]),
        json!([{"type": "unheardOf"}]),
    ] {
        let document = document(content);
        let nothing_left = canonical_adf(&document).is_null();
        assert_eq!(is_blank_adf(&document), nothing_left, "{document}");
    }
    assert!(!is_blank_adf(&json!({"type": "paragraph"})));
}
