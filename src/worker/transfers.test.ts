import { describe, expect, it } from 'vitest';
import { transfers } from './transfers.ts';

describe('transfers', () => {
  it('finds every buffer once, however deep and however often it is met', () => {
    const shared = new Float32Array(4);
    const pixels = new Uint8ClampedArray(8);
    const message = {
      image: { data: pixels },
      rows: [{ pattern: shared }, { pattern: shared }],
      text: 'x',
      none: null,
    };
    expect(new Set(transfers(message))).toEqual(new Set([shared.buffer, pixels.buffer]));
    expect(transfers(message)).toHaveLength(2);
  });

  it('leaves buffers of which only a part is seen, even when another view covers them', () => {
    const large = new Float32Array(8);
    expect(transfers([large.subarray(2, 4)])).toEqual([]);
    expect(transfers([large, large.subarray(2, 4)])).toEqual([]);
  });

  it('leaves shared memory', () => {
    expect(transfers(new Uint8Array(new SharedArrayBuffer(4)))).toEqual([]);
  });

  it('survives cycles and long lists', () => {
    const cycle: { self?: unknown; data: Float32Array } = { data: new Float32Array(1) };
    cycle.self = cycle;
    const list = Array.from({ length: 300_000 }, () => ({}));
    expect(transfers([cycle, list])).toEqual([cycle.data.buffer]);
  });

  it('gives what postMessage accepts: the sender keeps nothing', () => {
    const message = { data: new Float32Array([1, 2, 3]) };
    const copy = structuredClone(message, { transfer: transfers(message) });
    expect([...copy.data]).toEqual([1, 2, 3]);
    expect(message.data.length).toBe(0);
  });
});
