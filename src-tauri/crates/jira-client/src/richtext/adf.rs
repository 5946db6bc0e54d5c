//! Reads the Atlassian Document Format. Structure: developer.atlassian.com, "Atlassian Document
//! Format", nodes and marks.

mod inline;

use serde_json::Value;

use self::inline::{inlines, is_inline};
use super::{
    Block, Cell, DEPTH_MAX, DecisionItem, Inline, ListItem, Marks, Media, PanelKind, Row, TaskItem,
    safe,
};

/// No table of Jira's is wider; a larger number is a mistake or malice.
const SPAN_MAX: u64 = 1000;

pub(super) fn blocks_of_document(value: &Value) -> Vec<Block> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => paragraphs(text),
        Value::Array(nodes) => blocks(nodes, 0),
        _ if kind(value) == "doc" => blocks(children(value), 0),
        _ => blocks(std::slice::from_ref(value), 0),
    }
}

/// The blocks of one node found inside wiki markup (`{adf}`).
pub(super) fn blocks_of_node(value: &Value, depth: usize) -> Vec<Block> {
    match value {
        _ if kind(value) == "doc" => blocks(children(value), depth),
        Value::Array(nodes) => blocks(nodes, depth),
        _ => blocks(std::slice::from_ref(value), depth),
    }
}

fn blocks(nodes: &[Value], depth: usize) -> Vec<Block> {
    let mut out = Vec::with_capacity(nodes.len());
    let mut rest = nodes;
    while let Some(first) = rest.first() {
        // Text straight in a block container is not allowed, but readable: make it a paragraph.
        let run = rest.iter().take_while(|node| is_inline(node)).count();
        if run > 0 {
            out.push(Block::Paragraph {
                content: inlines(&rest[..run]),
            });
            rest = &rest[run..];
        } else {
            block(first, depth, &mut out);
            rest = &rest[1..];
        }
    }
    out
}

fn block(node: &Value, depth: usize, out: &mut Vec<Block>) {
    if depth >= DEPTH_MAX {
        out.push(unknown(node));
        return;
    }
    let inside = || blocks(children(node), depth + 1);
    let block = match kind(node) {
        "paragraph" | "caption" => Block::Paragraph {
            content: inlines(children(node)),
        },
        "heading" => Block::Heading {
            level: number(node, "level").unwrap_or(1).clamp(1, 6) as u8,
            content: inlines(children(node)),
        },
        "bulletList" => Block::BulletList {
            items: list_items(node, depth),
        },
        "orderedList" => Block::OrderedList {
            start: number(node, "order").unwrap_or(1),
            items: list_items(node, depth),
        },
        "taskList" => Block::TaskList {
            items: task_items(node, depth),
        },
        "decisionList" => Block::DecisionList {
            items: decision_items(node),
        },
        "codeBlock" => Block::CodeBlock {
            language: text_attribute(node, "language").and_then(safe::language),
            text: code_text(node),
        },
        "blockquote" => Block::Quote { content: inside() },
        "panel" => Block::Panel {
            kind: panel_kind(node),
            title: None,
            content: inside(),
        },
        "table" => Block::Table {
            rows: rows(node, depth),
        },
        "rule" => Block::Rule,
        "expand" | "nestedExpand" => Block::Expand {
            title: text_attribute(node, "title").unwrap_or_default().to_owned(),
            content: inside(),
        },
        "media" => Block::Media(media(node)),
        "blockCard" | "embedCard" => Block::Paragraph {
            content: inlines(std::slice::from_ref(node)),
        },
        // Containers that only arrange what is in them.
        "mediaSingle" | "mediaGroup" | "layoutSection" | "layoutColumn" | "doc" => {
            out.extend(inside());
            return;
        }
        _ => unknown(node),
    };
    out.push(block);
}

fn list_items(list: &Value, depth: usize) -> Vec<ListItem> {
    let item = |node: &Value| ListItem {
        content: if kind(node) == "listItem" {
            blocks(children(node), depth + 1)
        } else {
            blocks(std::slice::from_ref(node), depth + 1)
        },
    };
    children(list).iter().map(item).collect()
}

fn task_items(list: &Value, depth: usize) -> Vec<TaskItem> {
    let mut items: Vec<TaskItem> = Vec::new();
    for node in children(list) {
        // A list below an item stands beside it in ADF, not inside it.
        if kind(node) == "taskList" && depth < DEPTH_MAX {
            let below = task_items(node, depth + 1);
            match items.last_mut() {
                Some(item) => item.children.extend(below),
                None => items.push(TaskItem {
                    children: below,
                    ..TaskItem::default()
                }),
            }
            continue;
        }
        let content = match kind(node) {
            "taskItem" => inlines(children(node)),
            "blockTaskItem" => lines_of(children(node)),
            _ => inlines(std::slice::from_ref(node)),
        };
        let done = text_attribute(node, "state") == Some("DONE");
        items.push(TaskItem {
            done,
            content,
            children: Vec::new(),
        });
    }
    items
}

/// The text of blocks as lines: a task shows one text, even when it is made of paragraphs.
fn lines_of(nodes: &[Value]) -> Vec<Inline> {
    let mut content = Vec::new();
    for node in nodes {
        if !content.is_empty() {
            content.push(Inline::HardBreak);
        }
        let is_text = matches!(kind(node), "paragraph" | "heading");
        content.extend(inlines(if is_text {
            children(node)
        } else {
            std::slice::from_ref(node)
        }));
    }
    content
}

fn decision_items(list: &Value) -> Vec<DecisionItem> {
    let item = |node: &Value| DecisionItem {
        decided: text_attribute(node, "state") == Some("DECIDED"),
        content: if kind(node) == "decisionItem" {
            inlines(children(node))
        } else {
            inlines(std::slice::from_ref(node))
        },
    };
    children(list).iter().map(item).collect()
}

fn rows(table: &Value, depth: usize) -> Vec<Row> {
    let span = |node: &Value, name: &str| {
        // The clamp keeps it within u32.
        number(node, name).unwrap_or(1).clamp(1, SPAN_MAX) as u32
    };
    let cell = |node: &Value| {
        let kind = kind(node);
        let is_cell = matches!(kind, "tableCell" | "tableHeader");
        Cell {
            header: kind == "tableHeader",
            colspan: span(node, "colspan"),
            rowspan: span(node, "rowspan"),
            content: if is_cell {
                blocks(children(node), depth + 1)
            } else {
                blocks(std::slice::from_ref(node), depth + 1)
            },
        }
    };
    let row = |node: &Value| Row {
        cells: if kind(node) == "tableRow" {
            children(node).iter().map(cell).collect()
        } else {
            vec![cell(node)]
        },
    };
    children(table).iter().map(row).collect()
}

fn panel_kind(panel: &Value) -> PanelKind {
    match text_attribute(panel, "panelType").unwrap_or_default() {
        "info" => PanelKind::Info,
        "note" => PanelKind::Note,
        "success" | "tip" => PanelKind::Success,
        "warning" => PanelKind::Warning,
        "error" => PanelKind::Error,
        _ => PanelKind::Custom,
    }
}

fn media(node: &Value) -> Media {
    let owned = |name| {
        text_attribute(node, name)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    Media {
        alt: owned("alt"),
        name: None,
        id: owned("id"),
        href: text_attribute(node, "url")
            .and_then(safe::web_href)
            .map(str::to_owned),
    }
}

fn code_text(node: &Value) -> String {
    let mut text = String::new();
    for child in children(node) {
        match child.get("text").and_then(Value::as_str) {
            Some(part) => text.push_str(part),
            None if kind(child) == "hardBreak" => text.push('\n'),
            None => text.push_str(&readable(child)),
        }
    }
    text
}

fn unknown(node: &Value) -> Block {
    Block::Unknown {
        name: name_of(node).to_owned(),
        text: readable(node),
    }
}

/// A plain string where a document was expected: one paragraph per line.
fn paragraphs(text: &str) -> Vec<Block> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let paragraph = |line: &str| Block::Paragraph {
        content: vec![Inline::Text {
            text: line.to_owned(),
            marks: Marks::default(),
        }],
    };
    lines.map(paragraph).collect()
}

/// The node's type; empty when there is none.
fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// What to call a node nobody here knows: an app's extension by its key, others by their type.
fn name_of(node: &Value) -> &str {
    match text_attribute(node, "extensionKey") {
        Some(key) if !key.is_empty() => key,
        _ => kind(node),
    }
}

fn children(node: &Value) -> &[Value] {
    node.get("content")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn attribute<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    node.get("attrs")?.get(name)
}

fn text_attribute<'a>(node: &'a Value, name: &str) -> Option<&'a str> {
    attribute(node, name)?.as_str()
}

fn number(node: &Value, name: &str) -> Option<u64> {
    let value = attribute(node, name)?;
    // ADF allows `1.0` where a whole number is meant; the cast saturates.
    value
        .as_u64()
        .or_else(|| value.as_f64().map(|number| number as u64))
}

/// All words below a node, whatever its shape, without recursion so that no depth can hurt.
fn readable(node: &Value) -> String {
    const WORDS: [&str; 4] = ["text", "title", "alt", "url"];
    let mut text = String::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let words = node
            .as_str()
            .or_else(|| node.get("text").and_then(Value::as_str));
        let words = words.or_else(|| WORDS.iter().find_map(|name| text_attribute(node, name)));
        match (words, kind(node)) {
            (Some(words), _) => text.push_str(words),
            (None, "hardBreak") => text.push('\n'),
            (None, _) if !is_inline(node) && !text.is_empty() && !text.ends_with('\n') => {
                text.push('\n');
            }
            (None, _) => {}
        }
        open.extend(children(node).iter().rev());
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests;
