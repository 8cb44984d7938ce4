import type { Value } from '../jobs/runtime.ts';

/** One input as the ONNX runtime describes it. */
export interface InputSpec {
  readonly name: string;
  /** As `float32`; empty for what is no tensor. */
  readonly type: string;
  /** A size, or the name of a free one. */
  readonly shape: readonly (number | string)[];
}

/** Values of an input beyond this are no small input any more. */
const MOST_VALUES = 4_000_000;

/**
 * A small input for any model: waves of two periods for numbers, small ids for tokens, ones for masks; free sizes are 1 for the
 * batch, 3 for a past, 10 for a past and what follows it, and 7 else. Null where the inputs are of other kinds, or too large.
 */
export function probeFeeds(inputs: readonly InputSpec[]): Readonly<Record<string, Value>> | null {
  const feeds: Record<string, Value> = {};
  for (const [position, { name, type, shape }] of inputs.entries()) {
    const dims = shape.map((size) => (typeof size === 'number' && size > 0 ? size : freeSize(String(size))));
    const count = dims.reduce((product, size) => product * size, 1);
    if (count > MOST_VALUES) return null;
    if (type === 'float32' || type === 'float16') {
      // Incommensurable periods: neighbouring pixels, rows and planes all differ.
      const data = Float32Array.from(
        { length: count },
        (_, i) => 0.6 * Math.sin(0.7 * i + position) + 0.3 * Math.cos(0.013 * i),
      );
      feeds[name] = { type: 'float32', dims, data };
    } else if (type === 'int64' || type === 'int32') {
      const mask = /mask/.test(name);
      const data = BigInt64Array.from({ length: count }, (_, i) => BigInt(mask ? 1 : 1 + ((i * 3) % 11)));
      feeds[name] = { type: 'int64', dims, data };
    } else return null;
  }
  return feeds;
}

/** Odd and small, so that no tile of a kernel is filled. */
const SEQUENCE = 7;
const PAST = 3;

function freeSize(name: string): number {
  if (/batch/i.test(name) || name === '' || name === 'N') return 1;
  // As `total_sequence_length`, or `past_sequence_length + sequence_length`.
  if (/total|past.*\+/i.test(name)) return PAST + SEQUENCE;
  return /past/i.test(name) ? PAST : SEQUENCE;
}
