/** The categories of progress, with the icon and the hue of each. */
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CircleDot from "@lucide/svelte/icons/circle-dot";
import CircleOff from "@lucide/svelte/icons/circle-off";
import type { StatusCategory } from "@/api/bindings.ts";
import type { IconType } from "@/design/icon.ts";
import type { Option } from "@/design/option.ts";

interface Said {
  readonly label: string;
  readonly icon: IconType;
  readonly hue: NonNullable<Option["hue"]>;
}

/** Every category. */
export const CATEGORIES: Readonly<Record<StatusCategory, Said>> = {
  open: { label: "To do", icon: CircleDashed, hue: 7 },
  in_progress: { label: "In progress", icon: CircleDot, hue: 1 },
  done: { label: "Done", icon: CircleCheck, hue: 6 },
};

/** Of a status that is gone, no category is known. */
export const GONE: Said = { label: "Gone from Jira", icon: CircleOff, hue: 7 };
