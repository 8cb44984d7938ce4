/** A contrastive model whose vision tower pools by attention, ready to run. */

import { readContrastiveConfig } from '../families/contrastive/config.ts';
import { encodePictures, pixelPlanes } from '../families/contrastive/encode.ts';
import { type PooledTower, poolsByAttention, readPooledTower } from '../families/contrastive/pooled.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { jointLogits } from '../families/joint.ts';
import { floats, type Session, type Value } from '../families/session.ts';
import { meanRow } from '../methods/concepts/texts.ts';
import { indexModel } from '../onnx/model-index.ts';
import { stack } from '../tensor/stack.ts';
import { openTexts, type TextTower } from './contrastive-model.ts';
import { memo } from './memo.ts';
import { optionalJson } from './optional-json.ts';
import type { Runtime } from './runtime.ts';
import { drawSeed } from './scenes.ts';
import { openVision, type VisionModel, visionCard } from './vision-model.ts';

export interface PooledModel extends VisionModel, TextTower {
  readonly config: ReturnType<typeof readContrastiveConfig>;
  readonly tower: PooledTower;
  readonly tail: Session;
}

export const isPooled = memo(
  async (runtime: Runtime, model: string): Promise<boolean> =>
    poolsByAttention((await visionCard(runtime, model)).graph),
);

const pooledTower = memo(async (runtime: Runtime, model: string): Promise<PooledTower> => {
  const { graph, tower } = await visionCard(runtime, model);
  return readPooledTower(graph, await runtime.bytes(model, 'vision_model'), tower);
});

export async function openPooled(runtime: Runtime, model: string): Promise<PooledModel> {
  const { graph, config } = await visionCard(runtime, model);
  const tower = await pooledTower(runtime, model);
  const bytes = await runtime.bytes(model, 'vision_model');
  return {
    ...(await openVision(runtime, model)),
    ...(await openTexts(runtime, model)),
    config: readContrastiveConfig(
      await optionalJson(runtime, model, 'config'),
      config,
      jointLogits(indexModel(bytes)),
    ),
    tower,
    tail: await runtime.open(`${model}/vision_model#tail`, async () => ({
      graph: tower.tail.graph,
      weights: { path: graph.location, data: bytes },
    })),
  };
}

/** The outputs of one picture, and what its states after each block would be as an embedding: the model's own head on them. */
export async function seePooled(
  model: PooledModel,
  picture: Rgb8,
  fetch: readonly string[] = [],
): Promise<{
  readonly outputs: Readonly<Record<string, Value>>;
  readonly layers: readonly Float32Array[];
}> {
  const { tower, tail, preprocessing } = model;
  const wanted = [...new Set([...fetch, ...tower.blocks.map(({ residual }) => residual)])];
  const outputs = await encodePictures(model.vision, preprocessing, [picture], wanted);
  const layers: Float32Array[] = [];
  for (const { residual } of tower.blocks) {
    const feeds: Record<string, Value> = {
      [tower.tail.input]: { type: 'float32', ...floats(outputs, residual) },
    };
    // Some exports take the size of the batch from the picture.
    for (const name of tower.tail.inputs) {
      if (name !== tower.tail.input) feeds[name] = pixelPlanes(preprocessing, [picture]);
    }
    layers.push(floats(await tail.run(feeds, ['image_embeds']), 'image_embeds').data);
  }
  return { outputs, layers };
}

const FIRST_SEED = 8_000_000;
const SCENES = 32;

/** Mean embedding of every layer over held-out scenes. */
export const pooledProbe = memo(async (runtime: Runtime, id: string): Promise<readonly Float32Array[]> => {
  const model = await openPooled(runtime, id);
  const layers: Float32Array[][] = model.tower.blocks.map(() => []);
  for (let seed = 0; seed < SCENES; seed++) {
    const { picture } = drawSeed(FIRST_SEED + seed, model.config.imageSize);
    const seen = await seePooled(model, picture);
    seen.layers.forEach((embedding, layer) => {
      layers[layer]!.push(embedding);
    });
    await runtime.pause();
  }
  return layers.map((rows) => meanRow(stack(['image', 'embedding'], rows)));
});
