/** Editing, and keeping in step, in the made-up workspace. `&fail=sync_now` refuses that command. */
import type {
  Conflict,
  ConflictField,
  EditValue,
  FieldValue,
  ItemDetail,
  RichSource,
} from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { stateOf } from "./backlog.ts";
import { createStateOf, makeQueued } from "./push.ts";
import { detailOf, refOf } from "./backlog/detail.ts";
import {
  edited,
  isEditable,
  keptValue,
  optionsOf,
  peopleOf,
  stepOf,
  valueIn,
} from "./backlog/edits.ts";
import { blocksOf, EMPTY, OVERTAKING, WRITTEN } from "./backlog/rich.ts";

const given = new URLSearchParams(location.search);
const rich = new Set((given.get("rich") ?? "").split(","));
const failing = new Set((given.get("fail") ?? "").split(","));
/** How long a cycle takes. */
const CYCLE_MS = 900;

function detail(context: Context, id: number): ItemDetail {
  const { backlog } = stateOf(context);
  const item = backlog.byId.get(id);
  if (!item) throw fail("not_found", { what: "item" });
  return edited(context.world, detailOf(backlog, item));
}

/** Sets a value, and what the list shows of it. */
function set(context: Context, id: number, field: string, value: FieldValue): void {
  const { backlog } = stateOf(context);
  const step = stepOf(context.world);
  const own = step.values.get(id) ?? new Map<string, FieldValue>();
  step.values.set(id, own.set(field, value));
  const item = backlog.byId.get(id);
  if (!item) return;
  const [option] = value.type === "options" ? value.options : [];
  if (field === "title" && value.type === "text") item.title = value.text;
  if (field === "importance") item.importance = option ?? null;
  if (field === "status" && option) item.status = option;
  if (field === "story_points") item.points = value.type === "number" ? value.number : null;
  if (field === "dev_assignee")
    item.devAssignee = value.type === "people" ? (value.names[0] ?? null) : null;
  backlog.version += 1;
}

function change(context: Context, id: number, field: string, after: FieldValue): number | null {
  const step = stepOf(context.world);
  const before = valueIn(detail(context, id), field).value;
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  set(context, id, field, after);
  const now = detail(context, id);
  const mapped =
    field === "title" || now.fields.some((one) => one.key === field && one.mapped_to !== null);
  if (now.link && mapped) {
    const unsent = step.unsent.get(id) ?? new Set<string>();
    step.unsent.set(id, unsent.add(field));
  }
  const entry = step.next++;
  step.journal.set(entry, { item: id, field, before, after });
  context.changed("items", "sync");
  return entry;
}

/** Makes an item part of another one, or of none. */
function moveBelow(context: Context, id: number, after: number | null): number | null {
  const { backlog } = stateOf(context);
  const step = stepOf(context.world);
  const item = backlog.byId.get(id);
  if (!item) throw fail("not_found", { what: "item" });
  const before = item.parent;
  if (before === after) return null;
  const siblings = backlog.children.get(before) ?? [];
  backlog.children.set(
    before,
    siblings.filter((one) => one !== id),
  );
  backlog.children.set(after, [...(backlog.children.get(after) ?? []), id]);
  item.parent = after;
  backlog.version += 1;
  if (item.key !== null) step.unsent.set(id, (step.unsent.get(id) ?? new Set()).add("parent"));
  const entry = step.next++;
  const named = (parent: number | null): FieldValue =>
    parent === null ? { type: "none" } : { type: "number", number: parent };
  step.journal.set(entry, {
    item: id,
    field: "parent",
    before: named(before),
    after: named(after),
  });
  context.changed("items", "sync");
  return entry;
}

const RELATIONS = {
  blocks: "blocks",
  blocked_by: "is blocked by",
  relates_to: "relates to",
} as const;

/** Dependencies as they are shown, with one more or less. */
function dependencies(
  context: Context,
  held: FieldValue,
  { item_id, relation, there }: Extract<EditValue, { type: "dependency" }>,
): FieldValue {
  const other = stateOf(context).backlog.byId.get(item_id);
  const words = RELATIONS[relation];
  const kept = (held.type === "references" ? held.references : []).filter(
    (one) => one.item.id !== item_id || one.relation !== words,
  );
  const references = there && other ? [...kept, { item: refOf(other), relation: words }] : kept;
  return references.length === 0 ? { type: "none" } : { type: "references", references };
}

/** The text of a field as it is edited. `&rich=wiki`: as on Data Center. */
function sourceOf(context: Context, id: number, field: string): RichSource {
  const format = rich.has("wiki") ? "wiki" : "adf";
  const { value } = valueIn(detail(context, id), field);
  const written = stepOf(context.world).texts.get(`${String(id)} ${field}`);
  return { format, source: value.type === "none" ? EMPTY[format] : (written ?? WRITTEN[format]) };
}

/** Keeps a text, if nobody was quicker. `&rich=overtaken`: somebody is, the first time. */
function takeText(
  context: Context,
  id: number,
  field: string,
  { format, source, was }: Extract<EditValue, { type: "rich" }>,
): void {
  const { texts } = stepOf(context.world);
  const name = `${String(id)} ${field}`;
  if (rich.delete("overtaken")) {
    const newer = { format, source: OVERTAKING[format] };
    texts.set(name, newer.source);
    set(context, id, field, { type: "rich_text", blocks: blocksOf(newer) });
    context.changed("items");
  }
  if (sourceOf(context, id, field).source !== was) throw fail("edit_overtaken");
  texts.set(name, source);
}

export const handlers: Handlers = {
  rich_source: ({ item_id, field }, context) => {
    if (failing.has("rich_source")) throw fail("database_corrupt");
    return sourceOf(context, item_id, field);
  },

  rich_preview: (source) => ({ blocks: blocksOf(source) }),

  item_edit: (
    { item_id, field, value }: { item_id: number; field: string; value: EditValue },
    context,
  ) => {
    if (failing.has("item_edit")) throw fail("disk_full");
    if (field === "parent") {
      const undo = moveBelow(context, item_id, value.type === "item" ? value.id : null);
      return { item: detail(context, item_id), undo };
    }
    const { kind, value: held } = valueIn(detail(context, item_id), field);
    if (value.type === "dependency") {
      const undo = change(context, item_id, field, dependencies(context, held, value));
      return { item: detail(context, item_id), undo };
    }
    if (value.type === "rich") takeText(context, item_id, field, value);
    const undo = change(context, item_id, field, keptValue(field, kind, value));
    return { item: detail(context, item_id), undo };
  },

  item_edit_undo: ({ id }, context) => {
    const entry = stepOf(context.world).journal.get(id);
    if (!entry) throw fail("not_found", { what: "edit" });
    if (entry.field === "parent") {
      const { before } = entry;
      const to = before.type === "number" ? before.number : null;
      const undo = moveBelow(context, entry.item, to);
      return { item: detail(context, entry.item), undo };
    }
    const { value } = valueIn(detail(context, entry.item), entry.field);
    if (JSON.stringify(value) !== JSON.stringify(entry.after)) throw fail("edit_overtaken");
    const undo = change(context, entry.item, entry.field, entry.before);
    return { item: detail(context, entry.item), undo };
  },

  item_sync: ({ id }, context) => {
    const { unsent, conflicts, problems } = stepOf(context.world);
    const waiting = conflicts.filter((one) => one.item_id === id).map((one) => one.field);
    return {
      unsent: [...(unsent.get(id) ?? [])].filter((field) => !waiting.includes(field)),
      conflicts: waiting,
      problem:
        problems.find((one) => one.item_id === id && one.unmade_id === null)?.problem ?? null,
      create: createStateOf(context, id),
    };
  },

  field_choices: ({ field }, context) => {
    const [some] = stateOf(context).backlog.items;
    if (!some) throw fail("not_found", { what: "field" });
    const { kind } = valueIn(detail(context, some.id), field);
    return {
      options: optionsOf(field),
      people: peopleOf(kind),
      editable: isEditable(field),
    };
  },

  sync_now: async (_args, context) => {
    if (failing.has("sync_now")) throw fail("jira_unavailable", { status: "503" });
    if (context.world.scene === "broken") throw fail("connection_stopped");
    await context.wait(CYCLE_MS);
    const step = stepOf(context.world);
    const blocked = new Set(step.problems.map((one) => one.item_id));
    const sent = [...step.unsent.keys()].filter((id) => !blocked.has(id));
    const made = makeQueued(context);
    for (const id of sent) step.unsent.delete(id);
    context.changed("items", "sync");
    return {
      heard: 0,
      created: 0,
      updated: 0,
      sent: sent.length,
      made,
      waiting: step.problems.length,
      parked: step.problems.filter((one) => one.next_at === null).length,
      conflicts: step.conflicts.length,
      severed: 0,
      asked: 0,
    };
  },

  conflicts: ({ field, item_id }, context) => {
    if (failing.has("conflicts")) throw fail("database_corrupt");
    return stepOf(context.world).conflicts.filter(
      (one) =>
        (field === null || one.field === field) && (item_id === null || one.item_id === item_id),
    );
  },

  // `&beyond=1430`: there are so many more of the first field than are shown.
  conflict_fields: (_args, context) => {
    const counts = new Map<string, ConflictField>();
    for (const { field, field_name: name } of stepOf(context.world).conflicts) {
      const more = counts.size === 0 ? Number(given.get("beyond") ?? 0) : 0;
      const count = (counts.get(field)?.count ?? more) + 1;
      counts.set(field, { field, name, count });
    }
    return [...counts.values()];
  },

  conflict_resolve: ({ item_id, field, winner }, context) => {
    const step = stepOf(context.world);
    const found = step.conflicts.find((one) => one.item_id === item_id && one.field === field);
    if (!found) throw fail("not_found", { what: "conflict" });
    step.conflicts = step.conflicts.filter((one) => one !== found);
    if (winner === "jira") set(context, item_id, field, found.there);
    else {
      const unsent = step.unsent.get(item_id) ?? new Set<string>();
      step.unsent.set(item_id, unsent.add(field));
    }
    context.changed("items", "sync");
    return {};
  },

  conflicts_resolve: async ({ some, winner }, context) => {
    const step = stepOf(context.world);
    const named = step.conflicts.filter((one) =>
      some?.some((of) => of.item_id === one.item_id && of.field === one.field),
    );
    // A value of Jira's that stands for nothing here.
    const stuck = winner === "jira" && named.length > 1 ? named.slice(0, 1) : [];
    const decided = named.filter((one) => !stuck.includes(one));
    await context.wait(150);
    context.world.more.set("decided", { before: step.conflicts, count: decided.length });
    step.conflicts = step.conflicts.filter((one) => !decided.includes(one));
    for (const { item_id, field, there } of decided)
      if (winner === "jira") set(context, item_id, field, there);
    context.changed("items", "sync");
    return {
      decided: decided.length,
      left: stuck.map(({ item_id, title, key, field, field_name }) => ({
        item_id,
        title,
        key,
        field,
        field_name,
        problem: { code: "edit_refused", detail: { reason: "nothing here stands for it" } },
      })),
      undo: decided.length > 0 ? 1 : null,
    };
  },

  conflicts_resolve_undo: (_args, context) => {
    const { before, count } = context.world.more.get("decided") as {
      before: Conflict[];
      count: number;
    };
    stepOf(context.world).conflicts = before;
    context.changed("items", "sync");
    return { undone: count, kept: 0 };
  },

  sync_problems: ({ integration_id }, context) => {
    if (failing.has("sync_problems")) throw fail("database_corrupt");
    return integration_id === 1 ? stepOf(context.world).problems : [];
  },

  choice_create: ({ integration_id, remote_id }, context) => {
    if (failing.has("choice_create"))
      throw fail("permission_missing", { permission: "Administer Projects" });
    const step = stepOf(context.world);
    const found = step.problems.find((one) => one.remote_id === remote_id);
    const { code, detail } = found?.problem ?? {};
    if (integration_id !== 1 || code !== "choice_missing") throw fail("not_found", { what: "it" });
    step.problems = step.problems.map((one) =>
      one.problem.detail.name === detail?.name
        ? { ...one, next_at: new Date().toISOString() }
        : one,
    );
    context.changed("sync");
    return { name: detail?.name ?? "" };
  },

  // As in the engine, a problem goes only when the next cycle has tried again.
  sync_retry: ({ integration_id, remote_ids, unmade_ids }, context) => {
    const step = stepOf(context.world);
    if (integration_id === 1)
      step.problems = step.problems.map((one) =>
        remote_ids === null ||
        remote_ids.includes(one.remote_id) ||
        (one.unmade_id !== null && unmade_ids.includes(one.unmade_id))
          ? { ...one, next_at: new Date().toISOString() }
          : one,
      );
    context.changed("sync");
    return {};
  },
};
