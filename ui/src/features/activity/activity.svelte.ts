/** What changed, page by page, the newest first, and taking it back. */
import type { ActivityArgs, ActivityChange, ChangeOrigin } from "@/api/bindings.ts";
import { ApiError, call, host } from "@/api/client.ts";
import { plural } from "@/design/format.ts";

/** Changes of one page. */
const PAGE = 100;

/** What is asked for; nothing of it is everything. */
export interface Filter {
  readonly origin: ChangeOrigin | "all";
  readonly integration: number | null;
  readonly item: number | null;
  readonly search: string;
}

/** Changes that happened together: in one run, or one edit. */
export interface Group {
  readonly id: number;
  readonly changes: readonly ActivityChange[];
  /** The run, if it was one. */
  readonly run: number | null;
}

/** Puts changes of one run together, as long as nothing came between. */
export function grouped(changes: readonly ActivityChange[]): Group[] {
  const groups: { id: number; changes: ActivityChange[]; run: number | null }[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last && last.run !== null && last.run === change.run_id) last.changes.push(change);
    else groups.push({ id: change.id, changes: [change], run: change.run_id });
  }
  return groups;
}

/** The pages loaded so far. */
export class Activity {
  changes = $state.raw<readonly ActivityChange[]>([]);
  /** Where the next page begins; null at the end. */
  next = $state<number | null>(null);
  loaded = $state(false);
  loading = $state(false);
  saving = $state(false);
  error = $state.raw<ApiError>();
  /** Why the last file was not saved. It stays, whatever the list does meanwhile. */
  saveError = $state.raw<ApiError>();
  /** What was last taken back, in words. */
  said = $state<string>();
  #newest = 0;
  #filter: Filter = { origin: "all", integration: null, item: null, search: "" };

  /** From the beginning, as many as were there before. */
  async show(filter: Filter): Promise<void> {
    this.#filter = filter;
    await this.#load(null, Math.min(Math.max(this.changes.length, PAGE), 500));
  }

  async reload(): Promise<void> {
    await this.show(this.#filter);
  }

  async more(): Promise<void> {
    if (this.next !== null && !this.loading) await this.#load(this.next, PAGE);
  }

  async undo(change: ActivityChange): Promise<void> {
    await this.#ask(async () => {
      await call("item_edit_undo", { id: change.id });
      return `${change.field ?? "The change"} of ${change.key ?? change.title ?? "the item"} is as it was`;
    });
  }

  async undoRun(run: number): Promise<void> {
    await this.#ask(async () => {
      const { undone, kept } = await call("sync_undo", { run_id: run });
      const left = kept > 0 ? `; ${plural(kept, "stays", "stay")}, changed again since` : "";
      return `${plural(undone, "change is", "changes are")} taken back${left}`;
    });
  }

  /** Saves all that the filter lets through, however many pages. */
  async save(): Promise<void> {
    this.saving = true;
    this.saveError = undefined;
    this.said = undefined;
    try {
      const path = await host().save?.("activity", this.#args(null, PAGE));
      this.said = path ? `Saved as ${path}` : "Saved among your downloads";
    } catch (thrown) {
      this.saveError = ApiError.from(thrown);
    } finally {
      this.saving = false;
    }
  }

  #args(before: number | null, limit: number): ActivityArgs {
    const { origin, integration, item, search } = this.#filter;
    return {
      item_id: item,
      integration_id: integration,
      run_id: null,
      origin: origin === "all" ? null : origin,
      field: null,
      search: search.trim() === "" ? null : search,
      before,
      limit,
    };
  }

  async #ask(what: () => Promise<string>): Promise<void> {
    this.error = undefined;
    this.said = undefined;
    try {
      this.said = await what();
      await this.reload();
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    }
  }

  async #load(before: number | null, limit: number): Promise<void> {
    const mine = ++this.#newest;
    this.loading = true;
    try {
      const page = await call("activity", this.#args(before, limit));
      // Overtaken by another question.
      if (mine !== this.#newest) return;
      this.changes = before === null ? page.changes : [...this.changes, ...page.changes];
      this.next = page.next;
      this.loaded = true;
      this.error = undefined;
    } catch (thrown) {
      if (mine === this.#newest) this.error = ApiError.from(thrown);
    } finally {
      if (mine === this.#newest) this.loading = false;
    }
  }
}
