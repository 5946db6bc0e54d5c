/** An address inside the window, taken from what follows `#`. */
export interface Place {
  /** The parts of the path: `/backlog/ITEM-7` is `["backlog", "ITEM-7"]`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads an address; one that does not decode is the start. */
export function readPlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  try {
    const parts = path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
    return { parts, query: new URLSearchParams(query) };
  } catch {
    return { parts: [], query: new URLSearchParams() };
  }
}

/** Writes an address; the parts may hold anything. */
export function writePlace(parts: readonly string[], query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${search ? `?${search}` : ""}`;
}

let here = $state.raw<Place>(readPlace(location.hash));

/** Where the window is; reactive. */
export function place(): Place {
  return here;
}

/** Goes to an address such as `/backlog/ITEM-7`. `replace` leaves no entry to come back to. */
export function navigate(to: string, { replace = false } = {}): void {
  const hash = to.startsWith("#") ? to : `#${to}`;
  if (replace) history.replaceState(null, "", hash);
  else if (hash !== location.hash) history.pushState(null, "", hash);
  here = readPlace(hash);
}

/** Follows the address bar and the back button. Returns what stops it. */
export function followAddress(): () => void {
  const look = () => {
    // What does not begin with a slash is no place of ours: the host takes its token out of it.
    if (/^(#?$|#\/)/.test(location.hash)) here = readPlace(location.hash);
  };
  // The host may have taken its token out of the address since this module was read.
  look();
  window.addEventListener("hashchange", look);
  window.addEventListener("popstate", look);
  return () => {
    window.removeEventListener("hashchange", look);
    window.removeEventListener("popstate", look);
  };
}
