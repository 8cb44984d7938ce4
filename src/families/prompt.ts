/** How a model reads a prompt: words, their tokens, what it does not know and what it never sees. */

import { VitrineError } from '../protocol/errors.ts';
import type { Caution, PromptReading, PromptToken, PromptWord } from '../protocol/jobs.ts';
import type { Tokenizer } from './session.ts';

/** The special tokens and the length limit of a text model, from `tokenizer_config.json`. */
export interface TokenRules {
  readonly start: number | undefined;
  readonly end: number;
  readonly pad: number;
  readonly unknown: number | undefined;
  /** Tokens of a full sequence, special ones counted. */
  readonly limit: number;
}

/** `usual` stands in for the limit of a tokenizer that has none. Throws `model-corrupt` when the end token or the limit is missing. */
export function readTokenRules(json: unknown, tokenizer: Tokenizer, usual?: number): TokenRules {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const id = (name: string): number | undefined => {
    const entry = fields[name];
    const text =
      typeof entry === 'object' && entry !== null && 'content' in entry
        ? entry.content
        : (entry ?? undefined);
    return typeof text === 'string' ? tokenizer.id(text) : undefined;
  };
  const end = id('eos_token');
  const own = fields.model_max_length;
  if (end === undefined) throw corrupt('no eos_token');
  // Tokenizers without a limit of their own carry a huge number here.
  const limit = typeof own === 'number' && own >= 3 && own <= 4096 ? own : usual;
  if (limit === undefined) throw corrupt(`model_max_length ${own}`);
  const unknown = id('unk_token');
  return {
    start: id('bos_token'),
    end,
    pad: id('pad_token') ?? end,
    // CLIP names its end token as the unknown one, which its byte-level vocabulary never needs.
    unknown: unknown === end ? undefined : unknown,
    limit,
  };
}

/** Runs of letters, marks and digits (inner apostrophes kept), and runs of anything else that is not a space. */
const WORDS = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}]+/gu;

/** The words that a text is read as, in order. */
export function promptWords(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}

/**
 * Reads a prompt word by word, so that the tokens of each are known and no typed text becomes a special token. A word that
 * does not fit whole within the limit is cut, and everything after it. The tokens fill the limit, padding included.
 * Throws `bad-prompt` when nothing but spaces is typed; pass `allowEmpty` for the unconditional prompt.
 */
export function readPrompt(
  text: string,
  tokenizer: Tokenizer,
  rules: TokenRules,
  { allowEmpty = false } = {},
): PromptReading {
  const typed = promptWords(text);
  if (typed.length === 0 && !allowEmpty) throw new VitrineError('bad-prompt', 'the prompt is empty');
  const tokens: PromptToken[] = [];
  const push = (id: number, word: number): void => {
    const special = word < 0;
    tokens.push({ position: tokens.length, id, text: tokenizer.token(id), special, word });
  };
  if (rules.start !== undefined) push(rules.start, -1);
  const words: PromptWord[] = [];
  let taken = 0;
  for (const word of typed) {
    const ids = contentTokens(word, tokenizer, rules);
    if (tokens.length + ids.length + 1 > rules.limit) break;
    const first = tokens.length;
    for (const id of ids) push(id, words.length);
    words.push({
      text: word,
      positions: ids.map((_, offset) => first + offset),
      known: ids.length > 0 && !ids.some((id) => id === rules.unknown),
    });
    taken++;
  }
  push(rules.end, -1);
  while (tokens.length < rules.limit) push(rules.pad, -1);
  return { tokens, words, cut: typed.slice(taken) };
}

/** The tokens of a text without the start and end tokens that a tokenizer may put around it. */
export function contentTokens(
  word: string,
  tokenizer: Tokenizer,
  rules: Pick<TokenRules, 'start' | 'end'>,
): readonly number[] {
  const ids = tokenizer.encode(word);
  const from = ids[0] === rules.start ? 1 : 0;
  const to = ids.at(-1) === rules.end ? ids.length - 1 : ids.length;
  return ids.slice(from, to);
}

/** What the page must say beside a result of this prompt. */
export function promptCautions(reading: PromptReading, limit: number): Caution[] {
  const cautions: Caution[] = [];
  const unknown = [...new Set(reading.words.filter(({ known }) => !known).map(({ text }) => text))];
  if (unknown.length > 0) cautions.push({ kind: 'unknown-words', words: unknown });
  if (reading.cut.length > 0) cautions.push({ kind: 'cut-words', words: reading.cut, limit });
  return cautions;
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `tokenizer_config: ${what}`, { file: 'tokenizer_config' });
}
