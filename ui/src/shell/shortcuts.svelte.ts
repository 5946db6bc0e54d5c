import { isShortcut, isWriting } from "@/design/keys.ts";
import { allActions } from "./actions.svelte.ts";

/** How long after the first key of a pair the second still counts. */
const PAIR_MS_MAX = 1200;

/**
 * Turns key presses into actions. `now` gives milliseconds that only grow (the event's own time
 * stamp), so that a pair of keys can be told from two presses far apart.
 */
export function shortcutListener(): (event: KeyboardEvent) => void {
  let first = "";
  let firstAt = Number.NEGATIVE_INFINITY;

  return (event) => {
    if (event.defaultPrevented || event.repeat) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && (isWriting(event.target) || dialogIsOpen())) return;

    const pair =
      plain && event.timeStamp - firstAt <= PAIR_MS_MAX
        ? `${first} ${event.key.toUpperCase()}`
        : "";
    const action =
      allActions().find((a) => a.keys !== undefined && a.keys === pair) ??
      allActions().find((a) => a.keys && !a.keys.includes(" ") && isShortcut(event, a.keys));
    if (action) {
      event.preventDefault();
      first = "";
      action.run();
      return;
    }
    first = plain && event.key.length === 1 ? event.key.toUpperCase() : "";
    firstAt = event.timeStamp;
  };
}

function dialogIsOpen(): boolean {
  return document.querySelector("[role='dialog'][data-state='open'][aria-modal]") !== null;
}
