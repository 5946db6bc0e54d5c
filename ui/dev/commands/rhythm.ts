/**
 * The rhythm of keeping in step, in the made-up workspace. In the address: `&rhythm=paused`, `fuse`, `comparing`,
 * `failing`, `fresh` (no cycle has ended yet), `linked` (items were linked again, and nothing was imported since).
 */
import type { Fuse, Integration, SyncState } from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { stepOf } from "./backlog/edits.ts";

const mode = new URLSearchParams(location.search).get("rhythm") ?? "";

interface Rhythm {
  readonly paused: Set<number>;
  fuse: Fuse | null;
  comparing: boolean;
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

function rhythmOf({ world }: Context): Rhythm {
  const kept = world.more.get("rhythm") as Rhythm | undefined;
  if (kept) return kept;
  const made: Rhythm = {
    paused: new Set(mode === "paused" ? [1] : []),
    fuse:
      mode === "fuse"
        ? { run_id: 1, incoming: 1204, blanked: 318, outgoing: 0, linked: 4812, at: ago(300) }
        : null,
    comparing: mode === "comparing",
  };
  world.more.set("rhythm", made);
  return made;
}

function stateOf(integration: Integration, context: Context): SyncState {
  const rhythm = rhythmOf(context);
  const step = stepOf(context.world);
  const first = integration.id === 1;
  const apart = first
    ? new Set([...step.unsent.keys(), ...step.conflicts.map((c) => c.item_id)])
    : new Set();
  const connection = context.world.connections.find((c) => c.id === integration.connection_id);
  const failing = first && mode === "failing";
  const hold = rhythm.paused.has(integration.id)
    ? "paused"
    : first && rhythm.fuse
      ? "fuse"
      : integration.imported_at === null || (first && mode === "linked")
        ? "not_imported"
        : connection?.problem
          ? "connection_stopped"
          : "none";
  return {
    integration_id: integration.id,
    hold,
    automatic: true,
    running: false,
    in_step_at: mode === "fresh" ? null : ago(23),
    report: null,
    next_at: hold === "none" ? ago(-30) : null,
    problem: failing ? fail("jira_unavailable", { status: "503" }) : null,
    linked: integration.linked,
    apart: apart.size,
    comparison: {
      began_at: first && rhythm.comparing ? ago(60) : null,
      done: Math.round(integration.linked / 3),
      ended_at: ago(7200),
    },
    fuse: first ? rhythm.fuse : null,
  };
}

export const handlers: Handlers = {
  sync_states: (_args, context) =>
    context.world.integrations.map((integration) => stateOf(integration, context)),

  integration_pause: ({ integration_id, paused }, context) => {
    if (paused) rhythmOf(context).paused.add(integration_id);
    else rhythmOf(context).paused.delete(integration_id);
    context.changed("integrations", "sync");
    return {};
  },

  connection_pause: ({ id, paused }, context) => {
    for (const integration of context.world.integrations) {
      if (integration.connection_id !== id) continue;
      if (paused) rhythmOf(context).paused.add(integration.id);
      else rhythmOf(context).paused.delete(integration.id);
    }
    context.changed("integrations", "sync");
    return {};
  },

  fuse_decide: (_args, context) => {
    rhythmOf(context).fuse = null;
    context.changed("sync");
    return {};
  },

  compare_all: (_args, context) => {
    rhythmOf(context).comparing = true;
    context.changed("sync");
    return {};
  },

  looking: () => ({}),
};
