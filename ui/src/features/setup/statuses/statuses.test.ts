import type { StatusMapping, StatusPair, StatusRemark } from "@/api/bindings.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { arrive, Asked } from "../mapping/testing.ts";
import { CHECK_PAUSE_MS, StatusesController } from "./statuses.svelte.ts";

const pair = (remote_status: string, status: number, is_written = false): StatusPair => ({
  remote_status,
  status,
  is_written,
});
const remote = (id: string, category: "open" | "in_progress" | "done" | null) => ({
  id,
  name: id.toUpperCase(),
  category,
  count: 0,
});
const status = (id: number, name: string) => ({
  id,
  name,
  colour: null,
  category: "open" as const,
});

const ANSWER: StatusMapping = {
  remote_statuses: [
    remote("todo", "open"),
    remote("doing", "in_progress"),
    remote("blocked", "in_progress"),
    remote("gone", null),
  ],
  statuses: [status(1, "Open"), status(2, "Work"), status(3, "Done")],
  pairs: [pair("todo", 1, true), pair("doing", 2, true), pair("blocked", 2)],
  proposals: [
    { pair: pair("todo", 1, true), confidence: 80, reason: "Same category" },
    { pair: pair("doing", 2, true), confidence: 75, reason: "Same stage of work" },
    { pair: pair("blocked", 2), confidence: 50, reason: "Same category" },
  ],
  goes_back: true,
  winner: "ask",
  linked: 12,
  saved: false,
  remarks: [],
};
const REFUSAL: StatusRemark = {
  remote_status: "doing",
  status: 2,
  severity: "refusal",
  text: "This workspace status is gone",
};

let asked: Asked;
beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  asked = new Asked();
});
afterEach(() => vi.useRealTimers());

async function opened(answer: Partial<StatusMapping> = {}): Promise<StatusesController> {
  const draft = new StatusesController(7);
  void draft.open();
  asked.last("status_mapping").answer({ ...ANSWER, ...answer });
  await arrive();
  return draft;
}

const written = (draft: StatusesController) =>
  draft.decided.pairs.filter((p) => p.is_written).map((p) => p.remote_status);

describe("the rows", () => {
  test("stand by category, those that are gone last", async () => {
    const draft = await opened();
    expect(draft.groups.map(({ category, rows }) => [category, rows.length])).toEqual([
      ["open", 1],
      ["in_progress", 2],
      [null, 1],
    ]);
  });

  test("are suggestions until they are accepted, decided or saved", async () => {
    const draft = await opened();
    expect(draft.suggested).toBe(3);
    draft.map("blocked", 1);
    expect(draft.suggested).toBe(2);
    draft.acceptAll();
    expect(draft.suggested).toBe(0);
    expect((await opened({ saved: true })).suggested).toBe(0);
  });

  test("tell what is wrong with them, and that it cannot be saved", async () => {
    const draft = await opened();
    draft.map("doing", 2);
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    asked.last("status_mapping_check").answer([REFUSAL]);
    await arrive();
    expect(draft.reason).toBe("Correct the row DOING first");
    expect(draft.groups[1]?.rows[0]?.remarks).toEqual([REFUSAL]);
  });
});

describe("the way back", () => {
  test("is always one of those that stand for the status", async () => {
    const draft = await opened();
    draft.choose(2, "blocked");
    expect(written(draft)).toEqual(["todo", "blocked"]);
    // The chosen one goes: the other one takes its place.
    draft.map("blocked", null);
    expect(written(draft)).toEqual(["todo", "doing"]);
    draft.map("blocked", 3);
    expect(written(draft)).toEqual(["todo", "doing", "blocked"]);
    expect(draft.waysBack.map(({ chosen }) => chosen)).toEqual(["todo", "doing", "blocked"]);
  });

  test("prefers the proposed one where nobody chose", async () => {
    const draft = await opened();
    draft.map("doing", null);
    draft.map("blocked", null);
    draft.map("blocked", 2);
    expect(written(draft)).toContain("blocked");
    draft.map("blocked", null);
    draft.map("doing", 2);
    draft.map("blocked", 2);
    expect(written(draft)).toEqual(["todo", "doing"]);
  });
});

describe("what was changed", () => {
  test("outlives a reload of the window, and is gone once it is saved", async () => {
    const draft = await opened();
    draft.setGoesBack(false);
    draft.setWinner("remote");
    expect(draft.dirty).toBe(true);
    const again = await opened();
    expect(again.decided).toMatchObject({ goesBack: false, winner: "remote" });
    const saving = again.save();
    expect(asked.last("status_mapping_save").payload).toMatchObject({
      integration_id: 7,
      goes_back: false,
      winner: "remote",
    });
    asked.last("status_mapping_save").answer({});
    await saving;
    expect(again.dirty).toBe(false);
    expect((await opened()).decided.goesBack).toBe(true);
  });

  test("is kept when Jira is asked again, and can be put back to what is proposed", async () => {
    const draft = await opened();
    draft.map("blocked", 3);
    void draft.refresh();
    asked.last("status_mapping").answer(ANSWER);
    await arrive();
    expect(draft.decided.pairs).toContainEqual(pair("blocked", 3, true));
    expect(draft.canReset).toBe(true);
    draft.reset();
    expect(draft.canReset).toBe(false);
    expect(draft.dirty).toBe(false);
  });
});
