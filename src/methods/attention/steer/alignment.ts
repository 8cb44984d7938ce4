/** Which tokens of the first prompt the tokens of the second one correspond to. */

import type { PromptReading } from '../../../protocol/jobs.ts';

/** How the first prompt's maps become the second one's. */
export interface Correspondence {
  /** [source token, target token], row-major: target map = source maps x this. */
  readonly map: Float32Array;
  /** 1 for every target token that has a counterpart, 0 for those that keep their own maps. */
  readonly gate: Float32Array;
}

/**
 * Prompt-to-Prompt's *replace* (Hertz et al. 2022): prompts of equally many words, each word's map goes to the word in its place.
 * Where a word of n tokens becomes one of m, each of the m takes the sum of the n maps divided by m. Throws
 * RangeError for prompts of different length in words.
 */
export function replacement(source: PromptReading, target: PromptReading): Correspondence {
  if (source.words.length !== target.words.length) {
    throw new RangeError(`replace: ${source.words.length} words cannot become ${target.words.length}`);
  }
  const tokens = source.tokens.length;
  const map = new Float32Array(tokens * tokens);
  // Start token, then word by word, then the end and what pads.
  let from = 0;
  let to = 0;
  const one = (): void => {
    if (from < tokens && to < tokens) map[from * tokens + to] = 1;
    from += 1;
    to += 1;
  };
  const first = source.words[0]?.positions[0] ?? 0;
  while (from < first) one();
  for (const [index, word] of source.words.entries()) {
    const other = target.words[index]!;
    if (word.positions.length === other.positions.length) for (const _ of word.positions) one();
    else {
      for (const row of word.positions) {
        for (const column of other.positions) map[row * tokens + column] = 1 / other.positions.length;
      }
      from += word.positions.length;
      to += other.positions.length;
    }
  }
  while (from < tokens && to < tokens) one();
  // A shorter tail: what is left of the target keeps the token of its own place.
  for (; to < tokens; to += 1) map[to * tokens + to] = 1;
  return { map, gate: new Float32Array(tokens).fill(1) };
}

/**
 * Prompt-to-Prompt's *refine*: the token sequences up to the end token are aligned globally (Needleman and Wunsch; match 1,
 * mismatch -1, gap 0); target tokens without a counterpart keep their own maps. Padding corresponds place by place.
 */
export function refinement(source: PromptReading, target: PromptReading): Correspondence {
  const tokens = target.tokens.length;
  const a = content(source);
  const b = content(target);
  const counterpart = align(a, b);
  const map = new Float32Array(tokens * tokens);
  const gate = new Float32Array(tokens);
  for (let to = 0; to < tokens; to += 1) {
    const from = to < b.length ? counterpart[to]! : to;
    if (from < 0) continue;
    map[from * tokens + to] = 1;
    gate[to] = 1;
  }
  return { map, gate };
}

/** Ids up to the end token, that one included. */
function content({ tokens, words }: PromptReading): readonly number[] {
  const last = words.at(-1)?.positions.at(-1) ?? 0;
  return tokens.slice(0, last + 2).map(({ id }) => id);
}

/** For each token of `b` its counterpart in `a`, or -1. Ties prefer a gap, as the authors' code does. */
function align(a: readonly number[], b: readonly number[]): Int32Array {
  const width = b.length + 1;
  const score = new Float64Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const both = score[(i - 1) * width + j - 1]! + (a[i - 1] === b[j - 1] ? 1 : -1);
      score[i * width + j] = Math.max(score[i * width + j - 1]!, score[(i - 1) * width + j]!, both);
    }
  }
  const counterpart = new Int32Array(b.length).fill(-1);
  for (let i = a.length, j = b.length; i > 0 && j > 0; ) {
    const here = score[i * width + j]!;
    if (here === score[i * width + j - 1]) j -= 1;
    else if (here === score[(i - 1) * width + j]) i -= 1;
    else {
      i -= 1;
      j -= 1;
      counterpart[j] = i;
    }
  }
  return counterpart;
}
