import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test } from "vitest";
import type {
  CreateState,
  PushArgs,
  PushInput,
  PushPreview,
  PushQuestion,
  PushRow,
} from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { BacklogController } from "./backlog.svelte.ts";
import PushDialog from "./PushDialog.svelte";
import { Answer } from "./pushing.svelte.ts";

afterEach(cleanup);

function row(id: number, part: Partial<PushRow> = {}): PushRow {
  return {
    item_id: id,
    depth: 0,
    title: `Item ${String(id)}`,
    item_type: 3,
    taken_along: false,
    refused: null,
    key: null,
    url: null,
    create: null,
    remote_type: "story",
    types: [{ id: "story", name: "Story" }],
    writes: [{ name: "Summary", value: { type: "text", text: "Said" }, beside: false }],
    left_out: [],
    asked: [],
    ...part,
  };
}

function question(input: PushInput, part: Partial<PushQuestion> = {}): PushQuestion {
  return {
    remote_type: "story",
    type_name: "Story",
    field: "customfield_1",
    name: "Cost centre",
    input,
    choices: [
      { id: "61", name: "Payments" },
      { id: "62", name: "Web" },
    ],
    item_ids: [1],
    ...part,
  };
}

const WAITING: CreateState = {
  integration_id: 1,
  unmade_id: 5,
  under_way: false,
  waits_for: null,
  problem: null,
  parked: false,
};

interface World {
  preview: PushRow[];
  after: PushRow[];
  questions?: PushQuestion[];
  fail?: Record<string, unknown>;
  /** Jira is asked until this. */
  asking?: Promise<unknown>;
}

/** The dialog over two items that somebody pushes; `anew`: over one that is to get another issue. */
async function shown(world: World, { anew = false } = {}) {
  const asked: { cmd: string; args: PushArgs }[] = [];
  let pushed = false;
  const preview = (rows: PushRow[]): PushPreview => ({
    integration_id: 1,
    integration_name: "Platform",
    project_key: "PLAT",
    rows,
    count: rows.filter((one) => one.refused === null).length,
    questions: pushed ? [] : (world.questions ?? []),
    unasked: null,
  });
  useHost({
    rpc(cmd, args) {
      asked.push({ cmd, args: args as PushArgs });
      const failure = world.fail?.[cmd];
      if (failure !== undefined) return Promise.reject(failure as Error);
      if (cmd === "integrations") return Promise.resolve([]);
      if (cmd === "push_preview")
        return (world.asking ?? Promise.resolve()).then(() =>
          preview(pushed ? world.after : world.preview),
        );
      if (cmd === "push") {
        pushed = true;
        return Promise.resolve({ integration_id: 1, item_ids: [1, 2] });
      }
      return Promise.resolve({});
    },
    reopen: () => Promise.resolve(),
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const backlog = new BacklogController();
  render(TestWindow, {
    props: { of: PushDialog as Component, props: { backlog, onclose: () => undefined } },
  });
  if (anew) backlog.pushing.open([1], { anew });
  else backlog.push([1, 2]);
  const dialog = await screen.findByRole("dialog");
  return { backlog, dialog: within(dialog), asked, user: userEvent.setup() };
}

test("what_would_be_made_and_what_is_left_out_is_shown_before_anything_is", async () => {
  const { dialog, asked, user } = await shown({
    preview: [
      row(9, { taken_along: true, title: "Above" }),
      row(1, { depth: 1, left_out: [{ name: "Team", reason: "No such choice" }] }),
      row(2, { refused: "It has an issue already", remote_type: null, types: [] }),
    ],
    after: [],
  });
  expect(await dialog.findByText("Parent, added")).toBeTruthy();
  expect(dialog.getByText("It has an issue already")).toBeTruthy();
  expect(dialog.getByRole("button", { name: "Create 2 issues" })).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "What is written of Item 1" }));
  expect(dialog.getByText("Said")).toBeTruthy();
  expect(dialog.getByText("No such choice")).toBeTruthy();
  expect(asked.map(({ cmd }) => cmd)).not.toContain("push");
});

test("what_jira_demands_is_asked_for_before_and_sent_along", async () => {
  const { dialog, asked, user } = await shown({
    preview: [row(1), row(2)],
    after: [
      row(1, { refused: "It has an issue already", key: "PLAT-7", url: "https://a.example/7" }),
      row(2, { refused: "Waiting", create: WAITING }),
    ],
    questions: [question("text", { item_ids: [1, 2] })],
  });
  await user.click(await dialog.findByRole("button", { name: "Create 2 issues" }));
  expect(dialog.getByText("Fill this in")).toBeTruthy();
  expect(asked.map(({ cmd }) => cmd)).not.toContain("push");
  await user.type(dialog.getByRole("textbox", { name: "Cost centre" }), "K-12");
  await user.click(dialog.getByRole("button", { name: "Create 2 issues" }));
  expect(await dialog.findByRole("link", { name: /PLAT-7/ })).toBeTruthy();
  expect(dialog.getByText("Waiting to be created")).toBeTruthy();
  expect(dialog.getByText("1 of 2 issues are made")).toBeTruthy();
  expect(asked.find(({ cmd }) => cmd === "push")?.args.answers).toEqual([
    {
      item_id: null,
      remote_type: "story",
      field: "customfield_1",
      value: { type: "typed", value: { type: "text", text: "K-12" } },
    },
  ]);
});

test("what_was_asked_for_is_kept_when_jira_cannot_be_reached", async () => {
  const { dialog, user } = await shown({
    preview: [row(1)],
    after: [row(1, { refused: "Waiting", create: WAITING })],
    fail: { sync_now: { code: "jira_unavailable", detail: { status: "503" } } },
  });
  await user.click(await dialog.findByRole("button", { name: "Create 1 issue" }));
  expect(await dialog.findByText("Jira is not available right now")).toBeTruthy();
  expect(dialog.getByRole("button", { name: "Sync now" })).toBeTruthy();
  expect(dialog.getByText("Waiting to be created")).toBeTruthy();
});

test("that_an_issue_is_gone_is_said_once_jira_has_said_so", async () => {
  let answer: (value?: unknown) => void = () => undefined;
  const asking = new Promise((resolve) => (answer = resolve));
  const gone = await shown({ preview: [row(1)], after: [], asking }, { anew: true });
  expect(
    gone.dialog.getByText(/^Jira is asked whether the item’s own issue is still there/),
  ).toBeTruthy();
  answer();
  await gone.dialog.findByText(/^Into Platform \(PLAT\)\. Jira does not show the item’s own issue/);
  expect(gone.asked.find(({ cmd }) => cmd === "push_preview")?.args.anew).toBe(true);
  cleanup();
  const there = await shown(
    {
      preview: [],
      after: [],
      fail: { push_preview: { code: "issue_there", detail: { key: "PLAT-7" } } },
    },
    { anew: true },
  );
  await there.dialog.findByText(/PLAT-7/);
  expect(there.dialog.queryByText(/does not show/)).toBeNull();
  expect(there.dialog.getByText("Nothing is written before you say so.")).toBeTruthy();
});

test("another_type_of_jiras_is_asked_about_anew", async () => {
  const { backlog, dialog, asked } = await shown({ preview: [row(1)], after: [] });
  await dialog.findByRole("button", { name: "Create 1 issue" });
  await backlog.pushing.choose(row(1), "task");
  const last = asked.findLast(({ cmd }) => cmd === "push_preview");
  expect(last?.args.types).toEqual([{ item_id: 1, remote_type: "task" }]);
  expect(last?.args.refresh).toBe(false);
});

test.each<[PushInput, string, unknown]>([
  ["text", "", "Fill this in"],
  ["text", " K-12 ", { type: "typed", value: { type: "text", text: "K-12" } }],
  ["number", "3,5", "Write a number such as 3 or 3.5"],
  ["number", "3.5", { type: "typed", value: { type: "number", number: 3.5 } }],
  ["date", "2026-1", "Write a whole day, such as 2026-01-31"],
  ["date", "2026-01-31", { type: "typed", value: { type: "date", date: "2026-01-31" } }],
  ["labels", "a, b c", { type: "typed", value: { type: "labels", labels: ["a", "b", "c"] } }],
  ["one", "", "Choose something"],
])("an_answer_of_kind_%s_%j_is_%j", (input, text, expected) => {
  const answer = new Answer(question(input));
  answer.text = text;
  expect(answer.fault ?? answer.value).toEqual(expected);
});
