import { describe, expect, it } from 'vitest';
import { RegionBuilder, type Regions } from '../../tensor/regions.ts';
import { legendOf } from './legend.ts';
import { SentenceEvidence } from './sentence.ts';

const legend = legendOf([
  { category: 'part', labels: ['wheel', 'bumper', 'roof'] },
  { category: 'object', labels: ['bus', 'car'] },
  { category: 'scene', labels: ['day', 'night'] },
]);
const scores = [
  { concept: 'roof', category: 'part', iou: 0.2 },
  { concept: 'wheel', category: 'part', iou: 0.1 },
];

/** A picture of 1 x 4 pixels, 0 for no label of the plane. */
function regionsOf(part: readonly number[], object: readonly number[], scene: readonly number[]): Regions {
  const builder = new RegionBuilder(1, 4);
  for (const [codes, first] of [
    [part, 0],
    [object, 3],
    [scene, 5],
  ] as const) {
    builder.paint(codes, (code) => (code === 0 ? undefined : first + code - 1));
  }
  return builder.build();
}

/** Firing pixels of each region. */
function firing(pixels: readonly number[], { map, pixels: all }: Regions): readonly number[] {
  return Array.from(all, (_, region) => pixels.filter((on, i) => on === 1 && map[i] === region).length);
}

const day = [1, 1, 1, 1];
const night = [2, 2, 2, 2];
const wheelOfBus = regionsOf([1, 0, 0, 0], [1, 1, 0, 0], day);
const wheelOfCar = regionsOf([1, 0, 0, 0], [2, 2, 0, 0], day);
const bumper = regionsOf([0, 2, 0, 0], [2, 2, 0, 0], night);
const roof = regionsOf([3, 3, 0, 0], [2, 2, 0, 0], day);
const nothing = regionsOf([0, 0, 0, 0], [0, 0, 0, 0], night);

describe('SentenceEvidence', () => {
  // Fires on the wheels of buses, on most bumpers, never on roofs or on nothing.
  const evidence = new SentenceEvidence(legend, scores);
  for (let i = 0; i < 9; i += 1) {
    evidence.add(firing([1, 0, 0, 0], wheelOfBus), wheelOfBus);
    evidence.add(firing([0, i < 6 ? 1 : 0, 0, 0], bumper), bumper);
    evidence.add(firing([0, 0, 0, 0], roof), roof);
    evidence.add(firing([0, 0, 0, 0], nothing), nothing);
  }
  const words = evidence.words();

  it('names the things that make the firing likely, with their rates, whatever overlaps best', () => {
    // On wheels it fires in 9 of 9 images, counted as 9 of 10; buses would say the same: the earlier label wins.
    expect(words.heads).toEqual([
      { concept: 'wheel', category: 'part', rate: 0.9, usualPixels: 1, images: 9 },
      { concept: 'bumper', category: 'part', rate: 0.6, usualPixels: 1, images: 9 },
    ]);
  });

  it('says what goes with it where it does not go with the thing as such', () => {
    // 15 firing pixels on 18 of wheels and bumpers: buses 9 of 15 against 9 of 18, which is no more than 1.5 times.
    expect([words.mostly, words.rarely]).toEqual([[], []]);
    const buses = new SentenceEvidence(legend, scores);
    for (let i = 0; i < 9; i += 1) {
      buses.add(firing([1, 0, 0, 0], wheelOfBus), wheelOfBus);
      if (i % 2 === 0) {
        for (let k = 0; k < 2; k += 1) buses.add(firing([0, 0, 0, 0], wheelOfCar), wheelOfCar);
      }
      buses.add(firing([0, 0, 0, 0], nothing), nothing);
    }
    const found = buses.words();
    // Now it is the bus, not the wheel, that tells.
    expect(found.heads[0]).toMatchObject({ concept: 'bus', rate: 0.9 });
  });

  it('expects the noisy-or of the things shown, more of larger ones', () => {
    const expected = (part: readonly number[]) => evidence.expects(words, regionsOf(part, [0, 0, 0, 0], day));
    expect(expected([1, 0, 0, 0])).toBeCloseTo(-Math.log(0.1), 9);
    expect(expected([1, 2, 0, 0])).toBeCloseTo(-Math.log(0.1) - Math.log(0.4), 9);
    expect(expected([2, 2, 2, 2])).toBeCloseTo(-2 * Math.log(0.4), 9);
    expect(expected([3, 3, 0, 0])).toBe(0);
  });

  it('falls back on the best label, and has no words without any', () => {
    const silent = new SentenceEvidence(legend, scores);
    silent.add(firing([0, 0, 0, 0], roof), roof);
    expect(silent.words().heads).toMatchObject([{ concept: 'roof', rate: 0 }]);
    expect(new SentenceEvidence(legend, []).words().heads).toEqual([]);
  });
});
