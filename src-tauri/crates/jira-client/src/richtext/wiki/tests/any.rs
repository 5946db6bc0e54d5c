//! Whatever the text is: it is read, in time, and nothing dangerous comes out.

use proptest::prelude::*;

use crate::richtext::{Block, DEPTH_MAX, Document, Inline, safe_href};

fn depth(blocks: &[Block]) -> usize {
    let below = |block: &Block| match block {
        Block::Quote { content } | Block::Panel { content, .. } | Block::Expand { content, .. } => {
            depth(content)
        }
        Block::BulletList { items } | Block::OrderedList { items, .. } => items
            .iter()
            .map(|item| depth(&item.content))
            .max()
            .unwrap_or_default(),
        Block::Table { rows } => {
            let cells = rows.iter().flat_map(|row| &row.cells);
            cells
                .map(|cell| depth(&cell.content))
                .max()
                .unwrap_or_default()
        }
        _ => 0,
    };
    1 + blocks.iter().map(below).max().unwrap_or_default()
}

/// Texts made to be expensive for a reader that looks ahead or nests without limit.
fn hostile(length: usize) -> Vec<String> {
    let kinds = ["panel", "quote", "info", "note", "tip", "warning", "expand"];
    let mut nested = String::new();
    for i in 0..length / 16 {
        nested.push_str(&format!("{{{}:a=b}}", kinds[i % kinds.len()]));
    }
    let opened = nested.clone();
    for i in (0..length / 16).rev() {
        nested.push_str(&format!("{{{}}}", kinds[i % kinds.len()]));
    }
    let repeated = [
        "*a ",
        "a* ",
        "*a* ",
        "_a *b ",
        "[a",
        "[a|",
        "[[",
        "]",
        "!a",
        "!a.b",
        "{{a ",
        "{{",
        "}}",
        "{",
        "{a:",
        "{code}",
        "{code:java}",
        "{quote}",
        "{color:red}",
        "{color}",
        "{panel:x=y}",
        "|",
        "||a",
        "|a\n",
        "* a\n",
        "* ",
        "# * - ",
        "**",
        "h1. ",
        "bq. ",
        "\\",
        "\\\\",
        "http://",
        "http://a)",
        "((((http://a)",
        "??",
        "?? a",
        "\n",
        " ",
        "\r",
        "-",
        "- a\n-- b\n",
        "a\n",
        "* a\n#* b\n",
        "{noformat}{code}",
        "[~a]",
        "[^a]",
        "{*}",
        "* {quote}\n",
        "|{quote}",
        "|* a\n",
        "ä*ß*",
        "\u{a0}* a\n",
        "{adf}{",
        "\\{",
    ];
    let mut texts: Vec<String> = repeated
        .iter()
        .map(|part| part.repeat(length / part.len() + 1))
        .collect();
    texts.push(nested);
    texts.push(opened);
    texts.push(format!("{} x", "*".repeat(length)));
    texts.push(
        (1..600)
            .map(|level| format!("{} x\n", "*".repeat(level)))
            .collect(),
    );
    texts
}

/// Without a clock: a reader that is not linear takes minutes for these and meets the runner's
/// limit.
#[test]
fn hostile_texts_are_read_in_linear_time_and_to_a_limited_depth() {
    for text in hostile(200_000) {
        let document = Document::from_wiki(&text);
        let head: String = text.chars().take(20).collect();
        assert!(depth(&document.blocks) <= 2 * DEPTH_MAX, "{head:?}");
        assert!(document.plain_text().len() <= 2 * text.len(), "{head:?}");
    }
}

/// Pieces of markup, to be put together at random.
fn markup() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z ]{1,6}",
        proptest::sample::select(vec![
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "*",
            "_",
            "-",
            "+",
            "^",
            "~",
            "??",
            "{{",
            "}}",
            "{",
            "}",
            "[",
            "]",
            "|",
            "||",
            "!",
            "\\",
            "\\\\",
            "{code}",
            "{code:java}",
            "{noformat}",
            "{quote}",
            "{panel}",
            "{panel:title=x}",
            "{color:red}",
            "{color}",
            "{info}",
            "{x}",
            "{x:y|z=1}",
            "* ",
            "# ",
            "** ",
            "#* ",
            "- ",
            "h1. ",
            "bq. ",
            "----",
            "http://a.b",
            "[~a]",
            "[a|http://b]",
            "!a.png!",
            "ä",
            "\u{a0}",
            "\u{2028}",
            "😀",
            "{*}",
            "{adf}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

fn hrefs<'d>(content: &'d [Inline], out: &mut Vec<&'d str>) {
    for inline in content {
        match inline {
            Inline::Link { href, content } => {
                out.push(href);
                assert!(
                    !content
                        .iter()
                        .any(|inner| matches!(inner, Inline::Link { .. }))
                );
            }
            Inline::InlineCard { href } => out.push(href),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read(text in "(?s).{0,300}") {
        prop_assert!(Document::from_wiki(&text).plain_text().len() <= 2 * text.len());
    }

    #[test]
    fn any_markup_is_read_and_its_links_are_safe(text in markup()) {
        let document = Document::from_wiki(&text);
        prop_assert!(document.plain_text().len() <= 2 * text.len());
        for block in &document.blocks {
            if let Block::Paragraph { content } | Block::Heading { content, .. } = block {
                let mut found = Vec::new();
                hrefs(content, &mut found);
                prop_assert!(found.iter().all(|href| safe_href(href) == Some(href)));
            }
        }
    }

    #[test]
    fn words_between_markup_are_never_lost(
        parts in proptest::collection::vec(
            ("[a-z]{3,8}", proptest::sample::select(vec![
                " ", "\n", "\n\n", " *", "* ", "\n* ", "\n# ", "\n|", " | ", "|\n", " {quote} ", " {color:red}", "{color} ",
                "\nh2. ", " _", "_ ", " [", "] ", " {{", "}} ", " {code}", "{code}\n", " \\* ", " ! ", "\n----\n",
            ])),
            1..25,
        )
    ) {
        let text: String = parts.iter().map(|(word, gap)| format!("{word}{gap}")).collect();
        let plain = Document::from_wiki(&text).plain_text();
        let mut rest = plain.as_str();
        for (word, _) in &parts {
            let found = rest.find(word.as_str());
            prop_assert!(found.is_some(), "{word:?} of {text:?} is not in {plain:?}");
            rest = &rest[found.unwrap_or_default() + word.len()..];
        }
    }
}
