/** Units switched off inside the model, and what it can then no longer tell, against matched random sets of live units. */

import { readLogits } from '../families/contrastive/config.ts';
import { encodePictures } from '../families/contrastive/encode.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { pictureSession } from '../families/picture-session.ts';
import { floats, type Session, type Value } from '../families/session.ts';
import { separation } from '../methods/concepts/separation.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import { type LiveUnit, matchedSets, percentileAmong } from '../methods/faithfulness/matched-sets.ts';
import { instrument } from '../onnx/instrument.ts';
import { replaceWhere } from '../onnx/patch.ts';
import type { Recognition, RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { mean } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { embedConcepts, knowsWord, openTexts } from './contrastive-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job, Runtime } from './runtime.ts';
import { drawSeed, LABEL_CATEGORIES } from './scenes.ts';
import { dissectedSite, SCENE_BATCH, unitMaps } from './unit-activations.ts';
import { type VisionCard, type VisionModel, visionCard, visionSession } from './vision-model.ts';

/** A thing counts as shown from this share of the pixels on. */
const SHOWN = 0.005;
/** Scenes drawn for each one wanted, at most: rare things are looked for, but not for ever. */
const PATIENCE = 60;

/** A contrastive model whose vision tower may be of any kind: only its sites and its embeddings are looked at. */
type Recogniser = VisionCard & VisionModel;

export const referee: Job<'referee'> = async (params, { runtime, cancellation, report }) => {
  const card = await visionCard(runtime, params.model);
  const model: Recogniser = { ...card, vision: await visionSession(runtime, card) };
  const { units } = params;
  const watch = new Stopwatch(runtime, params.sets + 2);
  const scenes = await findScenes(model, params, runtime, () => cancellation.check());
  const names = await openNames(runtime, params, scenes);
  const { off, activities, count } = await openOff(runtime, model, params.site, scenes.pictures);
  const wrong = units.find((unit) => unit >= count);
  if (wrong !== undefined) {
    throw new VitrineError('bad-parameter', `no unit ${wrong}`, {
      name: 'units',
      allowed: `0 to ${count - 1}`,
    });
  }
  const judge = async (dark: readonly number[]): Promise<Recognition> => {
    const scores: number[] = [];
    const probabilities: number[] = [];
    let best = 0;
    const session = off(dark);
    for (let first = 0; first < scenes.pictures.length; first += SCENE_BATCH) {
      const batch = scenes.pictures.slice(first, first + SCENE_BATCH);
      const results = await encodePictures(session, model.preprocessing, batch, ['image_embeds']);
      const { data } = floats(results, 'image_embeds');
      const width = data.length / batch.length;
      batch.forEach((_, i) => {
        const image = data.subarray(i * width, (i + 1) * width);
        const { cosine, probability } = zeroShot(image, names.texts, names.logitScale);
        scores.push(cosine[names.own]!);
        if (!scenes.present[first + i]) return;
        probabilities.push(probability[names.own]!);
        if (probability[names.own] === Math.max(...probability)) best += 1;
      });
      await runtime.pause();
      cancellation.check();
    }
    const { auc, effect } = separation(scores, scenes.present);
    return {
      probability: mean(probabilities),
      named: best / probabilities.length,
      auc,
      clarity: effect,
    };
  };
  const intact = await judge([]);
  report({ ...watch.advance(), matched: [] });
  const ablated = await judge(units);
  report({ ...watch.advance(), matched: [] });

  const random = new Random(params.seed, 17);
  const sets = matchedSets(activities, units, params.sets, (bound) => random.integer(bound));
  const matched: number[] = [];
  for (const set of sets) {
    matched.push(intact.probability - (await judge(set)).probability);
    report({ ...watch.advance(), matched: [...matched] });
  }
  const activity = new Map(activities.map((entry) => [entry.unit, entry.activity]));
  const sum = (list: readonly number[]) => list.reduce((total, unit) => total + (activity.get(unit) ?? 0), 0);
  return {
    intact,
    ablated,
    names: names.list,
    matched,
    percentile: percentileAmong(intact.probability - ablated.probability, matched),
    matchRatio: sets.reduce((total, set) => total + sum(set), 0) / sets.length / sum(units),
    scenesWith: scenes.present.filter(Boolean).length,
    scenesWithout: scenes.present.filter((shown) => !shown).length,
  };
};

interface Scenes {
  readonly pictures: readonly Rgb8[];
  readonly present: readonly boolean[];
  /** Labels of each scene, of whatever category. */
  readonly labels: readonly ReadonlySet<string>[];
}

/**
 * The names that the concept competes with: labels of its category that the model's vocabulary holds, without those that half
 * of the scenes show (sky, ground), which no scene is about. Throws `bad-parameter` for a concept that the model has no word for.
 */
async function openNames(runtime: Runtime, { model, concept }: RefereeParams, { labels }: Scenes) {
  const tower = await openTexts(runtime, model);
  if (!knowsWord(tower, concept)) {
    throw new VitrineError('bad-parameter', `${model} has no word for ${concept}`, {
      name: 'concept',
      allowed: "a word of the model's vocabulary",
    });
  }
  const kind = LABEL_CATEGORIES.find((category) => category.labels.includes(concept))?.labels ?? [];
  const common = (name: string) => labels.filter((shown) => shown.has(name)).length > labels.length / 2;
  const others = kind.filter((name) => name !== concept && !common(name) && knowsWord(tower, name));
  const list = [concept, ...others];
  const { logitScale } = readLogits(await runtime.json(model, 'config'));
  return { list, own: 0, logitScale, texts: await embedConcepts(runtime, tower, list) };
}

/** As many scenes that show the thing as that do not; fewer of them when it is rare. */
async function findScenes(
  model: Recogniser,
  { concept, scenes, seed }: RefereeParams,
  runtime: Runtime,
  check: () => void,
): Promise<Scenes> {
  const places = LABEL_CATEGORIES.flatMap(({ labels }, plane) => {
    const id = labels.indexOf(concept) + 1;
    return id > 0 ? [{ plane, id }] : [];
  });
  const half = Math.ceil(scenes / 2);
  const shown: Rgb8[] = [];
  const plain: Rgb8[] = [];
  const labels: Record<'shown' | 'plain', ReadonlySet<string>[]> = { shown: [], plain: [] };
  for (let i = 0; i < PATIENCE * scenes && (shown.length < half || plain.length < half); i += 1) {
    const { drawing, picture } = drawSeed(seed + i, model.config.imageSize);
    const pixels = drawing.size ** 2;
    let count = 0;
    for (const { plane, id } of places) {
      for (let p = plane * pixels; p < (plane + 1) * pixels; p += 1) {
        if (drawing.labels[p] === id) count += 1;
      }
    }
    const side = count >= SHOWN * pixels ? 'shown' : count === 0 ? 'plain' : undefined;
    const pictures = side === 'shown' ? shown : plain;
    if (side && pictures.length < half) {
      pictures.push(picture);
      labels[side].push(labelsShown(drawing));
    }
    if (i % 16 === 15) {
      await runtime.pause();
      check();
    }
  }
  if (shown.length === 0 || plain.length === 0) {
    throw new VitrineError('bad-parameter', `no scenes with and without ${concept}`, {
      name: 'concept',
      allowed: 'a label that some scenes show and others do not',
    });
  }
  const pictures = [...shown, ...plain];
  return {
    pictures,
    present: pictures.map((_, i) => i < shown.length),
    labels: [...labels.shown, ...labels.plain],
  };
}

function labelsShown({ labels, size }: ReturnType<typeof drawSeed>['drawing']): ReadonlySet<string> {
  const pixels = size ** 2;
  const names = LABEL_CATEGORIES.flatMap((category, plane) => {
    const codes = new Set(labels.subarray(plane * pixels, (plane + 1) * pixels));
    return category.labels.filter((_, label) => codes.has(label + 1));
  });
  return new Set(names);
}

/**
 * The model with a switch on every unit of a site. Off is 0 for a rectified activation, and the unit's mean over the pictures for a residual
 * direction, where 0 would be a value like any other.
 */
async function openOff(runtime: Runtime, model: Recogniser, name: string, pictures: readonly Rgb8[]) {
  const tapped = dissectedSite(model, name);
  const { site } = tapped;
  const change = replaceWhere(model.graph.model, {
    tensor: site.tensor,
    axes: site.axes,
    name: `off(${site.name})`,
  });
  const session = await runtime.open(`${model.id}/vision_model/off/${site.name}`, async () => ({
    graph: instrument(model.graph.model, [change]),
    weights: { path: model.graph.location, data: await runtime.bytes(model.id, 'vision_model') },
  }));
  const { means, magnitudes } = await statistics(model, tapped, pictures, () => runtime.pause());
  const count = means.length;
  const channel = site.axes.indexOf('channel');
  const dims = site.axes.map((_, axis) => (axis === channel ? count : 1));
  const rectified =
    /\.(mlp|conv)\.|\.relu/.test(site.name) || site.kind === 'mlp.post' || site.kind === 'conv.post';
  const injected: Value = {
    type: 'float32',
    dims,
    data: rectified ? new Float32Array(count) : means,
  };
  const [mask, value] = change.inputs;
  return {
    count,
    activities: [...magnitudes].flatMap((activity, unit): LiveUnit[] =>
      activity > 0 ? [{ unit, activity }] : [],
    ),
    off: (dark: readonly number[]): Session => {
      const data = new Uint8Array(count);
      for (const unit of dark) data[unit] = 1;
      const gates = { [mask!.name]: { type: 'bool', dims, data } as const, [value!.name]: injected };
      const gated: Session = {
        ...session,
        run: (feeds, fetch) => session.run({ ...feeds, ...gates }, fetch),
      };
      return pictureSession(gated, model.input);
    },
  };
}

/** Each unit's mean and mean magnitude over pictures and positions. */
async function statistics(
  model: Recogniser,
  tapped: ReturnType<typeof dissectedSite>,
  pictures: readonly Rgb8[],
  pause: () => Promise<void>,
) {
  let sums: Float64Array | undefined;
  let sizes: Float64Array | undefined;
  let values = 0;
  for (let first = 0; first < pictures.length; first += SCENE_BATCH) {
    const batch = pictures.slice(first, first + SCENE_BATCH);
    for (const { dims, data } of await unitMaps(model, tapped, batch)) {
      const [units, height, width] = dims;
      const positions = height * width;
      sums ??= new Float64Array(units);
      sizes ??= new Float64Array(units);
      for (let unit = 0; unit < units; unit += 1) {
        for (let i = unit * positions; i < (unit + 1) * positions; i += 1) {
          sums[unit] = sums[unit]! + data[i]!;
          sizes[unit] = sizes[unit]! + Math.abs(data[i]!);
        }
      }
      values += positions;
    }
    await pause();
  }
  return {
    means: Float32Array.from(sums ?? [], (sum) => sum / values),
    magnitudes: Float64Array.from(sizes ?? [], (sum) => sum / values),
  };
}
