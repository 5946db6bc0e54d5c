import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { IconType } from "@/design/icon.ts";

/** Something the command palette can do. */
export interface Action {
  readonly id: string;
  readonly title: string;
  /** The heading it stands under: "Go to", "This item", "Sync". */
  readonly group: string;
  readonly icon?: IconType;
  /** "Mod+Enter", "N", or two keys one after the other: "G B". Works outside text fields. */
  readonly keys?: string;
  /** Other words by which somebody may look for it. */
  readonly keywords?: string;
  readonly run: () => void;
}

/** Finds things by what was typed in the palette, such as items by key or title. */
export interface Finder {
  readonly group: string;
  find(text: string): Promise<readonly Action[]>;
}

const actions = new SvelteMap<string, Action>();
const finders = new SvelteSet<Finder>();

/** All registered actions; reactive. */
export function allActions(): readonly Action[] {
  return [...actions.values()];
}

/** All registered finders; reactive. */
export function allFinders(): readonly Finder[] {
  return [...finders];
}

/**
 * Adds actions until the returned function is called: in a feature's `start` for the life of the
 * window, or `$effect(() => registerActions([...]))` for the life of a screen.
 */
export function registerActions(added: readonly Action[]): () => void {
  for (const action of added) actions.set(action.id, action);
  return () => {
    for (const action of added) {
      if (actions.get(action.id) === action) actions.delete(action.id);
    }
  };
}

/** Adds a finder until the returned function is called. */
export function registerFinder(finder: Finder): () => void {
  finders.add(finder);
  return () => {
    finders.delete(finder);
  };
}

/**
 * How well `text` describes an action: 0 is not at all, higher is better. Every word typed must
 * begin a word of the title (best), be inside it, or begin a keyword.
 */
export function score(action: Pick<Action, "title" | "keywords">, text: string): number {
  const title = action.title.toLocaleLowerCase();
  const titleWords = title.split(/[\s-]+/);
  const keywords = (action.keywords ?? "").toLocaleLowerCase().split(/\s+/);
  let total = 1;
  for (const word of text.toLocaleLowerCase().split(/\s+/).filter(Boolean)) {
    if (title.startsWith(word)) total += 8;
    else if (titleWords.some((w) => w.startsWith(word))) total += 5;
    else if (keywords.some((w) => w.startsWith(word))) total += 3;
    else if (title.includes(word)) total += 2;
    else return 0;
  }
  return total;
}
