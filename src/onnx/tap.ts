/** Taps: sites as extra graph outputs. */

import * as element from './element.ts';
import type { Change } from './instrument.ts';
import type { ModelIndex } from './model-index.ts';
import type { NodeSpec, ValueSpec } from './suffix.ts';
import { elementTypeOf } from './value-type.ts';
import { OnnxError } from './wire.ts';

export type TapOutput = {
  /** The tapped value. */
  readonly value: string;
  /** The graph output to fetch: the value itself, or its float32 copy where the value is float16. */
  readonly output: string;
  /** TensorProto.DataType of the output, 0 when unknown. */
  readonly elementType: number;
};

export type Tap = Change & { readonly outputs: readonly TapOutput[] };

/**
 * Makes values of the graph readable; repeated names and values that are outputs already cost nothing.
 * Float16 values are read through an appended Cast, because JavaScript has no float16 array everywhere.
 * @param changes patches made in the same pass: their `original` values can be tapped too.
 * @throws OnnxError `missing` for a value that the graph does not have.
 */
export function tap(model: ModelIndex, values: readonly string[], changes: readonly Change[] = []): Tap {
  const outputs: TapOutput[] = [];
  const added: ValueSpec[] = [];
  const nodes: NodeSpec[] = [];
  const existing = new Set(model.outputs.map(({ name }) => name));
  const inputs = new Set(model.inputs.map(({ name }) => name));
  const renamed = new Map(changes.flatMap(({ renames }) => renames.map(({ from, to }) => [to, from])));
  for (const value of new Set(values)) {
    const name = renamed.get(value) ?? value;
    if (!model.producers.has(name) && !model.initializers.has(name) && !inputs.has(name)) {
      throw new OnnxError('missing', `no value ${value}`);
    }
    const elementType = elementTypeOf(model, name);
    if (elementType === element.FLOAT16) {
      const output = `${value}::float32`;
      nodes.push({
        opType: 'Cast',
        inputs: [value],
        outputs: [output],
        attributes: { to: { int: element.FLOAT } },
      });
      // The shape is never given: the runtime infers it, and a wrong one is an error.
      added.push({ name: output, elementType: element.FLOAT, dims: null });
      outputs.push({ value, output, elementType: element.FLOAT });
    } else {
      if (!existing.has(value)) added.push({ name: value, elementType, dims: null });
      outputs.push({ value, output: value, elementType });
    }
  }
  return { additions: { inputs: [], outputs: added, nodes, initializers: [] }, renames: [], outputs };
}
