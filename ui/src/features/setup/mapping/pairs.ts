/** Small changes to a pair of fields, and whether two lists of them are the same. */
import type { FieldPair } from "@/api/bindings.ts";

/** The pair with one of Jira's choices mapped to `option`, or to none. */
export function withValue(pair: FieldPair, remoteOption: string, option: number | null): FieldPair {
  const value = { remote_option: remoteOption, option };
  const known = pair.values.some((v) => v.remote_option === remoteOption);
  return {
    ...pair,
    values: known
      ? pair.values.map((v) => (v.remote_option === remoteOption ? value : v))
      : [...pair.values, value],
  };
}

/** Whether both lists hold the same pairs, in whatever order. */
export function samePairs(a: readonly FieldPair[], b: readonly FieldPair[]): boolean {
  const keys = new Set(b.map(keyOf));
  return a.length === b.length && a.every((pair) => keys.has(keyOf(pair)));
}

function keyOf(pair: FieldPair): string {
  const values = pair.values
    .filter((value) => value.option !== null)
    .map((value) => [value.remote_option, value.option])
    .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  return JSON.stringify([pair.field, pair.remote_field, pair.direction, pair.winner, values]);
}
