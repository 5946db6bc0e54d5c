import type { IconType } from "./icon.ts";

/** Something that can be chosen in a Combobox. */
export interface Option<V extends string | number = string> {
  readonly value: V;
  readonly label: string;
  readonly icon?: IconType;
  /** A colour of the label palette, drawn as a dot. */
  readonly hue?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** What kind of thing it is, at the end of the line: "Single select", "Sub-task". */
  readonly kind?: string;
  /** A second line. */
  readonly description?: string;
  /** The heading under which it stands. */
  readonly group?: string;
  /** Cannot be chosen: stands greyed at the end, with the reason. */
  readonly disabled?: boolean;
  readonly reason?: string;
  /** Further words by which it is found. */
  readonly keywords?: string;
}

/** A line of the list: a heading, or an option with its place among the options. */
export type Line<V extends string | number> =
  { readonly heading: string } | { readonly option: Option<V>; readonly index: number };

const HEADING_PX = 28;
const LINE_PX = 32;
const TWO_LINES_PX = 48;

/** How high a line is drawn; fixed, so that long lists can be drawn in part. */
export function heightOf<V extends string | number>(line: Line<V>): number {
  if ("heading" in line) return HEADING_PX;
  return secondLine(line.option) ? TWO_LINES_PX : LINE_PX;
}

/** The text under the label, if any. */
export function secondLine<V extends string | number>(option: Option<V>): string | undefined {
  return option.disabled ? (option.reason ?? option.description) : option.description;
}

/** The options in which every word typed occurs; those whose label begins with them come first. */
export function matching<V extends string | number>(
  options: readonly Option<V>[],
  typed: string,
): readonly Option<V>[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  const whole = words.join(" ");
  const hits = options.filter((option) => {
    const text = [option.label, option.kind, option.description, option.keywords]
      .join(" ")
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = (option: Option<V>) => option.label.toLocaleLowerCase().startsWith(whole);
  return [...hits.filter(begins), ...hits.filter((option) => !begins(option))];
}

/** Lays options out as lines: groups in the order they are met, what cannot be chosen at the end. */
export function linesOf<V extends string | number>(
  options: readonly Option<V>[],
  cannotHeading = "Cannot be chosen",
): readonly Line<V>[] {
  const can = options.filter((option) => !option.disabled);
  const cannot = options.filter((option) => option.disabled);
  const groups = new Map<string, Option<V>[]>();
  for (const option of can) {
    const name = option.group ?? "";
    const members = groups.get(name);
    if (members) members.push(option);
    else groups.set(name, [option]);
  }
  const lines: Line<V>[] = [];
  let index = 0;
  for (const [name, members] of groups) {
    if (name !== "") lines.push({ heading: name });
    for (const option of members) lines.push({ option, index: index++ });
  }
  if (cannot.length > 0) {
    lines.push({ heading: cannotHeading });
    for (const option of cannot) lines.push({ option, index: index++ });
  }
  return lines;
}
