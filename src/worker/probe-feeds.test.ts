import { expect, test } from 'vitest';
import type { Value } from '../jobs/runtime.ts';
import { probeFeeds } from './probe-feeds.ts';

test('free sizes are small, numbers vary, ids stay within any vocabulary, masks let everything through', () => {
  const feeds = probeFeeds([
    { name: 'pixel_values', type: 'float16', shape: ['batch_size', 3, 4, 4] },
    { name: 'input_ids', type: 'int32', shape: ['batch_size', 'sequence_length'] },
    { name: 'attention_mask', type: 'int64', shape: ['batch_size', 'sequence_length'] },
  ])!;
  const numbers = (value: Value | undefined) => Array.from(value?.data ?? [], Number);
  const { pixel_values: pixels, input_ids: ids, attention_mask: mask } = feeds;
  expect([pixels?.dims, ids?.dims, mask?.dims]).toEqual([
    [1, 3, 4, 4],
    [1, 7],
    [1, 7],
  ]);
  expect(new Set(numbers(pixels)).size).toBe(48);
  expect(numbers(pixels).every((value) => Math.abs(value) <= 1)).toBe(true);
  expect(numbers(ids).every((id) => id >= 1 && id <= 11)).toBe(true);
  expect(new Set(numbers(mask))).toEqual(new Set([1]));
});

test('a decoder has a past of its own, and a mask over that and what follows', () => {
  const dims = (past: string, total: string) => {
    const feeds = probeFeeds([
      { name: 'input_ids', type: 'int64', shape: ['batch_size', 'sequence_length'] },
      { name: 'attention_mask', type: 'int64', shape: ['batch_size', total] },
      { name: 'past_key_values.0.key', type: 'float32', shape: ['batch_size', 2, past, 4] },
    ])!;
    return Object.values(feeds).map((value) => value.dims);
  };
  const wanted = [
    [1, 7],
    [1, 10],
    [1, 2, 3, 4],
  ];
  expect(dims('past', 'total')).toEqual(wanted);
  expect(dims('past_sequence_length', 'past_sequence_length + sequence_length')).toEqual(wanted);
});

test.each([
  [[{ name: 'use_cache_branch', type: 'bool', shape: [1] }]],
  [[{ name: 'text', type: 'string', shape: [1] }]],
  [[{ name: 'x', type: 'float32', shape: [1, 3, 4096, 4096] }]],
])('%j is not probed', (inputs) => {
  expect(probeFeeds(inputs)).toBeNull();
});
