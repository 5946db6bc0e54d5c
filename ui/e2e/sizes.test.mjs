// The smallest window, and a window twice enlarged: nothing scrolls sideways and nothing is cut off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutFaults } from "./support/layout.mjs";
import { withBrowser } from "./support/page.mjs";
import { lockstep } from "./support/programs.mjs";

const SIZES = {
  "960x640": { viewport: { width: 960, height: 640 } },
  // What a browser window of 1280 by 1024 has left at 200 %.
  "200-per-cent": { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 },
};

test("every screen fits the smallest window, and one that is twice enlarged", async () => {
  const app = await lockstep();
  try {
    await withBrowser("sizes", async ({ open }) => {
      const screen = await open();
      await screen.goto(app.address);
      const faults = [];
      const fits = async (picture) => {
        for (const [name, { viewport }] of Object.entries(SIZES)) {
          await screen.page.setViewportSize(viewport);
          await screen.frame();
          const found = await layoutFaults(screen.page);
          faults.push(...found.map((fault) => `${picture} at ${name}: ${fault}`));
          await screen.picture(`${picture}-${name}`);
        }
        await screen.page.setViewportSize({ width: 1240, height: 800 });
        await screen.frame();
      };
      await everyScreen(screen, fits);
      assert.deepEqual(faults, []);
    });
  } finally {
    await app.stop();
  }
});

async function everyScreen(screen, fits) {
  const { page } = screen;
  await screen.has("heading", "Before you start");
  await fits("01-start");
  await screen.click("button", "Connect your Jira");
  await screen.has("heading", "Connect to Jira");
  await screen.click("button", "Advanced: certificates and proxy");
  await fits("02-connect");
  await screen.click("link", "Before you start");
  await screen.click("button", "Start rehearsing");
  await screen.has("option", /Orbital Imaging Platform/);
  await fits("03-projects");
  await screen.click("option", /Orbital Imaging Platform/);
  await screen.has("combobox", "Board");
  await fits("04-project");
  await screen.click("button", "Add project");
  await screen.has("heading", "How ten real issues will look");
  await screen.sees("ORB-1");
  await fits("05-hierarchy");
  await screen.click("button", /^Jira types that become Story/);
  await screen.has("option", /Epic/);
  await fits("06-hierarchy-list");
  await page.keyboard.press("Escape");
  await screen.click("button", "Save and continue");
  await screen.has("region", "Suggestions");
  await screen.click("button", "Show the detail of Importance");
  await fits("07-fields");
  await screen.click("button", "Accept all");
  await screen.click("button", "Save and continue");
  await screen.sees("Last updated");
  await fits("08-filter");
  await screen.click("button", "Make the plan");
  await screen.has("row", /ORB-/);
  await screen.find("row", /ORB-/).first().click();
  await screen.has("region", "The issue closely");
  await fits("09-plan");
  await screen.click("button", /^Import [\d,]+ items$/);
  await screen.has("button", "Undo this import");
  await fits("10-imported");
  await screen.click("button", "Undo this import");
  await screen.has("alertdialog", "Undo this import?");
  await fits("11-undo-asked");
  await screen.click("button", "Keep the import");
  await screen.click("button", "Open the backlog");
  await screen.has("row", /ORB-/);
  await fits("12-backlog");
  await screen.click("button", "Sort");
  await screen.has("menuitem", "From the end");
  await fits("13-menu");
  await page.keyboard.press("Escape");
  await page.locator("[data-part='title']").nth(2).click();
  await screen.sees(/Linked through/);
  await fits("14-item");
  await page.keyboard.press("Escape");
  await screen.lacks("complementary", "Item");
  await page.keyboard.press("m");
  await screen.has("dialog", /^Move 1 item/);
  await fits("15-move");
  await page.keyboard.press("Escape");
  await screen.lacks("dialog", /^Move 1 item/);
  await page.keyboard.press("Control+k");
  await screen.has("dialog", "Search and commands");
  await fits("16-palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await screen.has("dialog", "Keyboard shortcuts");
  await fits("17-shortcuts");
  await page.keyboard.press("Escape");
  await screen.click("link", "Integrations");
  await screen.has("heading", "Integrations");
  await fits("18-integrations");
  await screen.click("link", "Conflicts");
  await screen.has("heading", "Conflicts");
  await fits("19-conflicts");
  await screen.click("link", "Problems");
  await screen.has("heading", "Problems");
  await fits("20-problems");
  await screen.click("link", "Activity");
  await screen.has("heading", "Activity");
  await fits("21-activity");
}
