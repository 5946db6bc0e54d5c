/** Which rows of a long list are drawn: `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a viewport shows of `count` rows of one height, with some rows more on either side. */
export function spanOf(
  scrollTop: number,
  viewport: number,
  rowHeight: number,
  count: number,
  overscan = 8,
): Span {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + viewport) / rowHeight);
  const start = Math.min(Math.max(first - overscan, 0), count);
  return { start, end: Math.max(start, Math.min(last + overscan, count)) };
}

/** The scroll position that just brings a row into view below `header` pixels that cover the top. */
export function scrollToShow(
  top: number,
  height: number,
  scrollTop: number,
  viewport: number,
  header = 0,
): number {
  if (top < scrollTop) return top;
  if (top + height > scrollTop + viewport - header) return top + height - viewport + header;
  return scrollTop;
}

/** The tops of rows of different heights. */
export class Offsets {
  readonly #tops: readonly number[];
  readonly total: number;

  constructor(heights: readonly number[]) {
    let top = 0;
    this.#tops = heights.map((height) => {
      const own = top;
      top += height;
      return own;
    });
    this.total = top;
  }

  top(index: number): number {
    return this.#tops[index] ?? this.total;
  }

  /** The rows that a viewport shows, with `margin` pixels more on either side. */
  span(scrollTop: number, viewport: number, margin = 200): Span {
    const start = Math.max(this.#at(scrollTop - margin), 0);
    return { start, end: Math.min(this.#at(scrollTop + viewport + margin) + 1, this.#tops.length) };
  }

  /** The row that covers the pixel `y`. */
  #at(y: number): number {
    let low = 0;
    let high = this.#tops.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
