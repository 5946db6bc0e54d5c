import type { BacklogQuery, SortColumn } from "@/api/bindings.ts";

/** What the list shows and in which order; kept in the address, so that a reload keeps it. */
export interface Filters {
  readonly search: string;
  readonly levels: readonly number[];
  readonly types: readonly number[];
  readonly statuses: readonly number[];
  readonly devStatuses: readonly string[];
  readonly areaId: number | null;
  readonly sort: SortColumn;
  readonly descending: boolean;
}

/** Which items hide their children: all but `except`, or none but `except`. */
export interface Folding {
  readonly all: boolean;
  readonly except: ReadonlySet<number>;
}

export const NO_FILTERS: Filters = {
  search: "",
  levels: [],
  types: [],
  statuses: [],
  devStatuses: [],
  areaId: null,
  sort: "rank",
  descending: false,
};

export const UNFOLDED: Folding = { all: false, except: new Set() };

const SORTS: readonly SortColumn[] = [
  "rank",
  "key",
  "title",
  "item_type",
  "status",
  "dev_status",
  "importance",
  "dev_assignee",
  "story_points",
];

/** True when something is filtered out; the order is not a filter. */
export function narrows(filters: Filters): boolean {
  return (
    filters.search.trim() !== "" ||
    filters.levels.length > 0 ||
    filters.types.length > 0 ||
    filters.statuses.length > 0 ||
    filters.devStatuses.length > 0 ||
    filters.areaId !== null
  );
}

/** The question as the engine takes it. */
export function toQuery(filters: Filters, folding: Folding): BacklogQuery {
  return {
    search: filters.search.trim(),
    levels: [...filters.levels],
    types: [...filters.types],
    statuses: [...filters.statuses],
    dev_statuses: [...filters.devStatuses],
    area_id: filters.areaId,
    sort: filters.sort,
    descending: filters.descending,
    collapsed: [...folding.except],
    collapse_all: folding.all,
  };
}

/** What differs from the plain list, as the query part of an address. */
export function toParams(filters: Filters): Record<string, string> {
  const params: Record<string, string> = {};
  const put = (key: string, values: readonly (string | number)[]) => {
    if (values.length > 0) params[key] = JSON.stringify(values).slice(1, -1);
  };
  if (filters.search !== "") params.q = filters.search;
  put("level", filters.levels);
  put("type", filters.types);
  put("status", filters.statuses);
  put("dev", filters.devStatuses);
  if (filters.areaId !== null) params.area = String(filters.areaId);
  if (filters.sort !== "rank") params.sort = filters.sort;
  if (filters.descending) params.desc = "1";
  return params;
}

/** Reads an address; what it does not say, or says wrongly, is as in the plain list. */
export function fromParams(params: URLSearchParams): Filters {
  const list = (key: string): unknown[] => {
    try {
      const read: unknown = JSON.parse(`[${params.get(key) ?? ""}]`);
      return Array.isArray(read) ? read : [];
    } catch {
      return [];
    }
  };
  const ids = (key: string) => list(key).filter((one): one is number => Number.isSafeInteger(one));
  const area = Number(params.get("area") ?? Number.NaN);
  return {
    search: params.get("q") ?? "",
    levels: ids("level"),
    types: ids("type"),
    statuses: ids("status"),
    devStatuses: list("dev").filter((one): one is string => typeof one === "string"),
    areaId: Number.isSafeInteger(area) ? area : null,
    sort: SORTS.find((sort) => sort === params.get("sort")) ?? "rank",
    descending: params.get("desc") === "1",
  };
}

/** The order after a click on a column's heading: up, then down, then as people ranked it. */
export function nextSort(
  filters: Filters,
  column: SortColumn,
): Pick<Filters, "sort" | "descending"> {
  if (filters.sort !== column) return { sort: column, descending: false };
  if (!filters.descending) return { sort: column, descending: true };
  return { sort: "rank", descending: false };
}

/** Hides or shows the children of one item. */
export function fold(folding: Folding, id: number, hidden: boolean): Folding {
  const except = new Set(folding.except);
  if (hidden === folding.all) except.delete(id);
  else except.add(id);
  return { all: folding.all, except };
}
