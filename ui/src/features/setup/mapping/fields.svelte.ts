/**
 * Step 6's memory: the pairs of fields as they stand on the screen, what is suggested, what the engine
 * says about it. It outlives the screen, so that leaving the step loses nothing.
 */
import type {
  Direction,
  Field,
  FieldMapping,
  FieldPair,
  FieldRemark,
  FieldSuggestion,
  RemoteField,
  Winner,
} from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import type { Option } from "@/design/option.ts";
import { keep, readKept } from "../kept.ts";
import { fieldOptions, remoteOptions } from "./options.ts";
import { samePairs, withValue } from "./pairs.ts";
import { ValueMaps, type ValueRow } from "./values.svelte.ts";
import { ALL_DIRECTIONS } from "./words.ts";

/** How long nothing must change before the engine is asked about it. */
export const CHECK_PAUSE_MS = 200;
/** With more rows than this the list gets a filter. */
export const FILTER_FROM_ROWS = 20;

/** A pair and all that stands in its row. */
export interface PairRow {
  readonly pair: FieldPair;
  /** Absent if the workspace has no such field any more. */
  readonly field: Field | undefined;
  /** Absent if Jira has no such field any more. */
  readonly remote: RemoteField | undefined;
  /** What is converted or lost. */
  readonly note: string | undefined;
  /** Directions that it may have. */
  readonly directions: readonly Direction[];
  readonly remarks: readonly FieldRemark[];
  /** Whether both sides are lists of choices. */
  readonly selects: boolean;
}

export class FieldsController {
  readonly integrationId: number;

  /** What the engine last said; absent until the first answer. */
  mapping = $state.raw<FieldMapping>();
  /** The pairs as they stand on the screen. */
  pairs = $state.raw<readonly FieldPair[]>([]);
  /** What is to say about `pairs`; of the pairs before while `checking`. */
  remarks = $state.raw<readonly FieldRemark[]>([]);
  /** Why the fields could not be read. */
  error = $state.raw<ApiError>();
  /** Why the pairs could not be checked. */
  checkError = $state.raw<ApiError>();
  /** Whether the fields are being read. */
  loading = $state(false);
  /** Whether `remarks` belong to pairs that have changed since. */
  checking = $state(false);
  /** What was typed into the filter. */
  filter = $state("");
  /** Key of the field whose row has the attention. */
  focused = $state<string>();
  /** Keys of the fields whose rows show their detail. */
  expanded = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether the row for a further pair is open, and what was chosen in it so far. */
  adding = $state.raw<{ field: string | null; remote: string | null }>();

  /** Proposals for the choices of each pair. */
  readonly values: ValueMaps;

  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
  #loadTurn = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(integrationId: number) {
    this.integrationId = integrationId;
    this.values = new ValueMaps(integrationId);
  }

  /** Reads the fields, or reads them again with what was changed kept. Never rejects. */
  async open(): Promise<void> {
    await this.#load(false);
  }

  /** Has the engine ask Jira anew. What was changed is kept. Never rejects. */
  async refresh(): Promise<void> {
    this.values.clear();
    await this.#load(true);
  }

  /** Whether something was changed and not saved. */
  get dirty(): boolean {
    return this.mapping !== undefined && !samePairs(this.pairs, this.mapping.pairs);
  }

  /** Every pair, the core ones first, whatever the filter. */
  get rows(): readonly PairRow[] {
    const core = this.pairs.filter((pair) => pair.core);
    const further = this.pairs.filter((pair) => !pair.core);
    return [...core, ...further].map((pair) => this.#rowOf(pair));
  }

  /** The rows that the filter lets through. A row with a refusal is never hidden. */
  get shownRows(): readonly PairRow[] {
    const words = this.filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return this.rows.filter(({ field, remote, remarks, pair }) => {
      if (remarks.some((r) => r.severity === "refusal")) return true;
      const text = `${field?.name ?? pair.field} ${remote?.name ?? pair.remote_field}`;
      return words.every((word) => text.toLocaleLowerCase().includes(word));
    });
  }

  /** Whether there are so many rows that a filter helps. */
  get filterable(): boolean {
    return this.pairs.length + this.suggestions.length > FILTER_FROM_ROWS;
  }

  /** Suggestions that can still be taken, the surest first. */
  get suggestions(): readonly FieldSuggestion[] {
    return this.#open().filter((s) => !this.#dismissed.has(s.pair.field));
  }

  /** How many suggestions were dismissed and could be shown again. */
  get dismissed(): number {
    return this.#open().length - this.suggestions.length;
  }

  /** Workspace fields that are not mapped yet, as choices for a Jira field (or for any). */
  freeFields(remoteId: string | null): readonly Option[] {
    return this.mapping ? fieldOptions(this.mapping, this.pairs, remoteId) : [];
  }

  /** Remarks that belong to no row. */
  get generalRemarks(): readonly FieldRemark[] {
    const rows = new Set(this.pairs.map((pair) => pair.field));
    return this.remarks.filter((r) => r.field === null || !rows.has(r.field));
  }

  /** Why it cannot be saved; absent if it can. */
  get reason(): string | undefined {
    if (!this.mapping) return "The fields are still being read";
    const refusals = this.remarks.filter((r) => r.severity === "refusal");
    const rows = new Set(refusals.map((r) => r.field).filter((key) => key !== null));
    const [one] = rows;
    if (rows.size > 1) return `Correct ${String(rows.size)} rows first`;
    if (one !== undefined) return `Correct the row ${this.field(one)?.name ?? one} first`;
    return refusals[0]?.text;
  }

  /** A workspace field by its key. */
  field(key: string): Field | undefined {
    return this.mapping?.fields.find((field) => field.key === key);
  }

  /** A Jira field by its id. */
  remote(id: string): RemoteField | undefined {
    return this.mapping?.remote_fields.find((remote) => remote.id === id);
  }

  /** Jira's fields as choices for a workspace field; those that cannot be chosen say why. */
  optionsFor(key: string): readonly Option[] {
    const field = this.field(key);
    return this.mapping && field ? remoteOptions(this.mapping, field, this.pairs) : [];
  }

  /** Directions that make sense between two fields, the widest first. */
  directionsFor(key: string, remoteId: string): readonly Direction[] {
    const choice = this.field(key)?.choices.find((c) => c.remote_field === remoteId);
    const listed = choice && choice.refusal === null ? choice.directions : ALL_DIRECTIONS;
    return ALL_DIRECTIONS.filter((direction) => listed.includes(direction));
  }

  /** Gives a row another Jira field. Its direction stays if it still makes sense; its choices go. */
  setRemote(key: string, remoteId: string): void {
    const allowed = this.directionsFor(key, remoteId);
    this.#update(key, (pair) => ({
      ...pair,
      remote_field: remoteId,
      direction: allowed.includes(pair.direction) ? pair.direction : (allowed[0] ?? "both"),
      values: [],
    }));
    void this.#proposeValues(key);
  }

  /** Sets which way; one that makes no sense is passed over. */
  setDirection(key: string, direction: Direction): void {
    this.#update(key, (pair) =>
      this.directionsFor(key, pair.remote_field).includes(direction)
        ? { ...pair, direction }
        : pair,
    );
  }

  /** Sets who wins a conflict. */
  setWinner(key: string, winner: Winner): void {
    this.#update(key, (pair) => ({ ...pair, winner }));
  }

  /** Pairs one of Jira's choices with one of the workspace's, or with none. */
  setValue(key: string, remoteOption: string, option: number | null): void {
    const pair = this.#pair(key);
    if (!pair) return;
    this.values.settle(pair, remoteOption);
    this.#update(key, () => withValue(pair, remoteOption, option));
  }

  /** The choices of a pair, one line each; absent until they are known. */
  valueRows(pair: FieldPair): readonly ValueRow[] | undefined {
    return this.values.rowsOf(pair);
  }

  /** Opens the row for a further pair, perhaps with its Jira field chosen already. */
  beginAdding(remote: string | null = null): void {
    this.adding = { field: null, remote };
  }

  /** Chooses one half of the further pair; with both halves there it becomes a row. */
  chooseAdding(half: { field: string | null } | { remote: string | null }): void {
    const { field, remote } = { field: null, remote: null, ...this.adding, ...half };
    this.adding = { field, remote };
    if (field !== null && remote !== null) this.add(field, remote);
  }

  /** Closes the row for a further pair. */
  endAdding(): void {
    this.adding = undefined;
  }

  /** Adds a pair, with the widest direction that makes sense. */
  add(key: string, remoteId: string): void {
    if (this.#pair(key)) return;
    const [direction = "both"] = this.directionsFor(key, remoteId);
    const pair: FieldPair = {
      field: key,
      remote_field: remoteId,
      direction,
      winner: "ask",
      values: [],
      core: false,
    };
    this.adding = undefined;
    this.#change([...this.pairs, pair]);
    void this.#proposeValues(key);
  }

  /** Takes a pair away. A core pair stays. It is not suggested again unless asked for. */
  remove(key: string): void {
    if (this.#pair(key)?.core !== false) return;
    this.#dismissed = new Set([...this.#dismissed, key]);
    this.#change(this.pairs.filter((pair) => pair.field !== key));
  }

  /** Takes a suggestion. */
  accept(key: string): void {
    const suggestion = this.suggestions.find((s) => s.pair.field === key);
    if (suggestion) this.#take([suggestion]);
  }

  /** Takes every suggestion that is shown; of two for the same Jira field, the surer one. */
  acceptAll(): void {
    const remotes = new Set<string>();
    this.#take(
      this.suggestions.filter(({ pair }) => {
        const first = !remotes.has(pair.remote_field);
        remotes.add(pair.remote_field);
        return first;
      }),
    );
  }

  /** Hides a suggestion. */
  dismiss(key: string): void {
    this.#dismissed = new Set([...this.#dismissed, key]);
  }

  /** Shows dismissed suggestions again. */
  recall(): void {
    this.#dismissed = new Set();
  }

  /** Shows or hides the detail of a row. */
  toggle(key: string): void {
    const next = new Set(this.expanded);
    if (!next.delete(key)) next.add(key);
    this.expanded = next;
    if (next.has(key)) void this.#proposeValues(key);
  }

  /** Checks once more, at once. */
  again(): void {
    this.#judgeSoon(0);
  }

  /** Asks for the choices of a pair once more. */
  async reloadValues(key: string): Promise<void> {
    await this.#proposeValues(key);
  }

  /** Saves the pairs. Rejects with an `ApiError`; the refusals then stand in their rows. */
  async save(): Promise<void> {
    const pairs = [...this.pairs];
    try {
      await call("field_mapping_save", { integration_id: this.integrationId, pairs });
    } catch (thrown) {
      this.again();
      throw thrown;
    }
    keep(this.#key, undefined);
    if (this.mapping) this.mapping = { ...this.mapping, pairs, saved: true };
    this.values.settleAll();
  }

  get #key(): string {
    return `fields.${String(this.integrationId)}`;
  }

  #open(): readonly FieldSuggestion[] {
    const fields = new Set(this.pairs.map((pair) => pair.field));
    const remotes = new Set(this.pairs.map((pair) => pair.remote_field));
    return (this.mapping?.suggestions ?? [])
      .filter(({ pair }) => !fields.has(pair.field) && !remotes.has(pair.remote_field))
      .toSorted((a, b) => b.confidence - a.confidence);
  }

  #rowOf(pair: FieldPair): PairRow {
    const field = this.field(pair.field);
    const remote = this.remote(pair.remote_field);
    const choice = field?.choices.find((c) => c.remote_field === pair.remote_field);
    return {
      pair,
      field,
      remote,
      note: choice?.note ?? undefined,
      directions: this.directionsFor(pair.field, pair.remote_field),
      remarks: this.remarks
        .filter((remark) => remark.field === pair.field)
        .toSorted((a, b) => Number(b.severity === "refusal") - Number(a.severity === "refusal")),
      selects: (field?.options.length ?? 0) > 0 && (remote?.options.length ?? 0) > 0,
    };
  }

  #take(suggestions: readonly FieldSuggestion[]): void {
    if (suggestions.length === 0) return;
    this.#change([...this.pairs, ...suggestions.map((s) => s.pair)]);
  }

  #pair(key: string): FieldPair | undefined {
    return this.pairs.find((pair) => pair.field === key);
  }

  #update(key: string, change: (pair: FieldPair) => FieldPair): void {
    this.#change(this.pairs.map((pair) => (pair.field === key ? change(pair) : pair)));
  }

  /** Learns what is proposed for the choices of a row, and fills in those not decided yet. */
  async #proposeValues(key: string): Promise<void> {
    const asked = this.#pair(key);
    if (!asked || (this.remote(asked.remote_field)?.options.length ?? 0) === 0) return;
    const proposed = await this.values.propose(asked);
    const pair = this.#pair(key);
    if (pair?.remote_field !== asked.remote_field) return;
    const decided = new Set(pair.values.map((v) => v.remote_option));
    const fresh = proposed.filter((value) => !decided.has(value.remote_option));
    if (fresh.length > 0)
      this.#update(key, () => ({ ...pair, values: [...pair.values, ...fresh] }));
  }

  async #load(refresh: boolean): Promise<void> {
    const turn = ++this.#loadTurn;
    this.loading = true;
    try {
      const answer = await call("field_mapping", { integration_id: this.integrationId, refresh });
      if (turn !== this.#loadTurn) return;
      const restored = this.mapping ? undefined : readKept<readonly FieldPair[]>(this.#key);
      if (restored) this.pairs = restored;
      const kept = restored !== undefined || this.dirty;
      this.mapping = answer;
      this.error = undefined;
      if (kept) {
        this.again();
      } else {
        this.pairs = answer.pairs;
        this.remarks = answer.remarks;
      }
    } catch (thrown) {
      if (turn === this.#loadTurn) this.error = ApiError.from(thrown);
    } finally {
      if (turn === this.#loadTurn) this.loading = false;
    }
  }

  #change(pairs: readonly FieldPair[]): void {
    this.pairs = pairs;
    keep(this.#key, this.dirty ? pairs : undefined);
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
    const args = { integration_id: this.integrationId, pairs: [...this.pairs] };
    try {
      const remarks = await call("field_mapping_check", args);
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
