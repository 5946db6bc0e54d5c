import { describe, expect, it } from "vitest";
import type { Connection } from "@/api/bindings.ts";
import { indicator } from "./truth.ts";

const connection = (name: string, stopped: boolean) =>
  ({
    name,
    problem: stopped ? { code: "credentials_expired", detail: {} } : null,
  }) as unknown as Connection;

describe("the indicator", () => {
  it.each([
    ["is grey without a connection", [], "neutral", "Not set up"],
    [
      "does not claim a webhook that is not there",
      [connection("A", false)],
      "neutral",
      "Connected",
    ],
    ["is red when a connection is stopped", [connection("A", true)], "broken", "A is stopped"],
  ])("%s", (_, connections, state, text) => {
    expect(indicator(connections)).toMatchObject({ state, text });
  });
});
