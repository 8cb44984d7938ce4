/** Applies changes (taps, patches, reductions) to the bytes of a model: one copy, bytes renamed in place, one suffix appended. */

import type { ModelIndex } from './model-index.ts';
import { type Additions, encodeSuffix, type ValueSpec } from './suffix.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { type ByteRange, OnnxError } from './wire.ts';

/** One byte of a producer's output name that changes, so that appended nodes may write the old name. */
export type Rename = {
  readonly from: string;
  readonly to: string;
  /** Where the name lies in the file. */
  readonly range: ByteRange;
};

export type Change = { readonly additions: Additions; readonly renames: readonly Rename[] };

/**
 * The bytes of the instrumented model.
 * @throws OnnxError `collision` when two changes patch one site, or add the same input, node output or initializer.
 */
export function instrument(model: ModelIndex, changes: readonly Change[]): Uint8Array {
  const renames = changes.flatMap((change) => change.renames);
  const additions: Additions = {
    inputs: changes.flatMap((change) => change.additions.inputs),
    outputs: distinctOutputs(model, changes),
    nodes: distinctNodes(changes),
    initializers: changes.flatMap((change) => change.additions.initializers),
  };
  checkNames(model, additions, renames);
  const suffix = encodeSuffix(additions);
  const bytes = new Uint8Array(model.bytes.length + suffix.length);
  bytes.set(model.bytes);
  bytes.set(suffix, model.bytes.length);
  for (const { to, range } of renames) bytes.set(encodeUtf8(to), range.start);
  return bytes;
}

/** The runtime drops a repeated output silently, which would shift every later one. */
function distinctOutputs(model: ModelIndex, changes: readonly Change[]): ValueSpec[] {
  const taken = new Set(model.outputs.map(({ name }) => name));
  const outputs: ValueSpec[] = [];
  for (const output of changes.flatMap((change) => change.additions.outputs)) {
    if (taken.has(output.name)) continue;
    taken.add(output.name);
    outputs.push(output);
  }
  return outputs;
}

/** Two taps of one float16 site append the same Cast: nodes equal in everything are one node. */
function distinctNodes(changes: readonly Change[]): Additions['nodes'] {
  const nodes = changes.flatMap((change) => change.additions.nodes);
  return [...new Map(nodes.map((node) => [JSON.stringify(node), node])).values()];
}

function checkNames(model: ModelIndex, additions: Additions, renames: readonly Rename[]): void {
  const written = new Set(model.names);
  for (const { from } of renames) {
    if (!written.delete(from)) throw new OnnxError('collision', `${from} is patched twice`);
  }
  const claim = (name: string) => {
    if (written.has(name)) throw new OnnxError('collision', `the name ${name} is already taken`);
    written.add(name);
  };
  for (const { to } of renames) claim(to);
  for (const { name } of additions.inputs) claim(name);
  for (const { name } of additions.initializers) claim(name);
  for (const { outputs } of additions.nodes) for (const name of outputs) claim(name);
}

/** Printable ASCII, in which names are rotated. */
const FIRST = 0x21;
const COUNT = 94;

/**
 * A rename of the value's producer that keeps the name's length: one character rotated. The same rotation at the same
 * place maps different names to different ones, so that patches of many sites do not meet.
 * @throws OnnxError `missing` when no node writes the value, `unsupported` when its name has no room.
 */
export function renameProducer(model: ModelIndex, value: string): Rename {
  const node = model.producers.get(value);
  const range = node?.outputRanges[node.outputs.indexOf(value)];
  if (!range) throw new OnnxError('missing', `no node writes ${value}`);
  // Not by slice: for a Buffer that would write into the file itself.
  const bytes = new Uint8Array(model.bytes.subarray(range.start, range.end));
  for (let place = 0; place < bytes.length; place++) {
    const byte = bytes[place]!;
    if (byte < FIRST || byte >= FIRST + COUNT) continue;
    for (let turn = 1; turn < COUNT; turn++) {
      bytes[place] = FIRST + ((byte - FIRST + turn) % COUNT);
      const to = decodeUtf8(bytes);
      if (!model.names.has(to)) return { from: value, to, range };
    }
    bytes[place] = byte;
  }
  throw new OnnxError('unsupported', `no free name of the length of ${value}`);
}
