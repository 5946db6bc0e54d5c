import { asHostError, isHostError, isOpenable, UNREACHABLE, type Host } from "./host.ts";
import { readServerSentEvents } from "./sse.ts";

/** What the browser host needs from its surroundings; tests hand in their own. */
export interface HttpSurroundings {
  readonly fetch: typeof fetch;
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState">;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** Waits before the next attempt at a broken event stream; resolves early when aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly open: (url: string) => void;
}

const TOKEN_KEY = "lockstep.token";
const RECONNECT_MS_MIN = 500;
const RECONNECT_MS_MAX = 15_000;

/**
 * Takes the token out of `#token=...` (optionally followed by `&to=/route`), so that it stays
 * neither in the address bar nor in the history, and keeps it for this tab only.
 */
export function takeToken(around: HttpSurroundings): string {
  const fragment = new URLSearchParams(around.location.hash.replace(/^#/, ""));
  const given = fragment.get("token");
  if (given === null) return around.storage.getItem(TOKEN_KEY) ?? "";
  around.storage.setItem(TOKEN_KEY, given);
  const { pathname, search } = around.location;
  const route = fragment.get("to") ?? "/";
  around.history.replaceState(null, "", `${pathname}${search}#${route}`);
  return given;
}

/** The host in a browser: the same commands over HTTP, the same events over a streamed answer. */
export function httpHost(around: HttpSurroundings): Host {
  const authorization = `Bearer ${takeToken(around)}`;

  async function rpc(cmd: string, payload: unknown): Promise<unknown> {
    let answer: Response;
    try {
      answer = await around.fetch(`/rpc/${encodeURIComponent(cmd)}`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify(payload ?? {}),
      });
    } catch (thrown) {
      throw asHostError(thrown);
    }
    const text = await answer.text();
    const body = parse(text);
    if (answer.ok) return body;
    if (isHostError(body)) throw asHostError(body);
    throw asHostError({ code: UNREACHABLE, detail: { status: answer.status } });
  }

  async function follow(listener: (event: unknown) => void, signal: AbortSignal) {
    let pause = RECONNECT_MS_MIN;
    while (!signal.aborted) {
      try {
        const answer = await around.fetch("/events", {
          headers: { authorization, accept: "text/event-stream" },
          signal,
        });
        if (answer.ok && answer.body) {
          pause = RECONNECT_MS_MIN;
          await readServerSentEvents(answer.body, (data) => {
            const event = parse(data);
            if (event !== undefined) listener(event);
          });
        }
      } catch (thrown) {
        if (signal.aborted) return;
        console.warn("the event stream broke; connecting again", thrown);
      }
      await around.wait(pause, signal);
      pause = Math.min(pause * 2, RECONNECT_MS_MAX);
    }
  }

  return {
    rpc,
    subscribe(listener) {
      const stop = new AbortController();
      void follow(listener, stop.signal);
      return () => {
        stop.abort();
      };
    },
    openExternal(url) {
      if (!isOpenable(url)) return Promise.reject(asHostError(new Error("not a web address")));
      around.open(url);
      return Promise.resolve();
    },
    // `lockstep serve` has opened it before it serves; whether it still answers is asked by a command.
    reopen: () => Promise.resolve(),
  };
}

/** The surroundings of a real browser tab. */
export function browserSurroundings(): HttpSurroundings {
  return {
    fetch: window.fetch.bind(window),
    location: window.location,
    history: window.history,
    storage: window.sessionStorage,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    open: (url) => window.open(url, "_blank", "noopener,noreferrer"),
  };
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
