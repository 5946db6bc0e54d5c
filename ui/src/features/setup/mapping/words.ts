/** Directions and winners in words, with the icon of each. */
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import Pin from "@lucide/svelte/icons/pin";
import type { Direction, Winner } from "@/api/bindings.ts";
import type { IconType } from "@/design/icon.ts";

interface Said {
  readonly label: string;
  readonly description: string;
}

/** Every direction, the widest first; the workspace stands left and Jira right. */
export const DIRECTIONS: Readonly<Record<Direction, Said & { readonly icon: IconType }>> = {
  both: {
    label: "Both ways",
    description: "A change on either side is written to the other.",
    icon: ArrowLeftRight,
  },
  to_remote: {
    label: "To Jira only",
    description: "Changes here are written to Jira. Changes made in Jira stay there.",
    icon: ArrowRight,
  },
  from_remote: {
    label: "From Jira only",
    description: "Changes in Jira are brought in. Changes made here stay here.",
    icon: ArrowLeft,
  },
  set_once: {
    label: "Set once",
    description: "Filled in when the item or issue is created, then each side goes its own way.",
    icon: Pin,
  },
};

/** All directions, the widest first. */
export const ALL_DIRECTIONS = Object.keys(DIRECTIONS) as readonly Direction[];

/** Every winner, the careful one first. */
export const WINNERS: Readonly<Record<Winner, Said>> = {
  ask: {
    label: "Ask me",
    description: "Both values wait under Conflicts until somebody chooses.",
  },
  newest: {
    label: "Newest wins",
    description: "The later change is kept. The other one stays in the history.",
  },
  workspace: {
    label: "Workspace wins",
    description: "The value here is written to Jira. Jira's stays in the history.",
  },
  remote: {
    label: "Jira wins",
    description: "Jira's value is taken over. The one here stays in the history.",
  },
};

/** All winners, the careful one first. */
export const ALL_WINNERS = Object.keys(WINNERS) as readonly Winner[];
