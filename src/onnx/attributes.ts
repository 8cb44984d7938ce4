/** Attributes of a node, decoded on request from the ranges of the index. */

import type { NodeRecord } from './model-index.ts';
import { readTensorRecord, type TensorRecord } from './tensor-record.ts';
import { decodeUtf8 } from './utf8.ts';
import { FIXED32, LENGTH, OnnxError, VARINT, WireReader } from './wire.ts';

export type Attribute = {
  readonly name: string;
  readonly float: number | null;
  readonly int: number | null;
  readonly text: string | null;
  readonly tensor: TensorRecord | null;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
};

/** All attributes of a node by name. Subgraph and string-list attributes appear with no value. */
export function readAttributes(bytes: Uint8Array, node: NodeRecord): ReadonlyMap<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const range of node.attributes) {
    const reader = new WireReader(bytes, range);
    const ints: number[] = [];
    const floats: number[] = [];
    let name = '';
    let float: number | null = null;
    let int: number | null = null;
    let text: string | null = null;
    let tensor: TensorRecord | null = null;
    while (reader.next()) {
      if (reader.field === 1) name = decodeUtf8(bytes, reader.range());
      else if (reader.field === 2) {
        reader.expect(FIXED32);
        float = reader.float32();
      } else if (reader.field === 3) {
        reader.expect(VARINT);
        int = Number(reader.int64());
      } else if (reader.field === 4) text = decodeUtf8(bytes, reader.range());
      else if (reader.field === 5) tensor = readTensorRecord(bytes, reader.range());
      else if (reader.field === 7) readFloats(reader, floats);
      else if (reader.field === 8) readInts(reader, ints);
      else reader.skip();
    }
    attributes.set(name, { name, float, int, text, tensor, ints, floats });
  }
  return attributes;
}

/** An integer attribute, or `fallback` (the operator's default) when it is absent. */
export function intAttribute(bytes: Uint8Array, node: NodeRecord, name: string, fallback: number): number {
  return readAttributes(bytes, node).get(name)?.int ?? fallback;
}

function readFloats(reader: WireReader, floats: number[]): void {
  if (reader.wireType === FIXED32) floats.push(reader.float32());
  else {
    const packed = new WireReader(reader.bytes, reader.range());
    while (packed.position < packed.end) floats.push(packed.float32());
  }
}

function readInts(reader: WireReader, ints: number[]): void {
  if (reader.wireType === VARINT) ints.push(Number(reader.int64()));
  else if (reader.wireType === LENGTH) {
    const packed = new WireReader(reader.bytes, reader.range());
    while (packed.position < packed.end) ints.push(Number(packed.int64()));
  } else throw new OnnxError('malformed', `integers with wire type ${reader.wireType}`);
}
