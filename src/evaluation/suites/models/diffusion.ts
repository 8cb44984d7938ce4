/** Do generated pictures show what their prompts say: judged by the oracle, which no training has seen. */

import type { Runtime } from '../../../jobs/runtime.ts';
import { COLOUR_NAMES, type Colour, type Kind, OBJECTS, PLACES } from '../../../world/catalogue.ts';
import { describe, PLACE_NOUNS, PLACE_PREPOSITIONS } from '../../../world/grammar.ts';
import { Random } from '../../../world/random.ts';
import { isUnseenColour, UNSEEN_COLOURS } from '../../../world/split.ts';
import { DIFFUSION, fixedPictures, generatePicture } from '../../generated.ts';
import { colourOf, mainKind, objectMask, openOracle, placeOf, type Reading } from '../../oracle.ts';
import type { Finding } from '../../table.ts';
import { type Marked, shareRow, splitShares } from './share.ts';

interface Wanted {
  readonly kind: Kind;
  readonly color: Colour;
}

const FIRST_SEED = 5000;
const TRIED_SEEDS = 20;

export async function diffusionFindings(
  runtime: Runtime,
  count: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const oracle = await openOracle(runtime);
  const read = async (prompts: readonly string[]): Promise<readonly Reading[]> => {
    const images = [];
    for (const [i, text] of prompts.entries())
      images.push(await generatePicture(runtime, { text, seed: FIRST_SEED + i }));
    say(`${DIFFUSION}: ${prompts.length} pictures like "${prompts[0]}"`);
    return oracle.look(images);
  };
  const fixed = await fixedPictures(runtime, say, count);
  const single = await oracle.look(fixed.map(({ image }) => image));
  const pairs = twoObjects(count);
  const two = await read(pairs.map(({ text }) => text));
  const rare = Array.from({ length: count }, (_, i) => unseenPrompt(i));
  const unseen = await read(rare.map(({ text }) => text));
  const seeds = Math.min(count, TRIED_SEEDS);
  const lawn = await read(Array.from({ length: seeds }, () => 'a red car on a green lawn'));
  const marks = single.map((reading, i): Marked => {
    const { prompt } = fixed[i]!;
    return { right: showsMainly(reading, prompt), unseen: isUnseenColour(prompt.kind, prompt.color) };
  });
  return [
    ...splitShares(`${DIFFUSION}: one thing, kind and colour right`, marks, 0.95, 'judge: scene-oracle'),
    shareRow(
      '  kind right',
      single.map((reading, i) => mainKind(reading) === fixed[i]!.prompt.kind),
    ),
    shareRow(
      '  colour right where the kind is there',
      single.flatMap((reading, i) => {
        const { kind, color } = fixed[i]!.prompt;
        return objectMask(reading, kind) ? [colourOf(reading, kind) === color] : [];
      }),
    ),
    shareRow(
      `${DIFFUSION}: two things, both right`,
      two.map((reading, i) => pairs[i]!.things.every((thing) => shows(reading, thing))),
      0.85,
    ),
    shareRow(
      `${DIFFUSION}: pairs never seen in training`,
      unseen.map((reading, i) => showsMainly(reading, rare[i]!)),
      0.75,
    ),
    shareRow(
      `${DIFFUSION}: "a red car on a green lawn"`,
      lawn.map(
        (reading) => showsMainly(reading, { kind: 'car', color: 'red' }) && placeOf(reading) === 'lawn',
      ),
      0.95,
      'seeds; car, red and lawn',
    ),
  ];
}

function shows(reading: Reading, { kind, color }: Wanted): boolean {
  return objectMask(reading, kind) !== null && colourOf(reading, kind) === color;
}

function showsMainly(reading: Reading, wanted: Wanted): boolean {
  return mainKind(reading) === wanted.kind && shows(reading, wanted);
}

/** "a red car and a blue dog on the lawn": two kinds in two colours, of seen pairs. */
export function twoObjects(
  count: number,
): readonly { readonly text: string; readonly things: readonly [Wanted, Wanted] }[] {
  const random = new Random(FIRST_SEED);
  return Array.from({ length: count }, () => {
    const [first, second] = random.shuffle(OBJECTS);
    const [one, other] = random.shuffle(COLOUR_NAMES);
    const things = [
      { kind: first!, color: one! },
      { kind: second!, color: other! },
    ] as const;
    const place = random.pick(PLACES);
    const where = `${PLACE_PREPOSITIONS[place][0]!} ${PLACE_NOUNS[place][1]!}`;
    return {
      text: `${things.map(({ kind, color }) => describe(kind, color)).join(' and ')} ${where}`,
      things,
    };
  });
}

function unseenPrompt(index: number): Wanted & { readonly text: string } {
  const [color, kind] = UNSEEN_COLOURS[index % UNSEEN_COLOURS.length]!;
  return { kind, color, text: describe(kind, color) };
}
