import type { BacklogRow, ItemDetail, SortColumn, Tag } from "@/api/bindings.ts";
import { ApiError, call, onEvent } from "@/api/client.ts";
import { writePlace } from "@/shell/kit.ts";
import { Catalog } from "./catalog.svelte.ts";
import type { End } from "./dependencies.ts";
import { OpenItem } from "./detail.svelte.ts";
import { Edits } from "./edits.svelte.ts";
import { readPlaceKept, writePlaceKept } from "./memory.ts";
import { NewItem } from "./newitem.svelte.ts";
import { Pushing } from "./pushing.svelte.ts";
import { Deeds } from "./deeds.svelte.ts";
import {
  fold,
  fromParams,
  narrows,
  nextSort,
  NO_FILTERS,
  toParams,
  toQuery,
  UNFOLDED,
  type Filters,
  type Folding,
} from "./query.ts";
import { Selection } from "./selection.svelte.ts";
import { ViewRows } from "./view.svelte.ts";

/** At least so long between two openings that nobody asked for, while an import changes items. */
const REFRESH_MS_MIN = 700;

/** Where the scrolled box stands, and how it is told to stand elsewhere. */
export interface Scroller {
  /** The first row that is seen, and the row after the last. */
  seen(): { readonly start: number; readonly end: number };
  /** Moves all by so many rows, so that what is looked at stays where it is. */
  shift(rows: number): void;
  /** Goes to the top. */
  reset(): void;
  /** Brings a row into view. */
  show(index: number): void;
}

/** An item with what it depends on. */
export interface Depending {
  readonly item: number;
  readonly title: string;
  /** The field that holds its dependencies: key and name. */
  readonly field: string;
  readonly name: string;
}

/** The backlog's memory: what is asked for, what is seen, chosen and open. */
export class BacklogController {
  filters = $state.raw<Filters>(NO_FILTERS);
  folding = $state.raw<Folding>(UNFOLDED);
  /** Which items the keyboard's next deed is for, while an area is being chosen. */
  choosingAreaFor = $state.raw<readonly number[]>();
  /** The item that is to become part of another one, while that is being chosen. */
  choosingParentFor = $state.raw<ItemDetail>();
  /** The item that is to depend on another one, while that is being chosen. */
  choosingDependencyFor = $state.raw<Depending>();
  /** Items that somebody is asked whether to delete. */
  deleting = $state.raw<readonly number[]>();
  /** The item that somebody is asked whether to disconnect, and from what. */
  unlinking = $state.raw<{ readonly id: number; readonly key: string }>();

  readonly catalog = new Catalog();
  readonly rows = new ViewRows(() => {
    this.refresh();
  });
  readonly selection = new Selection();
  readonly item = new OpenItem();
  readonly deeds = new Deeds();
  readonly edits = new Edits(this.item, this.deeds);
  readonly making = new NewItem(this.catalog, this.deeds);
  readonly pushing = new Pushing();

  scroller: Scroller | undefined;
  /** How things were folded before a filter opened the way to what it found. */
  #foldingBefore: Folding = UNFOLDED;
  #refreshing = false;
  #refreshAgain = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[] = [];
  #topKept = 0;

  /** The address that shows what is shown now. */
  readonly address = $derived.by(() =>
    writePlace(
      ["backlog", ...(this.item.id === undefined ? [] : [String(this.item.id)])],
      toParams(this.filters),
    ),
  );

  /** Begins: at what the address says, or where one was last. */
  start(path: readonly string[], query: URLSearchParams): void {
    const kept = readPlaceKept();
    const plain = path.length === 0 && query.size === 0;
    const [before = "", beforeQuery = ""] = (kept.address ?? "").split("?");
    const same =
      plain || writePlace(["backlog", ...path], Object.fromEntries(query)) === kept.address;
    if (plain && kept.address) {
      this.#read(before.split("/").slice(2), new URLSearchParams(beforeQuery));
    } else this.#read(path, query);
    if (same) {
      this.folding = { all: kept.foldedAll ?? false, except: new Set(kept.folded ?? []) };
      this.#topKept = kept.top ?? 0;
    }
    this.#stops = [
      onEvent((event) => {
        const touched = (tag: Tag) =>
          event.type === "missed" || (event.type === "changed" && event.tags.includes(tag));
        if (touched("items")) this.refresh();
        else if (touched("sync")) void this.item.load();
      }),
    ];
    void this.catalog.load();
    void this.rows.open(this.#query(), { top: this.#topKept }).then(() => {
      this.scroller?.shift(this.#topKept);
      return this.#findCursor({ reveal: true });
    });
  }

  stop(): void {
    this.keepPlace();
    for (const stop of this.#stops) stop();
    clearTimeout(this.#pause);
    this.deeds.dismiss();
  }

  /** Follows an address that was changed from outside. A plain one keeps what is shown. */
  follow(path: readonly string[], query: URLSearchParams): void {
    if (path.length === 0 && query.size === 0) return;
    const asked = writePlace(["backlog", ...path], Object.fromEntries(query));
    if (asked === this.address) return;
    this.#read(path, query);
    this.#reopen({ top: 0 });
  }

  keepPlace(): void {
    writePlaceKept({
      address: this.address,
      top: this.scroller?.seen().start ?? this.#topKept,
      foldedAll: this.folding.all,
      folded: [...this.folding.except],
    });
  }

  /** Changes what is shown and begins at the top. What was chosen is let go: it may be out of sight. */
  filter(change: Partial<Filters>): void {
    const narrowed = narrows(this.filters);
    this.filters = { ...this.filters, ...change };
    if (!narrowed && narrows(this.filters)) {
      this.#foldingBefore = this.folding;
      this.folding = UNFOLDED;
    } else if (narrowed && !narrows(this.filters)) this.folding = this.#foldingBefore;
    this.selection.ticking = false;
    this.selection.moveTo(0, undefined);
    this.#reopen({ top: 0 });
  }

  clearFilters(): void {
    const { sort, descending } = this.filters;
    this.filter({ ...NO_FILTERS, sort, descending });
  }

  sortBy(column: SortColumn): void {
    this.filter(nextSort(this.filters, column));
  }

  toggle(row: BacklogRow, index: number, expanded = !row.expanded): void {
    if (!row.has_children || row.expanded === expanded) return;
    this.folding = fold(this.folding, row.id, !expanded);
    const { selection } = this;
    if (!expanded && selection.index > index) selection.moveTo(index, row.id);
    this.#reopen({ top: this.scroller?.seen().start ?? 0 });
  }

  foldAll(all: boolean): void {
    this.folding = { all, except: new Set() };
    this.#reopen({ top: 0 });
  }

  /** Opens the list again where it stands: items changed behind it. */
  refresh(): void {
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return;
    }
    this.#refreshing = true;
    void this.#refresh().finally(() => {
      this.#pause = setTimeout(() => {
        this.#refreshing = false;
        if (!this.#refreshAgain) return;
        this.#refreshAgain = false;
        this.refresh();
      }, REFRESH_MS_MIN);
    });
  }

  /** Moves the cursor; the panel follows when it is open. */
  moveTo(index: number): void {
    if (this.rows.count === 0) return;
    const to = Math.min(Math.max(index, 0), this.rows.count - 1);
    const row = this.rows.at(to);
    this.selection.moveTo(to, row?.id);
    this.scroller?.show(to);
    this.#follow(to, row?.id);
  }

  /** Chooses everything from the anchor to a row. */
  async stretchTo(index: number): Promise<void> {
    if (this.rows.count === 0) return;
    const to = Math.min(Math.max(index, 0), this.rows.count - 1);
    const { start, count } = this.selection.stretchTo(to);
    this.selection.reach(to, this.rows.at(to)?.id);
    this.scroller?.show(to);
    const ids = await this.rows.ids(start, count);
    if (this.selection.index !== to) return;
    this.selection.choose(ids);
    this.selection.reach(to, ids[to - start]);
  }

  async chooseAll(): Promise<void> {
    const ids = await this.rows.ids(0, this.rows.count);
    this.selection.choose(ids);
  }

  /** A click on a row, with what was held down. */
  click(index: number, row: BacklogRow, { shift = false, mod = false } = {}): void {
    if (shift) void this.stretchTo(index);
    else if (mod) this.selection.add(index, row.id);
    else {
      this.selection.only(index, row.id);
      this.#follow(index, row.id);
    }
  }

  /** Opens an item in the panel and, where the list has it, puts the cursor on it. */
  open(id: number): void {
    this.item.open(id);
    if (this.selection.id !== id) void this.#findCursor({ reveal: true });
  }

  openCursor(): void {
    if (this.selection.id !== undefined) this.item.open(this.selection.id);
  }

  /** The items that a deed is for: the chosen ones, or the one under the cursor. */
  get targets(): readonly number[] {
    const { ids, id } = this.selection;
    if (ids.size > 0) return [...ids];
    return id === undefined ? [] : [id];
  }

  chooseArea(ids: readonly number[] = this.targets): void {
    if (ids.length > 0) this.choosingAreaFor = ids;
  }

  /** Lets somebody choose what an item is part of: the chosen one, the one under the cursor, or the open one. */
  async chooseParent(asked?: number): Promise<void> {
    const [target, ...more] = this.targets;
    const id = asked ?? target ?? this.item.id;
    if (id === undefined) return;
    if (asked === undefined && more.length > 0) {
      this.deeds.tell("One item at a time is moved below another: choose only one");
      return;
    }
    try {
      this.choosingParentFor = await call("item", { id });
    } catch (thrown) {
      this.deeds.failed("What it is part of is not known", ApiError.from(thrown));
    }
  }

  /** Makes an item part of another one, or of none. */
  async moveBelow(
    { id }: { readonly id: number },
    parent: { readonly id: number; readonly title: string } | undefined,
  ): Promise<void> {
    const renew = (item: ItemDetail) => {
      this.item.renew(item);
    };
    if (await this.deeds.moveBelow(id, parent, renew)) this.refresh();
  }

  /** Adds a dependency to an item, or takes one away. */
  async setDependency(asked: Depending, end: End, there: boolean): Promise<void> {
    await this.deeds.setDependency(asked, end, there, (item) => {
      this.item.renew(item);
    });
  }

  /** Looks at what pushing items to Jira would make. */
  push(ids: readonly number[] = this.targets): void {
    this.pushing.open(ids);
  }

  /** Takes back that an item is to become an issue, with all below it. */
  async takeBack(id: number): Promise<void> {
    await this.deeds.takeBack(id);
    await this.item.load();
  }

  /** Begins a new item, where the cursor is. */
  make(): void {
    void this.making.begin(this.selection.id ?? this.item.id, this.filters.areaId);
  }

  /** Shows an item that was just made. */
  async made(id: number): Promise<void> {
    await this.#refresh();
    this.open(id);
  }

  async move(ids: readonly number[], areaId: number): Promise<void> {
    const area = this.catalog.area(areaId)?.name ?? "the area";
    const done = await this.deeds.move(ids, areaId, area);
    if (!done) return;
    this.selection.clear();
    this.refresh();
  }

  chooseDeletion(ids: readonly number[] = this.targets): void {
    if (ids.length > 0) this.deleting = ids;
  }

  async remove(ids: readonly number[]): Promise<void> {
    if (!(await this.deeds.remove(ids))) return;
    if (this.item.id !== undefined && ids.includes(this.item.id)) this.item.close();
    this.selection.clear();
    this.refresh();
  }

  async unlink(id: number, key: string): Promise<void> {
    if (await this.deeds.unlink(id, key)) this.refresh();
  }

  async undo(): Promise<void> {
    if (await this.deeds.undo()) this.refresh();
  }

  #read(path: readonly string[], query: URLSearchParams): void {
    this.filters = fromParams(query);
    const id = path[0] === undefined ? Number.NaN : Number(path[0]);
    if (Number.isSafeInteger(id)) this.item.open(id);
    else this.item.close();
  }

  #query() {
    return toQuery(this.filters, this.folding);
  }

  #reopen({ top }: { readonly top: number }): void {
    const turn = this.rows.open(this.#query(), { top });
    if (top === 0) this.scroller?.reset();
    void turn.then((moved) => {
      if (moved === undefined) return;
      const { selection } = this;
      const index = Math.min(selection.index, Math.max(this.rows.count - 1, 0));
      const id = this.rows.at(index)?.id;
      if (selection.id === undefined && id !== undefined) selection.shift(index, id);
    });
  }

  async #refresh(): Promise<void> {
    const start = this.scroller?.seen().start ?? 0;
    const top = this.rows.at(start);
    const [moved] = await Promise.all([
      this.rows.open(this.#query(), {
        top: start,
        anchor: top && { id: top.id, index: start },
      }),
      this.catalog.load(),
      this.item.load(),
    ]);
    if (moved === undefined) return;
    if (moved !== 0) this.scroller?.shift(moved);
    await this.#findCursor({ moved });
  }

  /** Puts the cursor back on its item, or on the open one, wherever it stands now. */
  async #findCursor({ moved = 0, reveal = false } = {}): Promise<void> {
    const { selection } = this;
    const id = this.item.id ?? selection.id;
    if (id === undefined) {
      const first = this.rows.at(selection.index);
      if (first && selection.id === undefined) selection.shift(selection.index, first.id);
      return;
    }
    const index = await this.rows.indexOf(id, selection.index + moved);
    if (id !== (this.item.id ?? selection.id)) return;
    if (index >= 0) {
      selection.shift(index, id);
      if (!selection.ticking) selection.ids = new Set([id]);
      if (reveal) this.scroller?.show(index);
    } else {
      const last = Math.max(this.rows.count - 1, 0);
      const near = Math.min(Math.max(selection.index + moved, 0), last);
      selection.shift(near, this.rows.at(near)?.id);
    }
  }

  #follow(index: number, id: number | undefined): void {
    if (id !== undefined) {
      if (this.item.id !== undefined) this.item.open(id);
      return;
    }
    // A row that is still on its way: the cursor learns its identity when it is known.
    void this.rows.ids(index, 1).then(([found]) => {
      if (found === undefined || this.selection.index !== index) return;
      this.selection.moveTo(index, found);
      if (this.item.id !== undefined) this.item.open(found);
    });
  }
}
