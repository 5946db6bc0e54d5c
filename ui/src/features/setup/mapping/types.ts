/** How the workspace's types look: their icon and colour by the names that the engine gives. */
import Bookmark from "@lucide/svelte/icons/bookmark";
import BookOpen from "@lucide/svelte/icons/book-open";
import Bug from "@lucide/svelte/icons/bug";
import FileCheck from "@lucide/svelte/icons/file-check";
import Flag from "@lucide/svelte/icons/flag";
import Layers from "@lucide/svelte/icons/layers";
import Lightbulb from "@lucide/svelte/icons/lightbulb";
import Puzzle from "@lucide/svelte/icons/puzzle";
import Rocket from "@lucide/svelte/icons/rocket";
import Shapes from "@lucide/svelte/icons/shapes";
import Shield from "@lucide/svelte/icons/shield";
import Sparkles from "@lucide/svelte/icons/sparkles";
import SquareCheck from "@lucide/svelte/icons/square-check";
import Target from "@lucide/svelte/icons/target";
import TrendingUp from "@lucide/svelte/icons/trending-up";
import Wrench from "@lucide/svelte/icons/wrench";
import Zap from "@lucide/svelte/icons/zap";
import type { IconType } from "@/design/icon.ts";
import type { Option } from "@/design/option.ts";

const ICONS: Readonly<Record<string, IconType>> = {
  bookmark: Bookmark,
  "book-open": BookOpen,
  bug: Bug,
  "file-check": FileCheck,
  flag: Flag,
  layers: Layers,
  lightbulb: Lightbulb,
  puzzle: Puzzle,
  rocket: Rocket,
  shield: Shield,
  sparkles: Sparkles,
  "square-check": SquareCheck,
  target: Target,
  "trending-up": TrendingUp,
  wrench: Wrench,
  zap: Zap,
};

type Hue = NonNullable<Option["hue"]>;

const HUES: Readonly<Record<string, Hue>> = {
  blue: 1,
  cyan: 2,
  teal: 2,
  violet: 3,
  amber: 4,
  orange: 4,
  pink: 5,
  red: 5,
  green: 6,
  slate: 7,
};

/** The icon of a type; a plain one for a name that this version does not draw. */
export function typeIcon(name: string): IconType {
  return ICONS[name] ?? Shapes;
}

/** The hue of a named colour; grey for one that the palette does not have. */
export function hueOf(colour: string | null): Hue {
  return HUES[colour ?? ""] ?? 7;
}
