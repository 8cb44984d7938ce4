/** Replaces nodes of a graph by others: one copy without them, the new ones appended. */

import type { ModelIndex, NodeRecord } from './model-index.ts';
import { type Additions, encodeSuffix } from './suffix.ts';
import { LENGTH, WireReader, WireWriter } from './wire.ts';

/** The bytes of the model without `dropped`, with `additions`; meant for graphs whose weights are external. */
export function replaceNodes(
  model: ModelIndex,
  dropped: ReadonlySet<NodeRecord>,
  additions: Additions,
): Uint8Array {
  const { bytes } = model;
  const positions = new Set([...dropped].map(({ position }) => position));
  const writer = new WireWriter();
  const reader = new WireReader(bytes);
  let position = 0;
  while (reader.next()) {
    const { tagStart } = reader;
    if (reader.field !== 7 || reader.wireType !== LENGTH) {
      reader.skip();
      writer.raw(bytes.subarray(tagStart, reader.position));
      continue;
    }
    const graph = new WireReader(bytes, reader.range());
    writer.message(7, (inner) => {
      while (graph.next()) {
        const start = graph.tagStart;
        const isDropped = graph.field === 1 && positions.has(position++);
        graph.skip();
        if (!isDropped) inner.raw(bytes.subarray(start, graph.position));
      }
    });
  }
  writer.raw(encodeSuffix(additions));
  return writer.finish();
}
