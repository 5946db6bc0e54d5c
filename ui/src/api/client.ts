import { asHostError, type Host, type TOKEN_REFUSED, type UNREACHABLE } from "@/host/host.ts";
import { link } from "./link.svelte.ts";
import type { Commands, ErrorCode, Event } from "./bindings.ts";

/** A command's name, and what it takes and gives. */
export type CommandName = keyof Commands & string;
export type Args<C extends CommandName> = Commands[C] extends { args: infer A } ? A : never;
export type Result<C extends CommandName> = Commands[C] extends { result: infer R } ? R : never;

/** Nothing need be passed to a command that takes nothing, or only optional things. */
type Arguments<C extends CommandName> =
  Record<never, never> extends Args<C> ? [args?: Args<C>] : [args: Args<C>];

/** Every code that can reach a screen: the engine's, and the host's own for an engine that does not answer it. */
export type Code = ErrorCode | typeof UNREACHABLE | typeof TOKEN_REFUSED;

/** What `call` rejects with. `words(error)` of errors.ts turns it into a title, a cause and a cure. */
export class ApiError extends Error {
  readonly code: Code;
  readonly detail: unknown;

  constructor(code: Code, detail: unknown) {
    super(code);
    this.name = "ApiError";
    this.code = code;
    this.detail = detail;
  }

  /** Anything that was thrown, as one of these. */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    const { code, detail } = asHostError(thrown);
    return new ApiError(code as Code, detail);
  }
}

let current: Host | undefined;
let stopEvents: (() => void) | undefined;
let stopLink: (() => void) | undefined;
const listeners = new Set<(event: Event) => void>();

/** Sets where commands go; called once at the start, and by tests with a host of their own. */
export function useHost(host: Host): void {
  stopEvents?.();
  stopLink?.();
  current = host;
  link.state = "up";
  stopLink = host.link?.follow((state) => (link.state = state));
  stopEvents = host.subscribe((event) => {
    for (const listener of [...listeners]) listener(event as Event);
  });
}

/** The host in use. */
export function host(): Host {
  if (!current) throw new Error("useHost was not called");
  return current;
}

/** Runs a command. Rejects with an `ApiError`, and with nothing else. */
export async function call<C extends CommandName>(
  name: C,
  ...args: Arguments<C>
): Promise<Result<C>> {
  try {
    return (await host().rpc(name, args[0] ?? {})) as Result<C>;
  } catch (thrown) {
    throw ApiError.from(thrown);
  }
}

/** Calls `listener` for every event of the engine until the returned function is called. */
export function onEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
