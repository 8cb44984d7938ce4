/** A part of a graph as a model of its own: what computes one value, from the graph's inputs or from values inside. */

import { FLOAT } from './element.ts';
import type { ModelIndex } from './model-index.ts';
import { encodeSuffix } from './suffix.ts';
import { readTensorRecord } from './tensor-record.ts';
import { readValueInfo } from './value-info.ts';
import { LENGTH, OnnxError, WireReader, WireWriter } from './wire.ts';

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
  const writer = new WireWriter();
  const reader = new WireReader(bytes);
  let position = 0;
  while (reader.next()) {
    const { tagStart } = reader;
    if (reader.field !== 7 || reader.wireType !== LENGTH) {
      reader.skip();
      writer.raw(bytes.subarray(tagStart, reader.position));
      continue;
    }
    const graph = new WireReader(bytes, reader.range());
    writer.message(7, (inner) => {
      while (graph.next()) {
        const start = graph.tagStart;
        const { field } = graph;
        if (graph.wireType !== LENGTH) graph.skip();
        else {
          const range = graph.range();
          if (field === 1 && !needed.has(position++)) continue;
          if (field === 5 && !used.has(readTensorRecord(bytes, range).name)) continue;
          // Inputs, outputs, and what is stated of values in between.
          if (field === 11 && !used.has(readValueInfo(bytes, range).name)) continue;
          if (field === 12) continue;
          if (field === 13 && !used.has(readValueInfo(bytes, range).name)) continue;
        }
        inner.raw(bytes.subarray(start, graph.position));
      }
    });
  }
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
