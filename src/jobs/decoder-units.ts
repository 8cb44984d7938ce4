/** The units of a decoder that answers: its neurons and residual directions at the image tokens, laid back onto the picture. */

import { modelView } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { ImageFeatures } from '../families/generative/bridge.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { readModelGraph } from '../families/graph.ts';
import { floats } from '../families/session.ts';
import { lookedAt, patchUnits, type UnitMaps } from '../methods/dissection/units.ts';
import { instrument } from '../onnx/instrument.ts';
import type { Site, SiteKind } from '../onnx/sites/site.ts';
import { tap } from '../onnx/tap.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { tensor } from '../tensor/tensor.ts';
import {
  DECODER,
  embedSequence,
  heatGrid,
  imageFeatures,
  imagePositions,
  openSeeing,
  promptOf,
  type SeeingModel,
  seeStates,
} from './generative-model.ts';
import { memo } from './memo.ts';
import { queryMaps } from './query-maps.ts';
import type { Runtime } from './runtime.ts';

const DISSECTED: readonly SiteKind[] = ['mlp.post', 'resid_post'];

export const decoderGraph = memo(async (runtime: Runtime, model: string) =>
  readModelGraph(await runtime.bytes(model, DECODER), DECODER, 'decoder'),
);

/** The dissectable sites of a decoder, in the order of its blocks. */
export async function decoderSites(runtime: Runtime, model: string): Promise<readonly Site[]> {
  const { inventory } = await decoderGraph(runtime, model);
  return inventory.sites.filter(({ kind }) => DISSECTED.includes(kind));
}

/**
 * Units at the image tokens, as any question would find them: what is asked stands behind the picture, and the decoder is causal.
 * Throws `bad-parameter` for a site that the decoder does not have.
 */
export async function openDecoderUnits(runtime: Runtime, params: Pick<DissectParams, 'model' | 'site'>) {
  const { model: id } = params;
  const site = await decoderSite(runtime, params);
  const graph = await decoderGraph(runtime, id);
  const model = await openSeeing(runtime, id);
  const taps = tap(graph.model, [site.tensor]);
  const { output } = taps.outputs[0]!;
  const session = await runtime.open(`${id}/${DECODER}/units/${site.name}`, async () => ({
    graph: instrument(graph.model, [taps]),
    weights: { path: graph.location, data: await runtime.bytes(id, DECODER) },
  }));
  // Nothing is changed, so no block needs anything fed.
  const decoder = { ...model.decoder, blocks: [] };
  return {
    size: model.config.imageSize,
    view: (pixels: Pixels) => modelView(pixels, model.preprocessing),
    maps: async (pictures: readonly Rgb8[]): Promise<readonly UnitMaps[]> => {
      const features = await imageFeatures(model, await seeStates(model, pictures), { maps: true });
      const sequence = seenOnly(model, features);
      const embeddings = await embedSequence(model, sequence, features);
      const { dims, data } = floats(await runDecoder(session, decoder, embeddings, null, [output]), output);
      const [, positions = 0, units = 0] = dims;
      // Of a picture in parts, the tokens of the whole.
      const at = imagePositions(sequence).slice(features.parts ? -(heatGrid(model, features) ** 2) : 0);
      return pictures.map((_, picture) => {
        const states = new Float32Array(at.length * units);
        at.forEach((position, token) => {
          const from = (picture * positions + position) * units;
          states.set(data.subarray(from, from + units), token * units);
        });
        return laidOut(model, features, picture, tensor(['token', 'unit'], [at.length, units], states));
      });
    },
  };
}

/** Throws `bad-parameter`, naming the sites that the decoder has. */
export async function decoderSite(
  runtime: Runtime,
  { model, site }: Pick<DissectParams, 'model' | 'site'>,
): Promise<Site> {
  const sites = await decoderSites(runtime, model);
  const found = sites.find(({ name }) => name === site);
  if (found) return found;
  const allowed = sites.map(({ name }) => name).join(', ');
  throw new VitrineError('bad-parameter', `no units at ${site}`, { name: 'site', allowed });
}

/** The prompt up to its last image token: nothing behind changes what stands there. */
function seenOnly(model: SeeingModel, features: ImageFeatures) {
  const prompt = promptOf(model, '', features);
  return prompt.slice(0, imagePositions(prompt).at(-1)! + 1);
}

/** Image tokens of a projector lie on a grid; those of queries where these look. */
function laidOut(
  model: SeeingModel,
  features: ImageFeatures,
  picture: number,
  states: Parameters<typeof patchUnits>[0],
): UnitMaps {
  const looks = queryMaps(model, features, picture);
  if (looks) return lookedAt(states, looks.maps);
  const side = heatGrid(model, features);
  return patchUnits(states, side, side, 0);
}
