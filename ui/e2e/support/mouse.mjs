// The main job with the mouse, on both kinds of Jira: every screen, menu and dialog on the way is looked at by axe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./page.mjs";
import { lockstep, practiceSite } from "./programs.mjs";

/** The whole way on one kind of Jira, looked at in both themes. */
export function importWithTheMouse(kind) {
  test(`a project is imported with the mouse from ${kind.face}`, async () => {
    const site = await practiceSite({ face: kind.face, projects: 30 });
    const app = await lockstep();
    try {
      await withBrowser(`mouse-${kind.face}`, async ({ open }) => {
        const screen = await open();
        await screen.goto(app.address);
        await connect(screen, site, kind);
        await addProject(screen);
        await mapHierarchy(screen);
        await mapFields(screen);
        await filter(screen);
        await plan(screen, site, kind);
        await undoAndImportAgain(screen);
        await findInBacklog(screen);
        await moveInBacklog(screen);
        await editAndSync(screen, site, kind);
        await lookAround(screen);
      });
    } finally {
      await site.stop();
      await app.stop();
    }
  });
}

async function connect(screen, site, kind) {
  await screen.has("heading", "Before you start");
  assert.ok(!screen.page.url().includes("token"), "the token stays in the address bar");
  await screen.shows("01-start");
  await screen.click("button", "Connect your Jira");
  await screen.has("heading", "Connect to Jira");
  await screen.shows("02-connect");

  await screen.fill("textbox", "Address", `  ${site.url}/browse/ORB-1 `);
  await screen.sees(kind.kind);
  const login = kind.login(site);
  if (login) await screen.fill("textbox", ...login);
  await screen.fill("textbox", kind.secret, "not the right one");
  await screen.until(() => screen.find("textbox", "Address").inputValue(), site.url);
  await screen.sees("Cleaned up:");
  await screen.click("button", "Connect");
  await screen.sees(/^Jira does not accept the credentials\./);
  await screen.shows("03-wrong-secret");

  await screen.click("button", "Why?");
  await screen.sees("this computer's keyring and nowhere else");
  await screen.fill("textbox", kind.secret, kind.right(site));
  await screen.click("button", "Connect");
  await screen.has("button", "Continue");
  await screen.shows("04-connected");
  await screen.click("button", "Continue");
}

async function addProject(screen) {
  await screen.has("heading", "Add a project");
  await screen.has("option", /Orbital Imaging Platform/);
  await screen.shows("05-projects");
  await screen.fill("combobox", "Project", "there is no such project");
  await screen.sees("No project matches");
  await screen.shows("06-no-project");
  await screen.fill("combobox", "Project", "imaging");
  await screen.sees(/^1 project$/);
  await screen.click("option", /Orbital Imaging Platform/);
  await screen.click("combobox", "Board");
  await screen.has("option", /No board/);
  await screen.shows("07-boards");
  await screen.fill("combobox", "Search Board", "no board");
  await screen.click("option", /No board/);
  await screen.sees(/^No board$/);
  await screen.click("combobox", "Board");
  await screen.click("option", /platform.*Scrum/);
  await screen.fill("textbox", "Name of the integration", "Platform");
  await screen.shows("08-project");
  await screen.click("button", "Add project");
}

async function mapHierarchy(screen) {
  await screen.has("heading", "How ten real issues will look");
  await screen.sees("ORB-1");
  await screen.shows("09-hierarchy");
  await screen.click("button", "Remove Epic");
  await screen.sees("will be skipped");
  await screen.click("button", /^Jira types that become Story/);
  await screen.has("option", /Epic/);
  await screen.shows("10-hierarchy-list");
  await screen.click("option", /Epic/);
  await screen.page.keyboard.press("Escape");
  await screen.sees("Correct the row Story first");
  assert.ok(await screen.find("button", "Save and continue").isDisabled());
  await screen.shows("11-hierarchy-refused");
  await screen.click("button", "Reset to suggestions");
  await screen.has("button", "Accept the suggestion for Epic");
  await screen.click("button", "Accept the suggestion for Epic");
  await screen.click("button", "Accept all");
  await screen.sees("Accepted, not saved yet");
  await screen.click("button", "Save and continue");
}

async function mapFields(screen) {
  await screen.has("heading", "Map the fields");
  await screen.has("region", "Suggestions");
  await screen.shows("12-fields");
  await screen.click("button", /^Direction of Title/);
  await screen.has("dialog", "Direction of Title");
  await screen.shows("13-direction");
  await screen.page.keyboard.press("Escape");
  await screen.click("button", "Show the detail of Importance");
  await screen.has("heading", "What happens to the values");
  await screen.shows("14-field-detail");
  await screen.click("button", "Hide the detail of Importance");
  await screen.click("button", "Accept all");
  await screen.click("button", "Add a field");
  await screen.click("combobox", "Workspace field: Workspace field");
  await screen.has("option", /Effort|Value/);
  await screen.shows("15-field-list");
  await screen.find("option").first().click();
  await screen.click("combobox", "Jira field: Jira field");
  await screen.sees("Cannot be chosen");
  await screen.shows("16-field-greyed");
  await screen.page.keyboard.press("Escape");
  await screen.click("button", "Do not add a field");
  await screen.click("button", "Save and continue");
}

async function filter(screen) {
  await screen.has("button", "Make the plan");
  await screen.sees("Last updated");
  await screen.shows("17-filter");
  await screen.fill("textbox", "Filter (JQL)", "issuetype = Nonsense");
  await screen.sees("Correct the filter first");
  await screen.shows("18-filter-refused");
  await screen.fill("textbox", "Filter (JQL)", "issuetype in (Epic, Story, Bug, Task)");
  await screen.has("status", undefined);
  await screen.until(async () => await screen.find("button", "Make the plan").isEnabled(), true);
  const before = await counted(screen);
  await screen.click("switch", "Include closed issues");
  await screen.until(async () => (await counted(screen)) > before, true, "closed issues count");
  await screen.click("combobox", /Product area/);
  await screen.has("option", /Imported from Jira/);
  await screen.shows("19-area");
  await screen.page.keyboard.press("Escape");
  await screen.click("button", "The whole filter");
  await screen.shows("20-filter-why");
}

async function counted(screen) {
  const text = await screen.find("region", "What would come in").getByRole("status").innerText();
  return Number(/(\d+) issues/.exec(text)?.[1] ?? Number.NaN);
}

async function plan(screen, site, kind) {
  // Behind a closed door the reading stands still, so that there is time to look at it and to press Pause.
  site.close(kind.fetches);
  await screen.click("button", "Make the plan");
  await screen.has("button", "Pause");
  await screen.shows("21-reading");
  await site.openAfter(() => screen.asks("import_pause", () => screen.click("button", "Pause")));
  await screen.sees("This import stands still");
  await screen.sees(/^It goes on with (asking Jira|reading the issues)/);
  await screen.shows("22-paused");
  await screen.click("button", "Resume");
  await screen.has("button", /^Import \d+ items$/);
  await screen.sees("Nothing has been written yet");
  await screen.has("row", /ORB-/);
  await screen.shows("23-plan");
  await screen.fill("searchbox", "Search the plan", "ORB-1");
  await screen.has("row", /ORB-1/);
  await screen.lacks("row", /ORB-[2-9]/);
  await screen.find("row", /ORB-1/).first().click();
  await screen.has("region", "The issue closely");
  await screen.sees("Afterwards:");
  await screen.shows("24-plan-detail");
  await screen.find("region", "The issue closely").getByRole("button", { name: "Close" }).click();
  await screen.fill("searchbox", "Search the plan", "there is no such issue");
  await screen.sees("No issue of the plan matches.");
  await screen.fill("searchbox", "Search the plan", "");
  await screen.click("button", /^Import \d+ items$/);
  await screen.has("button", "Undo this import");
  await screen.shows("25-imported");
  await byOutcome(screen);
}

/** After the import its issues are told apart by what has become of them. */
async function byOutcome(screen) {
  await screen.click("button", /^Created [\d,]+$/);
  await screen.lacks("row", /Skipped|Unchanged/);
  await screen
    .find("row", /Created/)
    .first()
    .click();
  await screen.has("link", "Open the item");
  await screen.shows("25a-imported-created");
  await screen.click("button", /^Failed 0$/);
  await screen.sees("Everything that was to be written was written.");
  await screen.shows("25b-imported-failed");
  await screen.click("button", "Show all issues");
  await screen.has("row", /ORB-/);
}

async function undoAndImportAgain(screen) {
  await screen.click("button", "Undo this import");
  await screen.has("alertdialog", "Undo this import?");
  await screen.shows("26-undo-asked");
  await screen.click("button", "Keep the import");
  await screen.lacks("alertdialog", "Undo this import?");
  await screen.click("button", "Undo this import");
  await screen.click("button", "Undo the import");
  await screen.sees("The import was undone");
  await screen.shows("27-undone");
  await screen.click("link", "Backlog");
  await screen.sees("The backlog is empty");
  await screen.shows("28-backlog-empty");
  await screen.click("button", "Open the set-up");
  await screen.click("button", "Plan a new import");
  await screen.fill("textbox", "Filter (JQL)", "");
  await screen.sees("Last updated");
  await screen.click("button", "Make the plan");
  await screen.click("button", /^Import \d+ items$/);
  await screen.has("button", "Undo this import");
  await screen.click("button", "Open the backlog");
  await screen.has("row", /ORB-/);
}

/** What the toolbar says of how many items there are. */
const count = (screen) => screen.page.locator(".counted").innerText();

async function shownCount(screen) {
  const said = await count(screen);
  return Number(/^([\d,]+)/.exec(said)?.[1].replace(",", ""));
}

async function findInBacklog(screen) {
  const { page } = screen;
  await screen.sees("Imported from Jira");
  await screen.shows("30-backlog");
  const all = await shownCount(screen);

  await screen.fill("searchbox", /^Search the backlog/, "ORB-5");
  await screen.until(
    async () => (await shownCount(screen)) < all && /of/.test(await count(screen)),
    true,
  );
  await screen.has("row", /ORB-5/);
  await screen.shows("31-backlog-search");
  await screen.fill("searchbox", /^Search the backlog/, "there is no such item");
  await screen.sees("Nothing matches");
  await screen.shows("32-backlog-nothing");
  await screen.click("button", "Clear the filters");
  await screen.until(() => shownCount(screen), all);

  await screen.find("columnheader", "Dev Status").getByRole("button").click();
  await screen.until(
    () => screen.find("columnheader", "Dev Status").getAttribute("aria-sort"),
    "ascending",
  );
  await screen.click("button", "Sort");
  await screen.has("menuitem", "From the end");
  await screen.shows("33-backlog-sort");
  await screen.click("menuitem", "Rank");
  await screen.until(
    () => screen.find("columnheader", "Dev Status").getAttribute("aria-sort"),
    "none",
  );

  const bar = page.getByRole("group", { name: "What is shown" });
  for (const [label, option] of [
    ["Type", /^All of /],
    ["Type", /^Bug/],
    ["Dev Status", undefined],
  ]) {
    await bar.getByRole("button", { name: label, exact: true }).click();
    const choice = screen.find("option", option).first();
    const name = (await choice.getAttribute("title")) ?? "";
    await choice.click();
    await screen.has("option", name, { selected: true, exact: false });
    await screen.shows(`34-backlog-filter-${label.toLowerCase().replace(" ", "-")}`);
    await page.keyboard.press("Escape");
    await screen.has("button", /^Remove the filter /);
    await screen.until(async () => (await shownCount(screen)) < all, true, `filter by ${label}`);
    await screen.click("button", "Clear all");
    await screen.until(() => shownCount(screen), all);
  }
  await screen.click("button", "Columns");
  await screen.has("checkbox", "Key");
  await screen.shows("35-backlog-columns");
  await page.keyboard.press("Escape");

  await page.locator("[data-part='title']").nth(2).click();
  await screen.has("complementary", "Item");
  await screen.has("region", "Fields");
  await screen.sees(/Linked through Platform/);
  await screen.shows("36-item");
  await screen.click("button", /empty field/);
  await screen.shows("37-item-empty-fields");
  await screen
    .find("complementary", "Item")
    .getByRole("button", { name: "Close", exact: true })
    .click();
}

async function moveInBacklog(screen) {
  const { page } = screen;
  const row = (n) => page.locator(`[data-index='${n}']`);
  const area = (name) => page.getByRole("treeitem", { name: new RegExp(`^${name}`) });

  await row(1).click({ button: "right" });
  await screen.has("menuitem", /^Move to area/);
  await screen.shows("38-menu");
  await screen.click("menuitem", /^Move to area/);
  await screen.has("dialog", /^Move 1 item to an area/);
  await screen.fill("combobox", "Search product areas", "Ground segment");
  await screen.has("button", /^Make the area “Ground segment”/);
  await screen.shows("39-move");
  await screen.click("button", /^Make the area “Ground segment”/);
  await area("Ground segment").waitFor();
  await screen.sees(/^Moved \d+ items? to /);
  await screen.shows("40-moved");
  const moved = await areaCount(area("Ground segment"));
  assert.ok(moved >= 1);

  // By drag: the topmost tree that is still in the old area.
  await area("Imported from Jira").click();
  await screen.has("button", /^Remove the filter Area/);
  const title = (await row(0).locator("[data-part='title']").innerText()).trim();
  const from = await row(0).locator("[data-part='title']").boundingBox();
  const to = await area("Ground segment").boundingBox();
  await page.mouse.move(from.x + 20, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 30, { steps: 3 });
  await page.mouse.move(to.x + 60, to.y + 10, { steps: 5 });
  await screen.shows("41-drag", { axe: false });
  await page.mouse.up();
  await screen.until(
    async () => (await areaCount(area("Ground segment"))) > moved,
    true,
    "dragged",
  );
  await screen.until(
    async () => (await row(0).innerText()).includes(title),
    false,
    "left the area",
  );
  const dragged = await areaCount(area("Ground segment"));

  // In bulk.
  await row(0).locator("[data-part='tick']").click();
  await row(3).click({ modifiers: ["Shift"] });
  await screen.sees(/^[4-9]\d* selected$/);
  await screen.shows("42-selected");
  await screen.click("button", "Move to area…");
  await screen.has("dialog", /^Move \d+ items to an area/);
  await screen.fill("combobox", "Search product areas", "ground");
  await screen.click("option", /^Ground segment/);
  await screen.until(async () => (await areaCount(area("Ground segment"))) > dragged, true, "bulk");
  await screen.click("button", "Undo");
  await screen.until(() => areaCount(area("Ground segment")), dragged, "the move is taken back");
  await area("All items").click();
}

async function areaCount(item) {
  return Number((await item.locator(".count").innerText()).replace(",", ""));
}

/** An edit is kept here at once, and is in Jira after Sync now. */
async function editAndSync(screen, site, kind) {
  const { page } = screen;
  await page.locator("[data-part='title']").nth(2).click();
  const panel = screen.find("complementary", "Item");
  const key = (await panel.getByRole("link", { name: /^ORB-/ }).first().innerText()).trim();
  await screen.click("button", /^Edit Title/);
  await screen.fill("textbox", "Title", "Given up");
  await page.keyboard.press("Escape");
  await screen.lacks("textbox", "Title");
  await screen.click("button", /^Edit Title/);
  await screen.fill("textbox", "Title", "Edited in the panel");
  await screen.shows("43-item-edit");
  await page.keyboard.press("Enter");
  await screen.sees("Saved: Title");
  await screen.has("link", "Not in Jira yet");
  await screen.has("button", "Edit Title: Edited in the panel");
  await screen.shows("44-item-edited");
  assert.notEqual(await summaryOf(site, kind, key), "Edited in the panel");

  await screen.click("link", "Integrations");
  await screen.click("button", /^Sync now/);
  await screen.sees(/1 sent/);
  await screen.shows("45-synced");
  assert.equal(await summaryOf(site, kind, key), "Edited in the panel");
  await screen.click("link", "Conflicts");
  await screen.has("heading", "Nothing is in conflict");
  await screen.shows("46-no-conflicts");
  await screen.click("link", "Problems");
  await screen.has("heading", "Nothing is held up");
  await screen.shows("47-no-problems");
  await screen.click("link", "Backlog");
  await screen.lacks("link", "Not in Jira yet");
}

/** What Jira itself says. */
async function summaryOf(site, kind, key) {
  const login = kind.login(site);
  const authorization = login
    ? `Basic ${Buffer.from(`${login[1]}:${kind.right(site)}`).toString("base64")}`
    : `Bearer ${kind.right(site)}`;
  const answer = await fetch(`${site.url}/rest/api/2/issue/${key}?fields=summary`, {
    headers: { authorization },
  });
  assert.equal(answer.status, 200);
  const { fields } = await answer.json();
  return fields.summary;
}

async function lookAround(screen) {
  const { page } = screen;
  await page.keyboard.press("Control+k");
  await screen.has("dialog", "Search and commands");
  await screen.shows("50-palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await screen.has("dialog", "Keyboard shortcuts");
  await screen.shows("51-shortcuts");
  await page.keyboard.press("Escape");
  await screen.click("link", "Integrations");
  await screen.has("heading", "Integrations");
  await screen.sees("Orbital Jira");
  await screen.shows("52-integrations");
  await screen.click("link", "Activity");
  await screen.has("heading", "Activity");
  await screen.shows("53-activity");
  await screen.click("link", "Set-up");
  for (const step of ["Align terminology", "Create an API token", "Set up the webhook"]) {
    await screen.click("link", new RegExp(`${step}`));
    await screen.has("heading", new RegExp(step));
    await screen.shows(`54-${step.toLowerCase().replaceAll(" ", "-")}`);
  }
}
