/** A model copied without some fields of its graph, open for additions. */

import { type ByteRange, LENGTH, WireReader, WireWriter } from './wire.ts';

/** Asks `keep` for every length-delimited field of the graph, in order; everything else of the file is kept. */
export function copyGraph(bytes: Uint8Array, keep: (field: number, range: ByteRange) => boolean): WireWriter {
  const writer = new WireWriter();
  const reader = new WireReader(bytes);
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
        if (graph.wireType !== LENGTH) graph.skip();
        else if (!keep(graph.field, graph.range())) continue;
        inner.raw(bytes.subarray(start, graph.position));
      }
    });
  }
  return writer;
}
