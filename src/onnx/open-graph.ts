/** What everything else works on: a model's graph without its weights, branches chosen, fused operators spelled out. */

import { type Branch, chooseBranches } from './branch.ts';
import { externalise } from './externalise.ts';
import { indexModel, type ModelIndex } from './model-index.ts';
import type { Unresolved } from './sites/site.ts';
import { unfuse } from './unfuse/unfuse.ts';

export type OpenGraph = {
  /** Of the small graph; its bytes go to the runtime, with the original file as external data under `location`. */
  readonly model: ModelIndex;
  readonly location: string;
  /** What stays closed, with the reason. */
  readonly left: readonly Unresolved[];
};

export type OpenOptions = {
  /** The branch of a merged decoder: `else` runs all positions at once, `then` continues from a cache. */
  readonly branch?: Branch;
};

/**
 * Opens the bytes of an ONNX file.
 * @param location the name under which the graph refers to this very file as external data.
 * @throws OnnxError for bytes that are no model.
 */
export function openGraph(
  bytes: Uint8Array,
  location: string,
  { branch = 'else' }: OpenOptions = {},
): OpenGraph {
  const { branches, left } = chooseBranches(indexModel(bytes), branch);
  const graph = indexModel(externalise(bytes, location, { branches }).graph);
  const unfused = unfuse(graph);
  return {
    model: unfused.bytes === graph.bytes ? graph : indexModel(unfused.bytes),
    location,
    left: [...left, ...unfused.left],
  };
}
