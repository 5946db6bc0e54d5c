// Takes a picture of every part of the gallery in both themes, and runs axe over it.
//   node scripts/gallery.mjs [out folder] [address of a running dev server]
// Without an address it starts a dev server of its own. Exits 1 when axe finds anything.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { createServer } from "vite";
import { launch } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = process.argv[2] ?? `${root}/../tests/pictures/gallery`;
await mkdir(out, { recursive: true });

/** What is done before each picture. */
const PICTURES = {
  fields: [],
  "fields-why": [
    (page) => page.getByRole("button", { name: /^Why\?/ }).click(),
    (page) => page.getByRole("button", { name: "Show", exact: true }).click(),
  ],
  choosing: [],
  "choosing-combobox": [
    (page) => page.getByRole("combobox", { name: "Jira field" }).click(),
    (page) => page.keyboard.press("ArrowDown"),
  ],
  "choosing-search": [
    (page) => page.getByRole("combobox", { name: "Project", exact: true }).click(),
    (page) => page.keyboard.type("project 42"),
  ],
  "choosing-several": [
    (page) => page.getByRole("button", { name: /^Jira types for Feature/ }).click(),
  ],
  "choosing-select": [(page) => page.getByLabel(/^Sort by/).click()],
  "choosing-menu": [
    (page) => page.getByRole("button", { name: "Actions" }).click(),
    (page) => page.keyboard.press("ArrowDown"),
  ],
  telling: [],
  "telling-dialog": [
    (page) => page.getByRole("button", { name: "Disconnect", exact: true }).click(),
  ],
  rows: [],
  "rows-keyboard": [
    (page) => page.getByRole("treegrid").focus(),
    (page) => page.keyboard.press("End"),
    (page) => page.keyboard.press("Shift+ArrowUp"),
    (page) => page.keyboard.press("Shift+ArrowUp"),
  ],
  text: [],
  frame: [(page) => page.getByRole("button", { name: "Fill the frame" }).click()],
  "frame-palette": [(page) => page.keyboard.press("Control+k")],
  "frame-shortcuts": [(page) => page.keyboard.press("?")],
};

const server = process.argv[3]
  ? undefined
  : await createServer({ root, server: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
await server?.listen();
const address = process.argv[3] ?? server.resolvedUrls.local[0];

const browser = await launch();
let violations = 0;
try {
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({
      viewport: { width: 1240, height: 800 },
      colorScheme: theme,
      reducedMotion: "reduce",
    });
    for (const [name, steps] of Object.entries(PICTURES)) {
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
      // No engine stands behind the gallery.
      await page.route(
        (url) => url.pathname === "/events" || url.pathname.startsWith("/rpc/"),
        (route) => route.abort(),
      );
      await page.goto(`${address}#/gallery?part=${name.split("-")[0]}`);
      await page.getByRole("heading", { name: "Gallery" }).waitFor();
      await page.evaluate(() => document.fonts.ready);
      for (const step of steps) await step(page);
      await page.waitForTimeout(250);
      if (steps.length === 0) {
        const height = await page.evaluate(() => document.getElementById("screen").scrollHeight);
        await page.setViewportSize({ width: 1240, height: Math.max(800, height + 28) });
      }
      await page.screenshot({ path: `${out}/${name}-${theme}.png` });
      const axe = new AxeBuilder({ page });
      // A menu or list that floats belongs to the button that opened it, not to a landmark.
      if (await page.locator("[data-bits-floating-content-wrapper]").count()) {
        axe.disableRules("region");
      }
      const found = await axe.analyze();
      for (const { id, help, nodes } of found.violations) {
        violations += nodes.length;
        console.log(`${name} (${theme}): ${id}: ${help}`);
        for (const node of nodes.slice(0, 4)) {
          console.log(`    ${node.html.slice(0, 200)}\n    ${node.failureSummary.split("\n")[1]}`);
        }
      }
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server?.close();
}
console.log(`${violations} violations`);
process.exit(violations === 0 ? 0 : 1);
