/**
 * Shapes of all values, as far as structure gives them: exporters leave them out, and the layout of an attention (how many
 * heads, folded into the batch or not) cannot be told without. Unknown is a normal answer; a wrong one never is.
 */

import { constantSource } from './initializer.ts';
import type { ModelIndex } from './model-index.ts';
import { topologicalOrder } from './order.ts';
import { outputShapes } from './shape-rules.ts';
import { constantValues, nodeValues, type ShapeValues } from './shape-values.ts';
import type { Shape } from './value-info.ts';

export type Shapes = ReadonlyMap<string, Shape>;

/** Infers shapes for every value for which it can. Shapes stated in the file win where inference knows less. */
export function inferShapes(model: ModelIndex): Shapes {
  const shapes = new Map<string, Shape>();
  const known = new Map<string, ShapeValues | null>();
  for (const info of [...model.valueInfo.values(), ...model.outputs, ...model.inputs]) {
    if (info.dims) shapes.set(info.name, info.dims);
  }
  const shape = (value: string): Shape | null =>
    shapes.get(value) ?? constantSource(model, value)?.tensor.dims ?? null;
  const values = (value: string): ShapeValues | null => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const constant = value === '' ? null : constantValues(model, value);
    known.set(value, constant);
    return constant;
  };
  for (const node of topologicalOrder(model)) {
    const output = node.outputs[0];
    if (output === undefined) continue;
    known.set(output, nodeValues(model, node, values, shape) ?? constantValues(model, output));
    const inferred = outputShapes(model, node, shape, values);
    node.outputs.forEach((name, index) => {
      const better = inferred[index];
      if (better && name !== '') shapes.set(name, merge(better, shapes.get(name)));
    });
  }
  return shapes;
}

/** Position by position the more definite of two shapes of one value. */
function merge(inferred: Shape, stated: Shape | undefined): Shape {
  if (stated?.length !== inferred.length) return inferred;
  return inferred.map((size, index) => (typeof size === 'number' ? size : (stated[index] ?? size)));
}
