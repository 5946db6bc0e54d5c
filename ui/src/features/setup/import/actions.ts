/** The words and icons of what is to become of an issue, and of what became of it. */
import CircleMinus from "@lucide/svelte/icons/circle-minus";
import CirclePlus from "@lucide/svelte/icons/circle-plus";
import CircleX from "@lucide/svelte/icons/circle-x";
import Equal from "@lucide/svelte/icons/equal";
import PencilLine from "@lucide/svelte/icons/pencil-line";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import type { PlanAction, PlanRow, Run, RowOutcome } from "@/api/bindings.ts";
import type { IconType } from "@/design/icon.ts";
import type { State } from "@/design/state.ts";

/** How a row is marked: a word, an icon and a colour. */
export interface Mark {
  readonly word: string;
  readonly icon: IconType;
  readonly state: State;
}

/** What is to become of an issue. */
export const ACTIONS: Record<PlanAction, Mark> = {
  create: { word: "Create", icon: CirclePlus, state: "agreed" },
  update: { word: "Update", icon: PencilLine, state: "connected" },
  unchanged: { word: "Unchanged", icon: Equal, state: "neutral" },
  skip: { word: "Skip", icon: SkipForward, state: "waiting" },
};

const CREATED: Mark = { ...ACTIONS.create, word: "Created" };
const UPDATED: Mark = { ...ACTIONS.update, word: "Updated" };
const SKIPPED: Mark = { ...ACTIONS.skip, word: "Skipped" };
const FAILED: Mark = { word: "Failed", icon: CircleX, state: "broken" };
const NOT_REACHED: Mark = { word: "Not reached", icon: CircleMinus, state: "neutral" };

/** Whether the run has written what it was to write, or was stopped on its way. */
export function isOver(run: Run): boolean {
  return run.state === "done" || run.state === "cancelled";
}

/** How a row of a run is marked: as it is planned, or as it has become once the run is over. */
export function markOf(row: PlanRow, run: Run): Mark {
  if (!isOver(run)) return ACTIONS[row.action];
  if (row.outcome === "failed") return FAILED;
  if (row.outcome === "skipped" || row.action === "skip") return SKIPPED;
  if (row.action === "unchanged") return ACTIONS.unchanged;
  if (row.outcome === null) return NOT_REACHED;
  return row.action === "create" ? CREATED : UPDATED;
}

/** A tile: how many rows are alike, and what they are asked for by. */
export interface Tile extends Mark {
  readonly count: number;
  readonly action: PlanAction | null;
  readonly outcome: RowOutcome | null;
  /** Said in place of the rows when there are none. */
  readonly none: string;
}

/** What the rows of a run can be told apart by: by what is planned, or by what has become of them. */
export function tilesOf(run: Run): readonly Tile[] {
  const { counts } = run;
  if (!isOver(run)) {
    const planned = (action: PlanAction, count: number, none: string): Tile => ({
      ...ACTIONS[action],
      count,
      action,
      outcome: null,
      none,
    });
    return [
      planned("create", counts.create, "Every issue has an item already."),
      planned("update", counts.update, "No item would change."),
      planned("unchanged", counts.unchanged, "No item is as it would be afterwards."),
      planned("skip", counts.skip, "No issue is left out."),
    ];
  }
  const { created, updated, unchanged, failed } = counts;
  // Whoever stops a run on its way leaves rows that it never came to; afterwards the rest was passed over.
  const skipped =
    run.state === "done" ? counts.found - created - updated - unchanged - failed : counts.skip;
  return [
    {
      ...CREATED,
      count: created,
      action: "create",
      outcome: "applied",
      none: "This import created no item.",
    },
    {
      ...UPDATED,
      count: updated,
      action: "update",
      outcome: "applied",
      none: "This import changed no item that was there before.",
    },
    {
      ...ACTIONS.unchanged,
      count: unchanged,
      action: "unchanged",
      outcome: null,
      none: "No item was the same on both sides already.",
    },
    {
      ...SKIPPED,
      count: Math.max(skipped, 0),
      action: run.state === "done" ? null : "skip",
      outcome: run.state === "done" ? "skipped" : null,
      none: "No issue was left out.",
    },
    {
      ...FAILED,
      count: failed,
      action: null,
      outcome: "failed",
      none:
        failed > 0
          ? "They were gone from Jira, or hidden, before they could be read."
          : "Everything that was to be written was written.",
    },
  ];
}
