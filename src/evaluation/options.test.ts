import { expect, test } from 'vitest';
import { readCommandLine } from './options.ts';

test('names, counts and models in any order', () => {
  expect(readCommandLine(['models', '--count', '8', '--pictures=2', '--only', 'a,b', '--json'])).toEqual({
    json: true,
    names: ['models'],
    options: {
      ...{ scenes: 8, pictures: 2, questions: 8, validation: 8, deletion: 8, pairs: 8 },
      only: ['a', 'b'],
    },
  });
  expect(readCommandLine([])).toEqual({ json: false, names: [], options: {} });
});

test('what is no count and no flag is refused by name', () => {
  expect(() => readCommandLine(['--scenes', '0'])).toThrow(/--scenes: 0/);
  expect(() => readCommandLine(['--count', 'many'])).toThrow(/many/);
  expect(() => readCommandLine(['--scnes', '5'])).toThrow(/scnes/);
});
