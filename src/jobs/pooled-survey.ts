/** Scenes through a tower that pools by attention: its components are the pooling attention's heads and the MLP behind them. */

import { pooledOutputs, pooledWrites } from '../families/contrastive/pooled-writes.ts';
import { floats, type Value } from '../families/session.ts';
import type { Component } from '../methods/concepts/components.ts';
import { stack } from '../tensor/stack.ts';
import { normalise } from '../tensor/statistics.ts';
import { drawScene } from '../world/draw.ts';
import type { Scene } from '../world/scene.ts';
import { type PooledModel, seePooled } from './pooled-model.ts';
import type { SceneSurvey, SurveyRecorder } from './survey.ts';

/** The heads count as one layer more than the tower has blocks. */
export function pooledComponents({ blocks }: PooledModel['tower'], heads: number): readonly Component[] {
  const layer = blocks.length;
  return [
    ...Array.from({ length: heads }, (_, head) => ({ kind: 'head', layer, head }) as const),
    { kind: 'mlp', layer },
  ];
}

/** One row a component, in the order of {@link pooledComponents}. */
export function componentRows(
  tower: PooledModel['tower'],
  outputs: Readonly<Record<string, Value>>,
): Float32Array[] {
  const { heads, mlp } = pooledWrites(tower, outputs);
  const [count, width] = heads.dims;
  return [...Array.from({ length: count }, (_, i) => heads.data.slice(i * width, (i + 1) * width)), mlp];
}

export class PooledRecorder implements SurveyRecorder {
  readonly #model: PooledModel;
  readonly #scenes: Scene[] = [];
  readonly #embeddings: Float32Array[] = [];
  readonly #states: readonly Float32Array[][];
  readonly #writes: Float32Array[][] = [];

  constructor(model: PooledModel) {
    this.#model = model;
    this.#states = model.tower.blocks.map(() => []);
  }

  async add(scenes: readonly Scene[]): Promise<void> {
    const { tower, config } = this.#model;
    for (const scene of scenes) {
      const { size, rgb } = drawScene(scene, config.imageSize);
      const picture = { width: size, height: size, data: rgb };
      const { outputs, layers } = await seePooled(this.#model, picture, pooledOutputs(tower));
      this.#scenes.push(scene);
      this.#embeddings.push(floats(outputs, 'image_embeds').data.slice());
      // Layers are read all the same where heads cannot be told apart.
      if (tower.pool.added) this.#writes.push(componentRows(tower, outputs));
      layers.forEach((state, layer) => {
        this.#states[layer]!.push(state);
      });
    }
  }

  survey(): SceneSurvey {
    const { tower } = this.#model;
    const heads = (this.#writes[0]?.length ?? 1) - 1;
    const components = heads > 0 ? pooledComponents(tower, heads) : [];
    return {
      scenes: this.#scenes,
      embeddings: stack(['image', 'embedding'], this.#embeddings.map(normalise)),
      lengths: Float32Array.from(this.#embeddings, (embedding) => Math.hypot(...embedding)),
      layers: tower.blocks.map(({ site, block }, layer) => ({
        site,
        block,
        states: stack(['image', 'width'], this.#states[layer]!),
      })),
      components,
      headWidth: tower.pool.projection.dims[0] / Math.max(1, heads),
      contributions: components.map((_, at) =>
        stack(
          ['image', 'embedding'],
          this.#writes.map((rows) => rows[at]!),
        ),
      ),
    };
  }
}
