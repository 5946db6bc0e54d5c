/** One item with every kind of value that the contract knows, some of them empty. */
import type { Block, FieldValue, Inline, ItemDetail, ItemField, ItemRef } from "@/api/bindings.ts";
import { optionsOf } from "./edits.ts";
import type { MockBacklog, MockItem } from "./items.ts";

const plain = { bold: false, italic: false, underline: false, strike: false, code: false };
const text = (words: string, marks: Partial<typeof plain> = {}): Inline => ({
  type: "text",
  text: words,
  ...plain,
  ...marks,
});
const paragraph = (...content: Inline[]): Block => ({ type: "paragraph", content });

const DESCRIPTION: Block[] = [
  { type: "heading", level: 2, content: [text("Why")] },
  paragraph(
    text("Customers give up at the last step. "),
    text("One in nine", { bold: true }),
    text(" baskets above 200 € is lost here; see "),
    { type: "link", href: "https://wiki.example/checkout", content: [text("the funnel")] },
    text(" and ask "),
    { type: "mention", text: "@Lena Fischer" },
    text("."),
  ),
  {
    type: "panel",
    kind: "warning",
    title: null,
    content: [paragraph(text("Not before the new terms are live."))],
  },
  { type: "heading", level: 2, content: [text("What")] },
  {
    type: "bullet_list",
    items: [
      [paragraph(text("The form keeps what was typed after "), text("HTTP 504", { code: true }))],
      [paragraph(text("A second attempt charges once"))],
    ],
  },
  {
    type: "task_list",
    items: [
      { done: true, content: [text("Agree on the copy")] },
      { done: false, content: [text("Translate into 14 languages")] },
    ],
  },
  {
    type: "table",
    rows: [
      ["Market", "Share", "Since"].map((word) => ({
        header: true,
        colspan: 1,
        rowspan: 1,
        content: [paragraph(text(word))],
      })),
      ["Deutschland", "41 %", "2019"].map((word) => ({
        header: false,
        colspan: 1,
        rowspan: 1,
        content: [paragraph(text(word))],
      })),
      ["日本", "8 %", "2024"].map((word) => ({
        header: false,
        colspan: 1,
        rowspan: 1,
        content: [paragraph(text(word))],
      })),
    ],
  },
  { type: "code_block", language: "json", text: '{\n  "idempotency_key": "b1946ac9"\n}' },
  { type: "media", name: "mock-up-final-2.png" },
];

export function refOf(item: MockItem): ItemRef {
  return {
    id: item.id,
    title: item.title,
    item_type: item.type,
    key: item.key,
    status: item.status,
  };
}

export function detailOf(backlog: MockBacklog, item: MockItem): ItemDetail {
  const ancestors: ItemRef[] = [];
  for (let at = item.parent; at !== null;) {
    const parent = backlog.byId.get(at);
    if (!parent) break;
    ancestors.unshift(refOf(parent));
    at = parent.parent;
  }
  const children = backlog.children.get(item.id) ?? [];
  const other = backlog.items[(item.id * 7) % backlog.items.length];
  const field = (
    key: string,
    name: string,
    kind: string,
    value: FieldValue,
    mapped: string | null = null,
  ): ItemField => ({
    key,
    name,
    kind,
    value,
    mapped_to: mapped,
  });
  const none: FieldValue = { type: "none" };
  const options = (key: string, ...ids: number[]): FieldValue => ({
    type: "options",
    options: optionsOf(key).filter((one) => ids.includes(one.id)),
  });
  return {
    id: item.id,
    title: item.title,
    item_type: item.type,
    area_id: item.area,
    ancestors,
    children: children.slice(0, 100).flatMap((id) => {
      const child = backlog.byId.get(id);
      return child ? [refOf(child)] : [];
    }),
    children_total: children.length,
    link: item.key
      ? {
          key: item.key,
          url: `https://acme.atlassian.net/browse/${item.key}`,
          integration_id: 1,
          integration_name: "Platform",
          updated_at: "2026-11-22T10:04:00Z",
        }
      : null,
    created_at: "2026-11-20T09:12:00Z",
    fields: [
      field(
        "description",
        "Description",
        "Rich text",
        item.id % 4 === 3 ? none : { type: "rich_text", blocks: DESCRIPTION },
        "Description",
      ),
      field(
        "importance",
        "Importance",
        "Single select",
        item.importance ? { type: "options", options: [item.importance] } : none,
        "Priority",
      ),
      field(
        "status",
        "Status",
        "Single select",
        { type: "options", options: [item.status] },
        "Status",
      ),
      field(
        "dev_status",
        "Dev Status",
        "Text",
        item.devStatus ? { type: "text", text: item.devStatus } : none,
      ),
      field("assignee", "Assignee", "Person", none),
      field(
        "dev_assignee",
        "Dev assignee",
        "Person",
        item.devAssignee ? { type: "people", names: [item.devAssignee] } : none,
        "Assignee",
      ),
      field("value", "Value", "Number", none),
      field("effort", "Effort", "Number", { type: "number", number: 3.5 }),
      field(
        "story_points",
        "Story points",
        "Number",
        item.points === null ? none : { type: "number", number: item.points },
        "Story Points",
      ),
      field("estimated_hours", "Estimated hours", "Number", none),
      field("kano", "Kano", "Single select", none),
      field(
        "labels",
        "Labels",
        "Labels",
        { type: "labels", labels: ["checkout", "q1-commitment", "needs-copy", "国際化"] },
        "Labels",
      ),
      field("start_date", "Start date", "Date", { type: "date", date: "2026-12-01" }, "Start date"),
      field("target_date", "Target date", "Date", none, "Due date"),
      field("sprint", "Sprint", "Single select", options("sprint", 42), "Sprint"),
      field("release", "Release", "Multi select", options("release", 51, 52), "Fix versions"),
      field(
        "components",
        "Components",
        "Multi select",
        options("components", 61, 62, 63),
        "Components",
      ),
      field("team", "Team", "Single select", none),
      field("objective", "Objective", "Single select", none),
      field("key_result", "Key result", "Single select", none),
      field("persona", "Persona", "Single select", none),
      field(
        "dependencies",
        "Dependencies",
        "Dependencies",
        other
          ? { type: "references", references: [{ item: refOf(other), relation: "is blocked by" }] }
          : none,
        "Issue links",
      ),
      field("custom:1", "Legal approval", "Checkbox", { type: "bool", yes: item.id % 2 === 0 }),
      field(
        "custom:2",
        "Design",
        "Link",
        {
          type: "link",
          href: "https://figma.example/file/8f2a9c/checkout-redesign-with-a-rather-long-name?node-id=12%3A4471",
        },
        "Design URL",
      ),
      field("custom:3", "Watchers", "Person", {
        type: "people",
        names: ["田中 太郎", "נועה לוי", "Chukwuemeka Okonkwo-Adeyemi"],
      }),
      field(
        "custom:4",
        "Acceptance notes",
        "Long text",
        {
          type: "text",
          text: "Given a saved card,\nwhen the bank asks again,\nthen nothing typed is lost.",
        },
        "Acceptance criteria",
      ),
    ],
  };
}
