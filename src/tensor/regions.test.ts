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

  it('painted together are what they are painted one after another', () => {
    const width = 37;
    const height = 23;
    const plane = (seed: number, codes: number) =>
      Uint8Array.from(
        { length: width * height },
        (_, i) => Math.floor((i * seed) / 17 + (i % width) / 5) % codes,
      );
    const planes = [plane(3, 4), plane(5, 3), plane(7, 6)].map((codes, index) => ({
      codes,
      // Two codes of one label, and one of none.
      labelOf: (code: number) => (code === 0 ? undefined : 10 * index + Math.min(code, 3)),
    }));
    const labelsAt = ({ map, starts, labels }: ReturnType<RegionBuilder['build']>) =>
      Array.from(map, (region) => [...labels.subarray(starts[region]!, starts[region + 1]!)].join(' '));
    const single = new RegionBuilder(height, width);
    for (const { codes, labelOf } of planes) single.paint(codes, labelOf);
    const together = new RegionBuilder(height, width);
    // One plane lies where no word begins.
    const moved = new Uint8Array(width * height + 1);
    moved.set(planes[1]!.codes, 1);
    together.paintTogether(planes.with(1, { ...planes[1]!, codes: moved.subarray(1) }));
    const [one, other] = [single.build(), together.build()];
    expect(labelsAt(other)).toEqual(labelsAt(one));
    expect([...other.pixels].sort()).toEqual([...one.pixels].sort());
    expect(() => together.paintTogether(planes)).toThrow(RangeError);
    const wrong = [{ codes: new Uint8Array(3), labelOf: () => 1 }];
    expect(() => new RegionBuilder(2, 2).paintTogether(wrong)).toThrow(RangeError);
    expect(() => new RegionBuilder(1, 3).paintTogether(Array(7).fill(wrong[0]))).toThrow(RangeError);
  });
});
