import type { Component } from "svelte";
import type { IconType } from "@/design/icon.ts";

/** What the shell passes to a feature's screen. */
export interface ScreenProps {
  /** What follows the feature's own route: for `#/backlog/ITEM-7/history`, `["ITEM-7", "history"]`. */
  readonly path: readonly string[];
  /** What follows `?` in the address. */
  readonly query: URLSearchParams;
}

/** A feature as the shell knows it. Put it in `src/features/<id>/feature.ts` as `export const feature`. */
export interface Feature {
  readonly id: FeatureId;
  readonly title: string;
  readonly icon: IconType;
  /** Begins with a slash and has one part: `/backlog`. Deeper addresses come to the same component. */
  readonly route: string;
  readonly component: Component<ScreenProps>;
  /** Runs once when the window starts, for counts, status and palette actions. Returns what undoes it. */
  readonly start?: () => () => void;
}

/** The screens that the navigation names, in its order. */
export const FEATURE_IDS = [
  "setup",
  "backlog",
  "integrations",
  "conflicts",
  "problems",
  "disconnected",
  "activity",
  "progress",
  "capacity",
  "settings",
] as const;

export type FeatureId = (typeof FEATURE_IDS)[number];
