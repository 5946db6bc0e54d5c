/** What the canned engine remembers. Other features may add what they need as further optional parts. */
import type { Connection, Integration, SecretStoreState, Setup, Theme } from "@/api/bindings.ts";

export interface World {
  readonly scene: string;
  theme: Theme;
  secretStore: SecretStoreState;
  connections: Connection[];
  integrations: Integration[];
  place: Pick<Setup, "step" | "connection_id" | "integration_id">;
  nextId: number;
  /** Room for other features' own canned data, by feature. */
  readonly more: Map<string, unknown>;
}

export const MADE_AT = "2026-11-20T09:12:00Z";

export function makeConnection(part: Partial<Connection> & { id: number }): Connection {
  return {
    name: "Acme",
    kind: "cloud",
    url: "https://acme.atlassian.net",
    version: "1001.0.0",
    auth: "cloud_token",
    login: "integration@acme.example",
    account: "Lockstep Integration",
    practice: false,
    problem: null,
    proxy: null,
    has_ca: false,
    has_client_identity: false,
    integrations: 0,
    created_at: MADE_AT,
    ...part,
  };
}

export function makeIntegration(part: Partial<Integration> & { id: number }): Integration {
  return {
    connection_id: 1,
    connection_name: "Acme",
    kind: "cloud",
    name: "Platform",
    project_key: "PLAT",
    project_name: "Platform",
    board_id: "12",
    board_name: "PLAT board",
    jql: "",
    include_closed: false,
    area_id: null,
    hierarchy_saved: false,
    fields_saved: false,
    statuses_mapped: 0,
    linked: 0,
    offered: 0,
    imported_at: null,
    ...part,
  };
}

export function makeWorld(scene: string): World {
  const world: World = {
    scene,
    theme: "system",
    secretStore: { kind: "keyring", ready: true, problem: null, file_exists: false },
    connections: [],
    integrations: [],
    place: { step: 1, connection_id: null, integration_id: null },
    nextId: 100,
    more: new Map(),
  };
  if (scene === "locked" || scene === "keyless")
    world.secretStore = {
      kind: "keyring",
      ready: false,
      problem: { code: "secret_store_unavailable", detail: {} },
      file_exists: false,
    };
  if (scene === "unlock")
    world.secretStore = {
      kind: "file",
      ready: false,
      problem: { code: "secret_store_locked", detail: {} },
      file_exists: true,
    };
  if (["connected", "keyless", "mapped", "full", "broken"].includes(scene)) {
    world.connections.push(makeConnection({ id: 1 }));
    world.place = { step: 4, connection_id: 1, integration_id: null };
  }
  if (["mapped", "full", "broken"].includes(scene)) {
    world.integrations.push(makeIntegration({ id: 1 }));
    world.place = { step: 5, connection_id: 1, integration_id: 1 };
  }
  if (scene === "full" || scene === "broken") {
    Object.assign(world.integrations[0] ?? {}, {
      hierarchy_saved: true,
      fields_saved: true,
      linked: 4812,
      offered: new URLSearchParams(location.search).has("offered") ? 128 : 0,
      imported_at: "2026-11-23T14:03:00Z",
    });
    world.connections.push(
      makeConnection({
        id: 2,
        name: "Jira der Hauptverwaltung Gütersloh (intern, nur über VPN erreichbar)",
        kind: "data_center",
        has_ca: true,
        proxy: "http://proxy.intern.example:8080",
        url: "https://jira.intern.hauptverwaltung-guetersloh.example:8443/projekte/jira",
        version: "9.12.4",
        auth: "pat",
        login: "",
        account: "Schnittstelle Produktentwicklung",
        problem: scene === "broken" ? { code: "credentials_expired", detail: {} } : null,
      }),
      makeConnection({
        id: 3,
        name: "Practice Jira",
        url: "http://127.0.0.1:41873",
        practice: true,
        account: "Practice Admin",
      }),
    );
    world.integrations.push(
      makeIntegration({
        id: 2,
        connection_id: 2,
        connection_name: "Jira der Hauptverwaltung Gütersloh (intern, nur über VPN erreichbar)",
        kind: "data_center",
        name: "決済プラットフォーム刷新プロジェクト（二〇二七年度）",
        project_key: "KESSAI",
        project_name: "決済プラットフォーム刷新プロジェクト（二〇二七年度）",
        board_id: null,
        board_name: null,
        hierarchy_saved: true,
      }),
      makeIntegration({
        id: 3,
        name: "תשתיות ותפעול",
        project_key: "OPS",
        project_name: "תשתיות ותפעול",
      }),
    );
    world.place = { step: 7, connection_id: 1, integration_id: 1 };
  }
  return world;
}
