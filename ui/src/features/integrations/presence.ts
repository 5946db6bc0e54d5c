/** Tells the engine that somebody looks at the window, so that changes are looked for more often. */
import { call } from "@/api/client.ts";

/** How often it is told; it counts for longer than this. */
const EVERY_MS = 60_000;

/** Starts; returns what stops it. */
export function tellPresence(): () => void {
  const tell = () => {
    if (document.visibilityState !== "visible") return;
    // Nobody needs to know if it does not arrive: looks only come less often then.
    call("looking").catch(() => undefined);
  };
  tell();
  const timer = setInterval(tell, EVERY_MS);
  document.addEventListener("visibilitychange", tell);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tell);
  };
}
