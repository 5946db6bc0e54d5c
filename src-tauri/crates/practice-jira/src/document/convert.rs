//! Between the two notations, for texts that a client wrote in one and reads in the other. As in Jira itself, the
//! way into wiki text loses what it cannot say, and the way into ADF understands only the common marks.

use serde_json::{Value, json};

/// A document as wiki text.
pub(crate) fn adf_to_wiki(document: &Value) -> String {
    let mut out = String::new();
    blocks(document, &mut out, "");
    out.trim_end().to_owned()
}

/// Only the words of a document: what the text index sees.
pub(crate) fn adf_words(node: &Value, out: &mut String) {
    if let Some(text) = node.get("text").and_then(Value::as_str) {
        out.push_str(text);
        out.push(' ');
    }
    for child in content(node) {
        adf_words(child, out);
    }
}

fn content(node: &Value) -> &[Value] {
    node.get("content")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn attr<'a>(node: &'a Value, name: &str) -> &'a str {
    node.get("attrs")
        .and_then(|a| a.get(name))
        .and_then(Value::as_str)
        .unwrap_or("")
}

fn blocks(node: &Value, out: &mut String, prefix: &str) {
    for child in content(node) {
        block(child, out, prefix);
    }
}

fn block(node: &Value, out: &mut String, prefix: &str) {
    match node.get("type").and_then(Value::as_str).unwrap_or("") {
        "heading" => {
            let level = node
                .pointer("/attrs/level")
                .and_then(Value::as_u64)
                .unwrap_or(1);
            out.push_str(&format!("h{level}. "));
            inline(node, out);
            out.push_str("\n\n");
        }
        "paragraph" => {
            inline(node, out);
            out.push_str(if prefix.is_empty() { "\n\n" } else { "\n" });
        }
        kind @ ("bulletList" | "orderedList" | "taskList" | "decisionList") => {
            let mark = format!("{prefix}{}", if kind == "orderedList" { '#' } else { '*' });
            for item in content(node) {
                out.push_str(&mark);
                out.push(' ');
                if content(item)
                    .iter()
                    .any(|c| c.get("type").is_some_and(|t| t == "paragraph"))
                {
                    blocks(item, out, &mark);
                } else {
                    inline(item, out);
                    out.push('\n');
                }
            }
            if prefix.is_empty() {
                out.push('\n');
            }
        }
        "codeBlock" => {
            let language = attr(node, "language");
            let colon = if language.is_empty() { "" } else { ":" };
            out.push_str(&format!("{{code{colon}{language}}}\n"));
            inline(node, out);
            out.push_str("\n{code}\n\n");
        }
        "panel" => fenced(node, out, attr(node, "panelType")),
        "blockquote" => fenced(node, out, "quote"),
        "expand" => blocks(node, out, prefix),
        "rule" => out.push_str("----\n\n"),
        "table" => {
            for row in content(node) {
                let mut end = "|";
                for cell in content(row) {
                    end = if cell.get("type").is_some_and(|t| t == "tableHeader") {
                        "||"
                    } else {
                        "|"
                    };
                    out.push_str(end);
                    let mut text = String::new();
                    blocks(cell, &mut text, "");
                    out.push_str(text.trim());
                }
                out.push_str(end);
                out.push('\n');
            }
            out.push('\n');
        }
        _ => blocks(node, out, prefix),
    }
}

fn fenced(node: &Value, out: &mut String, name: &str) {
    out.push_str(&format!("{{{name}}}\n"));
    let mut text = String::new();
    blocks(node, &mut text, "");
    out.push_str(text.trim_end());
    out.push_str(&format!("\n{{{name}}}\n\n"));
}

fn inline(node: &Value, out: &mut String) {
    for child in content(node) {
        match child.get("type").and_then(Value::as_str).unwrap_or("") {
            "text" => {
                let text = child.get("text").and_then(Value::as_str).unwrap_or("");
                let mut text = text.to_owned();
                for mark in child
                    .get("marks")
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice)
                {
                    text = match mark.get("type").and_then(Value::as_str).unwrap_or("") {
                        "strong" => format!("*{text}*"),
                        "em" => format!("_{text}_"),
                        "code" => format!("{{{{{text}}}}}"),
                        "strike" => format!("-{text}-"),
                        "underline" => format!("+{text}+"),
                        "link" => format!("[{text}|{}]", attr(mark, "href")),
                        _ => text,
                    };
                }
                out.push_str(&text);
            }
            "hardBreak" => out.push('\n'),
            "mention" => out.push_str(&format!("[~accountid:{}]", attr(child, "id"))),
            "inlineCard" => out.push_str(&format!("[{}]", attr(child, "url"))),
            "emoji" => out.push_str(attr(child, "text")),
            _ => inline(child, out),
        }
    }
}

/// Wiki text as a document: headings, lists, code and paragraphs.
pub(crate) fn wiki_to_adf(text: &str) -> Value {
    let mut content: Vec<Value> = Vec::new();
    let mut lines = text.lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if let Some(level) = heading_level(line) {
            content.push(json!({"type": "heading", "attrs": {"level": level}, "content": words(line[3..].trim())}));
        } else if let Some(rest) = line.strip_prefix("{code") {
            let language = rest
                .trim_start_matches(':')
                .trim_end_matches('}')
                .to_owned();
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "{code}").collect();
            let mut node = json!({"type": "codeBlock", "content": words(&body.join("\n"))});
            if !language.is_empty() {
                node["attrs"] = json!({"language": language});
            }
            content.push(node);
        } else if let Some(kind) = list_kind(line) {
            let mut items = vec![item(line)];
            while let Some(next) = lines.next_if(|l| list_kind(l) == Some(kind)) {
                items.push(item(next));
            }
            content.push(json!({"type": kind, "content": items}));
        } else {
            content.push(json!({"type": "paragraph", "content": words(line)}));
        }
    }
    json!({"type": "doc", "version": 1, "content": content})
}

fn heading_level(line: &str) -> Option<u8> {
    let bytes = line.as_bytes();
    let level = bytes.get(1)?.checked_sub(b'0')?;
    (bytes[0] == b'h' && (1..=6).contains(&level) && line.get(2..3) == Some(".")).then_some(level)
}

fn list_kind(line: &str) -> Option<&'static str> {
    match line.get(..2)? {
        "* " | "- " => Some("bulletList"),
        "# " => Some("orderedList"),
        _ => None,
    }
}

fn item(line: &str) -> Value {
    json!({"type": "listItem", "content": [{"type": "paragraph", "content": words(&line[2..])}]})
}

fn words(text: &str) -> Value {
    if text.is_empty() {
        json!([])
    } else {
        json!([{"type": "text", "text": text}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_and_code_survive_the_way_there_and_back() {
        let wiki = "h2. Goal\n\n* one\n* two\n\n{code:rust}\nfn main() {}\n{code}\n\nThe end";
        assert_eq!(adf_to_wiki(&wiki_to_adf(wiki)), wiki);
    }

    #[test]
    fn unknown_nodes_keep_their_words() {
        let document = json!({"type": "doc", "version": 1, "content": [
            {"type": "layoutSection", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "kept"}]}]}]});
        assert_eq!(adf_to_wiki(&document), "kept");
    }
}
