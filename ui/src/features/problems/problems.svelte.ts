import { SvelteSet } from "svelte/reactivity";
import type { SyncProblem } from "@/api/bindings.ts";
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
  const { remote_id, unmade_id } = problem;
  return `${String(integration)} ${remote_id}${unmade_id === null ? "" : `+${String(unmade_id)}`}`;
}

/** Lets issues be tried again, and says what that means. */
export class Retries {
  readonly underWay = new SvelteSet<string>();
  said = $state<string>();
  error = $state.raw<ApiError>();

  /** Makes the version or component in Jira that these wait for. */
  async create(found: readonly Found[]): Promise<void> {
    this.error = undefined;
    const ids = found.map(idOf);
    for (const id of ids) this.underWay.add(id);
    try {
      for (const [integration_id, problems] of byIntegration(found)) {
        const [first] = problems;
        if (!first) continue;
        const { name } = await call("choice_create", {
          integration_id,
          remote_id: first.remote_id,
        });
        this.said = `“${name}” is in Jira. What waited for it goes with the next sync`;
      }
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      for (const id of ids) this.underWay.delete(id);
    }
  }

  async retry(found: readonly Found[]): Promise<void> {
    this.error = undefined;
    const ids = found.map(idOf);
    for (const id of ids) this.underWay.add(id);
    let asked = 0;
    try {
      for (const [integration_id, problems] of byIntegration(found)) {
        await call("sync_retry", {
          integration_id,
          remote_ids: problems.map((one) => one.remote_id).filter((id) => id !== ""),
          unmade_ids: problems.map((one) => one.unmade_id).filter((id) => id !== null),
        });
        asked += problems.length;
      }
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      for (const id of ids) this.underWay.delete(id);
    }
    if (asked > 0)
      this.said = `${plural(asked, "issue is", "issues are")} tried again with the next sync`;
  }
}

function byIntegration(found: readonly Found[]): Map<number, SyncProblem[]> {
  const problems = new Map<number, SyncProblem[]>();
  for (const { integration, problem } of found) {
    const known = problems.get(integration);
    if (known) known.push(problem);
    else problems.set(integration, [problem]);
  }
  return problems;
}
