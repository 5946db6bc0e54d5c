/** How sure a suggestion is and why, in one line. */
import { formatPercent } from "@/design/format.ts";

interface Reasoned {
  readonly confidence: number;
  readonly reason: string;
}

/** "98% · Same level, same name"; of several, the least sure and every reason once. */
export function said(suggestions: readonly Reasoned[]): string {
  const least = Math.min(...suggestions.map((s) => s.confidence));
  const reasons = [...new Set(suggestions.map((s) => s.reason))];
  const from = suggestions.some((s) => s.confidence !== least) ? "from " : "";
  return `${from}${formatPercent(least / 100)} · ${reasons.join("; ")}`;
}

/** "98% sure". */
export function sure(confidence: number): string {
  return `${formatPercent(confidence / 100)} sure`;
}
