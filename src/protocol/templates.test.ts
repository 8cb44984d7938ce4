import { expect, test } from 'vitest';
import { conceptPrompts, isTemplate } from './templates.ts';

test('the usual sentences, with an article only where there is none', () => {
  expect(conceptPrompts('orange')).toEqual(['orange', 'an orange', 'a picture of an orange']);
  expect(conceptPrompts(' a red car ')).toEqual(['a red car', 'a picture of a red car']);
});

test('own sentences, whatever the concept holds', () => {
  expect(conceptPrompts('dog', ['we see {a}', 'two {}s and {}'])).toEqual([
    'we see a dog',
    'two dogs and dog',
  ]);
  expect(conceptPrompts('$& {a}', ['the {} here'])).toEqual(['the $& {a} here']);
  expect(() => conceptPrompts('dog', ['nothing'])).toThrow('no place for the concept: nothing');
  expect(isTemplate('a {} there')).toBe(true);
});
