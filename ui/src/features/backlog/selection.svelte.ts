/**
 * Which items are chosen, and the row under the cursor. Like a file list: the chosen item follows the
 * cursor until something is ticked (Space, Ctrl, Shift, the box); then the cursor moves alone.
 */
export class Selection {
  /** The chosen items. */
  ids = $state.raw<ReadonlySet<number>>(new Set());
  /** True once something was ticked: what the bar of actions is shown for. */
  ticking = $state(false);
  /** The row under the cursor. */
  index = $state(0);
  /** The item under the cursor, as far as it is known. */
  id = $state<number>();
  /** Where a stretch begins. */
  #anchor = 0;

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** Puts the cursor on a row; what was chosen is let go of unless things are being ticked. */
  moveTo(index: number, id: number | undefined): void {
    this.index = index;
    this.id = id;
    this.#anchor = index;
    if (!this.ticking) this.ids = new Set(id === undefined ? [] : [id]);
  }

  /** A plain click: this item and no other. */
  only(index: number, id: number): void {
    this.ticking = false;
    this.moveTo(index, id);
  }

  /** Ticks an item, or takes the tick away. */
  toggle(index: number, id: number): void {
    // A lone chosen row that was merely under the cursor does not count as ticked by Space or the box.
    const next = new Set(this.ticking ? this.ids : []);
    if (!next.delete(id)) next.add(id);
    this.#set(index, id, next);
  }

  /** Adds an item to what is chosen, the row under the cursor included: Ctrl and a click. */
  add(index: number, id: number): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.#set(index, id, next);
  }

  /** The rows between the anchor and `index`, both included. */
  stretchTo(index: number): { readonly start: number; readonly count: number } {
    return { start: Math.min(this.#anchor, index), count: Math.abs(index - this.#anchor) + 1 };
  }

  /** Chooses a stretch whose identities have been read; the anchor stays. */
  choose(ids: readonly number[]): void {
    this.ids = new Set(ids);
    this.ticking = ids.length > 0;
  }

  /** Moves the cursor of a stretch without moving where it began. */
  reach(index: number, id: number | undefined): void {
    this.index = index;
    this.id = id;
  }

  /** Lets go of everything but the row under the cursor. */
  clear(): void {
    this.ticking = false;
    this.ids = new Set(this.id === undefined ? [] : [this.id]);
  }

  /** Follows rows that moved when the list was opened anew. */
  shift(index: number, id: number | undefined): void {
    this.#anchor += index - this.index;
    this.index = index;
    this.id = id;
  }

  #set(index: number, id: number, next: ReadonlySet<number>): void {
    this.ids = next;
    this.index = index;
    this.id = id;
    this.#anchor = index;
    this.ticking = next.size > 0;
  }
}
