/**
 * The integers of shape computations (Shape, Gather, Concat, ...), evaluated as far as the file allows: exporters write
 * `view(batch, tokens, heads, width)` as a dozen nodes, and heads can only be read from the result.
 */

import { type Attribute, readAttributes } from './attributes.ts';
import { divide, multiply } from './dimension.ts';
import { INT64 } from './element.ts';
import { constantSource, readConstant, readTensor } from './initializer.ts';
import type { ModelIndex, NodeRecord } from './model-index.ts';
import type { Dimension } from './value-info.ts';

/** The elements of a small integer tensor of rank 0 or 1. */
export type ShapeValues = readonly Dimension[];

const MAX_VALUES = 64;

/** A constant of at most 64 integers (of rank 0 or 1), or null. */
export function constantValues(model: ModelIndex, value: string): ShapeValues | null {
  const source = constantSource(model, value);
  if (!source || source.tensor.external || source.tensor.dims.length > 1) return null;
  if ((source.tensor.dims[0] ?? 1) > MAX_VALUES) return null;
  const { data } = readConstant(model, value)!;
  if (data instanceof Float32Array || data instanceof Float64Array) return null;
  return Array.from<number | bigint, number>(data, Number);
}

/** What a node writes, when it is arithmetic on shapes whose operands are known; null otherwise. */
export function nodeValues(
  model: ModelIndex,
  node: NodeRecord,
  values: (value: string) => ShapeValues | null,
  shape: (value: string) => readonly Dimension[] | null,
): ShapeValues | null {
  const attributes = () => readAttributes(model.bytes, node);
  const input = (index: number) => values(node.inputs[index] ?? '');
  const first = node.inputs[0] === undefined ? null : input(0);
  switch (node.opType) {
    case 'Shape':
      return sliceShape(shape(node.inputs[0] ?? ''), attributes());
    case 'Identity':
    case 'Cast':
    case 'Unsqueeze':
    case 'Squeeze':
    case 'Reshape':
      return first;
    case 'Concat': {
      const parts = node.inputs.map(values);
      return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
    }
    case 'Gather': {
      const indices = input(1);
      if (!indices) return null;
      // How many there are is known even where what they are is not: heads stand beside unknown batches.
      if (!first) return indices.map(() => null);
      return indices.map((index) => (typeof index === 'number' ? (first.at(index) ?? null) : null));
    }
    case 'Slice':
      return slice(first, input(1), input(2), input(4), attributes());
    case 'ConstantOfShape': {
      const count = first?.length === 1 ? first[0] : undefined;
      const fill = attributes().get('value')?.tensor;
      if (typeof count !== 'number' || count < 0 || count > MAX_VALUES || fill?.dataType !== INT64)
        return null;
      return new Array<Dimension>(count).fill(Number(readTensor(model, fill).data[0]));
    }
    case 'Mul':
      return zip(first, input(1), (a, b) => scale(a, b));
    case 'Div':
      return zip(first, input(1), (a, b) => floorDivide(a, b));
    case 'Add':
      return zip(first, input(1), (a, b) => sum(a, b));
    case 'Sub':
      return zip(first, input(1), (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : null));
    case 'Equal':
      // Sizes are positive, so a symbolic size never equals the -1 that exporters compare with.
      return zip(first, input(1), (a, b) => {
        if (a === null || b === null) return null;
        if (typeof a === 'string' && typeof b === 'string' && a !== b) return null;
        return a === b ? 1 : 0;
      });
    case 'Where': {
      const then = input(1);
      const otherwise = input(2);
      if (!first || !then || !otherwise) return null;
      return first.map((condition, index) => {
        if (condition === null) return null;
        return at(condition === 1 ? then : otherwise, index);
      });
    }
    default:
      return null;
  }
}

function sliceShape(
  shape: readonly Dimension[] | null,
  attributes: ReadonlyMap<string, Attribute>,
): ShapeValues | null {
  const start = attributes.get('start')?.int ?? 0;
  const end = attributes.get('end')?.int ?? undefined;
  return shape ? shape.slice(start, end) : unknownPart(start, end);
}

function slice(
  data: ShapeValues | null,
  starts: ShapeValues | null,
  ends: ShapeValues | null,
  steps: ShapeValues | null,
  attributes: ReadonlyMap<string, Attribute>,
): ShapeValues | null {
  const start = starts?.[0] ?? attributes.get('starts')?.ints[0];
  const end = ends?.[0] ?? attributes.get('ends')?.ints[0];
  const step = steps?.[0] ?? 1;
  if (typeof start !== 'number' || typeof end !== 'number' || step !== 1) return null;
  if (!data) return unknownPart(start, end);
  return data.slice(start, Math.min(end, data.length));
}

/** Sizes of an unknown shape, counted from its front. */
function unknownPart(start: number, end: number | undefined): ShapeValues | null {
  if (end === undefined || start < 0 || end <= start || end > MAX_VALUES) return null;
  return new Array<Dimension>(end - start).fill(null);
}

function at(values: ShapeValues, index: number): Dimension {
  return (values.length === 1 ? values[0] : values[index]) ?? null;
}

function zip(
  left: ShapeValues | null,
  right: ShapeValues | null,
  combine: (a: Dimension, b: Dimension) => Dimension,
): ShapeValues | null {
  if (!left || !right) return null;
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, index) => combine(at(left, index), at(right, index)));
}

function scale(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  // Products of symbols are kept only for positive factors: a dimension cannot carry a sign.
  if ((typeof a === 'number' && a < 0) || (typeof b === 'number' && b < 0)) return null;
  return multiply([a, b]);
}

function floorDivide(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return b === 0 ? null : Math.floor(a / b);
  return divide(a, b);
}

function sum(a: Dimension, b: Dimension): Dimension {
  if (a === 0) return b;
  if (b === 0) return a;
  return typeof a === 'number' && typeof b === 'number' ? a + b : null;
}
