import type { IconType } from "./icon.ts";

/** One entry of a menu. */
export interface MenuAction {
  readonly label: string;
  readonly icon?: IconType;
  /** Shown only; register the shortcut itself as an action. */
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Why it is disabled; shown under the label. */
  readonly reason?: string;
  readonly run: () => void;
}

/** An entry, a line between entries, or a heading over the ones that follow. */
export type MenuEntry = MenuAction | "line" | { readonly heading: string };
