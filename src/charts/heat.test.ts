import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import { grid } from '../tensor/tensor.ts';
import { coarsen } from './coarse.ts';
import { blend, colourise } from './colourise.ts';
import { enlarged } from './draw-heatmap.ts';
import { alphaOf, type HeatScale, position, readAt, readCell } from './heat.ts';
import { layoutLegend } from './legend.ts';
import { lookup, paletteNames, parseColour } from './palette.ts';
import { dim } from './picture.ts';

/** Two rows, three columns. */
const heat = grid(2, 3, Float32Array.of(0, 1, 2, 3, 4, 5));
const sequential: HeatScale = { kind: 'sequential', max: 4, palette: 'viridis' };
const diverging: HeatScale = { kind: 'diverging', max: 4 };

describe('readings', () => {
  it('finds the cell under a point, edges included', () => {
    expect(readAt(heat, 0.5, 0.75)).toEqual({ x: 0.5, y: 0.75, row: 1, column: 1, value: 4 });
    expect(readAt(heat, 0, 0)).toMatchObject({ row: 0, column: 0, value: 0 });
    expect(readAt(heat, 1, 1)).toMatchObject({ row: 1, column: 2, value: 5 });
    expect(readAt(heat, 2, -1)).toMatchObject({ x: 1, y: 0, row: 0, column: 2, value: 2 });
  });

  it('reads a cell at its centre and stops at the edges', () => {
    expect(readCell(heat, 1, 2)).toEqual({ x: 2.5 / 3, y: 0.75, row: 1, column: 2, value: 5 });
    expect(readCell(heat, -1, 9)).toMatchObject({ row: 0, column: 2, value: 2 });
  });
});

describe('scale', () => {
  it('places values', () => {
    expect([-1, 0, 1, 4, 9].map((value) => position(value, sequential))).toEqual([0, 0, 0.25, 1, 1]);
    expect([-9, -4, 0, 2, 4].map((value) => position(value, diverging))).toEqual([0, 0, 0.5, 0.75, 1]);
    expect(position(Number.NaN, sequential)).toBeNaN();
    expect(position(3, { ...sequential, max: 0 })).toBe(0);
  });

  it('is transparent at zero, opaque from half of the maximum on', () => {
    expect([-4, 0, 1, 2, 4].map((value) => alphaOf(value, sequential))).toEqual([0, 0, 0.5, 1, 1]);
    expect([-4, -1, 0, 1].map((value) => alphaOf(value, diverging))).toEqual([1, 0.5, 0, 0.5]);
    expect(alphaOf(Number.NaN, sequential)).toBe(0);
  });
});

describe('palettes', () => {
  it('hold the published end colours', () => {
    // Smith and van der Walt's viridis: #440154 to #fde725.
    expect([...lookup('viridis').slice(0, 3)]).toEqual([0x44, 0x01, 0x54]);
    expect([...lookup('viridis').slice(-3)]).toEqual([0xfd, 0xe7, 0x25]);
    expect(lookup('viridis')).toBe(lookup('viridis'));
  });

  it.each([
    ['viridis', interpolateViridis],
    ['magma', interpolateMagma],
    ['inferno', interpolateInferno],
    ['cividis', interpolateCividis],
    ['diverging', (t: number) => interpolateRdBu(1 - t)],
  ] as const)('%s is d3’s within one level', (name, reference) => {
    const table = lookup(name);
    for (let i = 0; i < 256; i++) {
      const text = reference(i / 255);
      const expected = text.startsWith('#') ? parseColour(text) : text.match(/\d+/g)!.map(Number);
      expected.forEach((value, c) => {
        expect(Math.abs(table[i * 3 + c]! - value), `${name} ${i}`).toBeLessThanOrEqual(1);
      });
    }
  });

  it.each(paletteNames)('%s only gets lighter', (name) => {
    const table = lookup(name);
    const luma = Array.from(
      { length: 256 },
      (_, i) => 0.2126 * table[i * 3]! + 0.7152 * table[i * 3 + 1]! + 0.0722 * table[i * 3 + 2]!,
    );
    // Rounding to bytes may dip by a level.
    for (let i = 1; i < 256; i++) expect(luma[i]! - luma[i - 1]!).toBeGreaterThan(-1);
    expect(luma[255]! - luma[0]!).toBeGreaterThan(150);
  });

  it('diverge from blue over a neutral middle to red', () => {
    const table = lookup('diverging');
    const [low, middle, high] = [0, 128, 255].map((i) => [...table.slice(i * 3, i * 3 + 3)]);
    expect(low![2]).toBeGreaterThan(low![0]! + 50);
    expect(high![0]).toBeGreaterThan(high![2]! + 50);
    expect(Math.max(...middle!) - Math.min(...middle!)).toBeLessThan(12);
  });

  it('refuse what is no colour', () => {
    expect(parseColour('#0102ff')).toEqual([1, 2, 255]);
    expect(() => parseColour('red')).toThrow('not a colour: red');
  });
});

describe('colourise', () => {
  it.each([sequential, diverging])('paints each cell by position and alpha of the $kind scale', (scale) => {
    const values = grid(1, 7, Float32Array.of(-9, -1, 0, 0.5, 1.5, 4, 99));
    const { width, height, data } = colourise(values, scale, 0.5);
    expect([width, height]).toEqual([7, 1]);
    const table = lookup(scale.kind === 'diverging' ? 'diverging' : scale.palette);
    const expected = [...values.data].flatMap((value) => {
      const entry = Math.round(position(value, scale) * 255) * 3;
      return [table[entry]!, table[entry + 1]!, table[entry + 2]!, 255 * 0.5 * alphaOf(value, scale)];
    });
    expect(data).toEqual(Uint8ClampedArray.from(expected));
  });

  it('leaves NaN and an empty scale transparent', () => {
    expect([...colourise(grid(1, 1, Float32Array.of(Number.NaN)), sequential, 1).data]).toEqual([0, 0, 0, 0]);
    expect(colourise(heat, { ...sequential, max: 0 }, 1).data[4 * 5 + 3]).toBe(0);
  });

  it('blends hues by share', () => {
    const heats = [
      { grid: grid(1, 3, Float32Array.of(2, 1, 0)), colour: '#ff0000' },
      { grid: grid(1, 3, Float32Array.of(0, 1, -1)), colour: '#0000ff' },
    ];
    expect([...blend(heats, 2, 1).data]).toEqual([255, 0, 0, 255, 128, 0, 128, 255, 0, 0, 0, 0]);
    expect(() => blend([...heats, { grid: heat, colour: '#000000' }], 2, 1)).toThrow('differ in size');
  });
});

it('enlarges by a whole factor within 256, once', () => {
  const large = enlarged(heat);
  expect(large.dims).toEqual([170, 255]);
  expect(enlarged(heat)).toBe(large);
  const wide = grid(1, 200, new Float32Array(200));
  expect(enlarged(wide)).toBe(wide);
});

it('dims a picture: half the saturation, 70% of the light, alpha kept', () => {
  const { data } = dim({ width: 2, height: 1, data: Uint8ClampedArray.of(200, 200, 200, 255, 255, 0, 0, 9) });
  // Grey stays grey; red (luma 54.2) becomes 0.7 * (127.5 + 27.1) and 0.7 * 27.1.
  expect([...data]).toEqual([140, 140, 140, 255, 108, 19, 19, 9]);
});

describe('layoutLegend', () => {
  it('places ticks and the baseline, and caps a baseline beyond the scale', () => {
    const layout = layoutLegend({ kind: 'sequential', max: 0.4, palette: 'magma' }, { width: 200 }, 0.1);
    expect(layout.ticks.map(({ value }) => value)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(layout.ticks.at(-1)?.x).toBe(200);
    expect(layout.baseline).toEqual({ value: 0.1, x: 50 });
    expect(layout.stops).toHaveLength(17);
    expect(layout.stops[0]).toMatch(/\/ 0\)$/);
    expect(layoutLegend(diverging, { width: 100 }, 8).baseline?.x).toBe(100);
    expect(layoutLegend(diverging, { width: 100 }).ticks.map(({ x }) => x)).toEqual([0, 25, 50, 75, 100]);
  });

  it('has no ticks on an empty scale', () => {
    expect(layoutLegend({ kind: 'diverging', max: 0 }, { width: 100 }).ticks).toEqual([]);
  });
});

describe('coarsen', () => {
  it('takes means of areas, straddled cells by their part', () => {
    expect(coarsen(grid(1, 3, Float32Array.of(0, 3, 6)), 8, 2)).toEqual(grid(1, 2, Float32Array.of(1, 5)));
    expect(coarsen(heat, 1, 3)).toEqual(grid(1, 3, Float32Array.of(1.5, 2.5, 3.5)));
    expect(coarsen(heat, 8, 8)).toEqual(heat);
  });
});
