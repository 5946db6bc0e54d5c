/**
 * What is disconnected in the made-up workspace. `&asked=1` has a question about unusually many pairs;
 * `&fail=disconnected` refuses that command.
 */
import type {
  AbsentPair,
  ComparedField,
  Comparison,
  Disconnected,
  FieldValue,
  IssueLook,
  IssueMatch,
  OutOfScope,
  SeveredCount,
  SeveredPair,
  SeverQuestion,
  SeverReason,
} from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import type { World } from "../world.ts";
import { stateOf } from "./backlog.ts";

const query = new URLSearchParams(location.search);
const failing = new Set((query.get("fail") ?? "").split(","));

interface State {
  pairs: SeveredPair[];
  absent: AbsentPair[];
  questions: SeverQuestion[];
  policies: Map<number, OutOfScope>;
  deletions: Map<number, number[]>;
  unlinked: Map<number, SeveredPair>;
  next: number;
}

function state(world: World): State {
  const kept = world.more.get("disconnected") as State | undefined;
  if (kept) return kept;
  const full = world.scene === "full" || world.scene === "broken";
  const made: State = {
    pairs: full ? makePairs() : [],
    absent: full ? makeAbsent() : [],
    questions: full && query.has("asked") ? [makeQuestion()] : [],
    policies: new Map(),
    deletions: new Map(),
    unlinked: new Map(),
    next: 900,
  };
  world.more.set("disconnected", made);
  return made;
}

const KESSAI = "決済プラットフォーム刷新プロジェクト（二〇二七年度）";

function makePairs(): SeveredPair[] {
  const one = (
    id: number,
    title: string,
    reason: SeverReason,
    at: string | null,
    part: Partial<SeveredPair> = {},
  ): SeveredPair => ({
    link_id: 500 + id,
    item_id: id,
    item_type: 3,
    title,
    item_gone: reason === "deleted_here",
    integration_id: 1,
    integration_name: "Platform",
    key: `PLAT-${String(100 + id)}`,
    url: `https://acme.atlassian.net/browse/PLAT-${String(100 + id)}`,
    connection_gone: false,
    reason,
    severed_at: at,
    dismissed: false,
    ...part,
  });
  return [
    one(21, "Stop losing failed direct debits", "deleted_there", "2026-11-23T09:12:00Z"),
    one(22, "チェックアウトでの追加認証に対応する", "moved_away", "2026-11-23T07:40:00Z"),
    one(23, "Export audit entries older than a year", "deleted_here", "2026-11-22T16:05:00Z"),
    one(
      24,
      "Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung grundlegend vereinfachen und dokumentieren",
      "out_of_scope",
      "2026-11-21T11:30:00Z",
    ),
    one(25, "הוספת אימות דו־שלבי למסך התשלום", "by_hand", "2026-11-20T08:00:00Z"),
    one(26, "Speed up the monthly close report", "no_permission", "2026-11-18T13:22:00Z", {
      integration_id: 2,
      integration_name: KESSAI,
      key: "KESSAI-4711",
      url: "https://jira.intern.example/browse/KESSAI-4711",
    }),
    one(27, "Warn about webhook deliveries", "connection_removed", null, {
      integration_id: null,
      integration_name: "",
      key: "OLD-9",
      url: "https://old.example/browse/OLD-9",
      connection_gone: true,
    }),
  ];
}

function makeAbsent(): AbsentPair[] {
  const one = (id: number, title: string, part: Partial<AbsentPair> = {}): AbsentPair => ({
    link_id: 600 + id,
    item_id: id,
    title,
    integration_id: 1,
    integration_name: "Platform",
    key: `PLAT-${String(100 + id)}`,
    url: `https://acme.atlassian.net/browse/PLAT-${String(100 + id)}`,
    state: "unseen",
    looks: 6,
    since: "2026-11-20T10:00:00Z",
    next_at: "2026-11-24T10:00:00Z",
    ...part,
  });
  return [
    one(31, "Let customers keep saved payment methods"),
    one(32, "Rework the invoice archive", { state: "archived", since: "2026-11-23T06:00:00Z" }),
  ];
}

function makeQuestion(): SeverQuestion {
  return {
    integration_id: 1,
    integration_name: "Platform",
    linked: 4812,
    pairs: Array.from({ length: 312 }, (_, i) => ({
      link_id: 2000 + i,
      item_id: 40 + i,
      title: `Customers ask for receipt ${String(i + 1)} twice`,
      key: `PLAT-${String(140 + i)}`,
      reason: "deleted_there" as const,
    })),
  };
}

function countsOf(pairs: readonly SeveredPair[]): SeveredCount[] {
  const counts = new Map<string, SeveredCount>();
  for (const { integration_id, reason, dismissed } of pairs) {
    if (dismissed) continue;
    const key = `${String(integration_id)} ${reason}`;
    const known = counts.get(key);
    counts.set(key, { integration_id, reason, count: (known?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

const text = (words: string): FieldValue => ({ type: "text", text: words });

function comparisonOf(pair: SeveredPair, issue: string | null): Comparison {
  const field = (
    key: string,
    name: string,
    here: FieldValue,
    there: FieldValue,
    part: Partial<ComparedField> = {},
  ): ComparedField => ({
    key,
    name,
    here,
    there,
    alike: JSON.stringify(here) === JSON.stringify(there),
    standing: "changed_there",
    suggested: null,
    seen: `${key}-1`,
    ...part,
  });
  const other = issue !== null && issue !== pair.key;
  return {
    link_id: pair.link_id,
    item_id: pair.item_id,
    title: pair.title,
    integration_id: 1,
    remote_id: other ? "10999" : String(10_000 + pair.item_id),
    key: other ? (/^\d+$/.test(issue) ? "PLAT-777" : issue) : pair.key,
    remote_title: other ? "Failed direct debits are lost" : pair.title,
    same_issue: !other,
    fields: [
      field("title", "Title", text(pair.title), text(`${pair.title}, also on weekends`), {
        suggested: "jira",
      }),
      field(
        "description",
        "Description",
        text("Given a saved card,\nwhen the bank asks a second time,\nthen nothing typed is lost."),
        text("Given a saved card or wallet,\nwhen the bank asks again,\nthen nothing is lost."),
        { standing: "changed_both" },
      ),
      field(
        "story_points",
        "Story points",
        { type: "number", number: 5 },
        { type: "none" },
        {
          standing: "changed_here",
          suggested: "here",
        },
      ),
      field(
        "labels",
        "Labels",
        { type: "labels", labels: ["payments", "ux"] },
        {
          type: "labels",
          labels: ["payments", "ux"],
        },
      ),
      field("target_date", "Target date", { type: "none" }, { type: "none" }),
      field("components", "Components", text("Billing"), text("Billing")),
    ],
  };
}

const MATCHES: IssueMatch[] = [
  ["10999", "PLAT-777", "Failed direct debits are lost", 86, true, true],
  ["11000", "PLAT-812", "Stop losing direct debits in the nightly run", 79, true, false],
  ["11001", "PLAT-433", "遅延した口座振替の再試行", 41, false, null],
].map(([remote_id, key, title, score, same_type, same_parent]) => ({
  remote_id: remote_id as string,
  key: key as string,
  title: title as string,
  issue_type: same_type ? "Story" : "Bug",
  status: "In Progress",
  score: score as number,
  same_type: same_type as boolean,
  same_parent: same_parent as boolean | null,
}));

function lookAt(id: number): IssueLook {
  const gone = id === 521 || id === 631;
  if (gone) return { type: "not_there" };
  return {
    type: "there",
    key: id === 522 ? "KASSE-12" : `PLAT-${String(id - 400)}`,
    title: "What it is called in Jira now",
    issue_type: "Story",
    status: "In Progress",
    project: "PLAT",
    updated_at: "2026-11-23T06:31:00Z",
  };
}

function severed(world: World, link_id: number): SeveredPair {
  const pair = state(world).pairs.find((one) => one.link_id === link_id);
  if (!pair) throw fail("not_found", { what: "pair" });
  return pair;
}

/** An item and all that hangs below it. */
function within(context: Context, ids: readonly number[]): number[] {
  const { backlog } = stateOf(context);
  const all = new Set<number>();
  const walk = (id: number) => {
    if (backlog.gone.has(id)) return;
    all.add(id);
    for (const child of backlog.children.get(id) ?? []) walk(child);
  };
  ids.forEach(walk);
  return [...all];
}

export const handlers: Handlers = {
  disconnected: (asked, { world }): Disconnected => {
    if (failing.has("disconnected")) throw fail("database_corrupt");
    const { pairs, absent, questions } = state(world);
    const words = asked.search.toLowerCase();
    return {
      pairs: pairs.filter(
        (pair) =>
          pair.dismissed === asked.dismissed &&
          (asked.reason === null || pair.reason === asked.reason) &&
          (asked.integration_id === null || pair.integration_id === asked.integration_id) &&
          `${pair.title} ${pair.key}`.toLowerCase().includes(words),
      ),
      counts: countsOf(pairs),
      absent,
      questions,
    };
  },

  disconnected_decide: ({ integration_id }, context) => {
    const kept = state(context.world);
    const [question] = kept.questions;
    kept.questions = kept.questions.filter((one) => one.integration_id !== integration_id);
    context.changed("sync");
    return { count: question?.pairs.length ?? 0 };
  },

  disconnected_look: async ({ link_ids }, context) => {
    await context.wait(300);
    return link_ids.map((link_id) => ({ link_id, issue: lookAt(link_id) }));
  },

  disconnected_look_again: () => ({}),

  disconnected_dismiss: ({ link_ids, dismissed }, context) => {
    const kept = state(context.world);
    kept.pairs = kept.pairs.map((pair) =>
      link_ids.includes(pair.link_id) ? { ...pair, dismissed } : pair,
    );
    context.changed("sync");
    return { count: link_ids.length };
  },

  pairs_unlink: ({ link_ids, reason }, context) => {
    const kept = state(context.world);
    for (const link_id of link_ids) {
      const pair = kept.absent.find((one) => one.link_id === link_id);
      if (!pair) continue;
      kept.absent = kept.absent.filter((one) => one !== pair);
      const { item_id, title, integration_id, integration_name, key, url } = pair;
      kept.pairs = [
        {
          link_id,
          item_id,
          item_type: 3,
          title,
          item_gone: false,
          integration_id,
          integration_name,
          key,
          url,
          reason,
          severed_at: new Date().toISOString(),
          dismissed: false,
          connection_gone: false,
        },
        ...kept.pairs,
      ];
    }
    context.changed("sync", "items");
    return { link_ids };
  },

  item_unlink: ({ id }, context) => {
    const { backlog } = stateOf(context);
    const item = backlog.byId.get(id);
    if (!item?.key) throw fail("not_found", { what: "pair" });
    const link_id = 3000 + id;
    context.changed("sync");
    return { link_ids: [link_id] };
  },

  unlink_undo: (_args, context) => {
    context.changed("sync", "items");
    return {};
  },

  resync_matches: async (_args, context) => {
    await context.wait(200);
    return MATCHES;
  },

  resync_compare: async ({ link_id, issue }, context) => {
    await context.wait(200);
    const pair = severed(context.world, link_id);
    if (pair.reason === "deleted_there" && issue === null) throw fail("issue_unreadable");
    return comparisonOf(pair, issue);
  },

  resync_link: ({ link_id }, context) => {
    severed(context.world, link_id);
    const kept = state(context.world);
    kept.pairs = kept.pairs.filter((pair) => pair.link_id !== link_id);
    context.changed("sync", "items");
    return {};
  },

  resync_many: async ({ link_ids, winner }, context) => {
    await context.wait(400);
    const kept = state(context.world);
    const done = link_ids.map((link_id) => {
      const pair = severed(context.world, link_id);
      if (pair.reason === "deleted_there")
        return {
          link_id,
          outcome: { type: "failed", error: { code: "issue_unreadable", detail: {} } },
        } as const;
      if (pair.item_gone) return { link_id, outcome: { type: "restored" } } as const;
      return winner === null
        ? ({ link_id, outcome: { type: "needs_choice", fields: ["Description"] } } as const)
        : ({ link_id, outcome: { type: "linked" } } as const);
    });
    const gone = new Set(
      done
        .filter(({ outcome }) => outcome.type !== "failed" && outcome.type !== "needs_choice")
        .map((one) => one.link_id),
    );
    kept.pairs = kept.pairs.filter((pair) => !gone.has(pair.link_id));
    context.changed("sync", "items");
    return done;
  },

  resync_create: async ({ link_ids }, context) => {
    await context.wait(400);
    const kept = state(context.world);
    kept.pairs = kept.pairs.filter((pair) => !link_ids.includes(pair.link_id));
    context.changed("sync", "items");
    return link_ids.map((link_id) => ({ link_id, outcome: { type: "linked" } as const }));
  },

  items_delete_extent: ({ ids }, context) => {
    const { backlog } = stateOf(context);
    const all = within(context, ids);
    return {
      items: all.length,
      issues: all.filter((id) => backlog.byId.get(id)?.key).length,
    };
  },

  items_delete: ({ ids }, context) => {
    const { backlog } = stateOf(context);
    const kept = state(context.world);
    const all = within(context, ids);
    for (const id of all) backlog.gone.add(id);
    backlog.version += 1;
    const undo = kept.next++;
    kept.deletions.set(undo, all);
    context.changed("items", "sync");
    const issues = all.filter((id) => backlog.byId.get(id)?.key).length;
    return { items: all.length, issues, undo };
  },

  items_delete_undo: ({ id }, context) => {
    const { backlog } = stateOf(context);
    const kept = state(context.world);
    const all = kept.deletions.get(id);
    if (!all) throw fail("not_found", { what: "deletion" });
    kept.deletions.delete(id);
    for (const item of all) backlog.gone.delete(item);
    backlog.version += 1;
    context.changed("items", "sync");
    return { count: all.length };
  },

  scope_policy: ({ integration_id }, { world }) => ({
    integration_id,
    out_of_scope: state(world).policies.get(integration_id) ?? "keep",
  }),

  scope_policy_set: (policy, { world, changed }) => {
    state(world).policies.set(policy.integration_id, policy.out_of_scope);
    changed("integrations");
    return policy;
  },
};
