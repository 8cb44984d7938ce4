import { expect, test } from 'vitest';
import { fullCaption } from '../../../world/caption.ts';
import { isTrueOf } from '../../../world/facts.ts';
import type { Reading } from '../../oracle.ts';
import { peakSignalToNoise } from './autoencoder.ts';
import { chanceOf } from './chance.ts';
import { twoObjects } from './diffusion.ts';
import { isExact } from './generative.ts';
import { meanOverlap } from './judge.ts';
import { tellingScenes } from './retrieval.ts';
import { splitShares } from './share.ts';

test('chance gives the commonest answer of each type', () => {
  const questions = [
    { type: 'color', answer: 'red' },
    { type: 'color', answer: 'red' },
    { type: 'color', answer: 'blue' },
    { type: 'there', answer: 'yes' },
  ];
  expect(chanceOf(questions)).toBe(3 / 4);
  expect(chanceOf([])).toBeNaN();
});

test('an answer is exact as one word or as its sentence', () => {
  const question = { answer: 'red', sentence: 'the color is red' };
  expect(isExact('red', question)).toBe(true);
  expect(isExact('the color is red', question)).toBe(true);
  expect(isExact('red red', question)).toBe(false);
  expect(isExact('', question)).toBe(false);
});

test('overlap is pooled over scenes and leaves out labels that nowhere occur', () => {
  const reading = (...object: number[]): Reading => {
    const codes = Uint8Array.from(object);
    return { grid: 2, labels: { object: codes, color: codes, scene: codes } };
  };
  const truth = [reading(1, 1, 2, 0), reading(1, 0, 0, 0)];
  const seen = [reading(1, 2, 2, 0), reading(1, 0, 0, 3)];
  const { sum, labels } = meanOverlap(seen, truth, 'object', [1, 2, 3, 4]);
  // 1: 2 of 3; 2: 1 of 2; 3: 0 of 1; 4 is nowhere.
  expect(sum).toBeCloseTo(2 / 3 + 1 / 2, 12);
  expect(labels).toBe(3);
});

test('signal to noise of a known error', () => {
  const flat = (value: number) => ({
    width: 1,
    height: 1,
    data: new Uint8ClampedArray([value, value, value, 255]),
  });
  expect(peakSignalToNoise([flat(100)], [flat(110)])).toBeCloseTo(20 * Math.log10(25.5), 10);
  expect(peakSignalToNoise([flat(100)], [flat(100)])).toBe(Number.POSITIVE_INFINITY);
});

test('full captions are true of their own scene and of no other', () => {
  const telling = tellingScenes(60, 3);
  telling.forEach(({ scene, text }, i) => {
    const { claims } = fullCaption(scene);
    expect(fullCaption(scene).text).toBe(text);
    expect(telling.flatMap((other, j) => (isTrueOf(claims, other.scene) ? [j] : []))).toEqual([i]);
  });
});

test('prompts of two things never name one kind or one colour twice', () => {
  for (const { text, things } of twoObjects(100)) {
    const [one, other] = things;
    expect(one.kind).not.toBe(other.kind);
    expect(one.color).not.toBe(other.color);
    expect(text).toContain(one.color);
  }
});

test('shares over all, over what was seen and over what was not', () => {
  const rows = splitShares(
    'x',
    [
      { right: true, unseen: false },
      { right: false, unseen: false },
      { right: true, unseen: true },
    ],
    0.9,
  );
  expect(rows.map(({ value }) => value)).toEqual([2 / 3, 0.5, 1]);
  expect(rows[0]!.bar).toEqual({ is: 'at least', value: 0.9 });
  expect(rows[1]!.bar).toBeUndefined();
});
