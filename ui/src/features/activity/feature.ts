import ActivityIcon from "@lucide/svelte/icons/history";
import type { Feature } from "@/shell/kit.ts";
import ActivityScreen from "./ActivityScreen.svelte";

export const feature: Feature = {
  id: "activity",
  title: "Activity",
  icon: ActivityIcon,
  route: "/activity",
  component: ActivityScreen,
};
