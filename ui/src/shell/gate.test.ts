import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, expect, test } from "vitest";
import type { AppState, SecretStoreState } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import type { HostError, LinkState } from "@/host/host.ts";
import Gate from "./Gate.svelte";

afterEach(cleanup);

const READY: SecretStoreState = { kind: "keyring", ready: true, problem: null, file_exists: false };

/** A world in which opening fails until `opens`, and secrets are as `secrets` says. */
let setLink: (state: LinkState) => void = () => undefined;

function world(start: { refusal?: HostError; secrets?: SecretStoreState; connections?: number }) {
  const { connections = 1 } = start;
  const now = { refusal: start.refusal, secrets: start.secrets ?? READY, reopened: 0 };
  const asked: unknown[] = [];
  useHost({
    rpc(cmd, payload) {
      if (now.refusal) return Promise.reject(now.refusal as unknown as Error);
      if (cmd === "secret_store_choose") {
        asked.push(payload);
        const { passphrase } = payload as { passphrase: string | null };
        if (passphrase === "wrong")
          return Promise.reject({ code: "passphrase_wrong", detail: {} } as unknown as Error);
        if (passphrase !== null) now.secrets = { ...READY, kind: "file" };
        return Promise.resolve(now.secrets);
      }
      return Promise.resolve({
        theme: "system",
        connections,
        secret_store: now.secrets,
      } as Partial<AppState>);
    },
    subscribe: () => () => undefined,
    link: {
      follow(listener) {
        setLink = listener;
        listener("opening");
        return () => undefined;
      },
      tryNow: () => undefined,
    },
    openExternal: () => Promise.resolve(),
    reopen() {
      now.reopened += 1;
      return now.refusal ? Promise.reject(now.refusal as unknown as Error) : Promise.resolve();
    },
  });
  render(Gate, {
    children: createRawSnippet(() => ({ render: () => "<p>the application</p>" })),
  });
  return { now, asked };
}

const inside = () => screen.findByText("the application");

test("an_open_workspace_is_shown_at_once", async () => {
  world({});
  await inside();
});

test.each<[string, Record<string, string>, string]>([
  ["already_open", {}, "Lockstep is open already"],
  ["database_newer", { found: "9", known: "3" }, "The data was written by a newer Lockstep"],
  ["database_corrupt", {}, "The database is damaged"],
  ["database_read_only", {}, "The data directory cannot be written"],
])("%s is told with its place, and tried again", async (code, detail, title) => {
  const { now } = world({ refusal: { code, detail: { ...detail, data_dir: "/data/lockstep" } } });
  await screen.findByRole("heading", { name: title });
  expect(screen.getByText("/data/lockstep")).toBeTruthy();
  const again = screen.getByRole("button", { name: "Try again" });
  await userEvent.click(again);
  await screen.findByText("Tried just now: it is still like this");
  now.refusal = undefined;
  await userEvent.click(again);
  await inside();
  expect(now.reopened).toBe(2);
});

test.each<[string, string]>([
  ["unreachable", "Lockstep's engine does not answer"],
  ["token_refused", "This page belongs to an earlier start of Lockstep"],
])("%s is told, and left as soon as the engine answers", async (code, title) => {
  const { now } = world({ refusal: { code, detail: null } });
  await screen.findByRole("heading", { name: title });
  setLink(code === "unreachable" ? "lost" : "refused");
  now.refusal = undefined;
  setLink("up");
  await inside();
});

test("an_encrypted_file_is_unlocked_with_its_passphrase", async () => {
  const problem = { code: "secret_store_locked" as const, detail: {} };
  const { asked } = world({ secrets: { kind: "file", ready: false, problem, file_exists: true } });
  await screen.findByRole("heading", { name: "Your secrets are locked" });
  await userEvent.type(screen.getByLabelText("Passphrase"), "wrong");
  await userEvent.click(screen.getByRole("button", { name: "Unlock" }));
  await screen.findByText(/The passphrase does not fit/);
  await userEvent.clear(screen.getByLabelText("Passphrase"));
  await userEvent.type(screen.getByLabelText("Passphrase"), "open sesame");
  await userEvent.click(screen.getByRole("button", { name: "Unlock" }));
  await inside();
  expect(asked.at(-1)).toEqual({ kind: "file", passphrase: "open sesame" });
});

test("a_keyring_that_comes_up_is_found_when_asked_again", async () => {
  const problem = { code: "secret_store_unavailable" as const, detail: {} };
  const none = { kind: "keyring" as const, ready: false, problem, file_exists: false };
  const { now } = world({ secrets: none });
  await userEvent.click(await screen.findByRole("button", { name: "Try the keyring again" }));
  await screen.findByText("Tried just now: it is still like this");
  now.secrets = READY;
  await userEvent.click(screen.getByRole("button", { name: "Try the keyring again" }));
  await inside();
});

test("without_secrets_one_may_go_in_all_the_same", async () => {
  const problem = { code: "secret_store_locked" as const, detail: {} };
  world({ secrets: { kind: "file", ready: false, problem, file_exists: true } });
  await userEvent.click(await screen.findByRole("button", { name: "Continue without" }));
  await inside();
});

test("a_missing_keyring_does_not_stop_the_first_start", async () => {
  const problem = { code: "secret_store_unavailable" as const, detail: {} };
  const secrets = { kind: "keyring" as const, ready: false, problem, file_exists: false };
  world({ connections: 0, secrets });
  await inside();
});
