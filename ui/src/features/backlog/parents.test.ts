import { expect, test } from "vitest";
import type { EditArgs, ItemDetail } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { Deeds } from "./deeds.svelte.ts";

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
