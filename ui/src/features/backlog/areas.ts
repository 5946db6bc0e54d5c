import type { Area } from "@/api/bindings.ts";

/** An area at its place in the tree. */
export interface AreaRow {
  readonly area: Area;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly expanded: boolean;
}

/** The areas as rows from top to bottom, without what lies in closed ones. */
export function areaRows(areas: readonly Area[], closed: ReadonlySet<number>): readonly AreaRow[] {
  const below = new Map<number | null, Area[]>();
  const known = new Set(areas.map((area) => area.id));
  for (const area of areas) {
    const parent = area.parent_id !== null && known.has(area.parent_id) ? area.parent_id : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(area);
    else below.set(parent, [area]);
  }
  const rows: AreaRow[] = [];
  const walk = (parent: number | null, depth: number) => {
    for (const area of below.get(parent) ?? []) {
      const hasChildren = below.has(area.id);
      const expanded = hasChildren && !closed.has(area.id);
      rows.push({ area, depth, hasChildren, expanded });
      if (expanded) walk(area.id, depth + 1);
    }
  };
  walk(null, 0);
  return rows;
}

/** The names from the top down to an area. */
export function areaPath(areas: readonly Area[], id: number): readonly string[] {
  const names: string[] = [];
  const seen = new Set<number>();
  let at = areas.find((area) => area.id === id);
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    names.unshift(at.name);
    const parent = at.parent_id;
    at = parent === null ? undefined : areas.find((area) => area.id === parent);
  }
  return names;
}
