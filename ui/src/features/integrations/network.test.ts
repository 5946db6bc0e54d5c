import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Connection, NetworkArgs } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import Network from "./Network.svelte";

afterEach(cleanup);

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const WITH_ALL = {
  id: 4,
  name: "Acme",
  proxy: "http://proxy.example.com:8080",
  has_ca: true,
  has_client_identity: true,
} as Connection;
const WITH_NOTHING = { ...WITH_ALL, proxy: null, has_ca: false, has_client_identity: false };

/** Opens the form; `asked` collects what is sent, and `now.refusal` turns it down. */
async function opened(connection: Connection) {
  const asked: NetworkArgs[] = [];
  const now: { refusal?: { code: string; detail: unknown } } = {};
  useHost({
    rpc(cmd, payload) {
      expect(cmd).toBe("connection_network");
      asked.push(payload as NetworkArgs);
      return now.refusal
        ? Promise.reject(now.refusal as unknown as Error)
        : Promise.resolve(connection);
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
    reopen: () => Promise.resolve(),
  });
  render(Network, { open: true, connection });
  await screen.findByRole("dialog", { name: "Certificates and proxy" });
  const proxy = screen.getByLabelText<HTMLInputElement>(/^Proxy/);
  const save = screen.getByRole<HTMLButtonElement>("button", { name: /^Test and save/ });
  const choose = async (at: number, text: string) => {
    const input = document.querySelectorAll<HTMLInputElement>("input[type='file']")[at];
    if (!input) throw new Error("there is no such file field");
    await userEvent.upload(input, new File([text], `file-${String(at)}.pem`));
  };
  return { asked, now, proxy, save, choose };
}

const gone = () =>
  vi.waitFor(() => {
    expect(screen.queryByRole("dialog")).toBeNull();
  });

test("it_opens_with_what_is_in_use_and_nothing_to_save", async () => {
  const { proxy, save, asked } = await opened(WITH_ALL);
  expect(proxy.value).toBe("http://proxy.example.com:8080");
  expect(screen.getAllByText("In use")).toHaveLength(2);
  expect(save.disabled || save.getAttribute("aria-disabled") === "true").toBe(true);
  await userEvent.click(save);
  expect(asked).toEqual([]);
});

test("only_what_was_touched_is_changed", async () => {
  const { proxy, save, asked } = await opened(WITH_ALL);
  await userEvent.clear(proxy);
  await userEvent.type(proxy, "  http://other.example.com:3128 ");
  await userEvent.click(save);
  expect(asked).toEqual([
    {
      id: 4,
      proxy: "http://other.example.com:3128",
      ca: { type: "keep" },
      client_identity: { type: "keep" },
    },
  ]);
  await gone();
});

test("what_is_removed_is_sent_as_removed", async () => {
  const { proxy, save, asked } = await opened(WITH_ALL);
  await userEvent.click(screen.getByRole("button", { name: /^Remove.*Certificate authority$/ }));
  await userEvent.clear(proxy);
  await userEvent.click(save);
  expect(asked).toEqual([
    { id: 4, proxy: null, ca: { type: "remove" }, client_identity: { type: "keep" } },
  ]);
});

test("a_new_certificate_authority_is_read_and_sent", async () => {
  const { save, choose, asked } = await opened(WITH_NOTHING);
  await choose(0, PEM);
  await screen.findByText("file-0.pem");
  await userEvent.click(save);
  expect(asked[0]?.ca).toEqual({ type: "replace", pem: PEM });
});

test("a_file_that_holds_no_certificate_is_not_taken", async () => {
  const { choose, save } = await opened(WITH_NOTHING);
  await choose(1, "hello");
  await screen.findByText(/“file-1.pem” is not a PEM file/);
  expect(save.disabled || save.getAttribute("aria-disabled") === "true").toBe(true);
});

test("a_way_that_does_not_lead_there_is_told_and_can_be_mended", async () => {
  const { proxy, save, now, asked } = await opened(WITH_NOTHING);
  now.refusal = { code: "proxy_failed", detail: {} };
  await userEvent.type(proxy, "http://nowhere.example.com");
  await userEvent.click(save);
  await screen.findByText("The proxy does not let us through");
  expect(proxy.value).toBe("http://nowhere.example.com");
  delete now.refusal;
  await userEvent.type(proxy, ":8080");
  await userEvent.click(save);
  await gone();
  expect(asked.at(-1)?.proxy).toBe("http://nowhere.example.com:8080");
});
