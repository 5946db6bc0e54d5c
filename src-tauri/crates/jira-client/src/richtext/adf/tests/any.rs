//! Whatever the value is: it is read, to a limited depth.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::paragraph;
use crate::richtext::tests::sketch;
use crate::richtext::{DEPTH_MAX, Document, canonical_adf};

/// Words below many levels, built without `json!`, which would copy them at each level.
fn nested(kind: &str, levels: usize) -> Value {
    let mut value = paragraph("deep words");
    for level in 0..=levels {
        let mut node = serde_json::Map::new();
        let kind = if level == levels { "doc" } else { kind };
        node.insert("type".to_owned(), Value::from(kind));
        node.insert("content".to_owned(), Value::Array(vec![value]));
        value = Value::Object(node);
    }
    value
}

#[test]
fn nesting_beyond_the_limit_is_kept_as_text() {
    for kind in [
        "blockquote",
        "bulletList",
        "listItem",
        "table",
        "tableRow",
        "taskList",
        "paragraph",
        "newThing",
    ] {
        let value = nested(kind, 500);
        let document = Document::from_adf(&value);
        assert_eq!(document.plain_text(), "deep words", "{kind}");
        assert!(
            sketch(&document).matches('[').count() <= 4 * (DEPTH_MAX + 2),
            "{kind}"
        );
        assert_eq!(canonical_adf(&value).get("type"), Some(&json!("doc")));
    }
}

/// Trees of known and unknown nodes put together without regard to what Jira allows.
fn tree() -> impl Strategy<Value = Value> {
    let kinds = [
        "doc",
        "paragraph",
        "heading",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "blockTaskItem",
        "decisionList",
        "decisionItem",
        "codeBlock",
        "blockquote",
        "panel",
        "table",
        "tableRow",
        "tableCell",
        "tableHeader",
        "rule",
        "expand",
        "mediaSingle",
        "media",
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "date",
        "status",
        "inlineCard",
        "blockCard",
        "extension",
        "layoutSection",
        "unheardOf",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let attributes = proptest::collection::btree_map(
        proptest::sample::select(vec![
            "level",
            "order",
            "colspan",
            "text",
            "url",
            "timestamp",
            "localId",
            "state",
        ]),
        leaf.clone(),
        0..3,
    );
    let kind = proptest::sample::select(kinds.to_vec());
    leaf.prop_recursive(6, 64, 5, move |inner| {
        let content = prop_oneof![proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from), inner];
        (kind.clone(), attributes.clone(), content, ".{0,5}", any::<bool>()).prop_map(
            |(kind, attributes, content, words, is_marked)| {
                let marks = if is_marked { json!([{"type": "strong"}, {"type": "em"}]) } else { json!([]) };
                json!({"type": kind, "attrs": attributes, "content": content, "text": words, "marks": marks})
            },
        )
    })
}

proptest! {
    #[test]
    fn any_tree_is_read(value in tree()) {
        let document = Document::from_adf(&value);
        prop_assert!(document.preview(80).chars().count() <= 80);
        let form = canonical_adf(&value);
        prop_assert_eq!(canonical_adf(&form).to_string(), form.to_string());
    }

    #[test]
    fn the_canonical_form_of_a_document_is_canonical(
        content in proptest::collection::vec(tree(), 0..4)
    ) {
        let value = json!({"type": "doc", "version": 1, "content": content});
        let form = canonical_adf(&value);
        prop_assert_eq!(canonical_adf(&form).to_string(), form.to_string());
    }
}
