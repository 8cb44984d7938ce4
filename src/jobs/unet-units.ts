/** The units of a U-Net: its channels on pictures under a chosen amount of noise, as it meets them while it draws. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import { compositeOnWhite, type Rgb8, resample } from '../families/contrastive/resample.ts';
import { cumulativeAlphas } from '../families/diffusion/ddim.ts';
import { encodePicture } from '../families/diffusion/encode.ts';
import { guidanceFeeds } from '../families/diffusion/guidance.ts';
import { noised } from '../families/diffusion/inversion.ts';
import { steppedTime } from '../families/diffusion/sampler.ts';
import { stepAsStated } from '../families/diffusion/steerable.ts';
import { readPrompt } from '../families/prompt.ts';
import { floats } from '../families/session.ts';
import { patchUnits, type UnitMaps } from '../methods/dissection/units.ts';
import { instrument } from '../onnx/instrument.ts';
import type { Site, SiteKind } from '../onnx/sites/site.ts';
import { tap } from '../onnx/tap.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { tensor } from '../tensor/tensor.ts';
import { gaussianNoise } from '../world/random.ts';
import { diffusionCard, encodePrompts } from './diffusion-model.ts';
import { openPlain } from './open.ts';
import type { Runtime } from './runtime.ts';

/** Kinds whose channels are units to dissect. */
const DISSECTED: readonly SiteKind[] = ['conv.post', 'conv.resid', 'mlp.post'];
/** All pictures lie under the same noise, so that a unit's answer is the picture's doing. */
const NOISE_SEED = 7;
/** Noise where nothing is asked for: the drawing's coarse shapes are decided there. */
const USUAL_NOISE = 0.4;

/** The dissectable sites of a U-Net, in the order of its graph. */
export async function unetSites(runtime: Runtime, model: string): Promise<readonly Site[]> {
  const { graph } = await diffusionCard(runtime, model);
  return graph.inventory.sites.filter(({ kind }) => DISSECTED.includes(kind));
}

/** Throws `bad-parameter`, naming the sites that the U-Net has. */
export async function unetSite(
  runtime: Runtime,
  { model, site }: Pick<DissectParams, 'model' | 'site'>,
): Promise<Site> {
  const sites = await unetSites(runtime, model);
  const found = sites.find(({ name }) => name === site);
  if (found) return found;
  const allowed = sites.map(({ name }) => name).join(', ');
  throw new VitrineError('bad-parameter', `no units at ${site}`, { name: 'site', allowed });
}

/** Throws `bad-parameter` for a site that the U-Net does not have. */
export async function openUnetUnits(
  runtime: Runtime,
  params: Pick<DissectParams, 'model' | 'site' | 'noise'>,
) {
  const card = await diffusionCard(runtime, params.model);
  const site = await unetSite(runtime, params);
  const taps = tap(card.graph.model, [site.tensor]);
  const { output } = taps.outputs[0]!;
  const unet = await runtime.open(`${params.model}/unet/units/${site.name}`, async () => ({
    graph: instrument(card.graph.model, [taps]),
    weights: { path: card.graph.location, data: await runtime.bytes(params.model, 'unet') },
  }));
  const encoder = await openPlain(runtime, params.model, 'vae_encoder');
  const textEncoder = await openPlain(runtime, params.model, 'text_encoder');
  const nothing = readPrompt('', card.tokenizer, card.rules, { allowEmpty: true });
  const [text] = await encodePrompts({ ...card, textEncoder }, [nothing]);
  const { latentChannels, latentSize, pictureSize } = card.config;
  const alphas = cumulativeAlphas(card.scheduler);
  const timestep = Math.round((params.noise ?? USUAL_NOISE) * (alphas.length - 1));
  const noise = gaussianNoise(NOISE_SEED, latentChannels * latentSize * latentSize);

  const maps = async (picture: Rgb8): Promise<UnitMaps> => {
    const clean = await encodePicture(encoder, toPixels(picture), pictureSize, card.config);
    const latents = noised(clean, noise, alphas[timestep]!);
    const results = await unet.run(
      {
        ...guidanceFeeds(card.guidanceWidth, 1, 1),
        sample: { type: 'float32', dims: [1, latentChannels, latentSize, latentSize], data: latents },
        timestep: stepAsStated(steppedTime(timestep, 1), card.instrumented.timestep),
        encoder_hidden_states: {
          type: 'float32',
          dims: [1, text!.tokens, text!.width],
          data: text!.data,
        },
      },
      [output],
    );
    const { dims, data } = floats(results, output);
    if (site.axes.at(-1) === 'x') {
      const [, units = 0, height = 0, width = 0] = dims;
      return tensor(['unit', 'y', 'x'], [units, height, width], data);
    }
    const [, positions = 0, units = 0] = dims;
    const side = Math.round(Math.sqrt(positions));
    return patchUnits(tensor(['token', 'unit'], [positions, units], data), side, side, 0);
  };
  return {
    size: pictureSize,
    view: (pixels: Pixels) => resample(compositeOnWhite(pixels), pictureSize, pictureSize, 'bicubic'),
    // One at a time: the autoencoder takes one picture a run.
    maps: async (pictures: readonly Rgb8[]): Promise<readonly UnitMaps[]> => {
      const all: UnitMaps[] = [];
      for (const picture of pictures) all.push(await maps(picture));
      return all;
    },
  };
}
