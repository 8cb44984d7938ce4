/** Units switched on in a brushed part of a picture while it is drawn: whether what they detect appears there. */

import { readPrompt } from '../families/prompt.ts';
import { ThresholdFinder } from '../methods/dissection/quantile.ts';
import { matchedSets, percentileAmong } from '../methods/faithfulness/matched-sets.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { regionMask } from '../protocol/region.ts';
import type { Region } from '../protocol/steer.ts';
import { Random } from '../world/random.ts';
import { diffusionCard } from './diffusion-model.ts';
import { memo } from './memo.ts';
import { openPatchedDrawing } from './patched-drawing.ts';
import { Stopwatch } from './progress.ts';
import { openRecogniser } from './recogniser.ts';
import type { Job } from './runtime.ts';
import { drawSeed } from './scenes.ts';
import { labelsShown } from './trial-scenes.ts';
import { openUnetUnits, unetSite } from './unet-units.ts';
import { unitBrush } from './unit-brush.ts';
import { unitStatistics } from './unit-statistics.ts';

/** Scenes that say what is ordinary for a unit. */
const ORDINARY = { scenes: 32, seed: 9_000_000 } as const;
/** Share of places in which an ordinary unit is higher than its level. */
const HIGH = 0.005;
const STREAM = 23;
/** Of the brushed part's size. */
const MARGIN = 1.4;

export const paintUnits: Job<'paintUnits'> = async (params, context) => {
  const { runtime, report } = context;
  const started = runtime.now();
  const { units, model } = params;
  if (!/[^0]/.test(params.region)) {
    throw new VitrineError('bad-parameter', 'nothing is brushed', { name: 'region', allowed: 'some cells' });
  }
  const card = await diffusionCard(runtime, model);
  const prompt = readPrompt(params.prompt, card.tokenizer, card.rules);
  const site = await unetSite(runtime, params);
  const layer = await ordinary(runtime, JSON.stringify([model, params.site]));
  const levels = layer.high.map((value) => value * params.strength);
  const wrong = units.find((unit) => unit >= layer.dims[0]);
  if (units.length === 0 || wrong !== undefined) {
    throw new VitrineError('bad-parameter', wrong === undefined ? 'no units' : `no unit ${wrong}`, {
      name: 'units',
      allowed: `one or more of 0 to ${layer.dims[0] - 1}`,
    });
  }
  const { names, recognise } = await openRecogniser(runtime, params.judge, params.concept, layer.labels);
  const brush = unitBrush(card.graph.model, site, layer.dims);
  const { draw } = await openPatchedDrawing(runtime, model, `paint/${params.site}`, brush.change);
  const { steps, during, region } = params;
  const paint = (chosen: readonly number[]): Promise<Pixels> => {
    const painted = (step: number) => step >= during[0] * steps && step < during[1] * steps;
    const fed = (step: number, rows: number) =>
      painted(step) ? brush.paint(chosen, levels, region, rows) : brush.nothing;
    return draw(prompt, params, fed, context);
  };
  const own = async (picture: Pixels) => (await recognise(brushedPart(picture, region)))[0]!;

  const watch = new Stopwatch(runtime, params.sets + 2);
  const before = await draw(prompt, params, () => brush.nothing, context);
  report({ ...watch.advance(), before: copyOf(before) });
  const after = await paint(units);
  const shown = { before: copyOf(before), after: copyOf(after) };
  report({ ...watch.advance(), ...shown, matched: [] });
  const probability = { before: await own(before), after: await own(after) };
  const gain = Math.log(probability.after / probability.before);
  const random = new Random(params.seed, STREAM);
  const matched: number[] = [];
  let control = before;
  for (const set of matchedSets(layer.live, units, params.sets, (bound) => random.integer(bound))) {
    const picture = await paint(set);
    if (matched.length === 0) control = picture;
    matched.push(Math.log((await own(picture)) / probability.before));
    report({ ...watch.advance(), before: copyOf(before), after: copyOf(after), matched: [...matched] });
  }
  return {
    before,
    after,
    control: copyOf(control),
    change: changeOf(before, after, region),
    probability,
    gain,
    names,
    matched,
    percentile: percentileAmong(gain, matched),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** What is ordinary for a layer's units: how active they are, and how high they rise. `key`: model and site, as JSON. */
const ordinary = memo(async (runtime, key) => {
  const [model = '', name = ''] = JSON.parse(key) as readonly string[];
  const units = await openUnetUnits(runtime, { model, site: name });
  const drawn = Array.from({ length: ORDINARY.scenes }, (_, i) => drawSeed(ORDINARY.seed + i, units.size));
  const pictures = drawn.map(({ picture }) => picture);
  const [first] = await units.maps(pictures.slice(0, 1));
  const [count, height, width] = first!.dims;
  const finder = new ThresholdFinder({
    units: count,
    count: ORDINARY.scenes * height * width,
    quantile: HIGH,
  });
  const watched = {
    maps: async (batch: typeof pictures) => {
      const maps = await units.maps(batch);
      for (const each of maps) finder.add(each);
      return maps;
    },
  };
  const { magnitudes } = await unitStatistics(watched, pictures, runtime);
  return {
    dims: [count, height, width] as const,
    high: finder.thresholds().threshold,
    live: [...magnitudes].flatMap((activity, unit) => (activity > 0 ? [{ unit, activity }] : [])),
    labels: drawn.map(({ drawing }) => labelsShown(drawing)),
  };
});

/** The square around the brushed part, of half the picture's side at least: a thing is recognised with some of its surroundings. */
function brushedPart(picture: Pixels, region: Region): Pixels {
  const { width, height } = picture;
  const { data } = regionMask(region, height, width);
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!data[y * width + x]) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  const side = Math.min(width, height, Math.max(width / 2, MARGIN * (right - left), MARGIN * (bottom - top)));
  const whole = Math.round(side);
  const from = (low: number, high: number, size: number) =>
    Math.round(Math.min(size - whole, Math.max(0, (low + high - whole) / 2)));
  const x = from(left, right, width);
  const y = from(top, bottom, height);
  const out = new Uint8ClampedArray(4 * whole * whole);
  for (let row = 0; row < whole; row += 1) {
    const at = 4 * ((y + row) * width + x);
    out.set(picture.data.subarray(at, at + 4 * whole), 4 * row * whole);
  }
  return { width: whole, height: whole, data: out };
}

function changeOf(before: Pixels, after: Pixels, region: Region): { inside: number; outside: number } {
  const { width, height } = before;
  const inside = regionMask(region, height, width).data;
  const sums = [0, 0];
  const counts = [0, 0];
  for (let place = 0; place < width * height; place += 1) {
    const side = inside[place] ? 1 : 0;
    for (let channel = 0; channel < 3; channel += 1) {
      sums[side]! += Math.abs(after.data[4 * place + channel]! - before.data[4 * place + channel]!) / 255;
    }
    counts[side]! += 3;
  }
  const of = (side: 0 | 1) => (counts[side]! > 0 ? sums[side]! / counts[side]! : 0);
  return { inside: of(1), outside: of(0) };
}

/** What is reported is given away. */
function copyOf({ width, height, data }: Pixels): Pixels {
  return { width, height, data: data.slice() };
}
