/** Held-out scenes through the vision tower: embeddings, states of every layer, and what each component wrote. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { clsState, imageWrites, writeOutputs } from '../families/contrastive/writes.ts';
import { floats } from '../families/session.ts';
import { type Component, componentsOf, contributionReader } from '../methods/concepts/components.ts';
import type { Progress } from '../protocol/jobs.ts';
import { normalise } from '../tensor/statistics.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { drawScene } from '../world/draw.ts';
import { type Scene, sampleScene } from '../world/scene.ts';
import { type ContrastiveModel, openContrastive } from './contrastive-model.ts';
import { isPooled, openPooled } from './pooled-model.ts';
import { PooledRecorder } from './pooled-survey.ts';
import { Stopwatch } from './progress.ts';
import type { Cancellation, Runtime } from './runtime.ts';

export interface SceneSurvey {
  readonly scenes: readonly Scene[];
  /** Rows of length 1. */
  readonly embeddings: Tensor<readonly ['image', 'embedding']>;
  /** Length of each image's embedding before it was normalised. */
  readonly lengths: Float32Array;
  /** State after each block: CLS, or what a pooling tower's own head makes of it. */
  readonly layers: readonly {
    readonly site: string;
    readonly block: number;
    readonly states: Tensor<readonly ['image', 'width']>;
  }[];
  readonly components: readonly Component[];
  /** Width of one head. */
  readonly headWidth: number;
  /** What each component wrote, in the order of `components`; the rows of one image sum to its embedding, not normalised. */
  readonly contributions: readonly Tensor<readonly ['image', 'embedding']>[];
}

export interface SurveyRequest {
  readonly model: string;
  /** First seed. */
  readonly seed: number;
  readonly scenes: number;
  /** Scenes of so many things; as they come when absent. */
  readonly objects?: number;
}

/** Gathers a survey, some scenes at a time. */
export interface SurveyRecorder {
  add(scenes: readonly Scene[]): Promise<void>;
  survey(): SceneSurvey;
}

const BATCH = 8;
/** Surveys kept at a time: each holds some megabytes. */
const ROOM = 4;

const kept = new WeakMap<object, Map<string, SceneSurvey>>();

/** Runs the scenes, or returns what an earlier call found. */
export async function surveyScenes(
  runtime: Runtime,
  request: SurveyRequest,
  { cancellation, report }: { readonly cancellation: Cancellation; report(progress: Progress): void },
): Promise<SceneSurvey> {
  const key = JSON.stringify(request);
  const own = kept.get(runtime.host) ?? new Map<string, SceneSurvey>();
  kept.set(runtime.host, own);
  const found = own.get(key);
  if (found) return found;
  const recorder: SurveyRecorder = (await isPooled(runtime, request.model))
    ? new PooledRecorder(await openPooled(runtime, request.model))
    : new ClsRecorder(await openContrastive(runtime, request.model), request.scenes);
  const watch = new Stopwatch(runtime, Math.ceil(request.scenes / BATCH));
  for (let first = 0; first < request.scenes; first += BATCH) {
    const count = Math.min(BATCH, request.scenes - first);
    const { objects } = request;
    const scenes = Array.from({ length: count }, (_, i) =>
      sampleScene(request.seed + first + i, objects === undefined ? {} : { objects }),
    );
    await recorder.add(scenes);
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const survey = recorder.survey();
  own.set(key, survey);
  for (const oldest of own.keys()) {
    if (own.size <= ROOM) break;
    own.delete(oldest);
  }
  return survey;
}

class ClsRecorder implements SurveyRecorder {
  readonly #model: ContrastiveModel;
  readonly #read;
  readonly #components: readonly Component[];
  readonly #scenes: Scene[] = [];
  readonly #embeddings: Float32Array;
  readonly #lengths: Float32Array;
  readonly #states: readonly Float32Array[];
  readonly #contributions: readonly Float32Array[];
  readonly #size: number;
  readonly #width: number;

  constructor(model: ContrastiveModel, count: number) {
    this.#model = model;
    const { blocks, head } = model.tower;
    const weights = { head, outputs: blocks };
    this.#components = componentsOf(weights);
    this.#read = contributionReader(weights);
    [this.#width, this.#size] = head.projection.dims;
    this.#embeddings = new Float32Array(count * this.#size);
    this.#lengths = new Float32Array(count);
    this.#states = blocks.map(() => new Float32Array(count * this.#width));
    this.#contributions = this.#components.map(() => new Float32Array(count * this.#size));
  }

  async add(scenes: readonly Scene[]): Promise<void> {
    const { tower, vision, preprocessing, config } = this.#model;
    const pictures = scenes.map((scene) => {
      const { size, rgb } = drawScene(scene, config.imageSize);
      return { width: size, height: size, data: rgb };
    });
    const outputs = await encodePictures(vision, preprocessing, pictures, writeOutputs(tower).fetch);
    const embeds = floats(outputs, 'image_embeds').data;
    const size = this.#size;
    imageWrites(tower, outputs).forEach((writes, i) => {
      const at = this.#scenes.length;
      const embedding = embeds.subarray(i * size, (i + 1) * size);
      this.#embeddings.set(normalise(embedding), at * size);
      this.#lengths[at] = Math.hypot(...embedding);
      tower.blocks.forEach(({ residual }, layer) => {
        this.#states[layer]!.set(clsState(floats(outputs, residual), i), at * this.#width);
      });
      const parts = this.#read(writes).data;
      this.#contributions.forEach((own, component) => {
        own.set(parts.subarray(component * size, (component + 1) * size), at * size);
      });
      this.#scenes.push(scenes[i]!);
    });
  }

  survey(): SceneSurvey {
    const count = this.#scenes.length;
    return {
      scenes: this.#scenes,
      embeddings: tensor(['image', 'embedding'], [count, this.#size], this.#embeddings),
      lengths: this.#lengths,
      layers: this.#model.tower.blocks.map(({ site, block }, layer) => ({
        site,
        block,
        states: tensor(['image', 'width'], [count, this.#width], this.#states[layer]!),
      })),
      components: this.#components,
      headWidth: this.#model.tower.blocks[0]!.projection.dims[1],
      contributions: this.#contributions.map((data) =>
        tensor(['image', 'embedding'], [count, this.#size], data),
      ),
    };
  }
}
