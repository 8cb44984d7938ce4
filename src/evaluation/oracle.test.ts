import { expect, test } from 'vitest';
import { type LABELS, labelId, OBJECTS } from '../world/catalogue.ts';
import { drawScene } from '../world/draw.ts';
import { sampleScene } from '../world/scene.ts';
import { colourOf, likeliest, mainKind, objectMask, placeOf, type Reading } from './oracle.ts';
import { truthOf } from './suites/models/judge.ts';

const SIZE = 128;
const GRID = 64;

test('the truth of drawn scenes, read as an oracle would, names kind, colour and place', () => {
  const wrong: string[] = [];
  const count = 220;
  for (let i = 0; i < count; i++) {
    const scene = sampleScene(72_000_000 + i, { kinds: [OBJECTS[i % OBJECTS.length]!] });
    const [thing] = scene.things;
    const reading = truthOf(drawScene(scene, SIZE), GRID);
    if (mainKind(reading) !== thing!.kind) wrong.push(`${scene.seed} is no ${thing!.kind}`);
    if (colourOf(reading, thing!.kind) !== thing!.color)
      wrong.push(`${scene.seed} is no ${thing!.color} ${thing!.kind}`);
    if (placeOf(reading) !== scene.place) wrong.push(`${scene.seed} is not in place ${scene.place}`);
  }
  expect(wrong.length / count, wrong.join('\n')).toBeLessThanOrEqual(0.01);
});

test('what is not there has no mask, no colour and no name', () => {
  const empty = new Uint8Array(GRID * GRID);
  const nothing: Reading = { grid: GRID, labels: { object: empty, color: empty, scene: empty } };
  expect(mainKind(nothing)).toBeNull();
  expect(objectMask(nothing, 'car')).toBeNull();
  expect(colourOf(nothing, 'car')).toBeNull();
  expect(placeOf(nothing)).toBeNull();
  const speck = empty.slice().fill(labelId('object', 'car'), 0, 20);
  expect(objectMask({ ...nothing, labels: { ...nothing.labels, object: speck } }, 'car')).toBeNull();
});

test('a person is told by the shirt, not by the trousers', () => {
  const object = new Uint8Array(GRID * GRID);
  const color = new Uint8Array(GRID * GRID);
  const id = (name: (typeof LABELS.color)[number]) => labelId('color', name);
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 10; x++) {
      object[y * GRID + x] = labelId('object', 'person');
      color[y * GRID + x] = y < 11 ? id('red') : id('blue');
    }
  }
  // Blue is no smaller: the trousers are wider.
  for (let y = 11; y < 20; y++)
    for (let x = 10; x < 14; x++) object[y * GRID + x] = labelId('object', 'person');
  for (let y = 11; y < 20; y++) for (let x = 10; x < 14; x++) color[y * GRID + x] = id('blue');
  const reading = { grid: GRID, labels: { object, color, scene: object } };
  expect(colourOf(reading, 'person')).toBe('red');
});

test('the best label of [batch, label, y, x] is its position', () => {
  const data = Float32Array.of(0, 3, 1, 2, 2, 9, 5, 4, 4, 4, 0, 0);
  expect([...likeliest({ dims: [2, 3, 1, 2], data })]).toEqual([2, 2, 0, 0]);
});
