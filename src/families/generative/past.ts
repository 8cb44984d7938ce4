/** The key-value cache between runs of a decoder. */

import { floats, type Value } from '../session.ts';
import type { Decoder } from './decoder.ts';
import type { Past } from './run-decoder.ts';

/** What a run hands on to the next one. Empty for a decoder without a cache, which runs everything anew. */
export function presentOutputs(decoder: Decoder): readonly string[] {
  return decoder.cache.map(({ present }) => present);
}

export function readPast(decoder: Decoder, outputs: Readonly<Record<string, Value>>): Past {
  const entries = new Map(
    decoder.cache.map(({ past, present }) => [past, floats(outputs, present)] as const),
  );
  const [first] = entries.values();
  return { length: first?.dims[2] ?? 0, entries };
}

/** The first `length` positions of a past of batch 1, for `batch` rows. */
export function cutPast({ entries }: Past, length: number, batch: number): Past {
  const cut = [...entries].map(([name, { dims, data }]) => {
    const [, heads = 0, positions = 0, dim = 0] = dims;
    if (dims[0] !== 1 || length > positions)
      throw new RangeError(`a past of [${dims.join(', ')}] has no ${length}`);
    const size = heads * length * dim;
    const rows = new Float32Array(batch * size);
    for (let head = 0; head < heads; head++) {
      const from = head * positions * dim;
      rows.set(data.subarray(from, from + length * dim), head * length * dim);
    }
    for (let row = 1; row < batch; row++) rows.copyWithin(row * size, 0, size);
    return [name, { dims: [batch, heads, length, dim], data: rows }] as const;
  });
  return { length, entries: new Map(cut) };
}
