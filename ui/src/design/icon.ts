import type { LucideIcon } from "@lucide/svelte";

/** An icon of the one set (Lucide); pass the component: `import Link from "@lucide/svelte/icons/link"`. */
export type IconType = LucideIcon;
