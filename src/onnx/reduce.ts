/** Reductions inside the graph: only small results leave the device. */

import * as element from './element.ts';
import { type AddedInput, GraphBuilder } from './graph-builder.ts';
import type { Change } from './instrument.ts';
import type { ModelIndex } from './model-index.ts';
import { elementTypeOf } from './value-type.ts';
import { OnnxError } from './wire.ts';

export type ReduceStep =
  /** Mean, sum or maximum over an axis, which disappears. */
  | { readonly step: 'mean' | 'sum' | 'max'; readonly axis: string }
  /** Keeps the positions given at run time by an added int64 input, in that order. */
  | { readonly step: 'select'; readonly axis: string }
  /** Keeps the second half of an axis: the conditional rows of classifier-free guidance. */
  | { readonly step: 'secondHalf'; readonly axis: string }
  /** Splits `batch*head` into `batch` and `head`. */
  | { readonly step: 'unfoldHeads'; readonly heads: number }
  /** Shares from 0 to 1 as 16-bit fixed point, round(65535 x): half the bytes to move. Comes last. */
  | { readonly step: 'fixedPoint' };

export type Reduction = Change & {
  /** The graph output to fetch, float32; uint16 after `fixedPoint`. */
  readonly output: string;
  readonly axes: readonly string[];
  readonly inputs: readonly AddedInput[];
};

export type ReduceSource = {
  readonly tensor: string;
  readonly axes: readonly string[];
  readonly name: string;
  /** The value of the file that has its element type: for tensors that a patch adds, as `patch.original`. */
  readonly typeOf?: string;
};

/** The axis of attention patterns that are exported with heads folded into the batch. */
export const FOLDED_AXIS = 'batch*head';

/**
 * Appends the steps, in order, to a value and makes the result a graph output named after the source.
 * @throws OnnxError `missing` for an axis that the value does not have at that step.
 */
export function reduce(model: ModelIndex, source: ReduceSource, steps: readonly ReduceStep[]): Reduction {
  const opset = model.opsets.get('') ?? 0;
  const label = steps.map((s) => ('axis' in s ? `${s.step}-${s.axis}` : s.step)).join('.');
  const graph = new GraphBuilder(`reduce(${source.name}).${label}`);
  let value = source.tensor;
  let axes = source.axes;
  if (elementTypeOf(model, source.typeOf ?? value) === element.FLOAT16) {
    value = graph.node('Cast', [value], { to: { int: element.FLOAT } });
  }
  let type: number = element.FLOAT;
  for (const [index, step] of steps.entries()) {
    if (step.step === 'fixedPoint') {
      if (index < steps.length - 1)
        throw new OnnxError('unsupported', `${source.name}: fixed point comes last`);
      const scaled = graph.node('Mul', [value, graph.scalar(65535)]);
      // The cast cuts off.
      const rounded = graph.node('Add', [scaled, graph.scalar(0.5)]);
      type = element.UINT16;
      value = graph.node('Cast', [rounded], { to: { int: type } });
      break;
    }
    const axis = axes.indexOf(step.step === 'unfoldHeads' ? FOLDED_AXIS : step.axis);
    if (axis < 0) {
      throw new OnnxError(
        'missing',
        `${source.name} has axes ${axes.join(', ')}: cannot ${JSON.stringify(step)}`,
      );
    }
    switch (step.step) {
      case 'mean':
      case 'sum':
      case 'max':
        value = reduceAxis(graph, step.step, value, axis, opset);
        axes = axes.filter((_, index) => index !== axis);
        break;
      case 'select': {
        const role = `select-${step.axis}`;
        const indices = graph.input({
          role,
          type: 'int64',
          axes: [step.axis],
          exact: [step.axis],
          neutral: 'range',
        });
        value = graph.node('Gather', [value, indices], { axis: { int: axis } });
        break;
      }
      case 'secondHalf': {
        const shape = graph.node('Shape', [value]);
        const size = graph.node('Gather', [shape, graph.integers([axis])]);
        const half = graph.node('Div', [size, graph.integers([2])]);
        value = graph.node('Slice', [value, half, size, graph.integers([axis])]);
        break;
      }
      case 'unfoldHeads': {
        // Zeros copy the size of the same position, which the split moves by one: so they are read from the shape.
        const shape = graph.node('Shape', [value]);
        const rest = graph.node('Slice', [shape, graph.integers([1]), graph.integers([axes.length])]);
        const target = graph.node('Concat', [graph.integers([-1, step.heads]), rest], { axis: { int: 0 } });
        value = graph.node('Reshape', [value, target]);
        axes = ['batch', 'head', ...axes.slice(1)];
        break;
      }
    }
  }
  const output = graph.node('Identity', [value], {}, graph.prefix);
  graph.output(output, type);
  return { output, axes, inputs: graph.inputs, additions: graph.additions(), renames: [] };
}

const OPERATORS = { mean: 'ReduceMean', sum: 'ReduceSum', max: 'ReduceMax' } as const;
/** The opset from which the operator takes its axes as an input. */
const AXES_INPUT_SINCE = { mean: 18, sum: 13, max: 18 } as const;

function reduceAxis(
  graph: GraphBuilder,
  kind: keyof typeof OPERATORS,
  value: string,
  axis: number,
  opset: number,
) {
  const keepdims = { int: 0 };
  return opset >= AXES_INPUT_SINCE[kind]
    ? graph.node(OPERATORS[kind], [value, graph.integers([axis])], { keepdims })
    : graph.node(OPERATORS[kind], [value], { axes: { ints: [axis] }, keepdims });
}
