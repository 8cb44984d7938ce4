import { describe, expect, it } from 'vitest';
import { layoutStack, type StackRow } from './stack.ts';

const part = (key: string, value: number) => ({ key, label: key, value, colour: key });
const rows: readonly StackRow[] = [
  { key: 'a', label: 'A', parts: [part('object', 3), part('part', 0), part('color', 1)], baseline: 8 },
  { key: 'b', label: 'B', parts: [part('object', 2)] },
];

describe('layoutStack', () => {
  it('lays parts end to end on one scale that holds totals and baselines', () => {
    const [first, second] = layoutStack(rows, { width: 80 });
    expect(first!.total).toBe(4);
    expect(first!.parts.map(({ part: { key }, x, width }) => [key, x, width])).toEqual([
      ['object', 0, 30],
      ['color', 30, 10],
    ]);
    expect(first!.baseline).toBe(80);
    expect([second!.total, second!.parts[0]!.width, second!.baseline]).toEqual([2, 20, undefined]);
  });

  it('takes a scale that is given, and draws nothing where all is zero', () => {
    expect(layoutStack(rows, { width: 100 }, 10)[1]!.parts[0]!.width).toBe(20);
    expect(layoutStack([{ key: 'a', label: '', parts: [part('x', 0)] }], { width: 9 })[0]!.parts).toEqual([]);
    expect(() => layoutStack([{ key: 'a', label: '', parts: [part('x', -1)] }], { width: 9 })).toThrow(
      'stack a',
    );
  });
});
