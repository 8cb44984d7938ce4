/** Direction patches after the blocks of a tower: at one position a direction is taken out of the residual stream, or added. */

import type { Patch } from '../onnx/patch.ts';
import { projectOut } from '../onnx/project-out.ts';
import type { Site } from '../onnx/sites/site.ts';
import type { ModelGraph } from './graph.ts';
import type { Value } from './session.ts';

/** Names of the added inputs of one block. */
export interface SteeredBlock {
  readonly direction: string;
  readonly centre: string;
  readonly addend: string;
}

/** What happens to a state after one block; vectors are [width]. */
export interface StateChange {
  /** Of length 1: the part of (state - centre) along it is taken out. */
  readonly direction?: Float32Array;
  readonly centre?: Float32Array;
  readonly addend?: Float32Array;
}

/** One row of a batch: what happens after each block, nothing where undefined. */
export type StateChanges = readonly (StateChange | undefined)[];

/** One patch a residual site, in the order given. */
export function directionPatches(
  { model }: ModelGraph,
  sites: readonly Pick<Site, 'tensor' | 'axes' | 'name'>[],
): { readonly patches: readonly Patch[]; readonly blocks: readonly SteeredBlock[] } {
  const patches = sites.map(({ tensor, axes, name }) => projectOut(model, { tensor, axes, name }));
  return {
    patches,
    blocks: patches.map(({ inputs }) => {
      const named = (role: string): string => inputs.find((input) => input.role === role)!.name;
      return { direction: named('direction'), centre: named('centre'), addend: named('addend') };
    }),
  };
}

/** Feeds for a batch: `rows[b]` is what happens to row b, at the position `at` of the `positions` that are run. */
export function steeringFeeds(
  blocks: readonly SteeredBlock[],
  rows: readonly StateChanges[],
  { at, positions, width }: { readonly at: number; readonly positions: number; readonly width: number },
): Readonly<Record<string, Value>> {
  const feeds: Record<string, Value> = {};
  blocks.forEach((names, block) => {
    const put = (name: string, pick: (change: StateChange) => Float32Array | undefined): void => {
      const data = new Float32Array(rows.length * positions * width);
      rows.forEach((changes, row) => {
        const vector = changes[block] && pick(changes[block]);
        if (vector) data.set(vector, (row * positions + at) * width);
      });
      feeds[name] = { type: 'float32', dims: [rows.length, positions, width], data };
    };
    put(names.direction, ({ direction }) => direction);
    put(names.centre, ({ centre }) => centre);
    put(names.addend, ({ addend }) => addend);
  });
  return feeds;
}
