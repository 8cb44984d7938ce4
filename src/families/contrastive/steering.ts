/** The vision tower with a direction patch after every block, at the CLS position. */

import { instrument } from '../../onnx/instrument.ts';
import { projectOut } from '../../onnx/project-out.ts';
import type { ModelGraph } from '../graph.ts';
import type { Value } from '../session.ts';
import type { VisionTower } from './vision.ts';

export interface SteerableTower {
  readonly graph: Uint8Array;
  /** Added inputs of each block, in order. */
  readonly blocks: readonly {
    readonly direction: string;
    readonly centre: string;
    readonly addend: string;
  }[];
}

/** What happens to CLS after one block; vectors are [width]. */
export interface ClsChange {
  /** Of length 1: the part of (state - centre) along it is taken out. */
  readonly direction?: Float32Array;
  readonly centre?: Float32Array;
  readonly addend?: Float32Array;
}

export function steerableTower({ model }: ModelGraph, tower: VisionTower): SteerableTower {
  const patches = tower.blocks.map(({ site }) => {
    const found = tower.sites.get(site)!.site;
    return projectOut(model, { tensor: found.tensor, axes: found.axes, name: site });
  });
  return {
    graph: instrument(model, patches),
    blocks: patches.map(({ inputs }) => {
      const named = (role: string): string => inputs.find((input) => input.role === role)!.name;
      return { direction: named('direction'), centre: named('centre'), addend: named('addend') };
    }),
  };
}

/** Feeds for a batch: `rows[b][block]` is what happens to image b after that block; nothing where undefined. */
export function steeringFeeds(
  { blocks }: SteerableTower,
  rows: readonly (readonly (ClsChange | undefined)[])[],
  positions: number,
  width: number,
): Readonly<Record<string, Value>> {
  const feeds: Record<string, Value> = {};
  blocks.forEach((names, block) => {
    const put = (name: string, pick: (change: ClsChange) => Float32Array | undefined): void => {
      const data = new Float32Array(rows.length * positions * width);
      rows.forEach((changes, b) => {
        const vector = changes[block] && pick(changes[block]);
        if (vector) data.set(vector, b * positions * width);
      });
      feeds[name] = { type: 'float32', dims: [rows.length, positions, width], data };
    };
    put(names.direction, ({ direction }) => direction);
    put(names.centre, ({ centre }) => centre);
    put(names.addend, ({ addend }) => addend);
  });
  return feeds;
}
