/**
 * Are physical notions held anywhere: falling, floating, resting, weather, the side of the light, patterns. Read where the generative model is
 * about to say so, by the mean state of matched scenes (each drawn in every value), within class and height; beside it, what other
 * readers make of the same scenes.
 */

import { runDecoder } from '../../families/generative/run-decoder.ts';
import { floats } from '../../families/session.ts';
import { answerVectors } from '../../jobs/answer-vectors.ts';
import { conceptReaders } from '../../jobs/concept-readers.ts';
import {
  embedSequence,
  type GenerativeModel,
  imageFeatures,
  openGenerative,
  promptOf,
  seeStates,
} from '../../jobs/generative-model.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { PROPERTIES, type Property } from '../../jobs/scene-truth.ts';
import { surveyScenes } from '../../jobs/survey.ts';
import { contrastiveMeans } from '../../methods/concepts/means.ts';
import { carriedState, compare } from '../../methods/concepts/reader.ts';
import { meanRow, row } from '../../methods/concepts/texts.ts';
import { cosine } from '../../tensor/statistics.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { OBJECTS, PATTERNED } from '../../world/catalogue.ts';
import { drawScene } from '../../world/draw.ts';
import { Random } from '../../world/random.ts';
import { type Scene, sampleScene } from '../../world/scene.ts';
import { matchedAuc, matchedNull } from '../concepts/matched-auc.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const MODEL = 'scene-vlm-mlp';
const PROBE_SEED = 64_500_000;
const TEST_SEED = 63_000_000;
/** Scenes that vectors are made of, of each property. */
const PROBES = 180;
const BATCH = 8;
const WANTED = 3;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

/** What is asked of a scene with one thing so that the model is about to say the value. */
const QUESTIONS: Readonly<Record<string, (kind: string) => string>> = {
  state: (kind) => `what is the ${kind} doing`,
  weather: () => 'what is the weather',
  light: () => 'from which side is the light',
  pattern: (kind) => `what pattern does the ${kind} have`,
};
/** What a thing does, and where the light comes from. Weather and patterns are looks: they are reported and do not count. */
const COUNTED = ['state', 'light'] as const;
const ROOTED = new Set(['house', 'tower', 'tree']);

type States = Tensor<readonly ['image', 'width']>;

interface Notion {
  readonly property: Property;
  readonly value: string;
  readonly auc: number;
  readonly note: string;
}

export async function physicalFindings(
  runtime: Runtime,
  scenes: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const model = await openGenerative(runtime, MODEL);
  // The first ones choose the layer, and are not measured on.
  const choosing = Math.floor(scenes / 2);
  const shown = Array.from({ length: choosing + scenes }, (_, i) =>
    sampleScene(TEST_SEED + i, { objects: 1 }),
  );
  const notions: Notion[] = [];
  for (const property of PROPERTIES) {
    if (!QUESTIONS[property.name]) continue;
    notions.push(...(await readProperty(runtime, model, property, shown, choosing)));
    say(`concepts: ${property.name} read`);
  }
  const counted = notions.filter(({ property }) => COUNTED.some((name) => name === property.name));
  const sorted = counted.map(({ auc }) => auc).sort((a, b) => b - a);
  return [
    {
      name: `physical notions within class and height: the ${WANTED}rd best (AUC)`,
      value: sorted[WANTED - 1] ?? Number.NaN,
      bar: { is: 'at least', value: 0.9 },
      note: `${counted.filter(({ auc }) => auc >= 0.9).length} of ${counted.length} reach 0.9 on ${scenes} scenes; where ${MODEL} is about to say it, class means of matched scenes`,
    },
    ...notions.map(
      ({ property, value, auc, note }): Finding => ({
        name: `  ${property.name}: ${value}`,
        value: auc,
        note,
      }),
    ),
  ];
}

async function readProperty(
  runtime: Runtime,
  model: GenerativeModel,
  property: Property,
  all: readonly Scene[],
  choosing: number,
): Promise<readonly Notion[]> {
  const { values, of, name } = property;
  const applies = (scene: Scene): boolean => name !== 'pattern' || PATTERNED.has(scene.things[0]!.kind);
  const shown = all.filter(applies);
  const probes = matchedScenes(property);
  const states = await answeringStates(model, property, shown);
  const means = await answeringStates(model, property, probes);
  const summary = await summaries(runtime, property, all);
  const spoken = await answerVectors(
    runtime,
    model,
    { plan: { name, scenes: [], shows: () => null, shuffled: () => [] }, layers: [] },
    values,
    'contextual',
  );
  const half = all.slice(0, choosing).filter(applies).length;
  return values.flatMap((value, index): Notion[] => {
    const labels = shown.map((scene) => of(scene) === value);
    if (!labels.includes(true)) return [];
    const inHalf = (figures: readonly number[], from: number, to: number): number =>
      matchedAuc(figures.slice(from, to), labels.slice(from, to), shown.slice(from, to)).auc;
    const figures = states.map((own, layer) => {
      const probe = means[layer]!;
      const vector = row(contrastiveMeans(probe, [probes.map((_, i) => i % values.length === index)]), 0);
      return along(own, meanRow(probe), vector);
    });
    const words = states.map((own, layer) =>
      along(own, meanRow(means[layer]!), row(spoken[layer]!.answering.named, index)),
    );
    const best = bestOf(figures.map((own) => inHalf(own, 0, half)));
    const nothing = matchedNull(
      figures[best]!.slice(half),
      labels.slice(half),
      shown.slice(half),
      new Random(TEST_SEED, index),
    );
    const top = (sets: readonly (readonly number[])[]): string =>
      Math.max(...sets.map((own) => inHalf(own, half, shown.length))).toFixed(2);
    const kept = (sets: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] =>
      sets.map((layer) => all.flatMap((scene, i) => (applies(scene) ? [layer[i]![index]!] : [])));
    return [
      {
        property,
        value,
        auc: inHalf(figures[best]!, half, shown.length),
        note: `layer ${best + 1}; shuffled labels ${nothing.toFixed(2)}; best layer of others: words read alone ${top(words)}, ${CONTRASTIVE} by text ${top(kept(summary.text))}, by means ${top(kept(summary.means))}`,
      },
    ];
  });
}

function bestOf(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

function along(states: States, centre: Float32Array, vector: Float32Array): readonly number[] {
  return Array.from({ length: states.dims[0] }, (_, i) =>
    cosine(
      row(states, i).map((value, e) => value - centre[e]!),
      vector,
    ),
  );
}

/** Scenes of one thing, each drawn in every value in turn. */
function matchedScenes({ values, draw, name }: Property): readonly Scene[] {
  const kinds = OBJECTS.filter((kind) => {
    if (name === 'pattern') return PATTERNED.has(kind);
    return name !== 'state' || !ROOTED.has(kind);
  });
  return Array.from({ length: Math.floor(PROBES / values.length) }, (_, set) =>
    values.map((__, value) =>
      sampleScene(PROBE_SEED + set, { kinds: [kinds[set % kinds.length]!], ...draw?.(value) }),
    ),
  ).flat();
}

/** States after each block at the position that answers, one row a scene. */
async function answeringStates(
  model: GenerativeModel,
  property: Property,
  scenes: readonly Scene[],
): Promise<readonly States[]> {
  const { blocks } = model.decoder;
  const size = model.config.imageSize;
  let width = 0;
  const rows: Float32Array[][] = blocks.map(() => []);
  for (let first = 0; first < scenes.length; first += BATCH) {
    const batch = scenes.slice(first, first + BATCH);
    const pictures = batch.map((scene) => ({ width: size, height: size, data: drawScene(scene, size).rgb }));
    const features = await imageFeatures(model, await seeStates(model, pictures));
    const each = features.tokens * features.width;
    for (const [i, scene] of batch.entries()) {
      const question = QUESTIONS[property.name]!(scene.things[0]!.kind);
      const own = { ...features, batch: 1, data: features.data.subarray(i * each, (i + 1) * each) };
      const sequence = promptOf(model, question, features);
      const outputs = await runDecoder(
        model.decoderSession,
        model.decoder,
        await embedSequence(model, sequence, own),
        null,
        blocks.map(({ residual }) => residual),
      );
      blocks.forEach(({ residual }, layer) => {
        const { data, dims } = floats(outputs, residual);
        width = dims[2]!;
        rows[layer]!.push(data.slice(data.length - width));
      });
    }
  }
  return rows.map((own) => {
    const data = new Float32Array(own.length * width);
    own.forEach((values, i) => {
      data.set(values, i * width);
    });
    return tensor(['image', 'width'], [own.length, width], data);
  });
}

/** Figures [layer][scene][value] of the contrastive model's summary token. */
async function summaries(runtime: Runtime, { values }: Property, scenes: readonly Scene[]) {
  const survey = await surveyScenes(
    runtime,
    { model: CONTRASTIVE, seed: TEST_SEED, scenes: scenes.length, objects: 1 },
    quiet,
  );
  const read = async (vectors: 'text' | 'means') => {
    const readers = await conceptReaders(
      { model: CONTRASTIVE, concepts: values, vectors },
      { runtime, ...quiet },
    );
    return readers.map((reader, layer) =>
      scenes.map((_, scene) =>
        compare(reader, carriedState(reader, row(survey.layers[layer]!.states, scene)), reader.concepts),
      ),
    );
  };
  return { text: await read('text'), means: await read('means') };
}
