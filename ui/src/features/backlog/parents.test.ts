import { cleanup, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { EditArgs, EditValue, Facets, ItemDetail, Level } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { BacklogController } from "./backlog.svelte.ts";
import { Deeds } from "./deeds.svelte.ts";
import DependencyDialog from "./DependencyDialog.svelte";
import ParentDialog from "./ParentDialog.svelte";

afterEach(cleanup);

function item(parent: number | null): ItemDetail {
  const above = { id: 1, title: "Payments", item_type: 11, key: "A-1", status: null };
  return {
    id: 7,
    title: "Refunds",
    item_type: 12,
    area_id: 4,
    ancestors: parent === null ? [] : [{ ...above, id: parent }],
    children: [],
    children_total: 0,
    link: null,
    fields: [],
    created_at: "2026-11-20T09:12:00Z",
  };
}

/** Deeds over an item that is part of this one. */
function over(parent: number | null) {
  const asked: unknown[] = [];
  const shown: ItemDetail[] = [];
  let at = parent;
  let before = parent;
  useHost({
    rpc(cmd, args) {
      asked.push([cmd, args]);
      if (cmd === "item_edit_undo") {
        at = before;
        return Promise.resolve({ item: item(at), undo: null });
      }
      const { value } = args as EditArgs;
      const to = value.type === "item" ? value.id : null;
      const undo = to === at ? null : 5;
      [before, at] = [at, to];
      return Promise.resolve({ item: item(at), undo });
    },
    reopen: () => Promise.resolve(),
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const deeds = new Deeds();
  const renew = (detail: ItemDetail) => shown.push(detail);
  return { asked, deeds, shown, renew };
}

test.each<[string, number | null, { id: number; title: string } | undefined, unknown, string]>([
  ["below_another", 1, { id: 2, title: "Cards" }, { type: "item", id: 2 }, "Moved below “Cards”"],
  ["to_the_top", 1, undefined, { type: "none" }, "Moved to the top"],
  ["nowhere", 1, { id: 1, title: "Cards" }, { type: "item", id: 1 }, "Already below “Cards”"],
])("an_item_is_moved_%s", async (_, from, to, value, said) => {
  const { asked, deeds, renew } = over(from);
  expect(await deeds.moveBelow(7, to, renew)).toBe(true);
  expect(asked).toEqual([["item_edit", { item_id: 7, field: "parent", value }]]);
  expect(deeds.notice?.text).toBe(said);
});

test("a_move_below_another_item_is_taken_back", async () => {
  const { asked, deeds, shown, renew } = over(1);
  await deeds.moveBelow(7, { id: 2, title: "Cards" }, renew);
  await deeds.undo();
  expect(asked.at(-1)).toEqual(["item_edit_undo", { id: 5 }]);
  expect(shown.map(({ ancestors }) => ancestors.at(-1)?.id)).toEqual([2, 1]);
  expect(deeds.notice?.text).toBe("It is where it was");
});

const LEVELS: Level[] = [
  { id: 1, singular: "Initiative", plural: "Initiatives", types: [type(11, "Initiative")] },
  { id: 2, singular: "Story", plural: "Stories", types: [type(12, "Story")] },
];

function type(id: number, singular: string): Level["types"][number] {
  return { id, singular, plural: `${singular}s`, icon: "box", colour: "blue" };
}

/** A dialog over a backlog whose list finds one item. */
async function asking(of: unknown, item_type: number) {
  const edits: EditValue[] = [];
  useHost({
    rpc(cmd, args) {
      const answers: Record<string, unknown> = {
        levels: LEVELS,
        areas: [],
        facets: { levels: [], statuses: [], dev_statuses: [], total: 2 } satisfies Facets,
        item: { ...item(null), item_type },
        backlog_open: { view: 1, rows: 1, matched: 1 },
        backlog_rows: {
          rows: [{ id: 1, title: "Payments", item_type: 11, key: "A-1", matched: true }],
          stale: false,
        },
      };
      if (cmd === "item_edit") {
        edits.push((args as EditArgs).value);
        return Promise.resolve({ item: item(1), undo: 5 });
      }
      return Promise.resolve(answers[cmd] ?? {});
    },
    reopen: () => Promise.resolve(),
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const backlog = new BacklogController();
  await backlog.catalog.load();
  render(TestWindow, {
    props: { of: of as Component, props: { backlog, onclose: () => undefined } },
  });
  return { backlog, edits };
}

test("an_item_is_chosen_to_be_moved_below", async () => {
  const { backlog, edits } = await asking(ParentDialog, 12);
  await backlog.chooseParent(7);
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(await dialog.findByRole("option", { name: /Payments/ }));
  await vi.waitFor(() => {
    expect(edits).toEqual([{ type: "item", id: 1 }]);
  });
});

test("what_stands_on_the_highest_level_is_told_so", async () => {
  const { backlog } = await asking(ParentDialog, 11);
  await backlog.chooseParent(7);
  expect(await screen.findByText(/^Initiatives are on the highest level/)).toBeTruthy();
});

test("of_several_that_are_chosen_none_is_moved_below_another", async () => {
  const { backlog, edits } = await asking(ParentDialog, 12);
  backlog.selection.choose([7, 8]);
  await backlog.chooseParent();
  expect(backlog.choosingParentFor).toBeUndefined();
  expect(backlog.deeds.notice?.text).toMatch(/^One item at a time/);
  expect(edits).toEqual([]);
});

test("a_dependency_is_added_as_one_end_so_that_what_came_meanwhile_stays", async () => {
  const { backlog, edits } = await asking(DependencyDialog, 12);
  backlog.choosingDependencyFor = {
    item: 7,
    title: "Refunds",
    field: "dependencies",
    name: "Dependencies",
  };
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(await dialog.findByRole("radio", { name: "Blocks" }));
  await userEvent.click(await dialog.findByRole("option", { name: /Payments/ }));
  await vi.waitFor(() => {
    expect(edits).toEqual([{ type: "dependency", item_id: 1, relation: "blocks", there: true }]);
  });
});
