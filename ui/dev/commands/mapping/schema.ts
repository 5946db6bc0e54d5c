import type {
  Direction,
  Field,
  FieldChoice,
  Level,
  RemoteField,
  RemoteOption,
  RemoteType,
} from "@/api/bindings.ts";

export type Face = "cloud" | "data-center";

const type = (id: number, singular: string, plural: string, icon: string, colour: string) => ({
  id,
  singular,
  plural,
  icon,
  colour,
});

export const LEVELS: Level[] = [
  {
    id: 1,
    singular: "Initiative",
    plural: "Initiatives",
    types: [type(1, "Initiative", "Initiatives", "flag", "amber")],
  },
  { id: 2, singular: "Epic", plural: "Epics", types: [type(2, "Epic", "Epics", "zap", "violet")] },
  {
    id: 3,
    singular: "Feature",
    plural: "Features",
    types: [
      type(3, "Feature", "Features", "puzzle", "green"),
      type(4, "Bug", "Bugs", "bug", "red"),
      type(5, "Task", "Tasks", "square-check", "blue"),
      type(6, "Requirement", "Requirements", "file-check", "teal"),
      type(7, "Improvement", "Improvements", "trending-up", "cyan"),
    ],
  },
  {
    id: 4,
    singular: "Story",
    plural: "Stories",
    types: [type(8, "Story", "Stories", "bookmark", "slate")],
  },
];

const remote = (id: string, name: string, level: number): RemoteType => ({
  id,
  name,
  level,
  level_name:
    level === -1
      ? "Sub-task level"
      : level === 0
        ? "Standard level"
        : level === 1
          ? "Epic level"
          : `${String(level - 1)} ${level === 2 ? "level" : "levels"} above Epic`,
});

export const REMOTE_TYPES: Record<Face, RemoteType[]> = {
  cloud: [
    remote("10010", "Legend", 4),
    remote("10000", "Initiative", 2),
    remote("10001", "Epic", 1),
    remote("10002", "Story", 0),
    remote("10003", "Bug", 0),
    remote("10004", "Task", 0),
    remote("10005", "Spike", 0),
    remote("10006", "変更要求", 0),
    remote("10007", "Service request with approvals from two departments", 0),
    remote("10008", "Subtask", -1),
  ],
  "data-center": [
    remote("3", "Initiative", 2),
    remote("4", "Epos", 1),
    remote("7", "Story", 0),
    remote("1", "Fehler", 0),
    remote("2", "Aufgabe", 0),
    remote("9", "Verbesserung", 0),
    remote("5", "Unteraufgabe", -1),
    remote("12", "Technische Unteraufgabe", -1),
  ],
};

export const PROPOSED: Record<Face, [number, string, number, string][]> = {
  cloud: [
    [1, "10000", 100, "Same level, same name"],
    [2, "10001", 100, "Same level, same name"],
    [3, "10002", 72, "Same level"],
    [3, "10005", 60, "Same level"],
    [4, "10003", 100, "Same level, same name"],
    [5, "10004", 100, "Same level, same name"],
    [8, "10008", 70, "Same level"],
  ],
  "data-center": [
    [1, "3", 100, "Same level, same name"],
    [2, "4", 84, "Same level, similar name"],
    [3, "7", 72, "Same level"],
    [8, "5", 70, "Same level"],
  ],
};

/** Key, title, Jira type, index of the parent. */
export const ISSUES: Record<Face, [string, string, string, number | null][]> = {
  cloud: [
    ["PAY-4", "Pay in any currency", "10000", null],
    ["PAY-18", "Card vault that survives an acquirer outage", "10001", 0],
    ["PAY-131", "As a shopper I see the price in my own currency before I pay", "10002", 1],
    ["PAY-140", "Write the rounding rules down", "10008", 2],
    ["PAY-152", "為替レートの更新が遅れると二重請求になる", "10003", 1],
    ["PAY-160", "Which FX provider has an SLA?", "10005", 1],
    ["PAY-22", "Refunds without a phone call", "10001", 0],
    ["PAY-201", "Support agents refund partially", "10002", 6],
    ["PAY-219", "Rotate the signing key of the webhook", "10004", null],
    ["PAY-233", "استرداد جزئي لطلبات متعددة العملات", "10007", null],
  ],
  "data-center": [
    ["PLAT-2", "Rechenzentrum ohne Wartungsfenster", "3", null],
    ["PLAT-9", "Rollierende Aktualisierung aller Knoten", "4", 0],
    ["PLAT-31", "Knoten werden vor dem Neustart entleert", "7", 1],
    ["PLAT-40", "Zeitlimit beim Entleeren einstellbar machen", "5", 2],
    ["PLAT-44", "Neustart bleibt bei großer Last hängen", "1", 1],
    ["PLAT-51", "Grafana-Tafeln umziehen", "2", null],
  ],
};

const options = (...names: string[]): RemoteOption[] =>
  names.map((name, i) => ({ id: String(10100 + i), name }));

type Spec = [
  id: string,
  name: string,
  kind: string,
  sample: string | null,
  more?: Partial<RemoteField>,
];

const SYSTEM: Spec[] = [
  ["summary", "Summary", "Text", "As a shopper I see the price in my own currency"],
  [
    "description",
    "Description",
    "Formatted text",
    "When the rate changes between basket and payment …",
  ],
  [
    "priority",
    "Priority",
    "Single select",
    "High",
    { options: options("Highest", "High", "Medium", "Low", "Lowest") },
  ],
  ["assignee", "Assignee", "Person", "Noor El-Sayed"],
  ["reporter", "Reporter", "Person", "Jonas Weiß"],
  ["labels", "Labels", "Labels", "fx, checkout"],
  [
    "components",
    "Components",
    "Multi select",
    "Checkout",
    { options: options("Checkout", "Ledger", "Risk", "Card vault") },
  ],
  ["fixVersions", "Fix versions", "Versions", "2027.1", { options: options("2026.4", "2027.1") }],
  ["duedate", "Due date", "Date", "2027-02-28"],
  ["created", "Created", "Date and time", "2026-10-02 09:14"],
  ["timeoriginalestimate", "Original estimate", "Number", "28800"],
  ["status", "Status", "Status", "In Progress", { on_create: false }],
  ["parent", "Parent", "Issue", "PAY-18"],
  ["issuelinks", "Linked issues", "Links between issues", "blocks PAY-140"],
  ["attachment", "Attachment", "Attachments", null],
];

const CUSTOM: Spec[] = [
  ["10020", "Sprint", "Sprint", "PAY Sprint 31", { on_create: false }],
  ["10016", "Story point estimate", "Number", "5"],
  ["10015", "Start date", "Date", "2027-01-12"],
  ["10001", "Team", "Team", "Ledger crew"],
  ["10030", "Severity", "Single select", "S2", { options: options("S1", "S2", "S3", "S4") }],
  ["10031", "Customer value", "Number", "80"],
  [
    "10032",
    "T-shirt size",
    "Single select",
    "M",
    { options: options("XS", "S", "M", "L", "XL", "Unknown") },
  ],
  [
    "10033",
    "Affected regions and legal entities (for the quarterly regulatory report)",
    "Multi select",
    "EMEA, APAC",
    { options: options("EMEA", "APAC", "AMER") },
  ],
  ["10034", "お客様の声", "Text", "返金が遅い"],
  ["10035", "Security review done", "Multi select", "Yes", { options: options("Yes") }],
  ["10036", "Design link", "Web address", "https://design.example/pay/131"],
  [
    "10037",
    "Target quarter",
    "Single select",
    "Q1 2027",
    { options: options("Q4 2026", "Q1 2027", "Q2 2027") },
  ],
  ["10038", "Reviewers", "People", "Noor El-Sayed, Ana Sousa"],
  [
    "10039",
    "Objective",
    "Single select",
    "Win the euro zone",
    { options: options("Win the euro zone", "Halve refunds") },
  ],
  ["10040", "Root cause", "Long text", null],
  ["10041", "Development", "Not readable by programs", null, { on_create: false }],
  ["10042", "Rank", "Not readable by programs", "0|i000xb:", { on_create: false }],
];

/** Jira's fields: the system's, the known custom ones, and more until there are sixty. */
export function remoteFields(face: Face): RemoteField[] {
  const make =
    (custom: boolean) =>
    ([id, name, kind, sample, more]: Spec): RemoteField => ({
      id: custom ? `customfield_${id}` : id,
      name,
      kind,
      custom,
      on_create: face === "cloud" ? true : null,
      options: [],
      sample,
      ...more,
    });
  const known = [...SYSTEM.map(make(false)), ...CUSTOM.map(make(true))];
  const kinds = ["Text", "Number", "Date", "Single select", "Person", "Labels"];
  const filler = Array.from({ length: 60 - known.length }, (_, i) =>
    make(true)([
      String(10100 + i),
      `${["Region", "Budget", "Go-live", "Risk", "Sponsor", "Keywords"][i % 6] ?? ""} ${String(Math.floor(i / 6) + 1)}`,
      kinds[i % 6] ?? "Text",
      null,
    ]),
  );
  return [...known, ...filler];
}

type FieldSpec = [
  key: string,
  name: string,
  kind: string,
  sample?: string | null,
  choices?: string[],
];

const FIELDS: FieldSpec[] = [
  ["title", "Title", "Text", "Pay in any currency"],
  ["description", "Description", "Formatted text"],
  ["importance", "Importance", "Single select", "High", ["Blocker", "High", "Medium", "Low"]],
  ["dev_assignee", "Dev assignee", "Person"],
  ["sprint", "Sprint", "Single select", null, []],
  ["components", "Components", "Multi select", null, ["Checkout", "Ledger"]],
  ["story_points", "Story points", "Number"],
  ["estimated_hours", "Estimated hours", "Number"],
  ["quarter", "Quarter / release", "Timeframe", "Q1 2027", ["Q4 2026", "Q1 2027"]],
  ["team", "Team", "Single select", null, []],
  ["objective", "Objective", "Single select", null, ["Win the euro zone"]],
  ["value", "Value", "Number", "60"],
  ["effort", "Effort", "Single select", null, ["S", "M", "L", "XL"]],
  ["labels", "Labels", "Labels"],
  ["start_date", "Start date", "Date"],
  ["target_date", "Target date", "Date", "2027-03-01"],
  ["kano", "Kano", "Single select", null, ["Basic", "Performer", "Exciter"]],
  ["custom:1", "RICE score", "Formula", "42.5"],
  ["custom:2", "Figma file", "Link"],
  ["custom:3", "Security reviewed", "Checkbox"],
  ["custom:4", "Customer voice (顧客の声)", "Text"],
  ["custom:5", "Regions", "Multi select", "EMEA", ["EMEA", "APAC"]],
  ["custom:6", "Reporting line of the sponsor who signs the quarterly budget", "Person"],
  ["persona", "Persona", "Multi select", null, ["Shopper", "Merchant"]],
];

/** Which kinds of Jira fields a kind of ours takes as they are, and which with a note. */
const FIT: Record<string, { same: string[]; note?: Record<string, string> }> = {
  Text: {
    same: ["Text"],
    note: { "Long text": "Written out as text; loses line breaks from Jira" },
  },
  "Formatted text": {
    same: ["Formatted text"],
    note: { "Long text": "Plain and formatted text; loses formatting to Jira" },
  },
  Number: { same: ["Number"] },
  Formula: { same: [], note: { Number: "Written to Jira only; a formula is never changed" } },
  Date: {
    same: ["Date"],
    note: { "Date and time": "The day of the moment; loses the time of day from Jira" },
  },
  Person: {
    same: ["Person"],
    note: { People: "The one that counts of several; loses all people but one from Jira" },
  },
  "Single select": {
    same: ["Single select", "Team"],
    note: {
      Sprint: "The one that counts of several; loses earlier sprints from Jira",
      Labels: "Labels as choices; loses blanks within a word to Jira",
    },
  },
  "Multi select": {
    same: ["Multi select"],
    note: { "Single select": "One in Jira, a list here; loses all choices but one to Jira" },
  },
  Timeframe: {
    same: [],
    note: {
      Versions: "Choices in Jira, timeframes here; loses first and last day to Jira",
      "Single select": "Choices in Jira, timeframes here; loses first and last day to Jira",
    },
  },
  Link: {
    same: ["Web address"],
    note: { Text: "Text that is a web address; loses text that is no address from Jira" },
  },
  Checkbox: { same: [], note: { "Multi select": "Ticked if chosen" } },
  Labels: { same: ["Labels"], note: { "Multi select": "Names as labels" } },
};

const ALL: Direction[] = ["both", "from_remote", "to_remote", "set_once"];

/** What is to say about a Jira field for one of ours; nothing if it fits as it is. */
function choiceOf(kind: string, remote: RemoteField): FieldChoice | undefined {
  const fit = FIT[kind];
  const remote_field = remote.id;
  const seconds = remote.id === "timeoriginalestimate" && kind === "Number";
  const note = seconds ? "Seconds in Jira, hours here" : fit?.note?.[remote.kind];
  if (note !== undefined) {
    let directions = ALL;
    if (kind === "Formula") directions = ["to_remote", "set_once"];
    else if (note.startsWith("The ")) directions = ["from_remote", "set_once"];
    return { remote_field, refusal: null, note, directions };
  }
  if (fit?.same.includes(remote.kind)) return undefined;
  const apart: Record<string, string> = {
    "Not readable by programs": "A kind of field that is left alone",
    Status: "Statuses have a step of their own",
    Issue: "Makes the tree; always kept in step",
  };
  const refusal =
    apart[remote.kind] ?? `Holds ${remote.kind.toLowerCase()}, not ${kind.toLowerCase()}`;
  return { remote_field, refusal, note: null, directions: [] };
}

/** The workspace's fields, each with what it cannot take and why. */
export function workspaceFields(face: Face): Field[] {
  const remotes = remoteFields(face);
  const colours = ["red", "amber", "blue", "slate"];
  return FIELDS.map(([key, name, kind, sample = null, names = []], at) => ({
    key,
    name,
    kind,
    sample,
    options: names.map((option, i) => ({
      id: at * 100 + i,
      name: option,
      colour: colours[i % colours.length] ?? null,
    })),
    choices: remotes.flatMap((remote) => choiceOf(kind, remote) ?? []),
  }));
}
