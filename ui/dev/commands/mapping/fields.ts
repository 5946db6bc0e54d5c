import type {
  Direction,
  FieldMapping,
  FieldPair,
  FieldRemark,
  FieldSuggestion,
  Values,
} from "@/api/bindings.ts";
import { fail } from "../../mock.ts";
import { remoteFields, workspaceFields, type Face } from "./schema.ts";

const pair = (
  field: string,
  remote_field: string,
  core = false,
  direction: Direction = "both",
): FieldPair => ({ field, remote_field, direction, winner: "ask", values: [], core });

function withValues(face: Face, given: FieldPair): FieldPair {
  const { lines } = fieldValues(face, given.field, given.remote_field);
  const values = lines
    .filter((line) => line.option !== null)
    .map((line) => ({ remote_option: line.remote.id, option: line.option }));
  return { ...given, values };
}

const CORE: [string, string, Direction][] = [
  ["title", "summary", "both"],
  ["description", "description", "both"],
  ["importance", "priority", "both"],
  ["dev_assignee", "assignee", "both"],
  ["sprint", "customfield_10020", "from_remote"],
];

const SUGGESTED: [string, string, number, string, Direction][] = [
  ["story_points", "customfield_10016", 98, "Jira itself uses it for the board's estimate", "both"],
  ["components", "components", 98, "Jira itself uses it for components", "both"],
  ["quarter", "fixVersions", 98, "Jira itself uses it for fix versions", "both"],
  ["labels", "labels", 98, "Jira itself uses it for labels", "both"],
  ["target_date", "duedate", 96, "Jira itself uses it for the due date", "both"],
  ["team", "customfield_10001", 95, "Jira itself uses it for the team", "both"],
  ["objective", "customfield_10039", 90, "Same kind, same name", "both"],
  ["custom:1", "customfield_10031", 61, "Same kind, similar name", "to_remote"],
];

export function fieldMapping(face: Face, saved: FieldPair[] | undefined): FieldMapping {
  const core = CORE.map(([field, remote, way]) => withValues(face, pair(field, remote, true, way)));
  const pairs = saved ?? core;
  const suggestions = SUGGESTED.filter(([field]) => !pairs.some((p) => p.field === field)).map(
    ([field, remote, confidence, reason, way]): FieldSuggestion => ({
      pair: withValues(face, pair(field, remote, false, way)),
      confidence,
      reason,
    }),
  );
  return {
    fields: workspaceFields(face),
    remote_fields: remoteFields(face),
    pairs,
    suggestions,
    remarks: fieldRemarks(face, pairs),
    saved: saved !== undefined,
  };
}

export function fieldRemarks(face: Face, pairs: FieldPair[]): FieldRemark[] {
  const remotes = remoteFields(face);
  const remarks: FieldRemark[] = [];
  for (const [at, { field, remote_field }] of pairs.entries()) {
    const remote = remotes.find((one) => one.id === remote_field);
    if (!remote) {
      const text = "This field is gone from the Jira project";
      remarks.push({ field, remote_field, severity: "refusal", text });
    } else if (pairs.slice(0, at).some((other) => other.remote_field === remote_field)) {
      remarks.push({
        field,
        remote_field,
        severity: "refusal",
        text: "Stands in an earlier row already",
      });
    } else if (remote.on_create === false) {
      const text = "Not on Jira's create screen of Story, Bug and Task";
      remarks.push({ field, remote_field, severity: "warning", text });
    }
  }
  for (const one of pairs) {
    const { lines, grows } = fieldValues(face, one.field, one.remote_field);
    const decided = one.values.filter((value) => value.option !== null);
    const left = lines.filter((l) => !decided.some((v) => v.remote_option === l.remote.id));
    if (grows || left.length === 0) continue;
    const text = `Not mapped, so left empty: ${left.map((line) => line.remote.name).join(", ")}`;
    const { field, remote_field } = one;
    remarks.push({ field, remote_field, severity: "warning", text });
  }
  if (face === "cloud" && !pairs.some((one) => one.remote_field === "customfield_10030")) {
    const text =
      "Jira requires it for a new Bug, and nothing here fills it; pushing will ask for it";
    remarks.push({ field: null, remote_field: "customfield_10030", severity: "warning", text });
  }
  return remarks;
}

export function fieldValues(face: Face, field: string, remoteField: string): Values {
  const ours = workspaceFields(face).find((one) => one.key === field);
  const theirs = remoteFields(face).find((one) => one.id === remoteField);
  if (!ours || !theirs) throw fail("field_gone", { name: remoteField });
  const byOrder = field === "importance";
  return {
    grows: ["components", "sprint", "team", "quarter"].includes(field),
    lines: theirs.options.map((remote, at) => {
      const same = ours.options.find((option) => option.name === remote.name);
      if (same) return { remote, option: same.id, confidence: 100, reason: "Same name" };
      const placed = byOrder && at === 0 ? ours.options[0] : undefined;
      return {
        remote,
        option: placed?.id ?? null,
        confidence: placed ? 70 : 0,
        reason: placed ? "Same place in the order" : "",
      };
    }),
  };
}
