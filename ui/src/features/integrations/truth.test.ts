import { describe, expect, it } from "vitest";
import type { Connection, Run } from "@/api/bindings.ts";
import { indicator, workOf } from "./truth.ts";

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

describe("the work under way", () => {
  const run = (state: Run["state"]) =>
    ({ id: 1, state, integration_name: "Platform", done: 4, total: 10 }) as Run;
  it.each([
    ["is named while it is written", "applying", "Importing Platform", false],
    ["is still there while it stands still", "paused", "Paused: Platform", true],
    ["is gone once it is done", "done", undefined, undefined],
  ] as const)("%s", (_, state, text, paused) => {
    const work = workOf(run(state));
    expect(work?.text).toBe(text);
    expect(work?.paused).toBe(paused);
  });
});
