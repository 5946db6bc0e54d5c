/** Shares in percent, as somebody types them, and what they come to. */
import { formatNumber, plural } from "@/design/format.ts";

/** "20" -> 20; undefined for what is no whole number from 1 to 100. */
export function share(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{1,3}$/.test(trimmed)) return undefined;
  const percent = Number(trimmed);
  return percent >= 1 && percent <= 100 ? percent : undefined;
}

/**
 * What a share of `linked` items comes to, in words; fewer than `floor` are never asked about. Undefined if there is no
 * share.
 */
export function itemsOf(
  percent: number | undefined,
  linked: number,
  floor: number,
): string | undefined {
  if (percent === undefined) return undefined;
  if (percent === 100) return "Never asks.";
  const most = Math.max(Math.floor((linked * percent) / 100), floor);
  const some = most === floor ? ", and never at fewer" : "";
  if (most >= linked) return `Asks at more than ${formatNumber(most)}${some}.`;
  return `Asks at more than ${formatNumber(most)} of ${plural(linked, "item", "items")}${some}.`;
}
