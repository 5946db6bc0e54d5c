/**
 * Steps 5 and 6: a Cloud-like schema for Cloud connections, a Data Center-like one for the others.
 * In the address: `&mapping=gone` (the project cannot be seen), `typeless` (it has no types), `slow`
 * (real issues take three seconds), `bare` (it has no issues).
 */
import type { FieldPair, Integration, TypePair } from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { fieldMapping, fieldRemarks, fieldValues } from "./mapping/fields.ts";
import { hierarchy, sampleTree, typeRemarks } from "./mapping/hierarchy.ts";
import type { Face } from "./mapping/schema.ts";

const types = new Map<number, TypePair[]>();
const fields = new Map<number, FieldPair[]>();

const mode = () => new URLSearchParams(location.search).get("mapping");

function integrationOf(id: number, { world }: Context): Integration {
  const integration = world.integrations.find((one) => one.id === id);
  if (!integration) throw fail("not_found", { what: "integration" });
  if (mode() === "gone") throw fail("project_gone");
  return integration;
}

const faceOf = (id: number, context: Context): Face =>
  integrationOf(id, context).kind === "cloud" ? "cloud" : "data-center";

export const handlers: Handlers = {
  hierarchy: ({ integration_id }, context) => {
    const answer = hierarchy(faceOf(integration_id, context), types.get(integration_id));
    return mode() === "typeless" ? { ...answer, remote_types: [], pairs: [] } : answer;
  },
  hierarchy_check: ({ integration_id, pairs }, context) =>
    typeRemarks(faceOf(integration_id, context), pairs),
  hierarchy_sample: async ({ integration_id, pairs }, context) => {
    if (mode() === "slow") await context.wait(3000);
    if (mode() === "bare") return { nodes: [] };
    return sampleTree(faceOf(integration_id, context), pairs);
  },
  hierarchy_save: ({ integration_id, pairs }, context) => {
    const refused = typeRemarks(faceOf(integration_id, context), pairs).find(
      (remark) => remark.severity === "refusal",
    );
    if (refused) throw fail("mapping_refused", { messages: refused.text });
    types.set(integration_id, pairs);
    const integration = integrationOf(integration_id, context);
    integration.hierarchy_saved = true;
    context.changed("integrations");
    return integration;
  },
  field_mapping: ({ integration_id }, context) =>
    fieldMapping(faceOf(integration_id, context), fields.get(integration_id)),
  field_mapping_check: ({ integration_id, pairs }, context) =>
    fieldRemarks(faceOf(integration_id, context), pairs),
  field_mapping_save: ({ integration_id, pairs }, context) => {
    fields.set(integration_id, pairs);
    const integration = integrationOf(integration_id, context);
    integration.fields_saved = true;
    context.changed("integrations");
    return integration;
  },
  field_values: ({ integration_id, field, remote_field }, context) =>
    fieldValues(faceOf(integration_id, context), field, remote_field),
};
