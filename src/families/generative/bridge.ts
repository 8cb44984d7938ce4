/** From the vision tower to the decoder: a projector (LLaVA), a Q-Former whose maps are readable (BLIP-2), or nothing in between. */

import { instrument } from '../../onnx/instrument.ts';
import { tap } from '../../onnx/tap.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { ModelGraph } from '../graph.ts';
import { floats, type Session, type Value } from '../session.ts';
import type { Parts } from './parts.ts';

export interface Bridge {
  readonly graph: Uint8Array;
  /** The vision tower's output that it reads. */
  readonly input: string;
  readonly output: string;
  /** Cross-attention patterns, by layer: [batch, head, query, key]. Empty for a projector. */
  readonly maps: readonly string[];
}

/** Reads a projector or a Q-Former. Throws `model-corrupt` unless it has one input and an output that can be told. */
export function readBridge({ model, inventory }: ModelGraph, file: string): Bridge {
  const inputs = model.inputs.filter(({ name }) => !model.initializers.has(name));
  const output = model.outputs.find(({ name }) => name === 'image_features') ?? model.outputs[0];
  if (inputs.length !== 1 || !output) {
    throw new VitrineError('model-corrupt', `${file}: not one input and an output`, { file });
  }
  const sites = new Map(inventory.sites.map((site) => [site.name, site.tensor]));
  const patterns = inventory.attentions
    .filter(({ cross, batchFoldedHeads }) => cross && !batchFoldedHeads)
    .map(({ pattern }) => sites.get(pattern)!);
  const taps = tap(model, patterns);
  return {
    graph: instrument(model, [taps]),
    input: inputs[0]!.name,
    output: output.name,
    maps: taps.outputs.map((entry) => entry.output),
  };
}

/** Image tokens as the decoder takes them, [batch, token, width], and the Q-Former's maps [batch, head, query, key] by layer. */
export interface ImageFeatures {
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly data: Float32Array;
  /** For a picture that was seen in parts: whose tokens come first, in reading order, then the whole's. */
  readonly parts: Parts | null;
  readonly maps: readonly { readonly dims: readonly number[]; readonly data: Float32Array }[];
}

/** Runs the bridge on states of the vision tower, [batch, position, channel]. */
export async function crossBridge(
  session: Session,
  bridge: Bridge,
  states: SeenStates,
  { maps = false } = {},
): Promise<ImageFeatures> {
  const feed: Value = { type: 'float32', dims: states.dims, data: states.data };
  const fetch = maps ? [bridge.output, ...bridge.maps] : [bridge.output];
  const outputs = await session.run({ [bridge.input]: feed }, fetch);
  return features(
    { ...floats(outputs, bridge.output), parts: states.parts },
    maps ? bridge.maps.map((name) => floats(outputs, name)) : [],
  );
}

/** States of the vision tower, or image features of a model without a bridge: [picture, position, channel]. */
export interface SeenStates {
  readonly dims: readonly number[];
  readonly data: Float32Array;
  readonly parts: Parts | null;
}

export function features({ dims, data, parts }: SeenStates, maps: ImageFeatures['maps'] = []): ImageFeatures {
  const [batch, tokens, width] = dims;
  if (dims.length !== 3 || !batch || !tokens || !width)
    throw new RangeError(`image features: [${dims.join(', ')}]`);
  return { batch, tokens, width, data, parts, maps };
}
