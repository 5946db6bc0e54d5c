/** What was edited in the made-up workspace, and what the two sides make of it. */
import type {
  ApiError,
  Conflict,
  EditValue,
  FieldOption,
  FieldValue,
  ItemDetail,
  SyncProblem,
  Turn,
} from "@/api/bindings.ts";
import { fail } from "../../mock.ts";
import type { World } from "../../world.ts";
import { IMPORTANCE, PEOPLE, STATUSES } from "./items.ts";
import { blocksOf } from "./rich.ts";

interface Entry {
  readonly item: number;
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** What the canned engine knows of keeping in step. */
export interface Step {
  /** Values that were set here, by item and field. */
  readonly values: Map<number, Map<string, FieldValue>>;
  readonly unsent: Map<number, Set<string>>;
  readonly journal: Map<number, Entry>;
  /** Texts with structure that were written here, by item and field. */
  readonly texts: Map<string, string>;
  conflicts: Conflict[];
  problems: SyncProblem[];
  next: number;
}

export function stepOf(world: World): Step {
  const kept = world.more.get("step") as Step | undefined;
  if (kept) return kept;
  const full = world.scene === "full" || world.scene === "broken";
  const step: Step = {
    values: new Map(),
    unsent: new Map(),
    journal: new Map(),
    texts: new Map(),
    conflicts: full ? makeConflicts() : [],
    problems: full ? makeProblems() : [],
    next: 1,
  };
  world.more.set("step", step);
  return step;
}

/** An item with what was edited in it. */
export function edited(world: World, detail: ItemDetail): ItemDetail {
  const own = stepOf(world).values.get(detail.id);
  if (!own) return detail;
  const title = own.get("title");
  return {
    ...detail,
    title: title?.type === "text" ? title.text : detail.title,
    fields: detail.fields.map((field) => ({ ...field, value: own.get(field.key) ?? field.value })),
  };
}

export function valueIn(detail: ItemDetail, field: string): { value: FieldValue; kind: string } {
  if (field === "title") return { value: { type: "text", text: detail.title }, kind: "Text" };
  const found = detail.fields.find((one) => one.key === field);
  if (!found) throw fail("not_found", { what: "field" });
  return found;
}

export function isEditable(field: string): boolean {
  return field !== "dev_status";
}

const option = (id: number, name: string, colour: string | null = null): FieldOption => ({
  id,
  name,
  colour,
});

const OPTIONS: Readonly<Record<string, readonly FieldOption[]>> = {
  importance: IMPORTANCE,
  status: STATUSES,
  sprint: [
    option(41, "PLAT Sprint 41"),
    option(42, "PLAT Sprint 42"),
    option(43, "PLAT Sprint 43"),
  ],
  release: [
    option(51, "2027.1", "teal"),
    option(52, "2027.2", "violet"),
    option(53, "2027.3 (تجريبي)", "amber"),
  ],
  components: [
    option(61, "Payments API", "blue"),
    option(62, "Web checkout", "green"),
    option(63, "Ledger", "amber"),
    option(64, "Schnittstelle zur Finanzbuchhaltung der Hauptverwaltung Gütersloh", "slate"),
    option(65, "認証基盤", "pink"),
  ],
  kano: [option(71, "Basic"), option(72, "Performance"), option(73, "Delighter")],
  team: [option(81, "Team Atlas", "blue"), option(82, "Team Borealis", "teal")],
  objective: [option(91, "Fewer lost baskets")],
  key_result: [option(95, "Checkout completion above 92%")],
  persona: [option(97, "Finance clerk"), option(98, "Shop owner")],
};

export function optionsOf(field: string): FieldOption[] {
  return [...(OPTIONS[field] ?? [])];
}

export function peopleOf(kind: string): { id: number; name: string }[] {
  if (kind !== "Person") return [];
  return PEOPLE.map((name, i) => ({ id: i + 1, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A value as it is kept; refuses what the engine refuses, in its words. */
export function keptValue(field: string, kind: string, value: EditValue): FieldValue {
  const refuse = (reason: string) => fail("edit_refused", { reason });
  if (!isEditable(field)) throw refuse("the field is not edited here");
  const empty = value.type === "none" || (value.type === "text" && value.text.trim() === "");
  if (empty) {
    if (field === "title") throw refuse("an item needs a title");
    return { type: "none" };
  }
  switch (value.type) {
    case "options": {
      const known = optionsOf(field).filter((one) => value.ids.includes(one.id));
      if (known.length !== value.ids.length) throw refuse("the choice is none of the field's");
      return { type: "options", options: known };
    }
    case "person": {
      const name = PEOPLE[value.id - 1];
      if (name === undefined) throw refuse("the choice is none of the field's");
      return { type: "people", names: [name] };
    }
    case "rich": {
      const blocks = blocksOf(value);
      return blocks.length === 0 ? { type: "none" } : { type: "rich_text", blocks };
    }
    case "labels":
      return { type: "labels", labels: [...new Set(value.labels)].sort() };
    case "number":
      if (field === "story_points" && value.number > 1000)
        throw refuse("the number is out of range");
      return value;
    case "dependency":
    case "item":
      throw refuse("the value does not fit the field");
    default:
      return value;
  }
}

const text = (words: string): FieldValue => ({ type: "text", text: words });

/** In the address: `&turns=story_points` lets the two sides have set that field in turns. */
function turnsOf(
  field: string,
  [, here, there]: [FieldValue | null, FieldValue, FieldValue],
): Turn[] {
  if (new URLSearchParams(location.search).get("turns") !== field) return [];
  return [0, 1, 2, 3, 4].map((i) => ({
    from_jira: i % 2 === 1,
    value: i % 2 === 1 ? there : here,
    at: `2026-11-22T16:4${String(i)}:00Z`,
  }));
}

function makeConflicts(): Conflict[] {
  const one = (
    id: number,
    field: string,
    name: string,
    since: string,
    values: [FieldValue | null, FieldValue, FieldValue],
    title: string,
  ): Conflict => ({
    item_id: id,
    title,
    key: `PLAT-${String(100 + id)}`,
    field,
    field_name: name,
    since,
    base: values[0],
    here: values[1],
    there: values[2],
    turns: turnsOf(field, values),
  });
  return [
    one(
      2,
      "custom:4",
      "Acceptance notes",
      "2026-11-22T16:40:00Z",
      [
        text("Given a saved card,\nwhen the bank asks again,\nthen nothing typed is lost."),
        text("Given a saved card,\nwhen the bank asks a second time,\nthen nothing typed is lost."),
        text("Given a saved card or wallet,\nwhen the bank asks again,\nthen nothing is lost."),
      ],
      "Let customers keep saved payment methods",
    ),
    one(
      3,
      "story_points",
      "Story points",
      "2026-11-23T08:02:00Z",
      [
        { type: "number", number: 3 },
        { type: "number", number: 5 },
        { type: "number", number: 8 },
      ],
      "Rework the invoice archive",
    ),
    one(
      5,
      "title",
      "Title",
      "2026-11-23T09:15:00Z",
      [
        text("Donaudampfschifffahrtsgesellschaft vereinfachen"),
        text("Donaudampfschifffahrtsgesellschaft vereinfachen und dokumentieren"),
        text("Donaudampfschifffahrtsgesellschaft grundlegend vereinfachen"),
      ],
      "Donaudampfschifffahrtsgesellschaft vereinfachen und dokumentieren",
    ),
    one(
      6,
      "dev_assignee",
      "Dev assignee",
      "2026-11-23T10:44:00Z",
      [null, { type: "people", names: ["נועה לוי"] }, { type: "none" }],
      "הוספת אימות דו־שלבי למסך התשלום",
    ),
  ];
}

function makeProblems(): SyncProblem[] {
  const one = (
    id: number,
    title: string,
    problem: ApiError,
    attempts: number,
    next: string | null,
  ): SyncProblem => ({
    remote_id: String(10_100 + id),
    unmade_id: null,
    key: `PLAT-${String(100 + id)}`,
    item_id: id,
    title,
    attempts,
    next_at: next,
    problem,
  });
  const unsayable = (fields: string): ApiError => ({ code: "value_unsayable", detail: { fields } });
  return [
    one(8, "Stop losing failed direct debits", unsayable("Importance"), 1, null),
    one(
      13,
      "Show the fees of each card",
      {
        code: "choice_missing",
        detail: { what: "component", name: "Ledger", field: "components", option: "63" },
      },
      1,
      null,
    ),
    one(9, "チェックアウトでの追加認証に対応する", unsayable("Team"), 2, null),
    one(12, "Export audit entries older than a year", unsayable("Importance"), 1, null),
    one(
      11,
      "Take the fee from the right ledger",
      {
        code: "transition_missing",
        detail: { from: "To Do", to: "In Review", steps: "Ready for development, In Progress" },
      },
      1,
      null,
    ),
    one(
      13,
      "Retry card payments after a timeout",
      {
        code: "transition_fields",
        detail: { from: "In Progress", to: "Done", step: "Finish", fields: "Resolution" },
      },
      1,
      null,
    ),
    one(14, "Warn about webhook deliveries", { code: "issue_unreadable", detail: {} }, 3, null),
    one(
      20,
      "Speed up the monthly close report for enterprise plans",
      { code: "jira_unavailable", detail: { status: "503" } },
      4,
      new Date(Date.now() + 4 * 60_000).toISOString(),
    ),
  ];
}
