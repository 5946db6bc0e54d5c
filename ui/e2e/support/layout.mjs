// Whether all that is shown can be reached and read at the size that the page has.

/** What is cut off or sticks out, in words. Runs in the page. */
function faults() {
  const found = [];
  const told = (e) =>
    `${e.tagName.toLowerCase()}.${String(e.className?.baseVal ?? e.className)} "${(e.getAttribute("aria-label") ?? e.textContent ?? "").trim().slice(0, 50)}"`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) found.push("the page scrolls sideways");
  const forTheEar = (e) => {
    for (let x = e; x; x = x.parentElement)
      if (getComputedStyle(x).clipPath !== "none") return true;
    return e.closest(".skip, [aria-hidden='true']") !== null;
  };
  for (const e of document.body.querySelectorAll("*")) {
    if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (forTheEar(e) || e.closest("svg")) continue;
    const style = getComputedStyle(e);
    const wide = e.scrollWidth > e.clientWidth + 1;
    const tall = e.scrollHeight > e.clientHeight + 1;
    if (/auto|scroll/.test(style.overflowX) && wide && e.clientWidth > 0)
      found.push(`scrolls sideways: ${told(e)}`);
    // Text that ends in an ellipsis is there in full in a title.
    const ellipsis = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (
      /hidden|clip/.test(style.overflowX) &&
      wide &&
      !ellipsis &&
      // What is typed scrolls within its field.
      !e.matches("input") &&
      e.clientWidth > 1 &&
      e !== document.body
    )
      found.push(`cut off at the side: ${told(e)}`);
    if (
      /hidden|clip/.test(style.overflowY) &&
      tall &&
      !ellipsis &&
      e.clientHeight > 1 &&
      e !== document.body
    )
      found.push(`cut off below: ${told(e)}`);
    // What can be used must lie inside the window, or in something that scrolls to it.
    if (!e.matches("a[href], button, input, textarea, [role='option'], [role='menuitem'], h1, h2"))
      continue;
    const r = e.getBoundingClientRect();
    if (r.width < 2) continue;
    let scrollsDown = false;
    for (let box = e.parentElement; box; box = box.parentElement)
      if (/auto|scroll/.test(getComputedStyle(box).overflowY)) scrollsDown = true;
    if (r.left < -1 || r.right > innerWidth + 1) found.push(`outside at the side: ${told(e)}`);
    if (!scrollsDown && (r.top < -1 || r.bottom > innerHeight + 1))
      found.push(`outside below: ${told(e)}`);
  }
  return [...new Set(found)];
}

export async function layoutFaults(page) {
  return page.evaluate(faults);
}
