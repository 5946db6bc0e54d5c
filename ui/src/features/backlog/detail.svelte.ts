import type { ItemDetail } from "@/api/bindings.ts";
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
    try {
      const detail = await call("item", { id });
      if (id !== this.id) return;
      this.detail = detail;
      this.error = undefined;
    } catch (thrown) {
      if (id !== this.id) return;
      this.detail = undefined;
      this.error = ApiError.from(thrown);
    }
  }
}
