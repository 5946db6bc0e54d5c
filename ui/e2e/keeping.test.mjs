// Nothing that was entered or saved is lost: not by a reload, not by a second tab, not when the server goes away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FACES } from "./support/face.mjs";
import { withBrowser } from "./support/page.mjs";
import { lockstep, practiceSite } from "./support/programs.mjs";

const kind = FACES.cloud;

async function run(name, story, site) {
  const app = await lockstep();
  try {
    await withBrowser(name, async ({ open }) => {
      await story(await open(), app);
    });
  } finally {
    await site?.stop();
    await app.stop();
  }
}

test("a reload in the middle of each step keeps the place and what was entered", async () => {
  const site = await practiceSite({ face: kind.face });
  await run(
    "reload",
    async (screen, app) => {
      await screen.goto(app.address);
      await screen.click("button", "Connect your Jira");
      await screen.fill("textbox", "Address", site.url);
      await screen.sees(kind.kind);
      await screen.fill("textbox", ...kind.login(site));
      await screen.fill("textbox", "Name of the connection", "Our Jira");
      await screen.fill("textbox", kind.secret, kind.right(site));
      await screen.reload();
      await screen.sees(kind.kind);
      const [login, email] = kind.login(site);
      await screen.until(() => screen.find("textbox", "Address").inputValue(), site.url);
      await screen.until(() => screen.find("textbox", login).inputValue(), email);
      await screen.until(
        () => screen.find("textbox", "Name of the connection").inputValue(),
        "Our Jira",
      );
      // A secret is kept nowhere but where secrets belong.
      await screen.until(() => screen.find("textbox", kind.secret).inputValue(), "");
      await screen.fill("textbox", kind.secret, kind.right(site));
      await screen.click("button", "Connect");
      await screen.has("button", "Continue");
      await screen.reload();
      await screen.has("radio", /Our Jira/);
      await screen.click("button", "Use this connection");

      await screen.click("option", /Orbital Imaging Platform/);
      await screen.fill("textbox", "Name of the integration", "Platform");
      await screen.reload();
      await screen.has("heading", "Add a project");
      await screen.until(
        () => screen.find("textbox", "Name of the integration").inputValue(),
        "Platform",
      );
      await screen.has("combobox", "Board");
      await screen.click("button", "Add project");

      await screen.has("heading", "How ten real issues will look");
      await screen.click("button", "Remove Epic");
      await screen.sees("will be skipped");
      await screen.reload();
      await screen.sees("will be skipped");
      await screen.lacks("button", "Remove Epic");
      await screen.click("button", "Reset to suggestions");
      await screen.has("button", "Remove Epic");
      await screen.click("button", "Save and continue");

      await screen.has("region", "Suggestions");
      await screen.click("button", "Accept all");
      await screen.sees("changed, not saved yet");
      await screen.reload();
      await screen.sees("changed, not saved yet");
      await screen.lacks("region", "Suggestions");
      await screen.click("button", "Save and continue");

      await screen.sees("Last updated");
      await screen.fill("textbox", "Filter (JQL)", "issuetype = Story");
      await screen.click("switch", "Include closed issues");
      await screen.reload();
      await screen.until(
        () => screen.find("textbox", "Filter (JQL)").inputValue(),
        "issuetype = Story",
      );
      await screen.until(
        () => screen.find("switch", "Include closed issues").getAttribute("aria-checked"),
        "true",
      );
      site.close(kind.fetches);
      await screen.click("button", "Make the plan");
      await screen.has("button", "Pause");
      await screen.reload();
      await screen.has("button", "Pause");
      await site.openAfter(() => undefined);
      await screen.has("button", /^Import \d+ items$/);
      await screen.reload();
      await screen.click("button", /^Import \d+ items$/);
      await screen.has("button", "Undo this import");
      await screen.reload();
      await screen.has("button", "Undo this import");

      await screen.click("button", "Open the backlog");
      await screen.fill("searchbox", /^Search the backlog/, "ORB-1");
      // The list follows a moment after the typing; a row clicked before is one of all.
      await screen.until(() => screen.page.url().includes("ORB-1"), true);
      await screen.page.locator("[data-part='title']").first().click();
      await screen.sees(/Linked through Platform/);
      const address = screen.page.url();
      await screen.reload();
      await screen.sees(/Linked through Platform/);
      assert.equal(screen.page.url(), address);
      assert.equal(await screen.find("searchbox", /^Search the backlog/).inputValue(), "ORB-1");
    },
    site,
  );
});

test("what one tab does, another shows", async () => {
  await run("tabs", async (one, app) => {
    await one.goto(app.address);
    await one.has("heading", "Before you start");
    const two = await one.another();
    await two.goto(app.address);
    await two.has("heading", "Connect your Jira");
    await one.click("button", "Start rehearsing");
    await one.has("option", /Orbital Imaging Platform/);
    await two.has("heading", "Go on with the set-up");
    await one.click("option", /Orbital Imaging Platform/);
    await one.click("button", "Add project");
    await one.has("heading", "How ten real issues will look");
    // Where the other one is in the set-up is read anew with the page.
    await two.reload();
    await two.click("link", /Step 5/);
    await two.has("heading", "How ten real issues will look");
    assert.deepEqual(two.broken, []);
  });
});

test("a token that is not the right one is refused", async () => {
  await run("token", async (screen, app) => {
    await screen.goto(`${app.origin}/#token=${"0".repeat(64)}`);
    await screen.has("heading", "This page belongs to an earlier start of Lockstep");
    await screen.has("button", "Try again");
    await screen.lacks("button", "Connect your Jira");
    await screen.shows("refused");
    const { status } = await fetch(`${app.origin}/rpc/app_state`, { method: "POST", body: "{}" });
    assert.equal(status, 401);
  });
});

test("when the server goes away it is said, and when it comes back all is there", async () => {
  await run("gone", async (screen, app) => {
    await screen.goto(app.address);
    await screen.click("button", "Start rehearsing");
    await screen.has("option", /Orbital Imaging Platform/);
    await screen.click("option", /Orbital Imaging Platform/);
    await screen.fill("textbox", "Name of the integration", "Platform");
    await app.end();
    await screen.click("button", "Add project");
    await screen.has("alert");
    await screen.sees("Lockstep's engine does not answer");
    await screen.has("button", "Ask now");
    await screen.shows("away");
    // A new start has a new token: the open page says so, and its address leads back without a reload.
    await app.again();
    await screen.sees(/^Lockstep was started anew/);
    await screen.shows("renewed");
    await screen.page.evaluate(() => (window.stayed = true));
    await screen.goto(app.address);
    await screen.lacks("alert", /Lockstep was started anew/);
    assert.equal(await screen.page.evaluate(() => window.stayed), true);
    await screen.until(
      () => screen.find("textbox", "Name of the integration").inputValue(),
      "Platform",
    );
    await screen.click("button", "Add project");
    await screen.has("heading", "How ten real issues will look");
  });
});
