import { afterEach, describe, expect, test, vi } from "vitest";
import { isShortcut, spellKeys } from "../design/keys.ts";
import { registerActions, score } from "./actions.svelte.ts";
import { readPlace, writePlace } from "./routes.svelte.ts";
import { shortcutListener } from "./shortcuts.svelte.ts";

describe("addresses", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["#/", []],
    ["#/backlog", ["backlog"]],
    ["#/backlog/ITEM%2F7/history", ["backlog", "ITEM/7", "history"]],
    ["#/%E0%A4%A", []],
  ])("%j reads as %j", (hash, parts) => {
    expect(readPlace(hash).parts).toEqual(parts);
  });

  test("what_is_written_is_read_back", () => {
    const place = readPlace(writePlace(["backlog", "a/b?c#d"], { q: "x & y" }));
    expect(place.parts).toEqual(["backlog", "a/b?c#d"]);
    expect(place.query.get("q")).toBe("x & y");
  });
});

describe("shortcuts", () => {
  let undo: () => void = () => undefined;
  afterEach(() => {
    undo();
  });

  function press(
    listener: (event: KeyboardEvent) => void,
    key: string,
    at: number,
    more: KeyboardEventInit = {},
    target?: HTMLElement,
  ) {
    const event = new KeyboardEvent("keydown", { key, cancelable: true, ...more });
    Object.defineProperty(event, "timeStamp", { value: at });
    if (target) Object.defineProperty(event, "target", { value: target });
    listener(event);
    return event;
  }

  const fields: Record<string, () => HTMLElement> = {
    "a text field": () => document.createElement("input"),
    "a text area": () => document.createElement("textarea"),
    "a checkbox": () => Object.assign(document.createElement("input"), { type: "checkbox" }),
    "a list": () => document.createElement("div"),
  };

  test.each<[string, KeyboardEventInit, string, boolean]>([
    ["z", { ctrlKey: true }, "a text field", false],
    ["a", { ctrlKey: true }, "a text field", false],
    ["a", { ctrlKey: true }, "a text area", false],
    ["n", {}, "a text field", false],
    ["@", { ctrlKey: true, altKey: true }, "a text field", false],
    ["k", { ctrlKey: true }, "a text field", true],
    ["z", { ctrlKey: true }, "a list", true],
    ["a", { ctrlKey: true }, "a checkbox", true],
    ["n", {}, "a list", true],
    ["n", {}, "a checkbox", true],
  ])("%s with %o in %s is a shortcut: %s", (key, held, where, runs) => {
    const run = vi.fn();
    const keys = ["Mod+Z", "Mod+A", "Mod+K", "N", "@"];
    undo = registerActions(
      keys.map((keys) => ({ id: keys, title: keys, group: "Window", keys, run })),
    );
    const event = press(shortcutListener(), key, 0, held, fields[where]?.());
    expect(run).toHaveBeenCalledTimes(runs ? 1 : 0);
    expect(event.defaultPrevented).toBe(runs);
  });

  test("nothing_fires_behind_an_open_dialog", () => {
    const run = vi.fn();
    undo = registerActions([{ id: "a", title: "Undo", group: "Move", keys: "Mod+Z", run }]);
    document.body.innerHTML = `<div role="alertdialog" data-state="open" aria-modal="true"></div>`;
    press(shortcutListener(), "z", 0, { ctrlKey: true });
    document.body.innerHTML = "";
    expect(run).not.toHaveBeenCalled();
  });

  test("a_pair_of_keys_works_in_time_and_not_later", () => {
    const run = vi.fn();
    undo = registerActions([{ id: "a", title: "Backlog", group: "Go to", keys: "G B", run }]);
    const listener = shortcutListener();
    press(listener, "g", 0);
    press(listener, "b", 400);
    expect(run).toHaveBeenCalledTimes(1);
    press(listener, "g", 10_000);
    press(listener, "b", 20_000);
    press(listener, "b", 20_100);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("a_chord_works_everywhere", () => {
    const run = vi.fn();
    undo = registerActions([{ id: "a", title: "Search", group: "Window", keys: "Mod+K", run }]);
    press(shortcutListener(), "k", 0, { ctrlKey: true });
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("mod_is_ctrl_here_and_cmd_on_a_mac", () => {
    const ctrl = new KeyboardEvent("keydown", { key: "k", ctrlKey: true });
    expect(isShortcut(ctrl, "Mod+K", false)).toBe(true);
    expect(isShortcut(ctrl, "Mod+K", true)).toBe(false);
    expect(spellKeys("Mod+K", true)).toEqual(["⌘", "K"]);
  });
});

test("the_palette_prefers_beginnings_and_asks_for_every_word", () => {
  const action = { title: "Check the connection", keywords: "webhook test" };
  expect(score(action, "che")).toBeGreaterThan(score(action, "conn"));
  expect(score(action, "conn")).toBeGreaterThan(score(action, "web"));
  expect(score(action, "check zebra")).toBe(0);
});
