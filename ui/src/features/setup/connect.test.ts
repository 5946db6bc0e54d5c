import { expect, test } from "vitest";
import type { ConnectionForm, ConnectionReport, ErrorCode, Site } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { ConnectForm, describeCleaning, fieldAtFault, freeName } from "./connect.svelte.ts";

const CLOUD: Site = {
  url: "https://acme.atlassian.net",
  kind: "cloud",
  version: "1001.0.0",
  title: "Jira",
  problem: null,
};
const OWN: Site = {
  url: "https://jira.example/jira",
  kind: "data_center",
  version: "9.12.4",
  title: "Engineering Jira",
  problem: null,
};
const PASSED: ConnectionReport = {
  ok: true,
  kind: "cloud",
  version: null,
  account: "Ada",
  checks: [],
};

function failedWith(code: ErrorCode): ConnectionReport {
  const check = { id: "identity", label: "Sign-in", detail: null };
  return {
    ...PASSED,
    ok: false,
    checks: [{ ...check, state: "failed", problem: { code, detail: {} } }],
  };
}

/** A form in front of a site, and what was asked of it. */
function form({ site = CLOUD, report = PASSED, taken = [] as string[] } = {}) {
  const calls: [string, unknown][] = [];
  useHost({
    reopen: () => Promise.resolve(),
    rpc(cmd, payload) {
      calls.push([cmd, payload]);
      if (cmd === "site_detect") return Promise.resolve(site);
      if (cmd === "connection_test") return Promise.resolve(report);
      return Promise.resolve({ id: 9, name: (payload as ConnectionForm).name });
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const form = new ConnectForm();
  form.taken = taken;
  return { form, calls, names: () => calls.map(([cmd]) => cmd) };
}

async function filled(parts: Parameters<typeof form>[0] = {}) {
  const made = form(parts);
  made.form.type("acme.atlassian.net");
  await made.form.detect({ settle: true });
  made.form.login = "ada@acme.example";
  made.form.secret = "a-token";
  return made;
}

test("connecting waits for the first thing that is missing, and names it", async () => {
  const { form: f } = form();
  expect(f.blocked).toBe("Enter the address of your Jira");
  f.type("acme.atlassian.net");
  expect(f.blocked).toBe("Enter the address first");
  const asking = f.detect({ settle: true });
  expect(f.blocked).toBe("Looking at the address");
  await asking;
  expect(f.blocked).toBe("Enter your e-mail address");
  f.login = "ada";
  expect(f.blocked).toBe("The e-mail address is not complete");
  f.login = "ada@acme.example";
  expect(f.blocked).toBe("Paste the token");
  f.secret = "a-token";
  expect(f.blocked).toBeUndefined();
  f.nameTyped("  ");
  expect(f.blocked).toBe("Give the connection a name");
});

test("a Data Center asks for a personal access token first, and for no user name", async () => {
  const { form: f } = form({ site: OWN });
  f.type("jira.example/jira");
  await f.detect({ settle: true });
  expect(f.auth).toBe("pat");
  expect(f.blocked).toBe("Paste the token");
  f.auth = "password";
  expect(f.blocked).toBe("Enter the user name");
  f.login = "ada";
  expect(f.blocked).toBe("Enter the password");
});

test("a site that does not tell its kind has it chosen", async () => {
  const { form: f } = form({ site: { ...CLOUD, kind: null } });
  f.type("quiet.example");
  await f.detect({ settle: true });
  expect(f.blocked).toBe("Choose the kind of Jira");
  f.chooseKind("data_center");
  expect(f.auth).toBe("pat");
});

test("an address that leads nowhere keeps connecting closed and is marked", async () => {
  const { form: f } = form({
    site: { ...CLOUD, kind: null, problem: { code: "host_unknown", detail: {} } },
  });
  f.type("nowhere.example");
  await f.detect({ settle: true });
  expect(f.blocked).toBe("The address does not lead to a Jira yet");
  expect(f.atFault).toBe("url");
  expect(f.url).toBe("nowhere.example");
  f.type("nowhere.exampl");
  expect(f.problem).toBeUndefined();
});

test("the cleaned address takes the place of what was typed, and says what was done", async () => {
  const { form: f } = form();
  f.type("  acme.atlassian.net/browse/PLAT-12 ");
  await f.detect({ settle: false });
  expect(f.url).toBe("  acme.atlassian.net/browse/PLAT-12 ");
  f.settle();
  expect(f.url).toBe(CLOUD.url);
  expect(f.cleaning).toContain("“/browse/PLAT-12” cut off");
});

test("an answer to an address that has changed meanwhile is dropped", async () => {
  const { form: f } = form();
  f.type("acme.atlassian.net");
  const asking = f.detect({ settle: true });
  f.type("other.example");
  await asking;
  expect(f.site).toBeUndefined();
  expect(f.url).toBe("other.example");
});

test("the name is proposed, free, and left alone once it was typed", async () => {
  const { form: f } = form({ taken: ["ACME"] });
  f.type("acme.atlassian.net");
  await f.detect({ settle: true });
  expect(f.name).toBe("acme 2");
  f.nameTyped("acme");
  await f.detect({ settle: true });
  expect(f.name).toBe("acme");
  f.login = "ada@acme.example";
  f.secret = "a-token";
  expect(f.blocked).toBe("Choose a name that is not taken");
});

test("connecting tests first, then makes the connection, with the cleaned address", async () => {
  const { form: f, names, calls } = await filled();
  f.secret = "  a-token\n";
  const made = await f.connect();
  expect(made?.name).toBe("acme");
  expect(names()).toEqual(["site_detect", "connection_test", "connection_create"]);
  expect(calls[2]?.[1]).toEqual({
    name: "acme",
    url: CLOUD.url,
    auth: "cloud_token",
    login: "ada@acme.example",
    secret: "a-token",
    ca_pem: null,
    proxy: null,
    client_identity_pem: null,
  });
});

test("a blank at the end of a password is part of it", async () => {
  const { form: f, calls } = form({ site: OWN });
  f.type("jira.example/jira");
  await f.detect({ settle: true });
  f.auth = "password";
  f.login = "ada";
  f.secret = "open sesame ";
  await f.connect();
  expect((calls[1]?.[1] as ConnectionForm).secret).toBe("open sesame ");
});

test("a test that fails makes nothing and marks the field at fault", async () => {
  const { form: f, names } = await filled({ report: failedWith("credentials_wrong") });
  expect(await f.connect()).toBeUndefined();
  expect(names()).not.toContain("connection_create");
  expect(f.atFault).toBe("secret");
  f.edited("login");
  expect(f.problem).toBeUndefined();
});

test("nothing is asked while something is missing, or twice at once", async () => {
  const { form: f, names } = await filled();
  f.secret = "";
  await f.connect();
  expect(names()).toEqual(["site_detect"]);
  f.secret = "a-token";
  await Promise.all([f.connect(), f.connect()]);
  expect(names().filter((name) => name === "connection_test")).toHaveLength(1);
});

test.each([
  ["host_unknown", "url"],
  ["tls_untrusted", "ca"],
  ["proxy_failed", "proxy"],
  ["basic_auth_disabled", "auth"],
  ["captcha_required", "secret"],
  ["name_taken", "name"],
  ["disk_full", undefined],
  ["unreachable", undefined],
] as const)("%s is about the field %s", (code, field) => {
  expect(fieldAtFault(code)).toBe(field);
});

test.each([
  ["https://acme.atlassian.net", "https://acme.atlassian.net", undefined],
  ["https://acme.atlassian.net/", "https://acme.atlassian.net", undefined],
  ["acme.atlassian.net", "https://acme.atlassian.net", "Cleaned up: https:// added"],
  [" https://a.example ", "https://a.example", "Cleaned up: blanks removed"],
  [
    "https://a.example/jira/browse/X-1",
    "https://a.example/jira",
    "Cleaned up: “/browse/X-1” cut off",
  ],
])("%j cleaned to %j is described as %j", (typed, cleaned, said) => {
  expect(describeCleaning(typed, cleaned)).toBe(said);
});

test("a free name takes the first number that nobody has", () => {
  expect(freeName("Acme", [])).toBe("Acme");
  expect(freeName("Acme", ["acme", "Acme 2"])).toBe("Acme 3");
});
