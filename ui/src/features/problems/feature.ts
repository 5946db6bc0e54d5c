import ProblemsIcon from "@lucide/svelte/icons/triangle-alert";
import { onEvent } from "@/api/client.ts";
import { setCount, type Feature } from "@/shell/kit.ts";
import { allProblems } from "./problems.svelte.ts";
import ProblemsScreen from "./ProblemsScreen.svelte";

/** Keeps the count in the navigation. Returns what stops it. */
function countProblems(): () => void {
  const count = async () => {
    try {
      const found = await allProblems();
      const urgent = found.some(({ problem }) => problem.next_at === null);
      setCount("problems", { number: found.length, of: "issues held up", urgent });
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
  id: "problems",
  title: "Problems",
  icon: ProblemsIcon,
  route: "/problems",
  component: ProblemsScreen,
  start: countProblems,
};
