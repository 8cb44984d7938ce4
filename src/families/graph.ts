/** A model file as everything else works on it: a small graph, its sites, and its weights where they are. */

import { type Constant, readConstant } from '../onnx/initializer.ts';
import type { ModelIndex } from '../onnx/model-index.ts';
import { openGraph } from '../onnx/open-graph.ts';
import type { Inventory } from '../onnx/sites/inventory.ts';
import { locateSites } from '../onnx/sites/locate.ts';
import { OnnxError } from '../onnx/wire.ts';
import { VitrineError } from '../protocol/errors.ts';
import { ownTower } from './joint.ts';

export interface ModelGraph {
  /** Of the graph without its weights. */
  readonly model: ModelIndex;
  readonly inventory: Inventory;
  /** The name under which the graph refers to its weights. */
  readonly location: string;
}

/**
 * Reads an ONNX file. `file` names it in messages and as the place of its weights; `tower` is the label of its sites.
 * Throws `model-corrupt` for bytes that are no model.
 */
export function readModelGraph(bytes: Uint8Array, file: string, tower: string): ModelGraph {
  try {
    const { model: whole, location, left } = openGraph(bytes, `${file}.onnx`);
    const model = ownTower(whole, file);
    const inventory = locateSites(model, { tower });
    return { model, inventory: { ...inventory, unresolved: [...left, ...inventory.unresolved] }, location };
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new VitrineError('model-corrupt', `${file}: ${error.message}`, { file }, error);
  }
}

/** The values of a weight as float32, with its dims. `bytes` is the model file. Throws `model-corrupt` when it is not constant. */
export function readWeight(
  graph: ModelGraph,
  bytes: Uint8Array,
  name: string,
): { readonly dims: readonly number[]; readonly data: Float32Array } {
  const constant: Constant | null = readConstant(graph.model, name, (location) =>
    location === graph.location ? bytes : undefined,
  );
  if (!constant) throw new VitrineError('model-corrupt', `${name} is no weight`, { file: graph.location });
  const { dims, data } = constant;
  return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data, Number) };
}
