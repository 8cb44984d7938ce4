/** A control: a model file in which every weight tensor's values are shuffled among themselves. */

import { shuffle } from '../methods/faithfulness/shuffle.ts';
import { elementBytes, FLOAT, FLOAT16, INT8, UINT8 } from '../onnx/element.ts';
import { indexModel } from '../onnx/model-index.ts';
import { Random } from '../world/random.ts';
import type { Runtime } from './runtime.ts';

const WEIGHTS: ReadonlySet<number> = new Set([FLOAT, FLOAT16, INT8, UINT8]);

/** The elements of a buffer as words of their size: only their order matters here. */
function words(buffer: ArrayBuffer, bytes: number | undefined) {
  if (bytes === 1) return new Uint8Array(buffer);
  return bytes === 2 ? new Uint16Array(buffer) : new Int32Array(buffer);
}

/**
 * A copy of the file; shapes, scalars and wider integers stay. Bytes are quantised weights where they have two axes or more: with
 * one they are zero points, which belong to their channels. The same seed gives the same copy.
 */
export function shuffleWeights(bytes: Uint8Array, seed: number): Uint8Array {
  const copy = bytes.slice();
  const random = new Random(seed);
  for (const { dataType, dims, raw } of indexModel(bytes).initializers.values()) {
    const width = elementBytes(dataType);
    if (!raw || !WEIGHTS.has(dataType) || (width === 1 && dims.length < 2)) continue;
    // A slice is aligned; the file's own bytes need not be.
    const { buffer } = bytes.slice(raw.start, raw.end);
    shuffle(words(buffer, width), (bound) => random.integer(bound));
    copy.set(new Uint8Array(buffer), raw.start);
  }
  return copy;
}

/** The seed of every control, so that it is one model and not a lottery. */
const CONTROL_SEED = 5;

const controls = new WeakMap<object, object>();

/** The same host, on which every ONNX file has its weights shuffled. Its sessions and memories are its own. */
export function shuffledRuntime(runtime: Runtime): Runtime {
  const host = controls.get(runtime.host) ?? {};
  controls.set(runtime.host, host);
  return {
    ...runtime,
    host,
    bytes: async (model, file) => {
      const bytes = await runtime.bytes(model, file);
      // Configurations and vocabularies are text; an ONNX file begins with a field of its protobuf message.
      return bytes[0] === 0x7b ? bytes : shuffleWeights(bytes, CONTROL_SEED);
    },
    open: (key, build) => runtime.open(`shuffled/${key}`, build),
  };
}
