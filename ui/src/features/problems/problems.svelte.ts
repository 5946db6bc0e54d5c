import { SvelteSet } from "svelte/reactivity";
import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";
import type { Found } from "./groups.ts";

/** Every problem of every integration. */
export async function allProblems(): Promise<Found[]> {
  const integrations = await call("integrations");
  const lists = await Promise.all(
    integrations.map(async ({ id }) => {
      const problems = await call("sync_problems", { integration_id: id });
      return problems.map((problem) => ({ integration: id, problem }));
    }),
  );
  return lists.flat();
}

export function idOf({ integration, problem }: Found): string {
  return `${String(integration)} ${problem.remote_id}`;
}

/** Lets issues be tried again, and says what that means. */
export class Retries {
  readonly underWay = new SvelteSet<string>();
  said = $state<string>();
  error = $state.raw<ApiError>();

  async retry(found: readonly Found[]): Promise<void> {
    this.error = undefined;
    const ids = found.map(idOf);
    for (const id of ids) this.underWay.add(id);
    let asked = 0;
    try {
      for (const [integration, remote_ids] of byIntegration(found)) {
        await call("sync_retry", { integration_id: integration, remote_ids });
        asked += remote_ids.length;
      }
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      for (const id of ids) this.underWay.delete(id);
    }
    if (asked > 0)
      this.said = `${plural(asked, "issue is", "issues are")} tried again with the next Sync now`;
  }
}

function byIntegration(found: readonly Found[]): Map<number, string[]> {
  const ids = new Map<number, string[]>();
  for (const { integration, problem } of found) {
    const known = ids.get(integration);
    if (known) known.push(problem.remote_id);
    else ids.set(integration, [problem.remote_id]);
  }
  return ids;
}
