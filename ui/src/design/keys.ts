const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const MAC_NAMES: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵" };
const NAMES: Record<string, string> = { Mod: "Ctrl", Enter: "Enter", Escape: "Esc" };
const ARROWS: Record<string, string> = { Up: "↑", Down: "↓", Left: "←", Right: "→" };

/** The keys of a shortcut ("Mod+K") as they are printed on this machine's keyboard. */
export function spellKeys(keys: string, mac = MAC): string[] {
  return keys
    .split(/ |\+(?=.)/)
    .map((key) => ARROWS[key] ?? (mac ? MAC_NAMES[key] : undefined) ?? NAMES[key] ?? key);
}

/** True when `event` is the shortcut `keys`; "Mod" is Ctrl, or Cmd on a Mac. */
export function isShortcut(event: KeyboardEvent, keys: string, mac = MAC): boolean {
  const parts = keys.split(/\+(?=.)/);
  const main = parts.at(-1) ?? "";
  const mod = mac ? event.metaKey : event.ctrlKey;
  const otherMod = mac ? event.ctrlKey : event.metaKey;
  // Shift is part of the character for "?" and its like, and so not asked for there.
  const shiftMatters = main.length > 1 || /[a-z0-9]/i.test(main);
  return (
    event.key.toLowerCase() === main.toLowerCase() &&
    mod === parts.includes("Mod") &&
    !otherMod &&
    event.altKey === parts.includes("Alt") &&
    (!shiftMatters || event.shiftKey === parts.includes("Shift"))
  );
}

/** Inputs that hold no text. */
const NOT_TEXT = [
  "button",
  "checkbox",
  "color",
  "file",
  "image",
  "radio",
  "range",
  "reset",
  "submit",
];
const TEXT_FIELD = `textarea, [role='combobox'], input${NOT_TEXT.map((type) => `:not([type='${type}'])`).join("")}`;

/** True when the keyboard is being used to write, so that single letters are not shortcuts. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELD));
}
