import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Conflict, ConflictWinner, ResolveManyArgs } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";

export function idOf({ item_id, field }: Pick<Conflict, "item_id" | "field">): string {
  return `${String(item_id)} ${field}`;
}

/** What was decided last, what could not be, and how it is taken back. */
export interface Said {
  readonly text: string;
  /** Why some were not decided. */
  readonly left: string | undefined;
  readonly undo: number | null;
}

/** Which conflicts are meant together: of an integration, of a field, or of all. */
export type Rule = Pick<ResolveManyArgs, "integration_id" | "field">;

/** Which conflicts are chosen, which are being decided, and what came of it. */
export class Decisions {
  readonly chosen = new SvelteSet<string>();
  readonly deciding = new SvelteSet<string>();
  /** Why a conflict could not be decided, beside it. */
  readonly errors = new SvelteMap<string, ApiError>();
  said = $state.raw<Said>();
  /** What kept the whole from being done. */
  error = $state.raw<ApiError>();

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
    if (mine.length === 0) return;
    const some = mine.map(({ item_id, field }) => ({ item_id, field }));
    await this.#resolve({ integration_id: null, field: null, some, winner }, mine);
  }

  /** Decides all that a rule names, also those that are not shown. */
  async decideAll(rule: Rule, shown: readonly Conflict[], winner: ConflictWinner): Promise<void> {
    await this.#resolve({ ...rule, some: null, winner }, shown);
  }

  async #resolve(args: ResolveManyArgs, mine: readonly Conflict[]): Promise<void> {
    const { winner } = args;
    this.error = undefined;
    for (const conflict of mine) this.deciding.add(idOf(conflict));
    try {
      const { decided, left, undo } = await call("conflicts_resolve", args);
      for (const conflict of mine) {
        this.chosen.delete(idOf(conflict));
        this.errors.delete(idOf(conflict));
      }
      for (const one of left) this.errors.set(idOf(one), ApiError.from(one.problem));
      this.said = {
        text: decided > 0 ? outcome(decided, winner) : "Nothing was decided",
        left:
          left.length > 0
            ? `${plural(left.length, "field", "fields")} could not be decided: the reason stands beside each that is still in conflict.`
            : undefined,
        undo,
      };
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      for (const conflict of mine) this.deciding.delete(idOf(conflict));
    }
  }

  /** Takes the last decisions back. */
  async undo(): Promise<void> {
    const undo = this.said?.undo ?? null;
    if (undo === null) return;
    this.error = undefined;
    this.said = undefined;
    try {
      const { undone, kept } = await call("conflicts_resolve_undo", { id: undo });
      this.said = {
        text: `${plural(undone, "field is", "fields are")} in conflict again`,
        left:
          kept > 0
            ? `${plural(kept, "stays", "stay")} decided: sent to Jira meanwhile, or changed again.`
            : undefined,
        undo: null,
      };
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    }
  }
}

function outcome(decided: number, winner: ConflictWinner): string {
  const fields = plural(decided, "field", "fields");
  if (winner === "jira") return `Took Jira’s value for ${fields}. Ours stays in the history`;
  const go = decided === 1 ? "It is" : "They are";
  return `Kept ours for ${fields}. ${go} sent to Jira with the next sync`;
}
