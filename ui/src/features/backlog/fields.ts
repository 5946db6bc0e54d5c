/** How a field of an item is shown. */
import type { FieldValue, ItemField } from "@/api/bindings.ts";

/** Text longer than this reads better over the whole width. */
const SHORT_MAX = 60;

/** The word for fields that hold text with structure. */
export const RICH = "Rich text";

/** Whether there is nothing to show. */
export function isEmpty(value: FieldValue): boolean {
  switch (value.type) {
    case "none":
      return true;
    case "text":
      return value.text.trim() === "";
    case "rich_text":
      return value.blocks.length === 0;
    case "options":
      return value.options.length === 0;
    case "people":
      return value.names.length === 0;
    case "labels":
      return value.labels.length === 0;
    case "references":
      return value.references.length === 0;
    default:
      return false;
  }
}

/** Whether it is shown over the whole width. */
export function isLong({ value, kind }: ItemField): boolean {
  if (value.type === "rich_text" || kind === RICH) return true;
  return value.type === "text" && (value.text.length > SHORT_MAX || value.text.includes("\n"));
}
