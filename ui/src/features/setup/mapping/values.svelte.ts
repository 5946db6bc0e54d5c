/** What is proposed for the choices of pairs of select fields, asked for when a row is looked at. */
import type { FieldPair, ValuePair, Values } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";

/** One of Jira's choices and what it becomes. */
export interface ValueRow {
  readonly id: string;
  readonly name: string;
  /** The workspace's choice; none if it is not mapped. */
  readonly option: number | null;
  /** Filled in by the proposal and not yet confirmed: how sure, in percent, and why. */
  readonly suggestion?: { readonly confidence: number; readonly reason: string };
}

interface Known {
  readonly values?: Values;
  readonly error?: ApiError;
}

export class ValueMaps {
  readonly #integrationId: number;
  #known = $state.raw<ReadonlyMap<string, Known>>(new Map());
  /** Choices that the proposal filled in and nobody confirmed. */
  #open = $state.raw<ReadonlySet<string>>(new Set());

  constructor(integrationId: number) {
    this.#integrationId = integrationId;
  }

  /** Forgets what was asked for; what was decided stays in the pairs. */
  clear(): void {
    this.#known = new Map();
  }

  /** Why the choices of a pair could not be read. */
  errorOf(pair: FieldPair): ApiError | undefined {
    return this.#known.get(keyOf(pair))?.error;
  }

  /** Whether a choice that is not mapped is added to the workspace; unknown until it was asked for. */
  growsOf(pair: FieldPair): boolean | undefined {
    return this.#known.get(keyOf(pair))?.values?.grows;
  }

  /** The choices of a pair as they stand; absent until they are known. */
  rowsOf(pair: FieldPair): readonly ValueRow[] | undefined {
    const known = this.#known.get(keyOf(pair))?.values;
    if (!known) return undefined;
    const decided = new Map(pair.values.map((value) => [value.remote_option, value.option]));
    return known.lines.map(({ remote, option, confidence, reason }) => {
      const chosen = decided.get(remote.id) ?? null;
      const row = { id: remote.id, name: remote.name, option: chosen };
      const open = chosen !== null && chosen === option && this.#open.has(lineOf(pair, remote.id));
      return open ? { ...row, suggestion: { confidence, reason } } : row;
    });
  }

  /** Asks what is proposed, once for each pair. Gives what can be filled in. Never rejects. */
  async propose(pair: FieldPair): Promise<readonly ValuePair[]> {
    const values = this.#known.get(keyOf(pair))?.values ?? (await this.#ask(pair));
    if (!values) return [];
    const proposed = values.lines
      .filter((line) => line.option !== null)
      .map((line) => ({ remote_option: line.remote.id, option: line.option }));
    const decided = new Set(pair.values.map((value) => value.remote_option));
    const fresh = proposed.filter((value) => !decided.has(value.remote_option));
    this.#open = new Set([...this.#open, ...fresh.map((v) => lineOf(pair, v.remote_option))]);
    return fresh;
  }

  /** Somebody decided about this choice. */
  settle(pair: FieldPair, remoteOption: string): void {
    const open = new Set(this.#open);
    open.delete(lineOf(pair, remoteOption));
    this.#open = open;
  }

  /** Everything that was filled in has been saved. */
  settleAll(): void {
    this.#open = new Set();
  }

  async #ask(pair: FieldPair): Promise<Values | undefined> {
    const { field, remote_field } = pair;
    const args = { integration_id: this.#integrationId, field, remote_field };
    try {
      const values = await call("field_values", args);
      this.#keep(pair, { values });
      return values;
    } catch (thrown) {
      this.#keep(pair, { error: ApiError.from(thrown) });
      return undefined;
    }
  }

  #keep(pair: FieldPair, known: Known): void {
    this.#known = new Map(this.#known).set(keyOf(pair), known);
  }
}

function keyOf({ field, remote_field }: FieldPair): string {
  return `${field}\n${remote_field}`;
}

function lineOf(pair: FieldPair, remoteOption: string): string {
  return `${keyOf(pair)}\n${remoteOption}`;
}
