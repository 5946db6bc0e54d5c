// Keeping in step, with what a person does about it: conflicts, new issues, pairs that came apart, what changed, why
// something is not in step, and the end of it. On both kinds of Jira; every screen on the way is looked at by axe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./page.mjs";
import { lockstep, practiceSite } from "./programs.mjs";

/** The whole of it on one kind of Jira. */
export function keepInStep(kind) {
  test(`a project is kept in step, and taken out of it, on ${kind.face}`, async () => {
    const site = await practiceSite({ face: kind.face });
    const app = await lockstep();
    try {
      await importAll(app, site, kind);
      await withBrowser(`instep-${kind.face}`, async ({ open }) => {
        const screen = await open();
        await screen.goto(app.address);
        await screen.click("link", "Backlog");
        await screen.has("row", /ORB-/);
        const jira = of(site, kind);
        await decideConflict(screen, jira);
        await pushNew(screen, jira);
        await comeApart(screen, jira);
        await lookAtActivity(screen, jira);
        await findOutWhy(screen);
        await sayWhenToAsk(screen);
        await disconnect(screen);
      });
    } finally {
      await site.stop();
      await app.stop();
    }
  });
}

/** Does by commands what other tests do by hand: everything until the project is imported. */
async function importAll(app, site, kind) {
  const token = new URLSearchParams(new URL(app.address).hash.slice(1)).get("token");
  const rpc = async (command, payload) => {
    const answer = await fetch(`${app.origin}/rpc/${command}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(payload),
    });
    assert.equal(answer.status, 200, `${command}: ${await answer.clone().text()}`);
    return answer.json();
  };
  const login = kind.login(site);
  const connection = await rpc("connection_create", {
    name: "Acme",
    url: site.url,
    auth: login ? "cloud_token" : "pat",
    login: login?.[1] ?? "",
    secret: kind.right(site),
    ca_pem: null,
    proxy: null,
    client_identity_pem: null,
  });
  const { id } = await rpc("integration_create", {
    connection_id: connection.id,
    project_key: "ORB",
    board_id: null,
    name: "Platform",
  });
  const asked = { integration_id: id, refresh: true };
  const { pairs } = await rpc("hierarchy", asked);
  await rpc("hierarchy_save", { integration_id: id, pairs });
  const fields = await rpc("field_mapping", asked);
  const suggested = fields.suggestions.map((suggestion) => suggestion.pair);
  await rpc("field_mapping_save", { integration_id: id, pairs: [...fields.pairs, ...suggested] });
  await rpc("scope_save", { integration_id: id, jql: "", include_closed: true, area_id: null });
  const run = await rpc("import_plan", { integration_id: id });
  const until = async (state) => {
    for (;;) {
      const now = await rpc("run", { run_id: run.id });
      if (now.state === state) return;
      assert.ok(!["failed", "cancelled"].includes(now.state), now.state);
    }
  };
  await until("planned");
  await rpc("import_apply", { run_id: run.id });
  await until("done");
}

/** Jira itself, past Lockstep. */
function of(site, kind) {
  const login = kind.login(site);
  const authorization = login
    ? `Basic ${Buffer.from(`${login[1]}:${kind.right(site)}`).toString("base64")}`
    : `Bearer ${kind.right(site)}`;
  const ask = async (method, path, body) => {
    const answer = await fetch(`${site.url}/rest/api/2/${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return {
    async summary(key) {
      const { fields } = await ask("GET", `issue/${key}?fields=summary`);
      return fields.summary;
    },
    /** Who edits there. */
    async name() {
      return (await ask("GET", "myself")).displayName;
    },
    async retitle(key, summary) {
      await ask("PUT", `issue/${key}`, { fields: { summary } });
    },
  };
}

async function syncNow(screen, said) {
  await screen.click("link", "Integrations");
  await screen.click("button", /^Sync now/);
  await screen.sees(said);
}

/** Opens the item of the n-th row in the panel; gives the key of its issue. */
async function openItem(screen, n) {
  await screen.click("link", "Backlog");
  const titles = screen.page.locator("[data-part='title']");
  const title = await titles.nth(n).innerText();
  await titles.filter({ hasText: title }).first().click();
  const panel = screen.find("complementary", "Item");
  // Until it has read this item, the panel still shows the one that was open before.
  await panel.getByText(title, { exact: true }).first().waitFor();
  return (await panel.getByRole("link", { name: /^ORB-/ }).first().innerText()).trim();
}

async function retitle(screen, title) {
  await screen.click("button", /^Edit Title/);
  await screen.fill("textbox", "Title", title);
  await screen.page.keyboard.press("Enter");
  await screen.sees("Saved: Title");
}

async function decideConflict(screen, jira) {
  const key = await openItem(screen, 2);
  await retitle(screen, "Written here");
  await jira.retitle(key, "Written in Jira");
  await syncNow(screen, /1 .*conflict/);
  await screen.click("link", /^Conflicts/);
  const one = screen.find("list", "Conflicts").getByRole("listitem").first();
  await one.getByText("Written here", { exact: false }).first().waitFor();
  await screen.shows("01-conflict");
  await one.getByRole("button", { name: /^Keep ours/ }).click();
  await screen.has("heading", "Nothing is in conflict");
  await screen.click("button", "Undo");
  await one.waitFor();
  await one.getByRole("button", { name: /^Keep ours/ }).click();
  await screen.has("heading", "Nothing is in conflict");
  assert.equal(await jira.summary(key), "Written in Jira");
  await syncNow(screen, /1 sent/);
  assert.equal(await jira.summary(key), "Written here");
}

async function pushNew(screen, jira) {
  await screen.click("link", "Backlog");
  await screen.click("button", "New item");
  await screen.has("dialog", "New item");
  await screen.fill("textbox", "Title", "Thought of here");
  await screen.shows("02-new-item");
  await screen.click("button", "Make the item");
  await screen.click("button", "Push to Jira…");
  await screen.has("button", "Create 1 issue");
  await screen.shows("03-push");
  await screen.click("button", "Create 1 issue");
  await screen.has("button", "Done");
  await screen.shows("04-pushed");
  await screen.click("button", "Done");
  const panel = screen.find("complementary", "Item");
  const key = (await panel.getByRole("link", { name: /^ORB-/ }).first().innerText()).trim();
  assert.equal(await jira.summary(key), "Thought of here");
}

/** A pair is disconnected by hand, changes on both sides, and is linked again field by field. */
async function comeApart(screen, jira) {
  const key = await openItem(screen, 4);
  await screen.click("button", "More for this item");
  await screen.click("menuitem", /^Disconnect/);
  await screen.has("alertdialog", /^Disconnect this item from ORB-/);
  await screen.shows("05-unlink");
  await screen.click("button", "Disconnect");
  await screen.lacks("alertdialog", /^Disconnect this item from ORB-/);
  await retitle(screen, "Went on here");
  await jira.retitle(key, "Went on in Jira");
  await screen.click("link", /^Disconnected/);
  await screen.has("list", "Disconnected items");
  await screen.shows("06-disconnected");
  await screen.click("button", new RegExp(`^Link again….*${key}$`));
  await screen.has("dialog", `Link to ${key} again`);
  await screen.click("button", "All from here");
  await screen.shows("07-compare");
  await screen.click("button", "Link");
  await screen.has("heading", "Nothing is disconnected");
  await screen.shows("08-linked-again");
  await syncNow(screen, /1 sent/);
  assert.equal(await jira.summary(key), "Went on here");
}

async function lookAtActivity(screen, jira) {
  await jira.retitle(await openItem(screen, 6), "Named by somebody");
  await syncNow(screen, "1 changed in Jira");
  await screen.click("link", "Activity");
  await screen.sees("Thought of here");
  const name = await jira.name();
  await screen.fill("searchbox", "Search by title, key or person", name);
  await screen.sees("Named by somebody");
  await screen.sees(name);
  await screen.shows("09-by-person");
  await screen.fill("searchbox", "Search by title, key or person", "Went on here");
  await screen.sees("Went on in Jira");
  await screen.shows("10-activity");
  const saved = screen.page.waitForEvent("download");
  await screen.click("button", "Export as CSV");
  const file = await (await saved).createReadStream();
  const text = Buffer.concat(await file.toArray()).toString("utf8");
  assert.match(text, /Went on here/);
}

async function findOutWhy(screen) {
  await screen.click("link", "Problems");
  await screen.fill("textbox", "Key of an issue", "ORB-1");
  await screen.click("button", "Find out");
  await screen.has("list", "What has to hold");
  await screen.shows("11-why");
}

/** How much may change at once is said, and is still so afterwards. */
async function sayWhenToAsk(screen) {
  const open = async () => {
    await screen.click("link", "Integrations");
    await screen.click("button", /^More for Platform/);
    await screen.click("menuitem", "When to stop and ask…");
    await screen.has("textbox", "Changed at once");
  };
  const share = () => screen.find("textbox", "Changed at once").inputValue();
  await open();
  assert.equal(await share(), "20");
  await screen.fill("textbox", "Changed at once", "0");
  await screen.sees("A whole number from 1 to 100");
  await screen.fill("textbox", "Changed at once", "35");
  await screen.shows("12-stop-and-ask");
  await screen.click("button", "Save");
  await screen.lacks("dialog", "When to stop and ask");
  await open();
  assert.equal(await share(), "35");
  await screen.click("button", "Cancel");
  await screen.lacks("dialog", "When to stop and ask");
}

async function disconnect(screen) {
  await screen.click("link", "Integrations");
  await screen.click("button", /^More for Platform/);
  await screen.click("menuitem", "Disconnect…");
  await screen.has("heading", "This goes");
  await screen.shows("13-disconnect");
  await screen.click("button", "Keep it");
  await screen.lacks("alertdialog", "Disconnect “Platform”?");
  await screen.click("button", /^More for Platform/);
  await screen.click("menuitem", "Disconnect…");
  await screen.has("heading", "This is remembered");
  await screen.click("button", "Disconnect");
  await screen.lacks("alertdialog", "Disconnect “Platform”?");
  await screen.shows("14-gone");
  await screen.click("link", /^Disconnected/);
  await screen.has("list", "Disconnected items");
  await screen.shows("15-remembered");
  await screen.click("button", /^Link again/);
  await screen.sees("The issue is in a project that is not integrated");
  await screen.shows("16-project-first");
  await screen.click("button", "Add the project");
  await screen.page.waitForURL(/#\/setup\/4/);
}
