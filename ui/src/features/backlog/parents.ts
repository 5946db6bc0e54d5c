import type { ItemType } from "@/api/bindings.ts";
import { call } from "@/api/client.ts";
import type { Option } from "@/design/option.ts";
import type { Catalog } from "./catalog.svelte.ts";
import { iconOf } from "./looks.ts";
import { NO_FILTERS, toQuery, UNFOLDED } from "./query.ts";

/** How many items are offered as a parent. */
const OFFERED_MAX = 50;

/** Depth of a type's level, counted from the top; -1 for a type that nobody knows. */
export function depthOf(catalog: Catalog, type: number): number {
  return catalog.levels.findIndex((level) => level.types.some((one) => one.id === type));
}

/** The levels on which an item of a type finds what it can be part of. */
export function levelsAbove(catalog: Catalog, type: number): number[] {
  const own = Math.max(depthOf(catalog, type), 0);
  return catalog.levels.slice(0, own).map((level) => level.id);
}

/** Items that one of a type can be part of, whose title or key has the words. */
export async function findParents(
  catalog: Catalog,
  type: number,
  words: string,
): Promise<readonly Option<number>[]> {
  const levels = levelsAbove(catalog, type);
  if (levels.length === 0) return [];
  const query = toQuery({ ...NO_FILTERS, search: words, levels }, UNFOLDED);
  const view = await call("backlog_open", query);
  const { rows } = await call("backlog_rows", { view: view.view, start: 0, count: 200 });
  return rows
    .filter((row) => row.matched)
    .slice(0, OFFERED_MAX)
    .map((row) => parentOption(catalog, row.id, row.title, row.item_type, row.key));
}

/** An item as it is offered, its type among the words by which it is told apart. */
export function parentOption(
  catalog: Catalog,
  id: number,
  title: string,
  type: number,
  key: string | null,
): Option<number> {
  const known: ItemType | undefined = catalog.type(type);
  return {
    value: id,
    label: title,
    keywords: String(type),
    ...(known ? { icon: iconOf(known.icon) } : {}),
    ...(key === null ? {} : { kind: key }),
  };
}
