import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type {
  ConflictWinner,
  Disconnected,
  DisconnectedArgs,
  IssueLook,
  ResyncOutcome,
  SeverReason,
} from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { words } from "@/api/errors.ts";
import { plural } from "@/design/format.ts";

/** Every severed pair that nobody has put out of sight. */
export const ALL: DisconnectedArgs = {
  integration_id: null,
  reason: null,
  search: "",
  dismissed: false,
};

/** Issues that are asked for in one call, so that answers come in one after another. */
const LOOKED_AT = 20;

/** What was done last, and how it is taken back. */
export interface Said {
  readonly text: string;
  readonly undo?: () => Promise<void>;
}

/** Which pairs are chosen, what is being done to them, and what came of it. */
export class Pairs {
  readonly chosen = new SvelteSet<number>();
  readonly busy = new SvelteSet<number>();
  /** Why a pair is as it was, beside it. */
  readonly failures = new SvelteMap<number, string>();
  readonly looks = new SvelteMap<number, IssueLook>();
  looking = $state(false);
  said = $state.raw<Said>();
  error = $state.raw<ApiError>();

  /** Those that are gone are not chosen any more. */
  keep({ pairs }: Disconnected): void {
    const there = new Set(pairs.map((pair) => pair.link_id));
    for (const id of [...this.chosen]) if (!there.has(id)) this.chosen.delete(id);
    for (const id of [...this.failures.keys()]) if (!there.has(id)) this.failures.delete(id);
  }

  choose(id: number, yes: boolean): void {
    if (yes) this.chosen.add(id);
    else this.chosen.delete(id);
  }

  /** Asks Jira what the issues look like now. */
  async look(ids: readonly number[]): Promise<void> {
    this.looking = true;
    await this.#doing(ids, async () => {
      for (let at = 0; at < ids.length; at += LOOKED_AT) {
        const some = ids.slice(at, at + LOOKED_AT);
        for (const { link_id, issue } of await call("disconnected_look", { link_ids: some }))
          this.looks.set(link_id, issue);
      }
    });
    this.looking = false;
  }

  /** Links pairs again with their own issues; items that were deleted here come back. */
  async relink(ids: readonly number[], winner: ConflictWinner | null): Promise<void> {
    await this.#doing(ids, async () => {
      const done = await call("resync_many", { link_ids: [...ids], winner });
      this.#tell(done, (count) => `${plural(count, "item is", "items are")} linked again`);
    });
  }

  /** Brings the issues in as new items. */
  async create(ids: readonly number[]): Promise<void> {
    await this.#doing(ids, async () => {
      const done = await call("resync_create", { link_ids: [...ids] });
      this.#tell(done, (count) => `${plural(count, "issue", "issues")} came in as new items`);
    });
  }

  async dismiss(ids: readonly number[], dismissed: boolean): Promise<void> {
    const link_ids = [...ids];
    await this.#doing(ids, async () => {
      const { count } = await call("disconnected_dismiss", { link_ids, dismissed });
      const where = dismissed ? "out of sight" : "back in the list";
      this.said = {
        text: `${plural(count, "pair is", "pairs are")} ${where}`,
        undo: async () => {
          await call("disconnected_dismiss", { link_ids, dismissed: !dismissed });
        },
      };
    });
  }

  /** Disconnects pairs whose issues are out of reach. */
  async unlink(ids: readonly number[], reason: SeverReason): Promise<void> {
    await this.#doing(ids, async () => {
      const { link_ids } = await call("pairs_unlink", { link_ids: [...ids], reason });
      this.said = {
        text: `${plural(link_ids.length, "item is", "items are")} disconnected`,
        undo: async () => {
          await call("unlink_undo", { link_ids });
        },
      };
    });
  }

  /** Answers the question whether unusually many pairs are to be severed. */
  async decide(integration_id: number, sever: boolean): Promise<void> {
    await this.#doing([], async () => {
      const { count } = await call("disconnected_decide", { integration_id, sever });
      const items = plural(count, "item is", "items are");
      this.said = { text: sever ? `${items} disconnected` : `${items} still linked` };
    });
  }

  /** Lets the next cycle look again for what is out of reach. */
  async lookAgain(integrations: readonly number[]): Promise<void> {
    await this.#doing([], async () => {
      for (const integration_id of integrations)
        await call("disconnected_look_again", { integration_id });
      this.said = { text: "They are looked for with the next sync" };
    });
  }

  async undo(): Promise<void> {
    const undo = this.said?.undo;
    if (!undo) return;
    await this.#doing([], async () => {
      await undo();
      this.said = undefined;
    });
  }

  #tell(done: readonly ResyncOutcome[], inWords: (count: number) => string): void {
    let count = 0;
    for (const { link_id, outcome } of done) {
      if (outcome.type === "linked" || outcome.type === "restored") {
        count += 1;
        this.chosen.delete(link_id);
        this.failures.delete(link_id);
      } else this.failures.set(link_id, why(outcome));
    }
    this.said = count > 0 ? { text: inWords(count) } : undefined;
  }

  async #doing(ids: readonly number[], deed: () => Promise<void>): Promise<void> {
    this.error = undefined;
    for (const id of ids) this.busy.add(id);
    try {
      await deed();
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      for (const id of ids) this.busy.delete(id);
    }
  }
}

function why(outcome: ResyncOutcome["outcome"]): string {
  switch (outcome.type) {
    case "needs_choice":
      return `Both sides changed ${outcome.fields.join(", ")}: compare them and choose`;
    case "failed": {
      const { title, cure } = words(outcome.error);
      return `${title}. ${cure}`;
    }
    default:
      return "";
  }
}
