import { describe, expect, test, vi } from "vitest";
import { httpHost, takeToken, type HttpSurroundings } from "./http.ts";
import { readServerSentEvents } from "./sse.ts";

function around(hash: string, kept: string | null = null, answers: (Response | Error)[] = []) {
  const storage = new Map<string, string>(kept === null ? [] : [["lockstep.token", kept]]);
  const replaceState = vi.fn();
  const fetched = vi.fn((_url: RequestInfo | URL, _init?: RequestInit) => {
    const answer = answers.shift();
    if (answer === undefined) return new Promise<Response>(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const waits: number[] = [];
  const location = { hash, pathname: "/", search: "" };
  let onFragment: (before: string) => void = () => undefined;
  const surroundings: HttpSurroundings = {
    fetch: fetched,
    location,
    onFragment: (listener) => (onFragment = listener),
    history: { replaceState },
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
    },
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    open: vi.fn(),
    download: vi.fn(),
  };
  const paste = (fragment: string, before: string) => {
    location.hash = fragment;
    onFragment(before);
  };
  return { surroundings, storage, replaceState, fetched, waits, paste };
}

function json(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), { status });
}

function stream(...chunks: string[]) {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
        controller.close();
      },
    }),
  );
}

describe("the token", () => {
  test("is_taken_from_the_fragment_kept_for_the_tab_and_removed_from_the_address", () => {
    const { surroundings, storage, replaceState } = around("#token=s3cret%2B");
    expect(takeToken(surroundings)).toBe("s3cret+");
    expect(storage.get("lockstep.token")).toBe("s3cret+");
    expect(replaceState).toHaveBeenCalledWith(null, "", "/#/");
  });

  test("may_be_followed_by_the_route_to_open", () => {
    const { surroundings, replaceState } = around("#token=abc&to=/backlog");
    takeToken(surroundings);
    expect(replaceState).toHaveBeenCalledWith(null, "", "/#/backlog");
  });

  test("is_remembered_when_the_page_is_loaded_again", () => {
    const { surroundings, replaceState } = around("#/backlog", "abc");
    expect(takeToken(surroundings)).toBe("abc");
    expect(replaceState).not.toHaveBeenCalled();
  });

  test("travels_in_the_header_and_never_in_the_address", async () => {
    const { surroundings, fetched } = around("#token=abc", null, [json({ ok: true })]);
    await httpHost(surroundings).rpc("app_state", {});
    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(url).toBe("/rpc/app_state");
    expect(init?.headers).toMatchObject({ authorization: "Bearer abc" });
  });
});

describe("a command", () => {
  test("saves_a_file_as_the_engine_streams_it", async () => {
    const { surroundings, fetched } = around("#token=t", null, [stream("\uFEFFWHEN,", "FROM\n")]);
    await httpHost(surroundings).save?.("activity", { limit: 1 });
    expect(fetched.mock.calls[0]?.[0]).toBe("/export/activity");
    const [blob, name] = vi.mocked(surroundings.download).mock.calls[0] ?? [];
    expect(name).toBe("lockstep-activity.csv");
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer());
    // The mark by which a spreadsheet knows UTF-8 is still there.
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
  test("says_why_a_file_was_not_saved", async () => {
    const refusal = json({ code: "bad_request", detail: {} }, 422);
    const { surroundings } = around("#token=t", null, [refusal]);
    await expect(httpHost(surroundings).save?.("activity", {})).rejects.toMatchObject({
      code: "bad_request",
    });
    expect(surroundings.download).not.toHaveBeenCalled();
  });
  test("gives_what_the_engine_answers", async () => {
    const { surroundings } = around("", "t", [json([1, 2])]);
    await expect(httpHost(surroundings).rpc("areas", {})).resolves.toEqual([1, 2]);
  });

  test("rejects_with_the_code_and_detail_of_the_engine", async () => {
    const wrong = { code: "name_taken", detail: { name: "Jira" } };
    const { surroundings } = around("", "t", [json(wrong, 422)]);
    await expect(httpHost(surroundings).rpc("x", {})).rejects.toEqual(wrong);
  });

  test.each<[string, Response | Error]>([
    ["no network", new TypeError("failed to fetch")],
    ["an answer that is not ours", new Response("<html>", { status: 502 })],
  ])("rejects as unreachable on %s", async (_, answer) => {
    const { surroundings } = around("", "t", [answer]);
    await expect(httpHost(surroundings).rpc("x", {})).rejects.toMatchObject({
      code: "unreachable",
    });
  });
});

test("a_token_of_an_earlier_start_is_told_apart_from_an_engine_that_is_away", async () => {
  const { surroundings } = around("", "old", [new Response(null, { status: 401 })]);
  await expect(httpHost(surroundings).rpc("x", {})).rejects.toMatchObject({
    code: "token_refused",
  });
});

describe("the line", () => {
  const LISTENING = ": listening\n\n";

  function watched(answers: (Response | Error)[], hash = "") {
    const world = around(hash, "t", answers);
    const host = httpHost(world.surroundings);
    const states: string[] = [];
    const heard: unknown[] = [];
    host.link?.follow((state) => states.push(state));
    const stop = host.subscribe((event) => heard.push(event));
    const becomes = (...expected: string[]) =>
      vi.waitFor(() => {
        expect(states).toEqual(["opening", ...expected]);
      });
    return { ...world, host, states, heard, stop, becomes };
  }

  test("comes_back_by_itself_and_then_everything_is_asked_for_again", async () => {
    const gone = new TypeError("gone");
    const { becomes, heard, waits, stop } = watched([
      stream(LISTENING),
      gone,
      gone,
      gone,
      new Response(null, { status: 502 }),
      stream(LISTENING),
    ]);
    await becomes("up", "lost", "up");
    stop();
    expect(heard).toEqual([{ type: "missed" }]);
    expect(waits.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test("is_not_called_lost_for_a_stream_that_breaks_off_and_is_there_again", async () => {
    const { becomes, heard, stop } = watched([stream(LISTENING), stream(LISTENING)]);
    await vi.waitFor(() => {
      expect(heard).toHaveLength(1);
    });
    await becomes("up");
    stop();
  });

  test("says_that_the_token_is_of_an_earlier_start", async () => {
    const { becomes, stop } = watched([stream(LISTENING), new Response(null, { status: 401 })]);
    await becomes("up", "refused");
    stop();
  });

  describe("while it rests between two attempts", () => {
    /** A line that failed once, and rests until somebody is in a hurry. */
    async function resting(failure: Response | Error) {
      const world = around("", "t", [failure]);
      let naps = 0;
      const host = httpHost({
        ...world.surroundings,
        wait: (_ms, signal) => {
          naps += 1;
          return new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              resolve();
            });
          });
        },
      });
      const stop = host.subscribe(() => undefined);
      await vi.waitFor(() => {
        expect(naps).toBe(1);
      });
      const asksAgain = () =>
        vi.waitFor(() => {
          expect(world.fetched).toHaveBeenCalledTimes(2);
        });
      return { ...world, host, stop, asksAgain };
    }

    test("it_asks_at_once_when_told_to", async () => {
      const { host, asksAgain, stop } = await resting(new TypeError("gone"));
      host.link?.tryNow();
      await asksAgain();
      stop();
    });

    test("a_new_address_pasted_into_the_tab_keeps_the_place", async () => {
      const world = await resting(new Response(null, { status: 401 }));
      const { paste, asksAgain, fetched, storage, replaceState, stop } = world;
      paste("#token=new", "http://127.0.0.1/#/setup/4");
      await asksAgain();
      expect(fetched.mock.lastCall?.[1]?.headers).toMatchObject({ authorization: "Bearer new" });
      expect(storage.get("lockstep.token")).toBe("new");
      expect(replaceState).toHaveBeenCalledWith(null, "", "/#/setup/4");
      stop();
    });

    test("another_place_in_the_address_is_none_of_its_business", async () => {
      const { paste, fetched, replaceState, stop } = await resting(new TypeError("gone"));
      paste("#/backlog", "http://127.0.0.1/#/setup/4");
      await new Promise(setImmediate);
      expect(fetched).toHaveBeenCalledTimes(1);
      expect(replaceState).not.toHaveBeenCalled();
      stop();
    });
  });
});

describe("events", () => {
  test("are_read_from_the_stream_and_it_is_opened_again_when_it_ends", async () => {
    const { surroundings, fetched, waits } = around("", "t", [
      stream('data: {"type":"changed","tags":["items"]}\n\n'),
      new TypeError("gone"),
      stream('data: {"type":"changed","tags":["app"]}\n\n'),
    ]);
    const heard: unknown[] = [];
    const stop = httpHost(surroundings).subscribe((event) => heard.push(event));
    await vi.waitFor(() => {
      expect(heard).toHaveLength(3);
    });
    stop();
    expect(heard[1]).toEqual({ type: "missed" });
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ authorization: "Bearer t" });
    expect(waits.slice(0, 2)).toEqual([500, 1000]);
  });

  test.each<[string, string[], string[]]>([
    ["whole", ["data: a\n\n", "data: b\n\n"], ["a", "b"]],
    ["torn apart", ["da", "ta: a\n", "\ndata: b", "\n\n"], ["a", "b"]],
    ["with carriage returns torn apart", ["data: a\r", "\n\r\n", "data: b\r\n\r\n"], ["a", "b"]],
    ["of several lines", ["data: a\ndata: b\n\n"], ["a\nb"]],
    ["with comments and other fields", [": keep-alive\n\nevent: x\nid: 1\ndata:a\n\n"], ["a"]],
    ["cut off at the end", ["data: a\n\ndata: lost"], ["a"]],
  ])("%s are understood", async (_, chunks, expected) => {
    const heard: string[] = [];
    const { body } = stream(...chunks);
    if (body) await readServerSentEvents(body, (data) => heard.push(data));
    expect(heard).toEqual(expected);
  });
});
