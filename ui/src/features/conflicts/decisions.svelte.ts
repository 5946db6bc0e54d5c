import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Conflict, ConflictWinner } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";

export function idOf({ item_id, field }: Conflict): string {
  return `${String(item_id)} ${field}`;
}

/** Which conflicts are chosen, which are being decided, and what came of it. */
export class Decisions {
  readonly chosen = new SvelteSet<string>();
  readonly deciding = new SvelteSet<string>();
  /** Why a conflict could not be decided, beside it. */
  readonly errors = new SvelteMap<string, ApiError>();
  /** What was decided last, and what follows from it. */
  said = $state<string>();

  /** Those that are gone are not chosen any more. */
  keep(conflicts: readonly Conflict[]): void {
    const there = new Set(conflicts.map(idOf));
    for (const id of [...this.chosen]) if (!there.has(id)) this.chosen.delete(id);
    for (const id of [...this.errors.keys()]) if (!there.has(id)) this.errors.delete(id);
  }

  choose(conflict: Conflict, yes: boolean): void {
    if (yes) this.chosen.add(idOf(conflict));
    else this.chosen.delete(idOf(conflict));
  }

  /** Decides conflicts for one side, each for itself: one that cannot be decided does not hold up the others. */
  async decide(conflicts: readonly Conflict[], winner: ConflictWinner): Promise<void> {
    const mine = conflicts.filter((conflict) => !this.deciding.has(idOf(conflict)));
    for (const conflict of mine) this.deciding.add(idOf(conflict));
    let decided = 0;
    for (const conflict of mine) {
      const id = idOf(conflict);
      try {
        await call("conflict_resolve", {
          item_id: conflict.item_id,
          field: conflict.field,
          winner,
        });
        decided += 1;
        this.chosen.delete(id);
        this.errors.delete(id);
      } catch (thrown) {
        this.errors.set(id, ApiError.from(thrown));
      } finally {
        this.deciding.delete(id);
      }
    }
    if (decided > 0) this.said = outcome(decided, winner);
  }
}

function outcome(decided: number, winner: ConflictWinner): string {
  const fields = plural(decided, "field", "fields");
  if (winner === "jira") return `Took Jira’s value for ${fields}. Ours stays in the history`;
  const go = decided === 1 ? "It is" : "They are";
  return `Kept ours for ${fields}. ${go} sent to Jira with the next sync`;
}
