import { SvelteMap } from "svelte/reactivity";
import type { State } from "@/design/state.ts";
import type { FeatureId } from "./feature.ts";

/** The live indicator at the left of the status bar. */
export interface ConnectionStatus {
  readonly state: State;
  /** "Webhook Connected", "Waiting for the first event", "Not set up". */
  readonly text: string;
  /** The rest of the truth: the age of the last event, or the cause. */
  readonly detail?: string;
  /** Where a click leads. */
  readonly to?: string;
}

/** Work that goes on while the window is used. */
export interface RunningWork {
  readonly id: string;
  /** "Importing from PLAT". */
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
  /** It stands still until somebody resumes it. */
  readonly paused?: boolean;
  readonly to?: string;
}

interface Status {
  connection: ConnectionStatus;
  /** When Jira was last looked at or imported, in milliseconds since 1970; null before the first, undefined while it is not known. */
  lastSync: { readonly of: "sync" | "import"; readonly at: number } | null | undefined;
  /** Items whose sides are not known to agree. */
  queued: number;
  running: readonly RunningWork[];
}

/** What the status bar shows. Written by whichever feature knows; read by the shell. */
export const status: Status = $state({
  connection: { state: "neutral", text: "Not set up", to: "/setup" },
  lastSync: undefined,
  queued: 0,
  running: [],
});

/** Adds or renews one piece of running work; returns what ends it. */
export function showRunning(work: RunningWork): () => void {
  status.running = [...status.running.filter((w) => w.id !== work.id), work];
  return () => {
    status.running = status.running.filter((w) => w.id !== work.id);
  };
}

/** A number beside an entry of the navigation. */
export interface Count {
  readonly number: number;
  /** What is counted, for screen readers: "conflicts waiting". */
  readonly of: string;
  /** Somebody has to act. */
  readonly urgent?: boolean;
}

const counts = new SvelteMap<FeatureId, Count>();

/** The count beside an entry of the navigation, if any; reactive. */
export function countOf(id: FeatureId): Count | undefined {
  return counts.get(id);
}

/** Shows a count beside an entry of the navigation; 0 shows none. */
export function setCount(id: FeatureId, count: Count): void {
  if (count.number > 0) counts.set(id, count);
  else counts.delete(id);
}
