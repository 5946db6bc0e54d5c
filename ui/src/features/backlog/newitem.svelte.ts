import type { ItemDetail } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import type { Option } from "@/design/option.ts";
import type { Catalog } from "./catalog.svelte.ts";
import type { Deeds } from "./deeds.svelte.ts";
import { iconOf } from "./looks.ts";
import { depthOf, findParents, parentOption } from "./parents.ts";

/** An item that is about to be made. */
export class NewItem {
  open = $state(false);
  title = $state("");
  type = $state<number | null>(null);
  parent = $state<number | null>(null);
  /** The parent as it is shown, where the list of choices does not have it. */
  parentShown = $state.raw<Option<number>>();
  area = $state<number | null>(null);
  saving = $state(false);
  missed = $state(false);
  error = $state.raw<ApiError>();
  readonly #catalog: Catalog;
  readonly #deeds: Deeds;

  constructor(catalog: Catalog, deeds: Deeds) {
    this.#catalog = catalog;
    this.#deeds = deeds;
  }

  /** Begins, beside or below the item under the cursor: what one makes there is mostly what comes next. */
  async begin(beside: number | undefined, area: number | null): Promise<void> {
    this.title = "";
    this.missed = false;
    this.error = undefined;
    this.area = area;
    this.parent = null;
    this.parentShown = undefined;
    this.type ??= this.#catalog.types[0]?.id ?? null;
    this.open = true;
    if (beside === undefined) return;
    try {
      const item = await call("item", { id: beside });
      if (this.open && this.title === "") this.#beside(item);
    } catch {
      // Without it nothing is filled in.
    }
  }

  /** The types that may stand below the chosen parent, and all others with the reason. */
  get types(): readonly Option<number>[] {
    return this.#catalog.levels.flatMap((level) =>
      level.types.map((type) => ({
        value: type.id,
        label: type.singular,
        icon: iconOf(type.icon),
        kind: level.plural,
      })),
    );
  }

  get areas(): readonly Option<number>[] {
    return this.#catalog.areas.map(({ id, name }) => ({ value: id, label: name }));
  }

  /** Items on a higher level than the chosen type whose title or key has the words. */
  async findParents(words: string): Promise<readonly Option<number>[]> {
    return this.type === null ? [] : findParents(this.#catalog, this.type, words);
  }

  /** Another type: a parent that stands no higher is let go. */
  chosen(type: number): void {
    this.type = type;
    const parent = this.parentShown;
    if (parent && !this.#isAbove(Number(parent.keywords))) {
      this.parent = null;
      this.parentShown = undefined;
    }
  }

  /** Makes it. Gives its number. */
  async make(): Promise<number | undefined> {
    const { title, type } = this;
    this.missed = title.trim() === "";
    if (this.missed || type === null || this.saving) return undefined;
    this.saving = true;
    this.error = undefined;
    try {
      const item = await call("item_create", {
        title,
        item_type: type,
        parent_id: this.parent,
        area_id: this.parent === null ? this.area : null,
      });
      this.open = false;
      this.#offer(item);
      return item.id;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
      return undefined;
    } finally {
      this.saving = false;
    }
  }

  #offer({ id, title }: ItemDetail): void {
    this.#deeds.done(`Made “${title}”`, {
      failure: `“${title}” could not be taken back`,
      run: async () => {
        await call("item_create_undo", { id });
        return { text: `“${title}” is gone again` };
      },
    });
  }

  #beside(item: ItemDetail): void {
    const above = [
      ...item.ancestors,
      { id: item.id, title: item.title, item_type: item.item_type, key: item.link?.key ?? null },
    ];
    const own = depthOf(this.#catalog, item.item_type);
    const below = this.#catalog.levels[own + 1]?.types[0];
    // Below it if there is a level below, else beside it.
    this.type = below?.id ?? item.item_type;
    this.area = item.area_id;
    const parent = above.findLast((one) => this.#isAbove(one.item_type));
    if (!parent) return;
    this.parent = parent.id;
    const { id, title, item_type, key } = parent;
    this.parentShown = parentOption(this.#catalog, id, title, item_type, key);
  }

  #isAbove(type: number): boolean {
    return this.type !== null && depthOf(this.#catalog, type) < depthOf(this.#catalog, this.type);
  }
}
