/** A stretch of text, and whether the other side has it otherwise. */
export interface Part {
  readonly text: string;
  readonly differs: boolean;
}

/** Beyond so many pairs of words the middle is not compared word by word: it would hold the window up. */
const PAIRS_MAX = 4_000_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Two texts cut where they differ, by words; also in scripts that put no blanks between them. */
export function compare(one: string, other: string): { one: Part[]; other: Part[] } {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end += 1;
  const [kept, keptOther] = common(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const mark = (words: readonly string[], same: readonly boolean[]) =>
    joined(
      words.map((text, i) => {
        const inMiddle = i >= start && i < words.length - end;
        return { text, differs: inMiddle && !same[i - start] };
      }),
    );
  return { one: mark(a, kept), other: mark(b, keptOther) };
}

function wordsOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Which words of each belong to the longest row of words that both have. */
function common(a: readonly string[], b: readonly string[]): [boolean[], boolean[]] {
  const keptA = new Array<boolean>(a.length).fill(false);
  const keptB = new Array<boolean>(b.length).fill(false);
  if (a.length * b.length > PAIRS_MAX) return [keptA, keptB];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      keptA[i] = true;
      keptB[j] = true;
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return [keptA, keptB];
}

/** Neighbours of the same sort as one; a blank between two words that differ belongs to them. */
function joined(parts: readonly Part[]): Part[] {
  const out: { text: string; differs: boolean }[] = [];
  parts.forEach((part, i) => {
    const bridges =
      !part.differs &&
      part.text.trim() === "" &&
      parts[i - 1]?.differs === true &&
      parts[i + 1]?.differs === true;
    const differs = part.differs || bridges;
    const last = out.at(-1);
    if (last?.differs === differs) last.text += part.text;
    else out.push({ text: part.text, differs });
  });
  return out;
}
