import type { PromptReading, PromptWord } from '../protocol/jobs.ts';
import { cleanText } from './address.ts';

/** A chip under the picture: a word of the prompt, or the model's own start, end and padding tokens. */
export interface Chip {
  /** How links name it: the word, with `~2` for its second occurrence, or `[start]`, `[end]`, `[padding]`. */
  readonly key: string;
  readonly text: string;
  readonly positions: readonly number[];
  readonly known: boolean;
  readonly special: 'start' | 'end' | 'padding' | undefined;
  /** A word that the prompt does not have: its position counts the probes. */
  readonly probe?: true;
}

/** Chips in the order of the sequence; every occurrence of a word has its own. */
export function chipsOf(reading: PromptReading): readonly Chip[] {
  const seen = new Map<string, number>();
  const words = reading.words.map((word): Chip => {
    const plain = cleanText(word.text.replaceAll(',', ''), 40);
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    const key = count === 1 ? plain : `${plain}~${count}`;
    return { key, text: word.text, positions: word.positions, known: word.known, special: undefined };
  });
  return [...specialChips(reading, 'start'), ...words, ...specialChips(reading, 'end', 'padding')];
}

/** Chips of words that were asked for beside the prompt; links name them with a question mark. */
export function probeChips(probes: readonly PromptWord[]): readonly Chip[] {
  return probes.map(({ text, positions, known }) => ({
    key: `?${text}`,
    text,
    positions,
    known,
    special: undefined,
    probe: true,
  }));
}

function specialChips(
  reading: PromptReading,
  ...kinds: readonly ('start' | 'end' | 'padding')[]
): readonly Chip[] {
  const special = reading.tokens.filter((token) => token.special);
  const start = special.filter((token) => token.position === 0);
  const rest = special.filter((token) => token.position !== 0);
  const positions = {
    start,
    end: rest.slice(0, 1),
    padding: rest.slice(1),
  };
  return kinds
    .filter((kind) => positions[kind].length > 0)
    .map((kind) => ({
      key: `[${kind}]`,
      text: kind,
      positions: positions[kind].map((token) => token.position),
      known: true,
      special: kind,
    }));
}

/** Splits selected keys into chips that the prompt has and keys that it has not. */
export function resolveWords(
  chips: readonly Chip[],
  keys: readonly string[],
): { readonly found: readonly Chip[]; readonly missing: readonly string[] } {
  const found: Chip[] = [];
  const missing: string[] = [];
  for (const key of keys) {
    const chip = chips.find((entry) => entry.key === key);
    if (chip) found.push(chip);
    else missing.push(key);
  }
  return { found, missing };
}
