import BacklogIcon from "@lucide/svelte/icons/list-tree";
import { call } from "@/api/client.ts";
import { navigate, registerFinder, writePlace, type Action, type Feature } from "@/shell/kit.ts";
import BacklogScreen from "./BacklogScreen.svelte";
import { NO_FILTERS, toQuery, UNFOLDED } from "./query.ts";

/** How many items the palette lists. */
const FOUND_MAX = 8;

/** Items by title or key, for the command palette. */
async function find(text: string): Promise<readonly Action[]> {
  const view = await call("backlog_open", toQuery({ ...NO_FILTERS, search: text }, UNFOLDED));
  const { rows } = await call("backlog_rows", { view: view.view, start: 0, count: 60 });
  return rows
    .filter((row) => row.matched)
    .slice(0, FOUND_MAX)
    .map((row) => ({
      id: `backlog.item.${row.id}`,
      title: row.key ? `${row.key}  ${row.title}` : row.title,
      group: "Items",
      icon: BacklogIcon,
      run: () => {
        navigate(writePlace(["backlog", String(row.id)]));
      },
    }));
}

export const feature: Feature = {
  id: "backlog",
  title: "Backlog",
  icon: BacklogIcon,
  route: "/backlog",
  component: BacklogScreen,
  start: () => registerFinder({ group: "Items", find }),
};
