import { expect, test } from 'vitest';
import { choosePrecision, memoryNeed, memoryRoom, type Room } from './precision.ts';

const GB = 2 ** 30;
const wasm: Room = { device: 'wasm', halves: false, memoryBytes: 8 * GB };
const gpu: Room = { device: 'webgpu', halves: true, memoryBytes: 8 * GB };
/** A model whose floats take so many bytes. */
const offers = (bytes: number) => [
  { precision: 'fp32', bytes },
  { precision: 'fp16', bytes: bytes / 2 },
  { precision: 'q8', bytes: bytes / 4 },
];

test.each([
  ['floats on WASM', 0.6 * GB, wasm, 'fp32', 'exact'],
  ['halves on a GPU that has them', 0.6 * GB, gpu, 'fp16', 'halves'],
  ['floats on a GPU that has none', 0.6 * GB, { ...gpu, halves: false }, 'fp32', 'exact'],
  ['fewer bits where floats do not fit', 2.4 * GB, wasm, 'q8', 'memory'],
  ['halves of what would not fit in floats', 2.4 * GB, gpu, 'fp16', 'halves'],
  ['fewer bits on a small machine', 0.6 * GB, { ...wasm, memoryBytes: 1 * GB }, 'q8', 'memory'],
  ['the least where nothing fits', 40 * GB, gpu, 'q8', 'tight'],
] as const)('%s', (_, bytes, room, precision, reason) => {
  expect(choosePrecision(offers(bytes), room)).toEqual({ precision, reason });
});

test('the only one is said to be that, unless it does not fit', () => {
  const only = [{ precision: 'fp32', bytes: GB }];
  expect(choosePrecision(only, wasm)).toEqual({ precision: 'fp32', reason: 'only' });
  expect(choosePrecision(only, { ...wasm, memoryBytes: GB })).toEqual({ precision: 'fp32', reason: 'tight' });
});

test('halves are widened where nothing computes them, and the heap ends at 4 GB whatever the machine has', () => {
  const halves = { precision: 'fp16', bytes: 100 };
  expect([memoryNeed(halves, wasm), memoryNeed(halves, gpu)]).toEqual([300, 200]);
  expect([{ memoryBytes: 64 * GB }, { memoryBytes: 2 * GB }, {}].map(memoryRoom)).toEqual([
    4 * GB,
    GB,
    4 * GB,
  ]);
});
