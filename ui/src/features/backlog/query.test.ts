import { expect, test } from "vitest";
import { areaPath, areaRows } from "./areas.ts";
import { columnsFor } from "./columns.ts";
import { initialsOf } from "./looks.ts";
import {
  fold,
  fromParams,
  narrows,
  nextSort,
  NO_FILTERS,
  toParams,
  toQuery,
  UNFOLDED,
  type Filters,
} from "./query.ts";

const ALL: Filters = {
  search: "  pay & go ",
  levels: [1],
  types: [3, 4],
  statuses: [9],
  devStatuses: ['In "QA", later', "進行中"],
  areaId: 7,
  sort: "story_points",
  descending: true,
};

test("filters_survive_the_address", () => {
  expect(fromParams(new URLSearchParams(toParams(ALL)))).toEqual(ALL);
  expect(toParams(NO_FILTERS)).toEqual({});
  expect(fromParams(new URLSearchParams())).toEqual(NO_FILTERS);
});

test("an_address_that_makes_no_sense_filters_nothing", () => {
  const read = fromParams(
    new URLSearchParams("level=x&type=1.5,&status=}{&area=q&sort=evil&dev=1"),
  );
  expect(read).toEqual(NO_FILTERS);
});

test("filters_become_the_engines_question", () => {
  expect(toQuery(ALL, { all: true, except: new Set([5]) })).toEqual({
    search: "pay & go",
    levels: [1],
    types: [3, 4],
    statuses: [9],
    dev_statuses: ['In "QA", later', "進行中"],
    area_id: 7,
    sort: "story_points",
    descending: true,
    collapsed: [5],
    collapse_all: true,
  });
});

test("an_order_is_not_a_filter", () => {
  expect(narrows({ ...NO_FILTERS, sort: "title", descending: true })).toBe(false);
  expect(narrows({ ...NO_FILTERS, search: "  " })).toBe(false);
  expect(narrows({ ...NO_FILTERS, areaId: 1 })).toBe(true);
});

test("a_heading_sorts_up_then_down_then_by_rank", () => {
  let filters = NO_FILTERS;
  const seen = [1, 2, 3].map(() => {
    filters = { ...filters, ...nextSort(filters, "title") };
    return `${filters.sort} ${filters.descending}`;
  });
  expect(seen).toEqual(["title false", "title true", "rank false"]);
});

test("folding_one_item_is_an_exception_from_the_rest", () => {
  expect([...fold(UNFOLDED, 4, true).except]).toEqual([4]);
  expect([...fold(fold(UNFOLDED, 4, true), 4, false).except]).toEqual([]);
  expect([...fold({ all: true, except: new Set() }, 4, false).except]).toEqual([4]);
});

test("the_title_keeps_its_room_and_the_rest_gives_way", () => {
  const ids = (width: number, hidden: string[] = []) =>
    columnsFor(width, new Set(hidden)).map((column) => column.id);
  expect(ids(1400)).toHaveLength(7);
  expect(ids(800)).not.toContain("dev_assignee");
  expect(ids(380)).toEqual(["key", "title"]);
  expect(ids(100)).toEqual(["title"]);
  expect(ids(1400, ["status"])).not.toContain("status");
});

test("areas_stand_in_a_tree_and_closed_ones_hide_theirs", () => {
  const area = (id: number, parent_id: number | null) => ({
    id,
    parent_id,
    name: `A${id}`,
    items: 0,
  });
  const areas = [area(1, null), area(2, 1), area(3, 2), area(4, 99)];
  const shown = (closed: number[]) =>
    areaRows(areas, new Set(closed)).map((row) => `${row.depth}:${row.area.id}`);
  expect(shown([])).toEqual(["0:1", "1:2", "2:3", "0:4"]);
  expect(shown([1])).toEqual(["0:1", "0:4"]);
  expect(areaPath(areas, 3)).toEqual(["A1", "A2", "A3"]);
});

test("initials_are_taken_from_the_first_and_the_last_name", () => {
  expect(["Ana María Ruiz", "田中 太郎", "bot", " "].map(initialsOf)).toEqual([
    "AR",
    "田太",
    "B",
    "?",
  ]);
});
