/** The words and icons of what is to become of an issue. */
import CirclePlus from "@lucide/svelte/icons/circle-plus";
import Equal from "@lucide/svelte/icons/equal";
import PencilLine from "@lucide/svelte/icons/pencil-line";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import type { PlanAction } from "@/api/bindings.ts";
import type { IconType } from "@/design/icon.ts";
import type { State } from "@/design/state.ts";

export const ACTIONS: Record<
  PlanAction,
  { readonly word: string; readonly icon: IconType; readonly state: State }
> = {
  create: { word: "Create", icon: CirclePlus, state: "agreed" },
  update: { word: "Update", icon: PencilLine, state: "connected" },
  unchanged: { word: "Unchanged", icon: Equal, state: "neutral" },
  skip: { word: "Skip", icon: SkipForward, state: "waiting" },
};
