/**
 * Step 5's memory: which Jira types belong to which workspace types, what the engine says about it, and
 * how ten real issues would look. It outlives the screen, so that leaving the step loses nothing.
 */
import type {
  Hierarchy,
  ItemType,
  Level,
  RemoteType,
  SampleTree,
  TypePair,
  TypeProposal,
  TypeRemark,
} from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import type { Option } from "@/design/option.ts";
import { keep, readKept } from "../kept.ts";

/** How long nothing must change before the engine is asked about it. */
export const CHECK_PAUSE_MS = 200;

/** What is to say about a row, once for all Jira types that it is about. */
export interface RowRemark {
  readonly severity: TypeRemark["severity"];
  readonly text: string;
  /** Names of the Jira types. */
  readonly about: readonly string[];
}

/** A workspace type and all that stands in its row. */
export interface TypeRow {
  readonly type: ItemType;
  readonly level: Level;
  /** Depth of its level, from 0. */
  readonly depth: number;
  /** Whether it is the first of its level. */
  readonly first: boolean;
  /** Jira type ids, in the order chosen. */
  readonly chosen: string[];
  /** Those of `chosen` that are proposed and not accepted yet. */
  readonly suggestions: readonly TypeProposal[];
  readonly remarks: readonly RowRemark[];
}

export class HierarchyController {
  readonly integrationId: number;

  /** What the engine last said; absent until the first answer. */
  hierarchy = $state.raw<Hierarchy>();
  /** The pairs as they stand on the screen. */
  pairs = $state.raw<readonly TypePair[]>([]);
  /** What is to say about `pairs`; of the pairs before while `checking`. */
  remarks = $state.raw<readonly TypeRemark[]>([]);
  /** How real issues look under `pairs`; stays while a newer one is on its way. */
  sample = $state.raw<SampleTree>();
  /** Why the types could not be read. */
  error = $state.raw<ApiError>();
  /** Why the pairs could not be checked. */
  checkError = $state.raw<ApiError>();
  /** Why there is no sample. */
  sampleError = $state.raw<ApiError>();
  /** Whether the types are being read. */
  loading = $state(false);
  /** Whether `remarks` belong to pairs that have changed since. */
  checking = $state(false);
  /** Whether `sample` belongs to pairs that have changed since. */
  sampling = $state(false);

  #accepted = $state.raw<ReadonlySet<string>>(new Set());
  #loadTurn = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(integrationId: number) {
    this.integrationId = integrationId;
  }

  /** Reads the types, or reads them again with what was changed kept. Never rejects. */
  async open(): Promise<void> {
    await this.#load(false);
  }

  /** Has the engine ask Jira anew. What was changed is kept. Never rejects. */
  async refresh(): Promise<void> {
    await this.#load(true);
  }

  /** Whether something was changed and not saved. */
  get dirty(): boolean {
    return this.hierarchy !== undefined && !samePairs(this.pairs, this.hierarchy.pairs);
  }

  /** Every workspace type in tree order. */
  get rows(): readonly TypeRow[] {
    const proposed = this.#suggestions();
    return (this.hierarchy?.levels ?? []).flatMap((level, depth) =>
      level.types.map((type, at) => ({
        type,
        level,
        depth,
        first: at === 0,
        chosen: this.pairs.filter((p) => p.item_type === type.id).map((p) => p.remote_type),
        suggestions: proposed.filter((p) => p.item_type === type.id),
        remarks: this.#merge(this.remarks.filter((r) => r.item_type === type.id)),
      })),
    );
  }

  /** Remarks that belong to no row. */
  get generalRemarks(): readonly RowRemark[] {
    const known = new Set(this.hierarchy?.levels.flatMap((l) => l.types.map((t) => t.id)));
    return this.#merge(this.remarks.filter((r) => r.item_type === null || !known.has(r.item_type)));
  }

  /** Jira types that are not mapped: their issues are skipped. */
  get skipped(): readonly RemoteType[] {
    const used = new Set(this.pairs.map((p) => p.remote_type));
    return (this.hierarchy?.remote_types ?? []).filter((type) => !used.has(type.id));
  }

  /** How many pairs are proposed and not accepted yet. */
  get suggested(): number {
    return this.#suggestions().length;
  }

  /** Whether "Reset to suggestions" would change anything. */
  get canReset(): boolean {
    const proposals = this.hierarchy?.proposals ?? [];
    return proposals.length > 0 && !samePairs(this.pairs, proposals.map(pairOf));
  }

  /** Why it cannot be saved; absent if it can. */
  get reason(): string | undefined {
    if (!this.hierarchy) return "The types are still being read";
    const refusals = this.remarks.filter((r) => r.severity === "refusal");
    const rows = new Set(refusals.map((r) => r.item_type).filter((id) => id !== null));
    const [one] = rows;
    if (rows.size > 1) return `Correct ${String(rows.size)} rows first`;
    if (one !== undefined) return `Correct the row ${this.#nameOf(one)} first`;
    return refusals[0]?.text;
  }

  /** The Jira types as choices for a workspace type; those that cannot be chosen say why. */
  optionsFor(itemType: number): readonly Option[] {
    const { hierarchy } = this;
    if (!hierarchy) return [];
    const refusals = new Map(
      hierarchy.choices
        .filter((choice) => choice.item_type === itemType && choice.refusal !== null)
        .map((choice) => [choice.remote_type, choice.refusal]),
    );
    const owner = new Map(this.pairs.map((p) => [p.remote_type, p.item_type]));
    // Pairs that the refusals were made for. One that has gone since may have been the reason, so
    // that its Jira type is offered; the check then has the last word.
    const before = new Map(hierarchy.pairs.map((p) => [p.remote_type, p.item_type]));
    const listed = hierarchy.remote_types.map((type): Option => {
      const holder = owner.get(type.id);
      const option = { value: type.id, label: type.name, group: type.level_name };
      if (holder === itemType) return option;
      if (holder !== undefined) {
        const reason = `Already mapped to ${this.#nameOf(holder)}`;
        return { ...option, disabled: true, reason };
      }
      const wasTaken = (before.get(type.id) ?? itemType) !== itemType;
      const reason = wasTaken ? undefined : refusals.get(type.id);
      return reason ? { ...option, disabled: true, reason } : option;
    });
    const gone = this.pairs.filter(
      (p) =>
        p.item_type === itemType && !hierarchy.remote_types.some((t) => t.id === p.remote_type),
    );
    return [
      ...listed,
      ...gone.map(({ remote_type }) => ({
        value: remote_type,
        label: `Type ${remote_type}`,
        disabled: true,
        reason: "Gone from Jira",
      })),
    ];
  }

  /** Puts exactly these Jira types into a row. What is new in it counts as accepted. */
  choose(itemType: number, remoteTypes: readonly string[]): void {
    const had = new Set(this.pairs.filter((p) => p.item_type === itemType).map(keyOf));
    const row = remoteTypes.map((remote_type) => ({ item_type: itemType, remote_type }));
    const fresh = row.map(keyOf).filter((key) => !had.has(key));
    this.#accepted = new Set([...this.#accepted, ...fresh]);
    const others = this.pairs.filter((p) => p.item_type !== itemType);
    this.#change(this.#inTreeOrder([...others, ...row]));
  }

  /** Takes the suggestions of a row, or of every row, as they are. */
  accept(itemType?: number): void {
    const taken = this.#suggestions().filter(
      (p) => itemType === undefined || p.item_type === itemType,
    );
    this.#accepted = new Set([...this.#accepted, ...taken.map(keyOf)]);
  }

  /** Goes back to what is proposed; it then counts as suggested again. */
  reset(): void {
    this.#accepted = new Set();
    this.#change((this.hierarchy?.proposals ?? []).map(pairOf));
  }

  /** Checks and samples once more, at once. */
  again(): void {
    this.#judgeSoon(0);
  }

  /** Saves the pairs. Rejects with an `ApiError`; the refusals then stand in their rows. */
  async save(): Promise<void> {
    const pairs = [...this.pairs];
    try {
      await call("hierarchy_save", { integration_id: this.integrationId, pairs });
    } catch (thrown) {
      this.again();
      throw thrown;
    }
    keep(this.#key, undefined);
    if (this.hierarchy) this.hierarchy = { ...this.hierarchy, pairs, saved: true };
    this.#accepted = new Set();
  }

  get #key(): string {
    return `hierarchy.${String(this.integrationId)}`;
  }

  #suggestions(): readonly TypeProposal[] {
    const { hierarchy } = this;
    if (!hierarchy) return [];
    const settled = new Set([
      ...this.#accepted,
      ...(hierarchy.saved ? hierarchy.pairs.map(keyOf) : []),
    ]);
    const chosen = new Set(this.pairs.map(keyOf));
    return hierarchy.proposals.filter((p) => chosen.has(keyOf(p)) && !settled.has(keyOf(p)));
  }

  async #load(refresh: boolean): Promise<void> {
    const turn = ++this.#loadTurn;
    this.loading = true;
    try {
      const answer = await call("hierarchy", { integration_id: this.integrationId, refresh });
      if (turn !== this.#loadTurn) return;
      const restored = this.hierarchy ? undefined : readKept<readonly TypePair[]>(this.#key);
      if (restored) this.pairs = restored;
      const kept = restored !== undefined || this.dirty;
      this.hierarchy = answer;
      this.error = undefined;
      if (!kept) {
        this.pairs = answer.pairs;
        this.remarks = answer.remarks;
      }
      this.#judgeSoon(0, kept);
    } catch (thrown) {
      if (turn === this.#loadTurn) this.error = ApiError.from(thrown);
    } finally {
      if (turn === this.#loadTurn) this.loading = false;
    }
  }

  #change(pairs: readonly TypePair[]): void {
    this.pairs = pairs;
    keep(this.#key, this.dirty ? pairs : undefined);
    this.#judgeSoon(CHECK_PAUSE_MS);
  }

  /** Asks after a pause; every answer that is still on its way counts as overtaken from now on. */
  #judgeSoon(pauseMs: number, check = true): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.checking = check;
    this.sampling = true;
    const judge = () => {
      if (check) void this.#check(turn);
      void this.#look(turn);
    };
    if (pauseMs === 0) judge();
    else this.#timer = setTimeout(judge, pauseMs);
  }

  async #check(turn: number): Promise<void> {
    try {
      const remarks = await call("hierarchy_check", this.#args());
      if (turn !== this.#turn) return;
      this.remarks = remarks;
      this.checkError = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.checkError = ApiError.from(thrown);
    } finally {
      if (turn === this.#turn) this.checking = false;
    }
  }

  async #look(turn: number): Promise<void> {
    try {
      const sample = await call("hierarchy_sample", this.#args());
      if (turn !== this.#turn) return;
      this.sample = sample;
      this.sampleError = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.sampleError = ApiError.from(thrown);
    } finally {
      if (turn === this.#turn) this.sampling = false;
    }
  }

  #args() {
    return { integration_id: this.integrationId, pairs: [...this.pairs] };
  }

  #inTreeOrder(pairs: readonly TypePair[]): readonly TypePair[] {
    const order = this.rows.map((row) => row.type.id);
    return pairs.toSorted((a, b) => order.indexOf(a.item_type) - order.indexOf(b.item_type));
  }

  /** Refusals first; the same sentence about several Jira types stands once. */
  #merge(remarks: readonly TypeRemark[]): readonly RowRemark[] {
    const names = new Map(this.hierarchy?.remote_types.map((type) => [type.id, type.name]));
    const merged = new Map<string, RowRemark>();
    for (const { severity, text, remote_type } of remarks) {
      const known = merged.get(text)?.about ?? [];
      const name = remote_type === null ? undefined : (names.get(remote_type) ?? remote_type);
      const about = name === undefined || known.includes(name) ? known : [...known, name];
      merged.set(text, { severity, text, about });
    }
    const refusalsFirst = (a: RowRemark, b: RowRemark) =>
      Number(b.severity === "refusal") - Number(a.severity === "refusal");
    return [...merged.values()].toSorted(refusalsFirst);
  }

  #nameOf(itemType: number): string {
    const types = this.hierarchy?.levels.flatMap((level) => level.types);
    return types?.find((type) => type.id === itemType)?.singular ?? "another type";
  }
}

function pairOf({ item_type, remote_type }: TypeProposal): TypePair {
  return { item_type, remote_type };
}

function keyOf({ item_type, remote_type }: TypePair): string {
  return `${String(item_type)}:${remote_type}`;
}

function samePairs(a: readonly TypePair[], b: readonly TypePair[]): boolean {
  const keys = new Set(b.map(keyOf));
  return a.length === b.length && a.every((pair) => keys.has(keyOf(pair)));
}
