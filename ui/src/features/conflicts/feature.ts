import ConflictsIcon from "@lucide/svelte/icons/git-compare-arrows";
import { call, onEvent } from "@/api/client.ts";
import { setCount, type Feature } from "@/shell/kit.ts";
import ConflictsScreen from "./ConflictsScreen.svelte";

/** Keeps the count in the navigation. Returns what stops it. */
function countConflicts(): () => void {
  const count = async () => {
    try {
      const fields = await call("conflict_fields", { integration_id: null });
      const number = fields.reduce((sum, { count }) => sum + count, 0);
      setCount("conflicts", { number, of: "conflicts waiting", urgent: true });
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
  id: "conflicts",
  title: "Conflicts",
  icon: ConflictsIcon,
  route: "/conflicts",
  component: ConflictsScreen,
  start: countConflicts,
};
