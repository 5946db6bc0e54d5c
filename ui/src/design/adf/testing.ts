/** Documents for tests: what Jira's editor writes, what apps add, and what nobody should write. */
import { EditorState, TextSelection, type Command, type Transaction } from "prosemirror-state";
import { fromAdf, type Reading } from "./fromAdf.ts";
import type { Json } from "./json.ts";
import { toAdf } from "./toAdf.ts";

export const text = (words: string, ...marks: Json[]) =>
  marks.length === 0 ? { type: "text", text: words } : { type: "text", text: words, marks };
export const paragraph = (...content: Json[]) => ({ type: "paragraph", content });
export const doc = (...content: Json[]) => ({ type: "doc", version: 1, content });
export const item = (...content: Json[]) => ({ type: "listItem", content });

const EXTENSION = {
  type: "extension",
  attrs: {
    extensionType: "com.atlassian.confluence.macro.core",
    extensionKey: "toc",
    parameters: { macroParams: { maxLevel: { value: "3" } } },
    layout: "default",
  },
};

const MEDIA = {
  type: "mediaSingle",
  attrs: { layout: "center", width: 66.67 },
  content: [
    {
      type: "media",
      attrs: {
        id: "6e7c",
        type: "file",
        collection: "",
        alt: "Screen.png",
        height: 183,
        width: 200,
      },
      marks: [{ type: "border", attrs: { size: 2, color: "#091e4224" } }],
    },
  ],
};

/** Every kind of node, with all that an editor of Jira's writes beside what is shown. */
export const RICH = doc(
  { type: "heading", attrs: { level: 2, localId: "h" }, content: [text("Saved cards")] },
  {
    type: "paragraph",
    attrs: { localId: "p1" },
    marks: [{ type: "alignment", attrs: { align: "center" } }],
    content: [
      text("A "),
      text("bold", { type: "strong" }),
      text(
        " link",
        { type: "em" },
        { type: "link", attrs: { href: "https://a.example", title: "t" } },
      ),
      text(" noted", { type: "annotation", attrs: { id: "n1", annotationType: "inlineComment" } }),
      text(" blue", { type: "textColor", attrs: { color: "#0747a6" } }),
      text("2", { type: "subsup", attrs: { type: "sup" } }),
      text("marked", { type: "backgroundColor", attrs: { color: "#fedec8" } }),
      { type: "hardBreak", attrs: { text: "\n" } },
      { type: "mention", attrs: { id: "5b1", text: "@Ana", accessLevel: "", localId: "m" } },
      { type: "emoji", attrs: { shortName: ":smile:", id: "1f604", text: "😄" } },
      { type: "date", attrs: { timestamp: "1767225600000" } },
      { type: "status", attrs: { text: "Blocked", color: "red", localId: "s", style: "bold" } },
      { type: "inlineCard", attrs: { url: "https://b.example/x" } },
      { type: "inlineExtension", attrs: { extensionKey: "chart", extensionType: "app" } },
      { type: "placeholder", attrs: { text: "Type here" } },
    ],
  },
  {
    type: "bulletList",
    content: [
      item(paragraph(text("one"))),
      item(paragraph(text("two")), {
        type: "orderedList",
        attrs: { order: 3 },
        content: [item(paragraph(text("three")))],
      }),
      item(MEDIA, paragraph(text("with a picture"))),
    ],
  },
  {
    type: "taskList",
    attrs: { localId: "tl" },
    content: [
      { type: "taskItem", attrs: { localId: "t1", state: "DONE" }, content: [text("Ask")] },
      { type: "taskItem", attrs: { localId: "t2", state: "TODO" } },
      {
        type: "taskList",
        attrs: { localId: "tl2" },
        content: [
          { type: "taskItem", attrs: { localId: "t3", state: "TODO" }, content: [text("Below")] },
        ],
      },
    ],
  },
  {
    type: "decisionList",
    attrs: { localId: "dl" },
    content: [
      { type: "decisionItem", attrs: { localId: "d", state: "DECIDED" }, content: [text("Go")] },
    ],
  },
  { type: "codeBlock", attrs: { language: "rust" }, content: [text("let a = 1;\nlet b;")] },
  { type: "blockquote", content: [paragraph(text("Quoted"))] },
  { type: "rule" },
  {
    type: "panel",
    attrs: { panelType: "custom", panelIcon: ":rocket:", panelColor: "#E6FCFF" },
    content: [paragraph(text("Framed"))],
  },
  {
    type: "expand",
    attrs: { title: "More" },
    marks: [{ type: "breakout", attrs: { mode: "wide" } }],
    content: [
      paragraph(text("Folded")),
      { type: "nestedExpand", attrs: { title: "" }, content: [paragraph()] },
    ],
  },
  {
    type: "table",
    attrs: { isNumberColumnEnabled: true, layout: "wide", localId: "tab", width: 900 },
    content: [
      {
        type: "tableRow",
        content: [
          { type: "tableHeader", attrs: { colwidth: [120] }, content: [paragraph(text("Who"))] },
          { type: "tableHeader", attrs: {}, content: [paragraph(text("What"))] },
        ],
      },
      {
        type: "tableRow",
        content: [
          {
            type: "tableCell",
            attrs: { colspan: 2, background: "#eae6ff" },
            content: [paragraph(text("Both"))],
          },
        ],
      },
    ],
  },
  MEDIA,
  EXTENSION,
  {
    type: "layoutSection",
    content: [{ type: "layoutColumn", attrs: { width: 50 }, content: [paragraph(text("Left"))] }],
  },
  paragraph(text("The end")),
);

/** What nobody should write, and what must not be lost all the same. */
export const ODD: Readonly<Record<string, Json>> = {
  nothing: null,
  "no content": { type: "doc", version: 1 },
  "empty content": doc(),
  "another root": paragraph(text("bare")),
  "a word": "words",
  "words outside of a paragraph": doc(text("loose"), paragraph(text("tight"))),
  "unknown attributes of the document": { ...doc(paragraph(text("a"))), extra: { a: 1 } },
  "an empty text": doc(paragraph(text(""), text("a"))),
  "a text with more to say": doc(paragraph({ type: "text", text: "a", extra: true })),
  "no text in a text": doc(paragraph({ type: "text" })),
  "texts that could be one": doc(paragraph(text("a"), text("b"))),
  "a mark twice": doc(paragraph(text("a", { type: "strong" }, { type: "strong" }))),
  "marks that exclude each other": doc(paragraph(text("a", { type: "code" }, { type: "strong" }))),
  "a mark with more to say": doc(paragraph(text("a", { type: "strong", attrs: { a: 1 } }))),
  "a link to a script": doc(
    paragraph(text("a", { type: "link", attrs: { href: "javascript:alert(1)" } })),
  ),
  "a link to nowhere": doc(paragraph(text("a", { type: "link" }))),
  "a heading of no level": doc({ type: "heading", attrs: { level: 9 }, content: [text("a")] }),
  "a list in a list": doc({ type: "bulletList", content: [{ type: "bulletList", content: [] }] }),
  "an empty list": doc({ type: "orderedList", content: [] }),
  "a table in a list": doc({
    type: "bulletList",
    content: [item({ type: "table", content: [] })],
  }),
  "content that is none": doc({ type: "paragraph", content: "words" }),
  "attributes that are none": doc({ type: "panel", attrs: "info", content: [paragraph()] }),
  "a picture in a line": doc(paragraph({ type: "mediaInline", attrs: { id: "a" } })),
  "no nodes": doc(1, null, [], { no: "type" }),
  "a name of every object": doc({ type: "constructor" }, paragraph({ type: "toString" })),
};

/** A document in the hands of somebody who edits it. */
export class Desk {
  readonly reading: Reading;
  state: EditorState;

  constructor(root: Json) {
    this.reading = fromAdf(root);
    this.state = EditorState.create({ doc: this.reading.doc });
  }

  get json(): Json {
    let next = 0;
    const newId = () => `new-${String((next += 1))}` as ReturnType<typeof crypto.randomUUID>;
    return toAdf(this.state.doc, this.reading, newId);
  }

  readonly do = (change: (tr: Transaction) => Transaction): this => {
    this.state = this.state.apply(change(this.state.tr));
    return this;
  };

  /** Stands in these words, or selects them. */
  select(words: string, whole = false): this {
    let at: number | undefined;
    this.state.doc.descendants((node, place) => {
      const offset = node.isText ? (node.text ?? "").indexOf(words) : -1;
      if (at === undefined && offset >= 0) at = place + offset;
    });
    if (at === undefined) throw new Error(`no such words: ${words}`);
    const from = at;
    const to = whole ? from + words.length : from;
    return this.do((tr) => tr.setSelection(TextSelection.create(tr.doc, from, to)));
  }

  run(command: Command): boolean {
    return command(this.state, (tr) => (this.state = this.state.apply(tr)));
  }

  type(words: string): this {
    return this.do((tr) => tr.insertText(words));
  }
}
