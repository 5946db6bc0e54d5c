/** Reads a document for editing. Whatever it is, nothing of it is lost: what does not fit is opaque. */
import { Fragment, Mark, type Node } from "prosemirror-model";
import { attrsOf, childrenOf, isNode, isObject, type AdfNode, type Json } from "./json.ts";
import { ATTRIBUTES, isColour, schema } from "./schema.ts";

/** How many levels are read as structure; what lies deeper is opaque. */
const DEPTH_MAX = 60;

/** A document that is edited, and what it was made from. */
export interface Reading {
  readonly doc: Node;
  /** The JSON of the whole. */
  readonly root: Json;
  /**
   * The JSON that each node was made from. The editor never changes a node: what is not edited stays the same object,
   * however much is edited around it.
   */
  readonly originals: WeakMap<Node, AdfNode>;
}

export function fromAdf(root: Json): Reading {
  const reader = new Reader();
  return { doc: reader.document(root), root, originals: reader.originals };
}

const BLOCKS = [
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "listItem",
  "taskList",
  "taskItem",
  "codeBlock",
  "blockquote",
  "panel",
  "expand",
  "nestedExpand",
  "table",
  "tableRow",
  "tableCell",
  "tableHeader",
];
/** Kinds that hold words. */
const WORDY = ["paragraph", "heading", "taskItem", "codeBlock"];
const ATOMS = ["hardBreak", "mention", "emoji", "date", "status", "inlineCard"];
const PLAIN_MARKS = ["strong", "em", "underline", "strike", "code"];

class Reader {
  readonly originals = new WeakMap<Node, AdfNode>();

  document(root: Json): Node {
    const isDocument = isNode(root) && root.type === "doc";
    const children = isDocument ? childrenOf(root) : root === null ? [] : [root];
    const content = children.map((child) => this.#block(child, 1));
    // An empty document is edited as an empty paragraph.
    if (content.length === 0) content.push(schema.node("paragraph"));
    return schema.node("doc", { raw: isDocument ? rawOf(root) : null }, content);
  }

  #block(json: Json, depth: number): Node {
    return (isNode(json) && this.#known(json, depth)) || opaque("opaqueBlock", json);
  }

  #known(json: AdfNode, depth: number): Node | undefined {
    if (json.type === "rule") return schema.node("rule", { json });
    if (!BLOCKS.includes(json.type) || depth > DEPTH_MAX) return undefined;
    const attrs = attributes(json);
    const { content } = json;
    if (!attrs || (content !== undefined && !Array.isArray(content))) return undefined;
    const children = WORDY.includes(json.type)
      ? childrenOf(json).flatMap((child) => this.#inline(child))
      : childrenOf(json).map((child) => this.#block(child, depth + 1));
    const type = schema.nodes[json.type];
    const fragment = Fragment.from(children);
    if (!type?.validContent(fragment)) return undefined;
    const node = type.create(attrs, fragment);
    this.originals.set(node, json);
    return node;
  }

  #inline(json: Json): Node[] {
    if (!isNode(json)) return [opaque("opaqueInline", json)];
    if (ATOMS.includes(json.type)) return [schema.node(json.type, { json })];
    if (json.type !== "text") return [opaque("opaqueInline", json)];
    const { text, marks } = json;
    // There are no empty texts here, and they say nothing.
    if (text === "" && Object.keys(json).length <= 3) return [];
    const looks = typeof text === "string" && onlyHas(json, ["type", "text", "marks"]);
    const set = looks ? markSet(marks) : undefined;
    if (typeof text !== "string" || !set) return [opaque("opaqueInline", json)];
    const node = schema.text(text, set);
    this.originals.set(node, json);
    return [node];
  }
}

function opaque(kind: "opaqueBlock" | "opaqueInline", json: Json): Node {
  return schema.node(kind, { json });
}

function onlyHas(json: AdfNode, names: readonly string[]): boolean {
  return Object.keys(json).every((name) => names.includes(name));
}

/** All that a node says of itself; its content is told by its children. */
export function rawOf(json: AdfNode): Record<string, Json | undefined> | null {
  const raw = { ...json } as Record<string, Json | undefined>;
  delete raw["type"];
  delete raw["content"];
  return Object.keys(raw).length === 0 ? null : raw;
}

/** None if an attribute is of another shape than the format allows. */
function attributes(json: AdfNode): Record<string, unknown> | undefined {
  if (json["attrs"] !== undefined && !isObject(json["attrs"])) return undefined;
  const given = attrsOf(json);
  const attrs: Record<string, unknown> = { raw: rawOf(json) };
  for (const [name, { missing, is }] of Object.entries(ATTRIBUTES[json.type] ?? {})) {
    const value = given[name] ?? missing;
    if (!is(value)) return undefined;
    attrs[name] = value;
  }
  return attrs;
}

/** None if the marks do not go together here. */
function markSet(marks: Json | undefined): readonly Mark[] | undefined {
  if (marks === undefined) return Mark.none;
  if (!Array.isArray(marks)) return undefined;
  let set: readonly Mark[] = Mark.none;
  for (const json of marks as readonly Json[]) {
    const before = set.length;
    if (!isNode(json)) return undefined;
    set = markOf(json).addToSet(set);
    if (set.length !== before + 1) return undefined;
  }
  return set;
}

function markOf(json: AdfNode): Mark {
  const { type } = json;
  const attrs = attrsOf(json);
  const plain = onlyHas(json, ["type", "attrs"]);
  if (PLAIN_MARKS.includes(type) && plain && Object.keys(attrs).length === 0)
    return schema.mark(type);
  const { href, color, type: place } = attrs;
  if (type === "link" && typeof href === "string" && plain)
    return schema.mark("link", { href, raw: attrs });
  const sole = plain && Object.keys(attrs).length === 1;
  if (type === "textColor" && isColour(color) && sole) return schema.mark("textColor", { color });
  if (type === "subsup" && (place === "sub" || place === "sup") && sole)
    return schema.mark("subsup", { type: place });
  return schema.mark("other", { json });
}
