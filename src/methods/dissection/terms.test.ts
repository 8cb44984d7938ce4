import { describe, expect, it } from 'vitest';
import { Random } from '../../world/random.ts';
import { chooseTerms, type SparseColumn } from './terms.ts';

const limits = { raising: 3, lowering: 1, leastGain: 2 };

/** Rows that have the column, with one value. */
function column(rows: readonly number[], value = 1): SparseColumn {
  return { rows, values: rows.map(() => value) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('chooseTerms', () => {
  it('one column: at the optimum, residuals and prior balance', () => {
    // 40 rows with it, 30 true; 60 without, 6 true.
    const truth = range(0, 100).map((row) => (row < 40 ? row < 30 : row < 46));
    const { columns, weights, bias } = chooseTerms([column(range(0, 40))], truth, limits);
    expect(columns).toEqual([0]);
    const probability = (odds: number) => 1 / (1 + Math.exp(-odds));
    const inside = probability(bias + weights[0]!);
    const outside = probability(bias);
    expect(30 - 40 * inside).toBeCloseTo(weights[0]!, 4);
    expect(36 - 40 * inside - 60 * outside).toBeCloseTo(1e-3 * bias, 4);
  });

  it('chooses what foretells, in the order of its weight, and neither noise nor what is known already', () => {
    const random = new Random(3);
    const rows = 2000;
    const drawn = Array.from({ length: 20 }, () => range(0, rows).filter(() => random.integer(10) === 0));
    const weights = new Map([
      [4, 3],
      [11, 2],
      [17, -3],
    ]);
    const sets = drawn.map((list) => new Set(list));
    const truth = range(0, rows).map((row) => {
      const odds = [...weights].reduce(
        (sum, [index, weight]) => sum + (sets[index]!.has(row) ? weight : 0),
        -0.5,
      );
      // A logistic variable decides.
      const uniform = (random.integer(1_000_000) + 0.5) / 1_000_000;
      return Math.log(uniform / (1 - uniform)) < odds;
    });
    const columns = [...drawn.map((list) => column(list)), column(drawn[4]!)];
    const found = chooseTerms(columns, truth, { ...limits, leastGain: 6 });
    expect([...found.columns].sort((a, b) => a - b)).toEqual([4, 11, 17]);
    found.columns.forEach((index, i) => {
      expect(Math.abs(found.weights[i]! - weights.get(index)!)).toBeLessThan(0.5);
    });
    expect(Math.abs(found.bias + 0.5)).toBeLessThan(0.2);
  });

  it('keeps to its limits, and chooses nothing where nothing tells', () => {
    const truth = range(0, 400).map((row) => row < 100);
    const telling = range(0, 6).map((i) => column(range(15 * i, 15 * i + 15)));
    const silencing = range(0, 4).map((i) => column(range(100 + 70 * i, 170 + 70 * i)));
    const { weights } = chooseTerms([...telling, ...silencing], truth, limits);
    expect(weights.filter((weight) => weight > 0)).toHaveLength(3);
    expect(weights.filter((weight) => weight < 0)).toHaveLength(1);
    const even = range(0, 400).map((row) => row % 2 === 0);
    expect(chooseTerms([column(range(0, 200))], even, limits).columns).toEqual([]);
  });

  it('stays finite where a column decides everything, or nothing ever happens', () => {
    const truth = range(0, 50).map((row) => row < 20);
    const { weights } = chooseTerms([column(range(0, 20), 3)], truth, limits);
    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[0]).toBeLessThan(10);
    expect(chooseTerms([column([1])], [false, false, false], limits).columns).toEqual([]);
  });
});
