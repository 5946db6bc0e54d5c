import ActivityIcon from "@lucide/svelte/icons/history";
import BacklogIcon from "@lucide/svelte/icons/list-tree";
import CapacityIcon from "@lucide/svelte/icons/gauge";
import ConflictsIcon from "@lucide/svelte/icons/git-compare-arrows";
import DisconnectedIcon from "@lucide/svelte/icons/unlink";
import IntegrationsIcon from "@lucide/svelte/icons/plug";
import ProblemsIcon from "@lucide/svelte/icons/triangle-alert";
import ProgressIcon from "@lucide/svelte/icons/chart-column";
import SettingsIcon from "@lucide/svelte/icons/settings";
import SetupIcon from "@lucide/svelte/icons/list-checks";
import type { IconType } from "@/design/icon.ts";
import { FEATURE_IDS, type Feature, type FeatureId } from "./feature.ts";

/** A screen as the navigation names it, whether or not its feature is there. */
export interface Screen {
  readonly id: FeatureId;
  readonly title: string;
  readonly icon: IconType;
  readonly route: string;
  /** The key after G that goes there. */
  readonly letter: string;
  /** Said on the screen of a feature that is not there. */
  readonly purpose: string;
  readonly feature?: Feature;
}

type Plan = Omit<Screen, "id" | "route" | "feature">;

const PLAN: Record<FeatureId, Plan> = {
  setup: {
    title: "Set-up",
    icon: SetupIcon,
    letter: "S",
    purpose: "Ten guided steps that connect a Jira project and keep it in step.",
  },
  backlog: {
    title: "Backlog",
    icon: BacklogIcon,
    letter: "B",
    purpose: "Every initiative, epic, feature and story of the workspace.",
  },
  integrations: {
    title: "Integrations",
    icon: IntegrationsIcon,
    letter: "I",
    purpose: "The connections to Jira, their projects and how they are doing.",
  },
  conflicts: {
    title: "Conflicts",
    icon: ConflictsIcon,
    letter: "C",
    purpose: "Fields that both sides changed since they last agreed.",
  },
  problems: {
    title: "Problems",
    icon: ProblemsIcon,
    letter: "P",
    purpose: "Changes that could not be written, grouped by cause, each with its cure.",
  },
  disconnected: {
    title: "Disconnected",
    icon: DisconnectedIcon,
    letter: "D",
    purpose: "Items whose other half is gone or out of reach, and how to link them again.",
  },
  activity: {
    title: "Activity",
    icon: ActivityIcon,
    letter: "A",
    purpose: "Every change, who made it, in which direction, before and after.",
  },
  progress: {
    title: "Progress",
    icon: ProgressIcon,
    letter: "R",
    purpose: "How far along each area, epic, release and team is.",
  },
  capacity: {
    title: "Capacity",
    icon: CapacityIcon,
    letter: "Y",
    purpose: "Story points against what each team can do, by sprint and quarter.",
  },
  settings: {
    title: "Settings",
    icon: SettingsIcon,
    letter: ",",
    purpose: "Appearance, start at login, notifications and the data directory.",
  },
};

const found = import.meta.glob<{ feature?: Feature }>("../features/*/feature.ts", { eager: true });

const registered = new Map<FeatureId, Feature>();
for (const [file, { feature }] of Object.entries(found)) {
  if (!feature) throw new Error(`${file} does not export "feature"`);
  registered.set(feature.id, feature);
}

/** Every screen in the order of the navigation. */
export const screens: readonly Screen[] = FEATURE_IDS.map((id) => {
  const feature = registered.get(id);
  const plan = PLAN[id];
  return feature
    ? { ...plan, id, title: feature.title, icon: feature.icon, route: feature.route, feature }
    : { ...plan, id, route: `/${id}` };
});

/** Where the navigation leaves a gap: before these. */
export const GAP_BEFORE: ReadonlySet<FeatureId> = new Set(["integrations", "progress"]);

/** Starts what the features registered for the life of the window. Returns what undoes it. */
export function startFeatures(): () => void {
  const stops = screens.flatMap(({ feature }) => (feature?.start ? [feature.start()] : []));
  return () => {
    for (const stop of stops) stop();
  };
}
