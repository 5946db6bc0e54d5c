/** What can be done to a document, and the keys that do it. */
import {
  chainCommands,
  createParagraphNear,
  exitCode,
  liftEmptyBlock,
  newlineInCode,
  setBlockType,
  splitBlock,
  toggleMark,
  wrapIn,
} from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import {
  InputRule,
  inputRules,
  textblockTypeInputRule,
  wrappingInputRule,
} from "prosemirror-inputrules";
import {
  Fragment,
  type MarkType,
  type Node,
  type NodeType,
  type ResolvedPos,
} from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import {
  NodeSelection,
  Selection,
  TextSelection,
  type Command,
  type EditorState,
  type Plugin,
  type Transaction,
} from "prosemirror-state";
import { safeHref } from "../richtext.ts";
import { schema } from "./schema.ts";

function nodeType(name: string): NodeType {
  const type = schema.nodes[name];
  if (!type) throw new Error(`no such kind of node: ${name}`);
  return type;
}

function markType(name: string): MarkType {
  const type = schema.marks[name];
  if (!type) throw new Error(`no such kind of mark: ${name}`);
  return type;
}

const { paragraph, heading, codeBlock, bulletList, orderedList, listItem, taskList, taskItem } = {
  paragraph: nodeType("paragraph"),
  heading: nodeType("heading"),
  codeBlock: nodeType("codeBlock"),
  bulletList: nodeType("bulletList"),
  orderedList: nodeType("orderedList"),
  listItem: nodeType("listItem"),
  taskList: nodeType("taskList"),
  taskItem: nodeType("taskItem"),
};
const link = markType("link");

/** Looks that a button switches. */
export type Look = "strong" | "em" | "underline" | "strike" | "code";

export function toggleLook(look: Look): Command {
  return toggleMark(markType(look));
}

/** Whether what is selected, or will be typed, has a look. */
export function hasLook(state: EditorState, look: Look | "link"): boolean {
  const type = markType(look);
  const { from, to, $from, empty } = state.selection;
  if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  return state.doc.rangeHasMark(from, to, type);
}

/** What a block of words is. */
export type Style = "paragraph" | "code" | `h${1 | 2 | 3 | 4 | 5 | 6}`;

export function setStyle(style: Style): Command {
  if (style === "paragraph") return setBlockType(paragraph);
  if (style === "code") return setBlockType(codeBlock);
  return setBlockType(heading, { level: Number(style.slice(1)) });
}

/** What the block of words is that the selection begins in; undefined in what is none of these. */
export function styleOf({ selection }: EditorState): Style | undefined {
  const { parent } = selection.$from;
  if (parent.type === paragraph) return "paragraph";
  if (parent.type === codeBlock) return "code";
  return parent.type === heading ? `h${parent.attrs["level"] as 1}` : undefined;
}

/** What a block can stand in. */
export type Frame = "bulletList" | "orderedList" | "taskList" | "blockquote";

/** The innermost frame around a place, or of one kind. */
function frameAt($pos: ResolvedPos, name?: Frame): { node: Node; depth: number } | undefined {
  const frames = ["bulletList", "orderedList", "taskList", "blockquote"];
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const node = $pos.node(depth);
    if (name ? node.type.name === name : frames.includes(node.type.name)) return { node, depth };
  }
  return undefined;
}

export function isIn(state: EditorState, frame: Frame): boolean {
  return frameAt(state.selection.$from)?.node.type.name === frame;
}

/** Puts what is selected into a frame, takes it out of it, or makes another list of the list that it is in. */
export function toggleFrame(frame: Frame): Command {
  return (state, dispatch) => {
    const around = frameAt(state.selection.$from);
    if (around?.node.type.name === frame) return unwrap(frame)(state, dispatch);
    if (frame === "taskList") return toTasks(state, dispatch);
    if (frame === "blockquote") return wrapIn(nodeType("blockquote"))(state, dispatch);
    if (around && [bulletList, orderedList].includes(around.node.type)) {
      const at = state.selection.$from.before(around.depth);
      dispatch?.(state.tr.setNodeMarkup(at, nodeType(frame)).scrollIntoView());
      return true;
    }
    return wrapInList(nodeType(frame))(state, dispatch);
  };
}

function unwrap(frame: Frame): Command {
  if (frame === "taskList") return fromTasks;
  if (frame !== "blockquote") return liftListItem(listItem);
  return (state, dispatch) => {
    const around = frameAt(state.selection.$from, "blockquote");
    if (!around) return false;
    const at = state.selection.$from.before(around.depth);
    const { tr } = state;
    tr.replaceWith(at, at + around.node.nodeSize, around.node.content);
    const place = Math.max(1, state.selection.from - 1);
    tr.setSelection(TextSelection.near(tr.doc.resolve(place)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** Makes a task of each paragraph that is selected. */
const toTasks: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to);
  if (!range) return false;
  const items: Node[] = [];
  for (let i = range.startIndex; i < range.endIndex; i += 1) {
    const child = range.parent.child(i);
    if (child.type !== paragraph && child.type !== heading) return false;
    items.push(taskItem.create(null, child.content));
  }
  const list = taskList.create(null, items);
  if (!range.parent.canReplaceWith(range.startIndex, range.endIndex, taskList)) return false;
  const { tr } = state;
  tr.replaceWith(range.start, range.end, list);
  tr.setSelection(TextSelection.near(tr.doc.resolve(state.selection.from + 1)));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Makes paragraphs of the tasks of the list. */
const fromTasks: Command = (state, dispatch) => {
  const { $from } = state.selection;
  const list = frameAt($from, "taskList");
  if (!list) return false;
  const at = $from.before(list.depth);
  const blocks = list.node.children.map((child) =>
    child.type === taskItem ? paragraph.create(null, child.content) : child,
  );
  const outer = $from.node(list.depth - 1);
  const index = $from.index(list.depth - 1);
  if (!outer.canReplace(index, index + 1, Fragment.from(blocks))) return false;
  const { tr } = state;
  tr.replaceWith(at, at + list.node.nodeSize, blocks);
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.max(1, state.selection.from - 1))));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Ends a list of tasks in an empty one, at its end. */
const leaveTasks: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== taskItem || $from.parent.content.size > 0) return false;
  const list = frameAt($from, "taskList");
  if (!list || $from.index(list.depth) !== list.node.childCount - 1) return false;
  const { tr } = state;
  const end = $from.after(list.depth);
  if (list.node.childCount === 1) return fromTasks(state, dispatch);
  tr.insert(end, paragraph.create());
  tr.delete($from.before(), $from.after());
  tr.setSelection(TextSelection.create(tr.doc, end - $from.parent.nodeSize + 1));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Goes back from a task to plain words. */
const untask: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const first = frameAt($from, "taskList");
  if (!empty || $from.parent.type !== taskItem || $from.parentOffset > 0 || !first) return false;
  return $from.index(first.depth) === 0 && fromTasks(state, dispatch);
};

/** Ticks a task, or takes the tick back. */
export function tick(tr: Transaction, at: number): Transaction {
  const node = tr.doc.nodeAt(at);
  if (node?.type !== taskItem) return tr;
  const state = node.attrs["state"] === "DONE" ? "TODO" : "DONE";
  return tr.setNodeAttribute(at, "state", state);
}

const tickHere: Command = ({ selection: { $from }, tr }, dispatch) => {
  if ($from.parent.type !== taskItem) return false;
  dispatch?.(tick(tr, $from.before()));
  return true;
};

export const insertRule: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodeType("rule").create()).scrollIntoView());
  return true;
};

export const breakLine: Command = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodeType("hardBreak").create()).scrollIntoView());
  return true;
};

/** The link that the selection touches: its address, and from where to where it goes. */
export function linkAt(state: EditorState): { href: string; from: number; to: number } | undefined {
  const { $from, from, to, empty } = state.selection;
  if (!empty) {
    let href: string | undefined;
    state.doc.nodesBetween(from, to, ({ marks }) => {
      href ??= link.isInSet(marks)?.attrs["href"] as string | undefined;
    });
    return href === undefined ? undefined : { href, from, to };
  }
  const near = $from.parent.childAfter($from.parentOffset);
  const before = $from.parent.childBefore($from.parentOffset);
  const node = [near.node, before.node].find((one) => one && link.isInSet(one.marks));
  const mark = node && link.isInSet(node.marks);
  if (!mark) return undefined;
  // A link may go over words of several looks.
  const runs: { from: number; to: number }[] = [];
  $from.parent.forEach((child, offset) => {
    if (!mark.isInSet(child.marks)) return;
    const at = $from.start() + offset;
    const last = runs.at(-1);
    if (last?.to === at) last.to += child.nodeSize;
    else runs.push({ from: at, to: at + child.nodeSize });
  });
  const run = runs.find((one) => one.from <= from && from <= one.to);
  return run && { href: mark.attrs["href"] as string, ...run };
}

/** The address as it was meant, if it may be one: what begins like a host is on the web. */
export function meantHref(typed: string): string | undefined {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  return text === "" || /\s/.test(text) ? undefined : safeHref(whole);
}

/** Links what is selected, or the link that is stood in; writes the address where nothing is selected. */
export function setLink(href: string): Command {
  return (state, dispatch) => {
    const mark = link.create({ href });
    const { tr } = state;
    const there = linkAt(state);
    const { from, to, empty } = state.selection;
    if (there) tr.removeMark(there.from, there.to, link).addMark(there.from, there.to, mark);
    else if (!empty) tr.addMark(from, to, mark);
    else
      tr.replaceSelectionWith(schema.text(href, [...state.selection.$from.marks(), mark]), false);
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export const removeLink: Command = (state, dispatch) => {
  const there = linkAt(state);
  if (!there) return false;
  dispatch?.(state.tr.removeMark(there.from, there.to, link));
  return true;
};

/** Out of a block of code, or of what ends the document, into a new paragraph below. */
const leaveBelow: Command = (state, dispatch) => {
  const { $head, empty } = state.selection;
  const { parent } = $head;
  if (!empty || parent.type !== codeBlock || $head.parentOffset < parent.content.size) return false;
  if (Selection.findFrom(state.doc.resolve($head.after()), 1)) return false;
  return exitCode(state, dispatch);
};

/** Keys, before those that every text field has. */
export const keys: Readonly<Record<string, Command>> = {
  "Mod-b": toggleLook("strong"),
  "Mod-i": toggleLook("em"),
  "Mod-u": toggleLook("underline"),
  "Mod-e": toggleLook("code"),
  "Mod-Shift-s": toggleLook("strike"),
  "Mod-Alt-0": setStyle("paragraph"),
  "Mod-Alt-1": setStyle("h1"),
  "Mod-Alt-2": setStyle("h2"),
  "Mod-Alt-3": setStyle("h3"),
  "Mod-Alt-4": setStyle("h4"),
  "Mod-Shift-7": toggleFrame("orderedList"),
  "Mod-Shift-8": toggleFrame("bulletList"),
  "Mod-Shift-9": toggleFrame("taskList"),
  "Mod-Shift-.": toggleFrame("blockquote"),
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Mod-Shift-x": tickHere,
  "Shift-Enter": chainCommands(newlineInCode, breakLine),
  Enter: chainCommands(
    newlineInCode,
    leaveTasks,
    splitListItem(listItem),
    createParagraphNear,
    liftEmptyBlock,
    splitBlock,
  ),
  Backspace: untask,
  ArrowDown: leaveBelow,
  Tab: sinkListItem(listItem),
  "Shift-Tab": liftListItem(listItem),
};

/** What is made of signs at the beginning of a line. */
export function rules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,6})\s$/, heading, (match) => ({
        level: match[1]?.length ?? 1,
      })),
      textblockTypeInputRule(/^```([a-z0-9+#-]*)\s$/i, codeBlock, (match) => ({
        language: match[1] ? match[1] : null,
      })),
      new InputRule(/^\[( |x)?\]\s$/i, (state, match, start, end) => {
        const { tr } = state;
        tr.delete(start, end);
        let done: Transaction | undefined;
        toTasks(state.apply(tr), (made) => (done = made));
        if (!done) return null;
        for (const step of done.steps) tr.step(step);
        tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(start))));
        const { $from } = tr.selection;
        return match[1]?.toLowerCase() === "x" && $from.depth > 0 ? tick(tr, $from.before()) : tr;
      }),
      wrappingInputRule(/^\s*([-*])\s$/, bulletList),
      wrappingInputRule(
        /^(\d{1,4})\.\s$/,
        orderedList,
        (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + Number(node.attrs["order"]) === Number(match[1]),
      ),
      wrappingInputRule(/^\s*>\s$/, nodeType("blockquote")),
      new InputRule(/^---$/, (state, _match, start, end) => {
        const { $from } = state.selection;
        const at = $from.before();
        if ($from.parent.type !== paragraph || $from.parent.content.size !== end - start)
          return null;
        if (!$from.node(-1).canReplaceWith($from.index(-1), $from.index(-1), nodeType("rule")))
          return null;
        const { tr } = state;
        tr.delete(start, end).insert(at, nodeType("rule").create());
        return tr;
      }),
    ],
  });
}

/**
 * Whether a change leaves every table its rows and columns. Words are typed in cells; what would join cells, because
 * more than one was selected, leaves a table that Jira does not take.
 */
export function keepsTables(tr: Transaction, state: EditorState): boolean {
  const { selection } = state;
  if (!tr.docChanged || selection.$from.sameParent(selection.$to)) return true;
  if (tr.getMeta("history$") !== undefined || tr.getMeta("paste") === true) return true;
  if (selection instanceof NodeSelection) return true;
  const before = shapes(state.doc);
  return shapes(tr.doc).every((shape) => {
    const at = before.indexOf(shape);
    if (at >= 0) before.splice(at, 1);
    return at >= 0;
  });
}

/** How many cells each row of each table has. */
function shapes(doc: Node): string[] {
  const found: string[] = [];
  doc.descendants((node) => {
    if (node.type.name !== "table") return !node.isTextblock;
    found.push(node.children.map((row) => row.childCount).join(" "));
    return true;
  });
  return found;
}
