mod any;

use serde_json::{Value, json};

use super::super::Document;
use super::super::tests::sketch;

#[track_caller]
fn check(content: Value, expected: &str) {
    let document = json!({"type": "doc", "version": 1, "content": content});
    assert_eq!(
        sketch(&Document::from_adf(&document)),
        expected,
        "{document}"
    );
}

fn text(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

fn marked(words: &str, marks: Value) -> Value {
    json!({"type": "text", "text": words, "marks": marks})
}

fn paragraph(words: &str) -> Value {
    json!({"type": "paragraph", "content": [text(words)]})
}

fn node(kind: &str, attributes: Value, content: Value) -> Value {
    json!({"type": kind, "attrs": attributes, "content": content})
}

#[test]
fn a_documents_text_blocks_are_read() {
    check(json!([paragraph("a"), {"type": "rule"}]), "p[a] hr");
    check(
        json!([node("heading", json!({"level": 3}), json!([text("a")]))]),
        "h3[a]",
    );
    check(
        json!([node("heading", json!({"level": 99}), json!([text("a")]))]),
        "h6[a]",
    );
    check(
        json!([node("blockquote", json!({}), json!([paragraph("a")]))]),
        "quote[p[a]]",
    );
    check(
        json!([node(
            "codeBlock",
            json!({"language": "rust"}),
            json!([text("a\n"), text("b")])
        )]),
        "code:rust[a\nb]",
    );
    check(
        json!([node(
            "panel",
            json!({"panelType": "error"}),
            json!([paragraph("a")])
        )]),
        "panel:Error:-[p[a]]",
    );
    check(
        json!([node("panel", json!({"panelType": "new"}), json!([]))]),
        "panel:Custom:-[]",
    );
    check(
        json!([node(
            "expand",
            json!({"title": "T"}),
            json!([paragraph("a")])
        )]),
        "expand:T[p[a]]",
    );
}

#[test]
fn lists_tasks_and_decisions_are_read() {
    let item = |content: Value| json!({"type": "listItem", "content": content});
    let inner = json!({"type": "bulletList", "content": [item(json!([paragraph("b")]))]});
    check(
        json!([node(
            "orderedList",
            json!({"order": 3}),
            json!([item(json!([paragraph("a"), inner]))])
        )]),
        "ol:3[li[p[a] ul[li[p[b]]]]]",
    );
    let task =
        |state: &str, words: &str| node("taskItem", json!({"state": state}), json!([text(words)]));
    check(
        json!([node(
            "taskList",
            json!({"localId": "x"}),
            json!([
                task("DONE", "a"),
                node("taskList", json!({}), json!([task("TODO", "b")])),
                node(
                    "blockTaskItem",
                    json!({"state": "TODO"}),
                    json!([paragraph("c"), paragraph("d")])
                )
            ])
        )]),
        "tasks[x[a o[b]] o[c<br>d]]",
    );
    check(
        json!([node(
            "decisionList",
            json!({}),
            json!([node(
                "decisionItem",
                json!({"state": "DECIDED"}),
                json!([text("a")])
            )])
        )]),
        "decisions[decided[a]]",
    );
}

#[test]
fn tables_are_read_with_spans() {
    let cell = |kind: &str, attributes: Value| node(kind, attributes, json!([paragraph("a")]));
    let row = json!({"type": "tableRow", "content": [
        cell("tableHeader", json!({"colspan": 2, "rowspan": 3.0})),
        cell("tableCell", json!({"colspan": 0, "rowspan": 1e30})),
        cell("tableCell", json!(null))
    ]});
    check(
        json!([node("table", json!({"layout": "wide"}), json!([row]))]),
        "table[tr[th:2x3[p[a]] td:1x1000[p[a]] td[p[a]]]]",
    );
}

#[test]
fn pictures_and_layouts_are_read() {
    let media = node(
        "media",
        json!({"type": "file", "id": "u-1", "collection": "", "alt": "A"}),
        json!([]),
    );
    let caption = node("caption", json!({}), json!([text("below")]));
    check(
        json!([node("mediaSingle", json!({}), json!([media, caption]))]),
        "media:u-1 'A' p[below]",
    );
    let outside = node(
        "media",
        json!({"type": "external", "url": "https://x.y/a.png"}),
        json!([]),
    );
    let evil = node(
        "media",
        json!({"type": "external", "url": "javascript:x"}),
        json!([]),
    );
    check(
        json!([node("mediaGroup", json!({}), json!([outside, evil]))]),
        "media:https://x.y/a.png media:-",
    );
    let column = |words| {
        node(
            "layoutColumn",
            json!({"width": 50}),
            json!([paragraph(words)]),
        )
    };
    check(
        json!([node(
            "layoutSection",
            json!({}),
            json!([column("a"), column("b")])
        )]),
        "p[a] p[b]",
    );
}

#[track_caller]
fn check_inline(content: Value, expected: &str) {
    check(
        json!([{"type": "paragraph", "content": content}]),
        &format!("p[{expected}]"),
    );
}

#[test]
fn marks_are_the_look_of_text() {
    for (marks, expected) in [
        (
            json!([{"type": "strong"}, {"type": "em"}, {"type": "underline"}, {"type": "strike"}]),
            "<bius:a>",
        ),
        (json!([{"type": "code"}]), "<m:a>"),
        (
            json!([{"type": "subsup", "attrs": {"type": "sub"}}]),
            "<~:a>",
        ),
        (
            json!([{"type": "subsup", "attrs": {"type": "sup"}}]),
            "<^:a>",
        ),
        (
            json!([{"type": "textColor", "attrs": {"color": "#ff0000"}}]),
            "<#ff0000:a>",
        ),
        (
            json!([{"type": "textColor", "attrs": {"color": "red;x:url(y)"}}]),
            "a",
        ),
        (
            json!([{"type": "annotation"}, {"type": "newMark"}, 7, null]),
            "a",
        ),
        (json!("strong"), "a"),
    ] {
        check_inline(json!([marked("a", marks)]), expected);
    }
}

#[test]
fn links_lead_to_the_web_or_a_mailbox_only() {
    let link = |href: &str| json!({"type": "link", "attrs": {"href": href}});
    for (href, expected) in [
        ("https://x.y", "<a https://x.y:a>"),
        ("mailto:a@b.c", "<a mailto:a@b.c:a>"),
        ("javascript:alert(1)", "a"),
        ("JAVASCRIPT:alert(1)", "a"),
        ("java\tscript:alert(1)", "a"),
        ("data:text/html,x", "a"),
        ("/browse/X-1", "a"),
        ("", "a"),
    ] {
        check_inline(json!([marked("a", json!([link(href)]))]), expected);
    }
    check_inline(
        json!([
            marked("a", json!([link("https://x.y")])),
            marked("b", json!([link("https://x.y"), {"type": "strong"}])),
            marked("c", json!([link("https://x.z")]))
        ]),
        "<a https://x.y:a<b:b>><a https://x.z:c>",
    );
    let card = |url: &str| json!({"type": "inlineCard", "attrs": {"url": url}});
    check_inline(
        json!([card("https://x.y"), card("javascript:x")]),
        "<card https://x.y>javascript:x",
    );
    check(
        json!([{"type": "blockCard", "attrs": {"url": "https://x.y"}}]),
        "p[<card https://x.y>]",
    );
    check_inline(
        json!([{"type": "inlineCard", "attrs": {"data": {"url": "https://x.y"}}}]),
        "<card https://x.y>",
    );
}

#[test]
fn people_days_and_states_are_read() {
    let attributes = |kind: &str, attributes: Value| json!({"type": kind, "attrs": attributes});
    for (node, expected) in [
        (
            attributes("mention", json!({"id": "5b1", "text": "@Mia"})),
            "<@Mia=5b1>",
        ),
        (
            attributes("mention", json!({"id": "5b1", "text": "Mia"})),
            "<@Mia=5b1>",
        ),
        (attributes("mention", json!({"id": "5b1"})), "<@5b1=5b1>"),
        (attributes("mention", json!({})), "<@=->"),
        (
            attributes("emoji", json!({"shortName": ":smile:", "text": "😄"})),
            "<emoji 😄>",
        ),
        (
            attributes("emoji", json!({"shortName": ":own:"})),
            "<emoji :own:>",
        ),
        (
            attributes("date", json!({"timestamp": "1582152559000"})),
            "<date 2020-02-19>",
        ),
        (
            attributes("date", json!({"timestamp": 0})),
            "<date 1970-01-01>",
        ),
        (
            attributes("date", json!({"timestamp": "-86400000"})),
            "<date 1969-12-31>",
        ),
        (
            attributes("date", json!({"timestamp": "soon"})),
            "<?date:soon>",
        ),
        (
            attributes("date", json!({"timestamp": "9223372036854775807"})),
            "<?date:9223372036854775807>",
        ),
        (
            attributes("status", json!({"text": "DONE", "color": "green"})),
            "<status green:DONE>",
        ),
        (attributes("status", json!({})), "<status -:>"),
        (
            attributes("mediaInline", json!({"id": "u-1", "alt": "A"})),
            "<img u-1 'A'>",
        ),
        (
            attributes("placeholder", json!({"text": "type"})),
            "<?placeholder:type>",
        ),
        (
            attributes("inlineExtension", json!({"extensionKey": "k", "text": "t"})),
            "<?k:t>",
        ),
        (json!({"type": "hardBreak"}), "<br>"),
    ] {
        check_inline(json!([node]), expected);
    }
}

#[test]
fn nodes_nobody_knows_keep_their_words() {
    let body = json!([paragraph("a"), paragraph("b")]);
    check(
        json!([node("newThing", json!({}), body.clone())]),
        "unknown:newThing[a\nb]",
    );
    check(
        json!([node("bodiedExtension", json!({"extensionKey": "k"}), body)]),
        "unknown:k[a\nb]",
    );
    check_inline(
        json!([{"type": "newInline", "content": [text("a"), text("b")]}]),
        "<?newInline:ab>",
    );
}

#[test]
fn shapes_that_are_no_document_are_read_too() {
    for (value, expected) in [
        (json!(null), ""),
        (json!("a\r\nb"), "p[a] p[b]"),
        (json!(7), "unknown:[]"),
        (json!({}), "unknown:[]"),
        (json!([paragraph("a")]), "p[a]"),
        (paragraph("a"), "p[a]"),
        (json!({"type": "doc", "content": "a"}), ""),
        (
            json!({"type": "doc", "content": [text("a"), text("b"), paragraph("c"), "d"]}),
            "p[ab] p[c] p[d]",
        ),
        (
            json!({"type": 7, "content": [paragraph("a")]}),
            "unknown:[a]",
        ),
    ] {
        assert_eq!(sketch(&Document::from_adf(&value)), expected, "{value}");
    }
}
