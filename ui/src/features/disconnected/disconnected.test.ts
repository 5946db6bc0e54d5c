import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type {
  ComparedField,
  Comparison,
  Disconnected,
  ResyncOutcome,
  SeveredPair,
  SeverQuestion,
} from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import DisconnectedScreen from "./DisconnectedScreen.svelte";

afterEach(cleanup);

function pair(id: number, part: Partial<SeveredPair> = {}): SeveredPair {
  return {
    link_id: id,
    item_id: id,
    item_type: 3,
    title: `Item ${String(id)}`,
    item_gone: false,
    integration_id: 1,
    connection_id: 1,
    integration_name: "Platform",
    key: `PLAT-${String(id)}`,
    url: `https://acme.test/browse/PLAT-${String(id)}`,
    reason: "by_hand",
    severed_at: "2026-11-23T08:00:00Z",
    connection_gone: false,
    dismissed: false,
    ...part,
  };
}

function compared(key: string, part: Partial<ComparedField> = {}): ComparedField {
  return {
    key,
    name: key,
    here: { type: "text", text: "ours" },
    there: { type: "text", text: "theirs" },
    alike: false,
    standing: "changed_both",
    suggested: null,
    seen: `${key}-1`,
    ...part,
  };
}

interface Engine {
  found: Partial<Disconnected>;
  comparison?: Comparison;
  outcomes?: ResyncOutcome[];
  refuse?: Record<string, unknown>;
  states?: unknown[];
}

/** The screen over an engine that holds this. */
async function shown(engine: Engine) {
  const asked: [string, unknown][] = [];
  useHost({
    rpc(cmd, payload) {
      asked.push([cmd, payload]);
      const refusal = engine.refuse?.[cmd];
      if (refusal) return Promise.reject(refusal as Error);
      switch (cmd) {
        case "disconnected": {
          const pairs = engine.found.pairs ?? [];
          const counts = pairs.map(({ reason }) => ({ integration_id: 1, reason, count: 1 }));
          return Promise.resolve({ pairs, counts, absent: [], questions: [], ...engine.found });
        }
        case "integrations":
          return Promise.resolve([{ id: 1, name: "Platform" }]);
        case "resync_compare":
          return Promise.resolve(engine.comparison);
        case "sync_states":
          return Promise.resolve(engine.states ?? []);
        case "resync_many":
        case "resync_create":
          return Promise.resolve(engine.outcomes ?? []);
        case "disconnected_look":
          return Promise.resolve(
            (payload as { link_ids: number[] }).link_ids.map((link_id) => ({
              link_id,
              issue: { type: "not_there" },
            })),
          );
        case "disconnected_decide":
        case "disconnected_dismiss":
          return Promise.resolve({ count: 2 });
        default:
          return Promise.resolve({});
      }
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { path: [], query: new URLSearchParams() };
  render(TestWindow, { props: { of: DisconnectedScreen as Component, props } });
  await vi.waitFor(() => {
    expect(screen.queryByText("Loading what is disconnected")).toBeNull();
  });
  const of = (cmd: string) => asked.filter(([name]) => name === cmd).map(([, args]) => args);
  return { of };
}

const TWO: Comparison = {
  link_id: 7,
  item_id: 7,
  title: "Item 7",
  integration_id: 1,
  remote_id: "10007",
  key: "PLAT-7",
  remote_title: "Item 7",
  same_issue: true,
  fields: [
    compared("Title"),
    compared("Labels", { suggested: "jira", standing: "changed_there" }),
    compared("Team", { alike: true, there: { type: "text", text: "ours" } }),
  ],
};

test("whose_connection_was_removed_leads_to_its_own_site", async () => {
  await shown({ found: { pairs: [pair(7, { connection_gone: true })] } });
  const link = await screen.findByRole("link", { name: /^Connect…/ });
  expect(link.getAttribute("href")).toBe("#/setup/3?site=https%3A%2F%2Facme.test");
});

test("what_is_kept_from_here_waits_for_the_import_where_nothing_was_imported", async () => {
  await shown({
    found: { pairs: [pair(7)] },
    comparison: { ...TWO, fields: [compared("Title", { suggested: "here" })] },
    states: [{ integration_id: 1, hold: "not_imported" }],
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Link again… PLAT-7/ }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(await dialog.findByRole("button", { name: /^Link/ }));
  await screen.findByText(/What was kept from here is sent once the project is imported/);
});

test("nothing_disconnected_is_said_and_explained", async () => {
  await shown({ found: {} });
  expect(screen.getByText("Nothing is disconnected")).toBeTruthy();
});

test("a_pair_is_linked_only_when_every_field_that_differs_is_chosen", async () => {
  const { of } = await shown({ found: { pairs: [pair(7)] }, comparison: TWO });
  await userEvent.click(screen.getByRole("button", { name: /^Link again/ }));
  const dialog = await screen.findByRole("dialog");
  const title = await within(dialog).findByRole("group", { name: /^Title/ });
  expect(within(dialog).queryByText("Team")).toBeNull();
  await userEvent.click(within(dialog).getByRole("button", { name: /^Link/ }));
  expect(of("resync_link")).toEqual([]);
  await userEvent.click(within(title).getByRole("radio", { name: /Here/ }));
  await userEvent.click(within(dialog).getByRole("button", { name: /^Link/ }));
  await screen.findByText(/“Item 7” is linked to PLAT-7/);
  expect(of("resync_link")).toEqual([
    {
      link_id: 7,
      remote_id: "10007",
      choices: [
        { key: "Title", seen: "Title-1", winner: "here" },
        { key: "Labels", seen: "Labels-1", winner: "jira" },
        { key: "Team", seen: "Team-1", winner: null },
      ],
    },
  ]);
});

test("a_side_that_changed_meanwhile_is_shown_anew_and_nothing_is_written", async () => {
  const stale = { code: "compare_stale", detail: {} };
  const { of } = await shown({
    found: { pairs: [pair(7)] },
    comparison: TWO,
    refuse: { resync_link: stale },
  });
  await userEvent.click(screen.getByRole("button", { name: /^Link again/ }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(await within(dialog).findByRole("button", { name: "All from Jira" }));
  await userEvent.click(within(dialog).getByRole("button", { name: /^Link$/ }));
  await within(dialog).findByText("One side has changed since they were compared");
  expect(of("resync_compare").length).toBe(2);
});

test("of_several_pairs_each_says_what_came_of_it", async () => {
  const { of } = await shown({
    found: { pairs: [pair(1), pair(2)] },
    outcomes: [
      { link_id: 1, outcome: { type: "linked" } },
      { link_id: 2, outcome: { type: "needs_choice", fields: ["Title"] } },
    ],
  });
  await userEvent.click(screen.getByRole("checkbox", { name: "Choose all" }));
  await userEvent.click(screen.getByRole("button", { name: "Link 2 again…" }));
  await userEvent.click(screen.getByRole("radio", { name: "Leave those out" }));
  await userEvent.click(screen.getByRole("button", { name: "Link 2 items" }));
  await screen.findByText("1 item is linked again");
  expect(of("resync_many")).toEqual([{ link_ids: [1, 2], winner: null }]);
  expect(screen.getByText("Both sides changed Title: compare them and choose")).toBeTruthy();
});

test("an_item_that_was_deleted_here_is_brought_back", async () => {
  const { of } = await shown({
    found: { pairs: [pair(3, { item_gone: true, reason: "deleted_here" })] },
    outcomes: [{ link_id: 3, outcome: { type: "restored" } }],
  });
  await userEvent.click(screen.getByRole("button", { name: /^Bring back/ }));
  await screen.findByText("1 item is linked again");
  expect(of("resync_many")).toEqual([{ link_ids: [3], winner: null }]);
});

test("what_jira_says_now_is_asked_for_and_shown", async () => {
  const { of } = await shown({ found: { pairs: [pair(1), pair(2)] } });
  await userEvent.click(screen.getByRole("button", { name: "See what Jira says now" }));
  expect((await screen.findAllByText(/^Not there now/)).length).toBe(2);
  expect(of("disconnected_look")).toEqual([{ link_ids: [1, 2] }]);
});

test("unusually_many_are_disconnected_only_when_somebody_says_so_twice", async () => {
  const question: SeverQuestion = {
    integration_id: 1,
    integration_name: "Platform",
    linked: 100,
    pairs: Array.from({ length: 30 }, (_, i) => ({
      link_id: i,
      item_id: i,
      title: `Item ${String(i)}`,
      key: `PLAT-${String(i)}`,
      reason: "deleted_there",
    })),
  };
  const { of } = await shown({ found: { questions: [question] } });
  expect(screen.getByText("30 of 100 linked items of Platform would be disconnected")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Disconnect 30…" }));
  expect(of("disconnected_decide")).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Disconnect" }));
  expect(of("disconnected_decide")).toEqual([{ integration_id: 1, sever: true }]);
});
