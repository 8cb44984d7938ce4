import type { LayerProducts } from '../../protocol/capture.ts';
import { meanClampedBicubic } from '../../tensor/clamped.ts';
import { softmax } from '../../tensor/statistics.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';

/**
 * Recipe `outputs`, after ConceptAttention (Helbling et al. 2025): at every position the attention output is dotted with the
 * output that each word would give alone (its value vector), and the softmax over the words says whose the place is.
 *
 * The paper's concepts attend in the same joint sequence as the picture; in cross-attention a word has no output of its own, so
 * its value stands for it, heads concatenated, products averaged over steps. A word is the mean of its tokens; mean over layers of
 * the bicubic enlargement. Shares among `words`, 0 to 1; uniform is 1 / words. Throws RangeError for no layer or no words.
 */
export function outputMaps(
  layers: readonly LayerProducts[],
  words: readonly (readonly number[])[],
  height: number,
  width: number,
): readonly Grid[] {
  if (layers.length === 0) throw new RangeError('outputs: no layers');
  if (words.length === 0) throw new RangeError('outputs: no words');
  const shares = layers.map((layer) => shareOf(layer, words));
  return words.map((_, word) =>
    meanClampedBicubic(
      shares.map((maps) => maps[word]!),
      height,
      width,
    ),
  );
}

function shareOf(
  { gridHeight, gridWidth, products }: LayerProducts,
  words: readonly (readonly number[])[],
): Grid[] {
  const queries = gridHeight * gridWidth;
  const tokens = products.length / queries;
  const maps = words.map(() => new Float32Array(queries));
  for (let query = 0; query < queries; query += 1) {
    const scores = words.map((positions) => {
      let sum = 0;
      for (const position of positions) sum += products[query * tokens + position] ?? Number.NaN;
      return sum / positions.length;
    });
    softmax(scores).forEach((share, word) => {
      maps[word]![query] = share;
    });
  }
  return maps.map((data) => grid(gridHeight, gridWidth, data));
}
