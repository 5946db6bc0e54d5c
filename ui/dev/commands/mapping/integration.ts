import type { Integration } from "../../../src/api/bindings.ts";

/** The integration that a save gives back. */
export function integration(id: number, hierarchy: boolean, fields: boolean): Integration {
  const cloud = id % 2 === 1;
  return {
    id,
    connection_id: 1,
    connection_name: cloud ? "Acme Cloud" : "Acme on-premise",
    kind: cloud ? "cloud" : "data_center",
    name: cloud ? "Payments" : "Plattform & Infrastruktur",
    project_key: cloud ? "PAY" : "PLAT",
    project_name: cloud ? "Payments" : "Plattform & Infrastruktur",
    board_id: "12",
    board_name: "Delivery",
    jql: `project = ${cloud ? "PAY" : "PLAT"}`,
    include_closed: false,
    hierarchy_saved: hierarchy,
    fields_saved: fields,
  } as Integration;
}
