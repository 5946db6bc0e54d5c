// A page of the interface: found by role and name, photographed, and looked at by axe.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { launch } from "../../scripts/browser.mjs";

const PICTURES = fileURLToPath(new URL("../../../tests/pictures/browser", import.meta.url));
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const WAIT_MS = 30_000;

/** Runs `story({ open })` with a browser; a page that is open when it fails is photographed. */
export async function withBrowser(name, story) {
  await mkdir(PICTURES, { recursive: true });
  const browser = await launch();
  const screens = [];
  try {
    const open = async (options = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1240, height: 800 },
        colorScheme: "light",
        reducedMotion: "reduce",
        ...options,
      });
      context.setDefaultTimeout(WAIT_MS);
      const screen = new Screen(await context.newPage(), name);
      screens.push(screen);
      return screen;
    };
    await story({ open });
    for (const { broken } of screens) assert.deepEqual(broken, [], "errors on the page");
  } catch (error) {
    for (const [i, { page, broken }] of screens.entries()) {
      await page.screenshot({ path: `${PICTURES}/failed-${name}-${i}.png` }).catch(() => undefined);
      error.message += `\n  at ${page.url()} ${broken.join("\n")}`;
    }
    throw error;
  } finally {
    await browser.close();
  }
}

export class Screen {
  /** What went wrong on the page without anybody noticing. */
  broken = [];

  constructor(page, name) {
    this.page = page;
    this.name = name;
    page.on("pageerror", (error) => this.broken.push(error.message));
    page.on("console", (message) => {
      // Refusals of the engine are answers with an error status, which the browser reports.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        this.broken.push(message.text());
    });
  }

  /** A second tab of the same browser window. */
  async another() {
    return new Screen(await this.page.context().newPage(), this.name);
  }

  async goto(address) {
    await this.page.goto(address);
  }

  async reload() {
    await this.page.reload();
  }

  /** What can be seen, by role and name. A name that is text must be the whole name. */
  find(role, name, options = {}) {
    const exact = typeof name === "string";
    return this.page.getByRole(role, { name, exact, ...options });
  }

  async click(role, name) {
    await this.find(role, name).first().click();
  }

  async fill(role, name, text) {
    await this.find(role, name).first().fill(text);
  }

  /** Waits until this can be seen. */
  async has(role, name, options) {
    await this.find(role, name, options).first().waitFor();
  }

  /** Waits until this text can be seen. */
  async sees(text) {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Does `deed` and waits until the engine has been asked for `command` because of it. */
  async asks(command, deed) {
    const asked = this.page.waitForRequest((request) => request.url().endsWith(`/rpc/${command}`));
    await deed();
    await asked;
    // A whole question later the engine has read the one before.
    await this.page.evaluate(() => fetch("/index.html").then((answer) => answer.text()));
  }

  /** Waits until none of this can be seen. */
  async lacks(role, name, options) {
    await this.find(role, name, options)
      .filter({ visible: true })
      .first()
      .waitFor({ state: "hidden" });
  }

  /** Waits until `probe()` gives `wanted`. */
  async until(probe, wanted, what = String(probe)) {
    const deadline = Date.now() + WAIT_MS;
    let got;
    do {
      got = await probe();
      if (JSON.stringify(got) === JSON.stringify(wanted)) return;
      await this.frame();
    } while (Date.now() < deadline);
    assert.deepEqual(got, wanted, what);
  }

  /** Waits until the page has been laid out and drawn anew. */
  async frame() {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  async picture(name) {
    const path = `${PICTURES}/${this.name}-${name}.png`;
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** Takes a picture in each theme, and fails if axe finds anything in it. */
  async shows(picture, { axe = true } = {}) {
    const { page } = this;
    await page.evaluate(() => document.fonts.ready);
    // What is about to be replaced is faded on purpose.
    await this.until(() => page.locator("[aria-busy='true']:visible").count(), 0, "busy");
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await this.picture(`${picture}-${colorScheme}`);
      if (!axe) continue;
      // The two differ in nothing but their colours.
      found.push(
        ...(await this.violations(colorScheme === "light" ? undefined : ["color-contrast"])),
      );
    }
    await page.emulateMedia({ colorScheme: "light" });
    assert.deepEqual(found, [], `axe on ${picture}`);
  }

  async violations(rules) {
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode(true);
    if (rules) axe.withRules(rules);
    else {
      axe.withTags(RULES);
      // What floats belongs to the button that opened it, not to a landmark.
      if (await this.page.locator("[data-bits-floating-content-wrapper]").count())
        axe.disableRules("region");
    }
    const { violations } = await axe.analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 240)}\n${node.failureSummary}`),
    );
  }
}
