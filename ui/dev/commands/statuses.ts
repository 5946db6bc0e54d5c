/**
 * Step 8. In the address: `&statuses=none` (Jira names none), `refused` (a row that cannot be saved), `saved` (mapped
 * before, with one status gone from Jira), `one-way`.
 */
import type {
  RemoteStatus,
  Status,
  StatusCategory,
  StatusMapping,
  StatusPair,
  StatusPairsArgs,
  StatusProposal,
  StatusRemark,
} from "@/api/bindings.ts";
import { fail, type Handlers } from "../mock.ts";

type Saved = Omit<StatusPairsArgs, "integration_id">;

const saved = new Map<number, Saved>();
const mode = () => new URLSearchParams(location.search).get("statuses");

const status = (id: number, name: string, colour: string, category: StatusCategory): Status => ({
  id,
  name,
  colour,
  category,
});
const STATUSES: Status[] = [
  status(1, "Open", "slate", "open"),
  status(2, "In design", "violet", "in_progress"),
  status(3, "In development", "blue", "in_progress"),
  status(4, "In review", "cyan", "in_progress"),
  status(5, "Done", "green", "done"),
];

const remote = (
  id: string,
  name: string,
  category: StatusCategory | null,
  count: number,
): RemoteStatus => ({ id, name, category, count });
const REMOTES: RemoteStatus[] = [
  remote("10000", "To Do", "open", 1284),
  remote("10001", "Ready for development", "open", 96),
  remote("3", "In Progress", "in_progress", 312),
  remote("10003", "In Review", "in_progress", 48),
  remote("10004", "Blocked", "in_progress", 17),
  remote(
    "10009",
    "Warten auf Rückmeldung der Fachabteilung und des Lenkungsausschusses",
    "in_progress",
    3,
  ),
  remote("10010", "お客様確認中", "in_progress", 0),
  remote("10002", "Done", "done", 3011),
  remote("10005", "Won’t do", "done", 41),
];
const GONE = remote("10090", "Parked", null, 0);

const PROPOSED: [string, number, boolean, number, string][] = [
  ["10000", 1, true, 80, "Same category"],
  ["10001", 1, false, 80, "Same category"],
  ["3", 3, true, 75, "Same stage of work"],
  ["10003", 4, true, 100, "Same name"],
  ["10004", 3, false, 50, "Same category"],
  ["10009", 3, false, 50, "Same category"],
  ["10002", 5, true, 100, "Same name"],
  ["10005", 5, false, 80, "Same category"],
];

const pair = (remote_status: string, status: number, is_written: boolean): StatusPair => ({
  remote_status,
  status,
  is_written,
});

function statusMapping(integrationId: number): StatusMapping {
  const proposals = PROPOSED.map(
    ([id, status, is_written, confidence, reason]): StatusProposal => ({
      pair: pair(id, status, is_written),
      confidence,
      reason,
    }),
  );
  const before =
    mode() === "saved" || mode() === "one-way"
      ? {
          pairs: [...proposals.map((p) => p.pair), pair("10090", 2, true)],
          goes_back: mode() !== "one-way",
          winner: "remote" as const,
        }
      : undefined;
  const kept = saved.get(integrationId) ?? before;
  const told = kept ?? { pairs: proposals.map((p) => p.pair), goes_back: true, winner: "ask" };
  const isGone = told.pairs.some((p) => p.remote_status === GONE.id);
  return {
    remote_statuses: mode() === "none" ? [] : isGone ? [...REMOTES, GONE] : REMOTES,
    statuses: STATUSES,
    pairs: told.pairs,
    proposals,
    goes_back: told.goes_back,
    winner: told.winner,
    linked: 4812,
    saved: kept !== undefined,
    remarks: remarksOf(told),
  };
}

function remarksOf({ pairs, goes_back }: Saved): StatusRemark[] {
  const remarks: StatusRemark[] = [];
  const say = (
    remote_status: string | null,
    status: number | null,
    text: string,
    severity: StatusRemark["severity"] = "warning",
  ) => remarks.push({ remote_status, status, severity, text });
  if (mode() === "refused") say("10004", 3, "This workspace status is gone", "refusal");
  if (pairs.some((p) => p.remote_status === GONE.id))
    say(GONE.id, 2, "This status is gone from the project in Jira");
  if (pairs.length === 0)
    say(null, null, "No status is mapped, so statuses stay as they are on both sides");
  else
    for (const { id } of REMOTES)
      if (!pairs.some((p) => p.remote_status === id))
        say(id, null, "Not mapped: items whose issue stands here keep the status they have");
  if (goes_back && pairs.length > 0)
    for (const { id, name } of STATUSES)
      if (!pairs.some((p) => p.status === id))
        say(null, id, `No Jira status is mapped to ${name}, so choosing it here cannot reach Jira`);
  return remarks;
}

export const handlers: Handlers = {
  status_mapping: ({ integration_id }) => statusMapping(integration_id),
  status_mapping_check: (args) => remarksOf(args),
  status_mapping_save: ({ integration_id, ...told }, { world, changed }) => {
    const integration = world.integrations.find((one) => one.id === integration_id);
    if (!integration) throw fail("not_found", { what: "integration" });
    saved.set(integration_id, told);
    integration.statuses_mapped = told.pairs.length;
    changed("integrations", "sync");
    return integration;
  },
};
