import { expect, test } from 'vitest';
import { formatTable, passes, runMeasures } from './table.ts';

test('bars hold at their value and never for NaN', () => {
  expect(passes({ name: 'a', value: 0.6, bar: { is: 'at least', value: 0.6 } })).toBe(true);
  expect(passes({ name: 'a', value: 0.59, bar: { is: 'at least', value: 0.6 } })).toBe(false);
  expect(passes({ name: 'a', value: 1.11, bar: { is: 'at most', value: 1.1 } })).toBe(false);
  expect(passes({ name: 'a', value: Number.NaN, bar: { is: 'at most', value: 1.1 } })).toBe(false);
  expect(passes({ name: 'a', value: Number.NaN })).toBe(true);
});

test('a table says name, value, bar and verdict', () => {
  const text = formatTable([
    { name: 'first', value: 0.8125, unit: 'share', bar: { is: 'at least', value: 0.8 } },
    { name: 'control', value: 7, unit: 'count', note: 'of 9' },
    { name: 'cost', value: 1.26, bar: { is: 'at most', value: 1.25 } },
  ]);
  const lines = text.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(lines.slice(1)).toEqual([
    ['first', '81.3%', 'at least 80.0%', 'pass'],
    ['control', '7', 'of 9'],
    ['cost', '1.260', 'at most 1.250', 'FAIL'],
  ]);
});

test('an unknown name is refused', async () => {
  await expect(runMeasures({ taps: async () => [] }, ['tabs'])).rejects.toThrow('tabs; there are taps');
});
