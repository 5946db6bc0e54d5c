import type { Hierarchy, SampleTree, TypeChoice, TypePair, TypeRemark } from "@/api/bindings.ts";
import { ISSUES, LEVELS, PROPOSED, REMOTE_TYPES, type Face } from "./schema.ts";

const TYPES = LEVELS.flatMap((level, depth) => level.types.map((type) => ({ ...type, depth })));
/** Jira levels that each of our levels takes. */
const RANGES = [
  [1, 3],
  [1, 2],
  [0, 0],
  [-1, 0],
] as const;

export function hierarchy(face: Face, saved: TypePair[] | undefined): Hierarchy {
  const proposals = PROPOSED[face].map(([item_type, remote_type, confidence, reason]) => ({
    item_type,
    remote_type,
    confidence,
    reason,
  }));
  const pairs =
    saved ?? proposals.map(({ item_type, remote_type }) => ({ item_type, remote_type }));
  const choices = TYPES.flatMap((type) =>
    REMOTE_TYPES[face].map((remote): TypeChoice => {
      const [lowest, highest] = RANGES[type.depth] ?? [0, 0];
      const level = remote.level ?? 0;
      const fits = level >= lowest && level <= highest;
      return {
        item_type: type.id,
        remote_type: remote.id,
        refusal: fits ? null : `${remote.level_name} in Jira; does not fit this row`,
      };
    }),
  );
  return {
    levels: LEVELS,
    remote_types: REMOTE_TYPES[face],
    choices,
    pairs,
    proposals,
    saved: saved !== undefined,
    remarks: typeRemarks(face, pairs),
  };
}

export function typeRemarks(face: Face, pairs: TypePair[]): TypeRemark[] {
  if (pairs.length === 0) {
    const text = "No type is mapped, so nothing could be imported";
    return [{ item_type: null, remote_type: null, severity: "refusal", text }];
  }
  const level = (id: string) => REMOTE_TYPES[face].find((type) => type.id === id);
  const depth = (id: number) => TYPES.find((type) => type.id === id)?.depth ?? 0;
  const remarks: TypeRemark[] = [];
  for (const { item_type, remote_type } of pairs) {
    const above = pairs.find(
      (other) =>
        depth(other.item_type) < depth(item_type) &&
        (level(other.remote_type)?.level ?? 0) <= (level(remote_type)?.level ?? 0),
    );
    if (!above) continue;
    const parent = TYPES.find((type) => type.id === above.item_type)?.singular ?? "";
    const text = `Stands on the same level in Jira as ${level(above.remote_type)?.name ?? ""}, which is mapped to its parent ${parent}; neither can hold the other`;
    remarks.push({ item_type, remote_type, severity: "refusal", text });
  }
  const mapped = new Set(pairs.map((pair) => level(pair.remote_type)?.level));
  if (!mapped.has(1) && mapped.has(0)) {
    const text = "Nothing is mapped to Jira's Epic level, so these items stand without that parent";
    for (const { item_type, remote_type } of pairs)
      if (level(remote_type)?.level === 0)
        remarks.push({ item_type, remote_type, severity: "warning", text });
  }
  return remarks;
}

export function sampleTree(face: Face, pairs: TypePair[]): SampleTree {
  const types = REMOTE_TYPES[face];
  const placed = new Map<number, number>();
  return {
    nodes: ISSUES[face].map(([key, title, remote, parent], at) => {
      const item_type = pairs.find((pair) => pair.remote_type === remote)?.item_type ?? null;
      const above = parent === null ? undefined : placed.get(parent);
      const depth = item_type === null || above === undefined ? 0 : above + 1;
      if (item_type !== null) placed.set(at, depth);
      const orphan = item_type !== null && parent !== null && above === undefined;
      return {
        key,
        title,
        remote_type: types.find((type) => type.id === remote)?.name ?? remote,
        item_type,
        depth,
        remark:
          item_type === null
            ? "Its type is not mapped, so it is skipped"
            : orphan
              ? "Its parent's type is not mapped, so it stands at the top"
              : null,
      };
    }),
  };
}
