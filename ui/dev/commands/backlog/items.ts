/** A made-up workspace that looks like a real company's: the same one for the same number of items. */
import type { Area, FieldOption, Level } from "@/api/bindings.ts";

export interface MockItem {
  readonly id: number;
  parent: number | null;
  readonly type: number;
  title: string;
  key: string | null;
  status: FieldOption;
  devStatus: string | null;
  importance: FieldOption | null;
  devAssignee: string | null;
  points: number | null;
  area: number;
}

export interface MockBacklog {
  readonly items: MockItem[];
  readonly byId: Map<number, MockItem>;
  readonly children: Map<number | null, number[]>;
  /** Items that were deleted here. */
  readonly gone: Set<number>;
  areas: Omit<Area, "items">[];
  /** Grows with every change, so that views know whether they are out of date. */
  version: number;
}

function type(id: number, singular: string, plural: string, icon: string, colour: string) {
  return { id, singular, plural, icon, colour };
}

export const LEVELS: readonly Level[] = [
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

export const STATUSES: readonly FieldOption[] = [
  { id: 1, name: "Open", colour: "slate" },
  { id: 2, name: "In design", colour: "violet" },
  { id: 3, name: "In development", colour: "blue" },
  { id: 4, name: "In review", colour: "cyan" },
  { id: 5, name: "Done", colour: "green" },
];

export const DEV_STATUSES = [
  "To Do",
  "In Progress",
  "Code Review",
  "In QA",
  "Waiting for release",
  "Done",
];

export const IMPORTANCE: readonly FieldOption[] = [
  { id: 11, name: "Blocker", colour: "red" },
  { id: 12, name: "High", colour: "amber" },
  { id: 13, name: "Medium", colour: null },
  { id: 14, name: "Low", colour: "slate" },
];

export const PEOPLE = [
  "Ana María Ruiz",
  "Tomasz Wiśniewski",
  "田中 太郎",
  "Priya Raghunathan",
  "Jonas Ødegård",
  "נועה לוי",
  "Chukwuemeka Okonkwo-Adeyemi",
  "Lena Fischer",
];

const AREAS: Omit<Area, "items">[] = [
  { id: 1, parent_id: null, name: "Product" },
  { id: 2, parent_id: 1, name: "Checkout" },
  { id: 3, parent_id: 2, name: "Cards and wallets" },
  { id: 4, parent_id: 2, name: "Invoices" },
  { id: 5, parent_id: 1, name: "Onboarding" },
  { id: 6, parent_id: 1, name: "Reporting and analytics for finance teams" },
  { id: 7, parent_id: null, name: "Platform" },
  { id: 8, parent_id: 7, name: "認証と権限" },
  { id: 9, parent_id: 7, name: "תשתיות" },
  { id: 10, parent_id: null, name: "Imported from Jira" },
];

const VERBS = [
  "Let customers",
  "Allow admins to",
  "Stop losing",
  "Speed up",
  "Rework",
  "Show",
  "Warn about",
  "Remember",
  "Export",
  "Retry",
];
const OBJECTS = [
  "saved payment methods",
  "the invoice archive",
  "failed direct debits",
  "single sign-on for partners",
  "the monthly close report",
  "refunds in another currency",
  "the address form on small screens",
  "webhook deliveries",
  "two-factor sign-in",
  "audit entries older than a year",
  "the price calculator",
];
const TAILS = [
  "",
  "",
  "",
  " for enterprise plans",
  " in the mobile app",
  " after a time-out",
  " without a page reload",
  " when the session expires",
];
const ODD = [
  "チェックアウトでの追加認証に対応する",
  "הוספת אימות דו־שלבי למסך התשלום",
  "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsgenehmigungsverfahren vereinfachen und dokumentieren, damit auch Außenstehende es in unter fünf Minuten verstehen",
  "تحسين سرعة تحميل صفحة الفواتير",
  "Fix <b>escaped</b> & “quoted” titles — emoji 🎉 included",
];

function random(seed: number): () => number {
  let at = seed;
  return () => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return at / 4294967296;
  };
}

export function makeBacklog(count: number): MockBacklog {
  const next = random(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const items: MockItem[] = [];
  const make = (parent: MockItem | null, typeId: number, area: number): MockItem => {
    const id = items.length + 1;
    const status = pick(STATUSES);
    const linked = next() > 0.08;
    const item: MockItem = {
      id,
      parent: parent?.id ?? null,
      type: typeId,
      title: id % 37 === 5 ? pick(ODD) : `${pick(VERBS)} ${pick(OBJECTS)}${pick(TAILS)}`,
      key: linked ? `PLAT-${100 + id}` : null,
      status,
      devStatus: linked ? pick(DEV_STATUSES) : null,
      importance: next() > 0.2 ? pick(IMPORTANCE) : null,
      devAssignee: next() > 0.3 ? pick(PEOPLE) : null,
      points: next() > 0.4 ? pick([1, 2, 3, 5, 8, 13, 0.5]) : null,
      area,
    };
    items.push(item);
    return item;
  };
  const full = () => items.length >= count;
  while (!full()) {
    const area = pick(AREAS).id;
    const initiative = make(null, 1, area);
    for (let e = 0; e < 4 && !full(); e += 1) {
      const epic = make(initiative, 2, next() > 0.3 ? area : pick(AREAS).id);
      for (let f = 0; f < 7 && !full(); f += 1) {
        const feature = make(epic, pick([3, 3, 3, 4, 4, 5, 6, 7]), epic.area);
        const stories = feature.type === 3 ? Math.floor(next() * 7) : 0;
        for (let s = 0; s < stories && !full(); s += 1) make(feature, 8, epic.area);
      }
    }
  }
  const children = new Map<number | null, number[]>();
  for (const item of items) {
    const siblings = children.get(item.parent);
    if (siblings) siblings.push(item.id);
    else children.set(item.parent, [item.id]);
  }
  return {
    items,
    byId: new Map(items.map((item) => [item.id, item])),
    children,
    gone: new Set(),
    areas: structuredClone(AREAS),
    version: 1,
  };
}
