/** What a decoder's states are like whatever the picture: the same question asked of many scenes. */

import { runDecoder } from '../families/generative/run-decoder.ts';
import { floats } from '../families/session.ts';
import type { Progress } from '../protocol/jobs.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { drawScene } from '../world/draw.ts';
import {
  embedSequence,
  type GenerativeModel,
  imageFeatures,
  prefixOf,
  promptOf,
  seeStates,
  withAnswer,
} from './generative-model.ts';
import { type ProbePlan, type ProbeUse, probeScenes } from './probe-scenes.ts';
import { Stopwatch } from './progress.ts';
import type { Cancellation, Runtime } from './runtime.ts';

export interface AnswerProbe {
  readonly plan: ProbePlan;
  readonly layers: readonly {
    readonly site: string;
    /** Mean state of each position of the prompt and of the forced prefix. */
    readonly mean: Tensor<readonly ['position', 'width']>;
    /** States at the position that answers, one row a scene. */
    readonly answering: Tensor<readonly ['image', 'width']>;
    /** Mean state over the image tokens, one row a scene. */
    readonly picture: Tensor<readonly ['image', 'width']>;
  }[];
}

const BATCH = 8;
/** Probes kept at a time. */
const ROOM = 24;

const kept = new WeakMap<object, Map<string, AnswerProbe>>();

/** Runs the scenes that fit question and concepts. The answer begins with `prefix`, which may be empty. */
export async function answerProbe(
  model: GenerativeModel,
  {
    question,
    prefix,
    concepts,
    use = 'probe',
  }: {
    readonly question: string;
    readonly prefix: string;
    readonly concepts: readonly string[];
    readonly use?: ProbeUse;
  },
  context: {
    readonly runtime: Runtime;
    readonly cancellation: Cancellation;
    report(progress: Progress): void;
  },
): Promise<AnswerProbe> {
  const { runtime, cancellation, report } = context;
  const own = kept.get(runtime.host) ?? new Map<string, AnswerProbe>();
  kept.set(runtime.host, own);
  const asked = JSON.stringify([model.id, question, prefix, concepts, use]);
  const again = own.get(asked);
  if (again) return again;
  const plan = probeScenes(question, concepts, use);
  const { scenes } = plan;
  const key = JSON.stringify([model.id, question, prefix, plan.name, use]);
  const found = own.get(key);
  if (found) {
    // The same list again needs no plan to be made.
    own.set(asked, found);
    return found;
  }
  const watch = new Stopwatch(runtime, Math.ceil(scenes.length / BATCH));
  let recorder: Recorder | undefined;
  for (let first = 0; first < scenes.length; first += BATCH) {
    const pictures = scenes.slice(first, first + BATCH).map((scene) => {
      const { size, rgb } = drawScene(scene, model.config.imageSize);
      return { width: size, height: size, data: rgb };
    });
    const features = await imageFeatures(model, await seeStates(model, pictures));
    const sequence = withAnswer(model, promptOf(model, question, features), prefixOf(model, prefix));
    const embeddings = await embedSequence(model, sequence, features);
    recorder ??= new Recorder(
      model,
      sequence.map(({ role }) => role === 'image'),
      embeddings.width,
      scenes.length,
    );
    const outputs = await runDecoder(
      model.decoderSession,
      model.decoder,
      embeddings,
      null,
      model.decoder.blocks.map(({ residual }) => residual),
    );
    model.decoder.blocks.forEach(({ residual }, layer) => {
      recorder?.add(layer, first, floats(outputs, residual).data);
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const probe = { plan, layers: recorder?.layers() ?? [] };
  own.set(key, probe);
  own.set(asked, probe);
  for (const oldest of own.keys()) {
    if (own.size <= ROOM) break;
    own.delete(oldest);
  }
  return probe;
}

class Recorder {
  readonly #sites: readonly string[];
  readonly #isImage: readonly boolean[];
  readonly #width: number;
  readonly #count: number;
  readonly #sums: readonly Float64Array[];
  readonly #answering: readonly Float32Array[];
  readonly #picture: readonly Float32Array[];

  constructor(model: GenerativeModel, isImage: readonly boolean[], width: number, count: number) {
    this.#sites = model.decoder.blocks.map(({ site }) => site);
    this.#isImage = isImage;
    this.#width = width;
    this.#count = count;
    this.#sums = this.#sites.map(() => new Float64Array(isImage.length * width));
    this.#answering = this.#sites.map(() => new Float32Array(count * width));
    this.#picture = this.#sites.map(() => new Float32Array(count * width));
  }

  /** States [row, position, width] of the scenes from `first` on. */
  add(layer: number, first: number, states: Float32Array): void {
    const width = this.#width;
    const size = this.#isImage.length * width;
    const tokens = this.#isImage.filter(Boolean).length || 1;
    const sums = this.#sums[layer]!;
    for (let at = 0; at < states.length; at += 1) {
      sums[at % size] = sums[at % size]! + states[at]! / this.#count;
      const position = Math.floor((at % size) / width);
      if (!this.#isImage[position]) continue;
      const to = (first + Math.floor(at / size)) * width + (at % width);
      this.#picture[layer]![to] = this.#picture[layer]![to]! + states[at]! / tokens;
    }
    for (let row = 0; row < states.length / size; row += 1) {
      const last = states.subarray((row + 1) * size - width, (row + 1) * size);
      this.#answering[layer]!.set(last, (first + row) * width);
    }
  }

  layers(): AnswerProbe['layers'] {
    const width = this.#width;
    return this.#sites.map((site, layer) => ({
      site,
      mean: tensor(
        ['position', 'width'],
        [this.#isImage.length, width],
        Float32Array.from(this.#sums[layer]!),
      ),
      answering: tensor(['image', 'width'], [this.#count, width], this.#answering[layer]!),
      picture: tensor(['image', 'width'], [this.#count, width], this.#picture[layer]!),
    }));
  }
}
