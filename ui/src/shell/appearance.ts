import { call } from "@/api/client.ts";
import { setTheme, type Theme } from "@/design/theme.svelte.ts";

/** Changes the theme now, and tells the engine so that every window and the next start have it. */
export function chooseTheme(theme: Theme): void {
  setTheme(theme);
  call("theme_set", { theme }).catch((thrown: unknown) => {
    // It holds in this window all the same, and is remembered there.
    console.warn("the engine did not keep the theme", thrown);
  });
}
