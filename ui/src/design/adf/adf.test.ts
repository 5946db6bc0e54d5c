import { splitBlock } from "prosemirror-commands";
import { expect, test } from "vitest";
import { childrenOf, isObject, wordsOf, type Json, type JsonObject } from "./json.ts";
import { fromAdf } from "./fromAdf.ts";
import { Desk, doc, item, ODD, paragraph, RICH, text } from "./testing.ts";
import { toAdf } from "./toAdf.ts";

const same = (json: Json) => {
  const reading = fromAdf(json);
  expect(reading.doc.check()).toBeUndefined();
  expect(toAdf(reading.doc, reading)).toBe(json);
};

test("what_is_not_edited_is_written_as_it_was_read", () => {
  same(RICH);
});

test.each(Object.entries(ODD))("nothing_is_lost_of_%s", (_, json) => {
  same(json);
});

/** All top-level blocks but those at these places are the very same. */
function othersAreSame(before: Json, after: Json, ...changed: number[]): void {
  const [was, is] = [before, after].map((json) => childrenOf(json as JsonObject));
  expect(is?.length).toBe(was?.length);
  is?.forEach((block, i) => {
    if (!changed.includes(i)) expect(block).toBe(was?.[i]);
  });
}

test("an_edit_of_one_paragraph_leaves_every_other_block_as_it_was", () => {
  const desk = new Desk(RICH).select("The end").type("This is ");
  const after = desk.json;
  othersAreSame(RICH, after, RICH.content.length - 1);
  expect(childrenOf(after as JsonObject).at(-1)).toEqual(paragraph(text("This is The end")));
});

test("an_edited_block_keeps_all_that_it_says_of_itself_and_what_is_unknown_in_it", () => {
  const after = new Desk(RICH).select("A ").type("Not ").json;
  othersAreSame(RICH, after, 1);
  const [was, is] = [RICH.content[1], childrenOf(after as JsonObject)[1]] as JsonObject[];
  expect(is).toEqual({
    ...was,
    content: [text("Not A "), ...childrenOf(was ?? {}).slice(1)],
  });
});

test("an_edited_cell_leaves_the_other_cells_and_the_widths", () => {
  const after = new Desk(RICH).select("Both").type("For ").json;
  const words = JSON.stringify(RICH).replace('"Both"', '"For Both"');
  expect(after).toEqual(JSON.parse(words));
});

test("words_typed_on_an_unknown_mark_keep_it", () => {
  const after = new Desk(RICH).select("oted").type("-").json;
  const words = JSON.stringify(RICH).replace('" noted"', '" n-oted"');
  expect(after).toEqual(JSON.parse(words));
});

test("what_is_changed_back_is_what_it_was", () => {
  const desk = new Desk(RICH).select("The end").type("X");
  expect(desk.json).not.toBe(RICH);
  const { from } = desk.state.selection;
  desk.do((tr) => tr.delete(from - 1, from));
  expect(desk.json).toBe(RICH);
});

test("of_a_block_that_was_one_only_one_half_keeps_the_identity", () => {
  const one = { type: "paragraph", attrs: { localId: "p" }, content: [text("ab")] };
  const desk = new Desk(doc(one)).select("b");
  desk.run(splitBlock);
  expect(desk.json).toEqual(
    doc({ ...one, content: [text("a")] }, { type: "paragraph", attrs: {}, content: [text("b")] }),
  );
  // At the beginning the whole block stays what it was.
  const before = new Desk(doc(one)).select("a");
  before.run(splitBlock);
  expect(childrenOf(before.json as JsonObject)[1]).toBe(one);
});

test("a_task_has_an_identity_of_its_own", () => {
  const task = (localId: string, words: string) => ({
    type: "taskItem",
    attrs: { localId, state: "DONE" },
    content: [text(words)],
  });
  const list = (...content: Json[]) => doc({ type: "taskList", attrs: { localId: "l" }, content });
  const desk = new Desk(list(task("t", "ab"))).select("b");
  desk.run(splitBlock);
  expect(desk.json).toEqual(list(task("t", "a"), task("new-1", "b")));
});

test("an_opaque_block_can_be_moved_and_deleted_and_carries_its_json", () => {
  const odd = { type: "extension", attrs: { extensionKey: "k", big: { deep: [1, null] } } };
  const desk = new Desk(doc(paragraph(text("a")), odd, paragraph(text("b"))));
  desk.do((tr) => {
    const node = tr.doc.child(1);
    return tr.delete(3, 3 + node.nodeSize).insert(0, node);
  });
  expect(desk.json).toEqual(doc(odd, paragraph(text("a")), paragraph(text("b"))));
  desk.do((tr) => tr.delete(0, 1));
  expect(desk.json).toEqual(doc(paragraph(text("a")), paragraph(text("b"))));
});

test("an_emptied_document_has_no_words", () => {
  const desk = new Desk(doc(paragraph(text("a"))));
  desk.do((tr) => tr.delete(0, tr.doc.content.size));
  expect(wordsOf(desk.json)).toBe("");
});

test("a_document_without_end_is_read_as_far_as_it_goes", () => {
  let deep: Json = paragraph(text("deep"));
  for (let i = 0; i < 2000; i += 1) deep = { type: "blockquote", content: [deep] };
  const json = doc(deep, paragraph(text("a")));
  same(json);
  const after = new Desk(json).select("a").type("b").json;
  expect(childrenOf(after as JsonObject)[0]).toBe(deep);
});

/** Numbers that look like chance and are the same each time. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const INLINE: readonly Json[] = childrenOf(RICH.content[1] as JsonObject);
const BLOCK: readonly Json[] = [
  ...RICH.content,
  ...Object.values(ODD).flatMap((json) => (isObject(json) ? childrenOf(json) : [])),
];

function randomDocument(random: (below: number) => number): JsonObject {
  const block = (depth: number): Json => {
    const kind = random(depth > 3 ? 3 : 6);
    const some = <T>(make: () => T) => Array.from({ length: 1 + random(3) }, make);
    const inline = () => INLINE[random(INLINE.length)] ?? null;
    if (kind === 0) return BLOCK[random(BLOCK.length)] ?? null;
    if (kind < 3)
      return {
        type: "paragraph",
        attrs: { localId: `r${String(random(9))}` },
        content: some(inline),
      };
    const inside = some(() => block(depth + 1));
    if (kind === 3) return { type: "bulletList", content: [item(...inside), item(paragraph())] };
    return { type: kind === 4 ? "panel" : "madeUp", attrs: { panelType: "note" }, content: inside };
  };
  return doc(...Array.from({ length: 1 + random(6) }, () => block(0)));
}

/** Every unknown node and mark of a document, as text, in order of the alphabet. */
function unknowns(json: Json): string[] {
  const found: string[] = [];
  fromAdf(json).doc.descendants((node) => {
    if (node.type.name.startsWith("opaque")) found.push(JSON.stringify(node.attrs["json"]));
  });
  return found.sort();
}

test("whatever_is_typed_somewhere_nothing_else_changes", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = chance(seed);
    const json = randomDocument(random);
    same(json);
    const desk = new Desk(json);
    const places: number[] = [];
    desk.state.doc.descendants((node, at) => {
      if (node.isTextblock) places.push(at + 1 + random(node.content.size + 1));
    });
    const at = places[random(places.length)];
    if (at === undefined) continue;
    const index = desk.state.doc.resolve(at).index(0);
    desk.do((tr) => tr.insertText("#", at));
    desk.state.doc.check();
    const after = desk.json;
    othersAreSame({ ...json }, after, index);
    expect(unknowns(after), `seed ${String(seed)}`).toEqual(unknowns(json));
    // What was written reads as it was meant.
    const again = fromAdf(after);
    expect(again.doc.textContent, `seed ${String(seed)}`).toBe(desk.state.doc.textContent);
  }
});
