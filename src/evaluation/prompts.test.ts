import { expect, test } from 'vitest';
import { COLOUR_NAMES, OBJECTS, PLACES } from '../world/catalogue.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { FIXED_PROMPTS, PAIRS } from './prompts.ts';

test('100 different pairs spread over kinds, colours and places, in words of the world', () => {
  expect(new Set(FIXED_PROMPTS.map(({ kind, color }) => `${kind} ${color}`)).size).toBe(100);
  for (const kind of OBJECTS) {
    expect(FIXED_PROMPTS.filter((prompt) => prompt.kind === kind).length).toBeGreaterThanOrEqual(
      Math.floor(100 / OBJECTS.length),
    );
  }
  for (const color of COLOUR_NAMES) {
    expect(FIXED_PROMPTS.filter((prompt) => prompt.color === color)).toHaveLength(10);
  }
  for (const place of PLACES) {
    expect(FIXED_PROMPTS.filter(({ text }) => text.includes(place)).length).toBeGreaterThanOrEqual(10);
  }
  const words = FIXED_PROMPTS.flatMap(({ text }) => text.split(' '));
  expect(words.filter((word) => !VOCABULARY.includes(word))).toEqual([]);
  expect(FIXED_PROMPTS[0]?.text).toBe('a red car on the lawn by day');
});

test('all 220 pairs compete', () => {
  expect(new Set(PAIRS.map(({ caption }) => caption)).size).toBe(220);
});
