/** Do edits do what they say, and nothing else: recolouring, reweighting, painting, on fixed prompts. */

import { createNodeRuntime, type NodeRuntime } from '../../headless/runtime.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { steer } from '../../jobs/steer.ts';
import type { Pixels } from '../../protocol/image.ts';
import { regionMask, regionOf } from '../../protocol/region.ts';
import { type Edit, PLAIN_EDIT, type Steering } from '../../protocol/steer.ts';
import { area, type Mask } from '../../tensor/mask.ts';
import { mean } from '../../tensor/statistics.ts';
import { COLOUR_NAMES, COLOURS, type Colour, type Rgb } from '../../world/catalogue.ts';
import { DIFFUSION, generatePicture, SETTINGS } from '../generated.ts';
import { type Judge, judgeFinding, openJudge } from '../judge.ts';
import { type FixedPrompt, fixedPrompts, knownKinds } from '../prompts.ts';
import { toLab } from '../segment.ts';
import type { Finding, Measure } from '../table.ts';

const WEIGHTS = [0, 0.5, 1, 2] as const;
/** Numbers of the prompts that edits are tried on, apart from those that heatmaps are judged on. */
const FIRST = 4000;

/** Of every edit: what came of it in each picture in which the judge found the thing to be edited. */
interface Outcomes {
  readonly recoloured: { readonly A: boolean[]; readonly B: boolean[] };
  readonly outside: number[];
  readonly ordered: boolean[];
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
    ordered: [],
    painted: [],
    unpainted: [],
  };
  for (const [index, prompt] of fixedPrompts(kinds, pictures, FIRST).entries()) {
    await tryEdits(runtime, judge, prompt, outcomes);
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
  { recoloured, outside, ordered, painted, unpainted }: Outcomes,
): Promise<void> {
  const image = await generatePicture(runtime, prompt);
  const seen = await judge.look(image);
  const place = seen.mask(prompt);
  if (!place || !seen.shows(prompt)) return;
  const word = wordOf(prompt, prompt.color);
  const to = COLOUR_NAMES[(COLOUR_NAMES.indexOf(prompt.color) + 4) % COLOUR_NAMES.length]!;
  for (const recipe of ['A', 'B'] as const) {
    const pair = await run(runtime, prompt, {
      recolour: { word, to, recipe },
      selfSteps: [0, 1],
      blend: wordOf(prompt, prompt.kind === 'person' ? 'shirt' : prompt.kind),
    });
    const wanted = { kind: prompt.kind, color: to };
    const after = await judge.look(pair.target.image);
    const found = after.shows(wanted) ? after.mask(wanted) : null;
    const change = changeOutside(pair, place);
    recoloured[recipe].push(found !== null && change <= 0.05 && overlap(place, found) >= 0.75);
    if (recipe === 'B') outside.push(change);
  }
  const likenesses: number[] = [];
  for (const weight of WEIGHTS) {
    const picture =
      weight === 1 ? image : (await run(runtime, prompt, { weights: [{ word, weight }] })).target.image;
    likenesses.push(likeness(picture, place, prompt.color));
  }
  // The measured colour never falls, up to what rounding pixels to bytes does.
  ordered.push(likenesses.every((value, at) => at === 0 || value >= likenesses[at - 1]! - 0.5));
  const left = centre(place).x < place.dims[1] / 2;
  const region = half(left ? 'right' : 'left');
  const pair = await run(runtime, prompt, {
    method: 'own',
    selfSteps: [0, 0],
    paint: { words: phrase(prompt), region, strength: 4, steps: [0, 0.6] },
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

function findings({ recoloured, outside, ordered, painted, unpainted }: Outcomes): readonly Finding[] {
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
      name: 'reweighting a colour word over 0, 0.5, 1, 2: the colour never falls',
      value: share(ordered),
      unit: 'share',
      bar: { is: 'at least', value: 0.75 },
      note: `${ordered.length} pictures; likeness to the colour on the thing's place`,
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

/** How near the object's pixels are to the colour: minus the mean CIE difference, the higher the nearer. */
function likeness({ data }: Pixels, mask: Mask, color: Colour): number {
  const [red, green, blue]: Rgb = COLOURS[color];
  const wanted = toLab(red, green, blue);
  let sum = 0;
  mask.data.forEach((inside, pixel) => {
    if (!inside) return;
    const [l, a, b] = toLab(data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!);
    sum -= Math.hypot(l - wanted[0], a - wanted[1], b - wanted[2]);
  });
  return sum / area(mask);
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
