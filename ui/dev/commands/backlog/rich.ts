/** Texts with structure in the made-up workspace: what stands in them, and a rough reading of the two notations. */
import type { Block, Cell, Inline, RichFormat, RichSource, Task } from "@/api/bindings.ts";
import { attrsOf, childrenOf, isNode, nameOf, textAttr, wordsOf } from "@/design/adf/json.ts";
import type { AdfNode, Json, JsonObject } from "@/design/adf/json.ts";

const text = (words: string, ...marks: Json[]): Json => ({ type: "text", text: words, marks });
const paragraph = (...content: Json[]): Json => ({ type: "paragraph", content });
const node = (type: string, attrs: JsonObject, ...content: Json[]): Json => ({
  type,
  attrs,
  content,
});
const heading = (level: number, words: string): Json => node("heading", { level }, text(words));
const item = (...content: Json[]): Json => node("listItem", {}, ...content);
const row = (type: string, ...words: string[]): Json =>
  node("tableRow", {}, ...words.map((word) => node(type, {}, paragraph(text(word)))));

/** A description with every kind of node. */
const DOCUMENT: Json = {
  type: "doc",
  version: 1,
  content: [
    heading(2, "Why"),
    paragraph(
      text("Customers give up at the last step. "),
      text("One in nine", { type: "strong" }),
      text(" baskets above 200 € is lost here; see "),
      text("the funnel", { type: "link", attrs: { href: "https://wiki.example/checkout" } }),
      text(" and ask "),
      { type: "mention", attrs: { id: "5b10", text: "@Lena Fischer" } },
      text(" until "),
      { type: "date", attrs: { timestamp: "1798675200000" } },
      text(". It is "),
      { type: "status", attrs: { text: "BLOCKED", color: "red" } },
      text(" by "),
      { type: "inlineExtension", attrs: { extensionKey: "legal-review", text: "terms #4471" } },
      text(" "),
      { type: "emoji", attrs: { shortName: ":hourglass:", text: "⏳" } },
    ),
    node("panel", { panelType: "warning" }, paragraph(text("Not before the new terms are live."))),
    heading(2, "What"),
    node(
      "bulletList",
      {},
      item(
        paragraph(text("The form keeps what was typed after "), text("HTTP 504", { type: "code" })),
      ),
      item(
        paragraph(text("A second attempt charges once")),
        node(
          "orderedList",
          { order: 1 },
          item(paragraph(text("by key"))),
          item(paragraph(text("by amount"))),
        ),
      ),
    ),
    node(
      "taskList",
      { localId: "a" },
      node("taskItem", { localId: "b", state: "DONE" }, text("Agree on the copy")),
      node("taskItem", { localId: "c", state: "TODO" }, text("Translate into 14 languages")),
    ),
    paragraph(text("הטופס שומר את מה שהוקלד, גם אחרי תקלה.")),
    node("blockquote", {}, paragraph(text("I typed it all twice, and then I left."))),
    node(
      "table",
      {},
      row("tableHeader", "Market", "Share", "Since"),
      row("tableCell", "Deutschland", "41 %", "2019"),
      row("tableCell", "日本", "8 %", "2024"),
    ),
    node(
      "codeBlock",
      { language: "json" },
      {
        type: "text",
        text: '{\n  "idempotency_key": "b1946ac9"\n}',
      },
    ),
    node("expand", { title: "Earlier attempts" }, paragraph(text("2024: a longer session."))),
    { type: "rule" },
    node(
      "mediaSingle",
      { layout: "center" },
      { type: "media", attrs: { id: "6e7c", type: "file", alt: "mock-up-final-2.png" } },
    ),
    { type: "extension", attrs: { extensionKey: "roadmap-chart", text: "Roadmap of checkout" } },
    paragraph(text("Questions go to the team’s channel.")),
  ],
};

const MARKUP = `h2. Why
Customers give up at the last step. *One in nine* baskets above 200 € is lost here;
see [the funnel|https://wiki.example/checkout] and ask [~lfischer].

{panel:title=Terms}
Not before the new terms are live.
{panel}

h2. What
* The form keeps what was typed after {{HTTP 504}}
* A second attempt charges once

{code:json}
{ "idempotency_key": "b1946ac9" }
{code}`;

const short = (words: string): Json => ({
  type: "doc",
  version: 1,
  content: [paragraph(text(words))],
});
const NEWER = "The form keeps what was typed. The terms are live since Monday.";

/** What an item's text is. */
export const WRITTEN: Readonly<Record<RichFormat, string>> = {
  adf: JSON.stringify(DOCUMENT),
  wiki: MARKUP,
};
export const EMPTY: Readonly<Record<RichFormat, string>> = {
  adf: JSON.stringify({ type: "doc", version: 1, content: [] }),
  wiki: "",
};
/** What somebody else writes meanwhile. */
export const OVERTAKING: Readonly<Record<RichFormat, string>> = {
  adf: JSON.stringify(short(NEWER)),
  wiki: NEWER,
};

/** How a text looks. The engine reads much more than this. */
export function blocksOf({ format, source }: RichSource): Block[] {
  return format === "adf" ? blocks(JSON.parse(source) as JsonObject) : markup(source);
}

function blocks(parent: JsonObject): Block[] {
  return childrenOf(parent)
    .filter(isNode)
    .filter((child) => child.type !== "paragraph" || childrenOf(child).length > 0)
    .map(block);
}

function block(json: AdfNode): Block {
  const attrs = attrsOf(json);
  const content = inlines(json);
  const children = childrenOf(json).filter(isNode);
  switch (json.type) {
    case "paragraph":
      return { type: "paragraph", content };
    case "heading":
      return { type: "heading", level: Number(attrs["level"]), content };
    case "bulletList":
      return { type: "bullet_list", items: children.map(blocks) };
    case "orderedList":
      return {
        type: "ordered_list",
        start: Number(attrs["order"] ?? 1),
        items: children.map(blocks),
      };
    case "taskList":
      return { type: "task_list", items: children.map(task) };
    case "codeBlock":
      return {
        type: "code_block",
        language: textAttr(json, "language") ?? null,
        text: wordsOf(json),
      };
    case "blockquote":
      return { type: "quote", content: blocks(json) };
    case "panel":
      return {
        type: "panel",
        kind: textAttr(json, "panelType") ?? "info",
        title: null,
        content: blocks(json),
      };
    case "table":
      return {
        type: "table",
        rows: children.map((one) => childrenOf(one).filter(isNode).map(cell)),
      };
    case "rule":
      return { type: "rule" };
    case "expand":
      return { type: "expand", title: textAttr(json, "title") ?? "", content: blocks(json) };
    case "mediaSingle":
      return { type: "media", name: wordsOf(json) };
    default:
      return { type: "unknown", name: nameOf(json), text: wordsOf(json) };
  }
}

function task(json: AdfNode): Task {
  return { done: attrsOf(json)["state"] === "DONE", content: inlines(json) };
}

function cell(json: AdfNode): Cell {
  return { header: json.type === "tableHeader", colspan: 1, rowspan: 1, content: blocks(json) };
}

function inlines(parent: JsonObject): Inline[] {
  return childrenOf(parent).filter(isNode).map(inline);
}

function inline(json: AdfNode): Inline {
  const words = textAttr(json, "text") ?? "";
  switch (json.type) {
    case "text":
      return looked(json);
    case "hardBreak":
      return { type: "hard_break" };
    case "mention":
      return { type: "mention", text: words };
    case "emoji":
      return { type: "emoji", text: words };
    case "date": {
      const day = new Date(Number(textAttr(json, "timestamp"))).toISOString().slice(0, 10);
      return { type: "date", date: day };
    }
    case "status":
      return { type: "status", text: words, colour: textAttr(json, "color") ?? "" };
    default:
      return { type: "unknown", name: nameOf(json), text: wordsOf(json) };
  }
}

function looked(json: AdfNode): Inline {
  const { marks } = json;
  const all = (Array.isArray(marks) ? (marks as Json[]) : []).filter(isNode);
  const has = (type: string) => all.some((mark) => mark.type === type);
  const shown: Inline = {
    type: "text",
    text: wordsOf(json),
    bold: has("strong"),
    italic: has("em"),
    underline: has("underline"),
    strike: has("strike"),
    code: has("code"),
  };
  const link = all.find((mark) => mark.type === "link");
  const href = link && textAttr(link, "href");
  return href === undefined ? shown : { type: "link", href, content: [shown] };
}

function words(line: string, bold = false): Inline {
  const plain = { italic: false, underline: false, strike: false, code: false };
  return { type: "text", text: line, bold, ...plain };
}

/** Lines with bold words in them, as far as the pictures need it. */
function marked(line: string): Inline[] {
  return line
    .split(/(\*[^*\n]+\*|\[[^\]]+\]|\{\{[^}]+\}\})/)
    .filter(Boolean)
    .map((part): Inline => {
      if (/^\*.+\*$/.test(part)) return words(part.slice(1, -1), true);
      if (part.startsWith("[~")) return { type: "mention", text: `@${part.slice(2, -1)}` };
      if (part.startsWith("{{")) return { ...words(part.slice(2, -2)), code: true } as Inline;
      const link = /^\[(.+)\|(.+)\]$/.exec(part);
      if (link?.[1] && link[2]) return { type: "link", href: link[2], content: [words(link[1])] };
      return words(part);
    });
}

function markup(source: string): Block[] {
  const parts = source.split(/(\{(panel|code)[^}]*\}[\s\S]*?\{\2\})/).filter((part) => part.trim());
  return parts.flatMap((part): Block[] => {
    if (part === "panel" || part === "code") return [];
    const body = part.replace(/^\{[^}]*\}\n?|\n?\{[^}]*\}$/g, "");
    if (part.startsWith("{code")) return [{ type: "code_block", language: "json", text: body }];
    if (part.startsWith("{panel")) {
      const title = /title=([^|}]*)/.exec(part)?.[1] ?? null;
      return [{ type: "panel", kind: "custom", title, content: markup(body) }];
    }
    return part.split(/\n{2,}|\n(?=h\d\. )|(?<=h\d\. [^\n]*)\n/).flatMap(chunk);
  });
}

function chunk(part: string): Block[] {
  const lines = part.trim();
  const head = /^h(\d)\. (.*)$/.exec(lines);
  if (head?.[1])
    return [{ type: "heading", level: Number(head[1]), content: marked(head[2] ?? "") }];
  if (lines.startsWith("* ")) {
    const items = lines
      .split("\n")
      .map((line): Block[] => [{ type: "paragraph", content: marked(line.replace(/^\* /, "")) }]);
    return [{ type: "bullet_list", items }];
  }
  return lines === "" ? [] : [{ type: "paragraph", content: marked(lines) }];
}
