import { describe, expect, it } from 'vitest';
import { RegionBuilder, type Regions } from '../../tensor/regions.ts';
import { legendOf } from './legend.ts';
import { areasOf, sentenceExpects, sentenceThings } from './sentence.ts';
import { sentenceConditions } from './sentence-conditions.ts';

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

const day = [1, 1, 1, 1];
const night = [2, 2, 2, 2];
const wheelOfBus = regionsOf([1, 0, 0, 0], [1, 1, 0, 0], day);
const wheelOfCar = regionsOf([1, 0, 0, 0], [2, 2, 0, 0], day);
const bumper = regionsOf([0, 2, 0, 0], [2, 2, 0, 0], day);
const roofByDay = regionsOf([3, 3, 0, 0], [0, 0, 0, 0], day);
const roofByNight = regionsOf([3, 3, 0, 0], [0, 0, 0, 0], night);
const nothing = regionsOf([0, 0, 0, 0], [0, 0, 0, 0], night);

const times = (count: number, regions: Regions, fires: number) =>
  Array.from({ length: count }, (_, i) => ({ areas: areasOf(regions), fires: i < fires }));

describe('sentenceThings', () => {
  // Fires for wheels nearly always, for bumpers mostly, for roofs by day only.
  const pictures = [
    ...times(50, wheelOfBus, 49),
    ...times(50, wheelOfCar, 48),
    ...times(50, bumper, 40),
    ...times(50, roofByDay, 5),
    ...times(50, roofByNight, 0),
    ...times(50, nothing, 1),
  ];
  const things = sentenceThings(legend, scores, pictures);

  it('names what tells most first, with its rates, whatever overlaps best', () => {
    const { weight, ...wheel } = things.heads[0]!;
    expect(wheel).toEqual({
      ...{ concept: 'wheel', category: 'part', rate: 0.97, otherwise: 46 / 200, usualPixels: 1, images: 100 },
    });
    expect(weight).toBeGreaterThan(2);
    expect(things.heads[1]).toMatchObject({ concept: 'bumper', rate: 0.8 });
    expect(things.heads.map(({ concept }) => concept)).not.toContain('roof');
  });

  it('expects the sum of the things shown, more of larger ones, less of what silences', () => {
    const expected = (part: readonly number[], scene: readonly number[] = [0, 0, 0, 0]) =>
      sentenceExpects(legend, things, areasOf(regionsOf(part, [0, 0, 0, 0], scene)));
    const [wheel, second] = things.heads;
    expect(expected([0, 0, 0, 0])).toBe(0);
    expect(expected([1, 0, 0, 0])).toBeCloseTo(wheel!.weight, 9);
    expect(expected([1, 2, 0, 0])).toBeCloseTo(wheel!.weight + second!.weight, 9);
    expect(expected([1, 1, 1, 1])).toBeCloseTo(2 * wheel!.weight, 9);
    const lone = {
      heads: [],
      less: [{ ...wheel!, concept: 'night', category: 'scene', weight: -2, usualPixels: 4 }],
    };
    expect(sentenceExpects(legend, lone, areasOf(nothing))).toBe(-2);
    expect(sentenceExpects(legend, lone, areasOf(roofByDay))).toBe(0);
  });

  it('says what keeps it from firing', () => {
    const silenced = sentenceThings(legend, scores, [
      ...times(60, wheelOfBus, 58),
      ...times(60, wheelOfCar, 3),
      ...times(60, bumper, 2),
      ...times(60, nothing, 30),
    ]);
    expect(silenced.heads.map(({ concept }) => concept)).toContain('bus');
    expect(silenced.less.map(({ concept }) => concept)).toContain('car');
    expect(silenced.less.every(({ weight }) => weight < 0)).toBe(true);
  });

  it('falls back on the best label, and has no words without any', () => {
    const silent = times(9, roofByDay, 0);
    expect(sentenceThings(legend, scores, silent)).toMatchObject({
      heads: [{ concept: 'roof', rate: 0, images: 9 }],
      less: [],
    });
    expect(sentenceThings(legend, [], silent)).toEqual({ heads: [], less: [] });
  });
});

describe('sentenceConditions', () => {
  const wheel = { concept: 'wheel', category: 'part' };
  const firing = (regions: Regions, pixels: readonly number[]) => ({
    regions,
    fired: Array.from(
      regions.pixels,
      (_, region) => pixels.filter((on, i) => on === 1 && regions.map[i] === region).length,
    ),
  });
  const off = [0, 0, 0, 0];
  const on = [1, 0, 0, 0];
  const wheelAtNight = regionsOf([1, 0, 0, 0], [2, 2, 0, 0], night);

  it('says what goes with it where it does not go with the thing as such', () => {
    // Wheels: 4 of buses, 4 of cars by day, 3 of cars at night; fires on those of buses, and one of a car by day.
    const pictures = [
      ...Array.from({ length: 4 }, () => firing(wheelOfBus, on)),
      ...Array.from({ length: 4 }, (_, i) => firing(wheelOfCar, i === 0 ? on : off)),
      ...Array.from({ length: 3 }, () => firing(wheelAtNight, off)),
    ];
    expect(sentenceConditions(legend, wheel, pictures)).toEqual({
      mostly: [{ concept: 'bus', category: 'object', share: 0.8, baseline: 4 / 11 }],
      // Day is all of its firing against 8 of 11: less than 1.5 times. Cars are rare where it is mostly buses.
      rarely: [{ concept: 'night', category: 'scene', share: 0, baseline: 3 / 11 }],
    });
  });

  it('says nothing of a thing that goes with nothing, or is not shown', () => {
    const even = [firing(wheelOfBus, on), firing(wheelOfCar, on)];
    expect(sentenceConditions(legend, wheel, even)).toEqual({ mostly: [], rarely: [] });
    expect(sentenceConditions(legend, wheel, [firing(nothing, off)])).toEqual({ mostly: [], rarely: [] });
  });
});
