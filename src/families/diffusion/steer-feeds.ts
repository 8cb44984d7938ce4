/** What a steered step feeds beside the plain model's inputs. */

import type { Value } from '../session.ts';
import type { CrossAttentionTap, InstrumentedUnet } from './unet.ts';

/** Rows of a steered run: unconditional and conditional, each of the first and the second picture. */
export const ROWS = 4;
/** The row that gives its maps, and the row that takes them. */
const SOURCE = 2;
const TARGET = 3;

/** What happens to the second picture's conditional row at one step. */
export interface StepControl {
  /** Null leaves cross-attention alone. Token arrays are the target's; `map` is [source token, target token]. */
  readonly cross: {
    readonly gate: Float32Array;
    readonly factor: Float32Array;
    readonly map: Float32Array;
    readonly renormalise: boolean;
  } | null;
  /** Layers whose self-attention is the source's. */
  readonly self: ReadonlySet<string>;
  /** Added to a layer's scores, [query, token]; null for none. */
  readonly addend: ((layer: CrossAttentionTap, tokens: number) => Float32Array) | null;
}

/** The added inputs of a run of {@link ROWS} rows; those of layers that nothing happens to stay neutral. */
export function steerFeeds(
  { taps, selfTaps }: InstrumentedUnet,
  { cross, self, addend }: StepControl,
  tokens: number,
): Readonly<Record<string, Value>> {
  const feeds: Record<string, Value> = {};
  for (const tap of taps) {
    const { inputs, rowsPerImage } = tap;
    const rows = ROWS * rowsPerImage;
    const broadcast = (...last: readonly number[]): readonly number[] =>
      rowsPerImage === 1 ? [1, 1, ...last] : [1, ...last];
    if (cross) {
      feeds[inputs.active] = {
        type: 'bool',
        dims: [rows, ...broadcast(1, 1).slice(1)],
        data: Uint8Array.from({ length: rows }, (_, row) =>
          Math.floor(row / rowsPerImage) === TARGET ? 1 : 0,
        ),
      };
      feeds[inputs.source] = { type: 'int64', dims: [rows], data: sourceRows(rowsPerImage) };
      feeds[inputs.gate] = { type: 'float32', dims: broadcast(1, tokens), data: cross.gate };
      feeds[inputs.factor] = { type: 'float32', dims: broadcast(1, tokens), data: cross.factor };
      feeds[inputs.map] = { type: 'float32', dims: broadcast(tokens, tokens), data: cross.map };
      const wanted = Uint8Array.of(cross.renormalise ? 1 : 0);
      feeds[inputs.renormalise] = { type: 'bool', dims: broadcast(1, 1), data: wanted };
    }
    if (addend) {
      const one = addend(tap, tokens);
      const data = new Float32Array(rows * one.length);
      for (let row = TARGET * rowsPerImage; row < (TARGET + 1) * rowsPerImage; row += 1) {
        data.set(one, row * one.length);
      }
      const last = [one.length / tokens, tokens];
      feeds[inputs.addend] = {
        type: 'float32',
        dims: [rows, ...broadcast(...last).slice(1)],
        data,
      };
    }
  }
  for (const { site, source, rowsPerImage } of selfTaps) {
    if (!self.has(site)) continue;
    feeds[source] = { type: 'int64', dims: [ROWS * rowsPerImage], data: sourceRows(rowsPerImage) };
  }
  return feeds;
}

/** Every row is its own source but the target's, whose is the source's. */
function sourceRows(rowsPerImage: number): BigInt64Array {
  return BigInt64Array.from({ length: ROWS * rowsPerImage }, (_, row) => {
    const image = Math.floor(row / rowsPerImage);
    return BigInt(image === TARGET ? row + (SOURCE - TARGET) * rowsPerImage : row);
  });
}
