import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

type Theme = "light" | "dark";

/** A token's colour in one theme, as three channels from 0 to 255. */
function colour(name: string, theme: Theme): [number, number, number] {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1]?.trim();
  if (value === undefined) throw new Error(`there is no token --${name}`);
  const reference = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (reference !== undefined) return colour(reference, theme);
  const both = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value);
  const hex = both ? both[theme === "light" ? 1 : 2] : value;
  const channels = /^#(\w\w)(\w\w)(\w\w)$/.exec(hex ?? "");
  if (!channels) throw new Error(`--${name} is not a plain colour: ${value}`);
  return [1, 2, 3].map((i) => parseInt(channels[i] ?? "", 16)) as [number, number, number];
}

function luminance(rgb: [number, number, number]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [luminance(colour(one, theme)), luminance(colour(other, theme))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const STATES = ["connected", "agreed", "waiting", "broken"];
const BACKGROUNDS = ["surface", "canvas", "raised", "hover", "pressed", "highlight", "n-2"];

/** Text over what it may stand on. */
const TEXT: [string, string][] = [
  ...BACKGROUNDS.flatMap((under): [string, string][] => [
    ["text", under],
    ["text-quiet", under],
  ]),
  ...["surface", "canvas", "raised", "hover"].map((under): [string, string] => [
    "accent-text",
    under,
  ]),
  ...STATES.flatMap((state): [string, string][] => [
    [`${state}-text`, `${state}-surface`],
    [`${state}-text`, "surface"],
    [`${state}-text`, "canvas"],
    ["text", `${state}-surface`],
    ["text-quiet", `${state}-surface`],
  ]),
  ...["accent", "accent-hover", "accent-pressed"].map((under): [string, string] => [
    "on-accent",
    under,
  ]),
  ...["danger", "danger-hover", "danger-pressed"].map((under): [string, string] => [
    "on-danger",
    under,
  ]),
  ["text", "mark"],
];

/** Parts of controls, the focus ring and the hues of charts. */
const GRAPHICS: [string, string][] = [
  ["control-line", "surface"],
  ["control-line", "canvas"],
  ["focus", "surface"],
  ["focus", "canvas"],
  ["accent", "surface"],
  ...[1, 2, 3, 4, 5, 6, 7].map((hue): [string, string] => [`hue-${hue}`, "surface"]),
];

describe.each<Theme>(["light", "dark"])("the %s theme", (theme) => {
  test.each(TEXT)("--%s on --%s is readable as text", (text, under) => {
    expect(contrast(text, under, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(GRAPHICS)("--%s on --%s can be made out", (part, under) => {
    expect(contrast(part, under, theme)).toBeGreaterThanOrEqual(3);
  });
});
