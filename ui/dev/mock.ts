/**
 * A host that answers from memory. Each feature adds its commands in a file of its own under
 * `commands/`, which exports `handlers: Handlers`; there is no list to extend. A handler takes the
 * arguments and the world, and returns the answer or throws `fail(code, detail)`.
 *
 * In the address: `?scene=empty|connected|mapped|full|locked|broken` (where the admin is), or before
 * that `unlock|keyless|inuse|newer|corrupt|readonly`,
 * `&latency=600` (ms before each answer), `&slow=projects` (commands that are never answered),
 * `&down=setup,projects` (commands that are unreachable), `&fail=save` (no file can be saved).
 */
import type { Args, CommandName, Result } from "@/api/client.ts";
import type { ErrorCode, Event, Tag } from "@/api/bindings.ts";
import type { Host, HostError } from "@/host/host.ts";
import { makeWorld, type World } from "./world.ts";

export interface Context {
  readonly world: World;
  /** Says that something changed, as the engine does. */
  readonly changed: (...tags: Tag[]) => void;
  /** Sends any event. */
  readonly emit: (event: Event) => void;
  readonly wait: (ms: number) => Promise<void>;
}

export type Handlers = {
  [C in CommandName]?: (args: Args<C>, context: Context) => Result<C> | Promise<Result<C>>;
};

/** What a handler throws: an error in wire form. */
export function fail(code: ErrorCode, detail: Record<string, string> = {}): HostError {
  return { code, detail };
}

const files = import.meta.glob<{ handlers: Handlers }>("./commands/*.ts", { eager: true });

/** The host for a scene, as the address names it. */
export function mockHost(query: URLSearchParams): Host {
  const world = makeWorld(query.get("scene") ?? "empty");
  const latencyMs = Number(query.get("latency") ?? 40);
  const named = (key: string) => new Set((query.get(key) ?? "").split(",").filter(Boolean));
  const down = named("down");
  const slow = named("slow");
  const listeners = new Set<(event: unknown) => void>();
  const handlers = Object.assign({}, ...Object.values(files).map((f) => f.handlers)) as Record<
    string,
    ((args: unknown, context: Context) => unknown) | undefined
  >;
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const emit = (event: Event) => {
    for (const listener of listeners) listener(structuredClone(event));
  };
  const context: Context = {
    world,
    emit,
    wait,
    changed: (...tags) => {
      emit({ type: "changed", tags });
    },
  };

  return {
    reopen: () => Promise.resolve(),
    async rpc(cmd, payload) {
      await wait(latencyMs);
      if (slow.has(cmd)) await new Promise(() => undefined);
      if (down.has(cmd)) throw new Error("the engine is not there");
      const handler = handlers[cmd];
      if (!handler) throw fail("internal", { messages: `the mock does not answer ${cmd}` });
      // As over a wire: nobody shares objects with the other side.
      return structuredClone(await handler(structuredClone(payload), context));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async save(what, args) {
      await wait(latencyMs);
      if (slow.has("save")) await new Promise(() => undefined);
      if (named("fail").has("save")) throw fail("disk_full");
      console.info("would save", what, args);
      return `/home/ada/Downloads/lockstep-${what}.csv`;
    },
    openExternal(url) {
      console.info("would open", url);
      return Promise.resolve();
    },
  };
}

/** The one with an id, or the error that the engine gives. */
export function find<T extends { id: number }>(list: readonly T[], id: number, what: string): T {
  const found = list.find((one) => one.id === id);
  if (!found) throw fail("not_found", { what });
  return found;
}
