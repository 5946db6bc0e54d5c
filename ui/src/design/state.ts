import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CircleX from "@lucide/svelte/icons/circle-x";
import Clock from "@lucide/svelte/icons/clock";
import Radio from "@lucide/svelte/icons/radio";
import type { IconType } from "./icon.ts";

/** The states that have a colour. A state is always shown with an icon and a word as well. */
export type State = "connected" | "agreed" | "waiting" | "broken" | "neutral";

/** The icon of each state, and the word where nothing better is known. */
export const STATES: Record<State, { readonly icon: IconType; readonly word: string }> = {
  connected: { icon: Radio, word: "Connected" },
  agreed: { icon: CircleCheck, word: "In agreement" },
  waiting: { icon: Clock, word: "Waiting" },
  broken: { icon: CircleX, word: "Broken" },
  neutral: { icon: CircleDashed, word: "Not set up" },
};
