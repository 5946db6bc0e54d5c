import type { Host } from "./host.ts";
import { browserSurroundings, httpHost } from "./http.ts";
import { tauriHost } from "./tauri.ts";

/** Picks the host by where the page runs: Tauri puts its internals on `window` before any script. */
export function chooseHost(): Host {
  return "__TAURI_INTERNALS__" in window ? tauriHost() : httpHost(browserSurroundings());
}
