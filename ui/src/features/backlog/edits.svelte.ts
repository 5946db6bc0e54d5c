import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { FieldChoices, RichSource } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import type { Deeds } from "./deeds.svelte.ts";
import type { OpenItem } from "./detail.svelte.ts";
import { editorOf, FieldEdit, type Editor, type Place } from "./fieldedit.svelte.ts";

/**
 * The fields that are being edited. What was typed belongs to an item and a field, not to the panel:
 * it outlives that the item is read again, and that another one is looked at.
 */
export class Edits {
  /** Why it is not known which fields are edited here. */
  error = $state.raw<ApiError>();
  readonly #open = new SvelteMap<string, FieldEdit>();
  readonly #choices = new SvelteMap<string, FieldChoices>();
  readonly #asked = new SvelteSet<string>();
  readonly #item: OpenItem;
  readonly #deeds: Deeds;

  constructor(item: OpenItem, deeds: Deeds) {
    this.#item = item;
    this.#deeds = deeds;
  }

  /** Asks which of these fields are edited here, where that is not known. */
  async learn(keys: readonly string[]): Promise<void> {
    const unknown = keys.filter((key) => !this.#choices.has(key) && !this.#asked.has(key));
    await Promise.all(unknown.map((key) => this.#ask(key)));
  }

  /** What can be chosen for a field, as far as it is known. */
  choices(key: string): FieldChoices | undefined {
    return this.#choices.get(key);
  }

  /** With what a field is edited; none for one that is not edited here. */
  editor(key: string, kind: string): Editor | undefined {
    return this.#choices.get(key)?.editable ? editorOf(kind) : undefined;
  }

  /** The edit of a field, while there is one. */
  of(item: number, key: string): FieldEdit | undefined {
    return this.#open.get(name(item, key));
  }

  /** Begins to edit a field, or goes on with it. */
  begin(place: Place): FieldEdit | undefined {
    const going = this.of(place.item, place.key);
    if (going) return going;
    const editor = this.editor(place.key, place.kind);
    if (!editor) return undefined;
    const edit = new FieldEdit(place, editor, this.#choices.get(place.key));
    this.#open.set(name(place.item, place.key), edit);
    if (editor === "rich") void this.read(edit);
    // An import may have brought choices since they were asked for.
    if (editor === "one" || editor === "several" || editor === "person") void this.#ask(place.key);
    return edit;
  }

  /** Reads the text that is to be edited. */
  async read(edit: FieldEdit): Promise<void> {
    edit.unread = undefined;
    try {
      edit.start(await this.#source(edit));
    } catch (thrown) {
      edit.unread = ApiError.from(thrown);
    }
  }

  giveUp(edit: FieldEdit): void {
    if (!edit.saving) this.#forget(edit);
  }

  /** Keeps what was typed. Gives whether the field holds it now; if not, the edit says why. */
  async save(edit: FieldEdit): Promise<boolean> {
    const { place } = edit;
    if (edit.saving || this.of(place.item, place.key) !== edit) return false;
    if (!edit.changed) {
      this.#forget(edit);
      return true;
    }
    edit.error = undefined;
    edit.fault = edit.obstacle;
    if (edit.fault !== undefined) return false;
    edit.saving = true;
    try {
      const args = { item_id: place.item, field: place.key, value: edit.value };
      const { item, undo } = await call("item_edit", args);
      this.#forget(edit);
      this.#item.renew(item);
      if (undo !== null) this.#offer(place, undo);
      return true;
    } catch (thrown) {
      edit.error = ApiError.from(thrown);
      if (edit.editor === "rich" && edit.error.code === "edit_overtaken") await this.#meet(edit);
      if (this.#item.id !== place.item)
        this.#deeds.failed(`“${place.name}” of the other item was not saved`, edit.error);
      return false;
    } finally {
      edit.saving = false;
    }
  }

  #offer({ name }: Place, undo: number): void {
    this.#deeds.done(`Saved: ${name}`, {
      failure: `“${name}” could not be put back`,
      run: async () => {
        const { item } = await call("item_edit_undo", { id: undo });
        this.#item.renew(item);
        return { text: `${name} is as it was` };
      },
    });
  }

  /** Looks at what somebody wrote meanwhile. Where that fails, the refusal stands for itself. */
  async #meet(edit: FieldEdit): Promise<void> {
    try {
      edit.newer = await this.#source(edit);
    } catch (thrown) {
      edit.error = ApiError.from(thrown);
    }
  }

  #source({ place }: FieldEdit): Promise<RichSource> {
    return call("rich_source", { item_id: place.item, field: place.key });
  }

  #forget({ place }: FieldEdit): void {
    this.#open.delete(name(place.item, place.key));
  }

  async #ask(key: string): Promise<void> {
    this.#asked.add(key);
    try {
      this.#choices.set(key, await call("field_choices", { field: key }));
      this.error = undefined;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    } finally {
      this.#asked.delete(key);
    }
  }
}

function name(item: number, key: string): string {
  return `${String(item)} ${key}`;
}
