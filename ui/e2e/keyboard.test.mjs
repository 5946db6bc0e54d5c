// The main job by keyboard alone, on both kinds of Jira, from the empty directory to the backlog.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FACES } from "./support/face.mjs";
import { Keys } from "./support/keys.mjs";
import { withBrowser } from "./support/page.mjs";
import { lockstep, practiceSite } from "./support/programs.mjs";

for (const kind of Object.values(FACES)) {
  test(`a project is imported by keyboard alone from ${kind.face}`, async () => {
    const site = await practiceSite({ face: kind.face, projects: 30 });
    const app = await lockstep();
    try {
      await withBrowser(`keyboard-${kind.face}`, async ({ open }) => {
        const screen = await open();
        const keys = new Keys(screen);
        await screen.goto(app.address);
        await screen.has("heading", "Before you start");
        await connect(screen, keys, site, kind);
        await addProject(screen, keys);
        await mapHierarchy(screen, keys);
        await mapFields(screen, keys);
        await filter(screen, keys);
        await importAndUndo(screen, keys, site, kind);
        await useBacklog(screen, keys);
      });
    } finally {
      await site.stop();
      await app.stop();
    }
  });
}

async function connect(screen, keys, site, kind) {
  await keys.press("Tab");
  await keys.use("link", "Skip to the content");
  await keys.use("button", "Connect your Jira");
  await screen.has("heading", "Connect to Jira");
  await keys.fill("textbox", "Address", site.url);
  await screen.sees(kind.kind);
  const login = kind.login(site);
  if (login) await keys.fill("textbox", ...login);
  await keys.fill("textbox", kind.secret, "not the right one");
  await keys.press("Enter");
  await screen.sees(/^Jira does not accept the credentials\./);
  // The field that the refusal is about has the focus.
  await screen.until(
    () => screen.find("textbox", kind.secret).evaluate((e) => e === document.activeElement),
    true,
  );
  await keys.fill("textbox", kind.secret, kind.right(site));
  await keys.press("Enter");
  await screen.has("button", "Continue");
  await keys.use("button", "Continue");
}

async function addProject(screen, keys) {
  await screen.has("option", /Orbital Imaging Platform/);
  await keys.fill("combobox", "Project", "imaging");
  await screen.sees(/^1 project$/);
  await keys.press("Enter");
  await keys.to("combobox", "Board");
  await keys.press("ArrowDown");
  await keys.type("leader");
  await screen.sees("leadership view");
  await keys.press("Enter");
  await screen.lacks("listbox", "Board");
  await keys.fill("textbox", "Name of the integration", "Platform");
  await keys.use("button", "Add project");
}

async function mapHierarchy(screen, keys) {
  await screen.has("heading", "How ten real issues will look");
  await keys.use("button", "Remove Epic");
  await screen.sees("will be skipped");
  await keys.use("button", /^Jira types that become Story/);
  await keys.type("Epic");
  await screen.until(() => screen.find("option").count(), 1);
  await keys.press("Enter", "Escape");
  await screen.sees("Correct the row Story first");
  await keys.use("button", "Reset to suggestions");
  await keys.use("button", "Accept the suggestion for Epic");
  await keys.use("button", "Accept all");
  await keys.use("button", "Save and continue");
}

async function mapFields(screen, keys) {
  await screen.has("region", "Suggestions");
  await keys.use("button", /^Direction of Title/);
  await screen.has("dialog", "Direction of Title");
  await keys.press("ArrowDown", "Escape");
  await keys.use("button", "Show the detail of Importance");
  await screen.has("heading", "What happens to the values");
  await keys.use("button", /^Accept (?!all)/);
  await keys.use("button", /^Dismiss /);
  await keys.use("button", "Accept all");
  await keys.use("button", "Add a field");
  await keys.press("Enter");
  await screen.has("listbox", "Workspace field");
  await keys.press("ArrowDown", "ArrowUp", "Enter");
  await screen.lacks("listbox", "Workspace field");
  await keys.use("combobox", "Jira field: Jira field");
  await screen.has("listbox", "Jira field");
  await keys.press("End", "Escape");
  await keys.use("button", "Do not add a field");
  await keys.use("button", "Save and continue");
}

async function filter(screen, keys) {
  await screen.sees("Last updated");
  await keys.fill("textbox", "Filter (JQL)", "issuetype = Nonsense");
  await screen.sees("Correct the filter first");
  await keys.fill("textbox", "Filter (JQL)", "issuetype in (Epic, Story, Bug, Task)");
  await screen.until(() => screen.find("button", "Make the plan").isEnabled(), true);
  await keys.use("switch", "Include closed issues", "Space");
  await keys.use("button", "New area");
  await keys.type("Ground segment");
  await keys.press("Enter");
  await screen.lacks("textbox", "Name of the new area");
  await screen.until(() => screen.find("button", "Make the plan").isEnabled(), true);
}

async function importAndUndo(screen, keys, site, kind) {
  site.close(kind.fetches);
  await keys.use("button", "Make the plan");
  await screen.has("button", "Pause");
  await site.openAfter(() => screen.asks("import_pause", () => keys.use("button", "Pause")));
  await screen.sees("This import stands still");
  await keys.use("button", "Resume");
  await screen.has("button", /^Import \d+ items$/);
  await screen.has("row", /ORB-/);
  await keys.use("button", /^Create/);
  await keys.fill("searchbox", "Search the plan", "ORB-1");
  await screen.has("row", /ORB-1/);
  await screen.lacks("row", /ORB-[2-9]/);
  await keys.to("grid", "Issues of the plan");
  await keys.press("ArrowDown", "ArrowDown", "End", "Home");
  await screen.has("region", "The issue closely");
  await keys.press("Escape");
  await screen.lacks("region", "The issue closely");
  await keys.use("button", /^Import \d+ items$/);
  await screen.has("button", "Undo this import");
  await keys.use("button", "Undo this import");
  await screen.has("alertdialog", "Undo this import?");
  await keys.use("button", "Undo the import");
  await screen.sees("The import was undone");
  await keys.use("button", "Plan a new import");
  await screen.sees("Last updated");
  await screen.until(() => screen.find("button", "Make the plan").isEnabled(), true);
  await keys.use("button", "Make the plan");
  await screen.has("button", /^Import \d+ items$/);
  await keys.use("button", /^Import \d+ items$/);
  await screen.has("button", "Open the backlog");
  await keys.use("button", "Open the backlog");
}

async function useBacklog(screen, keys) {
  const { page } = screen;
  const counted = async () =>
    Number(/^(\d+)/.exec(await page.locator(".counted").innerText())?.[1]);
  await screen.has("row", /ORB-/);
  const all = await counted();

  await keys.press("/");
  await keys.type("ORB-5");
  await screen.until(async () => (await counted()) < all, true, "searched");
  await keys.press("Escape");
  await screen.until(counted, all, "search left");
  await keys.press("Escape");

  await keys.to("treegrid", "Backlog");
  await keys.press(
    "End",
    "Home",
    "PageDown",
    "PageUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "j",
    "k",
  );
  await keys.press("Enter");
  await screen.has("complementary", "Item");
  await screen.sees(/Linked through Platform/);
  await keys.press("j");
  await keys.to("region", "Fields");
  await keys.press("Escape");
  await screen.lacks("complementary", "Item");

  await keys.use("button", "Dev Status");
  await screen.has("option");
  await keys.press("Enter", "Escape");
  await screen.has("button", /^Remove the filter Dev Status/);
  await keys.use("button", /^Remove the filter Dev Status/);
  await screen.until(counted, all, "filter removed");
  await keys.use("button", "Sort");
  await screen.has("menuitem", "From the end");
  await keys.press("ArrowDown", "Escape");

  // Several items to another area, and back.
  await keys.to("treegrid", "Backlog");
  await keys.press("Home", "Space", "Shift+ArrowDown", "Shift+ArrowDown");
  await screen.sees(/^3 selected$/);
  await keys.press("m");
  await screen.has("dialog", /^Move 3 items to an area/);
  await keys.type("Archive");
  await keys.use("button", /^Make the area “Archive”/);
  const archive = page.getByRole("treeitem", { name: /^Archive/ });
  await archive.waitFor();
  await screen.sees(/^Moved \d+ items? to /);
  await keys.press("Control+z");
  await screen.until(() => archive.locator(".count").innerText(), "0", "taken back");

  // The tree of areas: choose one, rename it.
  await keys.to("tree", "Product areas", { back: true });
  await keys.press("End", "Home", "ArrowDown", "Enter");
  await screen.has("button", /^Remove the filter Area/);
  await keys.press("F2");
  await keys.type("Payload");
  await keys.press("Enter");
  await page.getByRole("treeitem", { name: /^Payload/ }).waitFor();

  await keys.press("Control+k");
  await keys.type("integrations");
  await screen.has("option", /Integrations/);
  await keys.press("Enter");
  await screen.has("heading", "Integrations");
  await keys.press("?");
  await screen.has("dialog", "Keyboard shortcuts");
  await keys.press("Escape");
  assert.ok(page.url().endsWith("#/integrations"));
}
