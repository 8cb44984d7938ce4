import { expect, test } from 'vitest';
import { classNames } from './class-names.ts';

test('names come from the config, in the order of its numbers', () => {
  expect(classNames({ id2label: { 10: 'k', 0: 'a', 1: 'b' } }, null, 3)).toEqual([]);
  expect(classNames({ id2label: { 2: 'c', 0: 'a', 1: 'b' } }, null, 3)).toEqual(['a', 'b', 'c']);
});

test('or from a file, with WordNet’s ids and empty lines left out', () => {
  expect(classNames(null, 'n01440764 tench, Tinca tinca\r\n\r\nn01443537 goldfish\r\n', 2)).toEqual([
    'tench, Tinca tinca',
    'goldfish',
  ]);
});

test('names that do not fit the model, or say nothing, are none', () => {
  expect(classNames({ id2label: { 0: 'a', 1: 'b' } }, 'a\nb', 3)).toEqual([]);
  expect(classNames({ id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } }, null, 2)).toEqual([]);
  expect(classNames({ id2label: 'x' }, null, 1)).toEqual([]);
});
