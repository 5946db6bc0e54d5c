import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Conflict, ConflictsArgs, FieldValue, ResolveManyArgs } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import ConflictsScreen from "./ConflictsScreen.svelte";
import { idOf } from "./decisions.svelte.ts";
import { compare } from "@/values/worddiff.ts";

afterEach(cleanup);

describe("what differs", () => {
  const check = (one: string, other: string) => {
    const marked = compare(one, other);
    const bracketed = (parts: readonly { text: string; differs: boolean }[]) =>
      parts.map(({ text, differs }) => (differs ? `[${text}]` : text)).join("");
    return [bracketed(marked.one), bracketed(marked.other)];
  };

  test.each([
    ["the same", "the same", "the same", "the same"],
    ["", "all of it", "", "[all of it]"],
    ["asks again", "asks a second time", "asks [again]", "asks [a second time]"],
    ["one two three", "one three", "one [two ]three", "one three"],
    ["a\nb\nc", "a\nx\nc", "a\n[b]\nc", "a\n[x]\nc"],
    ["start same", "begin same", "[start] same", "[begin] same"],
    ["認証を追加する", "認証を削除する", "認証を[追加]する", "認証を[削除]する"],
  ])("between_%j_and_%j", (one, other, markedOne, markedOther) => {
    expect(check(one, other)).toEqual([markedOne, markedOther]);
  });

  test("is_the_whole_middle_of_texts_that_are_too_long_to_compare", () => {
    const long = (word: string) => `first ${`${word} `.repeat(3_000)}last`;
    const [one] = check(long("a"), long("b"));
    expect(one?.startsWith("first [a a")).toBe(true);
    expect(one?.endsWith("] last")).toBe(true);
  });
});

const text = (words: string): FieldValue => ({ type: "text", text: words });

function conflict(item: number, field: string, part: Partial<Conflict> = {}): Conflict {
  return {
    item_id: item,
    title: `Item ${String(item)}`,
    key: `PLAT-${String(item)}`,
    field,
    field_name: field,
    since: "2026-11-23T08:02:00Z",
    base: text("old words"),
    here: text("our words"),
    there: text("their words"),
    turns: [],
    ...part,
  };
}

/** In which fields these are, with so many more of the last that are not given. */
function fieldsOf(conflicts: readonly Conflict[], beyond: number) {
  const fields = [...new Set(conflicts.map((one) => one.field))];
  return fields.map((field, i) => ({
    field,
    name: field,
    count:
      conflicts.filter((one) => one.field === field).length +
      (i === fields.length - 1 ? beyond : 0),
  }));
}

/**
 * The screen over an engine that holds these conflicts, and more `beyond` those that it gives; `gone` are decided already
 * when asked.
 */
async function shown(conflicts: Conflict[], { query = "", gone = "", beyond = 0 } = {}) {
  let kept = conflicts;
  let emit: (event: unknown) => void = () => undefined;
  const asked: ResolveManyArgs[] = [];
  let before = kept;
  useHost({
    rpc(cmd, payload) {
      if (cmd === "conflicts") {
        const { field } = payload as ConflictsArgs;
        return Promise.resolve(kept.filter((one) => field === null || one.field === field));
      }
      if (cmd === "conflict_fields") return Promise.resolve(fieldsOf(kept, beyond));
      if (cmd === "integrations") return Promise.resolve([{ id: 1, name: "Platform" }]);
      if (cmd === "conflicts_resolve_undo") {
        kept = before;
        emit({ type: "changed", tags: ["items", "sync"] });
        return Promise.resolve({ undone: 1, kept: 1 });
      }
      expect(cmd).toBe("conflicts_resolve");
      const args = payload as ResolveManyArgs;
      asked.push(args);
      before = kept;
      const some = args.some ?? kept.filter((one) => one.field === args.field);
      const named = some.filter((one) => one.field !== gone);
      const left = some.filter((one) => one.field === gone);
      kept = kept.filter((one) => !named.some((of) => idOf(of) === idOf(one)));
      emit({ type: "changed", tags: ["items", "sync"] });
      return Promise.resolve({
        decided: named.length,
        left: left.map((one) => ({
          ...one,
          problem: { code: "not_found", detail: { what: "conflict" } },
        })),
        undo: named.length > 0 ? 5 : null,
      });
    },
    subscribe(listener) {
      emit = listener;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { path: [], query: new URLSearchParams(query) };
  render(TestWindow, { props: { of: ConflictsScreen as Component, props } });
  await vi.waitFor(() => {
    expect(screen.queryByText("Loading the conflicts")).toBeNull();
  });
  return asked;
}

test("both_sides_stand_beside_each_other_with_what_was_agreed_last", async () => {
  await shown([conflict(1, "notes"), conflict(2, "points", { base: null })]);
  await screen.findByRole("heading", { name: /^notes/ });
  expect(screen.getAllByText("our").every((one) => one.tagName === "MARK")).toBe(true);
  expect(screen.getAllByText("their").every((one) => one.tagName === "MARK")).toBe(true);
  expect(screen.getByText("old words")).toBeTruthy();
  expect(screen.getByText("The two sides never agreed on a value")).toBeTruthy();
});

test.each<[string, RegExp, ResolveManyArgs["winner"], RegExp]>([
  [
    "ours",
    /^Keep ours for notes/,
    "here",
    /Kept ours for 1 field. It is sent to Jira with the next sync/,
  ],
  ["theirs", /^Take Jira’s for notes/, "jira", /Took Jira’s value for 1 field/],
])("one_is_decided_for_%s", async (_side, name, winner, said) => {
  const asked = await shown([conflict(1, "notes"), conflict(2, "points")]);
  await userEvent.click(await screen.findByRole("button", { name }));
  await screen.findByText(said);
  expect(asked.map((args) => [args.some, args.winner])).toEqual([
    [[{ item_id: 1, field: "notes" }], winner],
  ]);
  await vi.waitFor(() => {
    expect(screen.queryByRole("heading", { name: /^notes/ })).toBeNull();
  });
});

test("several_are_decided_at_once", async () => {
  const asked = await shown([conflict(1, "notes"), conflict(2, "points")]);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Choose all" }));
  await userEvent.click(screen.getByRole("button", { name: "Keep ours for 2" }));
  await screen.findByText("Nothing is in conflict");
  expect(asked.map(({ some, winner }) => [some?.length, winner])).toEqual([[2, "here"]]);
  expect(screen.getByText(/They are sent to Jira with the next sync/)).toBeTruthy();
});

test("one_that_cannot_be_decided_does_not_hold_up_the_others", async () => {
  await shown([conflict(1, "notes"), conflict(2, "points")], { gone: "notes" });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Choose all" }));
  await userEvent.click(screen.getByRole("button", { name: "Take Jira’s for 2" }));
  await screen.findByText(/Took Jira’s value for 1 field/);
  expect((await screen.findByRole("alert")).textContent).toBeTruthy();
  expect(screen.getByRole("heading", { name: /^notes/ })).toBeTruthy();
});

test("what_was_decided_is_taken_back", async () => {
  await shown([conflict(1, "notes"), conflict(2, "points")]);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Choose all" }));
  await userEvent.click(screen.getByRole("button", { name: "Take Jira’s for 2" }));
  await screen.findByText(/Took Jira’s value for 2 fields/);
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("1 field is in conflict again");
  expect(screen.getByText(/1 stays decided/)).toBeTruthy();
  expect(await screen.findByRole("heading", { name: /^points/ })).toBeTruthy();
});

test("those_that_are_not_shown_are_decided_by_the_rule", async () => {
  const asked = await shown([conflict(1, "notes"), conflict(2, "points")], { beyond: 1430 });
  await screen.findByText(/changed 1,432 fields.*The oldest 2 are shown/s);
  await userEvent.click(screen.getByRole("combobox", { name: /^Field:/ }));
  await userEvent.click(await screen.findByRole("option", { name: "points (1,431)" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Choose all" }));
  expect(screen.getByRole("button", { name: "Keep ours for 1" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Choose all 1,431" }));
  await userEvent.click(screen.getByRole("button", { name: "Take Jira’s for 1,431" }));
  await vi.waitFor(() => {
    expect(asked).toEqual([{ integration_id: null, field: "points", some: null, winner: "jira" }]);
  });
});

test("the_address_can_name_one_item", async () => {
  await shown([conflict(1, "notes"), conflict(2, "points")], { query: "item=2" });
  await screen.findByRole("heading", { name: /^points/ });
  expect(screen.queryByRole("heading", { name: /^notes/ })).toBeNull();
});

test("nothing_in_conflict_says_what_the_screen_is_for", async () => {
  await shown([]);
  expect(await screen.findByText("Nothing is in conflict")).toBeTruthy();
});
