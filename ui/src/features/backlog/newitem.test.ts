import { expect, test } from "vitest";
import type { ItemDetail, Level, NewItemArgs } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { Catalog } from "./catalog.svelte.ts";
import { Deeds } from "./deeds.svelte.ts";
import { NewItem } from "./newitem.svelte.ts";

const LEVELS: Level[] = ["Epic", "Feature", "Story"].map((name, at) => ({
  id: at + 1,
  singular: name,
  plural: `${name}s`,
  types: [{ id: at + 11, singular: name, plural: `${name}s`, icon: "box", colour: "blue" }],
}));

function item(id: number, type: number, ancestors: ItemDetail["ancestors"] = []): ItemDetail {
  return {
    id,
    title: `Item ${String(id)}`,
    item_type: type,
    area_id: 4,
    ancestors,
    children: [],
    children_total: 0,
    link: null,
    fields: [],
    created_at: "2026-11-20T09:12:00Z",
  };
}

const ABOVE = { id: 1, title: "Item 1", item_type: 11, key: "A-1", status: null };

/** A new item while the cursor is on one of these. */
async function begun(beside: ItemDetail | undefined) {
  const asked: NewItemArgs[] = [];
  const taken: unknown[] = [];
  const deeds = new Deeds();
  const catalog = new Catalog();
  useHost({
    rpc(cmd, args) {
      if (cmd === "levels") return Promise.resolve(LEVELS);
      if (cmd === "areas") return Promise.resolve([]);
      if (cmd === "facets")
        return Promise.resolve({ levels: [], statuses: [], dev_statuses: [], total: 1 });
      if (cmd === "item") return Promise.resolve(beside);
      if (cmd === "item_create_undo") {
        taken.push(args);
        return Promise.resolve({});
      }
      asked.push(args as NewItemArgs);
      return Promise.resolve({ ...item(99, 11), title: (args as NewItemArgs).title });
    },
    reopen: () => Promise.resolve(),
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  await catalog.load();
  const making = new NewItem(catalog, deeds);
  await making.begin(beside?.id, 7);
  return { making, asked, deeds, taken };
}

test.each<[string, ItemDetail | undefined, number, number | null, number | null]>([
  ["nothing", undefined, 11, null, 7],
  ["an epic", item(1, 11), 12, 1, 4],
  ["a feature", item(2, 12, [ABOVE]), 13, 2, 4],
  ["a story", item(3, 13, [ABOVE]), 13, 1, 4],
])("beside_%s_a_new_item_begins_where_it_belongs", async (_, beside, type, parent, area) => {
  const { making } = await begun(beside);
  expect([making.type, making.parent, making.area]).toEqual([type, parent, area]);
});

test("a_parent_that_stands_no_higher_is_let_go", async () => {
  const { making } = await begun(item(2, 12, [ABOVE]));
  making.chosen(12);
  expect(making.parent).toBeNull();
  making.chosen(13);
  expect(making.parent).toBeNull();
});

test("an_item_needs_a_title_and_its_making_can_be_taken_back", async () => {
  const { making, asked, deeds, taken } = await begun(item(1, 11));
  expect(await making.make()).toBeUndefined();
  expect([making.missed, making.open, asked.length]).toEqual([true, true, 0]);
  making.title = "Refunds";
  expect(await making.make()).toBe(99);
  expect(asked).toEqual([{ title: "Refunds", item_type: 12, parent_id: 1, area_id: null }]);
  expect([making.open, deeds.notice?.text]).toEqual([false, "Made “Refunds”"]);
  await deeds.undo();
  expect(taken).toEqual([{ id: 99 }]);
});
