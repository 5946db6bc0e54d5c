/** What changed, in the made-up workspace. `&fail=activity` refuses it. */
import type { ActivityChange, FieldValue } from "@/api/bindings.ts";
import { fail, type Context, type Handlers } from "../mock.ts";
import { stateOf } from "./backlog.ts";

const failing = new Set((new URLSearchParams(location.search).get("fail") ?? "").split(","));
const text = (words: string): FieldValue => ({ type: "text", text: words });

/** Some hundreds of changes, the same ones each time. */
function made(context: Context): ActivityChange[] {
  const kept = context.world.more.get("activity") as ActivityChange[] | undefined;
  if (kept) return kept;
  const items = stateOf(context).backlog.items.filter((item) => item.key !== null);
  const now = Date.now();
  const changes = items.slice(0, 240).map((item, i): ActivityChange => {
    const origin = (["jira", "here", "sent", "jira"] as const)[i % 4] ?? "jira";
    const run = origin === "jira" ? Math.floor(i / 16) + 1 : null;
    const [field, before, after] = (
      [
        ["Story points", { type: "number", number: 3 }, { type: "number", number: 5 }],
        ["Title", text(`${item.title} (draft)`), text(item.title)],
        ["Importance", text("Medium"), text("High")],
        ["Target date", { type: "none" }, { type: "date", date: "2026-12-18" }],
        [
          "Acceptance notes",
          text("Given a card, when it expires, then the customer is told."),
          text(
            "Given a card or a wallet, when either expires, then the customer is told a month before that.",
          ),
        ],
      ] as const satisfies readonly (readonly [string, FieldValue, FieldValue])[]
    )[i % 5] ?? ["Title", text(""), text(item.title)];
    const created = i % 17 === 16;
    return {
      id: 1000 - i,
      at: new Date(now - i * 7 * 60_000 - 40_000).toISOString(),
      item_id: item.id,
      title: i % 29 === 28 ? null : item.title,
      key: item.key,
      origin,
      cause: origin === "here" ? "edit" : "sync",
      run_id: run,
      kind: created ? "created" : "field",
      field: created ? null : field,
      before: created ? { type: "none" } : before,
      after: created ? { type: "none" } : after,
      undoable: !created && i % 29 !== 28,
    };
  });
  context.world.more.set("activity", changes);
  return changes;
}

export const handlers: Handlers = {
  activity: ({ origin, search, before, item_id, limit }, context) => {
    if (failing.has("activity")) throw fail("database_corrupt");
    if (context.world.scene === "empty") return { changes: [], next: null };
    const words = (search ?? "").toLowerCase();
    const found = made(context).filter(
      (change) =>
        (origin === null || change.origin === origin) &&
        (item_id === null || change.item_id === item_id) &&
        (words === "" ||
          `${change.title ?? ""} ${change.key ?? ""}`.toLowerCase().includes(words)) &&
        (before === null || change.id < before),
    );
    const changes = found.slice(0, limit);
    return { changes, next: found.length > limit ? (changes.at(-1)?.id ?? null) : null };
  },

  sync_undo: ({ run_id }, context) => ({
    undone: made(context).filter((change) => change.run_id === run_id).length,
    kept: 1,
  }),
};
