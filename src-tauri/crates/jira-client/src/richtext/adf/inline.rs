//! Text and what stands inside a line.

use serde_json::Value;

use super::super::{Inline, Marks, safe};
use super::{attribute, children, kind, media, name_of, number, readable, text_attribute};

/// Whether the node belongs inside a paragraph.
pub(super) fn is_inline(node: &Value) -> bool {
    node.is_string()
        || matches!(
            kind(node),
            "text"
                | "hardBreak"
                | "mention"
                | "emoji"
                | "date"
                | "status"
                | "inlineCard"
                | "inlineExtension"
                | "mediaInline"
                | "placeholder"
        )
}

pub(super) fn inlines(nodes: &[Value]) -> Vec<Inline> {
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node.get("text").and_then(Value::as_str).or(node.as_str()) {
            Some(text) if node.is_string() || kind(node) == "text" => run(node, text, &mut out),
            _ => out.push(inline(node)),
        }
    }
    out
}

/// One text node: its marks are the look, except the link, which is a node here.
fn run(node: &Value, text: &str, out: &mut Vec<Inline>) {
    if text.is_empty() {
        return;
    }
    let (marks, href) = marks(node);
    let text = Inline::Text {
        text: text.to_owned(),
        marks,
    };
    let Some(href) = href else {
        return out.push(text);
    };
    // A link whose words differ in look comes as several text nodes.
    match out.last_mut() {
        Some(Inline::Link {
            href: before,
            content,
        }) if before == href => content.push(text),
        _ => out.push(Inline::Link {
            href: href.to_owned(),
            content: vec![text],
        }),
    }
}

fn marks(node: &Value) -> (Marks, Option<&str>) {
    let mut marks = Marks::default();
    let mut href = None;
    let list = node
        .get("marks")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    for mark in list {
        match kind(mark) {
            "strong" => marks.bold = true,
            "em" => marks.italic = true,
            "underline" => marks.underline = true,
            "strike" => marks.strike = true,
            "code" => marks.code = true,
            "subsup" => match text_attribute(mark, "type") {
                Some("sub") => marks.subscript = true,
                Some("sup") => marks.superscript = true,
                _ => {}
            },
            "textColor" => {
                let colour = text_attribute(mark, "color").and_then(safe::safe_colour);
                marks.colour = colour.map(str::to_owned);
            }
            "link" => href = text_attribute(mark, "href").and_then(safe::safe_href),
            // Borders, alignment, comments' anchors and whatever comes next change no words.
            _ => {}
        }
    }
    (marks, href)
}

fn inline(node: &Value) -> Inline {
    match kind(node) {
        "hardBreak" => Inline::HardBreak,
        "mention" => mention(node),
        "emoji" => {
            let text = text_attribute(node, "text").filter(|text| !text.is_empty());
            let text = text
                .or_else(|| text_attribute(node, "shortName"))
                .unwrap_or_default();
            Inline::Emoji {
                text: text.to_owned(),
            }
        }
        "date" => date(node),
        "status" => Inline::Status {
            text: text_attribute(node, "text").unwrap_or_default().to_owned(),
            colour: text_attribute(node, "color")
                .and_then(safe::safe_colour)
                .map(str::to_owned),
        },
        "inlineCard" | "blockCard" | "embedCard" => card(node),
        "mediaInline" | "media" => Inline::Image(media(node)),
        _ => Inline::Unknown {
            name: name_of(node).to_owned(),
            text: readable(node),
        },
    }
}

fn mention(node: &Value) -> Inline {
    let id = text_attribute(node, "id").filter(|id| !id.is_empty());
    let shown = text_attribute(node, "text").filter(|text| !text.is_empty());
    let shown = shown.or(id).unwrap_or_default();
    let text = if shown.starts_with('@') {
        shown.to_owned()
    } else {
        format!("@{shown}")
    };
    Inline::Mention {
        id: id.map(str::to_owned),
        text,
    }
}

fn date(node: &Value) -> Inline {
    let shown = attribute(node, "timestamp").and_then(Value::as_str);
    let instant_ms = shown
        .and_then(|digits| digits.parse::<i64>().ok())
        .or_else(|| number(node, "timestamp").and_then(|ms| i64::try_from(ms).ok()));
    // Jira stores a day as its midnight in UTC.
    match instant_ms.map(jiff::Timestamp::from_millisecond) {
        Some(Ok(instant)) => Inline::Date {
            iso: jiff::tz::Offset::UTC
                .to_datetime(instant)
                .date()
                .to_string(),
        },
        _ => Inline::Unknown {
            name: "date".to_owned(),
            text: shown.unwrap_or_default().to_owned(),
        },
    }
}

/// A card names its target by address, or carries the target's description as JSON-LD.
fn card(node: &Value) -> Inline {
    let described = || attribute(node, "data").and_then(|data| data.get("url")?.as_str());
    let address = text_attribute(node, "url")
        .or_else(described)
        .unwrap_or_default();
    match safe::safe_href(address) {
        Some(href) => Inline::InlineCard {
            href: href.to_owned(),
        },
        None if children(node).is_empty() => Inline::Text {
            text: address.to_owned(),
            marks: Marks::default(),
        },
        None => Inline::Unknown {
            name: kind(node).to_owned(),
            text: readable(node),
        },
    }
}
