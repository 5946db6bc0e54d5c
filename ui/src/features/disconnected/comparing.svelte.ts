import { SvelteMap } from "svelte/reactivity";
import type { ComparedField, Comparison, ConflictWinner } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";

/** An item and an issue beside each other, and who wins each field. */
export class Comparing {
  comparison = $state.raw<Comparison>();
  error = $state.raw<ApiError>();
  loading = $state(false);
  linking = $state(false);
  readonly winners = new SvelteMap<string, ConflictWinner>();

  /** Fields that differ. */
  readonly differing = $derived(this.comparison?.fields.filter((field) => !field.alike) ?? []);
  readonly alike = $derived(this.comparison?.fields.filter((field) => field.alike) ?? []);
  /** Fields that differ and for which nobody has chosen. */
  readonly open = $derived(this.differing.filter((field) => !this.winners.has(field.key)));

  /** Compares with the pair's own issue, or with another one (id or key). */
  async compare(link_id: number, issue: string | null): Promise<void> {
    this.loading = true;
    this.error = undefined;
    try {
      const comparison = await call("resync_compare", { link_id, issue });
      const chosen = new Map(this.winners);
      this.winners.clear();
      for (const field of comparison.fields) {
        // What was chosen stays where the field is still what it was.
        const before = this.comparison?.fields.find((one) => one.key === field.key);
        const kept = before?.seen === field.seen ? chosen.get(field.key) : undefined;
        const winner = kept ?? field.suggested;
        if (winner && !field.alike) this.winners.set(field.key, winner);
      }
      this.comparison = comparison;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      this.loading = false;
    }
  }

  choose(field: ComparedField, winner: ConflictWinner): void {
    this.winners.set(field.key, winner);
  }

  chooseAll(winner: ConflictWinner): void {
    for (const field of this.differing) this.winners.set(field.key, winner);
  }

  /** Whether nothing of the project is kept in step by itself yet, so that what is to be sent waits. */
  async waits(): Promise<boolean> {
    const id = this.comparison?.integration_id;
    try {
      const states = await call("sync_states");
      return states.some((one) => one.integration_id === id && one.hold === "not_imported");
    } catch {
      // It is linked, and that is what is told.
      return false;
    }
  }

  /** Links the two as was chosen; gives whether it was done. */
  async link(): Promise<boolean> {
    const { comparison } = this;
    if (!comparison) return false;
    this.linking = true;
    this.error = undefined;
    try {
      await call("resync_link", {
        link_id: comparison.link_id,
        remote_id: comparison.remote_id,
        choices: comparison.fields.map(({ key, seen, alike }) => ({
          key,
          seen,
          winner: alike ? null : (this.winners.get(key) ?? null),
        })),
      });
      return true;
    } catch (thrown) {
      const error = ApiError.from(thrown);
      // Somebody changed a side meanwhile: what stands there now is shown, and chosen anew.
      if (error.code === "compare_stale")
        await this.compare(comparison.link_id, comparison.remote_id);
      this.error = error;
      return false;
    } finally {
      this.linking = false;
    }
  }
}
