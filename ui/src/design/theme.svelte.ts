/** What the user chose; `system` follows the operating system. */
export type Theme = "system" | "light" | "dark";

const KEY = "lockstep.theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

let chosen = $state<Theme>(remembered());

/** The chosen theme; `setTheme` changes it. */
export function theme(): Theme {
  return chosen;
}

/** Changes the theme now and for the next start. */
export function setTheme(next: Theme): void {
  chosen = next;
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch (thrown) {
    console.warn("the theme cannot be remembered", thrown);
  }
}

/** Puts the remembered theme on the page; called once, before the first paint. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = chosen;
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((t) => t === kept) ?? "system";
  } catch {
    return "system";
  }
}
