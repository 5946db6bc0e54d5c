import { afterEach, expect, test, vi } from "vitest";
import { formatNumber, setLocale } from "./format.ts";

afterEach(() => {
  setLocale(undefined);
  vi.unstubAllGlobals();
});

test("a_formatter_is_made_once_and_again_for_another_locale", () => {
  setLocale("en");
  let made = 0;
  class Counted extends Intl.NumberFormat {
    constructor(...given: ConstructorParameters<typeof Intl.NumberFormat>) {
      super(...given);
      made += 1;
    }
  }
  vi.stubGlobal("Intl", { NumberFormat: Counted });
  expect([1284, 7, 12_840].map((n) => formatNumber(n))).toEqual(["1,284", "7", "12,840"]);
  expect(formatNumber(1.25, 1)).toBe("1.3");
  expect(made).toBe(2);
  setLocale("de");
  expect(formatNumber(1284)).toBe("1.284");
});
