/**
 * The ten steps: their names, their groups and the component of each. To build a step, replace the
 * contents of its `StepN.svelte`: it is given `{ controller }: StepProps` (setup.svelte.ts) and
 * draws itself inside a `<StepFrame>`.
 */
import type { Component } from "svelte";
import type { StepProps } from "./setup.svelte.ts";
import Step1 from "./Step1.svelte";
import Step2 from "./Step2.svelte";
import Step3 from "./Step3.svelte";
import Step4 from "./Step4.svelte";
import Step5 from "./Step5.svelte";
import Step6 from "./Step6.svelte";
import Step7 from "./Step7.svelte";
import Step8 from "./Step8.svelte";
import Step9 from "./Step9.svelte";
import Step10 from "./Step10.svelte";

export interface Step {
  readonly number: number;
  /** As the rail names it. */
  readonly title: string;
  readonly component: Component<StepProps>;
}

export interface StepGroup {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The rail, from top to bottom. */
export const STEP_GROUPS: readonly StepGroup[] = [
  {
    title: "Prepare",
    steps: [
      { number: 1, title: "Align terminology", component: Step1 },
      { number: 2, title: "Create an API token", component: Step2 },
    ],
  },
  {
    title: "Connect and map",
    steps: [
      { number: 3, title: "Connect to Jira", component: Step3 },
      { number: 4, title: "Add a project", component: Step4 },
      { number: 5, title: "Map the hierarchy", component: Step5 },
      { number: 6, title: "Map the fields", component: Step6 },
    ],
  },
  {
    title: "Bring in and keep in step",
    steps: [
      { number: 7, title: "Initial synchronisation", component: Step7 },
      { number: 8, title: "Map the statuses", component: Step8 },
      { number: 9, title: "Set up the webhook", component: Step9 },
      { number: 10, title: "Verify", component: Step10 },
    ],
  },
];

/** The ten steps in order. */
export const STEPS: readonly Step[] = STEP_GROUPS.flatMap((group) => group.steps);
