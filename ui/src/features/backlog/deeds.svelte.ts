import type { EditValue, ItemDetail } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { plural } from "@/design/format.ts";
import type { End } from "./dependencies.ts";

/** How long a deed offers to be taken back. The shortcut works for longer. */
export const OFFER_MS = 10_000;
/** How many deeds can be taken back, newest first. */
const UNDOS_MAX = 20;

/** A quiet word about what was just done. */
export interface Notice {
  readonly text: string;
  /** Whether taking it back is offered. */
  readonly undo: boolean;
  /** It stays until it is put away: there is something that the user must know. */
  readonly stays?: boolean;
  readonly error?: ApiError;
}

/** How a deed is taken back. */
interface Undo {
  /** What is said when it cannot be. */
  readonly failure: string;
  /** Does it, and tells what came of it. */
  readonly run: () => Promise<Omit<Notice, "undo">>;
}

/** What was done to items, and taking it back: the newest first, whatever it was. */
export class Deeds {
  notice = $state.raw<Notice>();
  running = $state(false);

  readonly #undos: Undo[] = [];
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
      this.done(`Moved ${plural(moved, "item", "items")} to ${area}`, {
        failure: `The move to ${area} could not be taken back`,
        run: async () => {
          const { moved: back } = await call("items_move_undo", { id: undo });
          const left = moved - back;
          return { text: backInWords(back, left), stays: left > 0 };
        },
      });
    });
  }

  /** Makes an item part of another one, or of none. Gives whether it was done. */
  async moveBelow(
    id: number,
    parent: { readonly id: number; readonly title: string } | undefined,
    renew: (item: ItemDetail) => void,
  ): Promise<boolean> {
    const where = parent ? `below “${parent.title}”` : "to the top";
    return this.#doing(`The item was not moved ${where}`, async () => {
      const value: EditValue = parent ? { type: "item", id: parent.id } : { type: "none" };
      const args = { item_id: id, field: "parent", value };
      const { item, undo } = await call("item_edit", args);
      renew(item);
      if (undo === null) {
        this.#say({ text: parent ? `Already ${where}` : "Already at the top", undo: false });
        return;
      }
      this.done(`Moved ${where}`, {
        failure: `The move ${where} could not be taken back`,
        run: async () => {
          const { item: back } = await call("item_edit_undo", { id: undo });
          renew(back);
          return { text: "It is where it was" };
        },
      });
    });
  }

  /** Adds a dependency to an item, or takes one away. Gives whether it was done. */
  async setDependency(
    {
      item: id,
      field,
      name,
    }: { readonly item: number; readonly field: string; readonly name: string },
    end: End,
    there: boolean,
    renew: (item: ItemDetail) => void,
  ): Promise<boolean> {
    return this.#doing(`“${name}” was not changed`, async () => {
      // Only this end is told: what came in since the item was shown stays.
      const value: EditValue = { type: "dependency", ...end, there };
      const { item, undo } = await call("item_edit", { item_id: id, field, value });
      renew(item);
      if (undo === null) return;
      this.done(`Saved: ${name}`, {
        failure: `“${name}” could not be put back`,
        run: async () => {
          const { item: back } = await call("item_edit_undo", { id: undo });
          renew(back);
          return { text: `${name} is as it was` };
        },
      });
    });
  }

  /** Takes back that issues are to be made of an item and of what is below it. */
  async takeBack(id: number): Promise<void> {
    await this.#doing("The push could not be taken back", async () => {
      const { count } = await call("push_cancel", { id });
      this.#say({
        text: `${plural(count, "item is", "items are")} not pushed any more`,
        undo: false,
      });
    });
  }

  /** Deletes items, with all that is below them. Gives whether it was done. */
  async remove(ids: readonly number[]): Promise<boolean> {
    return this.#doing("Nothing was deleted", async () => {
      const { items, issues, undo } = await call("items_delete", { ids: [...ids] });
      const stay = issues === 0 ? "" : `. ${plural(issues, "issue stays", "issues stay")} in Jira`;
      this.done(`Deleted ${plural(items, "item", "items")}${stay}`, {
        failure: "The items could not be brought back",
        run: async () => {
          const { count } = await call("items_delete_undo", { id: undo });
          return { text: `Brought back ${plural(count, "item", "items")}` };
        },
      });
    });
  }

  /** Disconnects an item from its issue. Gives whether it was done. */
  async unlink(id: number, key: string): Promise<boolean> {
    return this.#doing(`It is still linked to ${key}`, async () => {
      const { link_ids } = await call("item_unlink", { id });
      this.done(`Disconnected from ${key}`, {
        failure: `It could not be linked to ${key} again`,
        run: async () => {
          await call("unlink_undo", { link_ids });
          return { text: `Linked to ${key} again` };
        },
      });
    });
  }

  /** Tells what was done, and offers to take it back. */
  done(text: string, undo: Undo): void {
    this.#undos.push(undo);
    if (this.#undos.length > UNDOS_MAX) this.#undos.shift();
    this.#say({ text, undo: true });
  }

  /** Says something of which nothing is to be taken back. */
  tell(text: string): void {
    this.#say({ text, undo: false });
  }

  /** Tells of a failure that nothing on the screen shows any more. */
  failed(text: string, error: ApiError): void {
    this.#say({ text, undo: false, stays: true, error });
  }

  /** Takes the newest deed back. Gives whether there was one and it worked. */
  async undo(): Promise<boolean> {
    const last = this.#undos.pop();
    if (!last) return false;
    return this.#doing(last.failure, async () => {
      this.#say({ ...(await last.run()), undo: false });
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
    if (this.notice && !this.notice.stays)
      this.#timer = setTimeout(() => (this.notice = undefined), OFFER_MS);
  }

  async #doing(failure: string, deed: () => Promise<void>): Promise<boolean> {
    this.running = true;
    try {
      await deed();
      return true;
    } catch (thrown) {
      this.failed(failure, ApiError.from(thrown));
      return false;
    } finally {
      this.running = false;
    }
  }

  #say(notice: Notice): void {
    this.notice = notice;
    this.hold();
    this.release();
  }
}

/** What came of taking a move back. Left are items that were moved on since, or are gone, or whose area is. */
function backInWords(moved: number, left: number): string {
  if (left === 0) return `Moved ${plural(moved, "item", "items")} back`;
  const why = "moved on since, or gone";
  if (moved === 0)
    return `None of the ${plural(left, "item", "items")} could be moved back: ${why}`;
  return `Moved ${plural(moved, "item", "items")} back; ${plural(left, "stays", "stay")} as ${left === 1 ? "it is" : "they are"}: ${why}`;
}
