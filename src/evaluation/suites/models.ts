/** Are the models any good: do pictures show what their prompts say, and are pictures of another world refused. */

import type { Rgb8 } from '../../families/contrastive/resample.ts';
import { decode } from '../../families/diffusion/decode.ts';
import { floats } from '../../families/session.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { embedPrompts, openContrastive } from '../../jobs/contrastive-model.ts';
import { openPlain } from '../../jobs/open.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { drawSeed } from '../../jobs/scenes.ts';
import { row } from '../../methods/concepts/texts.ts';
import { cosine, quantile } from '../../tensor/statistics.ts';
import { isUnseenColour } from '../../world/split.ts';
import { DIFFUSION, fixedPictures } from '../generated.ts';
import { readPhotographs } from '../photographs.ts';
import { PAIRS } from '../prompts.ts';
import type { Finding, Measure } from '../table.ts';
import { bestText, CONTRASTIVE, seePictures, viewOf } from '../vision.ts';

/** Far from the seeds that the statistics were fitted to and measured on. */
const FRESH_SEED = 50_000_000;
const FRESH_SCENES = 1000;
const RECONSTRUCTED = 64;
const FRESH = {
  name: 'fresh scenes flagged as foreign',
  unit: 'share',
  bar: { is: 'at most', value: 0.02 },
} as const;
const PHOTOGRAPHS = 'photographs flagged as foreign';

export const models: Measure = async (say) => {
  const runtime = createNodeRuntime();
  const flagging = await flaggingFindings(runtime);
  const reconstruction = await reconstructionFinding(runtime);
  const pictures = await fixedPictures(runtime, say);
  const model = await openContrastive(runtime, CONTRASTIVE);
  const texts = await embedPrompts(
    runtime,
    model,
    PAIRS.map(({ caption }) => caption),
  );
  const seen = await seePictures(
    model,
    pictures.map(({ image }) => viewOf(model, image)),
  );
  const named = seen.map(
    ({ embedding }) => PAIRS[bestText(PAIRS.map((_, i) => cosine(embedding, row(texts, i))))]!,
  );
  const results = pictures.map(({ prompt: { kind, color } }, i) => ({
    object: named[i]!.kind === kind,
    color: named[i]!.color === color,
    unseen: isUnseenColour(kind, color),
  }));
  await runtime.close();
  const right = results.filter(({ object, color }) => object && color);
  const unseen = results.filter((result) => result.unseen);
  return [
    {
      name: 'right caption first among 120 pairs, generated pictures',
      value: right.length / results.length,
      unit: 'share',
      bar: { is: 'at least', value: 0.6 },
      note: `${results.length} prompts; chance ${(100 / PAIRS.length).toFixed(1)}%`,
    },
    { name: '  object right', value: share(results, ({ object }) => object), unit: 'share' },
    { name: '  colour right', value: share(results, ({ color }) => color), unit: 'share' },
    {
      name: '  pairs never seen in training',
      value: share(unseen, ({ object, color }) => object && color),
      unit: 'share',
      note: `${unseen.length} prompts`,
    },
    {
      name: '  generated pictures flagged as foreign',
      value: share(seen, ({ distance }) => !(distance <= (model.statistics?.threshold ?? 0))),
      unit: 'share',
    },
    reconstruction,
    ...flagging,
  ];
};

/** How much of a scene survives the autoencoder: what no picture can be better than. */
async function reconstructionFinding(runtime: Runtime): Promise<Finding> {
  const encoder = await openPlain(runtime, DIFFUSION, 'vae_encoder');
  const decoder = await openPlain(runtime, DIFFUSION, 'vae_decoder');
  const size = 128;
  let squares = 0;
  let count = 0;
  for (let i = 0; i < RECONSTRUCTED; i++) {
    const { rgb } = drawSeed(FRESH_SEED + i, size).drawing;
    const planes = new Float32Array(rgb.length);
    rgb.forEach((value, at) => {
      planes[(at % 3) * size * size + Math.floor(at / 3)] = value / 127.5 - 1;
    });
    const encoded = await encoder.run(
      { sample: { type: 'float32', dims: [1, 3, size, size], data: planes } },
      ['latent_sample'],
    );
    const { dims, data } = floats(encoded, 'latent_sample');
    const picture = await decode(decoder, data, [dims[1]!, dims[2]!, dims[3]!], 1);
    rgb.forEach((value, at) => {
      squares += (picture.data[Math.floor(at / 3) * 4 + (at % 3)]! - value) ** 2;
    });
    count += rgb.length;
  }
  return {
    name: 'autoencoder: peak signal to noise, fresh scenes',
    value: 10 * Math.log10(255 ** 2 / (squares / count)),
    unit: 'decibels',
    note: `${RECONSTRUCTED} scenes`,
  };
}

async function flaggingFindings(runtime: Runtime): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  const { statistics } = model;
  if (!statistics) {
    return [{ ...FRESH, value: Number.NaN, note: 'the model comes without world_statistics' }];
  }
  const distances = async (pictures: readonly Rgb8[]) =>
    (await seePictures(model, pictures)).map(({ distance }) => distance);
  const flagged = (distance: number) => !(distance <= statistics.threshold);
  const size = model.config.imageSize;
  const fresh = await distances(
    Array.from({ length: FRESH_SCENES }, (_, i) => drawSeed(FRESH_SEED + i, size).picture),
  );
  const median = quantile(fresh, 0.5).toFixed(1);
  const findings: Finding[] = [
    {
      ...FRESH,
      value: share(fresh, flagged),
      note: `${FRESH_SCENES} scenes; threshold ${statistics.threshold.toFixed(1)}, median ${median}`,
    },
  ];
  const photographs = await readPhotographs();
  if (!photographs) {
    return [
      ...findings,
      { name: PHOTOGRAPHS, value: Number.NaN, note: 'skipped: VITRINE_REAL_FILES is not set' },
    ];
  }
  const far = await distances(photographs.map(({ pixels }) => viewOf(model, pixels)));
  return [
    ...findings,
    {
      name: PHOTOGRAPHS,
      value: share(far, flagged),
      unit: 'share',
      bar: { is: 'at least', value: 1 },
      note: `${photographs.length} photographs; the nearest at ${Math.min(...far).toFixed(1)}`,
    },
  ];
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length / items.length;
}
