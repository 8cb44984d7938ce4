/** Zero-shot classification of held-out scenes with one thing, and finding the scene of a caption. */

import type { Runtime } from '../../../jobs/runtime.ts';
import { row } from '../../../methods/concepts/texts.ts';
import { cosine } from '../../../tensor/statistics.ts';
import { COLOUR_NAMES, OBJECTS, PLACES } from '../../../world/catalogue.ts';
import { drawScene } from '../../../world/draw.ts';
import { describe, PLACE_NOUNS, withArticle } from '../../../world/grammar.ts';
import { type Scene, sampleScene } from '../../../world/scene.ts';
import { isUnseenColour, isUnseenPlace } from '../../../world/split.ts';
import type { Finding } from '../../table.ts';
import { nearestText, openPair, type Pair } from './pair.ts';
import { tellingScenes } from './retrieval.ts';
import { type Marked, shareRow, splitShares } from './share.ts';

export interface ContrastiveBars {
  readonly zeroShot: number;
  readonly recall: number;
}

const FIRST_SEED = 61_000_000;
const RETRIEVED = 500;

export async function contrastiveFindings(
  runtime: Runtime,
  id: string,
  scenes: number,
  bars: ContrastiveBars,
): Promise<readonly Finding[]> {
  const pair = await openPair(runtime, id);
  return [
    ...(await zeroShotFindings(pair, id, scenes, bars.zeroShot)),
    await recallFinding(pair, id, Math.min(scenes, RETRIEVED), bars.recall),
  ];
}

async function zeroShotFindings(pair: Pair, id: string, count: number, least: number): Promise<Finding[]> {
  const scenes = Array.from({ length: count }, (_, i) => sampleScene(FIRST_SEED + i, { objects: 1 }));
  const seen = await pair.see(drawn(scenes, pair.size));
  const things = scenes.map(({ place, things: [thing] }) => ({
    kind: thing!.kind,
    color: thing!.color,
    place,
  }));
  const objects = await pair.read(OBJECTS.map((kind) => withArticle(kind)));
  const places = await pair.read(PLACES.map((place) => PLACE_NOUNS[place][1]!));
  const coloured = await Promise.all(
    OBJECTS.map((kind) => pair.read(COLOUR_NAMES.map((color) => describe(kind, color)))),
  );
  const marks = (answer: (i: number) => boolean, unseen: (i: number) => boolean): Marked[] =>
    things.map((_, i) => ({ right: answer(i), unseen: unseen(i) }));
  const unseenColour = (i: number) => isUnseenColour(things[i]!.kind, things[i]!.color);
  const unseenPlace = (i: number) => isUnseenPlace(things[i]!.kind, things[i]!.place);
  const recipe = (text: string, labels: number) => `${text}, chance ${(100 / labels).toFixed(0)}%`;
  return [
    ...splitShares(
      `${id}: zero-shot object`,
      marks(
        (i) => OBJECTS[nearestText(seen[i]!, objects)] === things[i]!.kind,
        (i) => unseenColour(i) || unseenPlace(i),
      ),
      least,
      recipe(`"a car" among ${OBJECTS.length} kinds`, OBJECTS.length),
    ),
    ...splitShares(
      `${id}: zero-shot colour`,
      marks((i) => {
        const texts = coloured[OBJECTS.indexOf(things[i]!.kind)]!;
        return COLOUR_NAMES[nearestText(seen[i]!, texts)] === things[i]!.color;
      }, unseenColour),
      least,
      recipe('"a red car" among the ten colours of the true kind', COLOUR_NAMES.length),
    ),
    ...splitShares(
      `${id}: zero-shot place`,
      marks((i) => PLACES[nearestText(seen[i]!, places)] === things[i]!.place, unseenPlace),
      least,
      recipe(`"the lawn" among ${PLACES.length} places`, PLACES.length),
    ),
  ];
}

async function recallFinding(pair: Pair, id: string, count: number, least: number): Promise<Finding> {
  const telling = tellingScenes(count, FIRST_SEED + 1_000_000);
  const seen = await pair.see(
    drawn(
      telling.map(({ scene }) => scene),
      pair.size,
    ),
  );
  const texts = await pair.read(telling.map(({ text }) => text));
  const found = telling.map((_, i) => {
    const own = cosine(seen[i]!, row(texts, i));
    return seen.every((other, j) => j === i || cosine(other, row(texts, i)) < own);
  });
  return shareRow(
    `${id}: text to image, recall@1 among ${count}`,
    found,
    // Among fewer scenes it is easier, and no bar for it is stated.
    count === RETRIEVED ? least : undefined,
    `scenes whose full captions are true of one of them only; chance ${(100 / count).toFixed(1)}%`,
  );
}

function drawn(scenes: readonly Scene[], size: number) {
  return scenes.map((scene) => ({ width: size, height: size, data: drawScene(scene, size).rgb }));
}
