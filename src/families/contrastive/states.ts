/** What one run of the tapped vision tower on one image gives, cut into the pieces that methods take. */

import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';
import type { VisionTower } from './vision.ts';

export interface VisionStates {
  /** The image in the joint space, not normalised. */
  readonly embedding: Float32Array;
  /** Last hidden states, [position, width], CLS first. */
  readonly hidden: Float32Array;
  readonly width: number;
  /** CLS state after each block. */
  readonly layers: readonly { readonly site: string; readonly block: number; readonly state: Float32Array }[];
  readonly attention: readonly {
    readonly pattern: Tensor<readonly ['head', 'key']>;
    readonly value: Tensor<readonly ['key', 'head', 'dim']>;
  }[];
}

/** What to fetch for {@link visionStates}. */
export function visionOutputs({ blocks }: VisionTower): readonly string[] {
  const inside = blocks.flatMap(({ residual, pattern, value }) => [residual, pattern, value]);
  return [...new Set(['image_embeds', 'last_hidden_state', ...inside])];
}

/** Reads the outputs of a batch of one. Throws RangeError for another batch. */
export function visionStates(tower: VisionTower, outputs: Readonly<Record<string, Value>>): VisionStates {
  const hidden = floats(outputs, 'last_hidden_state');
  const [batch, , width = 0] = hidden.dims;
  if (batch !== 1) throw new RangeError(`a batch of ${batch}, not 1`);
  return {
    embedding: floats(outputs, 'image_embeds').data,
    hidden: hidden.data,
    width,
    layers: tower.blocks.map(({ site, block, residual }) => ({
      site,
      block,
      state: floats(outputs, residual).data.slice(0, width),
    })),
    attention: tower.blocks.map(({ pattern, value }) => ({
      pattern: clsRows(floats(outputs, pattern)),
      value: keysFirst(floats(outputs, value)),
    })),
  };
}

/** The same image as the relevance method takes it. `scale` turns its dot products into logits. */
export function clsTower(tower: VisionTower, states: VisionStates, grid: number, scale: number) {
  return {
    layers: states.attention.map((attention, index) => ({
      ...attention,
      output: tower.blocks[index]!.projection,
    })),
    head: tower.head,
    state: states.layers.at(-1)!.state,
    gridHeight: grid,
    gridWidth: grid,
    scale,
  };
}

interface Floats {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** [1, head, query, key] to the rows of query 0, the CLS token. */
function clsRows({ dims, data }: Floats): Tensor<readonly ['head', 'key']> {
  const [, heads = 0, queries = 0, keys = 0] = dims;
  const rows = new Float32Array(heads * keys);
  for (let head = 0; head < heads; head++) {
    const from = head * queries * keys;
    rows.set(data.subarray(from, from + keys), head * keys);
  }
  return tensor(['head', 'key'], [heads, keys], rows);
}

/** [1, head, key, dim] to [key, head, dim]. */
function keysFirst({ dims, data }: Floats): Tensor<readonly ['key', 'head', 'dim']> {
  const [, heads = 0, keys = 0, width = 0] = dims;
  const turned = new Float32Array(data.length);
  for (let head = 0; head < heads; head++) {
    for (let key = 0; key < keys; key++) {
      const from = (head * keys + key) * width;
      turned.set(data.subarray(from, from + width), (key * heads + head) * width);
    }
  }
  return tensor(['key', 'head', 'dim'], [keys, heads, width], turned);
}
