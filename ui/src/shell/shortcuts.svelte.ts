import { isShortcut, isWriting } from "@/design/keys.ts";
import { allActions } from "./actions.svelte.ts";

/** How long after the first key of a pair the second still counts. */
const PAIR_MS_MAX = 1200;

/** Chords that mean something to a text field itself: select all, copy, cut, paste, undo, redo, and its movements. */
const OF_TEXT = new Set([
  ..."acvxyz",
  "arrowleft",
  "arrowright",
  "arrowup",
  "arrowdown",
  "home",
  "end",
  "backspace",
  "delete",
  "insert",
]);

/**
 * Turns key presses into actions. The event's own time stamp tells a pair of keys from two presses
 * far apart. While somebody writes, only chords that a text field has no use for are shortcuts;
 * while a dialog is open, none is.
 */
export function shortcutListener(): (event: KeyboardEvent) => void {
  let first = "";
  let firstAt = Number.NEGATIVE_INFINITY;

  return (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing || dialogIsOpen()) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isWriting(event.target) && (!isChord(event) || OF_TEXT.has(event.key.toLowerCase())))
      return;

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

/** Ctrl or Cmd is held. Alt alone, or both as AltGr, writes characters. */
function isChord(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey;
}

function dialogIsOpen(): boolean {
  return document.querySelector("[data-state='open'][aria-modal='true']") !== null;
}
