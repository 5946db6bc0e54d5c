/**
 * Step 7: an import of 1,284 made-up issues that takes some seconds. In the address, where it stands to begin
 * with: `&import=listing|reading|planned|applying|limited|undoing|done|failing|cancelled|undone`,
 * `paused-listing|paused-reading|paused|paused-undoing`, `stuck` (the token has expired), `none` (no issue
 * matches). The filter `nonsense` is refused.
 */
import type { ApiError, PlanAction, PlanRow, Run, RunState } from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { MADE_AT } from "../world.ts";

const FOUND = 1284;
const TICK_MS = 250;
const STEP = 40;
const TYPES = ["Epic", "Story", "Task", "Bug", "Spike"] as const;
const TITLES = [
  "Show the age of the queue on the dashboard",
  "請求書のエクスポートを日本語とアラビア語で提供する",
  "ייצוא חשבוניות בעברית",
  "A title that goes on and on because somebody pasted the whole of an e-mail into the field where only a few words were meant to stand",
];
const PARENT = "Its parent is not in the filter, so it stands at the top";
const UNMAPPED = "Spike is not mapped to any type here";

const mode = () => new URLSearchParams(location.search).get("import");

const ROWS: readonly PlanRow[] = Array.from({ length: FOUND }, (_, i) => {
  const remote_type = TYPES[i % TYPES.length] ?? "Task";
  const action: PlanAction =
    remote_type === "Spike"
      ? "skip"
      : i % 17 === 0
        ? "update"
        : i % 13 === 0
          ? "unchanged"
          : "create";
  const outside = action === "create" && i % 7 === 0;
  return {
    seq: i + 1,
    key: `PLAT-${String(FOUND - i)}`,
    title: TITLES[i % TITLES.length] ?? "",
    remote_type,
    item_type: action === "skip" ? null : 1,
    action,
    reason: action === "skip" ? "type_not_mapped" : outside ? "parent_outside_scope" : null,
    reason_text: action === "skip" ? UNMAPPED : outside ? PARENT : null,
    outcome: null,
    url: `https://acme.atlassian.net/browse/PLAT-${String(FOUND - i)}`,
    item_id: null,
  };
});
const count = (action: PlanAction) => ROWS.filter((row) => row.action === action).length;
const NONE: Run["counts"] = {
  found: 0,
  create: 0,
  update: 0,
  unchanged: 0,
  skip: 0,
  conflicts: 0,
  created: 0,
  updated: 0,
  failed: 0,
  undone: 0,
};
const PLAN: Run["counts"] = {
  ...NONE,
  found: FOUND,
  create: count("create"),
  update: count("update"),
  unchanged: count("unchanged"),
  skip: count("skip"),
};
const WRITES = PLAN.create + PLAN.update;
const FAILED_SEQS: ReadonlySet<number> = new Set([2, 4, 8]);

let run: Run | undefined;

function make(state: RunState, part: Partial<Run> = {}): Run {
  return {
    id: (run?.id ?? 0) + 1,
    integration_id: 1,
    integration_name: "Platform",
    state,
    resumes: null,
    done: 0,
    total: FOUND,
    rate_per_s: null,
    seconds_left: null,
    counts: PLAN,
    started_at: MADE_AT,
    ended_at: null,
    problem: null,
    undoable: false,
    ...part,
  };
}

function first(): Run | undefined {
  const written = { ...PLAN, created: PLAN.create, updated: PLAN.update };
  const half = { done: 512, total: WRITES, counts: { ...PLAN, created: 480, updated: 32 } };
  const back = { done: 512, total: WRITES, counts: { ...written, undone: 512 } };
  const reading = { done: 640, counts: { ...NONE, found: FOUND } };
  const ended = { ended_at: MADE_AT, undoable: true };
  const pace = { rate_per_s: 38, seconds_left: 15 };
  const paused = (resumes: RunState, part: Partial<Run>) => make("paused", { resumes, ...part });
  const problem = (code: ApiError["code"], detail = {}) => ({ problem: { code, detail } });
  switch (mode()) {
    case "listing":
      return make("listing", { done: 400, total: null, counts: NONE });
    case "reading":
      return make("reading", { ...reading, ...pace });
    case "planned":
      return make("planned");
    case "applying":
      return make("applying", { ...half, ...pace });
    case "limited":
      return make("reading", { ...reading, ...problem("rate_limited", { retry_after_s: "30" }) });
    case "undoing":
      return make("undoing", { ...back, ...pace });
    case "paused-listing":
      return paused("listing", { done: 400, total: null, counts: NONE });
    case "paused-reading":
      return paused("reading", reading);
    case "paused":
      return paused("applying", half);
    case "paused-undoing":
      return paused("undoing", back);
    case "stuck":
      return paused("applying", { ...half, ...problem("credentials_expired") });
    case "done":
      return make("done", { counts: written, ...ended });
    case "failing":
      return make("done", {
        counts: { ...written, created: PLAN.create - FAILED_SEQS.size, failed: FAILED_SEQS.size },
        ...ended,
      });
    case "cancelled":
      return make("cancelled", { ...half, ...ended });
    case "undone":
      return make("undone", { counts: { ...written, undone: WRITES }, ended_at: MADE_AT });
    default:
      return undefined;
  }
}

const now = () => (run ??= first());

function need(): Run {
  const found = now();
  if (!found) throw fail("not_found", { what: "run" });
  return found;
}

function set(part: Partial<Run>, { emit }: Context): Run {
  run = { ...need(), ...part };
  emit({ type: "run", run });
  return run;
}

/** What has become of a row by now. */
function outcomeOf(row: PlanRow): PlanRow["outcome"] {
  const { state, counts } = need();
  if (state === "undone") return row.action === "skip" ? "skipped" : "undone";
  if (state !== "done" && state !== "cancelled") return null;
  if (counts.failed > 0 && FAILED_SEQS.has(row.seq)) return "failed";
  if (state === "cancelled" && row.seq > FOUND / 2) return null;
  return row.action === "skip" ? "skipped" : "applied";
}

/** Goes on until the phase ends or somebody stops it. */
async function drive(state: RunState, context: Context): Promise<void> {
  while (need().state === state) {
    await context.wait(TICK_MS);
    const { done, total, counts } = need();
    if (need().state !== state) return;
    const next = Math.min(done + STEP, total ?? FOUND);
    if (next === total) {
      if (state === "reading") set({ state: "planned", counts: PLAN, done: 0 }, context);
      else if (state === "applying")
        set({ state: "done", undoable: true, ended_at: new Date().toISOString() }, context);
      else set({ state: "undone", undoable: false }, context);
      context.changed("runs", "items", "integrations");
      return;
    }
    const rate_per_s = (STEP * 1000) / TICK_MS;
    const moved =
      state === "applying"
        ? { created: Math.min(next, PLAN.create), updated: Math.max(next - PLAN.create, 0) }
        : state === "undoing"
          ? { undone: next }
          : {};
    set(
      {
        done: next,
        rate_per_s,
        seconds_left: Math.ceil(((total ?? FOUND) - next) / rate_per_s),
        counts: { ...counts, ...moved },
      },
      context,
    );
  }
}

function begin(state: RunState, part: Partial<Run>, context: Context): Run {
  const begun = set({ state, resumes: null, problem: null, ...part }, context);
  void drive(state, context);
  return begun;
}

export const handlers: Handlers = {
  scope_check: ({ jql, include_closed }) => {
    const parts = ['project = "PLAT"', jql, include_closed ? "" : "statusCategory != Done"];
    const effective_jql = parts
      .filter(Boolean)
      .map((part) => `(${part})`)
      .join(" AND ");
    if (jql.includes("nonsense"))
      return {
        ok: false,
        errors: ["Field 'nonsense' does not exist or you do not have permission to view it."],
        count: null,
        exact: false,
        histogram: [],
        effective_jql,
      };
    const share = mode() === "none" ? 0 : include_closed ? 1 : 0.6;
    const ages = { "Last 7 days": 41, "8 to 30 days": 160, "1 to 3 months": 402, Older: 681 };
    return {
      ok: true,
      errors: [],
      count: Math.round(FOUND * share),
      exact: share === 0,
      histogram: Object.entries(ages).map(([label, issues]) => ({
        label,
        count: Math.round(issues * share),
      })),
      effective_jql,
    };
  },
  scope_save: ({ integration_id, jql, include_closed, area_id }, { world, changed }) => {
    const integration = world.integrations.find((one) => one.id === integration_id);
    if (!integration) throw fail("not_found", { what: "integration" });
    Object.assign(integration, { jql, include_closed, area_id });
    changed("integrations");
    return integration;
  },
  import_plan: ({ integration_id }, context) => {
    run = make("reading", { integration_id, counts: NONE });
    return begin("reading", {}, context);
  },
  import_apply: (_, context) => begin("applying", { done: 0, total: WRITES }, context),
  import_pause: (_, context) =>
    set({ state: "paused", resumes: need().state, rate_per_s: null }, context),
  import_resume: (_, context) => begin(need().resumes ?? "reading", {}, context),
  import_cancel: (_, context) => {
    const { created, updated } = need().counts;
    const undoable = created + updated > 0;
    return set({ state: "cancelled", undoable, ended_at: new Date().toISOString() }, context);
  },
  import_undo: (_, context) => begin("undoing", { done: 0, total: WRITES }, context),
  run: () => need(),
  runs: ({ integration_id }) => {
    const found = now();
    return found?.integration_id === integration_id ? [found] : [];
  },
  plan_summary: () => {
    const keys = [...new Set(ROWS.map((r) => `${r.action}|${r.reason ?? ""}|${r.remote_type}`))];
    return {
      groups: keys.flatMap((key) => {
        const rows = ROWS.filter((r) => `${r.action}|${r.reason ?? ""}|${r.remote_type}` === key);
        const [one] = rows;
        if (!one) return [];
        const { action, reason, reason_text, remote_type } = one;
        return [{ action, reason, reason_text, remote_type, count: rows.length }];
      }),
    };
  },
  plan_rows: ({ action, outcome, reason, remote_type, search, offset, limit }) => {
    const words = (search ?? "").toLowerCase();
    const rows = ROWS.map((row) => ({ ...row, outcome: outcomeOf(row) }))
      .filter(
        (row) =>
          (action === null || row.action === action) &&
          (outcome === null || row.outcome === outcome) &&
          (reason === null || row.reason === reason) &&
          (remote_type === null || row.remote_type === remote_type) &&
          `${row.key} ${row.title}`.toLowerCase().includes(words),
      )
      .map((row) =>
        row.outcome === "failed" ? { ...row, reason_text: "Gone from Jira, or hidden" } : row,
      );
    return { total: rows.length, rows: rows.slice(offset, offset + limit) };
  },
  plan_row: ({ seq }) => {
    const row = ROWS[seq - 1];
    if (!row) throw fail("not_found", { what: "row" });
    const before = row.action === "update" ? "An older title" : null;
    const fields =
      row.action === "create" || row.action === "update"
        ? [
            { name: "Title", before, after: row.title, conflict: false },
            { name: "Importance", before: before && "Low", after: "High", conflict: !!before },
          ]
        : [];
    return {
      row: { ...row, outcome: outcomeOf(row) },
      fields,
      notes: row.reason === "parent_outside_scope" ? [PARENT] : [],
    };
  },
};
