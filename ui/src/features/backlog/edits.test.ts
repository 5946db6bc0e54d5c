import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EditArgs, FieldValue, ItemDetail, ItemSync } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { BacklogController } from "./backlog.svelte.ts";
import ItemPanel from "./ItemPanel.svelte";
import { LayoutState } from "./layout.svelte.ts";

const NONE: FieldValue = { type: "none" };
const HIGH = { id: 11, name: "High", colour: "amber" };
const CHOICES = [HIGH, { id: 12, name: "Low", colour: null }];
const PEOPLE = [
  { id: 1, name: "Ana María Ruiz" },
  { id: 2, name: "田中 太郎" },
];
const KINDS: Record<string, string> = {
  notes: "Long text",
  importance: "Single select",
  components: "Multi select",
  dev_assignee: "Person",
  labels: "Labels",
  points: "Number",
  start: "Date",
  design: "Link",
  legal: "Checkbox",
  dev_status: "Text",
  nickname: "Text",
};

type Values = Record<string, FieldValue>;
const VALUES: Values = {
  notes: { type: "text", text: "one\ntwo" },
  importance: { type: "options", options: [HIGH] },
  components: { type: "options", options: [HIGH] },
  dev_assignee: { type: "people", names: ["田中 太郎"] },
  labels: { type: "labels", labels: ["a"] },
  points: { type: "number", number: 3 },
  start: { type: "date", date: "2026-12-01" },
  design: { type: "link", href: "https://figma.example/1" },
  legal: { type: "bool", yes: false },
  dev_status: { type: "text", text: "In QA" },
  nickname: { type: "text", text: "Snail" },
};

function detailOf(id: number, title: string, values: Values): ItemDetail {
  return {
    id,
    title,
    item_type: 1,
    area_id: 1,
    ancestors: [],
    children: [],
    children_total: 0,
    link: null,
    created_at: "2026-11-20T09:12:00Z",
    fields: Object.entries(values).map(([key, value]) => ({
      key,
      name: key,
      kind: KINDS[key] ?? "Text",
      value,
      mapped_to: null,
    })),
  };
}

/** An engine with two items, of which the first is open. */
async function opened({ sync = {} as Partial<ItemSync> } = {}) {
  const values: Values = { ...VALUES };
  const asked: EditArgs[] = [];
  const undone: number[] = [];
  const now: { refusal?: { code: string; detail: unknown }; hold?: Promise<void> } = {};
  let emit: (event: unknown) => void = () => undefined;
  const answers: Record<string, (args: never) => unknown> = {
    levels: () => [],
    areas: () => [{ id: 1, parent_id: null, name: "Product", items: 2 }],
    facets: () => ({ levels: [], statuses: [], dev_statuses: [], total: 2 }),
    backlog_open: () => ({ view: 1, rows: 0, matched: 0 }),
    backlog_rows: () => ({ rows: [], stale: false }),
    backlog_ids: () => ({ ids: [] }),
    item: ({ id }: { id: number }) => detailOf(id, `Item ${String(id)}`, values),
    item_sync: () => ({ unsent: [], conflicts: [], problem: null, ...sync }),
    field_choices: ({ field }: { field: string }) => ({
      options: ["importance", "components"].includes(field) ? CHOICES : [],
      people: field === "dev_assignee" ? PEOPLE : [],
      editable: field !== "dev_status",
    }),
    item_edit: async (args: EditArgs) => {
      asked.push(args);
      await now.hold;
      if (now.refusal) throw now.refusal as unknown as Error;
      if (args.value.type === "number") values.points = args.value;
      if (args.value.type === "none") values[args.field] = NONE;
      return { item: detailOf(args.item_id, `Item ${String(args.item_id)}`, values), undo: 70 };
    },
    item_edit_undo: ({ id }: { id: number }) => {
      undone.push(id);
      values.points = VALUES.points ?? NONE;
      return { item: detailOf(1, "Item 1", values), undo: 71 };
    },
  };
  useHost({
    reopen: () => Promise.resolve(),
    rpc: async (cmd, payload) => answers[cmd]?.(payload as never),
    subscribe(listener) {
      emit = listener;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
  });
  const backlog = new BacklogController();
  backlog.start(["1"], new URLSearchParams());
  const props = { backlog, layout: new LayoutState(), onclose: () => undefined };
  render(TestWindow, { props: { of: ItemPanel as Component, props } });
  await screen.findByRole("button", { name: /^Edit points/ });
  return { backlog, values, asked, undone, now, emit: (event: unknown) => emit(event) };
}

const value = (field: string) => screen.getByRole("button", { name: new RegExp(`^Edit ${field}`) });

/** Opens a field that is written in, and writes. */
async function write(field: string, text: string) {
  await userEvent.click(value(field));
  const box = await screen.findByRole("textbox", { name: field });
  await userEvent.clear(box);
  await userEvent.type(box, text);
  return box;
}

beforeEach(() => {
  document.body.replaceChildren();
});
afterEach(cleanup);

describe("a field that is written in", () => {
  test.each([
    ["points", "5{Enter}", { type: "number", number: 5 }],
    ["points", "{Enter}", { type: "none" }],
    ["points", " 0.5 {Enter}", { type: "number", number: 0.5 }],
    ["Title", "Pay by card{Enter}", { type: "text", text: "Pay by card" }],
    ["nickname", "Hare{Enter}", { type: "text", text: "Hare" }],
    ["notes", "three{Enter}four{Control>}{Enter}{/Control}", { type: "text", text: "three\nfour" }],
  ])("%s_is_kept_as_it_was_typed: %s", async (field, typed, kept) => {
    const { asked } = await opened();
    await write(field, typed);
    const key = field === "Title" ? "title" : field;
    await vi.waitFor(() => {
      expect(asked).toEqual([{ item_id: 1, field: key, value: kept }]);
    });
  });

  test("leaving_it_keeps_it_and_escape_gives_it_up", async () => {
    const { asked } = await opened();
    await write("points", "8");
    await userEvent.tab();
    await vi.waitFor(() => {
      expect(asked.map((one) => one.value)).toEqual([{ type: "number", number: 8 }]);
    });
    await write("points", "9{Escape}");
    expect(screen.queryByRole("textbox", { name: "points" })).toBeNull();
    expect(asked).toHaveLength(1);
  });

  test("what_was_not_changed_is_not_sent", async () => {
    const { asked } = await opened();
    await write("points", "3{Enter}");
    await vi.waitFor(() => {
      expect(value("points").textContent).toContain("3");
    });
    expect(asked).toEqual([]);
  });

  test("it_is_shown_as_saved_only_when_the_engine_has_said_so", async () => {
    const { now } = await opened();
    let letGo: () => void = () => undefined;
    now.hold = new Promise((go) => (letGo = go));
    const box = await write("points", "5{Enter}");
    expect(box.isConnected).toBe(true);
    expect(screen.queryByRole("button", { name: /^Edit points/ })).toBeNull();
    letGo();
    await vi.waitFor(() => {
      expect(value("points").textContent).toContain("5");
    });
    expect(document.activeElement).toBe(value("points"));
  });

  test.each([
    ["points", "many", "Write a number such as 3 or 3.5"],
    ["points", "1,284", "Write a number such as 3 or 3.5"],
  ])("%s_is_not_sent_as_%s", async (field, typed, said) => {
    const { asked } = await opened();
    const box = await write(field, `${typed}{Enter}`);
    expect((await screen.findByRole("alert")).textContent).toContain(said);
    expect((box as HTMLTextAreaElement).value).toBe(typed);
    expect(asked).toEqual([]);
  });

  test("a_refusal_stands_beside_it_and_what_was_typed_stays", async () => {
    const { now } = await opened();
    now.refusal = { code: "edit_refused", detail: { reason: "the number is out of range" } };
    const box = await write("points", "9999{Enter}");
    const said = await screen.findByRole("alert");
    expect(said.textContent).toContain("The field cannot hold that");
    expect(said.textContent).toContain("the number is out of range");
    expect((box as HTMLInputElement).value).toBe("9999");
    expect(box.getAttribute("aria-describedby")).toBe(said.id);
  });

  test("what_is_being_typed_outlives_that_the_item_is_read_again", async () => {
    const { emit, values } = await opened();
    const box = await write("points", "55");
    values.points = { type: "number", number: 13 };
    emit({ type: "changed", tags: ["sync"] });
    await screen.findByText(/It has another value by now/);
    expect((box as HTMLInputElement).value).toBe("55");
    expect(box.isConnected).toBe(true);
  });

  test("a_refused_edit_waits_at_its_item_while_another_is_open", async () => {
    const { backlog, now } = await opened();
    now.refusal = { code: "disk_full", detail: {} };
    await write("points", "5");
    backlog.open(2);
    await vi.waitFor(() => {
      expect(backlog.item.detail?.id).toBe(2);
    });
    await vi.waitFor(() => {
      expect(backlog.deeds.notice?.error?.code).toBe("disk_full");
    });
    expect(value("points").textContent).toContain("3");
    backlog.open(1);
    const box = await screen.findByRole("textbox", { name: "points" });
    expect((box as HTMLInputElement).value).toBe("5");
  });
});

describe("a field that is chosen", () => {
  test.each([
    ["importance", "Low", { type: "options", ids: [12] }],
    ["importance", "None", { type: "none" }],
    ["dev_assignee", "Ana María Ruiz", { type: "person", id: 1 }],
    ["dev_assignee", "None", { type: "none" }],
  ])("%s_takes_%s", async (field, choice, kept) => {
    const { asked } = await opened();
    await userEvent.click(value(field));
    await userEvent.click(await screen.findByRole("option", { name: choice }));
    await vi.waitFor(() => {
      expect(asked).toEqual([{ item_id: 1, field, value: kept }]);
    });
  });

  test("escape_leaves_the_choice_as_it_was", async () => {
    const { asked } = await opened();
    await userEvent.click(value("importance"));
    await screen.findByRole("option", { name: "Low" });
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => {
      expect(document.activeElement).toBe(value("importance"));
    });
    expect(asked).toEqual([]);
  });

  test("several_are_kept_when_the_list_is_left", async () => {
    const { asked } = await opened();
    await userEvent.click(value("components"));
    await userEvent.click(await screen.findByRole("option", { name: "Low" }));
    expect(asked).toEqual([]);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => {
      expect(asked.map((one) => one.value)).toEqual([{ type: "options", ids: [11, 12] }]);
    });
  });

  test("several_are_given_up_with_escape", async () => {
    const { asked } = await opened();
    await userEvent.click(value("components"));
    await userEvent.click(await screen.findByRole("option", { name: "Low" }));
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => {
      expect(document.activeElement).toBe(value("components"));
    });
    expect(asked).toEqual([]);
  });

  test("labels_are_added_word_by_word", async () => {
    const { asked } = await opened();
    await userEvent.click(value("labels"));
    await userEvent.type(await screen.findByRole("textbox", { name: "labels" }), "b{Enter}c");
    await userEvent.tab();
    await vi.waitFor(() => {
      expect(asked.map((one) => one.value)).toEqual([{ type: "labels", labels: ["a", "b", "c"] }]);
    });
  });

  test("a_box_is_ticked_where_it_stands", async () => {
    const { asked } = await opened();
    await userEvent.click(screen.getByRole("checkbox", { name: "legal" }));
    await vi.waitFor(() => {
      expect(asked.map((one) => one.value)).toEqual([{ type: "bool", yes: true }]);
    });
  });
});

test("a_field_that_is_not_edited_here_has_nothing_to_press", async () => {
  await opened();
  const fields = screen.getByRole("region", { name: "Fields" });
  expect(within(fields).getByText("In QA").closest("button")).toBeNull();
});

test("an_edit_is_taken_back_with_the_same_undo_as_a_move", async () => {
  const { backlog, undone } = await opened();
  await write("points", "5{Enter}");
  await vi.waitFor(() => {
    expect(backlog.deeds.notice).toMatchObject({ text: "Saved: points", undo: true });
  });
  await backlog.undo();
  expect(undone).toEqual([70]);
  await vi.waitFor(() => {
    expect(value("points").textContent).toContain("3");
  });
});

test("it_says_how_far_the_edits_have_come", async () => {
  await opened({
    sync: {
      unsent: ["points"],
      conflicts: ["notes"],
      problem: { code: "value_unsayable", detail: { fields: "points" } },
    },
  });
  expect(await screen.findAllByRole("link", { name: "Not in Jira yet" })).toHaveLength(1);
  const conflict = screen.getByRole("link", { name: "Changed on both sides" });
  expect(conflict.getAttribute("href")).toBe("#/conflicts?item=1");
  expect(screen.getByText("Jira has no such value")).toBeTruthy();
});
