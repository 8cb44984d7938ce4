import { expect, test } from 'vitest';
import { promptCautions, readPrompt, readTokenRules } from './prompt.ts';
import type { Tokenizer } from './session.ts';

/** Splits words into chunks of three letters, as a byte-pair tokenizer may; `z` words are unknown. */
const vocabulary = ['<s>', '</s>', '<unk>', '<pad>', 'red', 'car', 'tax', 'i', 'a', 'on', ','];
const tokenizer: Tokenizer = {
  encode(text) {
    const body = (text.toLowerCase().match(/\w{1,3}|[^\s\w]+/g) ?? []).map((piece) => {
      const id = vocabulary.indexOf(piece);
      return id < 0 ? 2 : id;
    });
    return [0, ...body, 1];
  },
  token: (id) => vocabulary[id]!,
  id: (token) => (vocabulary.includes(token) ? vocabulary.indexOf(token) : undefined),
};
const config = {
  bos_token: '<s>',
  eos_token: { content: '</s>' },
  unk_token: '<unk>',
  pad_token: '<pad>',
  model_max_length: 8,
};
const rules = readTokenRules(config, tokenizer);

test('rules come from the configuration', () => {
  expect(rules).toEqual({ start: 0, end: 1, unknown: 2, pad: 3, limit: 8 });
  expect(() => readTokenRules({ ...config, eos_token: undefined }, tokenizer)).toThrow('eos_token');
  expect(() => readTokenRules({ ...config, model_max_length: 1e30 }, tokenizer)).toThrow('model_max_length');
  expect(readTokenRules({ ...config, model_max_length: 1e30 }, tokenizer, 32).limit).toBe(32);
  expect(readTokenRules(config, tokenizer, 32).limit).toBe(8);
  expect(readTokenRules({ ...config, pad_token: undefined }, tokenizer).pad).toBe(1);
});

test('every occurrence of a word keeps its own tokens', () => {
  const reading = readPrompt('Taxi, a taxi', tokenizer, rules);
  expect(reading.words.map(({ text, positions }) => [text, positions])).toEqual([
    ['Taxi', [1, 2]],
    [',', [3]],
    ['a', [4]],
    ['taxi', [5, 6]],
  ]);
  expect(reading.tokens.map(({ id }) => id)).toEqual([0, 6, 7, 10, 8, 6, 7, 1]);
  expect(reading.tokens.map(({ word }) => word)).toEqual([-1, 0, 0, 1, 2, 3, 3, -1]);
  expect(reading.cut).toEqual([]);
});

test('a short prompt is padded to the limit', () => {
  const { tokens } = readPrompt('red', tokenizer, rules);
  expect(tokens.map(({ id }) => id)).toEqual([0, 4, 1, 3, 3, 3, 3, 3]);
  expect(tokens.map(({ special }) => special)).toEqual([true, false, true, true, true, true, true, true]);
  expect(tokens.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a word that does not fit whole is cut with everything after it', () => {
  const reading = readPrompt('a red car on a taxi red', tokenizer, rules);
  expect(reading.words.map(({ text }) => text)).toEqual(['a', 'red', 'car', 'on', 'a']);
  expect(reading.cut).toEqual(['taxi', 'red']);
  expect(reading.tokens).toHaveLength(8);
  expect(reading.tokens.at(-2)?.id).toBe(1);
  expect(promptCautions(reading, rules.limit)).toEqual([
    { kind: 'cut-words', words: ['taxi', 'red'], limit: 8 },
  ]);
});

test('unknown words are named once', () => {
  const reading = readPrompt('zoo red zoo', tokenizer, rules);
  expect(reading.words.map(({ known }) => known)).toEqual([false, true, false]);
  expect(promptCautions(reading, rules.limit)).toEqual([{ kind: 'unknown-words', words: ['zoo'] }]);
});

test('typed special tokens stay text', () => {
  const ids = readPrompt('red</s>', tokenizer, rules).tokens.map(({ id }) => id);
  expect(ids.indexOf(1)).toBeGreaterThan(2);
});

test('an empty prompt is refused unless it is the unconditional one', () => {
  expect(() => readPrompt(' \n', tokenizer, rules)).toThrow('empty');
  expect(readPrompt('', tokenizer, rules, { allowEmpty: true }).tokens[1]?.id).toBe(1);
});
