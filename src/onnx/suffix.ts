/**
 * A ModelProto that holds only additions to a graph. Protobuf merges concatenated messages, so `original ++ suffix` is the
 * original graph plus these nodes, inputs, outputs and initializers; not a byte of the original is decoded or moved.
 */

import { encodeUtf8 } from './utf8.ts';
import type { Dimension } from './value-info.ts';
import { WireWriter } from './wire.ts';

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

export type NodeSpec = {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
};

/** A graph input or output. Element type 0 writes no type: allowed for outputs only. Null dims write no shape. */
export type ValueSpec = {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly Dimension[] | null;
};

export type TensorSpec = {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** Little-endian values. */
  readonly raw: Uint8Array;
};

export type Additions = {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly initializers: readonly TensorSpec[];
};

/** AttributeProto.AttributeType */
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

/** Encodes additions as bytes to append to a ModelProto. Nodes may come in any order. */
export function encodeSuffix(additions: Additions): Uint8Array {
  const writer = new WireWriter();
  writer.message(7, (graph) => {
    for (const node of additions.nodes) graph.message(1, (message) => writeNode(message, node));
    for (const tensor of additions.initializers) graph.message(5, (message) => writeTensor(message, tensor));
    for (const value of additions.inputs) graph.message(11, (message) => writeValue(message, value));
    for (const value of additions.outputs) graph.message(12, (message) => writeValue(message, value));
  });
  return writer.finish();
}

function writeNode(writer: WireWriter, node: NodeSpec): void {
  for (const input of node.inputs) writer.bytes(1, encodeUtf8(input));
  for (const output of node.outputs) writer.bytes(2, encodeUtf8(output));
  if (node.name) writer.bytes(3, encodeUtf8(node.name));
  writer.bytes(4, encodeUtf8(node.opType));
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    writer.message(5, (attribute) => {
      attribute.bytes(1, encodeUtf8(name));
      if ('int' in value) {
        attribute.varint(3, value.int);
        attribute.varint(20, ATTRIBUTE_INT);
      } else if ('float' in value) {
        attribute.float32(2, value.float);
        attribute.varint(20, ATTRIBUTE_FLOAT);
      } else if ('ints' in value) {
        for (const int of value.ints) attribute.varint(8, int);
        attribute.varint(20, ATTRIBUTE_INTS);
      } else {
        attribute.bytes(4, encodeUtf8(value.text));
        attribute.varint(20, ATTRIBUTE_STRING);
      }
    });
  }
  if (node.domain) writer.bytes(7, encodeUtf8(node.domain));
}

function writeTensor(writer: WireWriter, tensor: TensorSpec): void {
  for (const size of tensor.dims) writer.varint(1, size);
  writer.varint(2, tensor.dataType);
  writer.bytes(8, encodeUtf8(tensor.name));
  writer.bytes(9, tensor.raw);
}

function writeValue(writer: WireWriter, value: ValueSpec): void {
  writer.bytes(1, encodeUtf8(value.name));
  if (value.elementType === 0) return;
  writer.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.varint(1, value.elementType);
      if (!value.dims) return;
      tensor.message(2, (shape) => {
        for (const size of value.dims!) {
          shape.message(1, (dimension) => {
            if (typeof size === 'number') dimension.varint(1, size);
            else if (size !== null) dimension.bytes(2, encodeUtf8(size));
          });
        }
      });
    });
  });
}
