/** Do edits do what they say, and nothing else: recolouring, reweighting, painting, on fixed prompts. */

import { createNodeRuntime, type NodeRuntime } from '../../headless/runtime.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { steer } from '../../jobs/steer.ts';
import { regionMask, regionOf } from '../../protocol/region.ts';
import { type Edit, PLAIN_EDIT, type Steering } from '../../protocol/steer.ts';
import { paintEdit, recolourEdit } from '../../protocol/usual-edits.ts';
import { area, type Mask } from '../../tensor/mask.ts';
import { mean } from '../../tensor/statistics.ts';
import { COLOUR_NAMES } from '../../world/catalogue.ts';
import { DIFFUSION, generatePicture, SETTINGS } from '../generated.ts';
import { type Judge, judgeFinding, openJudge } from '../judge.ts';
import { type FixedPrompt, fixedPrompts, knownKinds } from '../prompts.ts';
import type { Finding, Measure } from '../table.ts';
import { FLICKER, neverFalls, ROUNDING, saturation, snowArea, WEIGHTS } from './edits/reweighting.ts';

/** Numbers of the prompts that edits are tried on, apart from those that heatmaps are judged on. */
const FIRST = 4000;

/** Of every edit: what came of it in each picture in which the judge found the thing to be edited. */
interface Outcomes {
  readonly recoloured: { readonly A: boolean[]; readonly B: boolean[] };
  readonly outside: number[];
  /** Of a colour word, and of a weather word. */
  readonly ordered: { readonly colour: boolean[]; readonly weather: boolean[] };
  /** Mean figures at each weight, to be seen beside the shares. */
  readonly figures: { readonly colour: number[][]; readonly weather: number[][] };
  readonly painted: boolean[];
  readonly unpainted: boolean[];
}

export const edits: Measure = async (say, { pictures = 40 }) => {
  const runtime = createNodeRuntime();
  const judge = await openJudge(runtime);
  const kinds = knownKinds(await openDiffusion(runtime, DIFFUSION));
  const outcomes: Outcomes = {
    recoloured: { A: [], B: [] },
    outside: [],
    ordered: { colour: [], weather: [] },
    figures: { colour: [], weather: [] },
    painted: [],
    unpainted: [],
  };
  for (const [index, prompt] of fixedPrompts(kinds, pictures, FIRST).entries()) {
    await tryEdits(runtime, judge, prompt, outcomes);
    await trySnow(runtime, judge, prompt, outcomes);
    if (index % 5 === 4) say(`edits: ${index + 1} of ${pictures} prompts`);
  }
  await runtime.close();
  return [judgeFinding(judge), ...findings(outcomes)];
};

/** All edits of one picture; nothing where the judge does not find the prompt's thing in its colour. */
async function tryEdits(
  runtime: NodeRuntime,
  judge: Judge,
  prompt: FixedPrompt,
  { recoloured, outside, ordered, figures, painted, unpainted }: Outcomes,
): Promise<void> {
  const image = await generatePicture(runtime, prompt);
  const seen = await judge.look(image);
  const place = seen.mask(prompt);
  if (!place || !seen.shows(prompt)) return;
  const whole = seen.things(prompt)!;
  const word = wordOf(prompt, prompt.color);
  const to = COLOUR_NAMES[(COLOUR_NAMES.indexOf(prompt.color) + 4) % COLOUR_NAMES.length]!;
  for (const recipe of ['A', 'B'] as const) {
    const pair = await run(runtime, prompt, recolourEdit({ word, to, recipe }));
    const wanted = { kind: prompt.kind, color: to };
    const after = await judge.look(pair.target.image);
    const found = after.shows(wanted) ? after.things(wanted) : null;
    const change = changeOutside(pair, whole);
    recoloured[recipe].push(found !== null && change <= 0.05 && overlap(whole, found) >= 0.75);
    if (recipe === 'B') outside.push(change);
  }
  const colours: number[] = [];
  for (const weight of WEIGHTS) {
    const picture =
      weight === 1 ? image : (await run(runtime, prompt, { weights: [{ word, weight }] })).target.image;
    colours.push(saturation(picture, place, prompt.color));
  }
  ordered.colour.push(neverFalls(colours, ROUNDING));
  figures.colour.push(colours);
  const left = centre(place).x < place.dims[1] / 2;
  const region = half(left ? 'right' : 'left');
  const pair = await run(runtime, prompt, {
    ...paintEdit(phrase(prompt), region),
    method: 'own',
  });
  const inside = (mask: Mask | null): boolean => {
    if (!mask) return false;
    const { x, y } = centre(mask);
    const [height, width] = mask.dims;
    return regionMask(region, height, width).data[Math.floor(y) * width + Math.floor(x)] === 1;
  };
  painted.push(inside((await judge.look(pair.target.image)).mask(prompt)));
  const again = await generatePicture(runtime, { text: prompt.text, seed: prompt.seed + 1_000_000 });
  unpainted.push(inside((await judge.look(again)).mask(prompt)));
}

/** The same prompt in the snow, with "snow" weighed: the area of white ground by the oracle. */
async function trySnow(
  runtime: NodeRuntime,
  judge: Judge,
  { text, ...rest }: FixedPrompt,
  { ordered, figures }: Outcomes,
): Promise<void> {
  const prompt = { ...rest, text: `${text.replace(' by day', '')} in the snow` };
  const word = wordOf(prompt, 'snow');
  const areas: number[] = [];
  for (const weight of WEIGHTS) {
    const picture =
      weight === 1
        ? await generatePicture(runtime, prompt)
        : (await run(runtime, prompt, { weights: [{ word, weight }] })).target.image;
    const { reading } = await judge.look(picture);
    if (!reading) return;
    areas.push(snowArea(reading));
  }
  ordered.weather.push(neverFalls(areas, FLICKER));
  figures.weather.push(areas);
}

function findings({
  recoloured,
  outside,
  ordered,
  figures,
  painted,
  unpainted,
}: Outcomes): readonly Finding[] {
  const share = (list: readonly boolean[]) => (list.length === 0 ? Number.NaN : mean(list.map(Number)));
  return [
    {
      name: 'recolour by map, recipe B: new colour, outside kept, mask kept',
      value: share(recoloured.B),
      unit: 'share',
      bar: { is: 'at least', value: 0.85 },
      note: `${recoloured.B.length} pictures that show their thing; outside changes by ${outside.length > 0 ? mean(outside).toFixed(3) : 'none'}`,
    },
    { name: '  recipe A', value: share(recoloured.A), unit: 'share' },
    {
      name: 'reweighting a word over 0, 0.5, 1, 2: what it names never falls',
      value: share([...ordered.colour, ...ordered.weather]),
      unit: 'share',
      bar: { is: 'at least', value: 0.75 },
      note: 'colour and weather words together',
    },
    {
      name: '  a colour word: saturation of the thing',
      value: share(ordered.colour),
      unit: 'share',
      bar: { is: 'at least', value: 0.75 },
      note: `${ordered.colour.length} pictures, mean ${means(figures.colour, 1)}`,
    },
    {
      name: '  "snow": area of white ground',
      value: share(ordered.weather),
      unit: 'share',
      bar: { is: 'at least', value: 0.75 },
      note: `${ordered.weather.length} pictures, mean ${means(figures.weather, 3)}`,
    },
    {
      name: 'painting a place in the other half moves the thing there',
      value: share(painted),
      unit: 'share',
      bar: { is: 'at least', value: 0.6 },
      note: `${painted.length} pictures`,
    },
    { name: '  unpainted, another seed', value: share(unpainted), unit: 'share' },
  ];
}

/** At each weight the mean over all pictures. */
function means(rows: readonly (readonly number[])[], digits: number): string {
  return WEIGHTS.map((_, at) => mean(rows.map((row) => row[at]!)).toFixed(digits)).join(', ');
}

async function run(runtime: NodeRuntime, prompt: FixedPrompt, change: Partial<Edit>): Promise<Steering> {
  const edit = { ...PLAIN_EDIT, prompt: prompt.text, ...change };
  const cancellation = { cancelled: false, check: () => undefined };
  return steer(
    { model: DIFFUSION, prompt: prompt.text, seed: prompt.seed, ...SETTINGS, edit },
    { runtime, cancellation, report: () => undefined },
  );
}

/** Mean absolute change of the pixels outside of the mask, 0 to 1. */
function changeOutside({ source, target }: Steering, mask: Mask): number {
  let change = 0;
  let count = 0;
  mask.data.forEach((inside, pixel) => {
    if (inside) return;
    for (let channel = 0; channel < 3; channel++) {
      change +=
        Math.abs(source.image.data[4 * pixel + channel]! - target.image.data[4 * pixel + channel]!) / 255;
      count++;
    }
  });
  return change / count;
}

function overlap(a: Mask, b: Mask): number {
  let both = 0;
  a.data.forEach((inside, at) => {
    if (inside && b.data[at]) both++;
  });
  return both / (area(a) + area(b) - both);
}

/** Mean place of the mask's pixels. */
function centre(mask: Mask): { readonly x: number; readonly y: number } {
  let [x, y] = [0, 0];
  mask.data.forEach((inside, pixel) => {
    if (!inside) return;
    x += pixel % mask.dims[1];
    y += Math.floor(pixel / mask.dims[1]);
  });
  return { x: x / area(mask), y: y / area(mask) };
}

/** A half of the picture without its rim. */
function half(side: 'left' | 'right'): string {
  return regionOf(
    Uint8Array.from({ length: 256 }, (_, at) => {
      const [y, x] = [Math.floor(at / 16), at % 16];
      const from = side === 'left' ? 1 : 9;
      return y >= 5 && y < 13 && x >= from && x < from + 6 ? 1 : 0;
    }),
  );
}

function wordOf({ text }: FixedPrompt, word: string): number {
  const index = text.split(' ').indexOf(word);
  if (index < 0) throw new RangeError(`no ${word} in ${text}`);
  return index;
}

/** From the article to the coloured thing. */
function phrase(prompt: FixedPrompt): readonly number[] {
  const last = wordOf(prompt, prompt.kind === 'person' ? 'shirt' : prompt.kind);
  return Array.from({ length: last + 1 }, (_, index) => index);
}
