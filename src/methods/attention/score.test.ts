import { describe, expect, it } from 'vitest';
import { type Mask, mask } from '../../tensor/mask.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { heatFigures, insideOutside } from './figures.ts';
import {
  gridCeiling,
  hotterInside,
  iou,
  iouAtArea,
  iouAtPeakShare,
  pointing,
  spatialPrior,
} from './score.ts';

const heat = grid(2, 3, Float32Array.of(0.1, 0.8, 0.3, 0.2, 0.4, 0));
const right = mask(2, 3, Uint8Array.of(0, 1, 1, 0, 0, 0));

describe('figures', () => {
  it('reads mean, peak and where it is', () => {
    expect(heatFigures(heat)).toMatchObject({ mean: expect.closeTo(0.3, 6), peakX: 1, peakY: 0 });
    expect(heatFigures(grid(2, 3, Float32Array.of(0, 0, 0, 0, 0, 5)))).toMatchObject({
      peak: 5,
      peakX: 2,
      peakY: 1,
    });
  });

  it('has spread 1 when flat, 0 at one pixel, half at the square root of the pixels', () => {
    expect(heatFigures(grid(2, 8, new Float32Array(16).fill(0.2))).spread).toBeCloseTo(1, 6);
    expect(
      heatFigures(
        grid(
          2,
          8,
          Float32Array.from({ length: 16 }, (_, i) => (i === 3 ? 2 : 0)),
        ),
      ).spread,
    ).toBe(0);
    expect(
      heatFigures(
        grid(
          2,
          8,
          Float32Array.from({ length: 16 }, (_, i) => (i < 4 ? 2 : 0)),
        ),
      ).spread,
    ).toBeCloseTo(0.5, 6);
  });

  it('means inside and outside', () => {
    const { inside, outside } = insideOutside(heat, right);
    expect(inside).toBeCloseTo(0.55, 6);
    expect(outside).toBeCloseTo(0.175, 6);
    expect(() => insideOutside(heat, mask(3, 2, new Uint8Array(6)))).toThrow('differ in size');
  });
});

describe('scores', () => {
  it('point, compare and overlap', () => {
    const left = mask(2, 3, Uint8Array.of(1, 0, 0, 1, 1, 0));
    expect([pointing(heat, right), pointing(heat, left)]).toEqual([1, 0]);
    expect([hotterInside(heat, right), hotterInside(heat, left)]).toEqual([1, 0]);
    expect(hotterInside(heat, mask(2, 3, new Uint8Array(6)))).toBe(0);
    expect(iou(heat, right, 0.25)).toBeCloseTo(2 / 3, 12);
    expect(iou(heat, left, 0.35)).toBeCloseTo(1 / 4, 12);
    expect(iouAtPeakShare(0.5)(heat, right)).toBe(1 / 2);
    expect(iouAtArea(heat, right)).toBeCloseTo(1 / 3, 12);
    expect(iouAtArea(heat, mask(2, 3, Uint8Array.of(0, 1, 0, 0, 1, 0)))).toBe(1);
  });

  it('has a ceiling of 1 for whole cells, and the closed form for half of one', () => {
    const cells = mask(
      4,
      6,
      Uint8Array.from({ length: 24 }, (_, i) => (i % 6 < 3 && i < 12 ? 1 : 0)),
    );
    expect(gridCeiling(cells, 2, 2)).toBe(1);
    expect(gridCeiling(cells, 1, 2)).toBe(0.5);
    expect(gridCeiling(mask(2, 2, new Uint8Array(4)), 1, 1)).toBe(0);
  });

  it('has the ceiling of the best of all subsets of cells', () => {
    const random = new Random(3);
    for (let round = 0; round < 20; round += 1) {
      const m = mask(
        7,
        8,
        Uint8Array.from({ length: 56 }, () => (random.chance(0.4) ? 1 : 0)),
      );
      let best = 0;
      for (let subset = 0; subset < 64; subset += 1) {
        const chosen = Float32Array.from({ length: 56 }, (_, i) => {
          const cell =
            Math.floor(((Math.floor(i / 8) + 0.5) * 2) / 7) * 3 + Math.floor((((i % 8) + 0.5) * 3) / 8);
          return (subset >> cell) & 1;
        });
        best = Math.max(best, iou(grid(7, 8, chosen), m, 0.5));
      }
      expect(gridCeiling(m, 2, 3)).toBeCloseTo(best, 12);
    }
  });

  it('has a spatial prior that never meets its own mask', () => {
    const heats: Grid[] = [];
    const masks: Mask[] = [];
    for (let i = 0; i < 4; i += 1) {
      const one = Uint8Array.from({ length: 6 }, (_, p) => (p === i ? 1 : 0));
      masks.push(mask(2, 3, one));
      heats.push(grid(2, 3, Float32Array.from(one)));
    }
    expect(spatialPrior(heats, masks, pointing)).toBe(0);
    // Two scenes alike: of 12 pairs of different scenes, two point right.
    masks[2] = masks[0]!;
    heats[2] = heats[0]!;
    expect(spatialPrior(heats, masks, pointing)).toBeCloseTo(2 / 12, 12);
    expect(spatialPrior(heats, masks, pointing, 1)).toBe(0);
    expect(() => spatialPrior(heats, masks, pointing, 4)).toThrow('invalid rounds: 4');
  });
});
