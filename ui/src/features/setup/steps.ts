/**
 * The ten steps: their names, what each is for in one sentence, and their groups. The rail and the page of a step both
 * take its name from here. What a step does stands in SetupScreen.svelte.
 */
export interface Step {
  readonly number: number;
  readonly title: string;
  readonly sentence: string;
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
      {
        number: 1,
        title: "Align terminology",
        sentence:
          "Call levels, importance and field values here what your teams call them in Jira.",
      },
      {
        number: 2,
        title: "Create an API token",
        sentence: "Jira Cloud lets programs in with an API token instead of a password.",
      },
    ],
  },
  {
    title: "Connect and map",
    steps: [
      {
        number: 3,
        title: "Connect to Jira",
        sentence: "Enter the address of your Jira; Lockstep finds out which kind it is.",
      },
      {
        number: 4,
        title: "Add a project",
        sentence: "Choose the Jira project to bring in, and the board that its sprints are on.",
      },
      {
        number: 5,
        title: "Map the hierarchy",
        sentence: "Say which Jira issue types become which item types here.",
      },
      {
        number: 6,
        title: "Map the fields",
        sentence: "Choose which fields are kept in step, and in which direction.",
      },
    ],
  },
  {
    title: "Bring in and keep in step",
    steps: [
      {
        number: 7,
        title: "Import the issues",
        sentence: "Choose which issues come in. You see the whole plan before anything is written.",
      },
      {
        number: 8,
        title: "Map the statuses",
        sentence: "Say which status here each Jira status stands for.",
      },
      {
        number: 9,
        title: "Set up the webhook",
        sentence: "Let Jira tell Lockstep about a change the moment it happens.",
      },
      {
        number: 10,
        title: "Verify",
        sentence: "Watch a change travel from Jira to here and back, with the time it took.",
      },
    ],
  },
];

/** The ten steps in order. */
export const STEPS: readonly Step[] = STEP_GROUPS.flatMap((group) => group.steps);
