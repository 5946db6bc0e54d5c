import type { Integration, PlanRow, Run, RunState, ScopeReport } from "@/api/bindings.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { arrive, Asked } from "../mapping/testing.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { markOf, tilesOf } from "./actions.ts";
import { ImportController } from "./import.svelte.ts";
import Progress from "./Progress.svelte";
import { CHECK_PAUSE_MS } from "./scope.svelte.ts";

const COUNTS: Run["counts"] = {
  found: 0,
  create: 0,
  update: 0,
  unchanged: 0,
  skip: 0,
  conflicts: 0,
  created: 0,
  updated: 0,
  failed: 0,
  undone: 0,
};
const PLANNED = { ...COUNTS, found: 1300, create: 1280, update: 4, skip: 16 };
const run = (part: Partial<Run>): Run => ({
  id: 1,
  integration_id: 7,
  integration_name: "Platform",
  state: "listing",
  resumes: null,
  done: 0,
  total: null,
  rate_per_s: null,
  seconds_left: null,
  counts: COUNTS,
  started_at: "2026-11-23T10:00:00Z",
  ended_at: null,
  problem: null,
  undoable: false,
  ...part,
});
const report = (part: Partial<ScopeReport>): ScopeReport => ({
  ok: true,
  errors: [],
  count: 106,
  exact: false,
  histogram: [],
  effective_jql: "",
  ...part,
});
const INTEGRATION = { jql: "type = Bug", include_closed: true, area_id: 3 } as Integration;

let asked: Asked;
let draft: ImportController;

beforeEach(() => {
  vi.useFakeTimers();
  asked = new Asked();
  draft = new ImportController(7);
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the filter", () => {
  test("is_taken_over_once_and_checked_at_once", () => {
    draft.scope.fill(INTEGRATION);
    draft.scope.jql = "type = Epic";
    draft.scope.fill(INTEGRATION);
    expect(draft.scope.jql).toBe("type = Epic");
    expect(asked.of("scope_check")).toHaveLength(1);
    expect(asked.last("scope_check").payload).toMatchObject({ jql: "type = Bug" });
  });

  test("is_checked_when_nothing_was_typed_for_a_moment", () => {
    draft.scope.typed();
    vi.advanceTimersByTime(CHECK_PAUSE_MS - 1);
    draft.scope.typed();
    vi.advanceTimersByTime(CHECK_PAUSE_MS - 1);
    expect(asked.of("scope_check")).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(asked.of("scope_check")).toHaveLength(1);
  });

  test("drops_an_answer_that_was_overtaken", async () => {
    void draft.scope.checkNow();
    const first = asked.last("scope_check");
    draft.scope.typed();
    first.answer(report({ count: 1 }));
    await arrive();
    expect(draft.scope.report).toBeUndefined();
    vi.advanceTimersByTime(CHECK_PAUSE_MS);
    asked.last("scope_check").answer(report({ count: 2 }));
    await arrive();
    expect(draft.scope.counted).toBe("About 2 issues");
    expect(draft.scope.checking).toBe(false);
  });

  test("shows_what_jira_has_against_it_in_jiras_words", async () => {
    void draft.scope.checkNow();
    asked
      .last("scope_check")
      .answer(report({ ok: false, errors: ["Field 'x' does not exist."], count: null }));
    await arrive();
    expect(draft.scope.refusal).toBe("Field 'x' does not exist.");
    expect(draft.primary?.reason).toBe("Correct the filter first");
  });
});

describe("the primary button", () => {
  const check = (part: Partial<Run>, label: string | undefined) => {
    draft.take(run(part));
    expect(draft.primary?.label).toBe(label);
  };

  test("makes_the_plan_while_there_is_no_run", async () => {
    expect(draft.primary).toMatchObject({ label: "Make the plan" });
    expect(draft.primary?.reason).toBeDefined();
    void draft.scope.checkNow();
    asked.last("scope_check").answer(report({}));
    await arrive();
    expect(draft.primary?.reason).toBeUndefined();
  });
  test("is_absent_while_the_issues_are_read", () => {
    check({ state: "reading" }, undefined);
  });
  test("imports_as_many_items_as_would_be_written", () => {
    check({ state: "planned", counts: PLANNED }, "Import 1,284 items");
  });
  test("leads_back_to_the_filter_when_there_is_nothing_to_write", () => {
    check({ state: "planned", counts: { ...COUNTS, skip: 3 } }, "Choose another filter");
  });
  test("keeps_in_step_what_is_linked_when_there_is_nothing_to_write", () => {
    check({ state: "planned", counts: { ...COUNTS, unchanged: 12 } }, "Keep 12 items in step");
  });
  test("resumes_what_stands_still", () => {
    check({ state: "paused", counts: PLANNED }, "Resume");
  });
  test("opens_the_backlog_when_the_import_is_done", () => {
    check({ state: "done", counts: PLANNED }, "Open the backlog");
  });
  test("plans_anew_after_an_undo", () => {
    check({ state: "undone", counts: PLANNED }, "Plan a new import");
  });
  test("plans_anew_after_a_plan_was_given_up", () => {
    check({ state: "cancelled", counts: PLANNED }, "Make the plan");
  });
});

describe("a run that stands still because the secrets are locked", () => {
  const problem = { code: "secret_store_locked" as const, detail: {} };
  const sealed = run({ state: "paused", done: 40, total: 100, problem });
  const store = (ready: boolean) => ({
    kind: "file" as const,
    ready,
    problem: ready ? null : problem,
    file_exists: true,
  });

  async function shown(ready: boolean) {
    void draft.open();
    asked.last("app_state").answer({ active_run: sealed, secret_store: store(ready) });
    await arrive();
    render(TestWindow, { props: { of: Progress as Component, props: { draft, run: sealed } } });
  }
  afterEach(cleanup);

  test("goes_on_with_the_passphrase_and_nothing_else", async () => {
    vi.useRealTimers();
    await shown(false);
    expect(draft.primary).toMatchObject({ deed: "resume", reason: "Unlock the secrets first" });
    await userEvent.type(screen.getByLabelText("Passphrase"), "open sesame");
    await userEvent.click(screen.getByRole("button", { name: "Unlock and continue" }));
    asked.last("secret_store_choose").answer(store(true));
    await vi.waitFor(() => {
      expect(asked.of("import_resume")).toHaveLength(1);
    });
  });

  test("goes_on_with_one_click_once_they_were_unlocked_elsewhere", async () => {
    vi.useRealTimers();
    await shown(true);
    expect(draft.primary?.reason).toBeUndefined();
    await userEvent.click(screen.getByRole("button", { name: "Continue the import" }));
    expect(asked.of("import_resume")).toHaveLength(1);
  });

  test("learns_that_they_were_unlocked_from_an_event", async () => {
    const stop = draft.follow();
    void draft.open();
    asked.last("app_state").answer({ active_run: sealed, secret_store: store(false) });
    await arrive();
    expect(draft.locked).toBe(true);
    asked.send({ type: "changed", tags: ["app"] });
    asked.last("app_state").answer({ active_run: sealed, secret_store: store(true) });
    await arrive();
    expect(draft.locked).toBe(false);
    stop();
  });
});

describe("the issues of a run that is over", () => {
  const DONE = { ...PLANNED, created: 1270, updated: 4, failed: 7 };
  const tile = (word: string, state: RunState = "done") =>
    tilesOf(run({ state, counts: DONE })).find((one) => one.word === word);

  test("are_counted_by_what_has_become_of_them", () => {
    expect(tile("Created")?.count).toBe(1270);
    expect(tile("Updated")?.count).toBe(4);
    expect(tile("Failed")?.count).toBe(7);
    // Three of those that were to be created changed meanwhile, and were passed over as well.
    expect(tile("Skipped")?.count).toBe(16 + 3);
  });

  test("are_asked_for_by_what_has_become_of_them", async () => {
    draft.take(run({ state: "done", counts: { ...DONE, failed: 0 } }));
    const skipped = tile("Skipped");
    if (skipped) draft.plan?.pick(skipped);
    await arrive();
    expect(asked.last("plan_rows").payload).toMatchObject({ action: null, outcome: "skipped" });
    asked.last("plan_rows").answer({ total: 0, rows: [] });
    await arrive();
    expect(draft.plan?.narrowed).toBe(false);
    if (skipped) draft.plan?.pick(skipped);
    expect(draft.plan?.filtered).toBe(false);
  });

  test("are_those_that_failed_at_first_if_any_did", async () => {
    draft.take(run({ state: "done", counts: DONE }));
    await arrive();
    expect(draft.plan?.outcome).toBe("failed");
  });

  test("are_read_anew_once_the_plan_was_written", () => {
    draft.take(run({ state: "planned", counts: PLANNED }));
    const before = draft.plan;
    draft.take(run({ state: "applying", counts: PLANNED }));
    draft.take(run({ state: "done", counts: DONE }));
    expect(draft.plan).toBeDefined();
    expect(draft.plan).not.toBe(before);
  });

  const check = (row: Partial<PlanRow>, state: RunState, word: string) => {
    const whole = { action: "create", outcome: null, ...row } as PlanRow;
    expect(markOf(whole, run({ state })).word).toBe(word);
  };
  test("are_marked_with_what_has_become_of_them", () => {
    check({}, "planned", "Create");
    check({ outcome: "applied" }, "done", "Created");
    check({ action: "update", outcome: "applied" }, "done", "Updated");
    check({ action: "unchanged", outcome: "applied" }, "done", "Unchanged");
    check({ outcome: "skipped" }, "done", "Skipped");
    check({ outcome: "failed" }, "done", "Failed");
    check({}, "cancelled", "Not reached");
    check({ action: "skip" }, "cancelled", "Skipped");
  });
});

describe("the run", () => {
  test("is_found_again_after_the_window_was_closed", async () => {
    void draft.open();
    asked.last("app_state").answer({ active_run: run({ state: "applying", counts: PLANNED }) });
    await arrive();
    expect(draft.phase).toBe("applying");
  });

  test("is_the_last_one_of_the_integration_when_none_is_under_way", async () => {
    void draft.open();
    asked.last("app_state").answer({ active_run: run({ integration_id: 8 }) });
    await arrive();
    asked.last("runs").answer([run({ state: "undone" })]);
    await arrive();
    expect(draft.run?.state).toBe("undone");
  });

  test("that_is_told_by_an_event_overtakes_an_answer_on_its_way", async () => {
    void draft.open();
    draft.take(run({ state: "applying", done: 50, total: 100 }));
    asked.last("app_state").answer({ active_run: run({ state: "applying", done: 10 }) });
    await arrive();
    expect(draft.run?.done).toBe(50);
  });

  test("of_another_integration_is_none_of_ours", () => {
    draft.take(run({ integration_id: 8 }));
    expect(draft.run).toBeNull();
  });

  describe("that stands still says what it goes on with", () => {
    afterEach(cleanup);
    const check = (resumes: RunState, phase: string, words: RegExp) => {
      const paused = run({ state: "paused", resumes, done: 4, total: 10, counts: PLANNED });
      draft.take(paused);
      expect(draft.phase).toBe(phase);
      render(TestWindow, { props: { of: Progress as Component, props: { draft, run: paused } } });
      expect(screen.getByText(words)).toBeDefined();
    };
    test("while_it_is_listed", () => {
      check("listing", "reading", /^It goes on with asking Jira/);
    });
    test("while_it_is_read", () => {
      check("reading", "reading", /^It goes on with reading/);
    });
    test("while_it_is_written", () => {
      check("applying", "applying", /^It goes on with writing/);
    });
    test("while_it_is_taken_back", () => {
      check("undoing", "undoing", /^It goes on with taking back/);
    });
  });

  test("is_told_to_screen_readers_every_tenth_of_the_way", () => {
    draft.take(run({ state: "applying", done: 31, total: 100 }));
    const said = draft.milestone;
    draft.take(run({ state: "applying", done: 39, total: 100 }));
    expect(draft.milestone).toBe(said);
    expect(said).toBe("Importing, 30 per cent");
  });

  test("that_was_put_away_does_not_come_back", async () => {
    draft.take(run({ state: "done" }));
    await draft.startOver();
    draft.take(run({ state: "done" }));
    expect(draft.phase).toBe("filter");
  });

  test("keeps_its_place_and_says_why_when_a_command_is_refused", async () => {
    draft.take(run({ state: "planned", counts: PLANNED }));
    void draft.apply();
    asked.last("import_apply").refuse("run_active");
    await arrive();
    expect(draft.failure?.code).toBe("run_active");
    expect(draft.phase).toBe("plan");
    expect(draft.busy).toBeUndefined();
  });

  test("can_be_paused_before_the_answer_that_began_it_has_come", async () => {
    void draft.makePlan();
    await arrive();
    asked.last("scope_save").answer(INTEGRATION);
    await arrive();
    draft.take(run({ state: "listing" }));
    void draft.pause();
    void draft.pause();
    asked.last("import_plan").answer(run({ state: "listing" }));
    await arrive();
    asked.last("app_state").answer({ active_run: run({ state: "listing" }) });
    await arrive();
    expect(asked.of("import_pause")).toHaveLength(1);
    expect(draft.busy).toBe("pause");
  });
});
