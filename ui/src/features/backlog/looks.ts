import Bookmark from "@lucide/svelte/icons/bookmark";
import Box from "@lucide/svelte/icons/box";
import Bug from "@lucide/svelte/icons/bug";
import CircleDot from "@lucide/svelte/icons/circle-dot";
import FileCheck from "@lucide/svelte/icons/file-check";
import Flag from "@lucide/svelte/icons/flag";
import Layers from "@lucide/svelte/icons/layers";
import Lightbulb from "@lucide/svelte/icons/lightbulb";
import Puzzle from "@lucide/svelte/icons/puzzle";
import SquareCheck from "@lucide/svelte/icons/square-check";
import Star from "@lucide/svelte/icons/star";
import TrendingUp from "@lucide/svelte/icons/trending-up";
import Zap from "@lucide/svelte/icons/zap";
import type { CreateState } from "@/api/bindings.ts";
import type { IconType } from "@/design/icon.ts";

const ICONS: Readonly<Record<string, IconType>> = {
  bookmark: Bookmark,
  box: Box,
  bug: Bug,
  "file-check": FileCheck,
  flag: Flag,
  layers: Layers,
  lightbulb: Lightbulb,
  puzzle: Puzzle,
  "square-check": SquareCheck,
  star: Star,
  "trending-up": TrendingUp,
  zap: Zap,
};

/** The icon of an item type by the name that the workspace gives it. */
export function iconOf(name: string | null | undefined): IconType {
  return (name ? ICONS[name] : undefined) ?? CircleDot;
}

type Hue = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const HUES: Readonly<Record<string, Hue>> = {
  blue: 1,
  indigo: 1,
  teal: 2,
  cyan: 2,
  violet: 3,
  purple: 3,
  amber: 4,
  orange: 4,
  yellow: 4,
  pink: 5,
  magenta: 5,
  green: 6,
  lime: 6,
  slate: 7,
  gray: 7,
  grey: 7,
};

/** The hue of the label palette that stands for a named colour, where one does. */
export function hueOf(name: string | null | undefined): Hue | undefined {
  return name ? HUES[name] : undefined;
}

/** A named colour of the workspace as one of the tokens. */
export function colourOf(name: string | null | undefined): string {
  if (name === "red") return "var(--danger)";
  if (name === "cyan") return "color-mix(in srgb, var(--hue-1) 50%, var(--hue-2))";
  return `var(--hue-${hueOf(name) ?? 7})`;
}

/** The same person always in the same colour. */
export function colourOfPerson(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return `var(--hue-${(sum % 6) + 1})`;
}

/** "Ana María Ruiz" is AR, "田中 太郎" is 田太, "bot" is B. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

/** How far the making of an item's issue has come, in words. */
export function createWord(create: CreateState): string {
  if (create.under_way) return "Being created";
  if (create.parked) return "Not created";
  return create.waits_for === null ? "Waiting to be created" : "Waits for its parent";
}
