const CONTROLS =
  "a[href], button, input, select, textarea, [role='link'], [tabindex]:not([tabindex='-1'])";

/**
 * An attachment for a part of the screen in which controls come and go: when the one that has the focus
 * is taken away, the focus goes on to the nearest that is still there, or to the heading. Without it the
 * keyboard would start again from the top of the window. What sets the focus itself keeps the last word.
 */
export function keepFocus(node: HTMLElement): () => void {
  let held: Element | undefined;
  let before: readonly HTMLElement[] = [];
  let after: readonly HTMLElement[] = [];

  function remember(event: FocusEvent) {
    held = event.target as Element;
    const all = [...node.querySelectorAll<HTMLElement>(CONTROLS)].filter((e) => e.tabIndex >= 0);
    const at = all.indexOf(held as HTMLElement);
    before = at < 0 ? [] : all.slice(0, at).reverse();
    after = at < 0 ? [] : all.slice(at + 1);
  }

  const observer = new MutationObserver(() => {
    if (!held || document.activeElement !== document.body || isThere(held)) return;
    const next = after.find(isThere) ?? before.find(isThere);
    (next ?? node.querySelector<HTMLElement>("h1"))?.focus({ preventScroll: next === undefined });
  });

  node.addEventListener("focusin", remember);
  observer.observe(node, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["hidden", "disabled"],
  });
  return () => {
    node.removeEventListener("focusin", remember);
    observer.disconnect();
  };
}

function isThere(e: Element): boolean {
  return e.isConnected && e.checkVisibility() && !e.matches(":disabled");
}
