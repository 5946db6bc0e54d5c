// The keyboard alone. After every key somebody must be able to say where they are: the focus is somewhere, can be seen,
// and stands inside of what is shown.
import assert from "node:assert/strict";

const TABS_MAX = 120;

export class Keys {
  constructor(screen) {
    this.screen = screen;
    this.page = screen.page;
  }

  async press(...keys) {
    for (const key of keys) {
      const last = key.endsWith("Tab") && (await this.page.evaluate(isAtAnEnd));
      await this.page.keyboard.press(key);
      // Behind the last control the browser's own come, and then the first one.
      if (last && (await this.page.evaluate(() => document.activeElement === document.body)))
        await this.page.keyboard.press(key);
      await this.#inPlace(key);
    }
  }

  async type(text) {
    await this.page.keyboard.type(text);
    await this.#inPlace(text);
  }

  /** Goes on with Tab until this has the focus. */
  async to(role, name, { back = false } = {}) {
    const wanted = this.screen.find(role, name).first();
    await wanted.waitFor();
    const passed = [];
    for (let i = 0; i < TABS_MAX; i += 1) {
      const state = await wanted
        .evaluate((e) =>
          e === document.activeElement ? "there" : e.disabled ? "disabled" : "away",
        )
        .catch(() => "away");
      if (state === "there") return;
      await this.press(back ? "Shift+Tab" : "Tab");
      passed.push(await this.page.evaluate(nameOfFocus));
    }
    assert.fail(
      `Tab does not lead to the ${role} ${String(name)}; it passed\n${passed.join("\n")}`,
    );
  }

  /** Replaces what stands in the field that has the focus. */
  async fill(role, name, text) {
    await this.to(role, name);
    await this.press("Control+a");
    await this.type(text);
  }

  /** Presses a button. */
  async use(role, name, key = "Enter") {
    await this.to(role, name);
    await this.press(key);
  }

  /** Where the focus comes to rest: something that opens or closes takes it a moment later. */
  async #inPlace(after) {
    let wrong;
    for (const deadline = Date.now() + 3_000; Date.now() < deadline;) {
      wrong = await this.page.evaluate(troubleOfFocus);
      if (wrong === undefined) return;
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
    assert.fail(`after ${after}: ${wrong}`);
  }
}

function isAtAnEnd() {
  const all = [...document.querySelectorAll("a[href], button, input, textarea, [tabindex]")].filter(
    (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility(),
  );
  const at = all.indexOf(document.activeElement);
  return at <= 0 || at === all.length - 1;
}

function nameOfFocus() {
  const e = document.activeElement;
  const name = e.getAttribute("aria-label") ?? e.textContent ?? "";
  return `${e.getAttribute("role") ?? e.tagName.toLowerCase()} ${name.trim().slice(0, 60)}`;
}

/** What is wrong with where the focus is; nothing if all is well. Runs in the page. */
function troubleOfFocus() {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return "the focus is lost";
  const told = `${e.getAttribute("role") ?? e.tagName} "${(e.getAttribute("aria-label") ?? e.textContent ?? "").trim().slice(0, 60)}"`;
  const pointed = document.getElementById(e.getAttribute("aria-activedescendant") ?? "");

  // Where one types in a list that has just opened, the caret shows it.
  if (e.matches("input[role='combobox']") && !pointed) return undefined;
  // Titles, panels and dialogs that take the focus so that reading begins there are not controls and need no ring.
  const control = e.tabIndex >= 0 || pointed !== null;
  const seen = (colour) => !/transparent|rgba\(.*, 0\)$/.test(colour);
  const ringed = (x) => {
    const style = getComputedStyle(x);
    return (
      (style.outlineStyle !== "none" &&
        parseFloat(style.outlineWidth) >= 1 &&
        seen(style.outlineColor)) ||
      (style.boxShadow !== "none" && /inset/.test(style.boxShadow))
    );
  };
  const pseudo = (x) =>
    ["::before", "::after"].some((part) => {
      const style = getComputedStyle(x, part);
      return style.content !== "none" && seen(style.backgroundColor);
    });
  const marked = (x) => ringed(x) || seen(getComputedStyle(x).backgroundColor);
  const around = [e, e.parentElement, e.parentElement?.parentElement].filter(Boolean);
  const hiddenInput = e.matches("input[type='radio'], input[type='checkbox']")
    ? [e.nextElementSibling, e.closest("label")].filter(Boolean)
    : [];
  if (
    control &&
    ![...around, ...hiddenInput].some(ringed) &&
    !pseudo(e) &&
    !(pointed && marked(pointed))
  )
    return `nothing shows the focus on ${told}`;

  // What of it lies inside the window and inside everything that clips it.
  const visible = (x) => {
    let { left, right, top, bottom } = x.getBoundingClientRect();
    for (let box = x.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflow === "visible") continue;
      const r = box.getBoundingClientRect();
      left = Math.max(left, r.left);
      right = Math.min(right, r.right);
      top = Math.max(top, r.top);
      bottom = Math.min(bottom, r.bottom);
    }
    right = Math.min(right, innerWidth);
    bottom = Math.min(bottom, innerHeight);
    left = Math.max(left, 0);
    top = Math.max(top, 0);
    return right - left > 1 && bottom - top > 1 ? { left, right, top, bottom } : undefined;
  };
  const shownBy = hiddenInput.find((x) => visible(x)) ?? e;
  for (const x of pointed ? [shownBy, pointed] : [shownBy]) {
    const rect = visible(x);
    if (!rect) return `${x === pointed ? "what is pointed at by" : ""} ${told} is out of view`;
    const { height } = x.getBoundingClientRect();
    if (height < 60 && rect.bottom - rect.top < height * 0.6) return `${told} is cut off`;
    // Nothing may lie over it.
    const hit = document.elementFromPoint(
      (rect.left + rect.right) / 2,
      (rect.top + rect.bottom) / 2,
    );
    if (hit && !x.contains(hit) && !hit.contains(x) && !hit.closest("label")?.contains(x))
      return `${told} is covered by ${hit.outerHTML.slice(0, 120)}`;
  }
  return undefined;
}
