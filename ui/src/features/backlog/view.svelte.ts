import { SvelteMap } from "svelte/reactivity";
import type { BacklogQuery, BacklogRow, BacklogView } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";

/** How many rows one request asks for. */
export const PAGE = 100;
/** How many pages are kept; those farthest from what is looked at go first. */
export const PAGES_MAX = 24;
/** How many requests for rows run at once; what was scrolled past is never asked for. */
const REQUESTS_MAX = 2;
/** How many identities one request asks for. */
const IDS_MAX = 20_000;
/** How far around its old place a row is looked for before the whole list is read. */
const NEAR = 500;

/** Where the list is to stand after it has been opened. */
export interface Standing {
  /** The row that was at the top. */
  readonly top: number;
  /** An item to find again; `top` then follows it. */
  readonly anchor?: { readonly id: number; readonly index: number } | undefined;
}

/**
 * The rows of an opened backlog, fetched only where they are looked at. While it is opened anew the
 * old rows stay, and the new ones appear together with their first pages, so that nothing flashes.
 */
export class ViewRows {
  /** The opened list; absent until the first answer. */
  view = $state.raw<BacklogView>();
  /** Why the last opening or reading failed, until one succeeds. */
  error = $state.raw<ApiError>();
  /** True while it is being opened. */
  opening = $state(false);

  readonly #pages = new SvelteMap<number, readonly BacklogRow[]>();
  readonly #asked = new Set<number>();
  readonly #onstale: () => void;
  #wanted = { start: 0, end: 0 };
  #turn = 0;
  #reported = false;

  /** `onstale` is called once for each opened list when it turns out to be out of date. */
  constructor(onstale: () => void) {
    this.#onstale = onstale;
  }

  /** How many rows there are. */
  get count(): number {
    return this.view?.rows ?? 0;
  }

  /** The row at a place, or undefined while it is on its way. */
  at(index: number): BacklogRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** How many pages are held at the moment. */
  get held(): number {
    return this.#pages.size;
  }

  /**
   * Asks the question and shows its answer. Gives how far the anchor moved, or undefined when a newer
   * question overtook this one or it failed.
   */
  async open(query: BacklogQuery, { top, anchor }: Standing): Promise<number | undefined> {
    const turn = ++this.#turn;
    const overtaken = () => turn !== this.#turn;
    this.opening = true;
    try {
      const view = await call("backlog_open", query);
      if (overtaken()) return undefined;
      const found = anchor ? await this.#search(view, anchor.id, anchor.index) : -1;
      const moved = anchor && found >= 0 ? found - anchor.index : 0;
      const first = Math.min(Math.max(top + moved, 0), Math.max(view.rows - 1, 0));
      const pages = await this.#firstPages(view, first);
      if (overtaken()) return undefined;
      this.#show(view, pages);
      return moved;
    } catch (thrown) {
      if (!overtaken()) this.error = ApiError.from(thrown);
      return undefined;
    } finally {
      if (!overtaken()) this.opening = false;
    }
  }

  /** Says which rows are looked at, from `start` up to, not including, `end`. */
  want(start: number, end: number): void {
    this.#wanted = { start, end };
    this.#fetch();
  }

  /** The identities of a stretch of rows. */
  async ids(start: number, count: number): Promise<number[]> {
    const view = this.view;
    return view ? this.#ids(view, start, count) : [];
  }

  /** Where an item stands, or -1; looked for near `near` first. */
  async indexOf(id: number, near = 0): Promise<number> {
    const view = this.view;
    if (!view) return -1;
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return this.#search(view, id, near);
  }

  #show(view: BacklogView, pages: ReadonlyMap<number, readonly BacklogRow[]>): void {
    this.#pages.clear();
    this.#asked.clear();
    for (const [page, rows] of pages) this.#pages.set(page, rows);
    this.#reported = false;
    this.view = view;
    this.error = undefined;
    this.#fetch();
  }

  async #firstPages(
    view: BacklogView,
    first: number,
  ): Promise<ReadonlyMap<number, readonly BacklogRow[]>> {
    if (view.rows === 0) return new Map();
    const page = Math.floor(first / PAGE);
    const pages =
      first % PAGE > PAGE / 2 && (page + 1) * PAGE < view.rows ? [page, page + 1] : [page];
    return new Map(
      await Promise.all(
        pages.map(async (at) => {
          const { rows } = await call("backlog_rows", {
            view: view.view,
            start: at * PAGE,
            count: PAGE,
          });
          return [at, rows] as const;
        }),
      ),
    );
  }

  async #ids(view: BacklogView, start: number, count: number): Promise<number[]> {
    const end = Math.min(start + count, view.rows);
    const all: number[] = [];
    for (let at = start; at < end; at += IDS_MAX) {
      const { ids } = await call("backlog_ids", {
        view: view.view,
        start: at,
        count: Math.min(IDS_MAX, end - at),
      });
      for (const id of ids) all.push(id);
    }
    return all;
  }

  async #search(view: BacklogView, id: number, near: number): Promise<number> {
    const start = Math.min(Math.max(near - NEAR, 0), view.rows);
    const close = (await this.#ids(view, start, 2 * NEAR)).indexOf(id);
    if (close >= 0) return start + close;
    if (start === 0 && view.rows <= 2 * NEAR) return -1;
    return (await this.#ids(view, 0, view.rows)).indexOf(id);
  }

  /** Starts what is missing among the wanted rows, as far as requests may run. */
  #fetch(): void {
    const view = this.view;
    if (!view) return;
    const { start, end } = this.#wanted;
    const last = Math.min(end, view.rows);
    for (let page = Math.floor(start / PAGE); page * PAGE < last; page += 1) {
      if (this.#asked.size >= REQUESTS_MAX) return;
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#load(view, page);
    }
  }

  async #load(view: BacklogView, page: number): Promise<void> {
    this.#asked.add(page);
    try {
      const { rows, stale } = await call("backlog_rows", {
        view: view.view,
        start: page * PAGE,
        count: PAGE,
      });
      if (view !== this.view) return;
      this.#asked.delete(page);
      if (rows.length > 0) this.#keep(page, rows);
      if ((stale || rows.length === 0) && !this.#reported) {
        this.#reported = true;
        this.#onstale();
      }
      if (rows.length > 0) this.#fetch();
    } catch (thrown) {
      if (view !== this.view) return;
      this.#asked.delete(page);
      this.error = ApiError.from(thrown);
    }
  }

  #keep(page: number, rows: readonly BacklogRow[]): void {
    this.#pages.set(page, rows);
    if (this.#pages.size <= PAGES_MAX) return;
    const middle = (this.#wanted.start + this.#wanted.end) / 2 / PAGE;
    let farthest = page;
    for (const held of this.#pages.keys()) {
      if (Math.abs(held + 0.5 - middle) > Math.abs(farthest + 0.5 - middle)) farthest = held;
    }
    this.#pages.delete(farthest);
  }
}
