/** A part of a graph as a model of its own: what computes one value, from the graph's inputs or from values inside. */

import { copyGraph } from './copy-graph.ts';
import { FLOAT } from './element.ts';
import type { ModelIndex } from './model-index.ts';
import { encodeSuffix } from './suffix.ts';
import { readTensorRecord } from './tensor-record.ts';
import { readValueInfo } from './value-info.ts';
import { OnnxError } from './wire.ts';

export interface PartSpec {
  /** The value to compute, float32. */
  readonly output: string;
  /** What the part calls it. */
  readonly name: string;
  /** Values inside the graph that become the part's inputs, float32 of any shape; nothing before them is kept. */
  readonly from?: readonly string[];
}

/**
 * The bytes of the part; meant for graphs whose weights are external. Inputs that the value does not depend on go too.
 * @throws OnnxError `missing` for a value that the graph does not have.
 */
export function partOf(model: ModelIndex, { output, name, from = [] }: PartSpec): Uint8Array {
  const needed = new Set<number>();
  const used = new Set<string>();
  const open = [output];
  if (!model.names.has(output)) throw new OnnxError('missing', `no value ${output}`);
  while (open.length > 0) {
    const value = open.pop()!;
    if (used.has(value)) continue;
    used.add(value);
    const node = from.includes(value) ? undefined : model.producers.get(value);
    if (!node || needed.has(node.position)) continue;
    needed.add(node.position);
    open.push(...node.inputs, ...node.captured);
  }
  const { bytes } = model;
  let position = 0;
  const writer = copyGraph(bytes, (field, range) => {
    if (field === 1) return needed.has(position++);
    if (field === 5) return used.has(readTensorRecord(bytes, range).name);
    // Inputs, outputs, and what is stated of values in between.
    if (field === 11 || field === 13) return used.has(readValueInfo(bytes, range).name);
    return field !== 12;
  });
  const added = from.filter((value) => used.has(value) && model.producers.has(value));
  writer.raw(
    encodeSuffix({
      inputs: added.map((value) => ({ name: value, elementType: FLOAT, dims: null })),
      outputs: [{ name, elementType: FLOAT, dims: null }],
      nodes: name === output ? [] : [{ opType: 'Identity', inputs: [output], outputs: [name] }],
      initializers: [],
    }),
  );
  return writer.finish();
}
