import type { Hierarchy, TypeRemark } from "@/api/bindings.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CHECK_PAUSE_MS, HierarchyController } from "./hierarchy.svelte.ts";
import { arrive, Asked } from "./testing.ts";

const type = (id: number, singular: string) => ({
  id,
  singular,
  plural: `${singular}s`,
  icon: "zap",
  colour: "blue",
});
const remote = (id: string, name: string, level: number) => ({
  id,
  name,
  level,
  level_name: level === 1 ? "Epic level" : "Standard level",
});

const ANSWER: Hierarchy = {
  levels: [
    { id: 1, singular: "Epic", plural: "Epics", types: [type(1, "Epic")] },
    { id: 2, singular: "Feature", plural: "Features", types: [type(2, "Feature"), type(3, "Bug")] },
  ],
  remote_types: [
    remote("E", "Epic", 1),
    remote("S", "Story", 0),
    remote("B", "Fault", 0),
    remote("X", "Spike", 0),
  ],
  choices: [
    { item_type: 1, remote_type: "S", refusal: "Standard level in Jira" },
    { item_type: 1, remote_type: "X", refusal: "Standard level in Jira" },
    { item_type: 2, remote_type: "B", refusal: "Already mapped to Bug" },
  ],
  pairs: [
    { item_type: 1, remote_type: "E" },
    { item_type: 2, remote_type: "S" },
    { item_type: 3, remote_type: "B" },
  ],
  proposals: [
    { item_type: 1, remote_type: "E", confidence: 100, reason: "Same level, same name" },
    { item_type: 2, remote_type: "S", confidence: 72, reason: "Same level" },
    { item_type: 3, remote_type: "B", confidence: 60, reason: "Same level" },
  ],
  saved: false,
  remarks: [],
};
const REFUSAL: TypeRemark = {
  item_type: 2,
  remote_type: "E",
  severity: "refusal",
  text: "Stands above",
};

let asked: Asked;
beforeEach(() => {
  vi.useFakeTimers();
  asked = new Asked();
});
afterEach(() => vi.useRealTimers());

async function opened(answer: Partial<Hierarchy> = {}): Promise<HierarchyController> {
  const draft = new HierarchyController(7);
  void draft.open();
  asked.last("hierarchy").answer({ ...ANSWER, ...answer });
  await arrive();
  return draft;
}

const row = (draft: HierarchyController, id: number) => {
  const found = draft.rows.find((one) => one.type.id === id);
  if (!found) throw new Error("no such row");
  return found;
};

describe("a proposal", () => {
  test("is filled in and stays a suggestion until it is accepted", async () => {
    const draft = await opened();
    expect(row(draft, 2).chosen).toEqual(["S"]);
    expect(row(draft, 2).suggestions.map((s) => s.confidence)).toEqual([72]);
    draft.accept(2);
    expect(row(draft, 2).suggestions).toEqual([]);
    expect(draft.suggested).toBe(2);
    draft.accept();
    expect(draft.suggested).toBe(0);
    expect(draft.dirty).toBe(false);
  });

  test("that was saved is no suggestion", async () => {
    expect((await opened({ saved: true })).suggested).toBe(0);
  });

  test("is settled by saving", async () => {
    const draft = await opened();
    const saving = draft.save();
    asked.last("hierarchy_save").answer({});
    await saving;
    expect(draft.suggested).toBe(0);
  });

  test("can be gone back to", async () => {
    const draft = await opened();
    expect(draft.canReset).toBe(false);
    draft.choose(2, []);
    expect(draft.canReset).toBe(true);
    draft.reset();
    expect(row(draft, 2).chosen).toEqual(["S"]);
    expect(draft.suggested).toBe(3);
  });
});

describe("a choice", () => {
  test("that somebody made is not a suggestion, and stands in tree order", async () => {
    const draft = await opened();
    draft.choose(2, ["S", "X"]);
    draft.choose(1, []);
    draft.choose(1, ["E"]);
    expect(row(draft, 1).suggestions).toEqual([]);
    expect(draft.pairs.map((p) => p.remote_type)).toEqual(["E", "S", "X", "B"]);
  });

  test("that is refused or taken is greyed with its reason", async () => {
    const draft = await opened();
    const reasons = Object.fromEntries(
      draft.optionsFor(1).map((option) => [option.value, option.reason]),
    );
    expect(reasons).toEqual({
      E: undefined,
      S: "Already mapped to Feature",
      B: "Already mapped to Bug",
      X: "Standard level in Jira",
    });
  });

  test("is offered again once the row that held it let go", async () => {
    const draft = await opened();
    draft.choose(3, []);
    expect(draft.optionsFor(2).find((option) => option.value === "B")?.disabled).toBeUndefined();
  });

  test("that is gone from Jira can be seen and taken out", async () => {
    const draft = await opened({ pairs: [{ item_type: 1, remote_type: "old" }], saved: true });
    expect(draft.optionsFor(1).at(-1)).toMatchObject({ value: "old", reason: "Gone from Jira" });
  });

  test("leaves what stands in no row to be skipped", async () => {
    expect((await opened()).skipped.map((t) => t.name)).toEqual(["Spike"]);
  });
});

describe("a check", () => {
  test("runs once after a burst of changes, with the last of them", async () => {
    const draft = await opened();
    draft.choose(2, []);
    draft.choose(2, ["X"]);
    vi.advanceTimersByTime(CHECK_PAUSE_MS - 1);
    expect(asked.of("hierarchy_check")).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(asked.of("hierarchy_check")).toHaveLength(1);
    expect(asked.last("hierarchy_check").payload).toMatchObject({
      pairs: [{ remote_type: "E" }, { remote_type: "X" }, { remote_type: "B" }],
    });
  });

  test("that a later change overtook is dropped, and so is its sample", async () => {
    const draft = await opened();
    draft.choose(2, ["X"]);
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    const stale = asked.last("hierarchy_check");
    const staleSample = asked.last("hierarchy_sample");
    draft.choose(2, ["S"]);
    stale.answer([REFUSAL]);
    staleSample.answer({ nodes: [] });
    await arrive();
    expect(draft.remarks).toEqual([]);
    expect(draft.sample).toBeUndefined();
    expect(draft.checking).toBe(true);
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    asked.last("hierarchy_check").answer([REFUSAL]);
    await arrive();
    expect(draft.remarks).toEqual([REFUSAL]);
    expect(draft.checking).toBe(false);
  });

  test("with a refusal blocks saving and names the row", async () => {
    const draft = await opened({ remarks: [REFUSAL] });
    expect(draft.reason).toBe("Correct the row Feature first");
    expect(row(draft, 2).remarks[0]?.text).toBe("Stands above");
  });

  test("with a warning blocks nothing, and says a sentence once for several types", async () => {
    const draft = await opened({
      remarks: ["S", "X"].map((remote_type) => ({
        ...REFUSAL,
        remote_type,
        severity: "warning" as const,
      })),
    });
    expect(draft.reason).toBeUndefined();
    expect(row(draft, 2).remarks).toEqual([
      { severity: "warning", text: "Stands above", about: ["Story", "Spike"] },
    ]);
  });

  test("that belongs to no row stands on top", async () => {
    const remark = { ...REFUSAL, item_type: null, remote_type: null, text: "Nothing is mapped" };
    const draft = await opened({ remarks: [remark] });
    expect(draft.generalRemarks.map((r) => r.text)).toEqual(["Nothing is mapped"]);
    expect(draft.reason).toBe("Nothing is mapped");
  });
});

describe("a draft", () => {
  test("is kept when the step is opened again, and checked anew", async () => {
    const draft = await opened();
    draft.choose(2, ["X"]);
    void draft.open();
    asked.last("hierarchy").answer(ANSWER);
    await arrive();
    expect(row(draft, 2).chosen).toEqual(["X"]);
    expect(draft.dirty).toBe(true);
    expect(asked.of("hierarchy_check")).toHaveLength(1);
  });

  test("says why the types could not be read, and reads them again", async () => {
    const draft = new HierarchyController(7);
    void draft.open();
    asked.last("hierarchy").refuse("project_gone");
    await arrive();
    expect(draft.error?.code).toBe("project_gone");
    void draft.refresh();
    expect(asked.last("hierarchy").payload).toEqual({ integration_id: 7, refresh: true });
    asked.last("hierarchy").answer(ANSWER);
    await arrive();
    expect(draft.error).toBeUndefined();
    expect(draft.rows).toHaveLength(3);
  });
});
