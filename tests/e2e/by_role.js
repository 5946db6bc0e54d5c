// Finds what a person finds: by role and name, among what can be seen. Arguments: the role, the name (null: any), and
// whether the name may be a part. The answer is a list of elements, or with the role null an outline of the page.
const [wantedRole, wantedName, part] = arguments;

const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();

const inputRoles = {
  button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox", radio: "radio",
  range: "slider", number: "spinbutton", search: "searchbox", hidden: "none",
};
const roles = {
  A: (e) => (e.hasAttribute("href") ? "link" : "generic"),
  BUTTON: () => "button", NAV: () => "navigation", MAIN: () => "main", ASIDE: () => "complementary",
  H1: () => "heading", H2: () => "heading", H3: () => "heading", H4: () => "heading",
  UL: () => "list", OL: () => "list", LI: () => "listitem", IMG: () => "img", DIALOG: () => "dialog",
  TABLE: () => "table", TR: () => "row", TD: () => "cell", TH: () => "columnheader", PROGRESS: () => "progressbar",
  TEXTAREA: () => "textbox", FORM: () => "form", FIELDSET: () => "group", SUMMARY: () => "button", OPTION: () => "option",
  SELECT: () => "combobox", SECTION: (e) => (e.hasAttribute("aria-label") || e.hasAttribute("aria-labelledby") ? "region" : "generic"),
  INPUT: (e) => (e.hasAttribute("list") ? "combobox" : inputRoles[e.type] ?? "textbox"),
};
const roleOf = (e) => e.getAttribute("role")?.trim().split(/\s+/)[0] || roles[e.tagName]?.(e) || "generic";

// What the text of an element says; a picture speaks through its alternative, what is hidden says nothing.
const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true" || node.hidden) return "";
  if (node.hasAttribute("aria-label")) return ` ${node.getAttribute("aria-label")} `;
  if (node.tagName === "IMG") return ` ${node.alt} `;
  const inner = [...node.childNodes].map(textOf).join("");
  return getComputedStyle(node).display.startsWith("inline") ? inner : ` ${inner} `;
};
const nameOf = (e) => {
  const labelledBy = e.getAttribute("aria-labelledby");
  if (labelledBy) return tidy(labelledBy.split(/\s+/).map((id) => textOf(document.getElementById(id) ?? new Text(""))).join(" "));
  if (e.hasAttribute("aria-label")) return tidy(e.getAttribute("aria-label"));
  if (e.labels?.length) return tidy([...e.labels].map(textOf).join(" "));
  if (["INPUT", "TEXTAREA", "SELECT"].includes(e.tagName)) return tidy(e.placeholder || e.title || (e.type === "submit" ? e.value : ""));
  return tidy(textOf(e)) || tidy(e.title);
};
const seen = (e) =>
  e.checkVisibility({ visibilityProperty: true }) && !e.closest('[aria-hidden="true"], [inert]') && e.getClientRects().length > 0;

const all = [...document.querySelectorAll("*")].filter((e) => roleOf(e) !== "generic" && roleOf(e) !== "none");
if (wantedRole === null) return all.filter(seen).map((e) => `${roleOf(e)} "${nameOf(e).slice(0, 80)}"`).slice(0, 200).join("\n");
return all.filter((e) => {
  if (roleOf(e) !== wantedRole || !seen(e)) return false;
  if (wantedName === null) return true;
  return part ? nameOf(e).includes(wantedName) : nameOf(e) === wantedName;
});
