/** Branches of `If`: a merged decoder keeps its two bodies there, out of reach of taps. The chosen one moves into the main graph. */

import { BOOL } from './element.ts';
import { readConstant } from './initializer.ts';
import type { ModelIndex, NodeRecord } from './model-index.ts';
import type { Unresolved } from './sites/site.ts';
import { readTensorRecord, type TensorRecord } from './tensor-record.ts';
import { decodeUtf8 } from './utf8.ts';
import { readValueInfo } from './value-info.ts';
import { type ByteRange, LENGTH, OnnxError, WireReader } from './wire.ts';

export type Branch = 'then' | 'else';

export type BranchChoice = {
  readonly branches: ReadonlyMap<number, Branch>;
  /** Branches that stay where they are, with the reason. */
  readonly left: readonly Unresolved[];
};

/**
 * Which branch of every `If` to hoist: a constant condition decides itself; a condition that is a graph input (a merged
 * decoder's `use_cache_branch`) takes `wanted`. Conditions that a run computes stay: both their branches may be needed.
 */
export function chooseBranches(model: ModelIndex, wanted: Branch): BranchChoice {
  const branches = new Map<number, Branch>();
  const left: Unresolved[] = [];
  const inputs = new Map(model.inputs.map((info) => [info.name, info.elementType]));
  // Names inside a branch must stay free when it moves out; two branches that share a name cannot both move.
  const taken = new Set<string>([...model.producers.keys(), ...model.initializers.keys(), ...inputs.keys()]);
  for (const node of model.nodes) {
    if (node.opType !== 'If' || node.domain !== '') continue;
    const [condition = ''] = node.inputs;
    const constant = readConstant(model, condition)?.data[0];
    const branch =
      constant !== undefined
        ? Number(constant) !== 0
          ? 'then'
          : 'else'
        : inputs.get(condition) === BOOL
          ? wanted
          : null;
    if (branch === null) continue;
    const { names, outputs } = branchRanges(model, node, branch);
    // Merging tools give a branch's results the names that they have outside.
    const own = new Set(outputs.filter(([from, to]) => from === to).map(([from]) => from));
    const clash = names.find((name) => taken.has(name) && !own.has(name));
    if (clash !== undefined || outputs.length !== node.outputs.length) {
      const reason =
        clash === undefined
          ? 'its branch returns another number of values'
          : `the name ${clash} of its branch is taken`;
      left.push({ node: node.name || (node.outputs[0] ?? ''), opType: node.opType, reason });
      continue;
    }
    for (const name of names) taken.add(name);
    branches.set(node.position, branch);
  }
  return { branches, left };
}

export type BranchParts = {
  /** Each node with its tag. */
  readonly nodes: readonly ByteRange[];
  readonly initializers: readonly TensorRecord[];
  /** What the branch returns, and the name under which the main graph knows it. */
  readonly outputs: readonly (readonly [from: string, to: string])[];
  /** Every name that the branch defines. */
  readonly names: readonly string[];
};

/** The parts of one branch of an If. @throws OnnxError `malformed` when it has no such branch. */
export function branchRanges(model: ModelIndex, node: NodeRecord, branch: Branch): BranchParts {
  const { bytes } = model;
  const graph = node.attributes
    .map((range) => subgraph(bytes, range))
    .find((found) => found?.name === `${branch}_branch`)?.graph;
  if (!graph) throw new OnnxError('malformed', `If ${node.name} has no ${branch} branch`);
  const nodes: ByteRange[] = [];
  const initializers: TensorRecord[] = [];
  const returned: string[] = [];
  const names: string[] = [];
  const reader = new WireReader(bytes, graph);
  while (reader.next()) {
    const start = reader.tagStart;
    if (reader.field === 1) {
      names.push(...outputsOf(bytes, reader.range()));
      nodes.push({ start, end: reader.position });
    } else if (reader.field === 5) {
      const tensor = readTensorRecord(bytes, reader.range());
      initializers.push(tensor);
      names.push(tensor.name);
    } else if (reader.field === 12) returned.push(readValueInfo(bytes, reader.range()).name);
    else reader.skip();
  }
  const outputs = node.outputs.flatMap((to, index) => {
    const from = returned[index];
    return from === undefined || to === '' ? [] : [[from, to] as const];
  });
  return { nodes, initializers, outputs, names };
}

function subgraph(bytes: Uint8Array, range: ByteRange): { name: string; graph: ByteRange } | null {
  const reader = new WireReader(bytes, range);
  let name = '';
  let graph: ByteRange | null = null;
  while (reader.next()) {
    if (reader.field === 1) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 6 && reader.wireType === LENGTH) graph = reader.range();
    else reader.skip();
  }
  return graph && { name, graph };
}

function outputsOf(bytes: Uint8Array, range: ByteRange): string[] {
  const reader = new WireReader(bytes, range);
  const outputs: string[] = [];
  while (reader.next()) {
    if (reader.field !== 2) reader.skip();
    else {
      const output = decodeUtf8(bytes, reader.range());
      if (output !== '') outputs.push(output);
    }
  }
  return outputs;
}
