/** The rows of one run as they are looked at: what is to become of which issue, what became of it, and why. */
import type { PlanAction, PlanGroup, PlanRow, PlanRowDetail, RowOutcome } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { Rows } from "@/design/rows.svelte.ts";

/** How long nothing must be typed before the plan is searched. */
export const SEARCH_PAUSE_MS = 200;

/** A reason, and all issues that it is given for. */
export interface Reason {
  readonly action: PlanAction;
  readonly reason: string;
  readonly text: string;
  readonly count: number;
  /** Jira types, most first. */
  readonly types: readonly { readonly name: string; readonly count: number }[];
}

/** What rows can be alike in. */
export interface Pick {
  readonly action: PlanAction | null;
  readonly outcome: RowOutcome | null;
}

export class PlanView {
  readonly runId: number;

  groups = $state.raw<readonly PlanGroup[]>();
  error = $state.raw<ApiError>();
  action = $state<PlanAction | null>(null);
  outcome = $state<RowOutcome | null>(null);
  reason = $state<string | null>(null);
  remoteType = $state<string | null>(null);
  search = $state("");
  /** How many rows match; absent until the first answer. */
  total = $state<number>();
  /** Place in the list of the row looked at, or -1. */
  at = $state(-1);
  detail = $state.raw<PlanRowDetail>();
  detailError = $state.raw<ApiError>();
  readonly rows: Rows<PlanRow>;

  #listTurn = 0;
  #detailTurn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runId: number) {
    this.runId = runId;
    this.rows = new Rows((start, count) => this.#page(start, count));
  }

  /** Reads the summary and the first rows. Never rejects. */
  async open(): Promise<void> {
    try {
      const summary = await call("plan_summary", { run_id: this.runId });
      this.groups = summary.groups;
      this.error = undefined;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    }
    await this.rows.want(0, 1);
  }

  /** The reasons, most issues first. */
  get reasons(): readonly Reason[] {
    const found = new Map<string, Reason>();
    for (const { action, reason, reason_text, remote_type, count } of this.groups ?? []) {
      if (reason === null) continue;
      const key = `${action} ${reason}`;
      const before = found.get(key);
      const types = [...(before?.types ?? []), { name: remote_type, count }];
      found.set(key, {
        action,
        reason,
        text: reason_text ?? reason,
        count: (before?.count ?? 0) + count,
        types: types.sort((a, b) => b.count - a.count),
      });
    }
    return [...found.values()].sort((a, b) => b.count - a.count);
  }

  /** Names of the Jira types in the plan. */
  get types(): readonly string[] {
    return [...new Set((this.groups ?? []).map((group) => group.remote_type))].sort((a, b) =>
      a.localeCompare(b),
    );
  }

  /** Whether not every row is shown. */
  get filtered(): boolean {
    return this.action !== null || this.outcome !== null || this.narrowed;
  }

  /** Whether there is more to it than what became of the rows. */
  get narrowed(): boolean {
    return this.reason !== null || this.remoteType !== null || this.search.trim() !== "";
  }

  /** Whether just these rows are asked for. */
  picked({ action, outcome }: Pick): boolean {
    return (
      (action !== null || outcome !== null) && this.action === action && this.outcome === outcome
    );
  }

  /** Shows only the rows that are alike in this, or all of them when they are the ones shown. */
  pick(pick: Pick): void {
    const shown = this.picked(pick);
    this.action = shown ? null : pick.action;
    this.outcome = shown ? null : pick.outcome;
    this.reason = null;
    this.again();
  }

  /** Shows only one reason, or all again when it is the one shown. */
  pickReason({ action, reason }: Reason): void {
    const shown = this.reason === reason && this.action === action;
    this.reason = shown ? null : reason;
    this.action = shown ? null : action;
    this.outcome = null;
    this.again();
  }

  /** Shows every row again. */
  clear(): void {
    this.action = null;
    this.outcome = null;
    this.reason = null;
    this.remoteType = null;
    this.search = "";
    this.again();
  }

  /** Searches as soon as nothing was typed for a moment. */
  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.again();
    }, SEARCH_PAUSE_MS);
  }

  /** Reads the rows anew, after a filter changed. */
  again(): void {
    clearTimeout(this.#timer);
    this.#listTurn += 1;
    this.#detailTurn += 1;
    this.rows.forget();
    this.at = -1;
    this.detail = undefined;
    this.detailError = undefined;
    void this.rows.want(0, 1);
  }

  /** Looks at the row at a place of the list. Never rejects; an overtaken answer is dropped. */
  async look(at: number): Promise<void> {
    const turn = ++this.#detailTurn;
    this.at = at;
    await this.rows.want(at, at + 1);
    const row = this.rows.at(at);
    if (!row || turn !== this.#detailTurn) return;
    try {
      const detail = await call("plan_row", { run_id: this.runId, seq: row.seq });
      if (turn !== this.#detailTurn) return;
      this.detail = detail;
      this.detailError = undefined;
    } catch (thrown) {
      if (turn === this.#detailTurn) this.detailError = ApiError.from(thrown);
    }
  }

  /** Puts the row away again. */
  close(): void {
    this.#detailTurn += 1;
    this.at = -1;
    this.detail = undefined;
    this.detailError = undefined;
  }

  async #page(offset: number, limit: number): Promise<readonly PlanRow[]> {
    const turn = this.#listTurn;
    const page = await call("plan_rows", {
      run_id: this.runId,
      action: this.action,
      outcome: this.outcome,
      reason: this.reason,
      remote_type: this.remoteType,
      search: this.search.trim() || null,
      offset,
      limit,
    });
    if (turn === this.#listTurn) this.total = page.total;
    return page.rows;
  }
}
