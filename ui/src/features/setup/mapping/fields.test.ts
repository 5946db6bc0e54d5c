import type { Direction, FieldMapping, FieldPair, FieldRemark } from "@/api/bindings.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CHECK_PAUSE_MS, FieldsController } from "./fields.svelte.ts";
import { arrive, Asked } from "./testing.ts";

const pair = (field: string, remote_field: string, more: Partial<FieldPair> = {}): FieldPair => ({
  field,
  remote_field,
  direction: "both",
  winner: "ask",
  values: [],
  core: false,
  ...more,
});
const field = (key: string, name: string, options: string[] = []) => ({
  key,
  name,
  kind: "Text",
  options: options.map((option, id) => ({ id, name: option, colour: null })),
  sample: null,
  choices: [] as FieldMapping["fields"][number]["choices"],
});
const remote = (id: string, name: string, options: string[] = []) => ({
  id,
  name,
  kind: "Text",
  custom: false,
  on_create: true,
  options: options.map((option) => ({ id: option, name: option })),
  sample: null,
});
const only = (remote_field: string, ...directions: Direction[]) => ({
  remote_field,
  refusal: null,
  note: "Written out as text",
  directions,
});

const ANSWER: FieldMapping = {
  fields: [
    field("title", "Title"),
    {
      ...field("effort", "Effort", ["S", "M"]),
      choices: [only("created", "from_remote", "set_once")],
    },
    {
      ...field("value", "Value"),
      choices: [{ remote_field: "labels", refusal: "Holds labels", note: null, directions: [] }],
    },
    field("team", "Team"),
  ],
  remote_fields: [
    remote("summary", "Summary"),
    remote("size", "Size", ["Small", "Medium"]),
    remote("created", "Created"),
    remote("labels", "Labels"),
    remote("worth", "Worth"),
    remote("crew", "Crew"),
  ],
  pairs: [pair("title", "summary", { core: true })],
  suggestions: [
    { pair: pair("value", "worth"), confidence: 61, reason: "Similar name" },
    { pair: pair("team", "crew"), confidence: 98, reason: "Same name" },
    { pair: pair("effort", "crew"), confidence: 40, reason: "Similar name" },
  ],
  remarks: [],
  saved: false,
};
const REFUSAL: FieldRemark = {
  field: "effort",
  remote_field: "size",
  severity: "refusal",
  text: "Gone",
};
const VALUES = {
  grows: false,
  lines: [
    { remote: { id: "Small", name: "Small" }, option: 0, confidence: 80, reason: "Similar name" },
    { remote: { id: "Medium", name: "Medium" }, option: null, confidence: 0, reason: "" },
  ],
};

let asked: Asked;
beforeEach(() => {
  vi.useFakeTimers();
  asked = new Asked();
});
afterEach(() => vi.useRealTimers());

async function opened(answer: Partial<FieldMapping> = {}): Promise<FieldsController> {
  const draft = new FieldsController(7);
  void draft.open();
  asked.last("field_mapping").answer({ ...ANSWER, ...answer });
  await arrive();
  return draft;
}

const keys = (draft: FieldsController) => draft.rows.map((row) => row.pair.field);
const get = (draft: FieldsController, key: string) => {
  const found = draft.pairs.find((one) => one.field === key);
  if (!found) throw new Error("no such pair");
  return found;
};

describe("a suggestion", () => {
  test("stands apart, the surest first, until it is accepted", async () => {
    const draft = await opened();
    expect(draft.suggestions.map((s) => s.confidence)).toEqual([98, 61, 40]);
    expect(keys(draft)).toEqual(["title"]);
    draft.accept("team");
    expect(keys(draft)).toEqual(["title", "team"]);
    expect(draft.suggestions.map((s) => s.pair.field)).toEqual(["value"]);
  });

  test("is taken with all others, but a Jira field only once", async () => {
    const draft = await opened();
    draft.acceptAll();
    expect(keys(draft)).toEqual(["title", "team", "value"]);
    expect(draft.suggestions).toEqual([]);
  });

  test("can be dismissed and called back", async () => {
    const draft = await opened();
    draft.dismiss("team");
    expect(draft.suggestions.map((s) => s.pair.field)).toEqual(["value", "effort"]);
    expect(draft.dismissed).toBe(1);
    draft.recall();
    expect(draft.suggestions).toHaveLength(3);
  });
});

describe("a pair", () => {
  test("goes only in directions that make sense", async () => {
    const draft = await opened();
    draft.add("effort", "created");
    expect(get(draft, "effort").direction).toBe("from_remote");
    expect(draft.directionsFor("effort", "created")).toEqual(["from_remote", "set_once"]);
    draft.setDirection("effort", "both");
    expect(get(draft, "effort").direction).toBe("from_remote");
    draft.setDirection("effort", "set_once");
    expect(get(draft, "effort").direction).toBe("set_once");
    expect(draft.directionsFor("title", "summary")).toHaveLength(4);
  });

  test("changes to a direction that its new Jira field allows", async () => {
    const draft = await opened();
    draft.add("effort", "worth");
    expect(get(draft, "effort").direction).toBe("both");
    draft.setRemote("effort", "created");
    expect(get(draft, "effort").direction).toBe("from_remote");
  });

  test("is made when both halves are chosen, whichever came first", async () => {
    const draft = await opened();
    draft.beginAdding("worth");
    draft.chooseAdding({ field: "team" });
    expect(get(draft, "team").remote_field).toBe("worth");
    expect(draft.adding).toBeUndefined();
    expect(draft.freeFields(null).map((o) => o.value)).toEqual(["effort", "value"]);
    expect(draft.freeFields("labels").find((o) => o.value === "value")?.reason).toBe(
      "Holds labels",
    );
  });

  test("greys what does not fit or is taken, with the reason", async () => {
    const draft = await opened();
    const reasons = new Map(draft.optionsFor("value").map((o) => [o.value, o.reason]));
    expect(reasons.get("summary")).toBe("Already mapped to Title");
    expect(reasons.get("labels")).toBe("Holds labels");
    expect(reasons.get("worth")).toBeUndefined();
  });

  test("can be removed unless it is a core one", async () => {
    const draft = await opened();
    draft.accept("team");
    draft.remove("team");
    draft.remove("title");
    expect(keys(draft)).toEqual(["title"]);
  });

  test("with a refusal blocks saving, names the row and is never filtered away", async () => {
    const draft = await opened({
      pairs: [...ANSWER.pairs, pair("effort", "size")],
      remarks: [REFUSAL],
    });
    expect(draft.reason).toBe("Correct the row Effort first");
    draft.filter = "title";
    expect(draft.shownRows.map((row) => row.pair.field)).toEqual(["title", "effort"]);
  });
});

describe("the choices of a pair", () => {
  test("are filled in as suggestions, and what is not mapped says whether it is added", async () => {
    const draft = await opened();
    draft.add("effort", "size");
    asked.last("field_values").answer(VALUES);
    await arrive();
    expect(get(draft, "effort").values).toEqual([{ remote_option: "Small", option: 0 }]);
    expect(draft.valueRows(get(draft, "effort"))).toEqual([
      {
        id: "Small",
        name: "Small",
        option: 0,
        suggestion: { confidence: 80, reason: "Similar name" },
      },
      { id: "Medium", name: "Medium", option: null },
    ]);
    expect(draft.values.growsOf(get(draft, "effort"))).toBe(false);
  });

  test("that somebody chose are kept and are no suggestion", async () => {
    const draft = await opened();
    draft.add("effort", "size");
    draft.setValue("effort", "Small", 1);
    asked.last("field_values").answer(VALUES);
    await arrive();
    expect(draft.valueRows(get(draft, "effort"))?.[0]).toEqual({
      id: "Small",
      name: "Small",
      option: 1,
    });
    draft.setValue("effort", "Small", null);
    expect(get(draft, "effort").values).toEqual([{ remote_option: "Small", option: null }]);
  });

  test("of a Jira field that was exchanged meanwhile are dropped", async () => {
    const draft = await opened();
    draft.add("effort", "size");
    draft.setRemote("effort", "worth");
    asked.last("field_values").answer(VALUES);
    await arrive();
    expect(get(draft, "effort").values).toEqual([]);
  });

  test("can be asked for again when they could not be read", async () => {
    const draft = await opened();
    draft.add("effort", "size");
    asked.last("field_values").refuse("jira_unavailable");
    await arrive();
    expect(draft.values.errorOf(get(draft, "effort"))?.code).toBe("jira_unavailable");
    void draft.reloadValues("effort");
    asked.last("field_values").answer(VALUES);
    await arrive();
    expect(draft.valueRows(get(draft, "effort"))).toHaveLength(2);
  });
});

describe("a draft", () => {
  test("is checked after a pause, and an overtaken answer is dropped", async () => {
    const draft = await opened();
    draft.accept("team");
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    const stale = asked.last("field_mapping_check");
    draft.setWinner("team", "newest");
    stale.answer([REFUSAL]);
    await arrive();
    expect(draft.remarks).toEqual([]);
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    asked.last("field_mapping_check").answer([REFUSAL]);
    await arrive();
    expect(draft.remarks).toEqual([REFUSAL]);
  });

  test("is kept when the step is opened again", async () => {
    const draft = await opened();
    expect(draft.dirty).toBe(false);
    draft.accept("team");
    void draft.open();
    asked.last("field_mapping").answer(ANSWER);
    await arrive();
    expect(keys(draft)).toEqual(["title", "team"]);
    expect(draft.dirty).toBe(true);
  });

  test("that the engine refuses stays, and its rows say why", async () => {
    const draft = await opened();
    draft.accept("team");
    const saving = draft.save();
    asked.last("field_mapping_save").refuse("mapping_refused");
    await expect(saving).rejects.toMatchObject({ code: "mapping_refused" });
    asked.last("field_mapping_check").answer([{ ...REFUSAL, field: "team" }]);
    await arrive();
    expect(draft.reason).toBe("Correct the row Team first");
    expect(draft.dirty).toBe(true);
  });
});
