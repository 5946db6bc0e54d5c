import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { expect, test, vi } from "vitest";
import type { TreeColumn, TreeRow } from "./tree.ts";
import TreeTable from "./TreeTable.svelte";

const COLUMNS: TreeColumn[] = [{ id: "title", label: "Title", width: "1fr" }];

/** An epic (0) with two features (1, 3), each with stories; then an epic that is folded. */
const DEPTHS = [0, 1, 2, 1, 2, 2, 0];

function row(i: number): TreeRow & { id: number } {
  const depth = DEPTHS[i] ?? 0;
  return { id: i, depth, has_children: depth < 2, expanded: depth < 2 && i !== 6 };
}

async function table(count = DEPTHS.length, props: Partial<Record<string, unknown>> = {}) {
  const loadRows = vi.fn((start: number, many: number) =>
    Promise.resolve(
      Array.from({ length: Math.min(many, count - start) }, (_, i) => row(start + i)),
    ),
  );
  const heard = { onopen: vi.fn(), ontoggle: vi.fn(), onselect: vi.fn() };
  const cell = createRawSnippet<[TreeRow, TreeColumn]>((item) => ({
    render: () => `<span>Item ${String(item().id)}</span>`,
  }));
  render(TreeTable, {
    label: "Backlog",
    columns: COLUMNS,
    count,
    loadRows,
    cell,
    selected: new Set<number>(),
    ...heard,
    ...props,
  });
  const grid = screen.getByRole("treegrid", { name: "Backlog" });
  await screen.findByText("Item 0");
  grid.focus();
  const user = userEvent.setup();
  const active = () =>
    document.getElementById(grid.getAttribute("aria-activedescendant") ?? "")?.textContent.trim();
  return { grid, user, active, loadRows, ...heard };
}

test("arrows_home_and_end_move_and_stop_at_the_ends", async () => {
  const { user, active } = await table();
  await user.keyboard("{ArrowUp}");
  expect(active()).toBe("Item 0");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(active()).toBe("Item 2");
  await user.keyboard("{End}{ArrowDown}");
  expect(active()).toBe("Item 6");
  await user.keyboard("{Home}");
  expect(active()).toBe("Item 0");
});

test("right_unfolds_then_steps_in_and_left_folds_or_goes_to_the_parent", async () => {
  const { user, active, ontoggle } = await table();
  await user.keyboard("{ArrowRight}");
  expect(active()).toBe("Item 1");
  await user.keyboard("{End}{ArrowRight}");
  expect(ontoggle).toHaveBeenLastCalledWith(expect.objectContaining({ id: 6 }), true);
  await user.keyboard("{ArrowUp}{ArrowLeft}");
  expect(active()).toBe("Item 3");
  await user.keyboard("{ArrowLeft}");
  expect(ontoggle).toHaveBeenLastCalledWith(expect.objectContaining({ id: 3 }), false);
});

test("enter_opens_and_space_selects", async () => {
  const { user, onopen, onselect } = await table();
  await user.keyboard("{ArrowDown}{Enter} ");
  expect(onopen).toHaveBeenCalledWith(expect.objectContaining({ id: 1 }));
  expect(onselect).toHaveBeenLastCalledWith(new Set([1]));
  await user.keyboard(" ");
  expect(onselect).toHaveBeenLastCalledWith(new Set());
});

test("shift_selects_a_stretch_and_escape_gives_it_up", async () => {
  const { user, onselect } = await table();
  await user.keyboard("{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
  await waitFor(() => {
    expect(onselect).toHaveBeenLastCalledWith(new Set([1, 2, 3]));
  });
  await user.keyboard("{Escape}");
  expect(onselect).toHaveBeenLastCalledWith(new Set());
});

test("a_hundred_thousand_rows_draw_and_fetch_only_what_is_seen", async () => {
  const { grid, user, active, loadRows } = await table(100_000);
  expect(screen.getAllByRole("row").length).toBeLessThan(60);
  expect(grid.getAttribute("aria-rowcount")).toBe("100001");
  await user.keyboard("{End}");
  await waitFor(() => {
    expect(active()).toBe("Item 99999");
  });
  expect(loadRows.mock.calls.reduce((sum, [, many]) => sum + many, 0)).toBeLessThanOrEqual(500);
});

test("a_row_says_its_level_its_place_and_whether_it_is_unfolded", async () => {
  await table();
  const rows = screen.getAllByRole("row").slice(1);
  const said = rows.map((r) =>
    ["aria-level", "aria-expanded", "aria-rowindex"].map((name) => r.getAttribute(name)),
  );
  expect(said[0]).toEqual(["1", "true", "2"]);
  expect(said[2]).toEqual(["3", null, "4"]);
  expect(said[6]).toEqual(["1", "false", "8"]);
});
