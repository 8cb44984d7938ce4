/**
 * A ModelProto as an index of byte ranges: names, types and where things lie. Weights are never read or copied, so that
 * a model of hundreds of megabytes is indexed in milliseconds. Attributes and constants are decoded on request
 * (attributes.ts, initializer.ts).
 */

import { readTensorRecord, type TensorRecord } from './tensor-record.ts';
import { decodeUtf8 } from './utf8.ts';
import { readValueInfo, type ValueInfo } from './value-info.ts';
import { type ByteRange, LENGTH, OnnxError, VARINT, WireReader } from './wire.ts';

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
    if (reader.field === 1) irVersion = reader.enumeration();
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

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
