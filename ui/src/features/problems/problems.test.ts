import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type {
  ChoiceCreateArgs,
  ErrorCode,
  RetryArgs,
  SetupPlaceArgs,
  SyncProblem,
  Why,
} from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { grouped, nextOf } from "./groups.ts";
import ProblemsScreen from "./ProblemsScreen.svelte";
import WhyNot from "./Why.svelte";

afterEach(cleanup);

function problem(id: number, code: ErrorCode, part: Partial<SyncProblem> = {}): SyncProblem {
  return {
    remote_id: String(id),
    unmade_id: null,
    key: `PLAT-${String(id)}`,
    item_id: id,
    title: `Item ${String(id)}`,
    attempts: 2,
    next_at: null,
    problem: { code, detail: {} },
    ...part,
  };
}

const say = (fields: string) =>
  ({ problem: { code: "value_unsayable", detail: { fields } } }) as const;

test("one_cause_is_one_group_that_names_all_it_is_about", () => {
  const groups = grouped(
    [
      problem(1, "issue_unreadable"),
      problem(2, "value_unsayable", say("Team")),
      problem(3, "value_unsayable", say("Importance")),
      problem(4, "value_unsayable", say("Team")),
    ].map((problem) => ({ integration: 1, problem })),
  );
  expect(groups.map(({ code, found }) => [code, found.length])).toEqual([
    ["value_unsayable", 3],
    ["issue_unreadable", 1],
  ]);
  expect(groups[0]?.cause.detail).toEqual({ fields: "Team, Importance" });
});

test("steps_from_and_to_different_statuses_are_groups_of_their_own", () => {
  const step = (from: string, to: string) =>
    ({ problem: { code: "transition_missing", detail: { from, to, steps: "Doing" } } }) as const;
  const groups = grouped(
    [
      problem(1, "transition_missing", step("To Do", "Done")),
      problem(2, "transition_missing", step("Blocked", "Done")),
      problem(3, "transition_missing", step("To Do", "Done")),
    ].map((problem) => ({ integration: 1, problem })),
  );
  expect(groups.map(({ cause, found }) => [cause.detail.from, found.length])).toEqual([
    ["To Do", 2],
    ["Blocked", 1],
  ]);
});

test.each<[string | null, ReturnType<typeof nextOf>]>([
  [null, "waits"],
  ["2026-11-23T08:00:00Z", "asked"],
  ["2026-11-23T08:00:01Z", { notBefore: "2026-11-23T08:00:01Z" }],
])("what_is_due_at_%s_is_%j", (next_at, next) => {
  const at = Date.parse("2026-11-23T08:00:00Z");
  expect(nextOf(problem(1, "internal", { next_at }), at)).toEqual(next);
});

/** The screen over two integrations, of which the first has these problems, and the second one more. */
async function shown(first: SyncProblem[], second: SyncProblem[] = [], query = "") {
  const asked: RetryArgs[] = [];
  const created: ChoiceCreateArgs[] = [];
  const now: { refusal?: unknown } = {};
  useHost({
    rpc(cmd, payload) {
      if (cmd === "integrations") return Promise.resolve([{ id: 1 }, { id: 2 }]);
      if (cmd === "sync_problems") {
        const { integration_id: id } = payload as { integration_id: number };
        return Promise.resolve(id === 1 ? first : second);
      }
      if (cmd === "choice_create") {
        created.push(payload as ChoiceCreateArgs);
        return Promise.resolve({ name: "Ledger" });
      }
      expect(cmd).toBe("sync_retry");
      asked.push(payload as RetryArgs);
      return now.refusal ? Promise.reject(now.refusal as Error) : Promise.resolve({});
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { path: [], query: new URLSearchParams(query) };
  render(TestWindow, { props: { of: ProblemsScreen as Component, props } });
  await vi.waitFor(() => {
    expect(screen.queryByText("Loading the problems")).toBeNull();
  });
  return { asked, created, now };
}

const THREE: [SyncProblem[], SyncProblem[]] = [
  [problem(1, "value_unsayable", say("Team")), problem(2, "value_unsayable", say("Importance"))],
  [problem(3, "issue_unreadable")],
];

test("the_cause_and_the_cure_stand_once_above_the_issues", async () => {
  await shown(...THREE);
  const list = await screen.findByRole("list", { name: "Jira has no such value" });
  expect(within(list).getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByText(/in Team, Importance has no counterpart/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Item 2" }).getAttribute("href")).toBe("#/backlog/2");
});

test.each<[RegExp, RetryArgs[]]>([
  [/^Try again.PLAT-2/, [{ integration_id: 1, remote_ids: ["2"], unmade_ids: [] }]],
  [/^Try all 2 again/, [{ integration_id: 1, remote_ids: ["1", "2"], unmade_ids: [] }]],
  [
    /^Try all again/,
    [
      { integration_id: 1, remote_ids: ["1", "2"], unmade_ids: [] },
      { integration_id: 2, remote_ids: ["3"], unmade_ids: [] },
    ],
  ],
])("%s_asks_for_just_those", async (name, wanted) => {
  const { asked } = await shown(...THREE);
  await userEvent.click(await screen.findByRole("button", { name }));
  await screen.findByText(/tried again with the next sync/);
  expect(asked).toEqual(wanted);
});

test("what_a_step_of_the_set_up_mends_opens_there_with_its_integration", async () => {
  const placed: SetupPlaceArgs[] = [];
  useHost({
    rpc(cmd, payload) {
      if (cmd === "setup_place") placed.push(payload as SetupPlaceArgs);
      const cure = { type: "setup", integration_id: 4, step: 5 } as const;
      const line = { title: "Its type is mapped", text: "", verdict: "broken", cure } as const;
      const why: Why = { item_id: 1, title: "Item 1", key: "PLAT-1", lines: [line] };
      return Promise.resolve(cmd === "why" ? why : {});
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { key: "PLAT-1", item: null };
  render(TestWindow, { props: { of: WhyNot as Component, props } });
  await userEvent.click(await screen.findByRole("button", { name: "Open step 5" }));
  expect(placed).toEqual([{ step: 5, connection_id: null, integration_id: 4 }]);
  expect(location.hash).toBe("#/setup/5");
});

test("what_jira_lacks_is_created_there_once_for_all_that_wait_for_it", async () => {
  const lacks = (name: string) =>
    ({ problem: { code: "choice_missing", detail: { what: "component", name } } }) as const;
  const { created } = await shown([
    problem(1, "choice_missing", lacks("Ledger")),
    problem(2, "choice_missing", lacks("Ledger")),
    problem(3, "choice_missing", lacks("Cards")),
  ]);
  const name = /^Create it in Jira.*component Ledger/;
  await userEvent.click(await screen.findByRole("button", { name }));
  await screen.findByText(/“Ledger” is in Jira/);
  expect(created).toEqual([{ integration_id: 1, remote_id: "1" }]);
});

test("what_cannot_be_asked_for_is_said", async () => {
  const { now } = await shown(...THREE);
  now.refusal = { code: "disk_full", detail: {} };
  await userEvent.click(await screen.findByRole("button", { name: /^Try all again/ }));
  expect(await screen.findByText("The disk is full")).toBeTruthy();
  expect(screen.queryByText(/tried again with the next sync/)).toBeNull();
});

test("the_address_can_name_one_item", async () => {
  await shown(...THREE, "item=3");
  await screen.findByRole("link", { name: "Item 3" });
  expect(screen.queryByRole("link", { name: "Item 1" })).toBeNull();
});

test("nothing_held_up_says_what_the_screen_is_for", async () => {
  await shown([]);
  expect(await screen.findByText("Nothing is held up")).toBeTruthy();
});
