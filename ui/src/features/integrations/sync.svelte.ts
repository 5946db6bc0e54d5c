import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import { SvelteMap } from "svelte/reactivity";
import type { Integration, SyncReport } from "@/api/bindings.ts";
import { ApiError, call, onEvent } from "@/api/client.ts";
import { plural } from "@/design/format.ts";
import { navigate, registerActions, showRunning } from "@/shell/kit.ts";

/** The last time that an integration was brought into step, or the one under way. */
export interface Cycle {
  readonly running: boolean;
  readonly report?: SyncReport;
  readonly error?: ApiError;
}

/** Something that was done, or is left, and where it is looked at. */
export interface Said {
  readonly text: string;
  readonly to?: string;
}

/** Brings integrations into step when somebody asks for it. What came of it outlives the screen. */
export class Cycles {
  readonly #kept = new SvelteMap<number, Cycle>();

  of(id: number): Cycle | undefined {
    return this.#kept.get(id);
  }

  dismiss(id: number): void {
    this.#kept.delete(id);
  }

  async run({ id, name }: Pick<Integration, "id" | "name">): Promise<void> {
    if (this.of(id)?.running) return;
    this.#kept.set(id, { running: true });
    const ended = showRunning({
      id: `sync-${String(id)}`,
      text: `Bringing ${name} into step`,
      to: "/integrations",
    });
    try {
      const report = await call("sync_now", { integration_id: id });
      this.#kept.set(id, { running: false, report });
    } catch (thrown) {
      this.#kept.set(id, { running: false, error: ApiError.from(thrown) });
    } finally {
      ended();
    }
  }
}

export const cycles = new Cycles();

/** What a cycle did and what it left, in words; nothing at all is said too. */
export function inWords(report: SyncReport): Said[] {
  const { created, updated, made, sent, conflicts, parked, severed, asked } = report;
  const later = Math.max(report.waiting - parked, 0);
  const said: Said[] = [];
  if (made > 0) said.push({ text: `${plural(made, "issue", "issues")} created in Jira` });
  if (created > 0) said.push({ text: `${plural(created, "new item", "new items")} from Jira` });
  if (updated > 0) said.push({ text: `${plural(updated, "changed", "changed")} in Jira` });
  if (sent > 0) said.push({ text: plural(sent, "sent", "sent") });
  if (severed > 0)
    said.push({ text: plural(severed, "disconnected", "disconnected"), to: "/disconnected" });
  if (asked > 0)
    said.push({
      text: `${plural(asked, "is", "are")} to be disconnected if you say so`,
      to: "/disconnected",
    });
  if (conflicts > 0)
    said.push({
      text: plural(conflicts, "conflict to decide", "conflicts to decide"),
      to: "/conflicts",
    });
  if (parked > 0)
    said.push({ text: plural(parked, "waits for you", "wait for you"), to: "/problems" });
  if (later > 0)
    said.push({
      text: `${plural(later, "is", "are")} left for the next sync`,
      to: "/problems",
    });
  return said.length > 0 ? said : [{ text: "Nothing to do" }];
}

/** Offers it in the palette for every integration that was imported, or has items linked. Returns what ends that. */
export function offerSync(): () => void {
  let withdraw: (() => void) | undefined;
  let stopped = false;
  const offer = async () => {
    let integrations: Integration[];
    try {
      integrations = await call("integrations");
    } catch {
      // The screens say what is wrong; what was offered before stays.
      return;
    }
    if (stopped) return;
    withdraw?.();
    withdraw = registerActions(
      integrations
        .filter((one) => one.imported_at !== null || one.linked > 0)
        .map((one) => ({
          id: `integrations.sync.${String(one.id)}`,
          title: `Sync now: ${one.name}`,
          group: "Sync",
          icon: RefreshCw,
          keywords: "pull push refresh send bring step",
          run: () => {
            navigate("/integrations");
            void cycles.run(one);
          },
        })),
    );
  };
  void offer();
  const stop = onEvent((event) => {
    const touched =
      event.type === "missed" ||
      (event.type === "changed" &&
        event.tags.some((tag) => tag === "integrations" || tag === "runs"));
    if (touched) void offer();
  });
  return () => {
    stopped = true;
    stop();
    withdraw?.();
  };
}
