/** Fused operators replaced by the primitive ones they stand for: then their insides are values that can be tapped and patched. */

import type { ModelIndex, NodeRecord } from '../model-index.ts';
import { replaceNodes } from '../replace-nodes.ts';
import { inferShapes } from '../shapes.ts';
import type { Unresolved } from '../sites/site.ts';
import { multiHeadAttention, packedAttention } from './contrib.ts';
import { groupQueryAttention } from './grouped-query.ts';
import { skipNorm } from './norms.ts';
import { NotUnfusable, Primitive } from './primitive.ts';
import { Settings } from './settings.ts';
import { standardAttention } from './standard.ts';

type Rule = (graph: Primitive, settings: Settings, model: ModelIndex) => void;

const MICROSOFT = 'com.microsoft';

/** By domain and operator. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [`${MICROSOFT}:Attention`, packedAttention],
  [`${MICROSOFT}:MultiHeadAttention`, multiHeadAttention],
  [`${MICROSOFT}:GroupQueryAttention`, groupQueryAttention],
  [`${MICROSOFT}:SkipLayerNormalization`, (graph, { node }, model) => skipNorm(graph, model, node)],
  [`${MICROSOFT}:SkipSimplifiedLayerNormalization`, (graph, { node }, model) => skipNorm(graph, model, node)],
  [':Attention', standardAttention],
]);

export type Unfused = {
  /** The same bytes when there was nothing to replace. */
  readonly bytes: Uint8Array;
  /** Operators that could not be replaced, by name and reason. */
  readonly left: readonly Unresolved[];
};

/** Replaces every fused operator for which there is a rule; the outputs of all keep their names. */
export function unfuse(model: ModelIndex): Unfused {
  const fused = model.nodes.filter(({ domain, opType }) => RULES.has(`${domain}:${opType}`));
  if (fused.length === 0) return { bytes: model.bytes, left: [] };
  const shapes = inferShapes(model);
  const replaced = new Set<NodeRecord>();
  const graphs: Primitive[] = [];
  const left: Unresolved[] = [];
  for (const node of fused) {
    const graph = new Primitive(model, node);
    try {
      RULES.get(`${node.domain}:${node.opType}`)!(graph, new Settings(model, node, shapes), model);
    } catch (error) {
      if (!(error instanceof NotUnfusable)) throw error;
      left.push({
        node: node.name || (node.outputs[0] ?? ''),
        opType: node.opType,
        reason: `cannot be unfused: ${error.message}`,
      });
      continue;
    }
    replaced.add(node);
    graphs.push(graph);
  }
  if (replaced.size === 0) return { bytes: model.bytes, left };
  const parts = graphs.map((graph) => graph.additions());
  const bytes = replaceNodes(model, replaced, {
    inputs: [],
    outputs: [],
    nodes: parts.flatMap(({ nodes }) => nodes),
    initializers: parts.flatMap(({ initializers }) => initializers),
  });
  return { bytes, left };
}
