import { describe, expect, it } from 'vitest';
import { RegionBuilder } from './regions.ts';

const labelsAt = (regions: ReturnType<RegionBuilder['build']>, pixel: number): number[] => {
  const region = regions.map[pixel]!;
  return [...regions.labels.subarray(regions.starts[region], regions.starts[region + 1])];
};

describe('regions', () => {
  it('carry at every pixel the labels of all images laid over each other', () => {
    const builder = new RegionBuilder(2, 3);
    builder.paint([0, 1, 1, 2, 2, 0], (code) => (code === 0 ? undefined : code + 10));
    builder.everywhere(5);
    builder.paint([7, 7, 0, 7, 0, 0], (code) => (code === 7 ? 1 : undefined));
    const regions = builder.build();
    expect([...Array(6).keys()].map((pixel) => labelsAt(regions, pixel))).toEqual([
      [1, 5],
      [1, 5, 11],
      [5, 11],
      [1, 5, 12],
      [5, 12],
      [5],
    ]);
    expect([...regions.pixels]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('join codes of one label, and carry a label once', () => {
    const builder = new RegionBuilder(1, 4);
    builder.paint([300000, 300001, 5, 5], (code) => (code > 9 ? 2 : undefined));
    builder.paint([1, 1, 1, 0], (code) => (code === 1 ? 2 : undefined));
    const regions = builder.build();
    expect([0, 1, 2, 3].map((pixel) => labelsAt(regions, pixel))).toEqual([[2], [2], [2], []]);
    expect([...regions.pixels]).toEqual([3, 1]);
  });

  it('name a label image of another size', () => {
    expect(() => new RegionBuilder(2, 2).paint([1, 2, 3], () => 0)).toThrow('3 label pixels, not 4');
    expect(() => new RegionBuilder(0, 2)).toThrow('invalid size of a label map: 2 x 0');
  });
});
