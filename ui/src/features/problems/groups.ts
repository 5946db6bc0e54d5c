import type { ApiError, ErrorCode, SyncProblem } from "@/api/bindings.ts";

/** A problem, and through which integration it came up. */
export interface Found {
  readonly integration: number;
  readonly problem: SyncProblem;
}

/** Problems with one cause. */
export interface Group {
  /** Tells it from the others. */
  readonly key: string;
  readonly code: ErrorCode;
  /** The cause in words that fit all of them: where they differ, all are named. */
  readonly cause: ApiError;
  readonly found: readonly Found[];
}

/**
 * By code, steps of a workflow by where they lead from and to, and what Jira lacks by what it is; the group that most issues are in comes first.
 */
export function grouped(found: readonly Found[]): Group[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const { code, detail } = one.problem.problem;
    const key = [code, detail.from, detail.to, detail.what, detail.name].join("\n");
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups]
    .flatMap(([key, found]) => {
      const code = found[0]?.problem.problem.code;
      return code === undefined
        ? []
        : [{ key, code, cause: { code, detail: details(found) }, found }];
    })
    .sort((a, b) => b.found.length - a.found.length || (a.code < b.code ? -1 : 1));
}

function details(found: readonly Found[]): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { problem } of found)
    for (const [key, value] of Object.entries(problem.problem.detail)) {
      const known = values.get(key);
      if (known) known.add(value);
      else values.set(key, new Set([value]));
    }
  return Object.fromEntries([...values].map(([key, all]) => [key, [...all].join(", ")]));
}

/** When an issue is tried again: by itself, unless its project is paused. */
export type Next = "asked" | "waits" | { readonly notBefore: string };

export function nextOf({ next_at }: SyncProblem, now: number): Next {
  if (next_at === null) return "waits";
  return Date.parse(next_at) <= now ? "asked" : { notBefore: next_at };
}
