import { coordinates, principalBasis } from '../../tensor/principal.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { meanRow, type Texts } from './texts.ts';

/** One head's share of the image embedding, a row an image. */
export type HeadContributions = Tensor<readonly ['image', 'embedding']>;

export interface SpanWord {
  /** Row of the text pool. */
  readonly text: number;
  /** Share of the head's variance explained by this word and those before it, 0 to 1. */
  readonly explained: number;
}

export interface HeadSpan {
  readonly words: readonly SpanWord[];
  /** Sum over the embedding of the variance (population) of the contributions. */
  readonly variance: number;
  /** Orthonormal directions that the words stand for, in their order. */
  readonly directions: Tensor<readonly ['word', 'embedding'], Float64Array>;
  /** Mean contribution. */
  readonly mean: Float32Array;
}

/** Singular directions kept, in the published algorithm. */
const MOST_RANK = 80;

/**
 * Recipe `textspan` (after Gandelsman et al. 2024, algorithm 1): the texts that span what one head writes. Right singular vectors
 * of the *uncentred* contributions, rank min(80, `headWidth`); texts of length 1 projected on them and not renormalised; contributions
 * then centred. Greedy: the text with the largest standard deviation of projection; its direction is removed from
 * contributions and texts; again. Exact in the basis of singular vectors, because all that is removed lies in it.
 */
export function textSpan(
  contributions: HeadContributions,
  texts: Texts,
  options: { readonly words: number; readonly headWidth: number },
): HeadSpan {
  const space = new SpanSpace(contributions, texts, options.headWidth);
  for (let word = 0; word < options.words; word += 1) {
    const best = space.widest();
    if (best === undefined) break;
    space.take(best);
  }
  return space.result();
}

/** The same span for texts that are given, in their order: what random words explain. */
export function spanOf(
  contributions: HeadContributions,
  texts: Texts,
  chosen: readonly number[],
  headWidth: number,
): HeadSpan {
  const space = new SpanSpace(contributions, texts, headWidth);
  for (const text of chosen) space.take(text);
  return space.result();
}

/** mean + P (contribution - mean), with P on the span's directions: what is left of a head that only says these words. */
export function replaceBySpan(contributions: HeadContributions, span: HeadSpan): HeadContributions {
  const [images, size] = contributions.dims;
  const [words] = span.directions.dims;
  const out = new Float32Array(images * size);
  for (let image = 0; image < images; image += 1) {
    const at = image * size;
    out.set(span.mean, at);
    for (let word = 0; word < words; word += 1) {
      const direction = span.directions.data.subarray(word * size, (word + 1) * size);
      let along = 0;
      for (let e = 0; e < size; e += 1)
        along += (contributions.data[at + e]! - span.mean[e]!) * direction[e]!;
      for (let e = 0; e < size; e += 1) out[at + e] = out[at + e]! + along * direction[e]!;
    }
  }
  return tensor(['image', 'embedding'], [images, size], out);
}

class SpanSpace {
  readonly #rank: number;
  readonly #basis: Float64Array;
  readonly #size: number;
  readonly #mean: Float32Array;
  readonly #variance: number;
  /** Covariance of the contributions in the basis, [rank, rank]; directions taken are removed. */
  readonly #covariance: Float64Array;
  /** Texts in the basis, [text, rank]; directions taken are removed. */
  readonly #texts: Float64Array;
  readonly #words: { text: number; explained: number; unit: Float64Array }[] = [];
  #explained = 0;

  constructor(contributions: HeadContributions, texts: Texts, headWidth: number) {
    const [images, size] = contributions.dims;
    if (texts.dims[1] !== size) {
      throw new RangeError(`texts of ${texts.dims[1]} values, contributions of ${size}`);
    }
    const { directions } = principalBasis(contributions, Math.min(MOST_RANK, headWidth));
    this.#rank = directions.dims[0];
    this.#basis = directions.data;
    this.#size = size;
    this.#mean = meanRow(contributions);
    const centred = new Float32Array(contributions.data.length);
    let sum = 0;
    for (let i = 0; i < centred.length; i += 1) {
      const value = contributions.data[i]! - this.#mean[i % size]!;
      centred[i] = value;
      sum += value * value;
    }
    this.#variance = sum / images;
    const inside = coordinates(tensor(['image', 'embedding'], [images, size], centred), directions);
    this.#covariance = covarianceOf(inside.data, images, this.#rank);
    this.#texts = coordinates(texts, directions).data;
  }

  /** The text of the largest standard deviation; the first of equals. Undefined when nothing is left to explain. */
  widest(): number | undefined {
    let best: number | undefined;
    let most = 0;
    for (let text = 0; text < this.#texts.length / this.#rank; text += 1) {
      const spread = this.#spread(this.#texts.subarray(text * this.#rank, (text + 1) * this.#rank));
      if (spread > most) {
        most = spread;
        best = text;
      }
    }
    return best;
  }

  take(text: number): void {
    const rank = this.#rank;
    const own = this.#texts.slice(text * rank, (text + 1) * rank);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    const unit = own.map((value) => (length > 1e-12 ? value / length : 0));
    this.#explained += this.#spread(unit);
    this.#words.push({
      text,
      explained: this.#variance > 0 ? this.#explained / this.#variance : 0,
      unit,
    });
    projectOut(this.#texts, rank, unit);
    // Both sides of the covariance: its rows, then its columns by symmetry.
    projectOut(this.#covariance, rank, unit);
    transpose(this.#covariance, rank);
    projectOut(this.#covariance, rank, unit);
  }

  result(): HeadSpan {
    const directions = new Float64Array(this.#words.length * this.#size);
    this.#words.forEach(({ unit }, word) => {
      for (let d = 0; d < this.#rank; d += 1) {
        for (let e = 0; e < this.#size; e += 1) {
          const at = word * this.#size + e;
          directions[at] = directions[at]! + unit[d]! * this.#basis[d * this.#size + e]!;
        }
      }
    });
    return {
      words: this.#words.map(({ text, explained }) => ({ text, explained })),
      variance: this.#variance,
      directions: tensor(['word', 'embedding'], [this.#words.length, this.#size], directions),
      mean: this.#mean,
    };
  }

  /** Variance of the contributions along a vector of the basis. */
  #spread(vector: Float64Array): number {
    const rank = this.#rank;
    let sum = 0;
    for (let i = 0; i < rank; i += 1) {
      let inner = 0;
      for (let j = 0; j < rank; j += 1) inner += this.#covariance[i * rank + j]! * vector[j]!;
      sum += vector[i]! * inner;
    }
    return Math.max(0, sum);
  }
}

function covarianceOf(rows: Float64Array, count: number, rank: number): Float64Array {
  const out = new Float64Array(rank * rank);
  for (let r = 0; r < count; r += 1) {
    for (let i = 0; i < rank; i += 1) {
      const value = rows[r * rank + i]! / count;
      for (let j = 0; j < rank; j += 1) out[i * rank + j] = out[i * rank + j]! + value * rows[r * rank + j]!;
    }
  }
  return out;
}

/** Takes the part along `unit` out of every row, in place. */
function projectOut(rows: Float64Array, width: number, unit: Float64Array): void {
  for (let at = 0; at < rows.length; at += width) {
    let along = 0;
    for (let i = 0; i < width; i += 1) along += rows[at + i]! * unit[i]!;
    for (let i = 0; i < width; i += 1) rows[at + i] = rows[at + i]! - along * unit[i]!;
  }
}

function transpose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const kept = matrix[i * size + j]!;
      matrix[i * size + j] = matrix[j * size + i]!;
      matrix[j * size + i] = kept;
    }
  }
}
