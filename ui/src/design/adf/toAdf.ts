/**
 * Writes a document that was edited. What was not edited is written as it was read, to the letter; of the rest only
 * what changed is made anew.
 */
import type { Mark, Node } from "prosemirror-model";
import type { Reading } from "./fromAdf.ts";
import { isObject, localIdsOf, type AdfNode, type Json } from "./json.ts";
import { ATTRIBUTES } from "./schema.ts";

/** The document as JSON. `newId` makes an identity for what Jira refuses without one. */
export function toAdf(doc: Node, reading: Reading, newId = () => crypto.randomUUID()): Json {
  if (doc.eq(reading.doc)) return reading.root;
  return new Writer(doc, reading, newId).document(doc);
}

/** Kinds that Jira refuses without an identity. */
const IDENTIFIED = ["taskList", "taskItem"];

class Writer {
  readonly #originals: Reading["originals"];
  /** What was changed and changed back is what it was. */
  readonly #again = new Map<Node, AdfNode>();
  readonly #newId: () => string;
  /** Identities that are in use: of two nodes that were one, the second needs its own. */
  readonly #ids = new Set<string>();

  constructor(doc: Node, { doc: before, originals }: Reading, newId: () => string) {
    this.#newId = newId;
    this.#originals = originals;
    doc.forEach((block) => {
      if (originals.has(block)) return;
      const same = before.children.find((one) => one.eq(block));
      const original = same && originals.get(same);
      if (original) this.#again.set(block, original);
    });
    doc.descendants((node) => {
      const original = this.#original(node);
      for (const id of original ? localIdsOf(original) : []) this.#ids.add(id);
      return !original;
    });
  }

  document(doc: Node): Json {
    const raw = doc.attrs["raw"] as Record<string, Json | undefined> | null;
    return { version: 1, ...raw, type: "doc", content: this.#children(doc) };
  }

  #original(node: Node): AdfNode | undefined {
    return this.#originals.get(node) ?? this.#again.get(node);
  }

  #children(node: Node): Json[] {
    return node.children.map((child) => this.#node(child));
  }

  #node(node: Node): Json {
    const json = node.attrs["json"] as Json | undefined;
    if (json !== undefined) return json;
    return this.#original(node) ?? (node.isText ? text(node) : this.#anew(node));
  }

  #anew(node: Node): Json {
    const type = node.type.name;
    const { attrs: given, ...rest } = (node.attrs["raw"] ?? {}) as Record<string, Json | undefined>;
    const attrs: Record<string, Json | undefined> = isObject(given) ? { ...given } : {};
    for (const [name, { missing, required }] of Object.entries(ATTRIBUTES[type] ?? {})) {
      const value = node.attrs[name] as Json;
      const is = attrs[name] ?? missing;
      if (value !== is || (required && attrs[name] === undefined)) attrs[name] = value;
    }
    this.#identify(type, attrs);
    const made = {
      type,
      ...rest,
      ...(isObject(given) || Object.keys(attrs).length > 0 ? { attrs } : {}),
    };
    const children = this.#children(node);
    // A paragraph without words has no content, as Jira's own editor writes it.
    return children.length === 0 && node.isTextblock ? made : { ...made, content: children };
  }

  #identify(type: string, attrs: Record<string, Json | undefined>): void {
    const { localId } = attrs;
    if (typeof localId === "string" && !this.#ids.has(localId)) {
      this.#ids.add(localId);
      return;
    }
    if (IDENTIFIED.includes(type)) attrs["localId"] = this.#newId();
    else if (typeof localId === "string") delete attrs["localId"];
  }
}

function text(node: Node): Json {
  const marks = node.marks.map(markJson);
  const words = { type: "text", text: node.text ?? "" };
  return marks.length === 0 ? words : { ...words, marks };
}

function markJson({ type, attrs }: Mark): Json {
  switch (type.name) {
    case "other":
      return attrs["json"] as Json;
    case "link":
      return {
        type: "link",
        attrs: { ...(attrs["raw"] as object | null), href: attrs["href"] as string },
      };
    case "textColor":
    case "subsup":
      return { type: type.name, attrs: { ...attrs } };
    default:
      return { type: type.name };
  }
}
