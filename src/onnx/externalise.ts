/**
 * Virtual externalisation: the graph without its weights. Tensors with much raw data become external data that points back
 * into the original file, which is then handed to the runtime unchanged as `externalData: [{ path: location, data: file }]`.
 * Weights that came from files beside it (`joinBeside`) are part of that file, and found where they lie in it.
 * Every later edit works on a graph of kilobytes.
 */

import { BESIDE_FIELD, besideName, besideRanges } from './beside.ts';
import { type Branch, branchRanges } from './branch.ts';
import { elementBytes } from './element.ts';
import { indexModel } from './model-index.ts';
import { readTensorRecord, type TensorRecord } from './tensor-record.ts';
import { encodeUtf8 } from './utf8.ts';
import { type ByteRange, LENGTH, OnnxError, WireReader, WireWriter } from './wire.ts';

/** Raw data below this stays in the graph: shape inference and constant folding want to see small constants. */
const MIN_BYTES = 1024;

export type Externalised = {
  /** The small ModelProto. */
  readonly graph: Uint8Array;
  /** The name under which the graph refers to the original file. */
  readonly location: string;
};

export type ExternaliseOptions = {
  /** `If` nodes by position that are replaced by one of their branches (see `chooseBranches`). */
  readonly branches?: ReadonlyMap<number, Branch>;
};

/**
 * Moves the weights of `bytes` out of the graph.
 * @param location any file name without slashes; the same name goes into the runtime's `externalData`.
 * @throws OnnxError for bytes that are no model.
 */
export function externalise(
  bytes: Uint8Array,
  location: string,
  { branches = new Map() }: ExternaliseOptions = {},
): Externalised {
  if (location === '') throw new OnnxError('missing', 'externalised weights need a location');
  // The index validates everything once; the pass below may then copy what it does not understand.
  const model = indexModel(bytes);
  const hoisted = new Map(
    model.nodes.flatMap((node) => {
      const branch = branches.get(node.position);
      return branch ? [[node.position, branchRanges(model, node, branch)] as const] : [];
    }),
  );
  const home: Home = { bytes, location, beside: besideRanges(bytes) };
  const writer = new WireWriter();
  const reader = new WireReader(bytes);
  let position = 0;
  while (reader.next()) {
    const { tagStart } = reader;
    if (reader.field !== 7) {
      reader.skip();
      if (reader.field !== BESIDE_FIELD) writer.raw(bytes.subarray(tagStart, reader.position));
      continue;
    }
    const graph = new WireReader(bytes, reader.range());
    writer.message(7, (inner) => {
      while (graph.next()) {
        const start = graph.tagStart;
        if (graph.field === 1) {
          const branch = hoisted.get(position++);
          graph.skip();
          if (!branch) inner.raw(bytes.subarray(start, graph.position));
          else {
            for (const range of branch.nodes) inner.raw(bytes.subarray(range.start, range.end));
            for (const { range } of branch.initializers) copyTensor(inner, home, range);
            for (const [from, to] of branch.outputs) {
              if (from !== to) inner.message(1, (node) => writeIdentity(node, from, to));
            }
          }
        } else if (graph.field === 5 && graph.wireType === LENGTH) {
          copyTensor(inner, home, graph.range());
        } else {
          graph.skip();
          inner.raw(bytes.subarray(start, graph.position));
        }
      }
    });
  }
  return { graph: writer.finish(), location };
}

/** The file, the name that the graph has for it, and the files that lie in it. */
type Home = {
  readonly bytes: Uint8Array;
  readonly location: string;
  readonly beside: ReadonlyMap<string, ByteRange>;
};

function copyTensor(writer: WireWriter, home: Home, range: ByteRange): void {
  const { bytes, location } = home;
  const tensor = readTensorRecord(bytes, range);
  const values = tensor.external ? besideRange(home, tensor) : tensor.raw;
  const heavy = values && (tensor.external || values.end - values.start >= MIN_BYTES);
  if (heavy) writer.message(5, (message) => writeReference(message, tensor, values, location));
  else writer.bytes(5, bytes.subarray(range.start, range.end));
}

/** Where the values of an external tensor lie in the joined file; null for a reference into a file that is handed over apart. */
function besideRange({ beside }: Home, { name, external, dims, dataType }: TensorRecord): ByteRange | null {
  const { location, offset, length } = external!;
  const file = beside.get(besideName(location));
  if (!file) {
    if (beside.size === 0) return null;
    throw new OnnxError('missing', `the weights of ${name} are in ${location}, which is not here`);
  }
  const size = length ?? dims.reduce((product, dim) => product * dim, elementBytes(dataType) ?? Number.NaN);
  const start = file.start + offset;
  if (!(start + size <= file.end)) {
    throw new OnnxError('truncated', `${location} ends before the weights of ${name}`);
  }
  return { start, end: start + size };
}

function writeIdentity(writer: WireWriter, from: string, to: string): void {
  writer.bytes(1, encodeUtf8(from));
  writer.bytes(2, encodeUtf8(to));
  writer.bytes(4, encodeUtf8('Identity'));
}

function writeReference(writer: WireWriter, tensor: TensorRecord, raw: ByteRange, location: string): void {
  for (const size of tensor.dims) writer.varint(1, size);
  writer.varint(2, tensor.dataType);
  writer.bytes(8, encodeUtf8(tensor.name));
  const entries = { location, offset: String(raw.start), length: String(raw.end - raw.start) };
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, (entry) => {
      entry.bytes(1, encodeUtf8(key));
      entry.bytes(2, encodeUtf8(value));
    });
  }
  writer.varint(14, 1);
}
