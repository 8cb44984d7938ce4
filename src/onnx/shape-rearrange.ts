/** Shape rules of the operators that rearrange, cut and reduce. Unknown sizes are null, unknown ranks a null shape. */

import type { Attribute } from './attributes.ts';
import { divide, multiply } from './dimension.ts';
import type { NodeRecord } from './model-index.ts';
import type { ShapeValues } from './shape-values.ts';
import type { Dimension, Shape } from './value-info.ts';

/** What a rule sees of its node. */
export type Rule = {
  readonly node: NodeRecord;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly shape: (index: number) => Shape | null;
  readonly values: (index: number) => ShapeValues | null;
};

export function reshape(
  input: Shape | null,
  target: ShapeValues | null,
  attributes: ReadonlyMap<string, Attribute>,
): Shape | null {
  if (!target) return null;
  const keepsZero = attributes.get('allowzero')?.int === 1;
  const sizes = target.map((size, axis) => (size === 0 && !keepsZero ? (input?.[axis] ?? null) : size));
  const open = sizes.indexOf(-1);
  if (open < 0) return sizes;
  const total = input ? multiply(input) : null;
  const rest = multiply(sizes.filter((_, axis) => axis !== open));
  return sizes.map((size, axis) => (axis === open ? divide(total, rest) : size));
}

export function flatten(input: Shape | null, attributes: ReadonlyMap<string, Attribute>): Shape | null {
  if (!input) return null;
  const axis = attributes.get('axis')?.int ?? 1;
  const at = axis < 0 ? axis + input.length : axis;
  return [multiply(input.slice(0, at)), multiply(input.slice(at))];
}

export function concat(rule: Rule): Shape | null {
  const shapes = rule.node.inputs.map((_, index) => rule.shape(index));
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const first = shapes[0];
  if (!first || shapes.some((shape) => shape?.length !== first.length)) return null;
  const at = axis < 0 ? axis + first.length : axis;
  return first.map((_, index) => {
    const sizes = shapes.map((shape) => shape?.[index] ?? null);
    if (index !== at) return sizes.find((size) => typeof size === 'number') ?? sizes[0] ?? null;
    return sizes.every((size) => typeof size === 'number') ? sizes.reduce((a, b) => a + b, 0) : null;
  });
}

export function split(rule: Rule): (Shape | null)[] {
  const input = rule.shape(0);
  const count = rule.node.outputs.length;
  if (!input) return new Array<null>(count).fill(null);
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const at = axis < 0 ? axis + input.length : axis;
  const sizes = rule.values(1) ?? rule.attributes.get('split')?.ints ?? null;
  return rule.node.outputs.map((_, part) =>
    input.map((size, index) => (index !== at ? size : sizes ? (sizes[part] ?? null) : divide(size, count))),
  );
}

export function sliceOf(input: Shape, rule: Rule): Shape | null {
  const starts = rule.values(1) ?? rule.attributes.get('starts')?.ints ?? null;
  const ends = rule.values(2) ?? rule.attributes.get('ends')?.ints ?? null;
  const hasAxes = rule.node.inputs[3] !== undefined || rule.attributes.has('axes');
  const axes =
    rule.values(3) ?? rule.attributes.get('axes')?.ints ?? (hasAxes ? null : input.map((_, axis) => axis));
  if (!axes) return input.map(() => null);
  const steps = rule.node.inputs[4] ? rule.values(4) : [];
  const sizes = [...input];
  axes.forEach((axis, index) => {
    if (typeof axis !== 'number') return;
    const at = axis < 0 ? axis + input.length : axis;
    sizes[at] = sliceSize(
      input[at] ?? null,
      starts?.[index] ?? null,
      ends?.[index] ?? null,
      steps && (steps[index] ?? 1),
    );
  });
  return sizes;
}

function sliceSize(size: Dimension, start: Dimension, end: Dimension, step: Dimension): Dimension {
  if (step !== 1) return null;
  if (start === 0 && (end === size || (typeof end === 'number' && end >= 2 ** 31 - 1))) return size;
  if (start === 0 && typeof end === 'string') return end;
  if (typeof size !== 'number' || typeof start !== 'number' || typeof end !== 'number') return null;
  const clamp = (position: number) => Math.max(0, Math.min(size, position < 0 ? position + size : position));
  return Math.max(0, clamp(end) - clamp(start));
}

export function gather(rule: Rule): Shape | null {
  const data = rule.shape(0);
  const indices = rule.shape(1);
  if (!data || !indices) return null;
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const at = axis < 0 ? axis + data.length : axis;
  return [...data.slice(0, at), ...indices, ...data.slice(at + 1)];
}

/** Axes as an attribute (old opsets) or as an input; undefined when they are given but not known. */
function axesOf(rule: Rule): readonly Dimension[] | null | undefined {
  const stated = rule.attributes.get('axes')?.ints;
  if (stated) return stated;
  return rule.node.inputs[1] ? (rule.values(1) ?? undefined) : null;
}

export function squeeze(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || axes === undefined) return null;
  if (!axes) return input.includes(null) ? null : input.filter((size) => size !== 1);
  const gone = axes.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + input.length : axis));
  return input.filter((_, index) => !gone.includes(index));
}

export function unsqueeze(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || !axes) return null;
  const rank = input.length + axes.length;
  const added = new Set(axes.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + rank : axis)));
  const rest = [...input];
  return Array.from({ length: rank }, (_, index) => (added.has(index) ? 1 : (rest.shift() ?? null)));
}

export function reduceShape(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || axes === undefined) return null;
  const keep = (rule.attributes.get('keepdims')?.int ?? 1) === 1;
  const at = axes?.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + input.length : axis));
  const reduced = (index: number) => !at || at.includes(index);
  return keep
    ? input.map((size, index) => (reduced(index) ? 1 : size))
    : input.filter((_, index) => !reduced(index));
}
