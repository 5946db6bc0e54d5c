import IntegrationsIcon from "@lucide/svelte/icons/plug";
import type { Feature } from "@/shell/kit.ts";
import IntegrationsScreen from "./IntegrationsScreen.svelte";
import { keepTrue } from "./truth.ts";

export const feature: Feature = {
  id: "integrations",
  title: "Integrations",
  icon: IntegrationsIcon,
  route: "/integrations",
  component: IntegrationsScreen,
  start: keepTrue,
};
