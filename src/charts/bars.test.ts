import { describe, expect, it } from 'vitest';
import { insideBand, layoutBars } from './bars.ts';
import { layoutLayers, step } from './layers.ts';

const bars = [
  { key: 'a', label: 'car', value: 0.3, band: { low: -0.1, high: 0.1 } },
  { key: 'b', label: 'tree', value: -0.1, band: { low: -0.1, high: 0.1 } },
  { key: 'c', label: 'boat', value: 0.5 },
];

describe('layoutBars', () => {
  it('draws from zero, left for negative values, with the band behind', () => {
    const { zero, marks } = layoutBars(bars, { width: 200 }, { domain: [-0.5, 0.5] });
    expect(zero).toBe(100);
    expect(marks.map(({ x, width }) => [x, width])).toEqual([
      [100, expect.closeTo(60)],
      [expect.closeTo(80), expect.closeTo(20)],
      [100, 100],
    ]);
    expect(marks[0]?.band).toEqual({ x: 80, width: expect.closeTo(40) });
    expect(marks[2]?.band).toBeUndefined();
    expect(marks.map(({ inside }) => inside)).toEqual([false, true, false]);
  });

  it('takes a round domain that holds zero, values and bands', () => {
    expect(layoutBars(bars, { width: 1 }).domain).toEqual([-0.2, 0.6]);
    const wide = [{ key: 'a', label: 'a', value: 0.01, band: { low: -0.37, high: 0.37 } }];
    expect(layoutBars(wide, { width: 1 }).domain).toEqual([-0.4, 0.4]);
    expect(layoutBars([], { width: 1 }).domain).toEqual([0, 1]);
  });

  it('sorts on request and puts what is no number last', () => {
    const odd = [{ key: 'n', label: 'n', value: Number.NaN }, ...bars];
    const order = (kind: 'given' | 'descending') =>
      layoutBars(odd, { width: 1 }, { order: kind }).marks.map(({ bar }) => bar.key);
    expect(order('given')).toEqual(['n', 'a', 'b', 'c']);
    expect(order('descending')).toEqual(['c', 'a', 'b', 'n']);
    expect(layoutBars(odd, { width: 1 }).marks[0]?.width).toBe(0);
  });

  it('cuts values at the edge of a given domain', () => {
    const { marks, ticks } = layoutBars(bars, { width: 100 }, { domain: [0, 0.4] });
    expect(marks[2]).toMatchObject({ x: 0, width: 100 });
    expect(marks[1]).toMatchObject({ x: 0, width: 0 });
    expect(ticks.map(({ x }) => x)).toEqual([0, 25, 50, 75, 100].map((x) => expect.closeTo(x)));
  });
});

it('counts the edges of a band as inside', () => {
  expect(insideBand(0.1, { low: 0, high: 0.1 })).toBe(true);
  expect(insideBand(0.11, { low: 0, high: 0.1 })).toBe(false);
  expect(insideBand(0, undefined)).toBe(false);
});

describe('layoutLayers', () => {
  const layers = [
    { key: 'l0', label: '0', values: [0.1, -0.4], band: { low: -0.2, high: 0.2 } },
    { key: 'l1', label: '1', values: [0.3, 0.8], band: { low: -0.3, high: 0.2 } },
    { key: 'l2', label: '2', values: [Number.NaN, 0] },
  ];

  it('is a row per concept and a column per layer, greyed by the layer’s own band', () => {
    const cells = layoutLayers(layers, ['car', 'tree']);
    expect(cells.map((row) => row.map(({ value }) => value))).toEqual([
      [0.1, 0.3, Number.NaN],
      [-0.4, 0.8, 0],
    ]);
    expect(cells.map((row) => row.map(({ strength }) => strength))).toEqual([
      [0, 0.3 / 0.8, 0],
      [-0.5, 1, 0],
    ]);
    expect(cells[0]?.map(({ inside }) => inside)).toEqual([true, false, false]);
    expect(cells[1]?.[2]).toMatchObject({ layer: 2, concept: 1 });
  });

  it('caps at a given maximum and names a layer of the wrong length', () => {
    expect(layoutLayers(layers, ['car', 'tree'], 0.4)[1]?.[1]?.strength).toBe(1);
    expect(() => layoutLayers(layers, ['car'])).toThrow('layer l0: 2 values for 1 concepts');
  });

  it('moves by arrows and stops at the edges', () => {
    const count = { concepts: 2, layers: 3 };
    const at = { concept: 1, layer: 1 };
    expect(step('ArrowUp', at, count)).toEqual({ concept: 0, layer: 1 });
    expect(step('ArrowDown', at, count)).toEqual(at);
    expect(step('ArrowRight', at, count)).toEqual({ concept: 1, layer: 2 });
    expect(step('ArrowLeft', { concept: 1, layer: 0 }, count)).toEqual({ concept: 1, layer: 0 });
    expect(step('Home', at, count)).toEqual({ concept: 1, layer: 0 });
    expect(step('End', at, count)).toEqual({ concept: 1, layer: 2 });
    expect(step('x', at, count)).toBeUndefined();
  });
});
