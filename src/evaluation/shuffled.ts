/** A control: a model file in which every weight tensor's values are shuffled among themselves. */

import { shuffle } from '../methods/faithfulness/shuffle.ts';
import { FLOAT, FLOAT16 } from '../onnx/element.ts';
import { indexModel } from '../onnx/model-index.ts';
import { Random } from '../world/random.ts';

/** A copy of the file; shapes, integers and scalars stay. The same seed gives the same copy. */
export function shuffleWeights(bytes: Uint8Array, seed: number): Uint8Array {
  const copy = bytes.slice();
  const random = new Random(seed);
  for (const { dataType, raw } of indexModel(bytes).initializers.values()) {
    if (!raw || (dataType !== FLOAT && dataType !== FLOAT16)) continue;
    // A slice is aligned; the file's own bytes need not be.
    const { buffer } = bytes.slice(raw.start, raw.end);
    const values = dataType === FLOAT ? new Float32Array(buffer) : new Uint16Array(buffer);
    shuffle(values, (bound) => random.integer(bound));
    copy.set(new Uint8Array(buffer), raw.start);
  }
  return copy;
}
