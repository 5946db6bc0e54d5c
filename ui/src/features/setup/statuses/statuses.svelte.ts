/**
 * Step 8's memory: the pairs of statuses as they stand on the screen, what is proposed, what the engine says about it.
 * It outlives the screen, so that leaving the step loses nothing.
 */
import type {
  RemoteStatus,
  Status,
  StatusCategory,
  StatusMapping,
  StatusPair,
  StatusProposal,
  StatusRemark,
  Winner,
} from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { keep, readKept } from "../kept.ts";

/** How long nothing must change before the engine is asked about it. */
export const CHECK_PAUSE_MS = 200;

/** What is decided in this step. */
export interface Decided {
  readonly pairs: readonly StatusPair[];
  readonly goesBack: boolean;
  readonly winner: Winner;
}

/** One of Jira's statuses and what it stands for. */
export interface StatusRow {
  readonly remote: RemoteStatus;
  /** The workspace's status; none if it is not mapped. */
  readonly status: number | null;
  /** Filled in by the proposal and not yet confirmed. */
  readonly suggestion: StatusProposal | undefined;
  readonly remarks: readonly StatusRemark[];
}

/** Jira's statuses of one category; of those that are gone, none is known. */
export interface StatusGroup {
  readonly category: StatusCategory | null;
  readonly rows: readonly StatusRow[];
}

/** One of the workspace's statuses, and where issues go when an item is given it. */
export interface WayBack {
  readonly status: Status;
  /** Jira's statuses that stand for it. */
  readonly remotes: readonly RemoteStatus[];
  /** The one that is chosen. */
  readonly chosen: string | undefined;
}

const CATEGORIES: readonly (StatusCategory | null)[] = ["open", "in_progress", "done", null];

export class StatusesController {
  readonly integrationId: number;

  /** What the engine last said; absent until the first answer. */
  mapping = $state.raw<StatusMapping>();
  /** What stands on the screen. */
  decided = $state.raw<Decided>({ pairs: [], goesBack: true, winner: "ask" });
  /** What is to say about it; about what stood there before while `checking`. */
  remarks = $state.raw<readonly StatusRemark[]>([]);
  /** Why the statuses could not be read. */
  error = $state.raw<ApiError>();
  /** Why the pairs could not be checked. */
  checkError = $state.raw<ApiError>();
  /** Whether the statuses are being read. */
  loading = $state(false);
  /** Whether `remarks` belong to pairs that have changed since. */
  checking = $state(false);

  /** Jira's statuses that the proposal filled in and nobody confirmed. */
  #open = $state.raw<ReadonlySet<string>>(new Set());
  #loadTurn = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(integrationId: number) {
    this.integrationId = integrationId;
  }

  /** Reads the statuses, or reads them again with what was changed kept. Never rejects. */
  async open(): Promise<void> {
    await this.#load(false);
  }

  /** Has the engine ask Jira anew. What was changed is kept. Never rejects. */
  async refresh(): Promise<void> {
    await this.#load(true);
  }

  /** Whether something was changed and not saved. */
  get dirty(): boolean {
    return this.mapping !== undefined && !same(this.decided, decidedIn(this.mapping));
  }

  /** Jira's statuses by category, those with rows. */
  get groups(): readonly StatusGroup[] {
    const remotes = this.mapping?.remote_statuses ?? [];
    return CATEGORIES.map((category) => ({
      category,
      rows: remotes.filter((r) => r.category === category).map((r) => this.#rowOf(r)),
    })).filter(({ rows }) => rows.length > 0);
  }

  /** How many of Jira's statuses are mapped. */
  get mapped(): number {
    return this.decided.pairs.length;
  }

  /** How many pairs were filled in and not confirmed. */
  get suggested(): number {
    return this.#open.size;
  }

  /** The way back of each of the workspace's statuses. */
  get waysBack(): readonly WayBack[] {
    const { remote_statuses = [], statuses = [] } = this.mapping ?? {};
    return statuses.map((status) => {
      const pairs = this.decided.pairs.filter((pair) => pair.status === status.id);
      return {
        status,
        remotes: remote_statuses.filter((r) => pairs.some((p) => p.remote_status === r.id)),
        chosen: pairs.find((pair) => pair.is_written)?.remote_status,
      };
    });
  }

  /** Remarks that belong to no row and to no status. */
  get generalRemarks(): readonly StatusRemark[] {
    return this.remarks.filter((r) => r.remote_status === null && r.status === null);
  }

  /** Why it cannot be saved; absent if it can. */
  get reason(): string | undefined {
    if (!this.mapping) return "The statuses are still being read";
    const refusal = this.remarks.find((r) => r.severity === "refusal");
    if (!refusal) return undefined;
    const row = this.mapping.remote_statuses.find((r) => r.id === refusal.remote_status);
    return row ? `Correct the row ${row.name} first` : refusal.text;
  }

  /** Says what one of Jira's statuses stands for; null leaves it unmapped. */
  map(remoteStatus: string, status: number | null): void {
    this.#settle(remoteStatus);
    const others = this.decided.pairs.filter((pair) => pair.remote_status !== remoteStatus);
    const pairs =
      status === null
        ? others
        : [...others, { remote_status: remoteStatus, status, is_written: false }];
    this.#change({ ...this.decided, pairs: this.#complete(pairs) });
  }

  /** Chooses where issues go when an item is given a status. */
  choose(status: number, remoteStatus: string): void {
    const pairs = this.decided.pairs.map((pair) =>
      pair.status === status ? { ...pair, is_written: pair.remote_status === remoteStatus } : pair,
    );
    this.#change({ ...this.decided, pairs });
  }

  /** Sets whether a status that is set here goes to Jira. */
  setGoesBack(goesBack: boolean): void {
    this.#change({ ...this.decided, goesBack });
  }

  /** Sets who wins where both sides changed. */
  setWinner(winner: Winner): void {
    this.#change({ ...this.decided, winner });
  }

  /** Confirms all that the proposal filled in. */
  acceptAll(): void {
    this.#open = new Set();
  }

  /** Whether the pairs are others than the proposed ones. */
  get canReset(): boolean {
    return this.mapping !== undefined && !same(this.decided, this.#proposed());
  }

  /** Puts the proposed pairs in place of those on the screen. */
  reset(): void {
    this.#open = new Set(this.mapping?.proposals.map(({ pair }) => pair.remote_status));
    this.#change(this.#proposed());
  }

  /** Checks once more, at once. */
  again(): void {
    this.#judgeSoon(0);
  }

  /** Saves the pairs. Rejects with an `ApiError`; the refusals then stand in their rows. */
  async save(): Promise<void> {
    const { pairs, goesBack, winner } = this.decided;
    try {
      await call("status_mapping_save", this.#args());
    } catch (thrown) {
      this.again();
      throw thrown;
    }
    keep(this.#key, undefined);
    if (this.mapping)
      this.mapping = {
        ...this.mapping,
        pairs: [...pairs],
        goes_back: goesBack,
        winner,
        saved: true,
      };
    this.#open = new Set();
  }

  get #key(): string {
    return `statuses.${String(this.integrationId)}`;
  }

  #args() {
    const { pairs, goesBack, winner } = this.decided;
    return {
      integration_id: this.integrationId,
      pairs: [...pairs],
      goes_back: goesBack,
      winner,
    };
  }

  #proposed(): Decided {
    return { ...this.decided, pairs: this.mapping?.proposals.map(({ pair }) => pair) ?? [] };
  }

  #rowOf(remote: RemoteStatus): StatusRow {
    const pair = this.decided.pairs.find((p) => p.remote_status === remote.id);
    const proposal = this.mapping?.proposals.find((p) => p.pair.remote_status === remote.id);
    return {
      remote,
      status: pair?.status ?? null,
      suggestion: this.#open.has(remote.id) ? proposal : undefined,
      remarks: this.remarks.filter((r) => r.remote_status === remote.id),
    };
  }

  #settle(remoteStatus: string): void {
    const open = new Set(this.#open);
    open.delete(remoteStatus);
    this.#open = open;
  }

  /** In Jira's order, and for each of the workspace's statuses one that is written: the proposed one, else the first. */
  #complete(pairs: readonly StatusPair[]): readonly StatusPair[] {
    const { remote_statuses = [], proposals = [] } = this.mapping ?? {};
    const place = (pair: StatusPair) =>
      remote_statuses.findIndex((r) => r.id === pair.remote_status);
    const sorted = pairs.toSorted((a, b) => place(a) - place(b));
    const chosen = new Map<number, string>();
    for (const pair of sorted) if (pair.is_written) chosen.set(pair.status, pair.remote_status);
    const proposed = (pair: StatusPair) =>
      proposals.some(
        ({ pair: p }) =>
          p.is_written && p.remote_status === pair.remote_status && p.status === pair.status,
      );
    for (const pair of [...sorted.filter(proposed), ...sorted])
      if (!chosen.has(pair.status)) chosen.set(pair.status, pair.remote_status);
    return sorted.map((pair) => ({
      ...pair,
      is_written: chosen.get(pair.status) === pair.remote_status,
    }));
  }

  async #load(refresh: boolean): Promise<void> {
    const turn = ++this.#loadTurn;
    this.loading = true;
    try {
      const answer = await call("status_mapping", { integration_id: this.integrationId, refresh });
      if (turn !== this.#loadTurn) return;
      const restored = this.mapping ? undefined : readKept<Decided>(this.#key);
      if (restored) this.decided = restored;
      const kept = restored !== undefined || this.dirty;
      const isFirst = this.mapping === undefined && !kept;
      this.mapping = answer;
      this.error = undefined;
      if (kept) {
        this.again();
        return;
      }
      this.decided = decidedIn(answer);
      this.remarks = answer.remarks;
      if (isFirst && !answer.saved)
        this.#open = new Set(answer.proposals.map(({ pair }) => pair.remote_status));
    } catch (thrown) {
      if (turn === this.#loadTurn) this.error = ApiError.from(thrown);
    } finally {
      if (turn === this.#loadTurn) this.loading = false;
    }
  }

  #change(decided: Decided): void {
    this.decided = decided;
    keep(this.#key, this.dirty ? decided : undefined);
    this.#judgeSoon(CHECK_PAUSE_MS);
  }

  /** Asks after a pause; every answer that is still on its way counts as overtaken from now on. */
  #judgeSoon(pauseMs: number): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.checking = true;
    if (pauseMs === 0) void this.#check(turn);
    else this.#timer = setTimeout(() => void this.#check(turn), pauseMs);
  }

  async #check(turn: number): Promise<void> {
    try {
      const remarks = await call("status_mapping_check", this.#args());
      if (turn !== this.#turn) return;
      this.remarks = remarks;
      this.checkError = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.checkError = ApiError.from(thrown);
    } finally {
      if (turn === this.#turn) this.checking = false;
    }
  }
}

function decidedIn({ pairs, goes_back, winner }: StatusMapping): Decided {
  return { pairs, goesBack: goes_back, winner };
}

/** Whether both say the same, whatever the order of the pairs. */
function same(a: Decided, b: Decided): boolean {
  const text = ({ pairs, goesBack, winner }: Decided) =>
    JSON.stringify([
      goesBack,
      winner,
      pairs.map((p) => `${p.remote_status} ${String(p.status)} ${String(p.is_written)}`).toSorted(),
    ]);
  return text(a) === text(b);
}
