/** Fields of both sides as choices of a combobox. */
import type { Field, FieldMapping, FieldPair, RemoteField } from "@/api/bindings.ts";
import type { Option } from "@/design/option.ts";

/** What Jira's field is, in words: its kind, and whether somebody added it to the site. */
export function remoteKind(remote: RemoteField): string {
  return remote.custom ? `${remote.kind} · custom` : remote.kind;
}

/** Workspace fields that are not mapped, as choices; those that do not fit `remoteId` say why. */
export function fieldOptions(
  mapping: FieldMapping,
  pairs: readonly FieldPair[],
  remoteId: string | null,
): readonly Option[] {
  const used = new Set(pairs.map((pair) => pair.field));
  return mapping.fields
    .filter((field) => !used.has(field.key))
    .map((field): Option => {
      const option = { value: field.key, label: field.name, kind: field.kind };
      const refusal = field.choices.find((c) => c.remote_field === remoteId)?.refusal;
      if (refusal) return { ...option, disabled: true, reason: refusal };
      return field.sample === null
        ? option
        : { ...option, description: `For example ${field.sample}` };
    });
}

/**
 * Jira's fields as choices for `field`: those that fit exactly, those whose values are converted, and
 * greyed those that cannot be chosen. Which are taken is told from `pairs` as they stand.
 */
export function remoteOptions(
  mapping: FieldMapping,
  field: Field,
  pairs: readonly FieldPair[],
): readonly Option[] {
  const choices = new Map(field.choices.map((choice) => [choice.remote_field, choice]));
  const names = new Map(mapping.fields.map(({ key, name }) => [key, name]));
  const holders = new Map(pairs.map((pair) => [pair.remote_field, pair.field]));
  // Pairs that the refusals were made for. One that has gone since may have been the reason, so that
  // its Jira field is offered; the check then has the last word.
  const before = new Map(mapping.pairs.map((pair) => [pair.remote_field, pair.field]));

  const options = mapping.remote_fields.map((remote): Option => {
    const choice = choices.get(remote.id);
    const holder = holders.get(remote.id);
    const base = {
      value: remote.id,
      label: remote.name,
      kind: remoteKind(remote),
      keywords: remote.id,
    };
    const freed = holder === undefined && (before.get(remote.id) ?? field.key) !== field.key;
    const refusal = freed ? null : (choice?.refusal ?? null);
    const taken =
      holder !== undefined && holder !== field.key
        ? `Already mapped to ${names.get(holder) ?? holder}`
        : null;
    const reason = taken ?? (holder === field.key ? null : refusal);
    if (reason !== null) return { ...base, disabled: true, reason };
    const sample = remote.sample === null ? undefined : `For example ${remote.sample}`;
    const description = [choice?.note, sample].filter(Boolean).join(" · ");
    return {
      ...base,
      group: choice?.note ? "Converted on the way" : "Fits as it is",
      ...(description === "" ? {} : { description }),
    };
  });
  // Groups stand in the order in which they are met.
  const exact = options.filter((option) => option.group !== "Converted on the way");
  return [...exact, ...options.filter((option) => option.group === "Converted on the way")];
}
