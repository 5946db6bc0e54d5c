import { SvelteMap } from "svelte/reactivity";
import type { Area, Facets, ItemType, Level } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";

/** What the list is filtered by and drawn with: levels, types, statuses, product areas. */
export class Catalog {
  levels = $state.raw<readonly Level[]>([]);
  areas = $state.raw<readonly Area[]>([]);
  facets = $state.raw<Facets>();
  error = $state.raw<ApiError>();
  readonly #types = new SvelteMap<number, ItemType>();

  /** An item's type, once it is known. */
  type(id: number): ItemType | undefined {
    return this.#types.get(id);
  }

  get types(): readonly ItemType[] {
    return [...this.#types.values()];
  }

  /** Whether any item has a status. Jira's statuses are mapped in a later step, and until then none has. */
  get statusesUsed(): boolean {
    return this.facets?.statuses.some((status) => status.count > 0) ?? false;
  }

  area(id: number): Area | undefined {
    return this.areas.find((area) => area.id === id);
  }

  async load(): Promise<void> {
    try {
      const [levels, areas, facets] = await Promise.all([
        call("levels"),
        call("areas"),
        call("facets"),
      ]);
      this.levels = levels;
      this.areas = areas;
      this.facets = facets;
      for (const level of levels) for (const type of level.types) this.#types.set(type.id, type);
      this.error = undefined;
    } catch (thrown) {
      this.error = ApiError.from(thrown);
    }
  }

  async createArea(name: string, parent: number | null): Promise<Area> {
    const area = await call("area_create", { parent_id: parent, name });
    this.areas = [...this.areas.filter((one) => one.id !== area.id), area];
    return area;
  }

  async renameArea(id: number, name: string): Promise<void> {
    const area = await call("area_rename", { id, name });
    this.areas = this.areas.map((one) => (one.id === id ? area : one));
  }
}
