import { expect, test } from 'vitest';
import { Random } from '../world/random.ts';
import { sampleScene } from '../world/scene.ts';
import { probeScenes } from './probe-scenes.ts';
import { PROPERTIES, propertyOf, truthOf } from './scene-truth.ts';

const ball = sampleScene(5, {
  kinds: ['ball'],
  colors: ['red'],
  states: ['falling'],
  patterns: ['striped'],
  light: 'left',
  weather: 'rain',
  place: 'lawn',
});

test.each([
  ['a falling', true],
  ['floating', false],
  ['striped', true],
  ['plain', false],
  ['lit from the left', true],
  ['lit from right', false],
  ['rain', true],
  ['in the rain', true],
  ['a red ball', true],
  ['a blue ball', false],
  ['wooden', false],
  ['one', true],
])('%s: %s', (concept, shown) => {
  expect(truthOf(concept)?.(ball)).toBe(shown);
});

test('nothing is guessed of a word that the world does not know', () => {
  expect(truthOf('quokka')).toBeUndefined();
});

test('every value of every property is a concept with a truth, and a drawn value is there', () => {
  for (const { name, values, draw, of } of PROPERTIES) {
    values.forEach((value, index) => {
      expect(truthOf(value), value).toBeDefined();
      if (draw) {
        const scene = sampleScene(9, { objects: 1, kinds: ['ball'], ...draw(index) });
        expect(of(scene), name).toBe(value);
      }
    });
  }
});

test('a list of concepts is of one property, or of none', () => {
  expect(propertyOf(['red', 'blue'])?.name).toBe('colour');
  expect(propertyOf(['wood', 'brick'])?.name).toBe('material');
  expect(propertyOf(['red', 'car'])).toBeUndefined();
  expect(propertyOf([])).toBeUndefined();
});

test('matched scenes differ in the value alone', () => {
  const { scenes, shows, name } = probeScenes('what color is the taxi', ['red', 'blue']);
  expect(name).toBe('colour');
  expect(scenes).toHaveLength(100);
  const red = shows('red')!;
  expect(red.filter(Boolean)).toHaveLength(10);
  for (let set = 0; set < 10; set += 1) {
    const own = scenes.slice(10 * set, 10 * set + 10);
    const taxis = own.map(({ things }) => things.filter(({ kind }) => kind === 'taxi'));
    expect(taxis.every((found) => found.length === 1)).toBe(true);
    expect(new Set(taxis.map(([taxi]) => taxi!.color)).size).toBe(10);
    expect(new Set(taxis.map(([taxi]) => `${taxi!.x} ${taxi!.y} ${taxi!.size}`)).size).toBe(1);
    expect(new Set(own.map(({ place, time, light }) => `${place} ${time} ${light}`)).size).toBe(1);
  }
  expect(shows('green car')).toBeNull();
});

test('shuffled labels take one scene of each matched set', () => {
  const { shuffled, shows } = probeScenes('what is the ball doing', ['falling', 'resting']);
  const labels = shuffled(shows('falling')!, new Random(3));
  for (let set = 0; set < 32; set += 1) {
    expect(labels.slice(3 * set, 3 * set + 3).filter(Boolean)).toHaveLength(1);
  }
});

test('a kind that cannot have the property, and a mixed list, fall back to scenes as they come', () => {
  expect(probeScenes('what pattern does the car have', ['striped', 'dotted']).name).toBe('any');
  expect(probeScenes('what is it', ['red', 'night']).name).toBe('any');
});
