/** How far the pointer goes before a press becomes a drag. */
const SLOP_PX = 5;

/** How long the pointer rests on a closed area before it opens. */
export const SPRING_MS = 600;

/** Rows on their way to an area. Pointer events rather than the browser's drag and drop: the same in
 * every web view, and the ghost is ours. */
export class RowDrag {
  /** The items on the pointer; empty when nothing is dragged. */
  ids = $state.raw<readonly number[]>([]);
  x = $state(0);
  y = $state(0);
  /** The area under the pointer. */
  over = $state<number>();

  readonly #ondrop: (ids: readonly number[], area: number) => void;
  #stop: (() => void) | undefined;

  constructor(ondrop: (ids: readonly number[], area: number) => void) {
    this.#ondrop = ondrop;
  }

  get active(): boolean {
    return this.ids.length > 0;
  }

  /** A press on a row. `ids` is asked once the press has become a drag. */
  press(event: PointerEvent, ids: () => readonly number[]): void {
    this.cancel();
    const from = { x: event.clientX, y: event.clientY };
    const stop = new AbortController();
    const { signal } = stop;
    this.#stop = () => {
      stop.abort();
    };
    const move = (to: PointerEvent) => {
      if (!this.active && Math.hypot(to.clientX - from.x, to.clientY - from.y) < SLOP_PX) return;
      if (!this.active) this.ids = ids();
      to.preventDefault();
      this.x = to.clientX;
      this.y = to.clientY;
      this.over = areaAt(to.clientX, to.clientY);
    };
    const drop = () => {
      const dragged = this.ids;
      const area = this.over;
      if (this.active) swallowClick();
      this.cancel();
      if (dragged.length > 0 && area !== undefined) this.#ondrop(dragged, area);
    };
    const cancel = () => {
      this.cancel();
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", drop, { signal });
    window.addEventListener("pointercancel", cancel, { signal });
    window.addEventListener("blur", cancel, { signal });
    window.addEventListener(
      "keydown",
      (key) => {
        if (key.key !== "Escape" || !this.active) return;
        key.preventDefault();
        key.stopPropagation();
        swallowClick();
        cancel();
      },
      { signal, capture: true },
    );
  }

  cancel(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.ids = [];
    this.over = undefined;
  }
}

function areaAt(x: number, y: number): number | undefined {
  const target = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-area]");
  return target ? Number(target.dataset.area) : undefined;
}

/** The click that ends a drag is not a click on a row. It comes at once, or not at all. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => {
    window.removeEventListener("click", swallow, { capture: true });
  }, 0);
}
