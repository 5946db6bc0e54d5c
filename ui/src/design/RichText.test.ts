import { render } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import RichText from "./RichText.svelte";
import { safeHref, type Block, type Inline } from "./richtext.ts";

const PLAIN = { bold: false, italic: false, underline: false, strike: false, code: false };
const text = (words: string, marks = {}): Inline => ({
  ...PLAIN,
  ...marks,
  type: "text",
  text: words,
});
const paragraph = (...content: Inline[]): Block => ({ type: "paragraph", content });

function html(...blocks: Block[]) {
  return render(RichText, { blocks }).container;
}

describe("text written by strangers", () => {
  const HOSTILE = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;

  test.each<[string, Block]>([
    ["a paragraph", paragraph(text(HOSTILE))],
    ["a code block", { type: "code_block", language: HOSTILE, text: HOSTILE }],
    ["a panel", { type: "panel", kind: HOSTILE, title: HOSTILE, content: [] }],
    ["an expand", { type: "expand", title: HOSTILE, content: [] }],
    ["a file", { type: "media", name: HOSTILE }],
    ["an unknown block", { type: "unknown", name: HOSTILE, text: HOSTILE }],
    ["a mention", paragraph({ type: "mention", text: HOSTILE })],
    ["a status", paragraph({ type: "status", text: HOSTILE, colour: HOSTILE })],
    ["a date", paragraph({ type: "date", date: HOSTILE })],
    ["an unknown word", paragraph({ type: "unknown", name: HOSTILE, text: HOSTILE })],
  ])("in %s stays text", (_, block) => {
    const drawn = html(block);
    expect(drawn.querySelector("img, script, [onerror]")).toBeNull();
    expect(drawn.textContent).toContain("<script>alert(2)</script>");
  });

  test.each([
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "/relative",
    "",
  ])("in a link to %j does not become a link", (href) => {
    const drawn = html(paragraph({ type: "link", href, content: [text("here")] }));
    expect(drawn.querySelector("a")).toBeNull();
    expect(drawn.textContent).toContain("here");
    expect(safeHref(href)).toBeUndefined();
  });
});

test("a_safe_link_opens_outside_and_tells_the_other_side_nothing", () => {
  const drawn = html(
    paragraph({ type: "link", href: "https://example.org/a?b=c", content: [text("here")] }),
  );
  const link = drawn.querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://example.org/a?b=c");
  expect(link?.rel).toBe("noopener noreferrer");
});

test("runs_of_text_are_not_torn_apart", () => {
  const drawn = html(paragraph(text("un"), text("break", { bold: true }), text("able.")));
  expect(drawn.querySelector("p")?.textContent).toBe("unbreakable.");
});

test("a_numbered_list_begins_where_its_author_began", () => {
  const drawn = html({ type: "ordered_list", start: 4, items: [[paragraph(text("four"))]] });
  expect(drawn.querySelector("ol")?.getAttribute("start")).toBe("4");
});

test("tasks_say_aloud_whether_they_are_done", () => {
  const drawn = html({ type: "task_list", items: [{ done: true, content: [text("ask")] }] });
  expect(drawn.textContent).toContain("Done:");
});

test("nothing_written_says_so", () => {
  expect(html().textContent).toBe("No text");
});
