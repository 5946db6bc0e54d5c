import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { ActivityArgs, ActivityChange, Event } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import ActivityScreen from "./ActivityScreen.svelte";

afterEach(cleanup);

const CHANGE: ActivityChange = {
  id: 9,
  at: "2026-11-23T08:02:00Z",
  item_id: 7,
  title: "Split a payment",
  key: "PLAT-7",
  origin: "here",
  author: null,
  cause: "edit",
  run_id: null,
  kind: "field",
  field: "Dependencies",
  before: { type: "none" },
  after: {
    type: "references",
    references: [
      {
        relation: "is blocked by",
        item: { id: 8, title: "Refunds", item_type: 12, key: null, status: null },
      },
    ],
  },
  undoable: true,
};

/** The screen over an engine; saving a file fails so often. */
async function shown(failures: number) {
  const saved: unknown[] = [];
  let asked = 0;
  let tell: (event: Event) => void = () => undefined;
  useHost({
    rpc(cmd) {
      if (cmd === "integrations") return Promise.resolve([]);
      asked += 1;
      return Promise.resolve({ changes: [CHANGE], next: null });
    },
    save(_what, args) {
      saved.push(args);
      return saved.length > failures
        ? Promise.resolve("/home/ada/Downloads/lockstep-activity.csv")
        : Promise.reject(Object.assign(new Error(), { code: "disk_full", detail: {} }));
    },
    subscribe(listener) {
      tell = listener as (event: Event) => void;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  const props = { path: [], query: new URLSearchParams() };
  render(TestWindow, { props: { of: ActivityScreen as Component, props } });
  await screen.findByText("Split a payment");
  return {
    saved,
    asked: () => asked,
    tell: (event: Event) => {
      tell(event);
    },
  };
}

test("a_change_of_dependencies_says_what_came_and_went", async () => {
  await shown(0);
  expect(screen.getByText("is blocked by Refunds")).toBeTruthy();
});

test("a_file_that_was_not_saved_says_so_until_it_is_saved_again", async () => {
  const scene = await shown(1);
  await userEvent.click(screen.getByRole("button", { name: "Export as CSV" }));
  await screen.findByText("The file was not saved");
  const before = scene.asked();
  scene.tell({ type: "changed", tags: ["items"] });
  await vi.waitFor(() => {
    expect(scene.asked()).toBeGreaterThan(before);
  });
  expect(screen.getByText("The file was not saved")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save again" }));
  await screen.findByText("Saved as /home/ada/Downloads/lockstep-activity.csv");
  expect(screen.queryByText("The file was not saved")).toBeNull();
  const all: ActivityArgs = {
    item_id: null,
    integration_id: null,
    run_id: null,
    origin: null,
    field: null,
    search: null,
    before: null,
    limit: 100,
  };
  expect(scene.saved).toEqual([all, all]);
});
