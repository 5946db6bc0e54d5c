import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import Combobox from "./Combobox.svelte";
import type { Option } from "./option.ts";
import { linesOf, matching } from "./option.ts";

const FIELDS: Option[] = [
  { value: "formula", label: "Cost of delay", disabled: true, reason: "Jira calculates it" },
  { value: "summary", label: "Summary", kind: "Text", group: "System" },
  { value: "due", label: "Due date", kind: "Date", group: "System" },
  { value: "points", label: "Story points", kind: "Number", group: "Custom" },
];

function open(props: Partial<Record<string, unknown>> = {}) {
  const onchange = vi.fn();
  const user = userEvent.setup();
  render(Combobox<string>, { label: "Jira field", options: FIELDS, onchange, ...props });
  return { onchange, user, trigger: screen.getByRole("combobox", { name: /^Jira field/ }) };
}

const labels = () => screen.queryAllByRole("option").map((option) => option.getAttribute("title"));

test("what_cannot_be_chosen_stands_at_the_end_with_its_reason", async () => {
  const { user, trigger } = open();
  await user.click(trigger);
  expect(labels()).toEqual(["Summary", "Due date", "Story points", "Cost of delay"]);
  const last = screen.getByRole("option", { name: /Cost of delay/ });
  expect(last.getAttribute("aria-disabled")).toBe("true");
  expect(last.textContent).toContain("Jira calculates it");
});

test("typing_narrows_the_list_and_enter_takes_the_first", async () => {
  const { user, trigger, onchange } = open();
  await user.click(trigger);
  await user.keyboard("date{Enter}");
  expect(onchange).toHaveBeenCalledWith("due", expect.objectContaining({ label: "Due date" }));
  expect(screen.queryByRole("listbox")).toBeNull();
});

test("a_letter_on_the_closed_field_opens_it_and_begins_the_search", async () => {
  const { user, trigger } = open();
  trigger.focus();
  await user.keyboard("x");
  await waitFor(() => {
    expect(labels()).toEqual(["Summary"]);
  });
});

test("arrows_move_and_enter_does_not_take_what_cannot_be_chosen", async () => {
  const { user, trigger, onchange } = open();
  await user.click(trigger);
  await user.keyboard("{ArrowUp}{Enter}");
  const field = screen.getByRole("combobox", { name: "Search Jira field" });
  const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
  expect(active?.title).toBe("Cost of delay");
  expect(onchange).not.toHaveBeenCalled();
});

test("the_list_says_so_when_nothing_matches", async () => {
  const { user, trigger } = open({ emptyText: "No such field" });
  await user.click(trigger);
  await user.keyboard("zzz");
  expect(labels()).toEqual([]);
  expect(screen.getByText("No such field")).toBeTruthy();
});

test("thousands_of_choices_draw_only_what_is_seen", async () => {
  const options = Array.from({ length: 5000 }, (_, i) => ({
    value: String(i),
    label: `Item ${i}`,
  }));
  const { user, trigger } = open({ options });
  await user.click(trigger);
  expect(labels().length).toBeGreaterThan(5);
  expect(labels().length).toBeLessThan(60);
  expect(screen.getAllByRole("option")[0]?.getAttribute("aria-setsize")).toBe("5000");
});

test("an_answer_that_was_overtaken_is_dropped", async () => {
  const pending = new Map<string, (found: Option[]) => void>();
  const search = vi.fn(
    (typed: string) => new Promise<Option[]>((resolve) => pending.set(typed, resolve)),
  );
  const { user, trigger } = open({ options: undefined, search });
  await user.click(trigger);
  await waitFor(() => {
    expect(pending.has("")).toBe(true);
  });
  await user.keyboard("pl");
  await waitFor(() => {
    expect(pending.has("pl")).toBe(true);
  });
  pending.get("pl")?.([{ value: "PLAT", label: "Platform" }]);
  pending.get("")?.([{ value: "OLD", label: "Overtaken" }]);
  await waitFor(() => {
    expect(labels()).toEqual(["Platform"]);
  });
});

test("labels_that_begin_with_the_words_come_first", () => {
  const options = [
    { value: "a", label: "Original story points" },
    { value: "b", label: "Story points" },
    { value: "c", label: "Sprint" },
  ];
  expect(matching(options, "story po").map(({ value }) => value)).toEqual(["b", "a"]);
});

test("groups_keep_the_order_in_which_they_are_met", () => {
  const headings = linesOf(FIELDS).flatMap((line) => ("heading" in line ? [line.heading] : []));
  expect(headings).toEqual(["System", "Custom", "Cannot be chosen"]);
});
