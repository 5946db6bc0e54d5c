import { untrack } from "svelte";
import type { Event, Tag } from "./bindings.ts";
import { ApiError, onEvent } from "./client.ts";

/** Something loaded from the engine and kept fresh. Read it in markup; it is reactive. */
export interface Resource<T> {
  /** The newest answer; stays while a later load runs or fails, so that nothing jumps. */
  readonly data: T | undefined;
  /** Why the last load failed, until one succeeds. */
  readonly error: ApiError | undefined;
  /** True while a load is running. */
  readonly loading: boolean;
  /** Loads again. Never rejects: look at `error`. */
  reload(): Promise<void>;
}

export interface ResourceOptions {
  /** Loads again when something with one of these tags changed (or when the function says so). */
  readonly on?: readonly Tag[] | ((event: Event) => boolean);
}

/**
 * Call it while a component is being set up. `load` runs at once, again when a rune that it reads
 * before its first `await` changes, again on the events named, and when events were missed. Answers
 * that were overtaken are dropped; a burst of events causes one further load, not many.
 *
 * ```ts
 * const areas = resource(() => call("areas"), { on: ["items"] });
 * ```
 */
export function resource<T>(
  load: () => Promise<T>,
  { on = [] }: ResourceOptions = {},
): Resource<T> {
  let data = $state.raw<T>();
  let error = $state.raw<ApiError>();
  let running = $state(0);
  let newest = 0;
  let again = false;

  const wanted =
    typeof on === "function"
      ? on
      : (event: Event) =>
          event.type === "missed" ||
          (event.type === "changed" && event.tags.some((tag) => on.includes(tag)));

  async function start(): Promise<void> {
    const turn = ++newest;
    // Called first and in one piece: what it reads before its first await is what an effect follows.
    const answer = load();
    untrack(() => (running += 1));
    try {
      const fresh = await answer;
      if (turn !== newest) return;
      data = fresh;
      error = undefined;
    } catch (thrown) {
      if (turn === newest) error = ApiError.from(thrown);
    } finally {
      running -= 1;
      if (again && running === 0) {
        again = false;
        void start();
      }
    }
  }

  $effect(() => {
    void start();
  });

  $effect(() =>
    onEvent((event) => {
      if (!wanted(event)) return;
      if (running > 0) again = true;
      else void start();
    }),
  );

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return running > 0;
    },
    reload: start,
  };
}
