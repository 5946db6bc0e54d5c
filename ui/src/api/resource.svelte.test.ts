import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { useHost } from "./client.ts";
import { resource, type Resource } from "./resource.svelte.ts";

let send: (event: unknown) => void = () => undefined;
let stop: () => void = () => undefined;

function start<T>(make: () => Resource<T>): Resource<T> {
  useHost({
    rpc: () => Promise.resolve(null),
    subscribe: (listener) => {
      send = listener;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  let made: Resource<T> | undefined;
  stop = $effect.root(() => {
    made = make();
  });
  flushSync();
  if (!made) throw new Error("nothing was made");
  return made;
}

afterEach(() => {
  stop();
});

test("it_loads_at_once_and_again_on_the_tags_it_names", async () => {
  const load = vi.fn(() => Promise.resolve(load.mock.calls.length));
  const areas = start(() => resource(load, { on: ["items"] }));
  await vi.waitFor(() => {
    expect(areas.data).toBe(1);
  });
  send({ type: "changed", tags: ["connections"] });
  send({ type: "changed", tags: ["app", "items"] });
  await vi.waitFor(() => {
    expect(areas.data).toBe(2);
  });
  expect(load).toHaveBeenCalledTimes(2);
});

test("it_loads_again_when_events_were_missed", async () => {
  const load = vi.fn(() => Promise.resolve(load.mock.calls.length));
  const areas = start(() => resource(load));
  send({ type: "missed" });
  await vi.waitFor(() => {
    expect(areas.data).toBe(2);
  });
});

test("a_burst_of_events_during_a_load_causes_one_more", async () => {
  const answers: ((n: number) => void)[] = [];
  const load = vi.fn(() => new Promise<number>((resolve) => answers.push(resolve)));
  const areas = start(() => resource(load, { on: ["items"] }));
  for (let i = 0; i < 50; i += 1) send({ type: "changed", tags: ["items"] });
  answers[0]?.(1);
  await vi.waitFor(() => {
    expect(load).toHaveBeenCalledTimes(2);
  });
  answers[1]?.(2);
  await vi.waitFor(() => {
    expect(areas.loading).toBe(false);
  });
  expect(areas.data).toBe(2);
});

test("a_failure_keeps_the_last_answer_and_says_why", async () => {
  const load = vi
    .fn<() => Promise<number>>()
    .mockResolvedValueOnce(1)
    .mockRejectedValueOnce({ code: "rate_limited", detail: {} });
  const areas = start(() => resource(load));
  await vi.waitFor(() => {
    expect(areas.data).toBe(1);
  });
  await areas.reload();
  expect(areas.error?.code).toBe("rate_limited");
  expect(areas.data).toBe(1);
});

test("an_overtaken_answer_is_dropped", async () => {
  const answers: ((n: number) => void)[] = [];
  const areas = start(() =>
    resource(() => new Promise<number>((resolve) => answers.push(resolve))),
  );
  const second = areas.reload();
  answers[1]?.(2);
  await second;
  answers[0]?.(1);
  await vi.waitFor(() => {
    expect(areas.loading).toBe(false);
  });
  expect(areas.data).toBe(2);
});
