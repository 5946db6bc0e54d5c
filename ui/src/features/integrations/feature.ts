import IntegrationsIcon from "@lucide/svelte/icons/plug";
import type { Feature } from "@/shell/kit.ts";
import IntegrationsScreen from "./IntegrationsScreen.svelte";
import { tellPresence } from "./presence.ts";
import { offerSync } from "./sync.svelte.ts";
import { keepTrue } from "./truth.ts";

export const feature: Feature = {
  id: "integrations",
  title: "Integrations",
  icon: IntegrationsIcon,
  route: "/integrations",
  component: IntegrationsScreen,
  start: () => {
    const stops = [keepTrue(), offerSync(), tellPresence()];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
