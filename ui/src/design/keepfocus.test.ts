import { expect, test } from "vitest";
import { keepFocus } from "./keepfocus.ts";

/** Focuses `first`, takes away `gone`, and says what has the focus then. */
async function check(first: string, gone: readonly string[]) {
  document.body.innerHTML = `<section><h1 tabindex="-1" id="title">Step</h1>
    <button id="a">A</button><button id="b">B</button><button id="c">C</button></section>`;
  const section = document.querySelector("section");
  if (!section) throw new Error("there is a section");
  // The test's document does not lay out; everything in it can be seen.
  for (const e of section.querySelectorAll("*")) e.checkVisibility = () => true;
  const stop = keepFocus(section);
  document.getElementById(first)?.focus();
  for (const id of gone) document.getElementById(id)?.remove();
  if (document.activeElement !== document.body) (document.activeElement as HTMLElement).blur();
  section.append(document.createElement("p"));
  await new Promise((resolve) => setTimeout(resolve));
  stop();
  return document.activeElement?.id;
}

test("the focus goes on to what follows", async () => {
  expect(await check("b", ["b"])).toBe("c");
});

test("with nothing behind it, it goes back to what stood before", async () => {
  expect(await check("c", ["c"])).toBe("b");
});

test("with nothing left, it goes to the heading", async () => {
  expect(await check("b", ["a", "b", "c"])).toBe("title");
});
