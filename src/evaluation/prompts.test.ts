import { expect, test } from 'vitest';
import { COLOUR_NAMES, OBJECTS, PLACES } from '../world/catalogue.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { FIXED_PROMPTS, fixedPrompts, functionWords, PAIRS, pairPrompts } from './prompts.ts';

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

test('fewer kinds still make different pairs, and every seed is another', () => {
  const kinds = OBJECTS.slice(0, 12);
  const prompts = fixedPrompts(kinds, 100);
  expect(new Set(prompts.map(({ kind, color }) => `${kind} ${color}`)).size).toBe(100);
  expect(new Set(prompts.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(new Set([...prompts, ...fixedPrompts(kinds, 50, 1000)].map(({ seed }) => seed)).size).toBe(150);
});

test('two things differ in kind and in colour', () => {
  const kinds = OBJECTS.slice(0, 12);
  const prompts = pairPrompts(kinds, 120);
  for (const { things } of prompts) {
    expect(things[0].kind).not.toBe(things[1].kind);
    expect(things[0].color).not.toBe(things[1].color);
  }
  expect(new Set(prompts.map(({ text }) => text)).size).toBeGreaterThan(110);
  expect(prompts[0]?.text).toBe('a red car and an orange bus on the lawn by day');
});

test('function words are told by their places', () => {
  expect(functionWords('a red car and an orange bus on the lawn by day').map(({ word }) => word)).toEqual([
    ...['a', 'and', 'an', 'on', 'the', 'by'],
  ]);
  expect(functionWords('a red car')[0]).toEqual({ word: 'a', index: 0 });
});
