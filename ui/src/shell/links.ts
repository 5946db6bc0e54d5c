import { host } from "@/api/client.ts";
import { isOpenable } from "@/host/host.ts";

/**
 * Sends links that lead outside to the user's own browser: a web view would go there itself, or
 * nowhere. Links inside the window (`#/...`) are left alone.
 */
export function openLinksOutside(event: MouseEvent): void {
  if (event.defaultPrevented || !(event.target instanceof Element)) return;
  const link = event.target.closest("a[href]");
  const href = link?.getAttribute("href") ?? "";
  if (href.startsWith("#") || !isOpenable(href)) return;
  event.preventDefault();
  host()
    .openExternal(href)
    .catch((thrown: unknown) => {
      console.warn("the browser could not be opened", thrown);
    });
}
