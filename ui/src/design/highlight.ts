/** A stretch of text, and whether it is one that was looked for. */
export interface Part {
  readonly text: string;
  readonly hit: boolean;
}

/** Cuts `text` at every place where one of the words of `query` stands, ignoring case. */
export function splitMatches(text: string, query: string): Part[] {
  const words = query.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return text === "" ? [] : [{ text, hit: false }];
  const pattern = words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text
    .split(new RegExp(`(${pattern})`, "giu"))
    .map((part, i) => ({ text: part, hit: i % 2 === 1 }))
    .filter((part) => part.text !== "");
}
