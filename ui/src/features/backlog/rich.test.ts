import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EditArgs, FieldValue, ItemDetail, RichFormat } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import TestWindow from "@/design/TestWindow.svelte";
import { BacklogController } from "./backlog.svelte.ts";
import ItemPanel from "./ItemPanel.svelte";
import { LayoutState } from "./layout.svelte.ts";

const UNKNOWN = { type: "extension", attrs: { extensionKey: "chart" } };
const DOCUMENT = JSON.stringify({
  type: "doc",
  version: 1,
  content: [{ type: "paragraph", content: [{ type: "text", text: "words" }] }, UNKNOWN],
});

function shown(words: string): FieldValue {
  const plain = { bold: false, italic: false, underline: false, strike: false, code: false };
  return words === ""
    ? { type: "none" }
    : {
        type: "rich_text",
        blocks: [{ type: "paragraph", content: [{ type: "text", text: words, ...plain }] }],
      };
}

/** An engine with an item that has a description. */
async function opened(format: RichFormat, source: string, words = "words") {
  const asked: EditArgs[] = [];
  const now = { source, words, unread: false };
  const detail = (): ItemDetail => ({
    id: 1,
    title: "Item",
    item_type: 1,
    area_id: 1,
    ancestors: [],
    children: [],
    children_total: 0,
    link: null,
    created_at: "2026-11-20T09:12:00Z",
    fields: [
      {
        key: "description",
        name: "Description",
        kind: "Rich text",
        value: shown(now.words),
        mapped_to: null,
      },
    ],
  });
  const answers: Record<string, (args: never) => unknown> = {
    levels: () => [],
    areas: () => [{ id: 1, parent_id: null, name: "Product", items: 1 }],
    facets: () => ({ levels: [], statuses: [], dev_statuses: [], total: 1 }),
    backlog_open: () => ({ view: 1, rows: 0, matched: 0 }),
    backlog_rows: () => ({ rows: [], stale: false }),
    backlog_ids: () => ({ ids: [] }),
    item: detail,
    item_sync: () => ({ unsent: [], conflicts: [], problem: null }),
    field_choices: () => ({ options: [], people: [], editable: true }),
    rich_source: () => {
      // What a host throws is an error in wire form.
      if (now.unread) throw { code: "database_corrupt", detail: {} };
      return { format, source: now.source };
    },
    rich_preview: ({ source: of }: { source: string }) => ({
      blocks: (shown(`Look: ${of}`) as { blocks: unknown }).blocks,
    }),
    item_edit: (args: EditArgs) => {
      asked.push(args);
      if (args.value.type !== "rich") throw { code: "internal", detail: {} };
      if (args.value.was !== now.source) throw { code: "edit_overtaken", detail: {} };
      now.source = args.value.source;
      return { item: detail(), undo: 70 };
    },
  };
  useHost({
    reopen: () => Promise.resolve(),
    rpc: async (cmd, payload) => answers[cmd]?.(payload as never),
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const backlog = new BacklogController();
  backlog.start(["1"], new URLSearchParams());
  const props = { backlog, layout: new LayoutState(), onclose: () => undefined };
  render(TestWindow, { props: { of: ItemPanel as Component, props } });
  await userEvent.click(await screen.findByRole("button", { name: /^Edit Description/ }));
  return { backlog, asked, now };
}

const sent = (asked: EditArgs[]) => asked.map(({ value }) => value);
const button = (name: string | RegExp) => screen.findByRole("button", { name });

beforeEach(() => {
  document.body.replaceChildren();
});
afterEach(cleanup);

describe("markup", () => {
  const box = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Description/ });

  test("is_edited_as_it_is_with_its_look_beside_it_and_saved", async () => {
    const { asked } = await opened("wiki", "h1. A");
    expect((await box()).value).toBe("h1. A");
    expect(await screen.findByText("Look: h1. A")).toBeTruthy();
    await userEvent.type(await box(), "bc");
    expect(await screen.findByText("Look: h1. Abc")).toBeTruthy();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent(asked)).toHaveLength(1));
    expect(sent(asked)).toEqual([
      { type: "rich", format: "wiki", source: "h1. Abc", was: "h1. A" },
    ]);
    await button("Edit Description");
  });

  test("that_was_not_changed_is_not_sent", async () => {
    const { asked } = await opened("wiki", "a");
    await box();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await button("Edit Description");
    expect(asked).toEqual([]);
  });

  test("is_given_up_at_once_where_nothing_was_typed_and_after_a_question_else", async () => {
    const { asked } = await opened("wiki", "a");
    await box();
    await userEvent.keyboard("{Escape}");
    await userEvent.click(await button("Edit Description"));
    await userEvent.type(await box(), "b");
    await userEvent.keyboard("{Escape}");
    await userEvent.click(await button("Go on writing"));
    expect((await box()).value).toBe("ab");
    await userEvent.click(await button("Cancel"));
    await userEvent.click(await button("Give it up"));
    await button("Edit Description");
    expect(asked).toEqual([]);
  });

  test("of_somebody_who_was_quicker_is_shown_and_overwritten_knowingly_only", async () => {
    const { asked, now } = await opened("wiki", "a");
    await userEvent.type(await box(), "b");
    now.source = "theirs";
    await userEvent.click(await button("Save"));
    const newer = await screen.findByRole("region", { name: "What it holds now" });
    expect(await within(newer).findByText("Look: theirs")).toBeTruthy();
    expect((await box()).value).toBe("ab");
    expect(now.source).toBe("theirs");
    await userEvent.click(await button("Put mine in its place"));
    await button("Edit Description");
    expect(now.source).toBe("ab");
    expect(sent(asked)).toEqual([
      { type: "rich", format: "wiki", source: "ab", was: "a" },
      { type: "rich", format: "wiki", source: "ab", was: "theirs" },
    ]);
  });

  test("of_somebody_who_was_quicker_can_be_kept", async () => {
    const { asked, now } = await opened("wiki", "a");
    await userEvent.type(await box(), "b");
    now.source = "theirs";
    await userEvent.click(await button("Save"));
    await userEvent.click(await button("Keep what it holds now"));
    await button("Edit Description");
    expect([asked.length, now.source]).toEqual([1, "theirs"]);
  });
});

describe("a document", () => {
  const surface = () => screen.findByRole("textbox", { name: "Description" });

  test("is_edited_in_place_and_what_is_unknown_in_it_stays", async () => {
    const { asked } = await opened("adf", DOCUMENT);
    const place = await surface();
    expect(place.getAttribute("aria-multiline")).toBe("true");
    expect(within(place).getByText("Not shown as in Jira: chart")).toBeTruthy();
    await userEvent.click(await button("Bullet list"));
    await userEvent.click(await button("Save"));
    await button("Edit Description");
    const [value] = sent(asked);
    if (value?.type !== "rich") throw new Error("no text was sent");
    expect(value.was).toBe(DOCUMENT);
    const words = { type: "paragraph", content: [{ type: "text", text: "words" }] };
    expect(JSON.parse(value.source)).toEqual({
      type: "doc",
      version: 1,
      content: [{ type: "bulletList", content: [{ type: "listItem", content: [words] }] }, UNKNOWN],
    });
  });

  test("that_was_changed_back_is_not_sent", async () => {
    const { asked } = await opened("adf", DOCUMENT);
    await surface();
    await userEvent.click(await button("Bullet list"));
    await userEvent.click(await button("Undo"));
    await userEvent.click(await button("Save"));
    await button("Edit Description");
    expect(asked).toEqual([]);
  });

  test("has_its_place_though_nothing_is_written", async () => {
    await opened("adf", JSON.stringify({ type: "doc", version: 1, content: [] }), "");
    expect((await surface()).textContent).toBe("");
  });

  test("that_cannot_be_read_says_so_and_is_asked_for_again", async () => {
    const { now } = await opened("adf", DOCUMENT);
    await surface();
    await userEvent.click(await button("Cancel"));
    now.unread = true;
    await userEvent.click(await button("Edit Description"));
    expect(await screen.findByText("The database is damaged")).toBeTruthy();
    now.unread = false;
    await userEvent.click(await button("Try again"));
    await surface();
  });

  test("that_is_left_with_the_item_is_saved", async () => {
    const { backlog, asked } = await opened("adf", DOCUMENT);
    await surface();
    await userEvent.click(await button("Bullet list"));
    cleanup();
    await waitFor(() => expect(asked).toHaveLength(1));
    await waitFor(() => expect(backlog.edits.of(1, "description")).toBeUndefined());
  });
});
