/**
 * Patches: a site is replaced by a value that appended nodes compute from the old one and from new graph inputs. The
 * producer's output is renamed and the appended nodes write the old name, so every consumer, those inside subgraphs too,
 * sees the new value. A tap of the site reads the patched value; a tap of `original` reads the old one.
 */

import * as element from './element.ts';
import { type AddedInput, GraphBuilder } from './graph-builder.ts';
import { type Change, renameProducer } from './instrument.ts';
import type { ModelIndex } from './model-index.ts';
import { elementTypeOf } from './value-type.ts';
import { OnnxError } from './wire.ts';

export type PatchSite = {
  /** The value to change; a node must write it. */
  readonly tensor: string;
  readonly axes: readonly string[];
  /** Names of the added inputs start with it. */
  readonly name: string;
};

export type Patch = Change & {
  readonly site: PatchSite;
  /** The name under which the unpatched value can still be tapped: `tap(model, [patch.original], [patch])`. */
  readonly original: string;
  readonly inputs: readonly AddedInput[];
};

export type PatchContext = {
  /** The unpatched value, float32. */
  readonly original: string;
  readonly graph: GraphBuilder;
  readonly opset: number;
};

/**
 * Rewires a site through nodes that `build` appends.
 * @param build returns the name of a float32 value with the site's shape.
 * @throws OnnxError `missing` when no node writes the site, `unsupported` when it is not a float tensor.
 */
export function patch(model: ModelIndex, site: PatchSite, build: (context: PatchContext) => string): Patch {
  const rename = renameProducer(model, site.tensor);
  const type = elementTypeOf(model, site.tensor) || element.FLOAT;
  if (type !== element.FLOAT && type !== element.FLOAT16) {
    throw new OnnxError('unsupported', `${site.name} has element type ${type}, only floats can be patched`);
  }
  const graph = new GraphBuilder(`patch(${site.name})`);
  const half = type === element.FLOAT16;
  // Added inputs are float32 throughout, so a half-precision site is widened and narrowed: exact for unchanged values.
  const original = half ? graph.node('Cast', [rename.to], { to: { int: element.FLOAT } }) : rename.to;
  const result = build({ original, graph, opset: model.opsets.get('') ?? 0 });
  if (half) graph.node('Cast', [result], { to: { int: element.FLOAT16 } }, site.tensor);
  else graph.node('Identity', [result], {}, site.tensor);
  return { site, original: rename.to, inputs: graph.inputs, additions: graph.additions(), renames: [rename] };
}

/** x * gate. The gate broadcasts against the site; neutral 1. Multiplying keeps infinities: to remove them use `replaceWhere`. */
export function gate(model: ModelIndex, site: PatchSite): Patch {
  return patch(model, site, ({ original, graph }) =>
    graph.node('Mul', [original, graph.input(broadcast(site, 'gate', 'float32', 1))]),
  );
}

/** x + addend. The addend broadcasts against the site; neutral 0 (which turns -0 into 0, an equal number). */
export function add(model: ModelIndex, site: PatchSite): Patch {
  return patch(model, site, ({ original, graph }) =>
    graph.node('Add', [original, graph.input(broadcast(site, 'addend', 'float32', 0))]),
  );
}

/** Where mask is true the injected value, else x. Both broadcast against the site; neutral: mask false. */
export function replaceWhere(model: ModelIndex, site: PatchSite): Patch {
  return patch(model, site, ({ original, graph }) => {
    const mask = graph.input(broadcast(site, 'mask', 'bool', 0));
    const injected = graph.input(broadcast(site, 'injected', 'float32', 0));
    return graph.node('Where', [mask, injected, original]);
  });
}

export type AttentionEdit = {
  /** Carries the source row's pattern over by a matrix from source keys to target keys (Prompt-to-Prompt's replace and
   * refine); without it the keys correspond one to one (self-attention). */
  readonly mapKeys: boolean;
  /** Divide each edited row by its sum, which the paper does not; `switch`: where the added input `renormalise` (bool) says so. */
  readonly renormalise: boolean | 'switch';
};

/**
 * Every row of axis 0 takes the value of the row that the added input `source` (int64) names for it: Prompt-to-Prompt's
 * self-attention, where the target's row is the source's or its own. Neutral 0, 1, 2, ...: a copy, difference 0.
 */
export function takeRows(model: ModelIndex, site: PatchSite): Patch {
  return patch(model, site, ({ original, graph }) =>
    graph.node('Gather', [original, sourceRows(graph, site)], { axis: { int: 0 } }),
  );
}

/**
 * Prompt-to-Prompt on an attention pattern, row by row of the batch:
 * P' = factor * (gate * (P[source] x map) + (1 - gate) * P) where `active`, else P.
 * Added inputs: `active` (bool, neutral false), `source` (int64, for every row of axis 0 the row whose pattern it takes;
 * neutral 0, 1, 2, ...), `gate` and `factor` (broadcast; neutral 0 and 1), `map` (last two axes: source key, target key;
 * neutral identity), with a switch `renormalise` (bool, broadcast, neutral false). Patterns with heads folded into the batch work the same, their rows being batch * head.
 */
export function editAttention(model: ModelIndex, site: PatchSite, edit: AttentionEdit): Patch {
  return patch(model, site, ({ original, graph, opset }) => {
    const active = graph.input(broadcast(site, 'active', 'bool', 0));
    const rows = sourceRows(graph, site);
    const gateInput = graph.input(broadcast(site, 'gate', 'float32', 0));
    const factor = graph.input(broadcast(site, 'factor', 'float32', 1));
    let source = graph.node('Gather', [original, rows], { axis: { int: 0 } });
    if (edit.mapKeys) {
      const axes = [...site.axes.slice(0, -2), 'sourceKey', 'targetKey'];
      const map = graph.input({
        role: 'map',
        type: 'float32',
        axes,
        exact: ['sourceKey', 'targetKey'],
        neutral: 'identity',
      });
      source = graph.node('MatMul', [source, map]);
    }
    const keep = graph.node('Sub', [graph.scalar(1), gateInput]);
    const mixed = graph.node('Add', [
      graph.node('Mul', [gateInput, source]),
      graph.node('Mul', [keep, original]),
    ]);
    let edited = graph.node('Mul', [mixed, factor]);
    if (edit.renormalise) {
      const normal = graph.node('Div', [edited, sumLastAxis(graph, edited, opset)]);
      if (edit.renormalise === 'switch') {
        const wanted = graph.input(broadcast(site, 'renormalise', 'bool', 0));
        edited = graph.node('Where', [wanted, normal, edited]);
      } else edited = normal;
    }
    return graph.node('Where', [active, edited, original]);
  });
}

function sourceRows(graph: GraphBuilder, site: PatchSite): string {
  const batch = site.axes[0]!;
  return graph.input({ role: 'source', type: 'int64', axes: [batch], exact: [batch], neutral: 'range' });
}

/** Sum over the last axis, which stays with size 1. */
export function sumLastAxis(graph: GraphBuilder, value: string, opset: number): string {
  // ReduceSum takes its axes as an input from opset 13 on.
  return opset >= 13
    ? graph.node('ReduceSum', [value, graph.integers([-1])], { keepdims: { int: 1 } })
    : graph.node('ReduceSum', [value], { axes: { ints: [-1] }, keepdims: { int: 1 } });
}

function broadcast(
  site: PatchSite,
  role: string,
  type: AddedInput['type'],
  neutral: 0 | 1,
): Omit<AddedInput, 'name'> {
  return { role, type, axes: site.axes, exact: [], neutral };
}
