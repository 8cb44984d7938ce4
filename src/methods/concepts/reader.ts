import type { LayerConcepts } from '../../protocol/jobs.ts';
import { norm } from '../../tensor/statistics.ts';
import { nullBand } from './band.ts';
import { type EmbeddingHead, embed } from './head.ts';
import { row, type Texts } from './texts.ts';

/**
 * How a layer is read with concepts, whatever kind of vectors they are: a state is carried into the vectors' space, centred by
 * what all probe states share, and compared. The kinds differ in the space and in where the vectors come from:
 *
 * - `text-lens`: the final norm and projection, then embeddings of texts. Towers with a text encoder only.
 * - `contrastive-means`: the state as it is; mean state of probes that show the concept minus the mean of all. Any model.
 * - `contextual`: the state as it is; the decoder's own state at the concept's last token, read alone. Decoders.
 * - `logit-lens`: the final norm, then rows of the unembedding; a logit and no cosine. Decoders.
 */
export interface LayerReader {
  readonly site: string;
  readonly block: number;
  readonly measure: 'cosine' | 'logit';
  /** From the residual stream into the vectors' space. */
  readonly carry: (state: Float32Array) => Float32Array;
  /** Subtracted from the carried state: the probe mean. */
  readonly centre: Float32Array;
  readonly concepts: Vectors;
  /** What the null band is made of: random words, or vectors of shuffled labels. */
  readonly nulls: Vectors;
}

/** Vectors with their lengths, so that a thousand of them cost one product each. */
export interface Vectors {
  readonly rows: Texts;
  readonly lengths: Float64Array;
}

export function vectorsOf(rows: Texts): Vectors {
  return { rows, lengths: Float64Array.from({ length: rows.dims[0] }, (_, i) => norm(row(rows, i))) };
}

/** Final LayerNorm and projection. */
export function throughHead(head: EmbeddingHead): (state: Float32Array) => Float32Array {
  return (state) => embed(state, head);
}

export function unchanged(state: Float32Array): Float32Array {
  return state;
}

/** The figure of every concept at one state, and the band of the nulls. */
export function readLayer(reader: LayerReader, state: Float32Array): LayerConcepts {
  const carried = carriedState(reader, state);
  return {
    site: reader.site,
    block: reader.block,
    similarity: compare(reader, carried, reader.concepts),
    band: nullBand(compare(reader, carried, reader.nulls)),
  };
}

/** The state in the vectors' space, centred. Throws RangeError for a centre of another width. */
export function carriedState(reader: LayerReader, state: Float32Array): Float32Array {
  const carried = reader.carry(state);
  if (reader.centre.length !== carried.length) {
    throw new RangeError(
      `${reader.site}: probe mean has ${reader.centre.length} values, embedding ${carried.length}`,
    );
  }
  return carried.map((value, i) => value - reader.centre[i]!);
}

/** Cosines from -1 to 1 (0 for a vector without length), or dot products. */
export function compare(
  { measure }: Pick<LayerReader, 'measure'>,
  carried: Float32Array,
  { rows, lengths }: Vectors,
): number[] {
  const [count, size] = rows.dims;
  if (size !== carried.length)
    throw new RangeError(`vectors of ${size} values, a state of ${carried.length}`);
  const length = norm(carried);
  const { data } = rows;
  const out = new Array<number>(count);
  for (let index = 0; index < count; index += 1) {
    const sum = product(data, index * size, carried, size);
    const scale = lengths[index]! * length;
    if (measure === 'logit') out[index] = sum;
    else out[index] = scale > 0 ? Math.min(1, Math.max(-1, sum / scale)) : 0;
  }
  return out;
}

/** Four sums side by side: one alone would wait for itself at every step. */
function product(rows: Float32Array, at: number, vector: Float32Array, size: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let i = 0;
  for (; i + 3 < size; i += 4) {
    first += rows[at + i]! * vector[i]!;
    second += rows[at + i + 1]! * vector[i + 1]!;
    third += rows[at + i + 2]! * vector[i + 2]!;
    fourth += rows[at + i + 3]! * vector[i + 3]!;
  }
  for (; i < size; i += 1) first += rows[at + i]! * vector[i]!;
  return first + second + third + fourth;
}
