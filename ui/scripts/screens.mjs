// Takes a picture of every screen in every state, over the made-up world of `dev/`, in both sizes that matter and
// in both themes, and says what is cut off or sticks out.
//   node scripts/screens.mjs [out folder] [part of a name ...]
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { layoutFaults } from "../e2e/support/layout.mjs";
import { launch } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [out = `${root}/../tests/pictures/screens`, ...parts] = process.argv.slice(2);
await mkdir(out, { recursive: true });

const SIZES = [
  { width: 1240, height: 800 },
  { width: 960, height: 640 },
];
const THEMES = ["light", "dark"];
/** How long a screen is left alone before its picture: answers of the made-up world take a moment. */
const SETTLE_MS = 500;

const click =
  (role, name, nth = 0) =>
  (page) =>
    page
      .getByRole(role, { name, exact: typeof name === "string" })
      .nth(nth)
      .click();
const fill = (role, name, text) => (page) =>
  page
    .getByRole(role, { name, exact: typeof name === "string" })
    .first()
    .fill(text);
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const settle =
  (ms = SETTLE_MS) =>
  (page) =>
    page.waitForTimeout(ms);

const address = (url) => [fill("textbox", "Address", url), press("Tab"), settle(1200)];
const cloud = (secret) => [
  ...address("acme.atlassian.net"),
  fill("textbox", /^E-mail/, "integration@acme.example"),
  fill("textbox", "API token", secret),
];
const connect = (secret) => [...cloud(secret), click("button", "Connect"), settle(1500)];
const project = (name) => [
  fill("combobox", "Project", name),
  settle(900),
  press("Enter"),
  settle(900),
];
const jql = (text) => [fill("textbox", "Filter (JQL)", text), settle(900)];

/** An item is made below the one that is open. */
const made = [
  press("n"),
  settle(),
  fill("textbox", "Title", "Let customers split a payment between two cards"),
  click("button", "Make the item"),
  settle(900),
];
const pushes = [press("Escape"), settle(100), press("p"), settle(900)];
/** Opens the description of an item. */
const text = () => [settle(), click("button", "Edit Description"), settle()];

/** Every state: name, the made-up world, the address in it, and what is done before the picture. */
const STATES = [
  ["00-start", "empty", "/setup/start"],
  ["00-start-begun", "mapped", "/setup/start"],
  ["00-set-up-unreachable", "empty&down=setup", "/setup"],
  ["01-terminology", "mapped", "/setup/1"],
  ["02-token", "empty", "/setup/2"],
  ["02-token-why", "empty", "/setup/2", [click("button", "Why?")]],
  [
    "02-token-data-center",
    "full",
    "/setup/3",
    [click("radio", /Gütersloh/), click("button", "Use this connection"), click("link", /Step 2/)],
  ],
  ["03-connect", "empty", "/setup/3", [click("button", "Why?")]],
  ["03-connect-cloud", "empty", "/setup/3", cloud("secret")],
  ["03-connect-data-center", "empty", "/setup/3", address("https://jira.example.com/browse/A-1")],
  ["03-connect-kind-unknown", "empty", "/setup/3", address("quiet.example")],
  ["03-connect-host-unknown", "empty", "/setup/3", address("nowhere.example")],
  ["03-connect-untrusted", "empty", "/setup/3", address("untrusted.example")],
  ["03-connect-redirect", "empty", "/setup/3", address("moved.example")],
  ["03-connect-not-jira", "empty", "/setup/3", address("wiki.example")],
  ["03-connect-testing", "empty", "/setup/3", [...cloud("x"), click("button", "Connect")]],
  ["03-connect-wrong", "empty", "/setup/3", connect("wrong")],
  ["03-connect-expired", "empty", "/setup/3", connect("expired")],
  ["03-connect-captcha", "empty", "/setup/3", connect("captcha")],
  ["03-connect-nobody", "empty", "/setup/3", connect("nobody")],
  ["03-connect-many", "empty", "/setup/3", connect("many")],
  ["03-connect-advanced", "empty", "/setup/3", [click("button", /^Advanced/)]],
  ["03-connect-done", "empty", "/setup/3", connect("right")],
  ["03-choose", "full", "/setup/3"],
  ["03-choose-stopped", "broken", "/setup/3", [click("radio", /Gütersloh/)]],
  ["03-secrets-locked", "locked", "/setup/3", address("acme.atlassian.net")],
  ["04-nothing-connected", "empty", "/setup/4"],
  ["04-projects", "connected", "/setup/4"],
  [
    "04-projects-search",
    "connected",
    "/setup/4",
    [fill("combobox", "Project", "core 1"), settle()],
  ],
  ["04-projects-no-match", "connected", "/setup/4", [fill("combobox", "Project", "zzz"), settle()]],
  ["04-projects-none", "connected&projects=0", "/setup/4"],
  ["04-projects-waiting", "connected&slow=projects", "/setup/4"],
  [
    "04-projects-refused",
    "connected",
    "/setup/4",
    [fill("combobox", "Project", "error"), settle()],
  ],
  ["04-project", "connected", "/setup/4", project("mobile apps")],
  ["04-project-long", "connected", "/setup/4", project("Donaudampf")],
  ["04-project-right-to-left", "connected", "/setup/4", project("OPS")],
  ["04-project-no-board", "connected", "/setup/4", project("NOBOARD")],
  ["04-project-boards-refused", "connected", "/setup/4", project("PAY")],
  [
    "04-project-boards",
    "connected",
    "/setup/4",
    [...project("MOB"), click("combobox", "Board"), settle()],
  ],
  ["04-choose", "full", "/setup/4"],
  ["05-no-project", "connected", "/setup/5"],
  ["05-hierarchy", "mapped", "/setup/5", [click("button", "Why?")]],
  ["05-hierarchy-list", "mapped", "/setup/5", [click("button", /^Jira types that become Feature/)]],
  [
    "05-hierarchy-refused",
    "mapped",
    "/setup/5",
    [
      click("button", "Remove Epic"),
      click("button", /^Jira types that become Story/),
      click("option", /^Epic/),
      press("Escape"),
      settle(),
    ],
  ],
  ["05-hierarchy-waiting", "mapped&slow=hierarchy", "/setup/5"],
  ["05-hierarchy-sample-waiting", "mapped&mapping=slow", "/setup/5"],
  ["05-hierarchy-no-issues", "mapped&mapping=bare", "/setup/5"],
  ["05-hierarchy-no-types", "mapped&mapping=typeless", "/setup/5"],
  ["05-hierarchy-project-gone", "mapped&mapping=gone", "/setup/5"],
  ["06-no-project", "connected", "/setup/6"],
  ["06-fields", "mapped", "/setup/6", [click("button", "Why?")]],
  ["06-fields-accepted", "mapped", "/setup/6", [click("button", "Accept all"), settle()]],
  ["06-fields-detail", "mapped", "/setup/6", [click("button", "Show the detail of Importance")]],
  ["06-fields-direction", "mapped", "/setup/6", [click("button", /^Direction of Title/)]],
  [
    "06-fields-adding",
    "mapped",
    "/setup/6",
    [
      click("button", "Add a field"),
      click("combobox", "Workspace field: Workspace field"),
      click("option", /./),
      click("combobox", "Jira field: Jira field"),
      press("End"),
    ],
  ],
  ["06-fields-project-gone", "mapped&mapping=gone", "/setup/6"],
  ["07-no-project", "connected", "/setup/7"],
  ["07-filter", "full", "/setup/7", [click("button", "Why?"), settle()]],
  ["07-filter-refused", "full", "/setup/7", jql("nonsense = 1")],
  ["07-filter-none", "full&import=none", "/setup/7"],
  ["07-filter-why", "full", "/setup/7", [settle(), click("button", "The whole filter")]],
  ["07-filter-unreachable", "full&down=scope_check", "/setup/7"],
  ["07-filter-area", "full", "/setup/7", [settle(), click("combobox", /Product area/)]],
  ["07-filter-new-area", "full", "/setup/7", [settle(), click("button", "New area")]],
  ["07-listing", "full&import=listing", "/setup/7"],
  ["07-reading", "full&import=reading", "/setup/7"],
  ["07-plan", "full&import=planned", "/setup/7"],
  ["07-plan-issue", "full&import=planned", "/setup/7", [settle(), click("row", /PLAT-/)]],
  [
    "07-plan-skip",
    "full&import=planned",
    "/setup/7",
    [settle(), click("button", /^Skip/), settle()],
  ],
  [
    "07-plan-no-match",
    "full&import=planned",
    "/setup/7",
    [fill("searchbox", "Search the plan", "no such issue"), settle()],
  ],
  ["07-applying", "full&import=applying", "/setup/7"],
  ["07-paused-listing", "full&import=paused-listing", "/setup/7"],
  ["07-paused-reading", "full&import=paused-reading", "/setup/7"],
  ["07-paused", "full&import=paused", "/setup/7"],
  ["07-paused-undoing", "full&import=paused-undoing", "/setup/7"],
  ["07-paused-stuck", "full&import=stuck", "/setup/7"],
  ["07-limited", "full&import=limited", "/setup/7"],
  ["07-undoing", "full&import=undoing", "/setup/7"],
  ["07-done", "full&import=done", "/setup/7"],
  ["07-done-failing", "full&import=failing", "/setup/7"],
  ["07-cancelled", "full&import=cancelled", "/setup/7"],
  ["07-undo-asked", "full&import=done", "/setup/7", [click("button", "Undo this import")]],
  ["07-undone", "full&import=undone", "/setup/7"],
  ["08-no-project", "connected", "/setup/8"],
  ["08-statuses", "full", "/setup/8", [click("button", "Why?")]],
  ["08-statuses-accepted", "full", "/setup/8", [click("button", "Accept all"), settle()]],
  ["08-statuses-list", "full", "/setup/8", [click("combobox", /^What Blocked stands for/)]],
  ["08-statuses-saved", "full&statuses=saved", "/setup/8"],
  [
    "08-statuses-way-back",
    "full",
    "/setup/8",
    [(page) => page.getByText("When both sides change").scrollIntoViewIfNeeded()],
  ],
  ["08-statuses-one-way", "full&statuses=one-way", "/setup/8"],
  ["08-statuses-refused", "full&statuses=refused", "/setup/8"],
  ["08-statuses-none", "full&statuses=none", "/setup/8"],
  ["08-statuses-waiting", "full&slow=status_mapping", "/setup/8"],
  ["08-statuses-unreachable", "full&down=status_mapping", "/setup/8"],
  ["09-webhook", "full", "/setup/9"],
  ["10-verify", "full", "/setup/10"],
  ["11-backlog-empty", "full&items=0", "/backlog"],
  ["11-backlog-one", "full&items=1", "/backlog"],
  ["11-backlog", "full", "/backlog"],
  ["11-backlog-waiting", "full&slow=backlog_open", "/backlog"],
  ["11-backlog-refused", "full&fail=backlog_open", "/backlog"],
  ["11-backlog-arabic", "full", "/backlog", [fill("searchbox", /^Search/, "تحسين"), settle()]],
  ["11-backlog-japanese", "full", "/backlog", [fill("searchbox", /^Search/, "チェック"), settle()]],
  ["11-backlog-hebrew", "full", "/backlog", [fill("searchbox", /^Search/, "הוספת"), settle()]],
  ["11-backlog-long", "full", "/backlog", [fill("searchbox", /^Search/, "Donau"), settle()]],
  ["11-backlog-no-match", "full", "/backlog", [fill("searchbox", /^Search/, "zzz"), settle()]],
  ["11-backlog-filter", "full", "/backlog", [settle(), click("button", "Type")]],
  [
    "11-backlog-filtered",
    "full",
    "/backlog",
    [settle(), click("button", "Type"), click("option", /^Bug/), press("Escape"), settle()],
  ],
  ["11-backlog-columns", "full", "/backlog", [settle(), click("button", "Columns")]],
  ["11-backlog-item", "full", "/backlog", [settle(), (page) => title(page, 2).click(), settle()]],
  [
    "11-backlog-edit-text",
    "full",
    "/backlog/3",
    [settle(), click("button", /^Edit Acceptance notes/), settle()],
  ],
  [
    "11-backlog-edit-choice",
    "full",
    "/backlog/3",
    [settle(), click("button", /^Edit Importance/), settle()],
  ],
  [
    "11-backlog-edit-several",
    "full",
    "/backlog/3",
    [settle(), click("button", /^Edit Components/), settle()],
  ],
  [
    "11-backlog-edit-labels",
    "full",
    "/backlog/3",
    [settle(), click("button", /^Edit Labels/), settle()],
  ],
  [
    "11-backlog-edit-saved",
    "full",
    "/backlog/8",
    [
      settle(),
      click("button", /^Edit Effort/),
      fill("textbox", "Effort", "5"),
      press("Enter"),
      settle(),
      click("button", /^Edit Title/),
      fill("textbox", "Title", "Stop losing failed direct debits for good"),
      press("Enter"),
      settle(),
    ],
  ],
  [
    "11-backlog-edit-refused",
    "full",
    "/backlog/3",
    [
      settle(),
      click("button", /^Edit Effort/),
      fill("textbox", "Effort", "5,5"),
      press("Enter"),
      settle(),
      click("button", /^Edit Title/),
      fill("textbox", "Title", ""),
      press("Enter"),
      settle(),
    ],
  ],
  ["11-backlog-text-empty", "full", "/backlog/3"],
  [
    "11-backlog-text-new",
    "full",
    "/backlog/3",
    [settle(), click("button", /^Edit Description/), settle()],
  ],
  ["11-backlog-text", "full", "/backlog/2", text()],
  [
    "11-backlog-text-end",
    "full",
    "/backlog/2",
    [...text(), press("Control+End"), (page) => page.keyboard.type(" And by mail."), settle()],
  ],
  [
    "11-backlog-text-link",
    "full",
    "/backlog/2",
    [...text(), press("Control+Home", "Shift+End", "Control+k"), settle()],
  ],
  ["11-backlog-text-style", "full", "/backlog/2", [...text(), click("button", /^Style/), settle()]],
  [
    "11-backlog-text-asked",
    "full",
    "/backlog/2",
    [...text(), (page) => page.keyboard.type("So: "), press("Escape"), settle()],
  ],
  ["11-backlog-text-wiki", "full&rich=wiki", "/backlog/2", text()],
  [
    "11-backlog-text-overtaken",
    "full&rich=overtaken",
    "/backlog/2",
    [...text(), (page) => page.keyboard.type("So: "), press("Control+Enter"), settle()],
  ],
  [
    "11-backlog-text-refused",
    "full&fail=item_edit",
    "/backlog/2",
    [...text(), (page) => page.keyboard.type("So: "), press("Control+Enter"), settle()],
  ],
  ["11-backlog-text-unread", "full&fail=rich_source", "/backlog/2", text()],
  [
    "11-backlog-item-long",
    "full",
    "/backlog",
    [
      fill("searchbox", /^Search/, "Donau"),
      settle(),
      (page) => page.locator("[data-part='title']", { hasText: "Donau" }).first().click(),
      settle(),
      click("button", /empty field/),
    ],
  ],
  [
    "11-backlog-menu",
    "full",
    "/backlog",
    [settle(), (page) => title(page, 1).click({ button: "right" }), settle()],
  ],
  [
    "11-backlog-selected",
    "full",
    "/backlog",
    [settle(), (page) => title(page, 1).click(), press("Escape", "Space", "ArrowDown", "Space")],
  ],
  [
    "11-backlog-move",
    "full",
    "/backlog",
    [settle(), (page) => title(page, 1).click(), settle(), press("Escape", "m"), settle()],
  ],
  ["11-backlog-parent-highest", "full", "/backlog/1", [settle(), press("Shift+M"), settle()]],
  [
    "11-backlog-parent-many",
    "full",
    "/backlog",
    [
      settle(),
      (page) => title(page, 1).click(),
      press("Escape", "Space", "ArrowDown", "Space", "Shift+M"),
      settle(),
    ],
  ],
  ["11-backlog-parent", "full", "/backlog/3", [settle(), press("Shift+M"), settle()]],
  [
    "11-backlog-parent-search",
    "full",
    "/backlog/3",
    [settle(), press("Shift+M"), settle(), press("p", "a"), settle()],
  ],
  [
    "11-backlog-parent-moved",
    "full",
    "/backlog/3",
    [
      settle(),
      press("Shift+M"),
      settle(),
      press("ArrowDown", "ArrowDown", "ArrowDown", "Enter"),
      settle(),
    ],
  ],
  [
    "11-backlog-dependency",
    "full",
    "/backlog/3",
    [settle(), click("button", "Add a dependency"), settle()],
  ],
  [
    "11-backlog-dependency-added",
    "full",
    "/backlog/3",
    [
      settle(),
      click("button", "Add a dependency"),
      settle(),
      press("ArrowDown", "ArrowDown", "Enter"),
      settle(),
    ],
  ],
  [
    "11-backlog-dependency-none",
    "full",
    "/backlog/3",
    [
      settle(),
      click("button", "Add a dependency"),
      settle(),
      (page) => page.keyboard.type("zzz"),
      settle(),
    ],
  ],
  ["11-backlog-new", "full", "/backlog/2", [settle(), press("n"), settle()]],
  [
    "11-backlog-new-untitled",
    "full",
    "/backlog/2",
    [settle(), press("n"), settle(), click("button", "Make the item")],
  ],
  [
    "11-backlog-new-refused",
    "full&fail=item_create",
    "/backlog/2",
    [
      settle(),
      press("n"),
      settle(),
      fill("textbox", "Title", "Let customers split a payment"),
      click("button", "Make the item"),
      settle(),
    ],
  ],
  ["11-backlog-new-made", "full", "/backlog/2", [settle(), ...made, settle()]],
  ["11-push-waiting", "full&slow=push_preview", "/backlog/2", [settle(), ...made, ...pushes]],
  ["11-push-one", "full", "/backlog/2", [settle(), ...made, ...pushes]],
  [
    "11-push-more",
    "full",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^What is written of/), settle()],
  ],
  ["11-push-refused", "full&fail=push_preview", "/backlog/2", [settle(), ...made, ...pushes]],
  ["11-push-unasked", "full&unasked=1", "/backlog/2", [settle(), ...made, ...pushes]],
  ["11-push-nothing", "full", "/backlog", [settle(), (page) => title(page, 1).click(), ...pushes]],
  ["11-push-anew", "full", "/backlog/8?push=anew", [settle(900)]],
  ["11-push-anew-asked", "full&slow=push_preview", "/backlog/8?push=anew", [settle(900)]],
  ["11-push-anew-there", "full&there=1", "/backlog/8?push=anew", [settle(900)]],
  ["11-push-many", "full", "/backlog", [settle(), press("Control+a"), settle(), ...pushes]],
  ["11-push-asked", "full&demands=1", "/backlog/2", [settle(), ...made, ...pushes]],
  [
    "11-push-asked-missed",
    "full&demands=1",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^Create/), settle()],
  ],
  [
    "11-push-making",
    "full&slow=sync_now",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^Create/), settle()],
  ],
  [
    "11-push-made",
    "full",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^Create/), settle(1800)],
  ],
  [
    "11-push-made-part",
    "full&refuses=1",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^Create/), settle(1800)],
  ],
  [
    "11-push-unreachable",
    "full&fail=sync_now",
    "/backlog/2",
    [settle(), ...made, ...pushes, click("button", /^Create/), settle(1200)],
  ],
  [
    "11-push-waits",
    "full&fail=sync_now",
    "/backlog/2",
    [
      settle(),
      ...made,
      ...pushes,
      click("button", /^Create/),
      settle(1200),
      click("button", "Done"),
      settle(),
      press("Enter"),
      settle(),
    ],
  ],
  [
    "11-backlog-delete",
    "full",
    "/backlog",
    [settle(), (page) => title(page, 1).click(), settle(), press("Escape", "Delete"), settle(700)],
  ],
  [
    "11-backlog-deleted",
    "full",
    "/backlog",
    [
      settle(),
      (page) => title(page, 1).click(),
      settle(),
      press("Escape", "Delete"),
      settle(700),
      click("button", /^Delete \d/),
      settle(),
    ],
  ],
  [
    "11-backlog-item-more",
    "full",
    "/backlog/8",
    [settle(), click("button", "More for this item"), settle()],
  ],
  ["12-integrations-empty", "empty", "/integrations"],
  ["12-integrations", "full", "/integrations"],
  ["12-integrations-stopped", "broken", "/integrations"],
  [
    "12-integrations-synced",
    "full",
    "/integrations",
    [settle(), click("button", /^Sync now/), settle(1500)],
  ],
  [
    "12-integrations-sync-refused",
    "full&fail=sync_now",
    "/integrations",
    [settle(), click("button", /^Sync now/), settle()],
  ],
  ["12-integrations-menu", "full", "/integrations", [click("button", /^More for Acme/)]],
  ["12-integrations-offered", "full&offered=1", "/integrations"],
  [
    "12-integrations-disconnect",
    "full",
    "/integrations",
    [click("button", /^More for Acme/), settle(200), click("menuitem", /^Disconnect/), settle(900)],
  ],
  [
    "12-integrations-disconnect-project",
    "full",
    "/integrations",
    [
      click("button", "More for 決済プラットフォーム刷新プロジェクト（二〇二七年度）"),
      settle(200),
      click("menuitem", /^Disconnect/),
      settle(900),
    ],
  ],
  [
    "12-integrations-disconnect-held",
    "full&leaving=importing",
    "/integrations",
    [
      click("button", "More for Platform"),
      settle(200),
      click("menuitem", /^Disconnect/),
      settle(900),
    ],
  ],
  [
    "12-integrations-disconnect-uncounted",
    "full&down=connection_leaving",
    "/integrations",
    [click("button", /^More for Acme/), settle(200), click("menuitem", /^Disconnect/), settle(900)],
  ],
  [
    "12-integrations-disconnect-waits",
    "full&slow=connection_disconnect",
    "/integrations",
    [
      click("button", /^More for Acme/),
      settle(200),
      click("menuitem", /^Disconnect/),
      settle(900),
      click("checkbox", /keep their edits/),
      click("button", "Disconnect"),
      settle(),
    ],
  ],
  [
    "12-integrations-disconnect-more",
    "full&leaving=more",
    "/integrations",
    [
      click("button", /^More for Acme/),
      settle(200),
      click("menuitem", /^Disconnect/),
      settle(900),
      click("checkbox", /keep their edits/),
      click("button", "Disconnect"),
      settle(900),
    ],
  ],
  ["12-integrations-linked-again", "full&rhythm=linked", "/integrations"],
  ["12-integrations-check", "full", "/integrations", [click("button", /^Check/), settle(1200)]],
  ["12-integrations-credentials", "full", "/integrations?credentials=1"],
  ["12-integrations-unreachable", "full&down=connections", "/integrations"],
  ["12-integrations-held", "full&rhythm=fuse", "/integrations"],
  ["12-integrations-paused", "full&rhythm=paused", "/integrations"],
  ["12-integrations-comparing", "full&rhythm=comparing", "/integrations"],
  ["12-integrations-failing", "full&rhythm=failing", "/integrations"],
  ["12-integrations-fresh", "full&rhythm=fresh", "/integrations"],
  ["13-conflicts-empty", "empty", "/conflicts"],
  ["13-conflicts", "full", "/conflicts"],
  ["13-conflicts-refused", "full&fail=conflicts", "/conflicts"],
  [
    "13-conflicts-chosen",
    "full",
    "/conflicts",
    [settle(), click("button", /^Keep ours for Story/), click("checkbox", "Choose all"), settle()],
  ],
  [
    "13-conflicts-all",
    "full&beyond=1430",
    "/conflicts",
    [settle(), click("checkbox", "Choose all"), settle()],
  ],
  [
    "13-conflicts-everything",
    "full&beyond=1430",
    "/conflicts",
    [settle(), click("checkbox", "Choose all"), settle(), click("button", /^Choose all/), settle()],
  ],
  [
    "13-conflicts-field",
    "full&beyond=1430",
    "/conflicts",
    [settle(), click("combobox", /^Field:/), settle()],
  ],
  [
    "13-conflicts-left",
    "full",
    "/conflicts",
    [
      settle(),
      click("checkbox", "Choose all"),
      click("button", /^Take Jira’s for \d/),
      settle(900),
    ],
  ],
  ["13-conflicts-item", "full", "/conflicts?item=2"],
  ["13-conflicts-turns", "full&turns=story_points", "/conflicts"],
  ["13-problems-empty", "empty", "/problems"],
  ["13-why", "full", "/problems?why=PLAT-107", [settle(900)]],
  ["13-why-fine", "full", "/problems?why=PLAT-105", [settle(900)]],
  ["13-why-unknown", "full", "/problems?why=NONE-1", [settle(900)]],
  ["14-activity-empty", "empty", "/activity"],
  ["14-activity", "full", "/activity"],
  [
    "14-activity-nothing",
    "full",
    "/activity",
    [settle(), fill("searchbox", "Search by title, key or person", "zzz"), settle()],
  ],
  [
    "14-activity-saved",
    "full",
    "/activity",
    [settle(), click("button", "Export as CSV"), settle()],
  ],
  [
    "14-activity-saving",
    "full&slow=save",
    "/activity",
    [settle(), click("button", "Export as CSV"), settle()],
  ],
  [
    "14-activity-unsaved",
    "full&fail=save",
    "/activity",
    [settle(), click("button", "Export as CSV"), settle()],
  ],
  ["14-activity-refused", "full&fail=activity", "/activity"],
  ["13-problems", "full", "/problems"],
  ["13-problems-again", "full", "/problems", [settle(), click("button", /^Try all 3/), settle()]],
  [
    "13-problems-created",
    "full",
    "/problems",
    [settle(), click("button", /^Create it in Jira/), settle()],
  ],
  [
    "13-problems-create-refused",
    "full&fail=choice_create",
    "/problems",
    [settle(), click("button", /^Create it in Jira/), settle()],
  ],
  ["13-problems-refused", "full&fail=sync_problems", "/problems"],
  ["13-disconnected-empty", "empty", "/disconnected"],
  ["13-disconnected", "full", "/disconnected"],
  ["13-disconnected-asked", "full&asked=1", "/disconnected"],
  ["13-disconnected-refused", "full&fail=disconnected", "/disconnected"],
  [
    "13-disconnected-looked",
    "full",
    "/disconnected",
    [settle(), click("button", "See what Jira says now"), settle(900)],
  ],
  [
    "13-disconnected-chosen",
    "full",
    "/disconnected",
    [settle(), click("checkbox", "Choose all"), click("button", /^Link 7 again/), settle()],
  ],
  [
    "13-disconnected-partly",
    "full",
    "/disconnected",
    [
      settle(),
      click("checkbox", "Choose all"),
      click("button", /^Link 7 again/),
      click("button", "Link 7 items"),
      settle(900),
    ],
  ],
  [
    "13-disconnected-compare",
    "full",
    "/disconnected",
    [settle(), click("button", /^Link again… PLAT-125/), settle(700)],
  ],
  [
    "13-disconnected-compare-gone",
    "full",
    "/disconnected",
    [settle(), click("button", /^Link again… PLAT-121/), settle(700)],
  ],
  [
    "13-disconnected-menu",
    "full",
    "/disconnected",
    [settle(), click("button", "More for PLAT-122"), settle()],
  ],
  [
    "13-disconnected-other",
    "full",
    "/disconnected",
    [
      settle(),
      click("button", "More for PLAT-122"),
      click("menuitem", "Link to another issue…"),
      settle(900),
    ],
  ],
  [
    "13-disconnected-no-match",
    "full",
    "/disconnected",
    [fill("searchbox", "Search titles and keys", "zzz"), settle()],
  ],
  ["13-settings", "full", "/settings"],
  ["13-no-such-place", "full", "/nowhere"],
  ["14-palette", "full", "/backlog", [settle(), press("Control+k"), settle()]],
  [
    "14-palette-search",
    "full",
    "/backlog",
    [settle(), press("Control+k"), (page) => page.keyboard.type("invoice"), settle()],
  ],
  [
    "14-palette-no-match",
    "full",
    "/backlog",
    [settle(), press("Control+k"), (page) => page.keyboard.type("qqqq"), settle()],
  ],
  ["14-shortcuts", "full", "/backlog", [settle(), press("?"), settle()]],
  ...["unlock", "keyless", "inuse", "newer", "corrupt", "readonly"].map((scene) => [
    `15-${scene}`,
    scene,
    "",
  ]),
];

const title = (page, nth) => page.locator("[data-part='title']").nth(nth);

const server = await createServer({
  root,
  // What is being edited meanwhile does not come into the pictures.
  server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
  logLevel: "error",
});
await server.listen();
const base = `${server.resolvedUrls.local[0]}dev/`;
const browser = await launch();
let faults = 0;

function fault(text) {
  faults += 1;
  console.log(text);
}

async function picture([name, scene, place, steps = []]) {
  const context = await browser.newContext({ viewport: SIZES[0], reducedMotion: "reduce" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => fault(`${name}: ${error.message}`));
  try {
    await page.goto(`${base}?scene=${scene}#${place}`);
    await page.locator("h1").first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    for (const step of steps) await step(page);
    await page.waitForTimeout(SETTLE_MS);
  } catch (error) {
    fault(`${name}: ${error.message.split("\n")[0]}`);
  }
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.waitForTimeout(120);
    for (const found of await layoutFaults(page)) fault(`${name} at ${size.width}: ${found}`);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      const path = `${out}/${name}-${size.width}-${colorScheme}.png`;
      await page.screenshot({ path, animations: "disabled" });
    }
    await page.emulateMedia({ colorScheme: "light" });
  }
  await context.close();
}

try {
  const wanted = STATES.filter(
    ([name]) => parts.length === 0 || parts.some((part) => name.includes(part)),
  );
  for (const state of wanted) await picture(state);
  console.log(`${wanted.length} states, ${faults} faults`);
} finally {
  await browser.close();
  await server.close();
}
process.exit(faults === 0 ? 0 : 1);
