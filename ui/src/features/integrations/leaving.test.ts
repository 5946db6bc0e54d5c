import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Event, LeavingExtent, LeavingIntegration } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import Disconnect from "./Disconnect.svelte";

afterEach(cleanup);

const PLATFORM: LeavingIntegration = {
  id: 7,
  name: "Platform",
  project_key: "PLAT",
  types: 5,
  fields: 14,
  statuses: 9,
  linked: 1284,
  unsent: 1,
  unsent_items: [{ item_id: 3, title: "Split a payment", key: "PLAT-3", fields: ["Title"] }],
  conflicts: 2,
  unmade: 1,
  unmade_doubtful: 1,
  imports: 1,
  cycles: 12,
  problems: 3,
  asked: 0,
  scoped: true,
  importing: false,
};

interface Asked {
  readonly calls: string[];
  readonly args: unknown[];
  /** What goes by now. */
  part: Partial<LeavingIntegration>;
  /** Ends the disconnecting that waits; unset: it does not wait. */
  waits?: Promise<unknown>;
  tell(event: Event): void;
}

/** The question about a connection with one project. */
async function asked(part: Partial<LeavingIntegration>) {
  const listeners: ((event: Event) => void)[] = [];
  const scene: Asked = {
    calls: [],
    args: [],
    part,
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
  const extent = () =>
    ({
      connection: { id: 1, name: "Acme", url: "https://acme.test", auth: "cloud_token" },
      connection_goes: true,
      secrets: "keyring",
      integrations: [{ ...PLATFORM, ...scene.part }],
    }) as LeavingExtent;
  useHost({
    rpc: async (cmd, args) => {
      scene.calls.push(cmd);
      if (cmd === "connection_leaving") return extent();
      scene.args.push(args);
      await scene.waits;
      return { count: 1284 };
    },
    subscribe: (listener) => {
      listeners.push(listener as (event: Event) => void);
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { open: true, name: "Acme", what: "connection", id: 1 };
  render(TestWindow, { props: { of: Disconnect as Component, props } });
  await screen.findByText("This goes");
  return scene;
}

test("what_goes_is_named_exactly_and_what_was_not_sent_is_confirmed_first", async () => {
  const { calls } = await asked({});
  for (const words of [
    /The connection to/,
    /its token in this computer's keyring/,
    "Its mapping: 5 types, 14 fields, 9 statuses",
    "1,284 links between items and issues",
    /2 conflicts that nobody has decided/,
    /Jira never said what came of 1/,
    "Split a payment",
    "Its filter, and the area that items come into",
    /3 problems/,
    "Taking 1 import and 12 syncs back as a whole; single changes can still be undone",
    /1,284 items appear under Disconnected/,
  ])
    expect(screen.getByText(words)).toBeTruthy();
  const button = screen.getByRole("button", { name: /^Disconnect/ });
  await userEvent.click(button);
  expect(calls).toEqual(["connection_leaving"]);
  await userEvent.click(screen.getByRole("checkbox", { name: /keeps its edits here/ }));
  await userEvent.click(button);
  await vi.waitFor(() => {
    expect(calls).toEqual(["connection_leaving", "connection_disconnect"]);
  });
});

test("an_import_that_is_under_way_is_ended_first", async () => {
  const { calls } = await asked({ importing: true, unsent: 0, unsent_items: [] });
  const button = screen.getByRole("button", { name: /^Disconnect/ });
  await userEvent.click(button);
  expect(calls).toEqual(["connection_leaving"]);
  expect(screen.getByText("End the import first")).toBeTruthy();
});

test("where_nothing_was_brought_in_one_click_is_enough", async () => {
  const { calls } = await asked({
    linked: 0,
    unsent: 0,
    unsent_items: [],
    conflicts: 0,
    unmade: 0,
    unmade_doubtful: 0,
    imports: 0,
    cycles: 0,
    problems: 0,
  });
  expect(screen.queryByText("This is remembered")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /^Disconnect/ }));
  await vi.waitFor(() => {
    expect(calls).toContain("connection_disconnect");
  });
});

test("what_is_decided_is_what_was_shown_and_cannot_be_left_while_it_is_under_way", async () => {
  const scene = await asked({ unsent: 0, unsent_items: [] });
  let end: (value?: unknown) => void = () => undefined;
  scene.waits = new Promise((resolve) => (end = resolve));
  await userEvent.click(screen.getByRole("button", { name: /^Disconnect/ }));
  await screen.findByText(/Disconnects as soon as a sync that is under way has ended/);
  expect(scene.args).toEqual([{ id: 1, unsent: 0, conflicts: 2, unmade: 1 }]);
  expect(screen.getByRole("button", { name: "Keep it" }).hasAttribute("disabled")).toBe(true);
  await userEvent.keyboard("{Escape}");
  expect(screen.getByText("This goes")).toBeTruthy();
  end();
  await vi.waitFor(() => {
    expect(screen.queryByText("This goes")).toBeNull();
  });
});

test("edits_that_come_in_while_it_is_asked_are_named_and_confirmed_anew", async () => {
  const scene = await asked({});
  await userEvent.click(screen.getByRole("checkbox", { name: /keeps its edits here/ }));
  scene.part = { unsent: 2 };
  scene.tell({ type: "changed", tags: ["items"] });
  const box = await screen.findByRole("checkbox", { name: /2 items keep their edits here/ });
  expect(box.getAttribute("aria-checked")).toBe("false");
});
