/** Keeps the status bar true: connections, the last look at Jira, what waits, an import under way. */
import { call, onEvent } from "@/api/client.ts";
import type { AppState, Connection, Run, SyncState } from "@/api/bindings.ts";
import { showRunning, status } from "@/shell/kit.ts";

const WORDS: Partial<Record<Run["state"], string>> = {
  listing: "Reading",
  reading: "Reading",
  applying: "Importing",
  undoing: "Undoing the import of",
  paused: "Paused:",
};

/** What the indicator says of the connections. Webhooks come with a later step, so nothing is blue yet. */
export function indicator(connections: readonly Connection[]): typeof status.connection {
  const stopped = connections.find((connection) => connection.problem !== null);
  if (stopped) {
    return { state: "broken", text: `${stopped.name} is stopped`, to: "/integrations" };
  }
  if (connections.length === 0) return { state: "neutral", text: "Not set up", to: "/setup" };
  const text = connections.length === 1 ? "Connected" : `${String(connections.length)} connections`;
  return { state: "neutral", text, detail: "no webhook yet", to: "/integrations" };
}

/** What the bar shows of a run; nothing of one that is neither under way nor standing still. */
export function workOf(run: Run): (typeof status.running)[number] | undefined {
  const word = WORDS[run.state];
  if (word === undefined) return undefined;
  return {
    id: `run-${String(run.id)}`,
    text: `${word} ${run.integration_name}`,
    paused: run.state === "paused",
    done: run.done,
    total: run.total ?? undefined,
    to: "/setup",
  };
}

/** When both sides were last in step, of all integrations the one of which that is longest ago. */
export function lastSync(
  importedAt: string | null,
  syncs: readonly SyncState[],
): typeof status.lastSync {
  const kept = syncs.filter((sync) => sync.hold === "none");
  const looks = kept.map((sync) => sync.in_step_at).filter((at) => at !== null);
  if (looks.length > 0 && looks.length === kept.length) {
    return { of: "sync", at: Math.min(...looks.map((at) => Date.parse(at))) };
  }
  return importedAt ? { of: "import", at: Date.parse(importedAt) } : null;
}

/** Starts; returns what stops it. */
export function keepTrue(): () => void {
  let ended: (() => void) | undefined;
  const show = (run: Run | null) => {
    ended?.();
    ended = undefined;
    const work = run && workOf(run);
    if (work) ended = showRunning(work);
  };
  const look = async () => {
    try {
      const [state, connections, syncs]: [AppState, Connection[], SyncState[]] = await Promise.all([
        call("app_state"),
        call("connections"),
        call("sync_states"),
      ]);
      status.connection = indicator(connections);
      status.lastSync = lastSync(state.last_import_at, syncs);
      status.queued = syncs.reduce((sum, sync) => sum + sync.apart, 0);
      show(state.active_run);
    } catch {
      // The screens say what is wrong; the bar only says that it cannot tell.
      status.connection = { state: "broken", text: "Lockstep does not answer" };
    }
  };
  void look();
  const stop = onEvent((event) => {
    if (event.type === "run") show(event.run);
    if (event.type === "changed" || event.type === "missed") void look();
  });
  return () => {
    stop();
    ended?.();
  };
}
