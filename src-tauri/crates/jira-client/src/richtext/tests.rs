//! A short notation for documents, so that the tests of both readers are tables of text, and what
//! holds for documents from either.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The document in a notation made for tests: `h2[Steps] ul[li[p[open <b:the> page]]]`.
pub(super) fn sketch(document: &Document) -> String {
    blocks(&document.blocks)
}

fn blocks(content: &[Block]) -> String {
    content.iter().map(block).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block) -> String {
    let items = |items: &[ListItem]| {
        let items = items
            .iter()
            .map(|item| format!("li[{}]", blocks(&item.content)));
        items.collect::<Vec<_>>().join(" ")
    };
    match block {
        Block::Heading { level, content } => format!("h{level}[{}]", inlines(content)),
        Block::Paragraph { content } => format!("p[{}]", inlines(content)),
        Block::BulletList { items: list } => format!("ul[{}]", items(list)),
        Block::OrderedList {
            start: 1,
            items: list,
        } => format!("ol[{}]", items(list)),
        Block::OrderedList { start, items: list } => format!("ol:{start}[{}]", items(list)),
        Block::TaskList { items } => format!("tasks[{}]", tasks(items)),
        Block::DecisionList { items } => {
            let sign = |item: &DecisionItem| if item.decided { "decided" } else { "open" };
            let items = items
                .iter()
                .map(|i| format!("{}[{}]", sign(i), inlines(&i.content)));
            format!("decisions[{}]", items.collect::<Vec<_>>().join(" "))
        }
        Block::CodeBlock { language, text } => {
            format!("code:{}[{text}]", language.as_deref().unwrap_or("-"))
        }
        Block::Quote { content } => format!("quote[{}]", blocks(content)),
        Block::Panel {
            kind,
            title,
            content,
        } => {
            format!(
                "panel:{kind:?}:{}[{}]",
                title.as_deref().unwrap_or("-"),
                blocks(content)
            )
        }
        Block::Table { rows } => {
            let rows = rows.iter().map(|row| {
                let cells = row.cells.iter().map(cell).collect::<Vec<_>>();
                format!("tr[{}]", cells.join(" "))
            });
            format!("table[{}]", rows.collect::<Vec<_>>().join(" "))
        }
        Block::Rule => "hr".to_owned(),
        Block::Expand { title, content } => format!("expand:{title}[{}]", blocks(content)),
        Block::Media(media) => format!("media:{}", picture(media)),
        Block::Unknown { name, text } => format!("unknown:{name}[{text}]"),
    }
}

fn cell(cell: &Cell) -> String {
    let span = match (cell.colspan, cell.rowspan) {
        (1, 1) => String::new(),
        (columns, rows) => format!(":{columns}x{rows}"),
    };
    let kind = if cell.header { "th" } else { "td" };
    format!("{kind}{span}[{}]", blocks(&cell.content))
}

fn tasks(items: &[TaskItem]) -> String {
    let item = |item: &TaskItem| {
        let sign = if item.done { "x" } else { "o" };
        let below = match item.children.as_slice() {
            [] => String::new(),
            children => format!(" {}", tasks(children)),
        };
        format!("{sign}[{}{below}]", inlines(&item.content))
    };
    items.iter().map(item).collect::<Vec<_>>().join(" ")
}

fn inlines(content: &[Inline]) -> String {
    content.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text { text, marks } => match look(marks).as_str() {
            "" => text.clone(),
            look => format!("<{look}:{text}>"),
        },
        Inline::Link { href, content } => format!("<a {href}:{}>", inlines(content)),
        Inline::Mention { id, text } => format!("<{text}={}>", id.as_deref().unwrap_or("-")),
        Inline::Emoji { text } => format!("<emoji {text}>"),
        Inline::Date { iso } => format!("<date {iso}>"),
        Inline::Status { text, colour } => {
            format!("<status {}:{text}>", colour.as_deref().unwrap_or("-"))
        }
        Inline::InlineCard { href } => format!("<card {href}>"),
        Inline::HardBreak => "<br>".to_owned(),
        Inline::Image(media) => format!("<img {}>", picture(media)),
        Inline::Unknown { name, text } => format!("<?{name}:{text}>"),
    }
}

fn picture(media: &Media) -> String {
    let source = media
        .href
        .as_ref()
        .or(media.name.as_ref())
        .or(media.id.as_ref());
    let alt = media
        .alt
        .as_ref()
        .map(|alt| format!(" '{alt}'"))
        .unwrap_or_default();
    format!("{}{alt}", source.map(String::as_str).unwrap_or("-"))
}

fn look(marks: &Marks) -> String {
    let looks = [
        (marks.bold, "b"),
        (marks.italic, "i"),
        (marks.underline, "u"),
        (marks.strike, "s"),
        (marks.code, "m"),
        (marks.superscript, "^"),
        (marks.subscript, "~"),
    ];
    let mut look: String = looks
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, sign)| *sign)
        .collect();
    look.push_str(marks.colour.as_deref().unwrap_or_default());
    look
}

#[track_caller]
fn check_preview(text: &str, chars: usize, expected: &str) {
    let preview = Document::from_wiki(text).preview(chars);
    assert_eq!(preview, expected);
    assert!(preview.chars().count() <= chars);
}

#[test]
fn a_preview_is_one_line_cut_between_words() {
    check_preview("", 10, "");
    check_preview("short", 10, "short");
    check_preview("h1. Two\n\nlines", 20, "Two lines");
    check_preview("one two three", 13, "one two three");
    check_preview("one two three", 12, "one two…");
    check_preview("one two three", 7, "one tw…");
    check_preview("incomprehensible", 6, "incom…");
    check_preview("a incomprehensible", 8, "a incom…");
    check_preview("text", 1, "…");
    check_preview("text", 0, "");
    check_preview("äöü äöü äöü", 8, "äöü äöü…");
}

#[test]
fn a_document_without_anything_to_see_is_empty() {
    for (text, is_empty) in [
        ("", true),
        (" \r\n \n", true),
        ("\\\\", true),
        ("{quote}{quote}", true),
        ("{anchor:here}", true),
        ("a", false),
        ("----", false),
        ("!a.png!", false),
    ] {
        assert_eq!(Document::from_wiki(text).is_empty(), is_empty, "{text:?}");
    }
    for (adf, is_empty) in [
        (json!(null), true),
        (json!({"type": "doc", "version": 1, "content": []}), true),
        (
            json!({"type": "doc", "content": [{"type": "paragraph", "content": []}]}),
            true,
        ),
        (json!({"type": "doc", "content": [{"type": "rule"}]}), false),
        (
            json!({"type": "doc", "content": [{"type": "newThing"}]}),
            false,
        ),
    ] {
        assert_eq!(Document::from_adf(&adf).is_empty(), is_empty, "{adf}");
    }
}

#[test]
fn the_same_text_in_both_notations_has_the_same_words() {
    let wiki = "h2. Steps\r\n\r\nOpen the *page* and\r\nlook.\r\n\r\n* one\r\n** two\r\n\r\n\
                ||a||b||\r\n|1|2|\r\n{code:java}\nx();\n{code}";
    let text = |text: &str| json!({"type": "text", "text": text});
    let paragraph = |content| json!({"type": "paragraph", "content": content});
    let item = |content| json!({"type": "listItem", "content": content});
    let cell =
        |kind: &str, words| json!({"type": kind, "content": [paragraph(json!([text(words)]))]});
    let row = |cells| json!({"type": "tableRow", "content": cells});
    let inner = json!({"type": "bulletList", "content": [
        item(json!([paragraph(json!([text("two")]))]))
    ]});
    let adf = json!({"type": "doc", "version": 1, "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [text("Steps")]},
        paragraph(json!([
            text("Open the "),
            {"type": "text", "text": "page", "marks": [{"type": "strong"}]},
            text(" and"),
            {"type": "hardBreak"},
            text("look.")
        ])),
        {"type": "bulletList", "content": [item(json!([paragraph(json!([text("one")])), inner]))]},
        {"type": "table", "content": [
            row(json!([cell("tableHeader", "a"), cell("tableHeader", "b")])),
            row(json!([cell("tableCell", "1"), cell("tableCell", "2")]))
        ]},
        {"type": "codeBlock", "attrs": {"language": "java"}, "content": [text("x();")]}
    ]});
    let words = "Steps\nOpen the page and\nlook.\none\ntwo\na\tb\n1\t2\nx();";
    assert_eq!(Document::from_wiki(wiki).plain_text(), words);
    assert_eq!(Document::from_adf(&adf).plain_text(), words);
    assert_eq!(
        sketch(&Document::from_wiki(wiki)),
        sketch(&Document::from_adf(&adf))
    );
}

#[test]
fn a_page_gets_a_document_as_tagged_objects() {
    let document = Document::from_wiki("h1. A\n!a.png!");
    let plain = json!({
        "bold": false, "italic": false, "underline": false, "strike": false, "code": false,
        "superscript": false, "subscript": false, "colour": null
    });
    let picture = json!({"type": "image", "alt": null, "name": "a.png", "id": null, "href": null});
    assert_eq!(
        serde_json::to_value(&document).expect("plain data"),
        json!({"blocks": [
            {"type": "heading", "level": 1, "content": [{"type": "text", "text": "A", "marks": plain}]},
            {"type": "paragraph", "content": [picture]}
        ]})
    );
}

proptest! {
    #[test]
    fn words_survive_in_both_notations(words in proptest::collection::vec("[a-zA-Z0-9ä]{1,8}", 1..30)) {
        let text = words.join(" ");
        prop_assert_eq!(Document::from_wiki(&text).plain_text(), text.clone());
        let adf = json!({"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": text}]}
        ]});
        prop_assert_eq!(Document::from_adf(&adf).plain_text(), text.clone());
        prop_assert_eq!(Document::from_adf(&json!(text)).plain_text(), text);
    }

    #[test]
    fn a_preview_is_never_longer_than_asked(text in ".{0,200}", chars in 0_usize..60) {
        prop_assert!(Document::from_wiki(&text).preview(chars).chars().count() <= chars);
    }
}
