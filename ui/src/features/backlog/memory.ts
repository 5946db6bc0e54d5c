/** What is kept between visits. The layout outlives the window; the place is this window's own. */
export interface Layout {
  readonly hidden: readonly string[];
  readonly panelWidth: number;
  readonly areasShown: boolean;
  readonly closedAreas: readonly number[];
}

/** Where one was: kept for a reload and for coming back from another screen. */
export interface Place {
  readonly address: string;
  readonly top: number;
  readonly foldedAll: boolean;
  readonly folded: readonly number[];
}

const LAYOUT = "lockstep.backlog.layout";
const PLACE = "lockstep.backlog.place";

export function readLayout(): Partial<Layout> {
  return read<Layout>(() => localStorage.getItem(LAYOUT));
}

export function writeLayout(layout: Layout): void {
  write(() => {
    localStorage.setItem(LAYOUT, JSON.stringify(layout));
  });
}

export function readPlaceKept(): Partial<Place> {
  return read<Place>(() => sessionStorage.getItem(PLACE));
}

export function writePlaceKept(place: Place): void {
  write(() => {
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  });
}

function read<T>(get: () => string | null): Partial<T> {
  try {
    const kept: unknown = JSON.parse(get() ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Partial<T>) : {};
  } catch {
    return {};
  }
}

function write(put: () => void): void {
  try {
    put();
  } catch (thrown) {
    console.warn("the backlog's layout cannot be remembered", thrown);
  }
}
