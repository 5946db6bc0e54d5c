import { expect, test } from "vitest";
import { setLocale } from "@/design/format.ts";
import { itemsOf, share } from "./share.ts";

setLocale("en");

test.each([
  ["20", 20],
  [" 100 ", 100],
  ["1", 1],
  ["0", undefined],
  ["101", undefined],
  ["", undefined],
  ["2.5", undefined],
  ["-3", undefined],
  ["many", undefined],
])("%j is the share %j", (text, expected) => {
  expect(share(text)).toBe(expected);
});

test.each([
  [20, 1571, 100, "Asks at more than 314 of 1,571 items."],
  [5, 200, 25, "Asks at more than 25 of 200 items, and never at fewer."],
  [20, 60, 100, "Asks at more than 100, and never at fewer."],
  [100, 1571, 100, "Never asks."],
  [undefined, 1571, 100, undefined],
])("%j percent of %j items, but not below %j, is: %j", (percent, linked, floor, expected) => {
  expect(itemsOf(percent, linked, floor)).toBe(expected);
});
