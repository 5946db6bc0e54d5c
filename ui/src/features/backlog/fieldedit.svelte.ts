import type { EditValue, FieldChoices, FieldValue, RichSource } from "@/api/bindings.ts";
import type { ApiError } from "@/api/client.ts";

/** With what a field is edited. */
export type Editor =
  | "line"
  | "lines"
  | "rich"
  | "number"
  | "date"
  | "link"
  | "one"
  | "several"
  | "person"
  | "labels"
  | "check";

/** By the words for what a field's values are. */
const EDITORS: Readonly<Record<string, Editor>> = {
  Text: "line",
  "Long text": "lines",
  "Rich text": "rich",
  Number: "number",
  Date: "date",
  Link: "link",
  "Single select": "one",
  "Multi select": "several",
  Timeframe: "several",
  Person: "person",
  Labels: "labels",
  Checkbox: "check",
};

/** The editor of a kind of field; none for what is not edited here, or is of a newer engine. */
export function editorOf(kind: string): Editor | undefined {
  return Object.hasOwn(EDITORS, kind) ? EDITORS[kind] : undefined;
}

/** A field as it stands in an item. */
export interface Place {
  readonly item: number;
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly value: FieldValue;
}

/** A field that is being edited: what was typed, until it is kept or given up. */
export class FieldEdit {
  readonly place: Place;
  readonly editor: Editor;
  /** Lines, numbers, days, addresses; the source of a text with structure. */
  text = $state("");
  /** The choices, or the person. */
  ids = $state.raw<readonly number[]>([]);
  labels = $state.raw<readonly string[]>([]);
  yes = $state(false);
  /** The text field holds something that is no value yet, such as half a date. */
  unfinished = $state(false);
  saving = $state(false);
  /** Why it was not kept: what the engine said. */
  error = $state.raw<ApiError>();
  /** Why it was not kept: what can be said without asking. */
  fault = $state<string>();
  /** A text with structure as it was when the edit began; none until it is read. */
  began = $state.raw<RichSource>();
  /** Why it could not be read. */
  unread = $state.raw<ApiError>();
  /** What the item holds instead by now: somebody was quicker. */
  newer = $state.raw<RichSource>();
  /** The text that is overwritten knowingly. */
  #was = "";
  readonly #before: string;

  constructor(place: Place, editor: Editor, choices: FieldChoices | undefined) {
    this.place = place;
    this.editor = editor;
    const { value } = place;
    switch (value.type) {
      case "text":
        this.text = value.text;
        break;
      case "number":
        this.text = String(value.number);
        break;
      case "date":
        this.text = value.date;
        break;
      case "link":
        this.text = value.href;
        break;
      case "options":
        this.ids = value.options.map((option) => option.id);
        break;
      case "people":
        this.ids = peopleIds(value.names, choices);
        break;
      case "labels":
        this.labels = value.labels;
        break;
      case "bool":
        this.yes = value.yes;
        break;
      default:
    }
    this.#before = JSON.stringify(this.value);
  }

  /** Takes up the text with structure that is edited. */
  start(source: RichSource): void {
    this.began = source;
    this.unread = undefined;
    this.text = this.#was = source.source;
  }

  /** What somebody else wrote meanwhile has been seen, and goes. */
  overwrite(): void {
    if (this.newer) this.#was = this.newer.source;
    this.newer = undefined;
  }

  /** Whether it would change anything. */
  get changed(): boolean {
    if (this.editor === "rich") return this.began !== undefined && this.text !== this.began.source;
    return this.unfinished || JSON.stringify(this.value) !== this.#before;
  }

  /** What keeps it from being sent, in words. */
  get obstacle(): string | undefined {
    if (
      this.editor === "number" &&
      this.text.trim() !== "" &&
      !Number.isFinite(numberOf(this.text))
    )
      return "Write a number such as 3 or 3.5";
    if (this.editor === "date" && (this.unfinished || !/^(\d{4}-\d{2}-\d{2})?$/.test(this.text)))
      return "Write a whole day, such as 2026-01-31";
    return undefined;
  }

  /** What the field is to hold. */
  get value(): EditValue {
    const text = this.text;
    const [id] = this.ids;
    switch (this.editor) {
      case "line":
        return text.trim() === ""
          ? { type: "none" }
          : { type: "text", text: text.replace(/\s*\n\s*/g, " ").trimEnd() };
      case "rich":
        return {
          type: "rich",
          format: this.began?.format ?? "adf",
          source: text,
          was: this.#was,
        };
      case "lines":
        return text.trim() === "" ? { type: "none" } : { type: "text", text };
      case "number":
        return text.trim() === "" ? { type: "none" } : { type: "number", number: numberOf(text) };
      case "date":
        return text === "" ? { type: "none" } : { type: "date", date: text };
      case "link":
        return text.trim() === "" ? { type: "none" } : { type: "link", href: text.trim() };
      case "one":
      case "several":
        return id === undefined ? { type: "none" } : { type: "options", ids: [...this.ids] };
      case "person":
        return id === undefined ? { type: "none" } : { type: "person", id };
      case "labels":
        return this.labels.length === 0
          ? { type: "none" }
          : { type: "labels", labels: [...this.labels] };
      case "check":
        return { type: "bool", yes: this.yes };
    }
  }
}

function numberOf(text: string): number {
  return Number(text.trim());
}

/** A value names people; who they are is known where the name is one person's alone. */
function peopleIds(names: readonly string[], choices: FieldChoices | undefined): number[] {
  if (names.length !== 1) return [];
  const found = choices?.people.filter((person) => person.name === names[0]) ?? [];
  return found.length === 1 ? found.map((person) => person.id) : [];
}
