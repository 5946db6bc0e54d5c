import type {
  EditValue,
  Integration,
  PushAnswer,
  PushArgs,
  PushPreview,
  PushQuestion,
  PushRow,
  PushType,
  PushValue,
  SyncReport,
} from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { showRunning } from "@/shell/kit.ts";

/** Where a push stands: being looked at, on its way, or over. */
export type Stage = "preview" | "making" | "made";

/** What somebody says of a field that Jira demands. */
export class Answer {
  readonly question: PushQuestion;
  /** Lines, numbers, days, addresses, words. */
  text = $state("");
  /** Jira's choices. */
  ids = $state.raw<readonly string[]>([]);
  /** Whether it was left empty or wrong when it was needed. */
  missed = $state(false);

  constructor(question: PushQuestion) {
    this.question = question;
  }

  get id(): string {
    return `${this.question.remote_type} ${this.question.field}`;
  }

  /** What is wrong with it, in words; undefined for an answer. */
  get fault(): string | undefined {
    const { input } = this.question;
    if (input === "one" || input === "many")
      return this.ids.length === 0 ? "Choose something" : undefined;
    const text = this.text.trim();
    if (text === "") return "Fill this in";
    if (input === "number" && !Number.isFinite(Number(text)))
      return "Write a number such as 3 or 3.5";
    if (input === "date" && !/^\d{4}-\d{2}-\d{2}$/.test(text))
      return "Write a whole day, such as 2026-01-31";
    return undefined;
  }

  get value(): PushValue {
    const { input } = this.question;
    if (input === "one" || input === "many") return { type: "chosen", ids: [...this.ids] };
    return { type: "typed", value: this.#typed() };
  }

  #typed(): EditValue {
    const text = this.text.trim();
    switch (this.question.input) {
      case "number":
        return { type: "number", number: Number(text) };
      case "date":
        return { type: "date", date: text };
      case "labels":
        return { type: "labels", labels: text.split(/[\s,]+/).filter(Boolean) };
      case "link":
        return { type: "link", href: text };
      default:
        return { type: "text", text };
    }
  }
}

/** Push to Jira: from the look at what would be made to what came of it. */
export class Pushing {
  /** The items that it is about; undefined while nobody pushes any. */
  ids = $state.raw<readonly number[]>();
  stage = $state<Stage>("preview");
  integrations = $state.raw<readonly Integration[]>([]);
  preview = $state.raw<PushPreview>();
  loading = $state(false);
  /** Why it is not known what would be made, or why nothing was asked for. */
  error = $state.raw<ApiError>();
  answers = $state.raw<readonly Answer[]>([]);
  report = $state.raw<SyncReport>();
  /** Why what was asked for was not made yet. */
  syncError = $state.raw<ApiError>();
  /** Whether items that came apart from their issues get new ones. */
  anew = $state(false);
  #types = new Map<number, string>();
  #turn = 0;

  /** Of how many items an issue would be made. */
  readonly count = $derived(this.preview?.count ?? 0);

  open(ids: readonly number[], { anew = false } = {}): void {
    if (ids.length === 0) return;
    this.ids = ids;
    this.anew = anew;
    this.stage = "preview";
    this.preview = undefined;
    this.answers = [];
    this.report = undefined;
    this.syncError = undefined;
    this.#types = new Map();
    void this.#integrations();
    void this.look({ refresh: true });
  }

  close(): void {
    this.#turn += 1;
    this.ids = undefined;
    this.loading = false;
    this.error = undefined;
  }

  /** Looks at what would be made. */
  async look({ integration, refresh = false }: { integration?: number; refresh?: boolean } = {}) {
    const { ids } = this;
    if (!ids) return;
    const turn = ++this.#turn;
    this.loading = true;
    this.error = undefined;
    const through = integration ?? this.preview?.integration_id ?? null;
    try {
      const preview = await call("push_preview", {
        ...this.#args(ids),
        integration_id: through,
        refresh,
      });
      if (turn !== this.#turn) return;
      this.preview = preview;
      this.answers = preview.questions.map(
        (question) =>
          this.answers.find((one) => one.id === `${question.remote_type} ${question.field}`) ??
          new Answer(question),
      );
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = ApiError.from(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  /** Pushes to another project. */
  async through(integration: number): Promise<void> {
    this.#types.clear();
    this.answers = [];
    await this.look({ integration, refresh: true });
  }

  /** Lets an item become an issue of another type. */
  async choose(row: PushRow, type: string): Promise<void> {
    this.#types.set(row.item_id, type);
    await this.look();
  }

  /** Asks for the issues and has them made. Gives whether they were asked for. */
  async push(): Promise<boolean> {
    const { ids, preview } = this;
    if (!ids || !preview || this.stage !== "preview") return false;
    for (const answer of this.answers) answer.missed = answer.fault !== undefined;
    if (this.answers.some((answer) => answer.missed)) return false;
    this.error = undefined;
    const args = this.#args(ids);
    this.stage = "making";
    try {
      const pushed = await call("push", {
        ...args,
        integration_id: preview.integration_id,
        answers: this.answers.map((answer): PushAnswer => ({
          item_id: null,
          remote_type: answer.question.remote_type,
          field: answer.question.field,
          value: answer.value,
        })),
      });
      await this.make(pushed.item_ids);
      return true;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
      this.stage = "preview";
      return false;
    }
  }

  /** Has what was asked for made now, and looks at what came of it. */
  async make(ids: readonly number[]): Promise<void> {
    const integration_id = this.preview?.integration_id;
    if (integration_id === undefined) return;
    this.ids = ids;
    this.stage = "making";
    this.syncError = undefined;
    const ended = showRunning({
      id: "push",
      text: `Creating issues in ${this.preview?.project_key ?? "Jira"}`,
      to: "/backlog",
    });
    try {
      this.report = await call("sync_now", { integration_id });
    } catch (thrown) {
      this.syncError = ApiError.from(thrown);
    } finally {
      ended();
    }
    // Somebody may have gone on with other things meanwhile.
    if (this.ids !== ids) return;
    await this.look();
    this.stage = "made";
  }

  #args(ids: readonly number[]): PushArgs {
    const types = [...this.#types].map(([item_id, remote_type]): PushType => ({
      item_id,
      remote_type,
    }));
    return {
      item_ids: [...ids],
      integration_id: null,
      types,
      answers: [],
      refresh: false,
      // Once it was asked for, what is looked at is how far it came.
      anew: this.anew && this.stage === "preview",
    };
  }

  async #integrations(): Promise<void> {
    try {
      const all = await call("integrations");
      this.integrations = all.filter((one) => one.hierarchy_saved && one.fields_saved);
    } catch {
      // The preview says through which one; only choosing another is not offered then.
      this.integrations = [];
    }
  }
}
