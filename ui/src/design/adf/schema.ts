/**
 * What can be edited of the Atlassian Document Format. Each kind of node keeps all that its JSON says of itself
 * (`raw`), so that what is not edited here is not lost when something beside it is. Everything else is opaque: one
 * thing that can be moved and deleted, and carries its JSON to the letter (`json`).
 */
import {
  Schema,
  type DOMOutputSpec,
  type MarkSpec,
  type Node,
  type NodeSpec,
} from "prosemirror-model";
import { safeHref, toneOf } from "../richtext.ts";
import { isObject, nameOf, textAttr, wordsOf, type AdfNode, type Json } from "./json.ts";
import { formatDay } from "../format.ts";

/** An attribute of a kind of node that can be edited here, or that decides how it looks. */
export interface Attribute {
  /** What it is when it is missing. */
  readonly missing: Json;
  /** Whether Jira refuses the node without it. */
  readonly required?: true;
  /** Whether a value is one of its. */
  readonly is: (value: Json) => boolean;
}

const isText = (value: Json) => typeof value === "string";
const isWhole = (min: number, max: number) => (value: Json) =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
const title: Attribute = { missing: "", is: isText };
const span: Attribute = { missing: 1, is: isWhole(1, 1000) };

/** By kind of node. */
export const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, Attribute>>>> = {
  heading: { level: { missing: 1, required: true, is: isWhole(1, 6) } },
  orderedList: { order: { missing: 1, is: isWhole(0, 1e9) } },
  codeBlock: { language: { missing: null, is: (value) => value === null || isText(value) } },
  panel: { panelType: { missing: "info", required: true, is: isText } },
  expand: { title },
  nestedExpand: { title },
  taskItem: {
    state: { missing: "TODO", required: true, is: (value) => value === "TODO" || value === "DONE" },
  },
  tableCell: { colspan: span, rowspan: span },
  tableHeader: { colspan: span, rowspan: span },
};

/** What says in copied HTML that a node is of this window: no page from outside can forge one. */
const MINE = crypto.randomUUID();

/** A kind of node whose content is edited. */
function edited(kind: string, spec: NodeSpec): NodeSpec {
  const attrs: NodeSpec["attrs"] = { raw: { default: null } };
  for (const [name, { missing }] of Object.entries(ATTRIBUTES[kind] ?? {}))
    attrs[name] = { default: missing };
  return { ...spec, attrs };
}

/** A kind of node that is one thing. */
function atom(kind: string, inline: boolean, draw: (json: AdfNode) => DOMOutputSpec): NodeSpec {
  const json = { type: kind };
  return {
    inline,
    group: inline ? "inline" : "block",
    atom: true,
    selectable: kind !== "hardBreak",
    attrs: { json: { default: json } },
    leafText: (node) => (kind === "hardBreak" ? "\n" : wordsOf(jsonOf(node))),
    toDOM: (node) => draw(jsonOf(node)),
  };
}

function jsonOf(node: Node): AdfNode {
  return node.attrs["json"] as AdfNode;
}

/** Draws a thing, with its JSON for when it is copied and pasted in this window. */
function thing(tag: string, json: AdfNode, looks: Record<string, string>, words: string) {
  const attributes = { ...looks, "data-adf": `${MINE} ${JSON.stringify(json)}` };
  return [tag, { contenteditable: "false", ...attributes }, words] satisfies DOMOutputSpec;
}

/** Reads what `thing` wrote, if it is of this window and of this kind. */
function taken(dom: HTMLElement, kinds: (kind: string) => boolean) {
  const text = dom.getAttribute("data-adf") ?? "";
  if (!text.startsWith(`${MINE} `)) return false;
  const json = JSON.parse(text.slice(MINE.length + 1)) as AdfNode;
  return kinds(json.type) && { json };
}

const KNOWN_ATOMS = ["hardBreak", "mention", "emoji", "date", "status", "inlineCard", "rule"];
const isOpaque = (kind: string) => !KNOWN_ATOMS.includes(kind);

function drawDate(json: AdfNode): DOMOutputSpec {
  const ms = Number(textAttr(json, "timestamp"));
  const day = Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : undefined;
  return thing("span", json, { class: "date" }, day === undefined ? "date" : formatDay(day));
}

const MEDIA = ["mediaSingle", "mediaGroup", "media"];

/** What a picture or file is called. */
function mediaName(json: Json): string {
  if (!isObject(json)) return "";
  if (json["type"] === "media") return textAttr(json, "alt") ?? textAttr(json, "id") ?? "";
  const { content } = json;
  return (Array.isArray(content) ? (content as Json[]) : []).map(mediaName).find(Boolean) ?? "";
}

function drawOpaque(json: AdfNode): DOMOutputSpec {
  const own = { "data-adf": `${MINE} ${JSON.stringify(json)}`, contenteditable: "false" };
  if (MEDIA.includes(json.type))
    return ["div", { ...own, class: "file block" }, mediaName(json) || "Attachment"];
  const note = ["span", { class: "note" }, `Not shown as in Jira: ${nameOf(json)}`] as const;
  const words = wordsOf(json);
  const shown: DOMOutputSpec[] = words === "" ? [note] : [note, ["p", { class: "plain" }, words]];
  return ["div", { ...own, class: "unknown block" }, ...shown];
}

const LISTS = "bulletList | orderedList | taskList";
const TEXTS = "paragraph | heading | codeBlock";

const nodes: Record<string, NodeSpec> = {
  doc: { content: "block+", attrs: { raw: { default: null } } },
  paragraph: edited("paragraph", {
    content: "inline*",
    group: "block",
    parseDOM: [{ tag: "p" }],
    toDOM: () => ["p", { dir: "auto" }, 0],
  }),
  heading: edited("heading", {
    content: "inline*",
    group: "block",
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${String(level)}`, attrs: { level } })),
    toDOM: (node) => [`h${String(node.attrs["level"])}`, { dir: "auto" }, 0],
  }),
  bulletList: edited("bulletList", {
    content: "listItem+",
    group: "block",
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", { class: "bullets" }, 0],
  }),
  orderedList: edited("orderedList", {
    content: "listItem+",
    group: "block",
    parseDOM: [
      { tag: "ol", getAttrs: (dom) => ({ order: Math.max(0, (dom as HTMLOListElement).start) }) },
    ],
    toDOM: (node) => ["ol", { class: "numbers", start: node.attrs["order"] as number }, 0],
  }),
  listItem: edited("listItem", {
    content: `(paragraph | codeBlock | opaqueBlock) (paragraph | codeBlock | ${LISTS} | opaqueBlock)*`,
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => ["li", 0],
  }),
  taskList: edited("taskList", {
    content: "(taskItem | opaqueBlock) (taskItem | taskList | opaqueBlock)*",
    group: "block",
    parseDOM: [{ tag: "ul.tasks", priority: 60 }],
    toDOM: () => ["ul", { class: "tasks" }, 0],
  }),
  taskItem: edited("taskItem", {
    content: "inline*",
    defining: true,
    parseDOM: [
      {
        tag: "li.task",
        priority: 60,
        contentElement: ".words",
        getAttrs: (dom) => ({ state: dom.getAttribute("data-state") === "DONE" ? "DONE" : "TODO" }),
      },
    ],
    toDOM: (node) => [
      "li",
      { class: "task", "data-state": node.attrs["state"] as string },
      ["div", { class: "words", dir: "auto" }, 0],
    ],
  }),
  codeBlock: edited("codeBlock", {
    content: "text*",
    group: "block",
    marks: "",
    code: true,
    defining: true,
    parseDOM: [
      {
        tag: "pre",
        preserveWhitespace: "full",
        getAttrs: (dom) => ({ language: dom.getAttribute("data-language") }),
      },
    ],
    toDOM: (node) => [
      "pre",
      { spellcheck: "false", "data-language": node.attrs["language"] as string | null },
      ["code", 0],
    ],
  }),
  blockquote: edited("blockquote", {
    content: "(paragraph | bulletList | orderedList | codeBlock | opaqueBlock)+",
    group: "block",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  }),
  panel: edited("panel", {
    content: `(paragraph | heading | codeBlock | ${LISTS} | rule | opaqueBlock)+`,
    group: "block",
    defining: true,
    parseDOM: [
      {
        tag: "div.panel",
        getAttrs: (dom) => ({ panelType: dom.getAttribute("data-panel") ?? "info" }),
      },
    ],
    toDOM: (node) => {
      const kind = node.attrs["panelType"] as string;
      return ["div", { class: `panel ${toneOf(kind)}`, "data-panel": kind, role: "note" }, 0];
    },
  }),
  expand: edited("expand", {
    content: `(${TEXTS} | ${LISTS} | blockquote | panel | table | rule | nestedExpand | opaqueBlock)+`,
    group: "block",
    defining: true,
    isolating: true,
    parseDOM: [{ tag: "div.expand", contentElement: ".inside", getAttrs: titleIn }],
    toDOM: drawExpand,
  }),
  nestedExpand: edited("nestedExpand", {
    content: `(${TEXTS} | ${LISTS} | blockquote | panel | rule | opaqueBlock)+`,
    defining: true,
    isolating: true,
    parseDOM: [
      { tag: "div.expand.nested", priority: 60, contentElement: ".inside", getAttrs: titleIn },
    ],
    toDOM: drawExpand,
  }),
  table: edited("table", {
    content: "tableRow+",
    group: "block",
    isolating: true,
    parseDOM: [{ tag: "table" }],
    toDOM: () => ["div", { class: "scroll" }, ["table", ["tbody", 0]]],
  }),
  tableRow: edited("tableRow", {
    content: "(tableCell | tableHeader)*",
    parseDOM: [{ tag: "tr" }],
    toDOM: () => ["tr", 0],
  }),
  tableCell: cell("tableCell", "td"),
  tableHeader: cell("tableHeader", "th"),

  rule: {
    ...atom("rule", false, () => ["hr"]),
    parseDOM: [{ tag: "hr" }],
  },
  opaqueBlock: {
    ...atom("unknown", false, drawOpaque),
    parseDOM: [{ tag: "div[data-adf]", priority: 70, getAttrs: (dom) => taken(dom, isOpaque) }],
  },

  text: { group: "inline" },
  hardBreak: {
    ...atom("hardBreak", true, () => ["br"]),
    linebreakReplacement: true,
    parseDOM: [{ tag: "br" }],
  },
  mention: inlineAtom("mention", (json) => {
    const name = textAttr(json, "text") ?? textAttr(json, "id") ?? "@";
    return thing("span", json, { class: "mention" }, name);
  }),
  emoji: inlineAtom("emoji", (json) => {
    const sign = textAttr(json, "text") ?? textAttr(json, "shortName") ?? "emoji";
    return thing("span", json, { class: "emoji" }, sign);
  }),
  date: inlineAtom("date", drawDate),
  status: inlineAtom("status", (json) => {
    const looks = { class: `status ${toneOf(textAttr(json, "color") ?? "")}` };
    return thing("span", json, looks, textAttr(json, "text") ?? "status");
  }),
  inlineCard: inlineAtom("inlineCard", (json) => {
    return thing("span", json, { class: "card" }, textAttr(json, "url") ?? "link");
  }),
  opaqueInline: {
    ...atom("unknown", true, (json) => {
      const looks = { class: "unknown", title: `Not shown as in Jira: ${nameOf(json)}` };
      return thing("span", json, looks, wordsOf(json) || nameOf(json));
    }),
    parseDOM: [{ tag: "span[data-adf]", priority: 65, getAttrs: (dom) => taken(dom, isOpaque) }],
  },
};

function inlineAtom(kind: string, draw: (json: AdfNode) => DOMOutputSpec): NodeSpec {
  const own = (dom: HTMLElement) => taken(dom, (found) => found === kind);
  return {
    ...atom(kind, true, draw),
    parseDOM: [{ tag: "span[data-adf]", priority: 70, getAttrs: own }],
  };
}

function cell(kind: string, tag: "td" | "th"): NodeSpec {
  const spanOf = (dom: HTMLElement, name: string) =>
    Math.min(1000, Math.max(1, Math.trunc(Number(dom.getAttribute(name) ?? 1)) || 1));
  return edited(kind, {
    content: `(${TEXTS} | ${LISTS} | blockquote | panel | rule | nestedExpand | opaqueBlock)+`,
    isolating: true,
    parseDOM: [
      {
        tag,
        getAttrs: (dom) => ({ colspan: spanOf(dom, "colspan"), rowspan: spanOf(dom, "rowspan") }),
      },
    ],
    toDOM: ({ attrs }) => [
      tag,
      { colspan: attrs["colspan"] as number, rowspan: attrs["rowspan"] as number },
      0,
    ],
  });
}

function titleIn(dom: HTMLElement) {
  return { title: dom.getAttribute("data-title") ?? "" };
}

function drawExpand(node: Node): DOMOutputSpec {
  const words = node.attrs["title"] as string;
  const nested = node.type.name === "nestedExpand" ? " nested" : "";
  return [
    "div",
    { class: `expand${nested}`, "data-title": words },
    ["p", { class: "summary", contenteditable: "false", dir: "auto" }, words || "More"],
    ["div", { class: "inside" }, 0],
  ];
}

/** A look without anything else to say. */
function look(tag: string, parse: MarkSpec["parseDOM"]): MarkSpec {
  return { parseDOM: [{ tag }, ...(parse ?? [])], toDOM: () => [tag, 0] };
}

/** Looks that Jira refuses on code. */
const NOT_ON_CODE = "strong em underline strike textColor subsup";

const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: {}, raw: { default: null } },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom) => {
          const href = safeHref(dom.getAttribute("href") ?? "");
          return href === undefined ? false : { href };
        },
      },
    ],
    toDOM: ({ attrs }) => {
      const href = safeHref(attrs["href"] as string);
      return ["a", href === undefined ? {} : { href, title: href, rel: "noopener noreferrer" }, 0];
    },
  },
  em: look("em", [{ tag: "i" }, { style: "font-style=italic" }]),
  strong: look("strong", [{ tag: "b" }, { style: "font-weight=bold" }]),
  underline: look("u", [{ style: "text-decoration=underline" }]),
  strike: look("s", [{ tag: "del" }, { tag: "strike" }, { style: "text-decoration=line-through" }]),
  subsup: {
    attrs: { type: {} },
    parseDOM: [
      { tag: "sub", attrs: { type: "sub" } },
      { tag: "sup", attrs: { type: "sup" } },
    ],
    toDOM: ({ attrs }) => [attrs["type"] as string, 0],
  },
  textColor: {
    attrs: { color: {} },
    toDOM: ({ attrs }) => [
      "span",
      { class: "coloured", style: `color: ${String(attrs["color"])}` },
      0,
    ],
  },
  code: { ...look("code", []), excludes: `code ${NOT_ON_CODE}`, code: true },
  /** A mark that is not known here: its words can be edited, and it stays on them. */
  other: {
    attrs: { json: {} },
    excludes: "",
    inclusive: false,
    toDOM: () => ["span", { class: "other" }, 0],
  },
};

/** What can be edited. */
export const schema = new Schema({ nodes, marks });

/** A colour as ADF writes it; others stay marks that are not known. */
export function isColour(value: Json | undefined): value is string {
  return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
}
