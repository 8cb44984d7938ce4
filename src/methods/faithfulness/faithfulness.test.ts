import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topRocAuc } from './agreement.ts';
import { blurred, removalFill, replacePatches } from './blur.ts';
import { centreOrder, growingSets, heatOrder, normalisedArea } from './deletion.ts';

describe('agreement', () => {
  it('counts pairs in the right order, ties half', () => {
    const truth = [9, 0, 8, 1, 2];
    // Top two of truth: places 0 and 2. Of six pairs place 0 wins three, place 2 wins one and ties one.
    expect(topRocAuc([5, 4, 3, 3, 1], truth, 0.4)).toBeCloseTo((3 + 1.5) / 6, 12);
    expect(topRocAuc([1, 1, 1, 1, 1], truth, 0.4)).toBe(0.5);
    expect(topRocAuc(truth, truth, 0.4)).toBe(1);
    expect(
      topRocAuc(
        truth.map((x) => -x),
        truth,
        0.4,
      ),
    ).toBe(0);
    expect(topRocAuc([1, 1, 1, 1, 1], truth, 0)).toBeNaN();
  });

  it('does not hang on the scale of a map', () => {
    const maps = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 4,
      maxLength: 30,
    });
    fc.assert(
      fc.property(maps, (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const stretched = a.map((x) => x ** 3 + 7);
        expect(topRocAuc(stretched, b, 0.25)).toBeCloseTo(topRocAuc(a, b, 0.25), 9);
      }),
    );
  });
});

describe('deletion', () => {
  it('orders by heat, or from the centre out', () => {
    expect(heatOrder([0.1, 0.9, 0.9, -1])).toEqual([1, 2, 0, 3]);
    expect(centreOrder(3).slice(0, 1)).toEqual([4]);
    expect(centreOrder(3).slice(1, 5)).toEqual([1, 3, 5, 7]);
    expect([...centreOrder(4)].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('grows from nothing to everything', () => {
    expect(growingSets([3, 1, 0, 2], 3)).toEqual([[], [3, 1, 0], [3, 1, 0, 2]]);
  });

  it('is normalised: at once 0, at the end 1, evenly a half', () => {
    expect(normalisedArea([0.9, 0.1, 0.1, 0.1, 0.1])).toBeCloseTo(1 / 8, 12);
    expect(normalisedArea([0.9, 0.9, 0.9, 0.9, 0.1])).toBeCloseTo(7 / 8, 12);
    expect(normalisedArea([0.8, 0.6, 0.4, 0.2])).toBeCloseTo(0.5, 12);
    // What does not die when everything is gone hangs on nothing.
    expect(normalisedArea([0.5, 0.2, 0.45])).toBeNaN();
  });
});

describe('the fill', () => {
  const picture = (width: number, height: number, at: (x: number, y: number, channel: number) => number) => ({
    width,
    height,
    data: Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) =>
      at(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
    ),
  });

  it('keeps a plain colour and the mean of a wide edge', () => {
    const plain = picture(7, 5, (_x, _y, channel) => [10, 200, 90][channel]!);
    expect([...blurred(plain, 2).data]).toEqual([...plain.data]);
    const edge = picture(40, 6, (x) => (x < 20 ? 0 : 200));
    const soft = blurred(edge, 2).data;
    expect(soft[(3 * 40 + 19) * 3]! + soft[(3 * 40 + 20) * 3]!).toBe(200);
    expect(soft[0]).toBe(0);
    expect(soft[(3 * 40 + 39) * 3]).toBe(200);
    // One pixel left of the edge: the Gaussian tail beyond half a pixel, about 0.40 of 200.
    expect(soft[(3 * 40 + 19) * 3]).toBe(80);
  });

  it('takes its colour from a thing of a third of the width', () => {
    const side = 48;
    const inside = (x: number, y: number) => Math.abs(x - 24) < 8 && Math.abs(y - 24) < 8;
    const thing = { ...picture(side, side, () => 0) };
    thing.data = Uint8ClampedArray.from(thing.data, (_, i) =>
      inside(Math.floor(i / 3) % side, Math.floor(i / 3 / side)) ? 200 : 0,
    );
    const middle = (fill: { data: Uint8ClampedArray }) => fill.data[(24 * side + 24) * 3]!;
    expect(middle(removalFill(thing))).toBeLessThan(60);
    expect(middle(blurred(thing, side / 8))).toBeGreaterThan(80);
  });

  it('replaces the named cells and nothing else', () => {
    const own = picture(8, 8, () => 1);
    const fill = picture(8, 8, () => 9);
    const out = replacePatches(own, fill, 4, [1, 14]);
    const filled = Array.from({ length: 64 }, (_, i) => i).filter((i) => out.data[i * 3] === 9);
    expect(filled).toEqual([2, 3, 10, 11, 52, 53, 60, 61]);
  });
});
