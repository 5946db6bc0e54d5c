import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Integration, SyncReport } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import IntegrationRow from "./IntegrationRow.svelte";
import { cycles, inWords } from "./sync.svelte.ts";

afterEach(() => {
  cleanup();
  cycles.dismiss(7);
});

const QUIET: SyncReport = {
  heard: 0,
  created: 0,
  updated: 0,
  sent: 0,
  made: 0,
  waiting: 0,
  parked: 0,
  conflicts: 0,
  severed: 0,
  asked: 0,
};

test.each<[string, Partial<SyncReport>]>([
  ["Nothing to do", {}],
  ["Nothing to do", { heard: 4 }],
  ["3 changed in Jira, 2 sent, 1 waits for you", { updated: 3, sent: 2, waiting: 1, parked: 1 }],
  ["1 new item from Jira, 1,284 changed in Jira", { created: 1, updated: 1284 }],
  ["2 issues created in Jira, 1 sent", { made: 2, sent: 1 }],
  ["2 conflicts to decide", { conflicts: 2 }],
  ["2 disconnected, 40 are to be disconnected if you say so", { severed: 2, asked: 40 }],
  ["2 wait for you, 3 are left for the next sync", { waiting: 5, parked: 2 }],
])("%s", (text, report) => {
  const said = inWords({ ...QUIET, ...report });
  expect(said.map((one) => one.text).join(", ")).toBe(text);
});

const PLATFORM = {
  id: 7,
  connection_id: 1,
  name: "Platform",
  project_key: "PLAT",
  hierarchy_saved: true,
  fields_saved: true,
  linked: 12,
  offered: 0,
  imported_at: "2026-11-23T14:03:00Z",
} as Integration;

/** A row whose cycle ends as told. */
function shown(integration: Integration, cycle: () => Promise<SyncReport>) {
  const asked: unknown[] = [];
  useHost({
    rpc(cmd, payload) {
      expect(cmd).toBe("sync_now");
      asked.push(payload);
      return cycle();
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { integration, names: [integration.name] };
  render(TestWindow, { props: { of: IntegrationRow as Component, props } });
  return asked;
}

test("while_it_works_it_says_so_and_afterwards_what_happened", async () => {
  let finish: (report: SyncReport) => void = () => undefined;
  const asked = shown(PLATFORM, () => new Promise((done) => (finish = done)));
  const button = screen.getByRole("button", { name: /^Sync now/ });
  await userEvent.click(button);
  expect(button.getAttribute("aria-busy")).toBe("true");
  expect(screen.getByRole("status").textContent).toContain("Looking at what changed in Jira");
  await userEvent.click(button);
  expect(asked).toEqual([{ integration_id: 7 }]);
  finish({ ...QUIET, sent: 2, conflicts: 1 });
  const link = await screen.findByRole("link", { name: "1 conflict to decide" });
  expect(link.getAttribute("href")).toBe("#/conflicts");
  expect(screen.getByRole("status").textContent).toContain("2 sent");
});

test("what_goes_wrong_is_said_with_its_cause_and_cure", async () => {
  shown(PLATFORM, () => Promise.reject({ code: "connection_stopped", detail: {} } as never));
  await userEvent.click(screen.getByRole("button", { name: /^Sync now/ }));
  const alert = await screen.findByText(/stopped/i);
  expect(alert).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await vi.waitFor(() => {
    expect(cycles.of(7)).toBeUndefined();
  });
});

test("what_was_never_imported_cannot_be_brought_into_step", () => {
  shown({ ...PLATFORM, imported_at: null, linked: 0 }, () => Promise.resolve(QUIET));
  expect(screen.queryByRole("button", { name: /^Sync now/ })).toBeNull();
  expect(screen.getByText("Not imported yet")).toBeTruthy();
});

test("what_was_linked_again_and_not_imported_is_brought_into_step_by_hand", async () => {
  shown({ ...PLATFORM, imported_at: null, linked: 3 }, () =>
    Promise.resolve({ ...QUIET, sent: 1 }),
  );
  expect(screen.getByText("Not kept in step yet")).toBeTruthy();
  expect(screen.getByText(/^3 items are linked, and nothing is kept in step/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /^Sync now/ }));
  await screen.findByText(/1 sent/);
});
