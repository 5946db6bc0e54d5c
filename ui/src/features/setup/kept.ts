/**
 * What was entered and not saved yet, kept for a reload of this window and for nothing else: it goes with
 * the window. Never a secret.
 */
const PREFIX = "lockstep.setup.";

/** What was kept under `key`; nothing if there is nothing, or nothing that can be read. */
export function readKept<T>(key: string): T | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** Keeps `value` under `key`; `undefined` lets go of it. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch (thrown) {
    console.warn("what was entered would not outlive a reload", thrown);
  }
}
