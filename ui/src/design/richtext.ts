/**
 * Rich text as the engine sends it: already reduced to what a reader sees. Written here by its shape
 * so that design knows no feature; gallery/richtext.test.ts holds it to the generated bindings.
 */
export type Block =
  | { readonly type: "heading"; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: "paragraph"; readonly content: readonly Inline[] }
  | { readonly type: "bullet_list"; readonly items: readonly (readonly Block[])[] }
  | {
      readonly type: "ordered_list";
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly type: "task_list"; readonly items: readonly Task[] }
  | { readonly type: "code_block"; readonly language: string | null; readonly text: string }
  | { readonly type: "quote"; readonly content: readonly Block[] }
  | {
      readonly type: "panel";
      readonly kind: string;
      readonly title: string | null;
      readonly content: readonly Block[];
    }
  | { readonly type: "table"; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: "rule" }
  | { readonly type: "expand"; readonly title: string; readonly content: readonly Block[] }
  | { readonly type: "media"; readonly name: string }
  | { readonly type: "unknown"; readonly name: string; readonly text: string };

export type Inline =
  | {
      readonly type: "text";
      readonly text: string;
      readonly bold: boolean;
      readonly italic: boolean;
      readonly underline: boolean;
      readonly strike: boolean;
      readonly code: boolean;
    }
  | { readonly type: "link"; readonly href: string; readonly content: readonly Inline[] }
  | { readonly type: "mention"; readonly text: string }
  | { readonly type: "emoji"; readonly text: string }
  | { readonly type: "date"; readonly date: string }
  | { readonly type: "status"; readonly text: string; readonly colour: string }
  | { readonly type: "inline_card"; readonly href: string }
  | { readonly type: "hard_break" }
  | { readonly type: "image"; readonly name: string }
  | { readonly type: "unknown"; readonly name: string; readonly text: string };

export interface Task {
  readonly done: boolean;
  readonly content: readonly Inline[];
}

export interface Cell {
  readonly header: boolean;
  readonly colspan: number;
  readonly rowspan: number;
  readonly content: readonly Block[];
}

/** An address that may be a link: http, https or mailto. Anything else is shown as text only. */
export function safeHref(href: string): string | undefined {
  try {
    const { protocol } = new URL(href);
    return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** The state whose colours a Jira status colour or panel kind gets. */
export function toneOf(word: string): "connected" | "agreed" | "waiting" | "broken" | "neutral" {
  switch (word) {
    case "blue":
    case "info":
      return "connected";
    case "green":
    case "success":
      return "agreed";
    case "yellow":
    case "warning":
    case "note":
      return "waiting";
    case "red":
    case "error":
      return "broken";
    default:
      return "neutral";
  }
}
