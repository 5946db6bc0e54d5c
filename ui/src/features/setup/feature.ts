import SetupIcon from "@lucide/svelte/icons/list-checks";
import type { Feature } from "@/shell/kit.ts";
import SetupScreen from "./SetupScreen.svelte";

export const feature: Feature = {
  id: "setup",
  title: "Set-up",
  icon: SetupIcon,
  route: "/setup",
  component: SetupScreen,
};
