/** A vision session as every caller uses it: its picture input is called `pixel_values` and takes any batch. */

import type { FloatValue, Session, Value } from './session.ts';

export interface PictureInput {
  /** What the model calls its input. */
  readonly name: string;
  /** Pictures that one run takes; null for any number. */
  readonly batch: number | null;
  /** Whether pictures go in as several of one row, with a mask that says where they are (Idefics3). */
  readonly several?: boolean;
}

/** Pictures [picture, channel, y, x] as those of one row, all of each is picture. */
export function severalFeeds(pixels: FloatValue) {
  const [count = 0, , height = 0, width = 0] = pixels.dims;
  const mask = new Uint8Array(count * height * width).fill(1);
  return {
    pixel_values: { ...pixels, dims: [1, ...pixels.dims] },
    pixel_attention_mask: { type: 'bool', dims: [1, count, height, width], data: mask },
  } as const;
}

/** Renames the input, and splits batches for a model that was exported for a fixed one. Outputs are joined along axis 0. */
export function pictureSession(session: Session, { name, batch, several }: PictureInput): Session {
  if (several) return severalSession(session);
  if (name === 'pixel_values' && batch === null) return session;
  const rename = (value: Value): Readonly<Record<string, Value>> => ({ [name]: value });
  return {
    ...session,
    async run(feeds, fetch) {
      const { pixel_values: pixels } = feeds;
      if (pixels?.type !== 'float32') throw new RangeError('pixel_values must be float32');
      const count = pixels.dims[0] ?? 0;
      if (batch === null || batch === count) return session.run(rename(pixels), fetch);
      if (batch !== 1) throw new RangeError(`a model for batches of ${batch}, not ${count}`);
      const size = pixels.data.length / count;
      const dims = [1, ...pixels.dims.slice(1)];
      const runs: Readonly<Record<string, Value>>[] = [];
      for (let i = 0; i < count; i++) {
        const data = pixels.data.slice(i * size, (i + 1) * size);
        runs.push(await session.run(rename({ type: 'float32', dims, data }), fetch));
      }
      return Object.fromEntries(fetch.map((output) => [output, join(output, runs)]));
    },
  };
}

function severalSession(session: Session): Session {
  return {
    ...session,
    run(feeds, fetch) {
      const { pixel_values: pixels } = feeds;
      if (pixels?.type !== 'float32') throw new RangeError('pixel_values must be float32');
      const all: Readonly<Record<string, Value>> = severalFeeds(pixels);
      const named = Object.entries(all).filter(([input]) => session.inputs.includes(input));
      return session.run(Object.fromEntries(named), fetch);
    },
  };
}

function join(output: string, runs: readonly Readonly<Record<string, Value>>[]): Value {
  const parts = runs.map((run) => {
    const value = run[output];
    if (value?.type !== 'float32') throw new RangeError(`output ${output}: ${value ? value.type : 'absent'}`);
    return value;
  });
  const first = parts[0]!;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  const rows = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  return { type: 'float32', dims: [rows, ...first.dims.slice(1)], data };
}
