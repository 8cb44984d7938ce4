/** What ConceptAttention needs of a cross attention, computed inside the graph so that only small maps leave it. */

import * as element from '../../onnx/element.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Change } from '../../onnx/instrument.ts';
import type { ModelIndex } from '../../onnx/model-index.ts';
import type { ReduceSource } from '../../onnx/reduce.ts';
import type { Site } from '../../onnx/sites/site.ts';
import { elementTypeOf } from '../../onnx/value-type.ts';

/**
 * Dot product of each position's attention output with each token's value vector, a head at a time: z x v^T, with the axes of
 * the pattern. The value is what a position would read if it looked at that token alone, hence the token's own output.
 */
export function outputsDotValues(
  model: ModelIndex,
  z: Site,
  v: Site,
  name: string,
): Change & { readonly source: ReduceSource } {
  const graph = new GraphBuilder(`products(${name})`);
  const [outputs, values] = [z, v].map(({ tensor }) =>
    elementTypeOf(model, tensor) === element.FLOAT16
      ? graph.node('Cast', [tensor], { to: { int: element.FLOAT } })
      : tensor,
  ) as [string, string];
  const rank = z.axes.length;
  const perm = Array.from({ length: rank }, (_, axis) =>
    axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2,
  );
  const turned = graph.node('Transpose', [values], { perm: { ints: perm } });
  const product = graph.node('MatMul', [outputs, turned]);
  const axes = [...z.axes.slice(0, -1), 'key'];
  return {
    source: { tensor: product, axes, name: `${name}.products` },
    additions: graph.additions(),
    renames: [],
  };
}
