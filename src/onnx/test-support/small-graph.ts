/** A model of a few given nodes, for tests of single operators. */

import { type Additions, encodeSuffix } from '../suffix.ts';
import { encodeUtf8 } from '../utf8.ts';
import { WireWriter } from '../wire.ts';

/** A ModelProto with these parts and opset; com.microsoft operators are allowed. */
export function smallGraph(parts: Additions, opset: number): Uint8Array {
  const writer = new WireWriter();
  writer.varint(1, opset > 22 ? 11 : 8);
  const domains = [
    ['', opset],
    ['com.microsoft', 1],
  ] as const;
  for (const [domain, version] of domains) {
    writer.message(8, (entry) => {
      entry.bytes(1, encodeUtf8(domain));
      entry.varint(2, version);
    });
  }
  writer.message(7, (graph) => graph.bytes(2, encodeUtf8('small')));
  writer.raw(encodeSuffix(parts));
  return writer.finish();
}
