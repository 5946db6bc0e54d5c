import type { Block, FieldValue, Inline } from "@/api/bindings.ts";
import { formatDay, formatNumber } from "@/design/format.ts";

/** A value as text; nothing is the empty text. */
export function inWords(value: FieldValue): string {
  switch (value.type) {
    case "none":
      return "";
    case "text":
      return value.text;
    case "rich_text":
      return value.blocks.map(blockText).filter(Boolean).join("\n");
    case "number":
      return formatNumber(value.number, 4);
    case "date":
      return formatDay(value.date);
    case "options":
      return value.options.map((option) => option.name).join(", ");
    case "people":
      return value.names.join(", ");
    case "labels":
      return value.labels.join(", ");
    case "references":
      return value.references.map(({ relation, item }) => `${relation} ${item.title}`).join("\n");
    case "bool":
      return value.yes ? "Yes" : "No";
    case "link":
      return value.href;
  }
}

/** Whether two values are compared word by word rather than as a whole. */
export function hasWords(value: FieldValue): boolean {
  return value.type === "text" || value.type === "rich_text" || value.type === "labels";
}

function blockText(block: Block): string {
  switch (block.type) {
    case "heading":
    case "paragraph":
      return inlineText(block.content);
    case "bullet_list":
    case "ordered_list":
      return block.items.map((item) => `• ${item.map(blockText).join("\n")}`).join("\n");
    case "task_list":
      return block.items
        .map(({ done, content }) => `${done ? "☑" : "☐"} ${inlineText(content)}`)
        .join("\n");
    case "code_block":
      return block.text;
    case "quote":
      return block.content.map(blockText).join("\n");
    case "panel":
    case "expand":
      return [block.title ?? "", ...block.content.map(blockText)].filter(Boolean).join("\n");
    case "table":
      return block.rows
        .map((row) => row.map((cell) => cell.content.map(blockText).join(" ")).join(" | "))
        .join("\n");
    case "rule":
      return "";
    case "media":
      return block.name;
    case "unknown":
      return block.text;
  }
}

function inlineText(content: readonly Inline[]): string {
  return content
    .map((part) => {
      switch (part.type) {
        case "link":
          return inlineText(part.content);
        case "date":
          return formatDay(part.date);
        case "hard_break":
          return "\n";
        case "image":
          return part.name;
        default:
          return part.text;
      }
    })
    .join("");
}
