/** Replaces nodes of a graph by others: one copy without them, the new ones appended. */

import { copyGraph } from './copy-graph.ts';
import type { ModelIndex, NodeRecord } from './model-index.ts';
import { type Additions, encodeSuffix } from './suffix.ts';

/** The bytes of the model without `dropped`, with `additions`; meant for graphs whose weights are external. */
export function replaceNodes(
  model: ModelIndex,
  dropped: ReadonlySet<NodeRecord>,
  additions: Additions,
): Uint8Array {
  const positions = new Set([...dropped].map(({ position }) => position));
  let position = 0;
  const writer = copyGraph(model.bytes, (field) => field !== 1 || !positions.has(position++));
  writer.raw(encodeSuffix(additions));
  return writer.finish();
}
