import type { SortColumn } from "@/api/bindings.ts";

export type ColumnId = Exclude<SortColumn, "rank" | "item_type">;

/** A column of the list. */
export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  /** Pixels; the title takes what is left, at least this. */
  readonly width: number;
  readonly align?: "end";
}

export const COLUMNS: readonly Column[] = [
  { id: "key", label: "Key", width: 88 },
  { id: "title", label: "Title", width: 250 },
  { id: "status", label: "Status", width: 128 },
  { id: "dev_status", label: "Dev Status", width: 112 },
  { id: "importance", label: "Importance", width: 88 },
  { id: "dev_assignee", label: "Dev assignee", width: 140 },
  { id: "story_points", label: "Points", width: 64, align: "end" },
];

/** Where there is no room, the first of these goes first. */
const SPARED: readonly ColumnId[] = [
  "dev_assignee",
  "dev_status",
  "importance",
  "story_points",
  "status",
  "key",
];

export const TICK_PX = 32;

/** What there is to show, sort and filter by; the status only where items have one. */
export function columnsOf({ statusesUsed }: { readonly statusesUsed: boolean }): readonly Column[] {
  return statusesUsed ? COLUMNS : COLUMNS.filter((column) => column.id !== "status");
}

/** The columns of `all` that fit into `width` pixels, without those that the user hid. */
export function columnsFor(
  width: number,
  hidden: ReadonlySet<string>,
  all: readonly Column[] = COLUMNS,
): readonly Column[] {
  let shown = all.filter((column) => !hidden.has(column.id));
  const needed = () => shown.reduce((sum, column) => sum + column.width, TICK_PX);
  for (const spared of SPARED) {
    if (needed() <= width) break;
    shown = shown.filter((column) => column.id !== spared);
  }
  return shown;
}

/** The grid tracks of the columns. */
export function tracksOf(columns: readonly Column[]): string {
  const tracks = columns.map((column) =>
    column.id === "title" ? "minmax(0, 1fr)" : `${column.width}px`,
  );
  return [`${TICK_PX}px`, ...tracks].join(" ");
}
