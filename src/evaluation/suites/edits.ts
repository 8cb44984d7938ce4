/** Do edits do what they say, and nothing else: recolouring, reweighting, painting, on fixed prompts. */

import { createNodeRuntime, type NodeRuntime } from '../../headless/runtime.ts';
import { steer } from '../../jobs/steer.ts';
import type { Pixels } from '../../protocol/image.ts';
import { regionOf } from '../../protocol/region.ts';
import { type Edit, PLAIN_EDIT, type Steering } from '../../protocol/steer.ts';
import { area, type Mask } from '../../tensor/mask.ts';
import { mean } from '../../tensor/statistics.ts';
import { COLOUR_NAMES, COLOURS, type Colour, type Rgb } from '../../world/catalogue.ts';
import { DIFFUSION } from '../generated.ts';
import { FIXED_PROMPTS, type FixedPrompt } from '../prompts.ts';
import { segmentByColour, toLab } from '../segment.ts';
import type { Finding, Measure } from '../table.ts';

/** Every fourth of the fixed prompts: all kinds and colours are among them. */
const PROMPTS = FIXED_PROMPTS.filter((_, index) => index % 4 === 0).slice(
  0,
  Number(process.env.VITRINE_EDITS ?? 25),
);
const SETTINGS = { steps: 25, guidance: 4 };
const WEIGHTS = [0, 0.5, 1, 2] as const;

export const edits: Measure = async (say) => {
  const runtime = createNodeRuntime();
  const recoloured = { A: [] as boolean[], B: [] as boolean[] };
  const outside: number[] = [];
  const ordered: boolean[] = [];
  const painted: boolean[] = [];
  const unpainted: boolean[] = [];
  for (const [index, prompt] of PROMPTS.entries()) {
    const word = wordOf(prompt, prompt.color);
    const to = COLOUR_NAMES[(COLOUR_NAMES.indexOf(prompt.color) + 4) % COLOUR_NAMES.length]!;
    for (const recipe of ['A', 'B'] as const) {
      const pair = await run(runtime, prompt, {
        recolour: { word, to, recipe },
        selfSteps: [0, 1],
        blend: wordOf(prompt, prompt.kind === 'person' ? 'shirt' : prompt.kind),
      });
      const mask = segmentByColour(pair.source.image, COLOURS[prompt.color]);
      // A picture in which nothing of the colour is found shows nothing about its change.
      if (!mask) continue;
      const judged = judgeRecolour(pair, mask, to);
      recoloured[recipe].push(judged.success);
      if (recipe === 'B') outside.push(judged.outside);
    }
    const saturations: number[] = [];
    for (const weight of WEIGHTS) {
      const pair = await run(runtime, prompt, { weights: weight === 1 ? [] : [{ word, weight }] });
      const mask = segmentByColour(pair.source.image, COLOURS[prompt.color]);
      if (mask) saturations.push(likeness(pair.target.image, mask, prompt.color));
    }
    // The measured colour never falls, up to what rounding pixels to bytes does.
    if (saturations.length === WEIGHTS.length) {
      ordered.push(saturations.every((value, at) => at === 0 || value >= saturations[at - 1]! - 0.5));
    }
    const plain = await run(runtime, prompt, {});
    const place = segmentByColour(plain.source.image, COLOURS[prompt.color]);
    if (place) {
      const left = centre(place).x < place.dims[1] / 2;
      const region = half(left ? 'right' : 'left');
      const pair = await run(runtime, prompt, {
        method: 'own',
        selfSteps: [0, 0],
        paint: { words: phrase(prompt), region, strength: 4, steps: [0, 0.6] },
      });
      const moved = segmentByColour(pair.target.image, COLOURS[prompt.color]);
      const within = (mask: Mask | null) => mask !== null && centre(mask).x < mask.dims[1] / 2 !== left;
      painted.push(within(moved));
      unpainted.push(within(place));
    }
    if (index % 5 === 4) say(`edits: ${index + 1} of ${PROMPTS.length} prompts`);
  }
  await runtime.close();
  const share = (list: readonly boolean[]) => (list.length === 0 ? Number.NaN : mean(list.map(Number)));
  const findings: Finding[] = [
    {
      name: 'recolour by map, recipe B: new colour, outside kept, mask kept',
      value: share(recoloured.B),
      unit: 'share',
      bar: { is: 'at least', value: 0.85 },
      note: `${recoloured.B.length} pictures with an object found; outside changes by ${mean(outside).toFixed(3)} on average`,
    },
    { name: '  recipe A', value: share(recoloured.A), unit: 'share' },
    {
      name: 'reweighting a colour word over 0, 0.5, 1, 2: the colour never falls',
      value: share(ordered),
      unit: 'share',
      bar: { is: 'at least', value: 0.75 },
      note: `${ordered.length} pictures`,
    },
    {
      name: 'painting into the other half moves the object there',
      value: share(painted),
      unit: 'share',
      bar: { is: 'at least', value: 0.6 },
      note: `${painted.length} pictures`,
    },
    { name: '  unpainted', value: share(unpainted), unit: 'share' },
  ];
  return findings;
};

async function run(runtime: NodeRuntime, prompt: FixedPrompt, change: Partial<Edit>): Promise<Steering> {
  const edit = { ...PLAIN_EDIT, prompt: prompt.text, ...change };
  const cancellation = { cancelled: false, check: () => undefined };
  return steer(
    { model: DIFFUSION, prompt: prompt.text, seed: prompt.seed, ...SETTINGS, edit },
    { runtime, cancellation, report: () => undefined },
  );
}

/** All three in one picture: the new colour on the object, the rest within 0.05, the mask's IoU at least 0.75. */
function judgeRecolour(
  { source, target }: Steering,
  mask: Mask,
  to: Colour,
): { readonly success: boolean; readonly outside: number } {
  const found = segmentByColour(target.image, COLOURS[to]);
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
  const outside = change / count;
  return { success: found !== null && outside <= 0.05 && overlap(mask, found) >= 0.75, outside };
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

function centre(mask: Mask): { readonly x: number } {
  let x = 0;
  mask.data.forEach((inside, pixel) => {
    if (inside) x += pixel % mask.dims[1];
  });
  return { x: x / area(mask) };
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
