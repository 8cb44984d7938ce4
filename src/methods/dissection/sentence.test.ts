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
  { concept: 'wheel', category: 'part', iou: 0.2 },
  { concept: 'bus', category: 'object', iou: 0.19 },
  { concept: 'bumper', category: 'part', iou: 0.15 },
  { concept: 'roof', category: 'part', iou: 0.05 },
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

describe('SentenceEvidence', () => {
  const evidence = new SentenceEvidence(legend, scores);
  // By day it fires on the wheels of buses, not on those of cars; by night not at all.
  const day = regionsOf([1, 2, 1, 3], [1, 1, 2, 2], [1, 1, 1, 1]);
  const night = regionsOf([1, 0, 1, 0], [1, 0, 2, 0], [2, 2, 2, 2]);
  evidence.add(firing([1, 1, 0, 0], day), day);
  evidence.add(firing([0, 0, 0, 1], night), night);
  const words = evidence.words();

  it('names the best label, its like beside it, and the conditions that the counts show', () => {
    expect(words.heads.map(({ concept }) => concept)).toEqual(['wheel', 'bumper']);
    // Five pixels of wheel or bumper, three of them on a bus, three by day.
    expect(words.mostly).toEqual([
      { concept: 'bus', category: 'object', share: 1, baseline: 0.6 },
      { concept: 'day', category: 'scene', share: 1, baseline: 0.6 },
    ]);
    expect(words.rarely).toEqual([]);
  });

  it('expects firing where the sentence says, less where a condition speaks against it', () => {
    expect(evidence.expects(words, regionsOf([1, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]))).toBe(1);
    expect(evidence.expects(words, regionsOf([1, 0, 0, 0], [2, 0, 0, 0], [1, 1, 1, 1]))).toBe(0.25);
    expect(evidence.expects(words, regionsOf([3, 3, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]))).toBe(0);
  });

  it('says what is rare where nothing of its kind is frequent', () => {
    const rare = new SentenceEvidence(legend, scores.slice(0, 1));
    const regions = regionsOf([1, 1, 1, 1], [1, 2, 1, 2], [0, 0, 2, 2]);
    rare.add(firing([1, 1, 0, 0], regions), regions);
    expect(rare.words().rarely).toEqual([{ concept: 'night', category: 'scene', share: 0, baseline: 0.5 }]);
    expect(new SentenceEvidence(legend, []).words().heads).toEqual([]);
  });
});
