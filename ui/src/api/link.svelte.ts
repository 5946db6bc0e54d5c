import type { LinkState } from "@/host/host.ts";

/** Whether the engine answers; written by `useHost`, read by the shell. */
export const link: { state: LinkState } = $state({ state: "up" });
