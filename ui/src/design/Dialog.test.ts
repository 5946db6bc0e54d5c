import { cleanup, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import Dialog from "./Dialog.svelte";

afterEach(cleanup);

const footer = createRawSnippet(() => ({
  render: () => "<div><button>Keep it</button><button>Remove it</button></div>",
}));

test("a_question_that_cannot_be_taken_back_interrupts_and_starts_at_the_safe_answer", async () => {
  render(Dialog, {
    open: true,
    title: "Remove it?",
    description: "It goes.",
    confirming: true,
    footer,
  });
  const asked = await screen.findByRole("alertdialog", { name: "Remove it?" });
  const described = document.getElementById(asked.getAttribute("aria-describedby") ?? "");
  expect(described?.textContent).toBe("It goes.");
  await vi.waitFor(() => {
    expect(document.activeElement?.textContent).toBe("Keep it");
  });
});

test("a_form_is_a_plain_dialog", async () => {
  render(Dialog, { open: true, title: "Rename", footer });
  await screen.findByRole("dialog", { name: "Rename" });
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a_form_begins_in_its_first_empty_field", async () => {
  const children = createRawSnippet(() => ({
    render: () =>
      '<div><input aria-label="E-mail" value="a@b.example"><input aria-label="Token"></div>',
  }));
  render(Dialog, { open: true, title: "Update credentials", children, footer });
  await vi.waitFor(() => {
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Token");
  });
});

test("a_body_that_is_taller_than_its_place_can_be_scrolled_by_keyboard", async () => {
  // happy-dom lays nothing out: what a browser measures is said here.
  const heights = [
    vi.spyOn(Element.prototype, "scrollHeight", "get").mockReturnValue(900),
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600),
  ];
  const children = createRawSnippet(() => ({ render: () => "<p>Many shortcuts</p>" }));
  render(Dialog, { open: true, title: "Keyboard shortcuts", children });
  const body = await screen.findByRole("region", { name: "Keyboard shortcuts" });
  expect(body.tabIndex).toBe(0);
  for (const height of heights) height.mockRestore();
});
