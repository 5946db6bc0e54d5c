/** What is to come in: the filter, checked by Jira as it is typed, and where it lands. */
import type { Area, Integration, ScopeReport } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";
import type { Option } from "@/design/option.ts";
import { keep, readKept } from "../kept.ts";

/** How long nothing must be typed before Jira is asked. */
export const CHECK_PAUSE_MS = 300;
/** Stands for the area that the first import makes by itself. */
export const DEFAULT_AREA = 0;
/** Name of that area. */
export const DEFAULT_AREA_NAME = "Imported from Jira";

/** What outlives a reload before it is saved. */
interface KeptScope {
  readonly jql: string;
  readonly includeClosed: boolean;
  readonly area: number;
}

export class ScopeDraft {
  readonly integrationId: number;

  jql = $state("");
  includeClosed = $state(false);
  /** Local id of the product area, or `DEFAULT_AREA`. */
  area = $state(DEFAULT_AREA);
  areas = $state.raw<readonly Area[]>([]);
  /** What Jira last said; of the filter before while `checking`. */
  report = $state.raw<ScopeReport>();
  /** Why Jira could not be asked. */
  error = $state.raw<ApiError>();
  /** Whether `report` belongs to a filter that has changed since. */
  checking = $state(false);
  /** Why the areas could not be read. */
  areasError = $state.raw<ApiError>();

  #filled = false;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(integrationId: number) {
    this.integrationId = integrationId;
  }

  /** Takes over what was saved before, once, and asks Jira about it. */
  fill(integration: Integration): void {
    if (this.#filled) return;
    this.#filled = true;
    this.jql = integration.jql;
    this.includeClosed = integration.include_closed;
    this.area = integration.area_id ?? DEFAULT_AREA;
    Object.assign(this, readKept<KeptScope>(this.#key));
    void this.checkNow();
  }

  /** Has the filter checked as soon as nothing was typed for a moment. */
  typed(): void {
    this.#turn += 1;
    this.checking = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.checkNow(), CHECK_PAUSE_MS);
  }

  /** Asks Jira about the filter. Never rejects; an overtaken answer is dropped. */
  async checkNow(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.checking = true;
    try {
      const report = await call("scope_check", {
        integration_id: this.integrationId,
        jql: this.jql.trim(),
        include_closed: this.includeClosed,
      });
      if (turn !== this.#turn) return;
      this.report = report;
      this.error = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = ApiError.from(thrown);
    }
    this.checking = false;
  }

  /** What Jira has against the filter, in its own words. */
  get refusal(): string | undefined {
    if (!this.report || this.report.ok) return undefined;
    return this.report.errors.join(" ") || "Jira does not accept this filter.";
  }

  /** How many issues match, in words; "about" where Jira only estimates. */
  get counted(): string | undefined {
    const { count, exact } = this.report ?? { count: null, exact: true };
    if (count === null) return undefined;
    const words = plural(count, "issue", "issues");
    return exact ? words : `About ${words}`;
  }

  /** Why no plan can be made of it yet. */
  get reason(): string | undefined {
    if (this.error) return "Jira could not be asked about the filter";
    if (this.checking || !this.report) return "Jira is checking the filter";
    if (!this.report.ok) return "Correct the filter first";
    // An estimate may say none where there are a few.
    if (this.report.count === 0 && this.report.exact) return "No issue matches the filter";
    return undefined;
  }

  /** Reads the product areas. Never rejects. */
  async readAreas(): Promise<void> {
    try {
      this.areas = await call("areas");
      this.areasError = undefined;
    } catch (thrown) {
      this.areasError = ApiError.from(thrown);
    }
  }

  /** The areas to choose from, each with the ones that it lies in. */
  get areaOptions(): readonly Option<number>[] {
    const byId = new Map(this.areas.map((area) => [area.id, area]));
    const path = (area: Area): string => {
      const parent = area.parent_id === null ? undefined : byId.get(area.parent_id);
      return parent ? `${path(parent)} / ${area.name}` : area.name;
    };
    return [
      { value: DEFAULT_AREA, label: DEFAULT_AREA_NAME, kind: "Default" },
      ...this.areas
        .filter((area) => area.name !== DEFAULT_AREA_NAME || area.id === this.area)
        .map((area) => ({
          value: area.id,
          label: path(area),
          kind: plural(area.items, "item", "items"),
        })),
    ];
  }

  /** Makes a product area at the top and chooses it. Rejects with an `ApiError`. */
  async makeArea(name: string): Promise<void> {
    const area = await call("area_create", { parent_id: null, name: name.trim() });
    this.areas = [...this.areas.filter((one) => one.id !== area.id), area];
    this.area = area.id;
  }

  /** Keeps the filter. Rejects with an `ApiError`. */
  async save(): Promise<void> {
    await call("scope_save", {
      integration_id: this.integrationId,
      jql: this.jql.trim(),
      include_closed: this.includeClosed,
      area_id: this.area === DEFAULT_AREA ? null : this.area,
    });
    keep(this.#key, undefined);
  }

  get #key(): string {
    return `scope.${String(this.integrationId)}`;
  }

  /** Keeps what stands here for a reload, once it was filled. Reactive: call it in an effect. */
  remember(): void {
    const { jql, includeClosed, area } = this;
    if (!this.#filled) return;
    keep(this.#key, { jql, includeClosed, area } satisfies KeptScope);
  }
}
