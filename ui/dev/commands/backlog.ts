/**
 * The backlog over made-up items. In the address: `?items=10000` (0, 1, 100000 ...),
 * `&busy=2000` (something changes every so many ms), `&fail=backlog_open` (that command is refused).
 */
import type { Area, BacklogQuery, BacklogRow, Facet } from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { detailOf } from "./backlog/detail.ts";
import { edited } from "./backlog/edits.ts";
import {
  DEV_STATUSES,
  LEVELS,
  makeBacklog,
  STATUSES,
  type MockBacklog,
  type MockItem,
} from "./backlog/items.ts";

interface View {
  readonly rows: readonly {
    readonly id: number;
    readonly depth: number;
    readonly children: boolean;
    readonly expanded: boolean;
    readonly matched: boolean;
  }[];
  readonly version: number;
}

export interface State {
  readonly backlog: MockBacklog;
  readonly views: Map<number, View>;
  readonly undos: Map<number, Map<number, number>>;
  next: number;
}

const query = new URLSearchParams(location.search);
const failing = new Set((query.get("fail") ?? "").split(","));

export function stateOf({ world, changed }: Context): State {
  const kept = world.more.get("backlog") as State | undefined;
  if (kept) return kept;
  const state: State = {
    backlog: makeBacklog(Number(query.get("items") ?? 10_000)),
    views: new Map(),
    undos: new Map(),
    next: 1,
  };
  world.more.set("backlog", state);
  const busyMs = Number(query.get("busy") ?? 0);
  if (busyMs > 0)
    setInterval(() => {
      state.backlog.version += 1;
      changed("items");
    }, busyMs);
  return state;
}

function refuse(command: string): void {
  if (failing.has(command)) throw fail("database_corrupt");
}

function within(backlog: MockBacklog, area: number): Set<number> {
  const inside = new Set([area]);
  for (let grew = true; grew;) {
    grew = false;
    for (const one of backlog.areas)
      if (one.parent_id !== null && inside.has(one.parent_id) && !inside.has(one.id)) {
        inside.add(one.id);
        grew = true;
      }
  }
  return inside;
}

function key(item: MockItem, sort: BacklogQuery["sort"]): string | number | null {
  switch (sort) {
    case "key":
      return item.key === null ? null : Number(item.key.split("-")[1]);
    case "title":
      return item.title.toLowerCase();
    case "item_type":
      return item.type;
    case "status":
      return item.status.id;
    case "dev_status":
      return item.devStatus;
    case "importance":
      return item.importance?.id ?? null;
    case "dev_assignee":
      return item.devAssignee;
    case "story_points":
      return item.points;
    case "rank":
      return item.id;
  }
}

function outline(
  backlog: MockBacklog,
  asked: BacklogQuery,
): { rows: View["rows"]; matched: number } {
  const words = asked.search.toLowerCase().split(/\s+/).filter(Boolean);
  const area = asked.area_id === null ? null : within(backlog, asked.area_id);
  const levelOf = new Map(
    LEVELS.flatMap((level) => level.types.map((type) => [type.id, level.id])),
  );
  const matches = (item: MockItem) => {
    const full = `${item.title} ${item.key ?? ""}`.toLowerCase();
    return (
      words.every((word) => full.includes(word)) &&
      (asked.levels.length === 0 || asked.levels.includes(levelOf.get(item.type) ?? 0)) &&
      (asked.types.length === 0 || asked.types.includes(item.type)) &&
      (asked.statuses.length === 0 || asked.statuses.includes(item.status.id)) &&
      (asked.dev_statuses.length === 0 || asked.dev_statuses.includes(item.devStatus ?? "")) &&
      (area === null || area.has(item.area))
    );
  };
  const hits = new Set<number>();
  const kept = new Set<number>();
  for (const item of backlog.items) {
    if (backlog.gone.has(item.id) || !matches(item)) continue;
    hits.add(item.id);
    for (let at: MockItem | undefined = item; at && !kept.has(at.id);)
      at = (kept.add(at.id), at.parent === null ? undefined : backlog.byId.get(at.parent));
  }
  const named = new Set(asked.collapsed);
  const rows: View["rows"][number][] = [];
  const walk = (parent: number | null, depth: number) => {
    let ids = (backlog.children.get(parent) ?? []).filter((id) => kept.has(id));
    if (asked.sort !== "rank" || asked.descending) {
      const sign = asked.descending ? -1 : 1;
      ids = ids
        .map((id) => [id, key(backlog.byId.get(id) as MockItem, asked.sort)] as const)
        .sort(([, a], [, b]) =>
          a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -sign : sign,
        )
        .map(([id]) => id);
    }
    for (const id of ids) {
      const children = (backlog.children.get(id) ?? []).some((child) => kept.has(child));
      const expanded = children && named.has(id) === asked.collapse_all;
      rows.push({ id, depth, children, expanded, matched: hits.has(id) });
      if (expanded) walk(id, depth + 1);
    }
  };
  walk(null, 0);
  return { rows, matched: hits.size };
}

function withCounts(backlog: MockBacklog): Area[] {
  return backlog.areas.map((area) => {
    const inside = within(backlog, area.id);
    return { ...area, items: backlog.items.filter((item) => inside.has(item.area)).length };
  });
}

function checkName(backlog: MockBacklog, name: string, own?: number): void {
  if (name.trim() === "" || name.length > 100) throw fail("name_invalid");
  if (backlog.areas.some((area) => area.name === name && area.id !== own))
    throw fail("name_taken", { name });
}

function view(context: Context, id: number): View | undefined {
  return stateOf(context).views.get(id);
}

export const handlers: Handlers = {
  levels: () => structuredClone(LEVELS) as never,

  facets: (_args, context) => {
    const { items } = stateOf(context).backlog;
    const count = (test: (item: MockItem) => boolean) => items.filter(test).length;
    const facet = (
      id: number,
      name: string,
      colour: string | null,
      of: (item: MockItem) => boolean,
      icon: string | null = null,
    ): Facet => ({
      id,
      name,
      icon,
      colour,
      count: count(of),
    });
    return {
      levels: LEVELS.map((level) => {
        const types = level.types.map((t) =>
          facet(t.id, t.plural, t.colour, (item) => item.type === t.id, t.icon),
        );
        return {
          id: level.id,
          name: level.plural,
          count: types.reduce((sum, t) => sum + t.count, 0),
          types,
        };
      }),
      statuses: STATUSES.map((s) =>
        facet(s.id, s.name, s.colour, (item) => item.status.id === s.id),
      ),
      dev_statuses: DEV_STATUSES.map((name) => ({
        name,
        count: count((item) => item.devStatus === name),
      })),
      total: items.length,
    };
  },

  areas: (_args, context) => withCounts(stateOf(context).backlog),

  area_create: ({ name, parent_id }, context) => {
    const { backlog } = stateOf(context);
    checkName(backlog, name);
    const area = { id: Math.max(...backlog.areas.map((one) => one.id)) + 1, parent_id, name };
    backlog.areas = [...backlog.areas, area];
    return { ...area, items: 0 };
  },

  area_rename: ({ id, name }, context) => {
    const { backlog } = stateOf(context);
    checkName(backlog, name, id);
    backlog.areas = backlog.areas.map((area) => (area.id === id ? { ...area, name } : area));
    const renamed = withCounts(backlog).find((area) => area.id === id);
    if (!renamed) throw fail("not_found", { what: "product area" });
    return renamed;
  },

  backlog_open: (asked, context) => {
    refuse("backlog_open");
    const state = stateOf(context);
    const { rows, matched } = outline(state.backlog, asked);
    const id = state.next++;
    state.views.set(id, { rows, version: state.backlog.version });
    state.views.delete(id - 8);
    return { view: id, rows: rows.length, matched };
  },

  backlog_rows: ({ view: id, start, count }, context) => {
    refuse("backlog_rows");
    const { backlog } = stateOf(context);
    const opened = view(context, id);
    if (!opened) return { rows: [], stale: true };
    const rows = opened.rows.slice(start, start + count).map((row): BacklogRow => {
      const item = backlog.byId.get(row.id) as MockItem;
      return {
        id: row.id,
        depth: row.depth,
        has_children: row.children,
        expanded: row.expanded,
        matched: row.matched,
        title: item.title,
        item_type: item.type,
        key: item.key,
        status: item.status,
        dev_status: item.devStatus,
        importance: item.importance,
        dev_assignee: item.devAssignee,
        story_points: item.points,
        area_id: item.area,
      };
    });
    return { rows, stale: opened.version !== backlog.version };
  },

  backlog_ids: ({ view: id, start, count }, context) => ({
    ids: (view(context, id)?.rows ?? []).slice(start, start + count).map((row) => row.id),
  }),

  item: ({ id }, context) => {
    refuse("item");
    const { backlog } = stateOf(context);
    const item = backlog.byId.get(id);
    if (!item) throw fail("not_found", { what: "item" });
    return edited(context.world, detailOf(backlog, item));
  },

  items_move: ({ ids, area_id }, context) => {
    refuse("items_move");
    const state = stateOf(context);
    const before = new Map<number, number>();
    const walk = (id: number) => {
      const item = state.backlog.byId.get(id);
      if (!item) return;
      if (item.area !== area_id && !before.has(id)) before.set(id, item.area);
      item.area = area_id;
      for (const child of state.backlog.children.get(id) ?? []) walk(child);
    };
    for (const id of ids) walk(id);
    const undo = state.next++;
    state.undos.set(undo, before);
    state.backlog.version += 1;
    context.changed("items");
    return { moved: before.size, left: 0, undo };
  },

  items_move_undo: ({ id }, context) => {
    const state = stateOf(context);
    const before = state.undos.get(id);
    if (!before) throw fail("not_found", { what: "move" });
    for (const [item, area] of before) {
      const moved = state.backlog.byId.get(item);
      if (moved) moved.area = area;
    }
    state.undos.delete(id);
    state.backlog.version += 1;
    context.changed("items");
    return { moved: before.size, left: 0, undo: 0 };
  },
};
