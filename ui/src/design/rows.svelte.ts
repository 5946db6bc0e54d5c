import { SvelteMap } from "svelte/reactivity";

/** How many rows one request asks for. */
const PAGE = 100;
/** How many pages are kept; the ones asked for longest ago go first. */
const PAGES_MAX = 30;

/**
 * The rows of a long list, fetched in pages as they come into view. Memory stays bounded whatever
 * the length; `forget` empties it when the list behind it has changed.
 */
export class Rows<Row> {
  readonly #load: (start: number, count: number) => Promise<readonly Row[]>;
  readonly #pages = new SvelteMap<number, readonly Row[]>();
  readonly #asked = new Map<number, Promise<void>>();
  #turn = 0;
  #failed = $state(false);

  constructor(load: (start: number, count: number) => Promise<readonly Row[]>) {
    this.#load = load;
  }

  /** The row at a place, or undefined while it is on its way. */
  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** True when the last request failed; asking again tries again. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Fetches what is missing between `start` and `end`. */
  async want(start: number, end: number): Promise<void> {
    const needed: Promise<void>[] = [];
    for (let page = Math.floor(start / PAGE); page * PAGE < end; page += 1) {
      if (this.#pages.has(page)) continue;
      const asked = this.#asked.get(page) ?? this.#fetch(page);
      needed.push(asked);
    }
    await Promise.all(needed);
  }

  /** The rows of a stretch, fetched where needed; for selecting many at once. */
  async between(start: number, end: number): Promise<readonly Row[]> {
    const turn = this.#turn;
    const rows = await this.#load(start, end - start);
    return turn === this.#turn ? rows : [];
  }

  /** Drops everything; what was on its way is ignored when it comes. */
  forget(): void {
    this.#turn += 1;
    this.#asked.clear();
    this.#pages.clear();
  }

  #fetch(page: number): Promise<void> {
    const turn = this.#turn;
    const asked = this.#load(page * PAGE, PAGE).then(
      (rows) => {
        if (turn !== this.#turn) return;
        this.#asked.delete(page);
        this.#failed = false;
        this.#pages.set(page, rows);
        const oldest = this.#pages.keys().next();
        if (this.#pages.size > PAGES_MAX && !oldest.done) this.#pages.delete(oldest.value);
      },
      () => {
        if (turn !== this.#turn) return;
        this.#asked.delete(page);
        this.#failed = true;
      },
    );
    this.#asked.set(page, asked);
    return asked;
  }
}
