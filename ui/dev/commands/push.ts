/**
 * Making items, and issues of items, in the made-up workspace. In the address: `&demands=1` (the project demands fields
 * that nothing fills in), `&fail=push_preview` or `push` (refused), `&unasked=1` (Jira cannot be
 * asked), `&refuses=1` (Jira makes none of them), `&there=1` (the issue of an item that is to get a new one is there).
 */
import type {
  CreateState,
  ErrorCode,
  FieldValue,
  PushLeftOut,
  PushQuestion,
  PushRow,
} from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { stateOf } from "./backlog.ts";
import { detailOf } from "./backlog/detail.ts";
import { edited, stepOf } from "./backlog/edits.ts";
import { STATUSES, type MockItem } from "./backlog/items.ts";

const query = new URLSearchParams(location.search);
const failing = new Set((query.get("fail") ?? "").split(","));
const demands = query.get("demands") === "1";
const unasked = query.get("unasked") === "1";
const refuses = query.get("refuses") === "1";

const TYPES = {
  epic: { id: "10000", name: "Epic" },
  story: { id: "10001", name: "Story" },
  bug: { id: "10002", name: "Bug" },
  task: { id: "10003", name: "Task" },
  sub: { id: "10004", name: "Sub-task" },
} as const;

/** Which of Jira's types each of the workspace's is mapped to; none for initiatives. */
const MAPPED: Readonly<Record<number, readonly { id: string; name: string }[]>> = {
  2: [TYPES.epic],
  3: [TYPES.story, TYPES.task],
  4: [TYPES.bug],
  5: [TYPES.task],
  6: [TYPES.story],
  7: [TYPES.story],
  8: [TYPES.sub],
};

interface Queued {
  readonly id: number;
  problem: { code: ErrorCode; detail: Record<string, string> } | null;
}

function queueOf({ world }: Context): Map<number, Queued> {
  const kept = world.more.get("push") as Map<number, Queued> | undefined;
  if (kept) return kept;
  const queue = new Map<number, Queued>();
  world.more.set("push", queue);
  return queue;
}

/** How far the making of an item's issue has come. */
export function createStateOf(context: Context, id: number): CreateState | null {
  const queue = queueOf(context);
  const queued = queue.get(id);
  if (!queued) return null;
  const { byId } = stateOf(context).backlog;
  const parent = byId.get(id)?.parent ?? null;
  return {
    integration_id: 1,
    unmade_id: queued.id,
    under_way: false,
    waits_for: parent !== null && queue.has(parent) ? (byId.get(parent)?.title ?? "") : null,
    problem: queued.problem,
    parked: queued.problem !== null,
  };
}

/** Makes what is queued, parents first; gives how many. */
export function makeQueued(context: Context): number {
  const { backlog } = stateOf(context);
  const queue = queueOf(context);
  const step = stepOf(context.world);
  let made = 0;
  for (const [id, queued] of queue) {
    const item = backlog.byId.get(id);
    if (!item) continue;
    if (item.parent !== null && queue.has(item.parent)) continue;
    if (refuses && item.type === 3) {
      const messages = "Summary: Summary must be less than 255 characters.";
      queued.problem = { code: "jira_rejected", detail: { messages } };
      if (!step.problems.some((one) => one.unmade_id === queued.id))
        step.problems.push({
          remote_id: "",
          unmade_id: queued.id,
          key: "",
          item_id: id,
          title: item.title,
          attempts: 1,
          next_at: null,
          problem: queued.problem,
        });
      continue;
    }
    item.key = `PLAT-${20_000 + id}`;
    item.devStatus = "To Do";
    queue.delete(id);
    made += 1;
  }
  backlog.version += 1;
  return made;
}

function written(context: Context, item: MockItem) {
  const detail = edited(context.world, detailOf(stateOf(context).backlog, item));
  const said: { name: string; value: FieldValue; beside: boolean }[] = [
    { name: "Summary", value: { type: "text", text: detail.title }, beside: false },
  ];
  for (const field of detail.fields)
    if (field.mapped_to !== null && field.value.type !== "none" && field.key !== "status")
      said.push({ name: field.mapped_to, value: field.value, beside: false });
  return said.slice(0, 8);
}

function rowOf(
  context: Context,
  item: MockItem,
  wanted: ReadonlySet<number>,
  anew: boolean,
): PushRow {
  const queue = queueOf(context);
  const types = MAPPED[item.type] ?? [];
  // An item that came apart from its issue gets another one.
  const key = anew && wanted.has(item.id) ? null : item.key;
  const refused = key
    ? "It has an issue already"
    : queue.has(item.id)
      ? "Its issue is waiting to be made already"
      : types.length === 0
        ? "Its type is mapped to none of this project"
        : null;
  const left: PushLeftOut[] = [];
  const parent = item.parent === null ? undefined : stateOf(context).backlog.byId.get(item.parent);
  if (parent?.type === 1)
    left.push({ name: "Parent", reason: "The parent's type is mapped to none of this project" });
  if (item.id % 3 === 0) left.push({ name: "Team", reason: "Jira has no choice “Team Borealis”" });
  return {
    item_id: item.id,
    depth: 0,
    title: item.title,
    item_type: item.type,
    taken_along: !wanted.has(item.id),
    refused,
    key,
    url: key && `https://acme.atlassian.net/browse/${key}`,
    create: createStateOf(context, item.id),
    remote_type: refused ? null : (types[0]?.id ?? null),
    types: refused ? [] : [...types],
    writes: refused ? [] : written(context, item),
    left_out: refused ? [] : left,
    asked: [],
  };
}

function rowsOf(context: Context, ids: readonly number[], anew = false): PushRow[] {
  const { backlog } = stateOf(context);
  const wanted = new Set(ids);
  const shown = new Map<number, PushRow>();
  for (const id of ids) {
    for (let at = backlog.byId.get(id); at; at = backlog.byId.get(at.parent ?? -1)) {
      if (shown.has(at.id)) break;
      const row = rowOf(context, at, wanted, anew);
      if (!wanted.has(at.id) && row.refused !== null) break;
      shown.set(at.id, row);
    }
  }
  const rows: PushRow[] = [];
  const add = (row: PushRow, depth: number) => {
    rows.push({ ...row, depth });
    for (const child of backlog.children.get(row.item_id) ?? []) {
      const below = shown.get(child);
      if (below) add(below, depth + 1);
    }
  };
  for (const [id, row] of shown) {
    const parent = backlog.byId.get(id)?.parent ?? null;
    if (parent === null || !shown.has(parent)) add(row, 0);
  }
  return rows;
}

function questionsOf(rows: readonly PushRow[]): PushQuestion[] {
  if (!demands) return [];
  const stories = rows.filter((row) => row.remote_type === TYPES.story.id);
  const all = rows.filter((row) => row.refused === null);
  const questions: PushQuestion[] = [];
  if (stories.length > 0)
    questions.push({
      remote_type: TYPES.story.id,
      type_name: "Story",
      field: "customfield_10201",
      name: "Cost centre",
      input: "text",
      choices: [],
      item_ids: stories.map((row) => row.item_id),
    });
  const [first] = all;
  if (first)
    questions.push({
      remote_type: first.remote_type ?? "",
      type_name: first.types[0]?.name ?? "",
      field: "components",
      name: "Components",
      input: "many",
      choices: [
        { id: "61", name: "Payments API" },
        { id: "62", name: "Web checkout" },
      ],
      item_ids: [first.item_id],
    });
  return questions;
}

export const handlers: Handlers = {
  item_create: ({ title, item_type, parent_id, area_id }, context) => {
    if (failing.has("item_create")) throw fail("disk_full");
    const { backlog } = stateOf(context);
    const parent = parent_id === null ? undefined : backlog.byId.get(parent_id);
    const item: MockItem = {
      id: backlog.items.length + 1,
      parent: parent_id,
      type: item_type,
      title: title.trim(),
      key: null,
      status: STATUSES[0] ?? { id: 1, name: "Open", colour: null },
      devStatus: null,
      importance: null,
      devAssignee: null,
      points: null,
      area: area_id ?? parent?.area ?? 1,
    };
    backlog.items.push(item);
    backlog.byId.set(item.id, item);
    const siblings = backlog.children.get(parent_id);
    if (siblings) siblings.push(item.id);
    else backlog.children.set(parent_id, [item.id]);
    backlog.version += 1;
    context.changed("items");
    return detailOf(backlog, item);
  },

  item_create_undo: ({ id }, context) => {
    const { backlog } = stateOf(context);
    const item = backlog.byId.get(id);
    if (!item) throw fail("not_found", { what: "item" });
    if (item.key ?? queueOf(context).has(id)) throw fail("edit_overtaken");
    backlog.byId.delete(id);
    backlog.items.splice(backlog.items.indexOf(item), 1);
    const siblings = backlog.children.get(item.parent) ?? [];
    siblings.splice(siblings.indexOf(id), 1);
    backlog.version += 1;
    context.changed("items");
    return {};
  },

  push_preview: ({ item_ids, integration_id, refresh, anew }, context) => {
    if (failing.has("push_preview")) throw fail("jira_unavailable", { status: "503" });
    const own =
      anew && query.get("there") === "1"
        ? stateOf(context).backlog.byId.get(item_ids[0] ?? 0)
        : undefined;
    if (own) throw fail("issue_there", { key: own.key ?? "" });
    const through = context.world.integrations.find((one) => one.id === (integration_id ?? 1));
    if (!through) throw fail("not_found", { what: "integration" });
    const rows = rowsOf(context, item_ids, anew);
    return {
      integration_id: through.id,
      integration_name: through.name,
      project_key: through.project_key,
      rows,
      count: rows.filter((row) => row.refused === null).length,
      questions: questionsOf(rows),
      unasked: unasked && refresh ? { code: "jira_unavailable", detail: { status: "503" } } : null,
    };
  },

  push: ({ item_ids, answers, anew }, context) => {
    if (failing.has("push")) throw fail("disk_full");
    const rows = rowsOf(context, item_ids, anew).filter((row) => row.refused === null);
    if (rows.length === 0) throw fail("push_refused");
    const open = questionsOf(rows).filter(
      (question) => !answers.some((answer) => answer.field === question.field),
    );
    if (open.length > 0)
      throw fail("fields_required", { fields: open.map((one) => one.name).join(", ") });
    for (const row of rows)
      queueOf(context).set(row.item_id, { id: context.world.nextId++, problem: null });
    context.changed("items", "sync");
    return { integration_id: 1, item_ids: rows.map((row) => row.item_id) };
  },

  push_cancel: ({ id }, context) => {
    const queue = queueOf(context);
    if (!queue.has(id)) throw fail("not_found", { what: "push" });
    const { children } = stateOf(context).backlog;
    let count = 0;
    const drop = (one: number) => {
      if (queue.delete(one)) count += 1;
      for (const child of children.get(one) ?? []) drop(child);
    };
    drop(id);
    context.changed("items", "sync");
    return { count };
  },
};
