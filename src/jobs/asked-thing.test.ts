import { expect, test } from 'vitest';
import { sampleScene } from '../world/scene.ts';
import { askedThing, repainted } from './asked-thing.ts';

const scene = sampleScene(3, { kinds: ['person', 'taxi'], colors: ['white', 'yellow'] });
const kindOf = (question: string) => askedThing(scene, question)?.kind;

test('a question names a thing by its kind, a person by the shirt', () => {
  expect(kindOf('what color is the taxi')).toBe('taxi');
  expect(kindOf("What color is the man's shirt?")).toBe('person');
  expect(kindOf('what color is the carpet')).toBeUndefined();
});

test('a taxi is the car only where no car stands', () => {
  expect(kindOf('What color is the car?')).toBe('taxi');
  const both = sampleScene(3, { kinds: ['taxi', 'car'], colors: ['yellow', 'red'] });
  expect(both.things.map(({ kind }) => kind).sort()).toEqual(['car', 'taxi']);
  expect(askedThing(both, 'What color is the car?')?.kind).toBe('car');
});

test('a repainted scene is the variant with that thing; anything else says what is wrong', () => {
  const seed = 88651;
  const { things } = sampleScene(seed);
  const taxi = things.find(({ kind }) => kind === 'taxi')!;
  const image = { kind: 'scene', seed } as const;
  expect(repainted(image, 'what color is the taxi', 'blue')).toEqual({
    kind: 'variant',
    seed,
    thing: taxi.id,
    color: 'blue',
  });
  expect(repainted(image, 'anything', null)).toBe(image);
  expect(() => repainted(image, 'what color is the boat', 'blue')).toThrow('names nothing');
  const pixels = { kind: 'pixels', pixels: { width: 1, height: 1, data: new Uint8ClampedArray(4) } } as const;
  expect(() => repainted(pixels, 'the taxi', 'blue')).toThrow('only a drawn scene');
});
