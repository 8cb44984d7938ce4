/**
 * A ModelProto as an index of byte ranges: names, types and where things lie. Weights are never read or copied, so that
 * a model of hundreds of megabytes is indexed in milliseconds. Attributes and constants are decoded on request
 * (attributes.ts, initializer.ts).
 */

import { decodeUtf8 } from './utf8.ts';
import { type ByteRange, LENGTH, OnnxError, VARINT, WireReader } from './wire.ts';

/** One dimension: a size, a symbolic name, or null when the file does not say. */
export type Dimension = number | string | null;

export type ValueInfo = {
  readonly name: string;
  /** TensorProto.DataType, 0 when the value is no tensor or the file does not say. */
  readonly elementType: number;
  /** Null when the file gives no shape. */
  readonly dims: readonly Dimension[] | null;
};

export type TensorRecord = {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** The whole TensorProto, without its tag and length. */
  readonly range: ByteRange;
  /** Bytes of `raw_data`; null when the values are in a typed field or in another file. */
  readonly raw: ByteRange | null;
  /** Set when the values lie in another file. */
  readonly external: ExternalData | null;
};

export type ExternalData = {
  readonly location: string;
  readonly offset: number;
  readonly length: number | null;
};

export type NodeRecord = {
  /** Position in the file, subgraphs not counted. */
  readonly position: number;
  readonly opType: string;
  /** '' for the default domain, however the file spells it. */
  readonly domain: string;
  /** The exporter's name: a label only, it may be empty and need not be unique. */
  readonly name: string;
  /** An optional input that is left out is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Where the bytes of each output's name lie: a patch renames them in place. */
  readonly outputRanges: readonly ByteRange[];
  /** Each AttributeProto. */
  readonly attributes: readonly ByteRange[];
  /** Values of this graph that the node's subgraphs (If, Loop, Scan) read. */
  readonly captured: readonly string[];
};

export type ModelIndex = {
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  readonly producer: string;
  /** Version by domain; the default domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly NodeRecord[];
  readonly initializers: ReadonlyMap<string, TensorRecord>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
  /** The node that writes a value. */
  readonly producers: ReadonlyMap<string, NodeRecord>;
  /** The nodes that read a value, themselves or in their subgraphs, in file order. */
  readonly consumers: ReadonlyMap<string, readonly NodeRecord[]>;
  /** Every value name, those inside subgraphs too: what a new name must not be. */
  readonly names: ReadonlySet<string>;
};

/** Nested subgraphs deeper than this are refused rather than recursed into. */
const MAX_DEPTH = 16;

type GraphParts = {
  nodes: NodeRecord[];
  initializers: TensorRecord[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  valueInfo: ValueInfo[];
};

/**
 * Indexes the bytes of an ONNX file.
 * @throws OnnxError `truncated` or `malformed` for bytes that are no ModelProto with a graph.
 */
export function indexModel(bytes: Uint8Array): ModelIndex {
  const reader = new WireReader(bytes);
  const opsets = new Map<string, number>();
  const graph = emptyGraph();
  const names = new Set<string>();
  let irVersion = 0;
  let producer = '';
  let graphs = 0;
  while (reader.next()) {
    if (reader.field === 1) irVersion = varint(reader);
    else if (reader.field === 2) producer = decodeUtf8(bytes, reader.range());
    else if (reader.field === 8) {
      const { domain, version } = readOpset(bytes, reader.range());
      opsets.set(domain, version);
    } else if (reader.field === 7) {
      // Concatenated messages merge: a file may hold several pieces of one graph (our own suffixes do).
      readGraph(bytes, reader.range(), graph, names, 0);
      graphs++;
    } else reader.skip();
  }
  if (graphs === 0) throw new OnnxError('malformed', 'no graph in these bytes');
  const producers = new Map<string, NodeRecord>();
  const consumers = new Map<string, NodeRecord[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== '') producers.set(output, node);
    for (const input of new Set([...node.inputs, ...node.captured])) {
      if (input === '') continue;
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return {
    bytes,
    irVersion,
    producer,
    opsets,
    nodes: graph.nodes,
    initializers: new Map(graph.initializers.map((tensor) => [tensor.name, tensor])),
    inputs: graph.inputs,
    outputs: graph.outputs,
    valueInfo: new Map(graph.valueInfo.map((value) => [value.name, value])),
    producers,
    consumers,
    names,
  };
}

function emptyGraph(): GraphParts {
  return { nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [] };
}

function readGraph(
  bytes: Uint8Array,
  range: ByteRange,
  graph: GraphParts,
  names: Set<string>,
  depth: number,
): void {
  if (depth > MAX_DEPTH) throw new OnnxError('unsupported', `subgraphs nested deeper than ${MAX_DEPTH}`);
  const reader = new WireReader(bytes, range);
  while (reader.next()) {
    if (reader.field === 1)
      graph.nodes.push(readNode(bytes, reader.range(), graph.nodes.length, names, depth));
    else if (reader.field === 5) graph.initializers.push(readTensorRecord(bytes, reader.range()));
    else if (reader.field === 11) graph.inputs.push(readValueInfo(bytes, reader.range()));
    else if (reader.field === 12) graph.outputs.push(readValueInfo(bytes, reader.range()));
    else if (reader.field === 13) graph.valueInfo.push(readValueInfo(bytes, reader.range()));
    else reader.skip();
  }
  for (const { name } of graph.initializers) names.add(name);
  for (const { name } of graph.inputs) names.add(name);
  for (const { name } of graph.outputs) names.add(name);
}

function readNode(
  bytes: Uint8Array,
  range: ByteRange,
  position: number,
  names: Set<string>,
  depth: number,
): NodeRecord {
  const reader = new WireReader(bytes, range);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const outputRanges: ByteRange[] = [];
  const attributes: ByteRange[] = [];
  const captured = new Set<string>();
  let name = '';
  let opType = '';
  let domain = '';
  while (reader.next()) {
    if (reader.field === 1) inputs.push(decodeUtf8(bytes, reader.range()));
    else if (reader.field === 2) {
      const output = reader.range();
      outputRanges.push(output);
      outputs.push(decodeUtf8(bytes, output));
    } else if (reader.field === 3) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 4) opType = decodeUtf8(bytes, reader.range());
    else if (reader.field === 5) {
      const attribute = reader.range();
      attributes.push(attribute);
      collectCaptured(bytes, attribute, names, captured, depth);
    } else if (reader.field === 7) domain = plainDomain(decodeUtf8(bytes, reader.range()));
    else reader.skip();
  }
  for (const value of inputs) names.add(value);
  for (const value of outputs) names.add(value);
  return {
    position,
    opType,
    domain,
    name,
    inputs,
    outputs,
    outputRanges,
    attributes,
    captured: [...captured],
  };
}

/** Names that the subgraphs of one attribute read but do not define. */
function collectCaptured(
  bytes: Uint8Array,
  attribute: ByteRange,
  names: Set<string>,
  captured: Set<string>,
  depth: number,
): void {
  const reader = new WireReader(bytes, attribute);
  while (reader.next()) {
    // AttributeProto.g and .graphs
    if ((reader.field !== 6 && reader.field !== 11) || reader.wireType !== LENGTH) {
      reader.skip();
      continue;
    }
    const graph = emptyGraph();
    readGraph(bytes, reader.range(), graph, names, depth + 1);
    const own = new Set<string>();
    for (const { name } of graph.inputs) own.add(name);
    for (const { name } of graph.initializers) own.add(name);
    for (const node of graph.nodes) for (const output of node.outputs) own.add(output);
    const read = graph.nodes.flatMap((node) => [...node.inputs, ...node.captured]);
    // A subgraph may also return an outer value directly.
    for (const value of [...read, ...graph.outputs.map(({ name }) => name)]) {
      if (value !== '' && !own.has(value)) captured.add(value);
    }
  }
}

/** Indexes one TensorProto; its values stay where they are. */
export function readTensorRecord(bytes: Uint8Array, range: ByteRange): TensorRecord {
  const reader = new WireReader(bytes, range);
  const dims: number[] = [];
  const external = new Map<string, string>();
  let name = '';
  let dataType = 0;
  let raw: ByteRange | null = null;
  let isExternal = false;
  while (reader.next()) {
    if (reader.field === 1) pushInt64(reader, dims);
    else if (reader.field === 2) dataType = varint(reader);
    else if (reader.field === 8) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 9) raw = reader.range();
    else if (reader.field === 13) readEntry(bytes, reader.range(), external);
    else if (reader.field === 14) isExternal = varint(reader) === 1;
    else reader.skip();
  }
  return { name, dataType, dims, range, raw, external: isExternal ? externalData(external, name) : null };
}

function externalData(entries: ReadonlyMap<string, string>, name: string): ExternalData {
  const location = entries.get('location');
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : null;
  if (location === undefined || !isSize(offset) || (length !== null && !isSize(length))) {
    throw new OnnxError('malformed', `external data of ${name} has no usable location`);
  }
  return { location, offset, length };
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function readEntry(bytes: Uint8Array, range: ByteRange, entries: Map<string, string>): void {
  const reader = new WireReader(bytes, range);
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = decodeUtf8(bytes, reader.range());
    else if (reader.field === 2) value = decodeUtf8(bytes, reader.range());
    else reader.skip();
  }
  entries.set(key, value);
}

function readOpset(bytes: Uint8Array, range: ByteRange): { domain: string; version: number } {
  const reader = new WireReader(bytes, range);
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = plainDomain(decodeUtf8(bytes, reader.range()));
    else if (reader.field === 2) {
      reader.expect(VARINT);
      version = Number(reader.int64());
    } else reader.skip();
  }
  return { domain, version };
}

function readValueInfo(bytes: Uint8Array, range: ByteRange): ValueInfo {
  const reader = new WireReader(bytes, range);
  let name = '';
  let type: Pick<ValueInfo, 'elementType' | 'dims'> = { elementType: 0, dims: null };
  while (reader.next()) {
    if (reader.field === 1) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 2) type = readType(bytes, reader.range());
    else reader.skip();
  }
  return { name, ...type };
}

function readType(bytes: Uint8Array, range: ByteRange): Pick<ValueInfo, 'elementType' | 'dims'> {
  const reader = new WireReader(bytes, range);
  let elementType = 0;
  let dims: Dimension[] | null = null;
  while (reader.next()) {
    // Only TypeProto.tensor_type: sequences and maps keep element type 0.
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const tensor = new WireReader(bytes, reader.range());
    while (tensor.next()) {
      if (tensor.field === 1) elementType = varint(tensor);
      else if (tensor.field === 2) dims = readShape(bytes, tensor.range());
      else tensor.skip();
    }
  }
  return { elementType, dims };
}

function readShape(bytes: Uint8Array, range: ByteRange): Dimension[] {
  const reader = new WireReader(bytes, range);
  const dims: Dimension[] = [];
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const dim = new WireReader(bytes, reader.range());
    let size: Dimension = null;
    while (dim.next()) {
      if (dim.field === 1) {
        dim.expect(VARINT);
        size = Number(dim.int64());
      } else if (dim.field === 2) size = decodeUtf8(bytes, dim.range()) || null;
      else dim.skip();
    }
    dims.push(size);
  }
  return dims;
}

/** Repeated int64, packed or not. */
function pushInt64(reader: WireReader, values: number[]): void {
  if (reader.wireType === LENGTH) {
    const packed = new WireReader(reader.bytes, reader.range());
    while (packed.position < packed.end) values.push(Number(packed.int64()));
  } else {
    reader.expect(VARINT);
    values.push(Number(reader.int64()));
  }
}

function varint(reader: WireReader): number {
  reader.expect(VARINT);
  return reader.int32();
}

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
