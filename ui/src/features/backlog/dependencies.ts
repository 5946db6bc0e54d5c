import type { ItemRelation } from "@/api/bindings.ts";
import { call } from "@/api/client.ts";
import type { Option } from "@/design/option.ts";
import type { Catalog } from "./catalog.svelte.ts";
import { parentOption } from "./parents.ts";
import { NO_FILTERS, toQuery, UNFOLDED } from "./query.ts";

/** The word for fields that hold other items. */
export const DEPENDENCIES = "Dependencies";

/** How many items are offered. */
const OFFERED_MAX = 50;

/** What an item can be to another one, with the words in which it is shown. */
export const RELATIONS: readonly { readonly value: ItemRelation; readonly label: string }[] = [
  { value: "blocked_by", label: "Is blocked by" },
  { value: "blocks", label: "Blocks" },
  { value: "relates_to", label: "Relates to" },
];

/** The other end of a dependency, and what this item is to it. */
export interface End {
  readonly item_id: number;
  readonly relation: ItemRelation;
}

/** What words of a field say, as it is told to the engine; nothing for what is not edited here. */
export function relationOf(words: string): ItemRelation | undefined {
  return RELATIONS.find(({ label }) => label.toLowerCase() === words)?.value;
}

/** Where those of a relation stand among the others. */
export function rankOf(words: string): number {
  return RELATIONS.findIndex(({ label }) => label.toLowerCase() === words);
}

/** Items whose title or key has the words, but for one. */
export async function findItems(
  catalog: Catalog,
  words: string,
  but: number,
): Promise<readonly Option<number>[]> {
  const query = toQuery({ ...NO_FILTERS, search: words }, UNFOLDED);
  const view = await call("backlog_open", query);
  const { rows } = await call("backlog_rows", { view: view.view, start: 0, count: 200 });
  return rows
    .filter((row) => row.matched && row.id !== but)
    .slice(0, OFFERED_MAX)
    .map((row) => parentOption(catalog, row.id, row.title, row.item_type, row.key));
}
