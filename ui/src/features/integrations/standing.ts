/** What the state of an integration's keeping in step is called. */
import type { SyncState } from "@/api/bindings.ts";
import { words } from "@/api/errors.ts";
import { formatNumber } from "@/design/format.ts";
import type { State } from "@/design/state.ts";

/** A pill, and what stands below it. */
export interface Standing {
  readonly state: State;
  readonly text: string;
  /** Before the moment `at`, for example "as of". */
  readonly when?: string;
  readonly at?: string;
  /** Where it is looked at or mended. */
  readonly to?: string;
}

/** How many of the linked items are in step. */
export function agreement({ linked, apart }: Pick<SyncState, "linked" | "apart">): string {
  return apart === 0
    ? `${formatNumber(linked)} of ${formatNumber(linked)} in step`
    : `${formatNumber(Math.max(linked - apart, 0))} of ${formatNumber(linked)} in step`;
}

/** How far the comparison of everything has come; nothing if none is under way. */
export function comparison({ comparison, linked }: SyncState): string | undefined {
  if (comparison.began_at === null) return undefined;
  return `Compared ${formatNumber(comparison.done)} of ${formatNumber(linked)}`;
}

/** What to say of an integration that was imported. */
export function standing(state: SyncState): Standing {
  switch (state.hold) {
    case "not_imported":
      return {
        state: "waiting",
        text: state.linked > 0 ? "Not kept in step yet" : "Not imported yet",
      };
    case "paused":
      return { state: "neutral", text: "Paused" };
    case "connection_stopped":
      return { state: "broken", text: "Connection stopped" };
    case "fuse":
      return { state: "waiting", text: "Waits for you" };
    case "import":
      return { state: "waiting", text: "Import under way", to: "/setup" };
    case "none":
      break;
  }
  const since = state.in_step_at ? { when: "as of", at: state.in_step_at } : {};
  if (state.problem) {
    return {
      state: "waiting",
      text: words(state.problem).title,
      ...(state.next_at ? { when: "tried again", at: state.next_at } : {}),
    };
  }
  if (!state.in_step_at) {
    return {
      state: "waiting",
      text: state.automatic ? "Looking for changes" : "Not looked at yet",
    };
  }
  return { state: state.apart === 0 ? "agreed" : "waiting", text: agreement(state), ...since };
}
