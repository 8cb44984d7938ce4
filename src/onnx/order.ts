/** Nodes in an order in which every value is written before it is read. */

import type { ModelIndex, NodeRecord } from './model-index.ts';

/**
 * Topological order; among nodes that are ready at once, file order. Nodes on a cycle (a broken file) are left out.
 */
export function topologicalOrder(model: ModelIndex): readonly NodeRecord[] {
  const state = new Map<NodeRecord, 'open' | 'done'>();
  const order: NodeRecord[] = [];
  for (const root of model.nodes) {
    // Depth first with an own stack: real graphs are thousands of nodes deep.
    const stack: NodeRecord[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      const waiting = state.has(node) ? undefined : unwritten(model, node, state);
      state.set(node, 'open');
      if (waiting && waiting.length > 0) {
        stack.push(...waiting);
      } else {
        stack.pop();
        state.set(node, 'done');
        order.push(node);
      }
    }
  }
  return order;
}

function unwritten(
  model: ModelIndex,
  node: NodeRecord,
  state: ReadonlyMap<NodeRecord, string>,
): NodeRecord[] {
  const waiting: NodeRecord[] = [];
  for (const value of [...node.inputs, ...node.captured].reverse()) {
    const producer = model.producers.get(value);
    if (producer && !state.has(producer)) waiting.push(producer);
  }
  return waiting;
}
