/** Zero-shot classification of a whole shelf: which of the concepts each picture fits best. Pure, and fast enough for the page. */

import { meanRow, row, type Texts } from '../methods/concepts/texts.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import type { Collection, Embeddings } from '../protocol/concepts.ts';
import { conceptPrompts } from '../protocol/templates.ts';
import { tensor } from '../tensor/tensor.ts';

export interface Classified {
  readonly picture: number;
  readonly label: string;
  readonly probability: number;
  /** The next best, and how far behind: difference of the probabilities. Empty where there is one label only. */
  readonly second: string;
  readonly margin: number;
}

/** Every sentence that has to be embedded, concept after concept. */
export function labelPrompts(concepts: readonly string[], templates: readonly string[]): readonly string[] {
  return concepts.flatMap((concept) => conceptPrompts(concept, templates));
}

/** `prompts` are the embedded sentences of `labelPrompts`. One row a picture, in their order; none for no concepts. */
export function classifyPictures(
  { images }: Pick<Collection, 'images'>,
  prompts: Pick<Embeddings, 'texts' | 'logitScale'>,
  concepts: readonly string[],
  templates: readonly string[],
): readonly Classified[] {
  if (concepts.length === 0) return [];
  const labels = meansOf(prompts.texts, concepts, templates);
  return Array.from({ length: images.dims[0] }, (_, picture): Classified => {
    const { probability } = zeroShot(row(images, picture), labels, prompts.logitScale);
    const order = probability.map((_, label) => label).sort((a, b) => probability[b]! - probability[a]!);
    const [best = 0, second] = order;
    return {
      picture,
      label: concepts[best]!,
      probability: probability[best]!,
      second: second === undefined ? '' : concepts[second]!,
      margin: probability[best]! - (second === undefined ? 0 : probability[second]!),
    };
  });
}

/** Mean over each concept's sentences. Throws RangeError for another number of rows. */
function meansOf(prompts: Texts, concepts: readonly string[], templates: readonly string[]): Texts {
  const [count, width] = prompts.dims;
  const lengths = concepts.map((concept) => conceptPrompts(concept, templates).length);
  const wanted = lengths.reduce((sum, length) => sum + length, 0);
  if (wanted !== count) throw new RangeError(`${count} embedded sentences for ${wanted}`);
  const data = new Float32Array(concepts.length * width);
  let first = 0;
  lengths.forEach((length, index) => {
    const own = prompts.data.subarray(first * width, (first + length) * width);
    data.set(meanRow(tensor(['text', 'embedding'], [length, width], own)), index * width);
    first += length;
  });
  return tensor(['text', 'embedding'], [concepts.length, width], data);
}
