import DisconnectedIcon from "@lucide/svelte/icons/unlink";
import { call, onEvent } from "@/api/client.ts";
import { setCount, type Feature } from "@/shell/kit.ts";
import DisconnectedScreen from "./DisconnectedScreen.svelte";
import { ALL } from "./disconnected.svelte.ts";

/** Keeps the count in the navigation. Returns what stops it. */
function countDisconnected(): () => void {
  const count = async () => {
    try {
      const { counts, questions } = await call("disconnected", ALL);
      const severed = counts.reduce((sum, one) => sum + one.count, 0);
      const asked = questions.reduce((sum, one) => sum + one.pairs.length, 0);
      setCount("disconnected", {
        number: severed + asked,
        of: "items disconnected",
        urgent: asked > 0,
      });
    } catch {
      // The screen says what is wrong; the count stays what it was.
    }
  };
  void count();
  return onEvent((event) => {
    if (event.type === "missed" || (event.type === "changed" && event.tags.includes("sync")))
      void count();
  });
}

export const feature: Feature = {
  id: "disconnected",
  title: "Disconnected",
  icon: DisconnectedIcon,
  route: "/disconnected",
  component: DisconnectedScreen,
  start: countDisconnected,
};
