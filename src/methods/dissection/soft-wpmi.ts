import { softmax } from '../../tensor/statistics.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';

/** Settings of CLIP-Dissect (Oikarinen and Weng 2023), as its authors publish them. */
export const SOFT_WPMI = {
  /** Images that a unit is judged by: those with its highest mean activations. */
  top: 100,
  /** Multiplies the cosines before the softmax over concepts. */
  sharpness: 10,
  /** How surely the first and the last of the top images are taken to show what the unit is about. */
  first: 0.998,
  last: 0.97,
  /** Weight of how likely a concept is for any unit. */
  lambda: 1,
  /** Keeps logarithms finite. */
  least: 1e-7,
} as const;

/** How likely an image is about each concept, of all of them: softmax of its scaled cosines with the concepts. */
export function conceptShares(cosines: Float32Array): Float32Array {
  return Float32Array.from(softmax(cosines.map((cosine) => SOFT_WPMI.sharpness * cosine)));
}

/**
 * Log-likelihood of each concept for one unit: sum over its top images, most active first, of
 * log(1 + p (share - 1) + least), where p falls evenly from `first` towards `last`: an image that may not belong counts less.
 * `top` holds rows of {@link conceptShares}; there may be fewer than 100 of them. Natural logarithms, 0 or less.
 */
export function logLikelihoods(top: readonly Float32Array[], concepts: number): Float64Array {
  const { first, last, least } = SOFT_WPMI;
  const sums = new Float64Array(concepts);
  top.forEach((shares, rank) => {
    const belongs = first - (rank / top.length) * (first - last);
    for (let concept = 0; concept < concepts; concept += 1) {
      sums[concept] = sums[concept]! + Math.log(1 + belongs * (shares[concept]! - 1) + least);
    }
  });
  return sums;
}

/** Log of the mean likelihood of each concept over all units, [concept]: what any unit would score. `likelihoods` has a row a unit. */
export function logPrior(likelihoods: readonly Float64Array[]): Float64Array {
  const width = likelihoods[0]?.length ?? 0;
  return Float64Array.from({ length: width }, (_, concept) => {
    let highest = Number.NEGATIVE_INFINITY;
    for (const row of likelihoods) highest = Math.max(highest, row[concept]!);
    let sum = 0;
    for (const row of likelihoods) sum += Math.exp(row[concept]! - highest);
    return highest + Math.log(sum / likelihoods.length);
  });
}

/**
 * Soft weighted pointwise mutual information of units and concepts, in nats: log-likelihood minus lambda times the log of its mean
 * over units. At lambda 1 it is at most log(units). Throws RangeError for no units.
 */
export function softWpmi(
  likelihoods: readonly Float64Array[],
): Tensor<readonly ['unit', 'concept'], Float64Array> {
  const [firstRow] = likelihoods;
  if (!firstRow) throw new RangeError('SoftWPMI: no units');
  const prior = logPrior(likelihoods);
  const data = new Float64Array(likelihoods.length * firstRow.length);
  likelihoods.forEach((row, unit) => {
    data.set(againstPrior(row, prior), unit * firstRow.length);
  });
  return tensor(['unit', 'concept'], [likelihoods.length, firstRow.length], data);
}

/** One unit's row, or that of images drawn at random, for comparison. */
export function againstPrior(likelihoods: Float64Array, prior: Float64Array): Float64Array {
  return likelihoods.map((value, concept) => value - SOFT_WPMI.lambda * prior[concept]!);
}
