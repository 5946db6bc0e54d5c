import type { ItemDetail, ItemSync } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";

/**
 * The item in the panel. While another one is fetched the old one stays; holding an arrow key down
 * asks for the newest only, never for every row that was passed.
 */
export class OpenItem {
  /** The item that is asked for; undefined when the panel is closed. */
  id = $state<number>();
  /** What is known of it, or of the one before it until the answer is there. */
  detail = $state.raw<ItemDetail>();
  error = $state.raw<ApiError>();
  /** How far its edits have come, once that is known. */
  sync = $state.raw<ItemSync>();
  /** Why that is not known. */
  syncError = $state.raw<ApiError>();
  #running = false;
  #again = false;

  open(id: number): void {
    if (this.id === id) return;
    this.id = id;
    void this.load();
  }

  close(): void {
    this.id = undefined;
    this.detail = undefined;
    this.error = undefined;
    this.sync = undefined;
    this.syncError = undefined;
  }

  /** Shows what an edit made of it, unless another item is open by now. */
  renew(detail: ItemDetail): void {
    if (detail.id === this.id) this.detail = detail;
  }

  /** Fetches it anew. */
  async load(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        await this.#once();
      } while (this.#again);
    } finally {
      this.#running = false;
    }
  }

  async #once(): Promise<void> {
    const id = this.id;
    if (id === undefined) return;
    const asked = syncOf(id);
    try {
      const detail = await call("item", { id });
      if (id !== this.id) return;
      // What was known of the item before it does not stand beside this one's fields.
      if (this.detail?.id !== id) this.sync = undefined;
      this.detail = detail;
      this.error = undefined;
      const { sync, error } = await asked;
      if (id !== this.id) return;
      this.sync = sync;
      this.syncError = error;
    } catch (thrown) {
      if (id !== this.id) return;
      this.detail = undefined;
      this.error = ApiError.from(thrown);
    }
  }
}

/** An item can be read and edited while it is not known how far its edits have come. */
async function syncOf(id: number): Promise<{ sync?: ItemSync; error?: ApiError }> {
  try {
    return { sync: await call("item_sync", { id }) };
  } catch (thrown) {
    return { error: ApiError.from(thrown) };
  }
}
