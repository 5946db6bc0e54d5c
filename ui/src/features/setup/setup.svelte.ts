/**
 * The wizard's memory: where the admin is, and with which connection and integration.
 *
 * Every step's component is given the one controller (`{ controller }: StepProps`). It reads
 *
 * - `controller.setup`          the ten steps as the engine sees them (state, summary, reason)
 * - `controller.step`           the step that is open, 1 to 10, or 0 for "Before you start"
 * - `controller.connectionId`,
 *   `controller.integrationId`  what is in hand; null until steps 3 and 4 made it
 * - `controller.integration`    the integration in hand, whole, kept fresh
 * - `controller.saving`         true while `saveAndContinue` runs: give it to the primary button
 * - `controller.failure`        why the last `saveAndContinue` failed; StepFrame shows it
 *
 * and calls
 *
 * - `go(step)`                  opens a step and remembers it
 * - `hold({ ... })`             takes a connection or an integration in hand, and remembers it
 * - `saveAndContinue(save)`     runs `save`, then opens the next step that this version has
 *                               (after the last one, the backlog); keeps the place when it fails
 * - `later()`                   the same without saving
 * - `refresh()`                 asks the engine anew; done by itself after every event
 * - `draft(key, make)`          what was typed and not saved, kept while the window is open, so that
 *                               leaving a step loses nothing; `forget(key)` once it is saved
 *
 * What is saved is not kept here: a step loads what it edits, and saves it by its own command.
 */
import type { Connection, Integration, Setup, Tag } from "@/api/bindings.ts";
import { ApiError, call, onEvent } from "@/api/client.ts";
import { navigate } from "@/shell/kit.ts";

/** The screen before step 1. */
export const START = 0;
const LAST_STEP = 10;

/** What every step's component is given. */
export interface StepProps {
  readonly controller: SetupController;
}

/** What the component of a step is given that works on one integration. */
export interface IntegrationStepProps extends StepProps {
  readonly integrationId: number;
}

/** What can be taken in hand; what is left out stays as it is. */
export interface InHand {
  readonly connectionId?: number | null;
  readonly integrationId?: number | null;
}

const CONCERNS_SETUP: ReadonlySet<Tag> = new Set<Tag>([
  "app",
  "connections",
  "integrations",
  "runs",
]);

export class SetupController {
  /** The ten steps as the engine sees them; absent until the first answer. */
  setup = $state.raw<Setup>();
  /** Every connection, by age. */
  connections = $state.raw<readonly Connection[]>([]);
  /** Every integration, by age. */
  integrations = $state.raw<readonly Integration[]>([]);
  /** The step that is open: 1 to 10, or `START`. */
  step = $state(START);
  /** Why the wizard could not be loaded. */
  error = $state.raw<ApiError>();
  /** Why saving failed; gone with the next attempt and with the step. */
  failure = $state.raw<ApiError>();
  /** Whether `saveAndContinue` is under way. */
  saving = $state(false);

  /** Whether the admin came to this step within the wizard: the step then takes the focus. */
  moved = false;

  #setupTurn = 0;
  #listTurn = 0;
  readonly #drafts = new Map<string, unknown>();

  /** Connection in hand. */
  get connectionId(): number | null {
    return this.setup?.connection_id ?? null;
  }

  /** Integration in hand. */
  get integrationId(): number | null {
    return this.setup?.integration_id ?? null;
  }

  /** Connection in hand, whole. */
  get connection(): Connection | undefined {
    return this.connections.find((c) => c.id === this.connectionId);
  }

  /** Integration in hand, whole. */
  get integration(): Integration | undefined {
    return this.integrations.find((i) => i.id === this.integrationId);
  }

  /** Whether nothing has been set up yet: the wizard then opens before step 1. */
  get untouched(): boolean {
    return this.setup !== undefined && this.connections.length === 0;
  }

  /** Follows the engine's events until the returned function is called. */
  follow(): () => void {
    return onEvent((event) => {
      const touched =
        event.type === "missed" ||
        (event.type === "changed" && event.tags.some((tag) => CONCERNS_SETUP.has(tag)));
      if (touched) void this.refresh();
    });
  }

  /** Asks the engine anew. Never rejects: look at `error`. An overtaken answer is dropped. */
  async refresh(): Promise<void> {
    const setupTurn = ++this.#setupTurn;
    const listTurn = ++this.#listTurn;
    try {
      const [setup, connections, integrations] = await Promise.all([
        call("setup"),
        call("connections"),
        call("integrations"),
      ]);
      if (setupTurn === this.#setupTurn) this.setup = setup;
      if (listTurn !== this.#listTurn) return;
      this.connections = connections;
      this.integrations = integrations;
      this.error = undefined;
    } catch (thrown) {
      if (listTurn === this.#listTurn) this.error = ApiError.from(thrown);
    }
  }

  /**
   * Shows the step that the address names (`#/setup/5`). Without one it is where the admin was last,
   * or the screen before step 1 while nothing is set up; the address then says so too. Call it once
   * `setup` is there.
   */
  showAddress(part: string | undefined): void {
    const named = part === "start" ? START : Number(part ?? Number.NaN);
    if (!Number.isInteger(named) || named < START || named > LAST_STEP) {
      const place = this.untouched ? START : (this.setup?.step ?? START);
      navigate(addressOf(place), { replace: true });
      this.#show(place);
      return;
    }
    this.#show(named);
    // Remembered when somebody came here by a link, too; there is nothing to remember before step 1.
    if (named !== START && this.setup && this.setup.step !== named) void this.#remember(named, {});
  }

  /** Opens a step and remembers it. */
  go(step: number): void {
    this.moved = true;
    navigate(addressOf(step));
    this.showAddress(step === START ? "start" : String(step));
  }

  /** Takes a connection or an integration in hand, and remembers it. Never rejects. */
  async hold(inHand: InHand): Promise<void> {
    await this.#remember(Math.max(this.step, 1), inHand);
  }

  /**
   * Runs `save`, then opens the next step. When it fails the place stays and `failure` says why;
   * resolves with whether it went on. A second call while one runs does nothing.
   */
  async saveAndContinue(save: () => Promise<unknown>): Promise<boolean> {
    if (this.saving) return false;
    const from = this.step;
    this.saving = true;
    this.failure = undefined;
    try {
      await save();
      await this.refresh();
      if (this.step === from) this.later();
      return true;
    } catch (thrown) {
      if (this.step === from) this.failure = ApiError.from(thrown);
      return false;
    } finally {
      this.saving = false;
    }
  }

  /** Opens the next step that this version has; behind the last of them, the backlog. */
  later(): void {
    const next = this.next;
    if (next === undefined) navigate("/backlog");
    else this.go(next);
  }

  /** The next step that this version has and that can be opened. */
  get next(): number | undefined {
    return this.setup?.steps.find(
      (s) => s.number > this.step && s.state !== "not_available" && s.state !== "skipped",
    )?.number;
  }

  /** What was kept under `key`, or what `make` gives, which is then kept. */
  draft<T>(key: string, make: () => T): T {
    if (!this.#drafts.has(key)) this.#drafts.set(key, make());
    return this.#drafts.get(key) as T;
  }

  /** Lets go of what was kept under `key`. */
  forget(key: string): void {
    this.#drafts.delete(key);
  }

  #show(step: number): void {
    if (step !== this.step) this.failure = undefined;
    this.step = step;
  }

  async #remember(step: number, inHand: InHand): Promise<void> {
    const turn = ++this.#setupTurn;
    const { connectionId = this.connectionId, integrationId = this.integrationId } = inHand;
    try {
      const setup = await call("setup_place", {
        step,
        connection_id: connectionId,
        integration_id: integrationId,
      });
      if (turn === this.#setupTurn) this.setup = setup;
    } catch (thrown) {
      this.failure = ApiError.from(thrown);
    }
  }
}

/** The one of this window: what was typed outlives a look at another screen. */
export const setupController = new SetupController();

/** The address of a step. */
export function addressOf(step: number): string {
  return step === START ? "/setup/start" : `/setup/${String(step)}`;
}
