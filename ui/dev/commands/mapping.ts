/**
 * Steps 5 and 6 without an engine: a Cloud-like schema for odd integrations, a Data Center-like one for
 * even ones. What is saved is kept until the page is loaded again.
 */
import type { Commands } from "../../src/api/bindings.ts";
import { fieldMapping, fieldRemarks, fieldValues } from "./mapping/fields.ts";
import { hierarchy, sampleTree, typeRemarks } from "./mapping/hierarchy.ts";
import { integration } from "./mapping/integration.ts";
import type { Face } from "./mapping/schema.ts";

type Names =
  | "hierarchy"
  | "hierarchy_check"
  | "hierarchy_sample"
  | "hierarchy_save"
  | "field_mapping"
  | "field_mapping_check"
  | "field_mapping_save"
  | "field_values";

/** A handler for each command, as the engine would answer; a refusal is thrown in wire form. */
export type MappingCommands = {
  [C in Names]: (args: Commands[C]["args"]) => Commands[C]["result"];
};

const faceOf = (integrationId: number): Face => (integrationId % 2 === 0 ? "data-center" : "cloud");

export function mappingCommands(): MappingCommands {
  const types = new Map<number, Commands["hierarchy_save"]["args"]["pairs"]>();
  const fields = new Map<number, Commands["field_mapping_save"]["args"]["pairs"]>();
  return {
    hierarchy: ({ integration_id }) => hierarchy(faceOf(integration_id), types.get(integration_id)),
    hierarchy_check: ({ integration_id, pairs }) => typeRemarks(faceOf(integration_id), pairs),
    hierarchy_sample: ({ integration_id, pairs }) => sampleTree(faceOf(integration_id), pairs),
    hierarchy_save: ({ integration_id, pairs }) => {
      const refused = typeRemarks(faceOf(integration_id), pairs).find(
        (r) => r.severity === "refusal",
      );
      if (refused) throw { code: "mapping_refused", detail: { messages: refused.text } };
      types.set(integration_id, pairs);
      return integration(integration_id, true, fields.has(integration_id));
    },
    field_mapping: ({ integration_id }) =>
      fieldMapping(faceOf(integration_id), fields.get(integration_id)),
    field_mapping_check: ({ integration_id, pairs }) => fieldRemarks(faceOf(integration_id), pairs),
    field_mapping_save: ({ integration_id, pairs }) => {
      fields.set(integration_id, pairs);
      return integration(integration_id, types.has(integration_id), true);
    },
    field_values: ({ integration_id, field, remote_field }) =>
      fieldValues(faceOf(integration_id), field, remote_field),
  };
}

/** One set of handlers for the life of the page. */
export const commands: MappingCommands = mappingCommands();
