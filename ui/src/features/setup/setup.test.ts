import { beforeEach, expect, test } from "vitest";
import type { Setup, SetupPlaceArgs, StepState } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { place } from "@/shell/kit.ts";
import { SetupController, START } from "./setup.svelte.ts";

const NOT_BUILT = new Set([1, 2, 8, 9, 10]);

/** An engine that remembers the place and notes every call. */
function engine({ connections = [{ id: 1 }], states = {} as Record<number, StepState> } = {}) {
  const calls: [string, unknown][] = [];
  let failure: { code: string; detail: unknown } | undefined;
  let setup: Setup = {
    step: 4,
    connection_id: 1,
    integration_id: null,
    steps: Array.from({ length: 10 }, (_, i) => ({
      number: i + 1,
      state: states[i + 1] ?? (NOT_BUILT.has(i + 1) ? "not_available" : "not_started"),
      summary: null,
      reason: null,
      reachable: true,
    })),
  };
  let listener: (event: unknown) => void = () => undefined;
  useHost({
    reopen: () => Promise.resolve(),
    rpc(cmd, payload) {
      calls.push([cmd, payload]);
      if (failure) return Promise.reject(failure as unknown as Error);
      if (cmd === "setup_place") setup = { ...setup, ...(payload as SetupPlaceArgs) };
      if (cmd === "setup" || cmd === "setup_place") return Promise.resolve(setup);
      return Promise.resolve(cmd === "connections" ? connections : []);
    },
    subscribe(next) {
      listener = next;
      return () => undefined;
    },
    openExternal: () => Promise.resolve(),
  });
  return {
    calls,
    of: (cmd: string) => calls.filter(([name]) => name === cmd).map(([, payload]) => payload),
    say: (event: unknown) => {
      listener(event);
    },
    break: (code?: string) => (failure = code ? { code, detail: {} } : undefined),
  };
}

async function opened(parts: Parameters<typeof engine>[0] = {}) {
  const world = engine(parts);
  const controller = new SetupController();
  await controller.refresh();
  return { world, controller };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));
const address = () => place().parts.join("/");

beforeEach(() => {
  history.replaceState(null, "", "#/");
});

test("an address without a step opens where the admin was last", async () => {
  const { controller } = await opened();
  controller.showAddress(undefined);
  expect(controller.step).toBe(4);
  expect(address()).toBe("setup/4");
});

test("an empty workspace opens before step 1", async () => {
  const { controller } = await opened({ connections: [] });
  controller.showAddress(undefined);
  expect(controller.step).toBe(START);
  expect(address()).toBe("setup/start");
});

test.each(["0x", "11", "-1", "five"])(
  "an address that names no step (%s) is led back",
  async (part) => {
    const { controller } = await opened();
    controller.showAddress(part);
    expect(address()).toBe("setup/4");
  },
);

test("opening a step remembers it with what is in hand", async () => {
  const { world, controller } = await opened();
  controller.go(5);
  await settle();
  expect(address()).toBe("setup/5");
  expect(world.of("setup_place")).toEqual([{ step: 5, connection_id: 1, integration_id: null }]);
  expect(controller.setup?.step).toBe(5);
});

test("going back before step 1 does not forget the place", async () => {
  const { world, controller } = await opened();
  controller.go(START);
  await settle();
  expect(world.of("setup_place")).toEqual([]);
});

test("taking something in hand keeps the rest", async () => {
  const { controller } = await opened();
  await controller.hold({ integrationId: 7 });
  expect(controller.connectionId).toBe(1);
  expect(controller.integrationId).toBe(7);
});

test("saving goes on to the next step that this version has", async () => {
  const { controller } = await opened();
  controller.go(4);
  expect(await controller.saveAndContinue(() => Promise.resolve())).toBe(true);
  expect(controller.step).toBe(5);
  expect(controller.saving).toBe(false);
});

test("behind the last step that this version has comes the backlog", async () => {
  const { controller } = await opened();
  controller.go(7);
  await controller.saveAndContinue(() => Promise.resolve());
  expect(address()).toBe("backlog");
});

test("a skipped step is passed over", async () => {
  const { controller } = await opened({ states: { 5: "skipped" } });
  controller.go(4);
  expect(controller.next).toBe(6);
});

test("saving that fails keeps the place and says why", async () => {
  const { controller } = await opened();
  controller.go(4);
  const saved = await controller.saveAndContinue(() =>
    Promise.reject({ code: "name_taken", detail: { name: "Platform" } } as unknown as Error),
  );
  expect(saved).toBe(false);
  expect(controller.step).toBe(4);
  expect(controller.failure?.code).toBe("name_taken");
});

test("the failure of one step is not shown on another", async () => {
  const { controller } = await opened();
  controller.go(4);
  await controller.saveAndContinue(() => Promise.reject(new Error("gone")));
  controller.go(5);
  expect(controller.failure).toBeUndefined();
});

test("a second press while saving does nothing", async () => {
  const { controller } = await opened();
  controller.go(4);
  let finish: () => void = () => undefined;
  const first = controller.saveAndContinue(
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  let again = false;
  expect(await controller.saveAndContinue(() => Promise.resolve((again = true)))).toBe(false);
  finish();
  await first;
  expect(again).toBe(false);
});

test("an admin who left while it was saving is not pulled forward", async () => {
  const { controller } = await opened();
  controller.go(4);
  let finish: () => void = () => undefined;
  const saving = controller.saveAndContinue(
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  controller.go(3);
  finish();
  await saving;
  expect(controller.step).toBe(3);
});

test("what changed in the engine is read again, and nothing else", async () => {
  const { world, controller } = await opened();
  const stop = controller.follow();
  world.say({ type: "changed", tags: ["items"] });
  await settle();
  expect(world.of("setup")).toHaveLength(1);
  world.say({ type: "changed", tags: ["integrations"] });
  await settle();
  expect(world.of("setup")).toHaveLength(2);
  stop();
});

test("an engine that does not answer leaves what was known, and is said", async () => {
  const { world, controller } = await opened();
  world.break("internal");
  await controller.refresh();
  expect(controller.error?.code).toBe("internal");
  expect(controller.setup).toBeDefined();
  world.break();
  await controller.refresh();
  expect(controller.error).toBeUndefined();
});

test("what was typed outlives a look at another step", async () => {
  const { controller } = await opened();
  const draft = controller.draft("form", () => ({ url: "" }));
  draft.url = "https://jira.example";
  expect(controller.draft("form", () => ({ url: "" }))).toBe(draft);
  controller.forget("form");
  expect(controller.draft("form", () => ({ url: "" })).url).toBe("");
});
