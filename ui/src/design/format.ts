/** Numbers and times as people read them. All take the locale of the machine unless told. */

let locale: string | undefined = ownLocale();

/** Sets the locale for numbers and times; tests and pictures use "en". */
export function setLocale(next: string | undefined): void {
  locale = next ?? ownLocale();
  made.clear();
}

/** The machine's, unless it has none of its own: the POSIX one writes 1284 and dates that nobody reads. */
function ownLocale(): string | undefined {
  const { locale } = new Intl.NumberFormat().resolvedOptions();
  return locale.endsWith("posix") ? "en" : undefined;
}

/** Formatters by what they are for: making one costs a hundred times as much as using it. */
const made = new Map<string, unknown>();

function once<T>(name: string, make: () => T): T {
  const known = made.get(name);
  if (known !== undefined) return known as T;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
}

/** 12840 -> "12,840". At most `digits` decimals, 0 unless told. */
export function formatNumber(value: number, digits = 0): string {
  return once(
    `number ${String(digits)}`,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }),
  ).format(value);
}

/** 0.347 -> "35%". Never says 100% before it is, nor 0% once something is done. */
export function formatPercent(share: number): string {
  const whole = Math.round(share * 100);
  const honest = share < 1 ? Math.min(whole, 99) : whole;
  return `${formatNumber(share > 0 ? Math.max(honest, 1) : 0)}%`;
}

/** (1, "issue", "issues") -> "1 issue"; (1284, ...) -> "1,284 issues". */
export function plural(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Bytes as "3.4 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, value < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? ""}`;
}

/** A duration in at most two units: "45 ms", "1.2 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${formatNumber(Math.round(ms))} ms`;
  if (ms < 10_000) return `${formatNumber(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${formatNumber(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return join(hours, "h", minutes % 60, "min");
  return join(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** How long ago (or until) a moment is: "just now", "3 minutes ago", "in 2 days". */
export function formatRelative(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  const relative = once(
    "relative",
    () => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" }),
  );
  const steps: [Intl.RelativeTimeFormatUnit, number, number][] = [
    ["second", 60, 1],
    ["minute", 3600, 60],
    ["hour", 86_400, 3600],
    ["day", 604_800, 86_400],
    ["week", 2_629_800, 604_800],
    ["month", 31_557_600, 2_629_800],
  ];
  const [unit, , size] = steps.find(([, below]) => Math.abs(seconds) < below) ?? [
    "year" as const,
    Infinity,
    31_557_600,
  ];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** The exact moment, with seconds and zone: what stands behind a relative time. */
export function formatExact(at: number): string {
  return once(
    "exact",
    () => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }),
  ).format(at);
}

/** A calendar day ("2026-11-23", no time zone) as "23 Nov 2026". */
export function formatDay(iso: string): string {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return iso;
  return once(
    "day",
    () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }),
  ).format(day);
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  const head = `${formatNumber(big)} ${bigUnit}`;
  return small === 0 ? head : `${head} ${formatNumber(small)} ${smallUnit}`;
}
