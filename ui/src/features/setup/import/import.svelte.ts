/**
 * Step 7's memory: the run under way or the last one, and what can be done with it. The run itself
 * lives in the engine and goes on while nobody looks; this only follows it.
 */
import type { ErrorCode, Run, RunState, SecretStoreState } from "@/api/bindings.ts";
import { ApiError, call, onEvent } from "@/api/client.ts";
import { formatNumber, plural } from "@/design/format.ts";
import { isOver } from "./actions.ts";
import { PlanView } from "./plan.svelte.ts";
import { ScopeDraft } from "./scope.svelte.ts";

/** What the step shows. */
export type Phase = "filter" | "reading" | "plan" | "applying" | "undoing" | "ended";

/** What the one primary button does. */
export type Deed = "plan" | "apply" | "resume" | "backlog" | "filter";

/** The one primary button. */
export interface Primary {
  readonly deed: Deed;
  readonly label: string;
  /** Why it cannot be pressed. */
  readonly reason?: string | undefined;
}

const WORKING: ReadonlySet<RunState> = new Set<RunState>([
  "listing",
  "reading",
  "applying",
  "undoing",
]);

/** Why a run stands still while the secrets cannot be read. */
const SEALED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "secret_store_locked",
  "secret_store_unavailable",
]);

export class ImportController {
  readonly integrationId: number;
  readonly scope: ScopeDraft;

  /** The run looked at; none before the first, or once the admin turned to a new one. */
  run = $state.raw<Run | null>(null);
  plan = $state.raw<PlanView>();
  /** Where secrets are kept, once known. */
  secrets = $state.raw<SecretStoreState>();
  /** Whether it is known if there is a run. */
  loaded = $state(false);
  /** Why that could not be learnt. */
  error = $state.raw<ApiError>();
  /** Why what was last asked of the run was refused. */
  failure = $state.raw<ApiError>();
  /** What is being asked of the run just now. */
  busy = $state<Deed | "pause" | "cancel" | "undo">();

  /** Runs that the admin has put away, to begin another. */
  readonly #away = new Set<number>();
  #turn = 0;
  /** What was pressed and is not answered yet. The same again adds nothing. */
  readonly #asked = new Set<NonNullable<typeof this.busy>>();
  /** Settles when what was pressed last is answered. Never rejects. */
  #last: Promise<void> | undefined;

  constructor(integrationId: number) {
    this.integrationId = integrationId;
    this.scope = new ScopeDraft(integrationId);
  }

  /** Follows the engine's events until the returned function is called. */
  follow(): () => void {
    return onEvent((event) => {
      if (event.type === "run") this.take(event.run);
      else if (event.type === "missed") void this.open();
      else if (
        event.type === "changed" &&
        event.tags.some((tag) => tag === "runs" || tag === "app")
      )
        void this.open();
    });
  }

  /** Looks for the run under way, or the last one. Never rejects; an overtaken answer is dropped. */
  async open(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const state = await call("app_state");
      const active = state.active_run;
      const run =
        active?.integration_id === this.integrationId
          ? active
          : (await call("runs", { integration_id: this.integrationId }))[0];
      if (turn !== this.#turn) return;
      this.secrets = state.secret_store;
      if (run) this.#show(run);
      this.error = undefined;
      this.loaded = true;
    } catch (thrown) {
      if (turn === this.#turn) this.error = ApiError.from(thrown);
    }
  }

  /** Takes a run as the engine tells it. One of another integration is none of ours. */
  take(run: Run): void {
    if (run.integration_id !== this.integrationId) return;
    this.#turn += 1;
    this.loaded = true;
    this.#show(run);
  }

  /** What the step shows. */
  get phase(): Phase {
    return this.run ? phaseOf(this.run) : "filter";
  }

  /** Whether the run stands still until somebody resumes it. */
  get paused(): boolean {
    return this.run?.state === "paused";
  }

  /** Whether the run stands still because the secrets could not be read. */
  get sealed(): boolean {
    const { run } = this;
    return run?.state === "paused" && run.problem !== null && SEALED.has(run.problem.code);
  }

  /** Whether the secrets that a run stands still for cannot be read yet. */
  get locked(): boolean {
    return this.sealed && this.secrets?.ready === false;
  }

  /** Whether the engine works on it just now. */
  get working(): boolean {
    return this.run !== null && WORKING.has(this.run.state);
  }

  /** The one primary button; none while there is only to wait. */
  get primary(): Primary | undefined {
    const { run, phase } = this;
    if (!run || phase === "filter")
      return { deed: "plan", label: "Make the plan", reason: this.scope.reason };
    if (run.state === "paused") {
      const reason = this.locked ? "Unlock the secrets first" : undefined;
      return { deed: "resume", label: "Resume", reason };
    }
    if (phase === "plan") {
      const { create, update, unchanged } = run.counts;
      const count = create + update;
      if (count > 0) return { deed: "apply", label: `Import ${plural(count, "item", "items")}` };
      // What was linked one by one is kept in step by itself from the first import on, also from one that writes nothing.
      if (unchanged > 0)
        return { deed: "apply", label: `Keep ${plural(unchanged, "item", "items")} in step` };
      return { deed: "filter", label: "Choose another filter" };
    }
    if (run.state === "done") return { deed: "backlog", label: "Open the backlog" };
    if (phase === "ended") return { deed: "filter", label: "Plan a new import" };
    return undefined;
  }

  /** What a screen reader is told: the phase, and every tenth of the way. */
  get milestone(): string {
    const { run } = this;
    if (!run) return "";
    const said = SAID[run.state];
    if (run.state === "paused") return `${said}: ${SAID[workOf(run)]}`;
    if (run.total === null || run.total === 0 || !this.working) return said;
    const tenths = Math.floor((run.done / run.total) * 10) * 10;
    return tenths > 0 ? `${said}, ${formatNumber(tenths)} per cent` : said;
  }

  /** Keeps the filter and has the engine make the plan. Never rejects. */
  async makePlan(): Promise<void> {
    await this.#do("plan", async () => {
      await this.scope.save();
      return call("import_plan", { integration_id: this.integrationId });
    });
  }

  /** Writes what the plan says. Never rejects. */
  async apply(): Promise<void> {
    await this.#ask("apply", "import_apply");
  }

  /** Lets the run stand still. Never rejects. */
  async pause(): Promise<void> {
    await this.#ask("pause", "import_pause");
  }

  /** Goes on with it. Never rejects. */
  async resume(): Promise<void> {
    await this.#ask("resume", "import_resume");
  }

  /** Ends it; what was written stays. Never rejects. */
  async cancel(): Promise<void> {
    await this.#ask("cancel", "import_cancel");
  }

  /** Takes back what it wrote. Never rejects. */
  async undo(): Promise<void> {
    await this.#ask("undo", "import_undo");
  }

  /** Turns back to the filter. A plan that waits is given up, for there can be but one. */
  async startOver(): Promise<void> {
    const { run } = this;
    if (!run) return;
    if (run.state === "planned") {
      await this.cancel();
      if (this.failure) return;
    }
    this.#away.add(run.id);
    this.run = null;
    this.plan = undefined;
    this.failure = undefined;
    void this.scope.checkNow();
  }

  #ask(
    deed: NonNullable<typeof this.busy>,
    command: "import_apply" | "import_pause" | "import_resume" | "import_cancel" | "import_undo",
  ): Promise<void> {
    const { run } = this;
    if (!run) return Promise.resolve();
    return this.#do(deed, () => call(command, { run_id: run.id }));
  }

  async #do(deed: NonNullable<typeof this.busy>, ask: () => Promise<Run>): Promise<void> {
    if (this.#asked.has(deed)) return;
    this.#asked.add(deed);
    // Events show what can be done next before the answer to the deed before has come: nothing pressed is lost.
    const before = this.#last;
    const mine = (async () => {
      if (before) await before;
      this.busy = deed;
      this.failure = undefined;
      try {
        this.take(await ask());
        // Events come by another way and may have told of the end before this answer told of the beginning.
        if (this.working) await this.open();
      } catch (thrown) {
        this.failure = ApiError.from(thrown);
      } finally {
        this.#asked.delete(deed);
        this.busy = undefined;
      }
    })();
    this.#last = mine;
    await mine;
    if (this.#last === mine) this.#last = undefined;
  }

  #show(run: Run): void {
    // An older run is of no interest once there is a newer one, nor one that was put away.
    if (this.#away.has(run.id) || (this.run && run.id < this.run.id)) return;
    // What was read of the rows holds no longer once they are written or taken back.
    if (run.id !== this.run?.id || run.state !== this.run.state) this.plan = undefined;
    this.run = run;
    const phase = phaseOf(run);
    if (this.plan || !(phase === "plan" || (phase === "ended" && isOver(run)))) return;
    this.plan = new PlanView(run.id);
    if (run.state === "done" && run.counts.failed > 0) this.plan.outcome = "failed";
    void this.plan.open();
  }
}

const SAID: Record<RunState, string> = {
  listing: "Asking Jira which issues there are",
  reading: "Reading the issues",
  planned: "The plan is ready. Nothing has been written yet",
  applying: "Importing",
  paused: "Paused",
  cancelled: "Cancelled",
  done: "The import is done",
  undoing: "Undoing the import",
  undone: "The import was undone",
};

/** What is shown for a run; one that stands still is shown where it goes on. */
export function phaseOf(run: Run): Phase {
  const state = workOf(run);
  if (state === "planned") return "plan";
  if (state === "applying" || state === "undoing") return state;
  if (state === "listing" || state === "reading") return "reading";
  // A plan that was given up leaves nothing to tell.
  return state === "cancelled" && run.counts.created + run.counts.updated === 0
    ? "filter"
    : "ended";
}

/** What the engine does with a run; while it stands still, what it goes on with. */
export function workOf(run: Run): RunState {
  return run.state === "paused" ? (run.resumes ?? "reading") : run.state;
}
