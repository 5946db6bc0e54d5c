import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Area, BacklogQuery, BacklogRow, Event } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { BacklogController } from "./backlog.svelte.ts";
import { columnsFor, columnsOf } from "./columns.ts";
import { OFFER_MS } from "./deeds.svelte.ts";
import { PAGE, PAGES_MAX } from "./view.svelte.ts";

const AREAS: Area[] = [
  { id: 1, parent_id: null, name: "Product", items: 0 },
  { id: 2, parent_id: 1, name: "Payments", items: 0 },
];

function row(id: number): BacklogRow {
  return {
    id,
    depth: 0,
    has_children: id % 10 === 0,
    expanded: true,
    matched: true,
    title: `Item ${id}`,
    item_type: 1,
    key: null,
    status: null,
    dev_status: null,
    importance: null,
    dev_assignee: null,
    story_points: null,
    area_id: 1,
  };
}

/** An engine whose list is the numbers given; `held` keeps answers back until they are let go. */
function engine(first: number[]) {
  let ids = first;
  let emit: (event: unknown) => void = () => undefined;
  const views = new Map<number, number[]>();
  const asked: { cmd: string; args: Record<string, unknown> }[] = [];
  const held: (() => void)[] = [];
  const state = { holding: false, stale: false, failing: "", back: 2, statusCount: 0 };
  const answers: Record<string, (args: never) => unknown> = {
    levels: () => [],
    areas: () => AREAS,
    facets: () => ({
      levels: [],
      statuses: [{ id: 1, name: "Open", icon: null, colour: "slate", count: state.statusCount }],
      dev_statuses: [],
      total: ids.length,
    }),
    backlog_open: () => {
      views.set(views.size + 1, ids);
      return { view: views.size, rows: ids.length, matched: ids.length };
    },
    backlog_rows: ({ view, start, count }: { view: number; start: number; count: number }) => ({
      rows: (views.get(view) ?? []).slice(start, start + count).map(row),
      stale: state.stale,
    }),
    backlog_ids: ({ view, start, count }: { view: number; start: number; count: number }) => ({
      ids: (views.get(view) ?? []).slice(start, start + count),
    }),
    item: ({ id }: { id: number }) => ({ id, title: `Item ${id}` }),
    items_move: ({ ids: moved }: { ids: number[] }) => ({ moved: moved.length, undo: 77 }),
    items_move_undo: () => ({ moved: state.back, undo: 0 }),
  };
  useHost({
    reopen: () => Promise.resolve(),
    async rpc(cmd, payload) {
      asked.push({ cmd, args: payload as Record<string, unknown> });
      if (cmd === state.failing) return Promise.reject({ code: "internal", detail: {} } as never);
      if (state.holding) await new Promise<void>((go) => held.push(go));
      return answers[cmd]?.(payload as never);
    },
    subscribe(listener) {
      emit = listener;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
  });
  return {
    state,
    asked,
    change: (next: number[]) => (ids = next),
    emit: (event: Event) => {
      emit(event);
    },
    letGo: () => {
      for (const go of held.splice(0)) go();
    },
    count: (cmd: string) => asked.filter((one) => one.cmd === cmd).length,
    last: (cmd: string) => asked.filter((one) => one.cmd === cmd).at(-1)?.args,
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const numbers = (from: number, many: number) => Array.from({ length: many }, (_, i) => from + i);

/** A screen of ten rows that stands at `start`. */
function scroller(start: number) {
  const moves: string[] = [];
  return {
    moves,
    seen: () => ({ start, end: start + 10 }),
    shift: (rows: number) => moves.push(`shift ${rows}`),
    reset: () => moves.push("reset"),
    show: (index: number) => moves.push(`show ${index}`),
  };
}

async function started(count: number, query = "") {
  const fake = engine(numbers(1, count));
  const backlog = new BacklogController();
  backlog.start([], new URLSearchParams(query));
  await settle();
  return { fake, backlog };
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("rows", () => {
  test("only_what_is_looked_at_is_fetched", async () => {
    const { fake, backlog } = await started(10_000);
    backlog.rows.want(5_000, 5_030);
    await settle();
    expect(backlog.rows.at(5_010)?.id).toBe(5_011);
    expect(backlog.rows.at(4_000)).toBeUndefined();
    expect(fake.count("backlog_rows")).toBe(2);
  });

  test("what_was_scrolled_past_is_never_asked_for", async () => {
    const { fake, backlog } = await started(10_000);
    fake.state.holding = true;
    for (let top = 1_000; top <= 9_000; top += 500) backlog.rows.want(top, top + 30);
    fake.state.holding = false;
    fake.letGo();
    await settle();
    expect(backlog.rows.at(9_010)?.id).toBe(9_011);
    expect(fake.count("backlog_rows")).toBeLessThanOrEqual(4);
  });

  test("memory_stays_bounded", async () => {
    const { backlog } = await started(100_000);
    for (let page = 0; page < 60; page += 1) {
      backlog.rows.want(page * PAGE, page * PAGE + 30);
      await settle();
    }
    expect(backlog.rows.held).toBe(PAGES_MAX);
    expect(backlog.rows.at(59 * PAGE)).toBeDefined();
  });

  test("an_answer_that_was_overtaken_is_not_shown", async () => {
    const { fake, backlog } = await started(50);
    fake.state.holding = true;
    backlog.filter({ search: "a" });
    backlog.filter({ search: "ab" });
    fake.change([7]);
    fake.state.holding = false;
    fake.letGo();
    await settle();
    expect(backlog.rows.view?.rows).toBe(1);
    expect((fake.last("backlog_open") as unknown as BacklogQuery).search).toBe("ab");
  });

  test("old_rows_stay_while_the_list_is_opened_anew", async () => {
    const { fake, backlog } = await started(50);
    fake.state.holding = true;
    backlog.sortBy("title");
    await settle();
    expect(backlog.rows.at(3)?.id).toBe(4);
  });

  test("a_failure_is_told_and_goes_away_with_the_next_success", async () => {
    const { fake, backlog } = await started(50);
    fake.state.failing = "backlog_open";
    backlog.sortBy("title");
    await settle();
    expect(backlog.rows.error?.code).toBe("internal");
    fake.state.failing = "";
    backlog.refresh();
    await settle();
    expect(backlog.rows.error).toBeUndefined();
  });
});

describe("a list that is out of date", () => {
  test("keeps_the_row_at_the_top_and_the_cursor_on_its_item", async () => {
    const { fake, backlog } = await started(3_000);
    const at = (backlog.scroller = scroller(1_000));
    backlog.rows.want(1_000, 1_030);
    await settle();
    backlog.moveTo(1_005);
    fake.change([...numbers(90_001, 40), ...numbers(1, 3_000)]);
    fake.emit({ type: "changed", tags: ["items"] });
    await settle();
    expect(at.moves).toContain("shift 40");
    expect(backlog.selection.index).toBe(1_045);
    expect(backlog.selection.id).toBe(1_006);
  });

  test("is_opened_again_once_however_many_answers_say_so", async () => {
    const { fake, backlog } = await started(10_000);
    fake.state.stale = true;
    backlog.rows.want(3_000, 3_150);
    await settle();
    expect(fake.count("backlog_open")).toBe(2);
  });

  test("a_burst_of_changes_opens_it_twice_at_most", async () => {
    const { fake } = await started(100);
    for (let i = 0; i < 50; i += 1) fake.emit({ type: "changed", tags: ["items"] });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fake.count("backlog_open")).toBe(3);
  });

  test("changes_of_other_things_leave_it_alone", async () => {
    const { fake } = await started(100);
    fake.emit({ type: "changed", tags: ["connections"] });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fake.count("backlog_open")).toBe(1);
  });
});

describe("choosing", () => {
  test("the_chosen_item_follows_the_cursor", async () => {
    const { backlog } = await started(50);
    backlog.moveTo(4);
    expect([...backlog.selection.ids]).toEqual([5]);
    expect(backlog.selection.ticking).toBe(false);
  });

  test("space_ticks_and_then_the_cursor_moves_alone", async () => {
    const { backlog } = await started(50);
    backlog.moveTo(4);
    backlog.selection.toggle(4, 5);
    backlog.moveTo(8);
    backlog.selection.toggle(8, 9);
    expect([...backlog.selection.ids]).toEqual([5, 9]);
  });

  test("ctrl_and_a_click_keeps_the_item_that_was_clicked_before", async () => {
    const { backlog } = await started(50);
    backlog.click(2, row(3));
    backlog.click(6, row(7), { mod: true });
    expect([...backlog.selection.ids]).toEqual([3, 7]);
  });

  test("shift_chooses_a_stretch_beyond_what_is_fetched", async () => {
    const { backlog } = await started(1_000);
    backlog.click(0, row(1));
    await backlog.stretchTo(499);
    expect(backlog.selection.ids.size).toBe(500);
    await backlog.stretchTo(2);
    expect([...backlog.selection.ids]).toEqual([1, 2, 3]);
  });

  test("everything_is_chosen_by_identity", async () => {
    const { backlog } = await started(45_000);
    await backlog.chooseAll();
    expect(backlog.selection.ids.size).toBe(45_000);
  });

  test("a_filter_lets_go_of_what_may_be_out_of_sight", async () => {
    const { backlog } = await started(50);
    await backlog.chooseAll();
    backlog.filter({ search: "x" });
    expect(backlog.selection.ids.size).toBe(0);
  });

  test("folding_away_the_cursor_puts_it_on_what_was_folded", async () => {
    const { fake, backlog } = await started(50);
    backlog.moveTo(14);
    backlog.toggle(row(10), 9);
    await settle();
    expect(backlog.selection.index).toBe(9);
    expect(fake.last("backlog_open")?.collapsed).toEqual([10]);
  });
});

describe("moving", () => {
  test("moves_what_is_chosen_and_offers_to_take_it_back", async () => {
    const { fake, backlog } = await started(50);
    await backlog.catalog.load();
    backlog.selection.choose([3, 4]);
    await backlog.move(backlog.targets, 2);
    expect(fake.last("items_move")).toEqual({ ids: [3, 4], area_id: 2 });
    expect(backlog.deeds.notice).toEqual({ text: "Moved 2 items to Payments", undo: true });
    await backlog.undo();
    expect(fake.last("items_move_undo")).toEqual({ id: 77 });
  });

  test("the_offer_goes_away_by_itself_but_the_shortcut_still_works", async () => {
    const { fake, backlog } = await started(50);
    await backlog.move([1], 2);
    await vi.advanceTimersByTimeAsync(OFFER_MS);
    expect(backlog.deeds.notice).toBeUndefined();
    await backlog.undo();
    expect(fake.count("items_move_undo")).toBe(1);
  });

  test("a_failed_move_stays_until_it_is_read", async () => {
    const { fake, backlog } = await started(50);
    fake.state.failing = "items_move";
    await backlog.move([1], 2);
    await vi.advanceTimersByTimeAsync(10 * OFFER_MS);
    expect(backlog.deeds.notice?.error?.code).toBe("internal");
  });

  test.each<[number, number, string]>([
    [3, 3, "Moved 3 items back"],
    [3, 2, "Moved 2 items back; 1 stays as it is: moved on since, or gone"],
    [4, 1, "Moved 1 item back; 3 stay as they are: moved on since, or gone"],
    [2, 0, "None of the 2 items could be moved back: moved on since, or gone"],
  ])("of_%i_items_%i_go_back_and_it_says_what_is_left", async (moved, back, text) => {
    const { fake, backlog } = await started(50);
    await backlog.move(numbers(1, moved), 2);
    fake.state.back = back;
    await backlog.undo();
    expect(backlog.deeds.notice?.text).toBe(text);
    await vi.advanceTimersByTimeAsync(10 * OFFER_MS);
    // What was left behind is not told in passing.
    expect(backlog.deeds.notice !== undefined).toBe(back < moved);
  });

  test("there_is_nothing_to_take_back_twice", async () => {
    const { fake, backlog } = await started(50);
    await backlog.move([1], 2);
    await backlog.undo();
    await backlog.undo();
    expect(fake.count("items_move_undo")).toBe(1);
  });
});

describe("the panel", () => {
  test("follows_the_cursor_while_it_is_open", async () => {
    const { backlog } = await started(50);
    backlog.open(3);
    await settle();
    expect(backlog.selection.index).toBe(2);
    backlog.moveTo(9);
    await settle();
    expect(backlog.item.detail?.id).toBe(10);
    expect(backlog.address).toBe("#/backlog/10");
  });

  test("asks_for_the_newest_item_only_when_a_key_is_held_down", async () => {
    const { fake, backlog } = await started(50);
    backlog.open(1);
    await settle();
    fake.state.holding = true;
    for (let at = 1; at < 30; at += 1) backlog.moveTo(at);
    fake.state.holding = false;
    fake.letGo();
    await settle();
    expect(backlog.item.detail?.id).toBe(30);
    expect(fake.count("item")).toBe(3);
  });
});

describe("the status", () => {
  const labels = (backlog: BacklogController) =>
    columnsFor(2_000, new Set(), columnsOf(backlog.catalog)).map((column) => column.label);

  test("takes_no_room_before_the_statuses_are_mapped", async () => {
    const { backlog } = await started(50);
    expect(labels(backlog)).not.toContain("Status");
    expect(labels(backlog)).toContain("Dev Status");
  });

  test("is_there_as_soon_as_an_item_has_one", async () => {
    const { fake, backlog } = await started(50);
    fake.state.statusCount = 3;
    fake.emit({ type: "changed", tags: ["items"] });
    await settle();
    expect(labels(backlog)).toContain("Status");
  });
});

describe("the place", () => {
  test("coming_back_without_an_address_restores_what_was_shown", async () => {
    const { backlog } = await started(50);
    backlog.filter({ search: "pay", areaId: 2 });
    backlog.stop();
    const again = new BacklogController();
    again.start([], new URLSearchParams());
    expect(again.filters).toMatchObject({ search: "pay", areaId: 2 });
    again.stop();
  });

  test("leaving_a_filter_folds_things_as_they_were_before", async () => {
    const { backlog } = await started(50);
    backlog.foldAll(true);
    backlog.filter({ search: "pay" });
    expect(backlog.folding.all).toBe(false);
    backlog.clearFilters();
    expect(backlog.folding.all).toBe(true);
  });
});
