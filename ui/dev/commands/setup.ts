/**
 * App state, the place in the wizard, connections, projects, integrations. In the address: `&projects=0`
 * (the account can see none).
 */
import type {
  Check,
  Connection,
  ConnectionForm,
  ConnectionReport,
  ErrorCode,
  Integration,
  Project,
  Setup,
  SetupStep,
  Site,
} from "@/api/bindings.ts";
import { fail, find, type Context, type Handlers } from "../mock.ts";
import { makeConnection, makeIntegration, type World } from "../world.ts";

/** Hosts that fail in a way of their own: type one of these in step 3. */
const HOSTS: Record<string, ErrorCode> = {
  "nowhere.example": "host_unknown",
  "refused.example": "host_refused",
  "slow.example": "host_timeout",
  "untrusted.example": "tls_untrusted",
  "moved.example": "redirect_elsewhere",
  "wiki.example": "not_jira",
  "down.example": "jira_unavailable",
};

/** Secrets that fail in a way of their own; anything else is accepted. */
const SECRETS: Record<string, ErrorCode> = {
  wrong: "credentials_wrong",
  expired: "credentials_expired",
  captcha: "captcha_required",
  nobody: "anonymous",
  off: "basic_auth_disabled",
  many: "rate_limited",
};

const DETAIL: Partial<Record<ErrorCode, Record<string, string>>> = {
  tls_untrusted: { reason: "self-signed certificate in the chain" },
  redirect_elsewhere: { to: "https://login.moved.example/sso" },
  jira_unavailable: { status: "503" },
  captcha_required: { login_url: "https://jira.example/login.jsp" },
  rate_limited: { retry_after_s: "30" },
};

const WORDS = ["Platform", "Mobile", "Billing", "Search", "Identity", "Reporting", "Logistics"];
const KINDS = ["Core", "Operations", "Experience", "Migration", "Growth", "Compliance"];
const NAMED: [string, string, boolean][] = [
  ["PLAT", "Platform", false],
  ["MOB", "Mobile apps", false],
  ["NOBOARD", "A project without any board", false],
  ["KESSAI", "決済プラットフォーム刷新プロジェクト（二〇二七年度）", false],
  ["OPS", "תשתיות ותפעול", true],
  ["DE", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", true],
  ["PAY", "Payments", true],
];

function projectsOf(world: World): Project[] {
  if (new URLSearchParams(location.search).get("projects") === "0") return [];
  const made = NAMED.map(([key, name, team], i) => ({ id: String(10000 + i), key, name, team }));
  for (let i = 0; made.length < 3000; i += 1) {
    const word = WORDS[i % WORDS.length] ?? "";
    const kind = KINDS[Math.floor(i / WORDS.length) % KINDS.length] ?? "";
    made.push({
      id: String(20000 + i),
      key: `${word.slice(0, 2)}${kind.slice(0, 1)}${String(i)}`.toUpperCase(),
      name: `${word} ${kind} ${String(i)}`,
      team: i % 5 === 0,
    });
  }
  return made.map(({ id, key, name, team }) => ({
    id,
    key,
    name,
    team_managed: team,
    integrations: world.integrations.filter((x) => x.project_key === key).length,
  }));
}

function siteOf(url: string): Site {
  const bare = url
    .trim()
    .replace(/\s+/g, "")
    .replace(/^https?:\/\//i, "");
  const host = (bare.split(/[/?#]/)[0] ?? "").toLowerCase();
  const context = /^[^/]+(\/jira)(\/|$)/.exec(bare)?.[1] ?? "";
  const scheme = /^http:\/\//i.test(url.trim()) ? "http" : "https";
  const site: Site = {
    url: `${scheme}://${host}${context}`,
    kind: null,
    version: null,
    title: null,
    problem: null,
  };
  const code = HOSTS[host];
  if (!/^[a-z0-9.:-]+$/.test(host)) return { ...site, problem: fail("url_invalid") as never };
  if (code) return { ...site, problem: { code, detail: DETAIL[code] ?? {} } };
  if (host === "quiet.example") return site;
  if (host.endsWith(".atlassian.net"))
    return { ...site, kind: "cloud", version: "1001.0.0", title: "Jira" };
  return { ...site, kind: "data_center", version: "9.12.4", title: "Engineering Jira" };
}

function check(id: string, label: string, detail: string | null, part: Partial<Check> = {}): Check {
  return { id, label, state: "passed", detail, problem: null, ...part };
}

function reportOf(form: Pick<ConnectionForm, "url" | "secret">): ConnectionReport {
  const site = siteOf(form.url);
  const checks = [
    check("reachable", "Reachable", "Answered in 84 ms"),
    check("tls", "Certificate trusted", "Valid until 3 March 2027"),
  ];
  const code = SECRETS[form.secret];
  if (code) {
    checks.push(
      check("identity", "Sign-in", null, {
        state: "failed",
        problem: { code, detail: DETAIL[code] ?? {} },
      }),
      check("permissions", "Permissions", "Asked for once signed in", { state: "unknown" }),
    );
    return { ok: false, kind: site.kind, version: site.version, account: null, checks };
  }
  checks.push(
    check("identity", "Signed in as Lockstep Integration", "integration@acme.example"),
    check("permission:BROWSE_PROJECTS", "Browse projects", "Issues can be imported"),
    check("permission:CREATE_ISSUES", "Create issues", "Items can be pushed to Jira"),
    check("permission:EDIT_ISSUES", "Edit issues", "Changes can be written back"),
    check("permission:MANAGE_SPRINTS_PERMISSION", "Manage sprints", "Sprints can be changed", {
      state: "warning",
      detail: "Missing in 2 of 14 projects: there, sprints are only read",
    }),
    check("permission:ADMINISTER", "Administer Jira", "Not needed for the import", {
      state: "unknown",
    }),
  );
  return {
    ok: true,
    kind: site.kind,
    version: site.version,
    account: "Lockstep Integration",
    checks,
  };
}

function setupOf({ world }: Context): Setup {
  const { place } = world;
  const connection = world.connections.find((c) => c.id === place.connection_id);
  const integration = world.integrations.find((i) => i.id === place.integration_id);
  const step = (number: number, part: Partial<SetupStep>): SetupStep => ({
    number,
    state: "not_started",
    summary: null,
    reason: null,
    reachable: true,
    ...part,
  });
  const after = (done: boolean, needs: boolean, summary: string, reason: string) =>
    done
      ? { state: "done" as const, summary }
      : needs
        ? { state: "not_started" as const }
        : { state: "not_started" as const, reachable: false, reason };
  const later = {
    state: "not_available" as const,
    reason: "Not available in this version yet",
  };
  const steps = [
    step(1, later),
    step(
      2,
      connection?.kind === "data_center"
        ? { state: "skipped", reason: "not needed for Data Center" }
        : later,
    ),
    step(
      3,
      connection?.problem
        ? { state: "attention", reason: "The token has expired" }
        : after(Boolean(connection), true, `${connection?.name ?? ""}`, ""),
    ),
    step(
      4,
      after(
        Boolean(integration),
        Boolean(connection),
        `${integration?.project_key ?? ""} · ${integration?.name ?? ""}`,
        "Connect to Jira first",
      ),
    ),
    step(
      5,
      after(
        integration?.hierarchy_saved ?? false,
        Boolean(integration),
        "5 Jira types mapped",
        "Add a project first",
      ),
    ),
    step(
      6,
      after(
        integration?.fields_saved ?? false,
        integration?.hierarchy_saved ?? false,
        "9 fields mapped",
        "Map the hierarchy first",
      ),
    ),
    step(
      7,
      after(
        Boolean(integration?.imported_at),
        integration?.fields_saved ?? false,
        "4,812 items imported",
        "Map the fields first",
      ),
    ),
    step(
      8,
      after(
        (integration?.statuses_mapped ?? 0) > 0,
        integration?.fields_saved ?? false,
        `${String(integration?.statuses_mapped ?? 0)} statuses mapped`,
        "Map the fields first",
      ),
    ),
    step(9, later),
    step(10, later),
  ];
  return {
    ...place,
    steps: steps.map((s) =>
      s.number === place.step && s.state === "not_started" ? { ...s, state: "in_progress" } : s,
    ),
  };
}

function listed(world: World): Connection[] {
  return world.connections.map((c) => ({
    ...c,
    integrations: world.integrations.filter((i) => i.connection_id === c.id).length,
  }));
}

function free(name: string, list: readonly { id: number; name: string }[], id?: number) {
  if (name.trim() === "") throw fail("name_invalid");
  const same = (other: string) => other.toLowerCase() === name.trim().toLowerCase();
  if (list.some((one) => one.id !== id && same(one.name))) throw fail("name_taken", { name });
}

const DATA_DIR = "/home/admin/.local/share/dev.lockstep.desktop";

/** Scenes in which nothing opens. */
const REFUSALS: Partial<Record<string, ErrorCode>> = {
  inuse: "already_open",
  newer: "database_newer",
  corrupt: "database_corrupt",
  readonly: "database_read_only",
};

export const handlers: Handlers = {
  app_state: (_, { world }) => {
    const refusal = REFUSALS[world.scene];
    if (refusal) throw fail(refusal, { data_dir: DATA_DIR, found: "9", known: "3" });
    return {
      version: "0.1.0",
      data_dir: DATA_DIR,
      theme: world.theme,
      secret_store: world.secretStore,
      items: world.scene === "full" ? 4812 : 0,
      connections: world.connections.length,
      integrations: world.integrations.length,
      active_run: null,
      last_import_at: world.integrations[0]?.imported_at ?? null,
    };
  },
  secret_store_choose: ({ kind, passphrase }, { world, changed }) => {
    if (kind === "file" && passphrase === "wrongwrong") throw fail("passphrase_wrong");
    if (kind === "keyring") return world.secretStore;
    world.secretStore = { kind, ready: true, problem: null, file_exists: kind === "file" };
    changed("app");
    return world.secretStore;
  },
  setup: (_, context) => setupOf(context),
  setup_place: (place, context) => {
    context.world.place = place;
    return setupOf(context);
  },

  site_detect: async ({ url, ca_pem }, { wait }) => {
    await wait(350);
    const site = siteOf(url);
    if (site.problem?.code === "tls_untrusted" && ca_pem)
      return { ...site, problem: null, kind: "data_center", version: "8.20.1", title: "Jira" };
    return site;
  },
  connection_test: async (form, { wait }) => {
    await wait(700);
    return reportOf(form);
  },
  connection_network: async ({ id, proxy, ca, client_identity }, { world, changed, wait }) => {
    await wait(700);
    if (proxy?.includes("refused")) throw fail("proxy_failed");
    const found = find(world.connections, id, "connection");
    if (ca.type !== "keep") found.has_ca = ca.type === "replace";
    if (client_identity.type !== "keep")
      found.has_client_identity = client_identity.type === "replace";
    found.proxy = proxy;
    changed("connections");
    return found;
  },
  connection_create: (form, { world, changed }) => {
    if (!world.secretStore.ready) throw fail("secret_store_unavailable");
    free(form.name, world.connections);
    const site = siteOf(form.url);
    const made = makeConnection({
      id: world.nextId++,
      name: form.name,
      url: site.url,
      kind: site.kind ?? "data_center",
      version: site.version,
      auth: form.auth,
      login: form.login,
    });
    world.connections.push(made);
    changed("connections", "app");
    return made;
  },
  connection_practice: async ({ kind }, { world, changed, wait }) => {
    await wait(600);
    let name = "Practice Jira";
    for (let n = 2; world.connections.some((c) => c.name === name); n += 1)
      name = `Practice Jira ${String(n)}`;
    const made = makeConnection({
      id: world.nextId++,
      name,
      kind,
      url: "http://127.0.0.1:41873",
      practice: true,
      account: "Practice Admin",
    });
    world.connections.push(made);
    changed("connections", "app");
    return made;
  },
  connections: (_, { world }) => listed(world),
  connection_check: async ({ id }, { world, wait }) => {
    await wait(600);
    const connection = find(world.connections, id, "connection");
    return reportOf({ url: connection.url, secret: connection.problem ? "expired" : "" });
  },
  connection_rename: ({ id, name }, { world, changed }) => {
    free(name, world.connections, id);
    const connection = find(world.connections, id, "connection");
    connection.name = name;
    for (const i of world.integrations) if (i.connection_id === id) i.connection_name = name;
    changed("connections", "integrations");
    return connection;
  },
  connection_credentials: async ({ id, auth, login, secret }, { world, changed, wait }) => {
    await wait(500);
    const code = SECRETS[secret];
    if (code) throw fail(code, DETAIL[code]);
    const connection = find(world.connections, id, "connection");
    Object.assign(connection, { auth, login, problem: null });
    changed("connections");
    return connection;
  },
  firewall: () => ({
    own: ["192.168.40.17", "2001:db8:4a:1f::17"],
    craft: [
      { name: "US", address: "35.232.112.68" },
      { name: "US", address: "34.36.93.194" },
      { name: "EU", address: "34.89.210.62" },
      { name: "EU", address: "35.244.168.88" },
      { name: "Staging", address: "34.70.139.232" },
    ],
    port: 443,
  }),

  projects: async ({ connection_id, query, limit }, { world, wait }) => {
    await wait(150);
    const connection = find(world.connections, connection_id, "connection");
    if (connection.problem) throw fail("connection_stopped");
    if (query === "error") throw fail("jira_unavailable", { status: "502" });
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = projectsOf(world).filter((p) =>
      words.every((w) => `${p.key} ${p.name}`.toLowerCase().includes(w)),
    );
    return { projects: hits.slice(0, limit), total: hits.length };
  },
  boards: async ({ project_key }, { wait }) => {
    await wait(250);
    if (project_key === "NOBOARD") return [];
    if (project_key === "PAY") throw fail("permission_missing", { permission: "View board" });
    return [
      { id: "12", name: `${project_key} board`, kind: "scrum" },
      { id: "13", name: `${project_key} support`, kind: "kanban" },
    ];
  },
  integration_create: (form, { world, changed }) => {
    free(form.name, world.integrations);
    const connection = find(world.connections, form.connection_id, "connection");
    const project = projectsOf(world).find((p) => p.key === form.project_key);
    if (!project) throw fail("project_gone");
    const made: Integration = makeIntegration({
      id: world.nextId++,
      connection_id: connection.id,
      connection_name: connection.name,
      kind: connection.kind,
      name: form.name,
      project_key: project.key,
      project_name: project.name,
      board_id: form.board_id,
      board_name: form.board_id ? `${project.key} board` : null,
    });
    world.integrations.push(made);
    changed("integrations", "app");
    return made;
  },
  integrations: (_, { world }) => world.integrations,
  integration: ({ id }, { world }) => find(world.integrations, id, "integration"),
  integration_rename: ({ id, name }, { world, changed }) => {
    free(name, world.integrations, id);
    const integration = find(world.integrations, id, "integration");
    integration.name = name;
    changed("integrations");
    return integration;
  },
};
