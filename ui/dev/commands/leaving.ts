/**
 * Disconnecting, in the made-up workspace. In the address: `&leaving=importing` (an import is under way), `more` (more
 * would be lost than was shown), `&offered=1` (the first project was connected before).
 */
import type { Connection, Integration, LeavingExtent, LeavingIntegration } from "@/api/bindings.ts";
import { fail, find, type Context, type Handlers } from "../mock.ts";

const leaving = new URLSearchParams(location.search).get("leaving");
const importing = leaving === "importing";
/** More edits come in while it is asked, once. */
let more = leaving === "more";

const EDITED = [
  "Stop losing failed direct debits",
  "Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung grundlegend vereinfachen",
  "チェックアウトでの追加認証に対応する",
  "הוספת אימות דו־שלבי למסך התשלום",
];

function partOf(integration: Integration): LeavingIntegration {
  const used = integration.linked > 0;
  const items = used ? 9 : 0;
  return {
    id: integration.id,
    name: integration.name,
    project_key: integration.project_key,
    types: integration.hierarchy_saved ? 5 : 0,
    fields: integration.fields_saved ? 14 : 0,
    statuses: integration.statuses_mapped,
    linked: integration.linked,
    unsent: items,
    unsent_items: Array.from({ length: items }, (_, i) => ({
      item_id: 40 + i,
      title: EDITED[i % EDITED.length] ?? "",
      key: `${integration.project_key}-${String(140 + i)}`,
      fields: i % 2 === 0 ? ["Title"] : ["Story points", "Description"],
    })),
    conflicts: used ? 3 : 0,
    unmade: used ? 2 : 0,
    unmade_doubtful: used ? 1 : 0,
    imports: used ? 1 : 0,
    cycles: used ? 214 : 0,
    problems: used ? 3 : 0,
    asked: 0,
    scoped: used,
    importing: importing && used,
  };
}

function extentOf(
  connection: Connection,
  goes: boolean,
  integrations: readonly Integration[],
): LeavingExtent {
  return {
    connection,
    connection_goes: goes,
    secrets: "keyring",
    integrations: integrations.map(partOf),
  };
}

function gone({ world, changed }: Context, is: (integration: Integration) => boolean): number {
  const count = world.integrations.filter(is).reduce((sum, one) => sum + one.linked, 0);
  world.integrations = world.integrations.filter((integration) => !is(integration));
  changed("connections", "integrations", "sync", "app");
  return count;
}

export const handlers: Handlers = {
  connection_leaving: async ({ id }, { world, wait }) => {
    await wait(200);
    const own = world.integrations.filter((one) => one.connection_id === id);
    return extentOf(find(world.connections, id, "connection"), true, own);
  },
  connection_disconnect: ({ id }, context) => {
    if (more) {
      more = false;
      throw fail("leaving_stale");
    }
    const count = gone(context, (one) => one.connection_id === id);
    context.world.connections = context.world.connections.filter((one) => one.id !== id);
    if (context.world.place.connection_id === id)
      context.world.place = { ...context.world.place, connection_id: null, integration_id: null };
    return { count };
  },
  integration_leaving: async ({ id }, { world, wait }) => {
    await wait(200);
    const own = find(world.integrations, id, "integration");
    return extentOf(find(world.connections, own.connection_id, "connection"), false, [own]);
  },
  integration_disconnect: ({ id }, context) => {
    const count = gone(context, (one) => one.id === id);
    if (context.world.place.integration_id === id) context.world.place.integration_id = null;
    return { count };
  },
};
