/** The Atlassian Document Format as it travels: a tree of nodes in JSON. */

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type JsonObject = Readonly<Record<string, Json | undefined>>;

/** A node or a mark. What it holds besides its type is not trusted to be of any shape. */
export interface AdfNode extends JsonObject {
  readonly type: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value has a type, as every node has. */
export function isNode(value: unknown): value is AdfNode {
  return isObject(value) && typeof value["type"] === "string";
}

export function childrenOf(node: JsonObject): readonly Json[] {
  const { content } = node;
  return Array.isArray(content) ? (content as readonly Json[]) : [];
}

export function attrsOf(node: JsonObject): JsonObject {
  const { attrs } = node;
  return isObject(attrs) ? attrs : {};
}

/** An attribute that is text; undefined if there is none. */
export function textAttr(node: JsonObject, name: string): string | undefined {
  const value = attrsOf(node)[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What to call a node that nobody here knows: an app's extension by its key, others by their type. */
export function nameOf(node: Json): string {
  if (!isObject(node)) return "";
  const { type } = node;
  return textAttr(node, "extensionKey") ?? (typeof type === "string" ? type : "");
}

const INLINE = ["text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard"];

/** All words below a node, whatever its shape; without recursion, so that no depth can hurt. */
export function wordsOf(root: Json): string {
  let words = "";
  const open: Json[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === "string") words += node;
    if (!isObject(node)) continue;
    const own =
      typeof node["text"] === "string"
        ? node["text"]
        : ["text", "title", "alt", "url"].map((name) => textAttr(node, name)).find(Boolean);
    if (own !== undefined) words += own;
    else if (node["type"] === "hardBreak") words += "\n";
    else if (!INLINE.includes(String(node["type"])) && words !== "" && !words.endsWith("\n"))
      words += "\n";
    open.push(...[...childrenOf(node)].reverse());
  }
  return words.trimEnd();
}

/** Every `localId` at and below a node. */
export function localIdsOf(root: Json): string[] {
  const ids: string[] = [];
  const open: Json[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isObject(node)) continue;
    const id = textAttr(node, "localId");
    if (id !== undefined) ids.push(id);
    open.push(...childrenOf(node));
  }
  return ids;
}
