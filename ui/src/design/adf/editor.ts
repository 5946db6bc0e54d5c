/** The editing surface for a document of Jira Cloud, without its frame. */
import { baseKeymap } from "prosemirror-commands";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import type { Node } from "prosemirror-model";
import { EditorState, Plugin, type Command } from "prosemirror-state";
import { EditorView, type NodeView } from "prosemirror-view";
import { keepsTables, keys, rules, tick } from "./commands.ts";
import { fromAdf } from "./fromAdf.ts";
import type { Json } from "./json.ts";
import { toAdf } from "./toAdf.ts";

export interface Options {
  /** What the surface is called, and other attributes of it. */
  readonly attributes: () => Record<string, string>;
  /** Keys of whoever shows it. */
  readonly keys: Readonly<Record<string, Command>>;
  /** Whether nothing can be typed now. */
  readonly locked: () => boolean;
  /** After anything: a place was gone to, or something was changed. */
  readonly onupdate: (state: EditorState, changed: boolean) => void;
}

export interface Editor {
  readonly view: EditorView;
  /** The document as it is now: its JSON as text, to the letter what came where nothing was changed. */
  readonly source: () => string;
}

/** How far from the edges the cursor stays, in px: the buttons stand there. */
const IN_SIGHT = { top: 80, right: 5, bottom: 72, left: 5 };

/** A document that is no JSON is edited as the words that it is. */
function parsed(source: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch {
    return source;
  }
}

export function openEditor(place: HTMLElement, source: string, options: Options): Editor {
  const reading = fromAdf(parsed(source));
  const state = EditorState.create({
    doc: reading.doc,
    plugins: [
      keymap({ ...options.keys }),
      rules(),
      keymap({ ...keys }),
      keymap(baseKeymap),
      gapCursor(),
      history(),
      new Plugin({ filterTransaction: keepsTables }),
    ],
  });
  const view: EditorView = new EditorView(place, {
    state,
    attributes: options.attributes,
    editable: () => !options.locked(),
    // What is typed is not hidden by what stays in sight above and below it.
    scrollThreshold: IN_SIGHT,
    scrollMargin: IN_SIGHT,
    nodeViews: { taskItem: (node, view, at) => new TaskView(node, view, at) },
    dispatchTransaction(transaction) {
      const { state, transactions } = view.state.applyTransaction(transaction);
      view.updateState(state);
      options.onupdate(
        state,
        transactions.some((one) => one.docChanged),
      );
    },
  });
  return {
    view,
    source: () => {
      const root = toAdf(view.state.doc, reading);
      return root === reading.root ? source : JSON.stringify(root);
    },
  };
}

/** A task with its box, which is ticked without leaving the text. */
class TaskView implements NodeView {
  readonly dom = document.createElement("li");
  readonly contentDOM = document.createElement("div");
  readonly #box = document.createElement("input");

  constructor(node: Node, view: EditorView, at: () => number | undefined) {
    this.dom.className = "task";
    this.contentDOM.className = "words";
    this.contentDOM.dir = "auto";
    this.#box.type = "checkbox";
    this.#box.tabIndex = -1;
    this.#box.contentEditable = "false";
    this.#box.setAttribute("aria-label", "Done");
    this.#box.addEventListener("change", () => {
      const place = at();
      if (place !== undefined && view.editable) view.dispatch(tick(view.state.tr, place));
      else this.#show(node);
    });
    this.dom.append(this.#box, this.contentDOM);
    this.#show(node);
  }

  update(node: Node): boolean {
    if (node.type.name !== "taskItem") return false;
    this.#show(node);
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box;
  }

  ignoreMutation(mutation: { target: globalThis.Node }): boolean {
    return !this.contentDOM.contains(mutation.target);
  }

  #show(node: Node): void {
    const done = node.attrs["state"] === "DONE";
    this.#box.checked = done;
    this.dom.dataset["state"] = done ? "DONE" : "TODO";
  }
}
