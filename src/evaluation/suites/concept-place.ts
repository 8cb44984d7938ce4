/**
 * Where is the position of a thing held? Not along a direction: in *which patch* holds the thing. Similarity of every patch to the mean
 * state of patches that show the kind; the centre of that map is the position that is read.
 */

import { encodePictures } from '../../families/contrastive/encode.ts';
import { floats } from '../../families/session.ts';
import { type ContrastiveModel, openContrastive } from '../../jobs/contrastive-model.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { PROPERTIES } from '../../jobs/scene-truth.ts';
import { surveyScenes } from '../../jobs/survey.ts';
import { contrastiveMeans } from '../../methods/concepts/means.ts';
import { meanRow, row } from '../../methods/concepts/texts.ts';
import { cosine } from '../../tensor/statistics.ts';
import { OBJECTS } from '../../world/catalogue.ts';
import { drawScene } from '../../world/draw.ts';
import { Random } from '../../world/random.ts';
import { type Scene, sampleScene } from '../../world/scene.ts';
import { type MatchedScore, matchedAuc, matchedNull } from '../concepts/matched-auc.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const PROBE_SEED = 64_000_000;
const TEST_SEED = 63_000_000;
const PROBES = 384;
const BATCH = 8;
/** A patch shows a thing that covers so much of it. */
const COVERED = 0.5;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

export async function placeFindings(runtime: Runtime, scenes: number): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  // The first ones choose the layer, and are not measured on.
  const half = Math.floor(scenes / 2);
  const all = half + scenes;
  const shown = Array.from({ length: all }, (_, i) => sampleScene(TEST_SEED + i, { objects: 1 }));
  const { of } = PROPERTIES.find(({ name }) => name === 'position')!;
  const labels = shown.map((scene) => {
    const side = of(scene);
    return side === null ? null : side === 'left';
  });
  const vectors = await kindVectors(model);
  const centres = await mapCentres(model, vectors, shown);
  const score = (layer: number, set: 'own' | 'shuffled', from: number, to: number): MatchedScore =>
    matchedAuc(
      // The further left the centre, the more it is left.
      centres[layer]![set].slice(from, to).map((x) => -x),
      labels.slice(from, to),
      shown.slice(from, to),
    );
  const layers = centres.map((_, layer) => layer);
  const best = layers.reduce((a, b) => (score(b, 'own', 0, half).auc > score(a, 'own', 0, half).auc ? b : a));
  const read = score(best, 'own', half, all);
  const nothing = matchedNull(
    centres[best]!.own.slice(half).map((x) => -x),
    labels.slice(half),
    shown.slice(half),
    new Random(TEST_SEED),
  );
  const direction = await byDirection(runtime, shown, labels, half);
  return [
    {
      name: 'position, left against right within class and height: by the patches that hold the thing',
      value: read.auc,
      bar: { is: 'at least', value: 0.9 },
      note: `layer ${best + 1}, chosen on ${half} other scenes; ${read.pairs} pairs; shuffled labels ${nothing.toFixed(2)}; by layer ${layers.map((layer) => score(layer, 'own', half, all).auc.toFixed(2)).join(' ')}`,
    },
    {
      name: "  control: vectors of other scenes' masks",
      value: score(best, 'shuffled', half, all).auc,
    },
    {
      name: '  by a direction in the summary token, best layer',
      value: Math.max(...direction),
      note: `a position is no direction there; by layer ${direction.map((auc) => auc.toFixed(2)).join(' ')}`,
    },
  ];
}

interface KindVectors {
  /** By layer: mean state of each patch position, [position * width]. */
  readonly mean: readonly Float64Array[];
  /** By layer and kind: what patches that show the kind have beyond the mean at their positions, [width]. */
  readonly own: readonly (readonly Float32Array[])[];
  /** The same with the masks of the scene before. */
  readonly shuffled: readonly (readonly Float32Array[])[];
}

async function kindVectors(model: ContrastiveModel): Promise<KindVectors> {
  const grid = model.config.grid;
  const [width] = model.tower.head.projection.dims;
  const positions = grid * grid;
  const layers = model.tower.blocks.map(() => ({
    sums: new Float64Array(positions * width),
    own: OBJECTS.map(() => new Float64Array(width)),
    shuffled: OBJECTS.map(() => new Float64Array(width)),
  }));
  const counts = { own: countTable(positions), shuffled: countTable(positions) };
  const scenes = Array.from({ length: PROBES }, (_, i) => sampleScene(PROBE_SEED + i, { objects: 1 }));
  const masks = scenes.map((scene) => patchesOf(model, scene));
  await eachScene(model, scenes, (index, layer, patches) => {
    const { sums, own, shuffled } = layers[layer]!;
    const kind = OBJECTS.indexOf(scenes[index]!.things[0]!.kind);
    const sets = [
      ['own', own, masks[index]!],
      ['shuffled', shuffled, masks[(index + 1) % PROBES]!],
    ] as const;
    for (let i = 0; i < sums.length; i += 1) sums[i] = sums[i]! + patches[i]! / PROBES;
    for (const [name, to, mask] of sets) {
      for (const position of mask) {
        if (layer === 0) counts[name][kind]![position] = counts[name][kind]![position]! + 1;
        for (let i = 0; i < width; i += 1) to[kind]![i] = to[kind]![i]! + patches[position * width + i]!;
      }
    }
  });
  const above = (name: 'own' | 'shuffled') =>
    layers.map((layer) =>
      OBJECTS.map((_, kind) => {
        const count = counts[name][kind]!;
        return Float32Array.from({ length: width }, (__, i) => {
          let sum = layer[name][kind]![i]!;
          for (let p = 0; p < positions; p += 1) sum -= count[p]! * layer.sums[p * width + i]!;
          return sum;
        });
      }),
    );
  return { mean: layers.map(({ sums }) => sums), own: above('own'), shuffled: above('shuffled') };
}

function countTable(positions: number): readonly Float64Array[] {
  return OBJECTS.map(() => new Float64Array(positions));
}

/** Patches that the scene's thing covers enough. */
function patchesOf(model: ContrastiveModel, scene: Scene): readonly number[] {
  const { imageSize, grid } = model.config;
  const { instances } = drawScene(scene, imageSize);
  const side = imageSize / grid;
  const cover = new Float64Array(grid * grid);
  instances.forEach((id, pixel) => {
    if (id !== scene.things[0]!.id) return;
    const patch =
      Math.floor(Math.floor(pixel / imageSize) / side) * grid + Math.floor((pixel % imageSize) / side);
    cover[patch] = cover[patch]! + 1 / side ** 2;
  });
  return Array.from(cover.keys()).filter((patch) => cover[patch]! > COVERED);
}

/** For each layer the horizontal centre of each scene's map, 0 left to 1 right. */
async function mapCentres(model: ContrastiveModel, vectors: KindVectors, scenes: readonly Scene[]) {
  const grid = model.config.grid;
  const [width] = model.tower.head.projection.dims;
  const out = model.tower.blocks.map(() => ({
    own: scenes.map(() => 0.5),
    shuffled: scenes.map(() => 0.5),
  }));
  await eachScene(model, scenes, (index, layer, patches) => {
    const kind = OBJECTS.indexOf(scenes[index]!.things[0]!.kind);
    const mean = vectors.mean[layer]!;
    const states = Array.from({ length: grid * grid }, (_, p) =>
      patches.subarray(p * width, (p + 1) * width).map((value, i) => value - mean[p * width + i]!),
    );
    for (const set of ['own', 'shuffled'] as const) {
      const vector = vectors[set][layer]![kind]!;
      let sum = 0;
      let weight = 0;
      states.forEach((state, p) => {
        const share = Math.max(0, cosine(state, vector)) ** 2;
        sum += share * (((p % grid) + 0.5) / grid);
        weight += share;
      });
      if (weight > 0) out[layer]![set][index] = sum / weight;
    }
  });
  return out;
}

/** Patch states of every scene after every block: `visit(scene, layer, [position * width])`. */
async function eachScene(
  model: ContrastiveModel,
  scenes: readonly Scene[],
  visit: (scene: number, layer: number, patches: Float32Array) => void,
): Promise<void> {
  const { tower, vision, preprocessing, config } = model;
  const [width] = tower.head.projection.dims;
  const size = (config.grid ** 2 + 1) * width;
  for (let first = 0; first < scenes.length; first += BATCH) {
    const batch = scenes.slice(first, first + BATCH);
    const pictures = batch.map((scene) => {
      const { size: side, rgb } = drawScene(scene, config.imageSize);
      return { width: side, height: side, data: rgb };
    });
    const outputs = await encodePictures(
      vision,
      preprocessing,
      pictures,
      tower.blocks.map(({ residual }) => residual),
    );
    tower.blocks.forEach(({ residual }, layer) => {
      const { data } = floats(outputs, residual);
      batch.forEach((_, i) => {
        // The class token comes first.
        visit(first + i, layer, data.subarray(i * size + width, (i + 1) * size));
      });
    });
  }
}

/** AUC by layer of a class-mean direction in the summary token: vectors from the first `half` scenes, read on the others. */
async function byDirection(
  runtime: Runtime,
  scenes: readonly Scene[],
  labels: readonly (boolean | null)[],
  half: number,
): Promise<readonly number[]> {
  const survey = await surveyScenes(
    runtime,
    { model: CONTRASTIVE, seed: TEST_SEED, scenes: scenes.length, objects: 1 },
    quiet,
  );
  return survey.layers.map(({ states }) => {
    const vector = row(contrastiveMeans(states, [labels.map((label, i) => i < half && label === true)]), 0);
    const centre = meanRow(states);
    const figures = scenes.map((_, i) =>
      cosine(
        row(states, i).map((value, e) => value - centre[e]!),
        vector,
      ),
    );
    return matchedAuc(figures.slice(half), labels.slice(half), scenes.slice(half)).auc;
  });
}
