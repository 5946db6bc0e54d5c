import {
  asHostError,
  isHostError,
  isOpenable,
  TOKEN_REFUSED,
  UNREACHABLE,
  type Host,
  type LinkState,
} from "./host.ts";
import { readServerSentEvents } from "./sse.ts";

/** What the browser host needs from its surroundings; tests hand in their own. */
export interface HttpSurroundings {
  readonly fetch: typeof fetch;
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState">;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** Calls `listener` when what follows `#` changes, with the address from before. */
  readonly onFragment: (listener: (before: string) => void) => void;
  /** Waits before the next attempt at a broken event stream; resolves early when aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly open: (url: string) => void;
  /** Hands a file to the browser's downloads. */
  readonly download: (file: Blob, name: string) => void;
}

const TOKEN_KEY = "lockstep.token";
const RECONNECT_MS_MIN = 500;
const RECONNECT_MS_MAX = 15_000;

/**
 * Takes the token out of `#token=...` (optionally followed by `&to=/route`), so that it stays
 * neither in the address bar nor in the history, and keeps it for this tab only. Where the
 * address names no route, it becomes `otherwise`.
 */
export function takeToken(around: HttpSurroundings, otherwise = "/"): string {
  const fragment = new URLSearchParams(around.location.hash.replace(/^#/, ""));
  const given = fragment.get("token");
  if (given === null) return around.storage.getItem(TOKEN_KEY) ?? "";
  around.storage.setItem(TOKEN_KEY, given);
  const { pathname, search } = around.location;
  const route = fragment.get("to") ?? otherwise;
  around.history.replaceState(null, "", `${pathname}${search}#${route}`);
  return given;
}

/** The host in a browser: the same commands over HTTP, the same events over a streamed answer. */
export function httpHost(around: HttpSurroundings): Host {
  let token = takeToken(around);
  let state: LinkState = "opening";
  const watchers = new Set<(state: LinkState) => void>();
  let nap: AbortController | undefined;
  let hurried = false;

  function become(next: LinkState) {
    if (next === state) return;
    state = next;
    for (const watcher of [...watchers]) watcher(next);
  }

  function tryNow() {
    hurried = true;
    nap?.abort();
  }

  /** Waits before the next attempt, unless somebody is in a hurry. */
  async function rest(ms: number, signal: AbortSignal) {
    if (!hurried) {
      const until = (nap = new AbortController());
      const end = () => {
        until.abort();
      };
      signal.addEventListener("abort", end, { signal: until.signal });
      await around.wait(ms, until.signal);
      end();
    }
    hurried = false;
  }

  // The new address of a server that was started anew, put into the address bar of this very page,
  // loads nothing: only the fragment differs. So what was typed stays where it is.
  around.onFragment((before) => {
    if (!fragmentOf(around.location.hash).startsWith("token=")) return;
    token = takeToken(around, fragmentOf(before));
    tryNow();
  });

  const authorization = () => `Bearer ${token}`;

  /** What answers to a question, if it is no refusal. */
  async function ask(path: string, payload: unknown): Promise<Response> {
    let answer: Response;
    try {
      answer = await around.fetch(path, {
        method: "POST",
        headers: { authorization: authorization(), "content-type": "application/json" },
        body: JSON.stringify(payload ?? {}),
      });
    } catch (thrown) {
      throw asHostError(thrown);
    }
    if (answer.ok) return answer;
    const body = parse(await answer.text());
    if (isHostError(body)) throw asHostError(body);
    const code = answer.status === 401 ? TOKEN_REFUSED : UNREACHABLE;
    throw asHostError({ code, detail: { status: answer.status } });
  }

  async function rpc(cmd: string, payload: unknown): Promise<unknown> {
    const answer = await ask(`/rpc/${encodeURIComponent(cmd)}`, payload);
    return parse(await answer.text());
  }

  async function save(what: "activity", args: unknown): Promise<undefined> {
    const answer = await ask(`/export/${what}`, args);
    try {
      around.download(await answer.blob(), `lockstep-${what}.csv`);
    } catch (thrown) {
      // It broke off in the middle.
      throw asHostError(thrown);
    }
  }

  async function follow(listener: (event: unknown) => void, signal: AbortSignal) {
    let pause = RECONNECT_MS_MIN;
    let heard = false;
    while (!signal.aborted) {
      try {
        const answer = await around.fetch("/events", {
          headers: { authorization: authorization(), accept: "text/event-stream" },
          signal,
        });
        if (answer.ok && answer.body) {
          pause = RECONNECT_MS_MIN;
          become("up");
          // Nobody knows what happened while nobody listened.
          if (heard) listener({ type: "missed" });
          heard = true;
          await readServerSentEvents(answer.body, (data) => {
            const event = parse(data);
            if (event !== undefined) listener(event);
          });
        } else become(answer.status === 401 ? "refused" : "lost");
      } catch (thrown) {
        if (signal.aborted) return;
        // A stream that breaks off may come back at the next attempt; one that cannot be opened is gone.
        if (pause > RECONNECT_MS_MIN || state !== "up") become("lost");
        console.warn("the event stream broke; connecting again", thrown);
      }
      await rest(pause, signal);
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
    link: {
      follow(listener) {
        watchers.add(listener);
        listener(state);
        return () => {
          watchers.delete(listener);
        };
      },
      tryNow,
    },
    save,
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
    onFragment: (listener) => {
      window.addEventListener("hashchange", (event) => {
        listener(event.oldURL);
      });
    },
    open: (url) => window.open(url, "_blank", "noopener,noreferrer"),
    download: (file, name) => {
      const url = URL.createObjectURL(file);
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      // The download has begun by the next turn of the event loop, and holds what it needs.
      setTimeout(() => {
        URL.revokeObjectURL(url);
      });
    },
  };
}

function fragmentOf(address: string): string {
  const at = address.indexOf("#");
  return at < 0 ? "/" : address.slice(at + 1);
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
