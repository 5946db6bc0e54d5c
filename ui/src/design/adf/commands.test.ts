import { EditorState, TextSelection } from "prosemirror-state";
import { expect, test } from "vitest";
import {
  keepsTables,
  keys,
  linkAt,
  meantHref,
  removeLink,
  setLink,
  setStyle,
  styleOf,
  toggleFrame,
  toggleLook,
} from "./commands.ts";
import { fromAdf } from "./fromAdf.ts";
import { Desk, doc, item, paragraph, RICH, text } from "./testing.ts";

const one = () => new Desk(doc(paragraph(text("one two")))).select("two", true);

test("a_look_is_put_on_and_taken_off", () => {
  const desk = one();
  expect(desk.run(toggleLook("strong"))).toBe(true);
  expect(desk.json).toEqual(doc(paragraph(text("one "), text("two", { type: "strong" }))));
  desk.run(toggleLook("strong"));
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("code_has_no_other_look_because_jira_refuses_it", () => {
  const desk = one();
  desk.run(toggleLook("strong"));
  desk.run(toggleLook("code"));
  expect(desk.json).toEqual(doc(paragraph(text("one "), text("two", { type: "code" }))));
});

test("a_paragraph_becomes_a_heading_and_code_and_a_paragraph_again", () => {
  const desk = one();
  desk.run(setStyle("h3"));
  expect(styleOf(desk.state)).toBe("h3");
  expect(desk.json).toEqual(
    doc({ type: "heading", attrs: { level: 3 }, content: [text("one two")] }),
  );
  desk.run(setStyle("code"));
  expect(desk.json).toEqual(doc({ type: "codeBlock", content: [text("one two")] }));
  desk.run(setStyle("paragraph"));
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("a_list_becomes_another_list_and_paragraphs_again", () => {
  const desk = one();
  desk.run(toggleFrame("bulletList"));
  expect(desk.json).toEqual(
    doc({ type: "bulletList", content: [item(paragraph(text("one two")))] }),
  );
  desk.run(toggleFrame("orderedList"));
  expect(desk.json).toEqual(
    doc({ type: "orderedList", content: [item(paragraph(text("one two")))] }),
  );
  desk.run(toggleFrame("orderedList"));
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("a_paragraph_becomes_a_task_with_an_identity_and_a_paragraph_again", () => {
  const desk = one();
  desk.run(toggleFrame("taskList"));
  expect(desk.json).toEqual(
    doc({
      type: "taskList",
      attrs: { localId: "new-1" },
      content: [
        {
          type: "taskItem",
          attrs: { state: "TODO", localId: "new-2" },
          content: [text("one two")],
        },
      ],
    }),
  );
  desk.run(toggleFrame("taskList"));
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("enter_in_an_empty_task_ends_the_list", () => {
  const desk = one();
  desk.run(toggleFrame("taskList"));
  desk.select("one two", true).type("three");
  const enter = keys["Enter"];
  if (!enter) throw new Error("no key");
  desk.run(enter);
  desk.run(enter);
  expect(desk.state.selection.$from.parent.type.name).toBe("paragraph");
  expect(desk.state.doc.childCount).toBe(2);
  expect(desk.state.doc.child(0).childCount).toBe(1);
  desk.state.doc.check();
});

test("a_quotation_is_put_around_and_taken_away", () => {
  const desk = one();
  desk.run(toggleFrame("blockquote"));
  expect(desk.json).toEqual(doc({ type: "blockquote", content: [paragraph(text("one two"))] }));
  desk.run(toggleFrame("blockquote"));
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("a_link_is_set_found_changed_and_taken_away", () => {
  const link = (href: string) => ({ type: "link", attrs: { href } });
  const desk = one();
  desk.run(setLink("https://a.example"));
  expect(desk.json).toEqual(doc(paragraph(text("one "), text("two", link("https://a.example")))));
  desk.select("wo");
  expect(linkAt(desk.state)).toEqual({ href: "https://a.example", from: 5, to: 8 });
  desk.run(setLink("https://b.example"));
  expect(desk.json).toEqual(doc(paragraph(text("one "), text("two", link("https://b.example")))));
  desk.run(removeLink);
  expect(desk.json).toEqual(doc(paragraph(text("one two"))));
});

test("a_link_without_words_shows_its_address", () => {
  const desk = new Desk(doc(paragraph(text("see "))));
  desk.select("see ").do((tr) => tr.insertText("", 5));
  desk.run(setLink("https://a.example"));
  expect(JSON.stringify(desk.json)).toContain('"text":"https://a.example"');
});

test.each([
  ["example.com/a", "https://example.com/a"],
  [" https://a.example ", "https://a.example"],
  ["mailto:a@b.example", "mailto:a@b.example"],
  ["javascript:alert(1)", undefined],
  ["two words", undefined],
  ["", undefined],
])("the_address_%j_is_meant_as_%j", (typed, meant) => {
  expect(meantHref(typed)).toBe(meant);
});

test("cells_are_not_joined_by_deleting_across_them_and_a_whole_table_goes", () => {
  const { doc } = fromAdf(RICH);
  const state = EditorState.create({ doc });
  const places: number[] = [];
  doc.descendants((node, at) => {
    if (node.isText && ["Who", "What"].includes(node.text ?? "")) places.push(at);
  });
  const [from = 0, to = 0] = places;
  const select = (from: number, to: number) =>
    state.apply(state.tr.setSelection(TextSelection.create(doc, from, to)));
  const across = select(from, to);
  expect(keepsTables(across.tr.delete(from, to), across)).toBe(false);
  const all = select(1, doc.content.size - 1);
  expect(keepsTables(all.tr.deleteSelection(), all)).toBe(true);
});
