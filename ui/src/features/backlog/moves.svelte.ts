import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";

/** How long a move offers to be taken back. The shortcut works for longer. */
export const OFFER_MS = 10_000;
/** How many moves can be taken back, newest first. */
const UNDOS_MAX = 20;

/** A quiet word about what was just done. */
export interface Notice {
  readonly text: string;
  /** Whether taking it back is offered. */
  readonly undo: boolean;
  readonly error?: ApiError;
}

/** Moves items between product areas and takes it back. */
export class Moves {
  notice = $state.raw<Notice>();
  running = $state(false);

  readonly #undos: { readonly undo: number; readonly area: string }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Moves items, with all that is below them. Gives whether it was done. */
  async move(ids: readonly number[], areaId: number, area: string): Promise<boolean> {
    if (ids.length === 0) return false;
    return this.#doing(`The move to ${area} did not happen`, async () => {
      const { moved, undo } = await call("items_move", { ids: [...ids], area_id: areaId });
      if (moved === 0) {
        this.#say({ text: `Already in ${area}`, undo: false });
        return;
      }
      this.#undos.push({ undo, area });
      if (this.#undos.length > UNDOS_MAX) this.#undos.shift();
      this.#say({ text: `Moved ${plural(moved, "item", "items")} to ${area}`, undo: true });
    });
  }

  /** Takes the newest move back. Gives whether there was one and it worked. */
  async undo(): Promise<boolean> {
    const last = this.#undos.pop();
    if (!last) return false;
    return this.#doing(`The move to ${last.area} could not be taken back`, async () => {
      const { moved } = await call("items_move_undo", { id: last.undo });
      this.#say({ text: `Moved ${plural(moved, "item", "items")} back`, undo: false });
    });
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.notice = undefined;
  }

  /** While the pointer or the keyboard is on the notice, it stays. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    clearTimeout(this.#timer);
    if (this.notice) this.#timer = setTimeout(() => (this.notice = undefined), OFFER_MS);
  }

  async #doing(failure: string, deed: () => Promise<void>): Promise<boolean> {
    this.running = true;
    try {
      await deed();
      return true;
    } catch (thrown) {
      this.#say({ text: failure, undo: false, error: ApiError.from(thrown) });
      return false;
    } finally {
      this.running = false;
    }
  }

  #say(notice: Notice): void {
    this.notice = notice;
    // A failure stays until it is read: nothing that the user must know goes away by itself.
    if (notice.error) this.hold();
    else this.release();
  }
}
