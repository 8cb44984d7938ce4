import { expect, test } from 'vitest';
import { buildTokenizer } from '../jobs/tokenizer.ts';
import { clipTokenizer } from './clip-tokenizer.ts';

/** Letters alone and at a word's end, two merges, the two special tokens. */
const pieces = [
  'a',
  'c',
  'd',
  'e',
  'r',
  '1',
  'a</w>',
  'd</w>',
  'r</w>',
  '1</w>',
  '2</w>',
  ',</w>',
  're',
  'red</w>',
];
const vocabulary = Object.fromEntries(
  [...pieces, '<|startoftext|>', '<|endoftext|>'].map((piece, id) => [piece, id]),
);
const merges = '#version: 0.2\nr e\nre d</w>\n';
const id = (piece: string) => vocabulary[piece]!;

test('splits words as CLIP does: merges, ends of words, lower case, single digits, punctuation apart', () => {
  const tokenizer = buildTokenizer(clipTokenizer(vocabulary, merges), {});
  expect(tokenizer.encode('A red car')).toEqual(['a</w>', 'red</w>', 'c', 'a', 'r</w>'].map(id));
  expect(tokenizer.encode('red, 12')).toEqual(['red</w>', ',</w>', '1</w>', '2</w>'].map(id));
  expect(tokenizer.id('<|endoftext|>')).toBe(id('<|endoftext|>'));
});

test('a vocabulary without the special tokens is refused', () => {
  expect(() => clipTokenizer({ a: 0 }, merges)).toThrow('<|startoftext|>');
  expect(() => clipTokenizer(null, merges)).toThrow('vocab.json');
});
