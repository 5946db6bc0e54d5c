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
  const surroundings: HttpSurroundings = {
    fetch: fetched,
    location: { hash, pathname: "/", search: "" },
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
  };
  return { surroundings, storage, replaceState, fetched, waits };
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
      expect(heard).toHaveLength(2);
    });
    stop();
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
