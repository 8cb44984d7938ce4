import {
  ABOVE,
  BELOW,
  BESIDE,
  BOTH,
  describe,
  fill,
  LEFT,
  OVER,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PREFIXES,
  RIGHT,
  SKY_PHRASES,
  TIME_PHRASES,
  withArticle,
} from './grammar.ts';
import { DRAWINGS } from './objects/drawings.ts';
import type { Random } from './random.ts';
import type { Scene, SkyThing, Thing } from './scene.ts';

export { describe } from './grammar.ts';

export const MOST_WORDS = 18;
const PARTIAL_SHARE = 0.15;

/**
 * `n` captions, true of the scene, of 1 to 18 lower-case words without punctuation. About 85% name every thing with
 * its colour (and most of them the place), the others a part of it: "a red car", "red", "the beach at sunset".
 */
export function captions(scene: Scene, random: Random, n: number): string[] {
  return Array.from({ length: n }, () => {
    if (random.chance(PARTIAL_SHARE)) return partialCaption(scene, random);
    for (let attempt = 0; attempt < 8; attempt++) {
      const caption = fullCaption(scene, random, attempt < 4);
      if (caption.split(' ').length <= MOST_WORDS) return caption;
    }
    return scene.things
      .slice(0, 2)
      .map(({ kind, color }) => describe(kind, color))
      .join(' and ');
  });
}

function thingPhrase(thing: Thing, random: Random, roomy: boolean): string {
  const phrase = describe(thing.kind, thing.color);
  return roomy && thing.kind === 'person' && thing.secondColor && random.chance(0.2)
    ? `${phrase} and ${thing.secondColor} trousers`
    : phrase;
}

function placePhrase(scene: Scene, random: Random): string {
  return `${random.pick(PLACE_PREPOSITIONS[scene.place])} ${random.pick(PLACE_NOUNS[scene.place])}`;
}

function fullCaption(scene: Scene, random: Random, roomy: boolean): string {
  const flying = scene.things.filter((thing) => thing.airborne);
  const standing = scene.things.filter((thing) => !thing.airborne);
  const names = new Map(scene.things.map((thing) => [thing.id, thingPhrase(thing, random, roomy)]));
  const name = (thing: Thing): string => names.get(thing.id)!;
  const withPlace = random.chance(0.88);
  let words: string;
  const pair = relation(scene, random);
  if (pair && random.chance(0.6)) {
    words = fill(pair.template, { x: name(pair.x), y: name(pair.y) });
    // "a kite above a dog in the desert" is true of the dog, the second thing; so is every place phrase that ends a caption.
    if (withPlace && !pair.y.airborne) words += ` ${placePhrase(scene, random)}`;
  } else {
    const groups: string[] = [];
    if (standing.length > 0) {
      const list = random.shuffle(standing).map(name).join(' and ');
      groups.push(withPlace ? `${list} ${placePhrase(scene, random)}` : list);
    }
    if (flying.length > 0) {
      const list = random.shuffle(flying).map(name).join(' and ');
      if (standing.length > 0) groups.push(withPlace ? `${list} in the sky` : list);
      else
        groups.push(
          withPlace
            ? `${list} ${fill(random.pick(OVER), { place: random.pick(PLACE_NOUNS[scene.place]) })}`
            : list,
        );
    }
    words = groups.reduce((x, y) => fill(BOTH, { x, y }));
  }
  if (roomy && random.chance(0.12)) words += skyPhrase(scene, random);
  if (random.chance(scene.time === 'day' ? 0.25 : 0.75)) words += ` ${random.pick(TIME_PHRASES[scene.time])}`;
  return roomy && random.chance(0.25) ? fill(random.pick(PREFIXES), { x: words }) : words;
}

interface Relation {
  readonly template: string;
  readonly x: Thing;
  readonly y: Thing;
}

/** A true relation between the two things of a scene, in a random reading of it. */
function relation(scene: Scene, random: Random): Relation | undefined {
  if (scene.things.length !== 2) return undefined;
  const [x, y] = random.shuffle(scene.things) as [Thing, Thing];
  const options: string[] = [];
  if (isLeftOf(x, y)) options.push(LEFT);
  if (isLeftOf(y, x)) options.push(RIGHT);
  if (isAbove(x, y)) options.push(ABOVE);
  if (isAbove(y, x)) options.push(BELOW);
  if (isBeside(x, y)) options.push(BESIDE);
  return options.length > 0 ? { template: random.pick(options), x, y } : undefined;
}

/** The centres differ by more than 0.15 of the picture's width. */
export function isLeftOf(x: Thing, y: Thing): boolean {
  return y.x - x.x > 0.15;
}

/** One is in the air, the other is not, and x is wholly higher, give or take a tenth of the picture. */
export function isAbove(x: Thing, y: Thing): boolean {
  return (
    x.airborne &&
    !y.airborne &&
    x.y < y.y - y.size * DRAWINGS[y.kind].height + 0.1 &&
    Math.abs(x.x - y.x) < 0.4
  );
}

/** Both stand on the ground, side by side: little depth between them and little room. */
export function isBeside(x: Thing, y: Thing): boolean {
  const reach = (x.size * DRAWINGS[x.kind].width + y.size * DRAWINGS[y.kind].width) / 2;
  const gap = Math.abs(x.x - y.x) - reach;
  return !x.airborne && !y.airborne && gap > -0.08 && gap < 0.3 && Math.abs(x.y - y.y) < 0.25;
}

function skyPhrase(scene: Scene, random: Random): string {
  const seen = scene.sky.filter((sky) => isVisible(scene, sky));
  return seen.length > 0 ? ` ${random.pick(SKY_PHRASES[random.pick(seen).kind])}` : '';
}

/** Whether a sky thing is wholly inside the picture, above the horizon, and free of everything in front of it. */
export function isVisible(scene: Scene, sky: SkyThing): boolean {
  const half = sky.size * 0.55;
  if (sky.x < half || sky.x > 1 - half || sky.y < half) return false;
  if (sky.y + half > scene.horizon - (scene.place === 'city' ? 0.4 : 0.12)) return false;
  const later = scene.sky.slice(scene.sky.indexOf(sky) + 1);
  if (
    later.some(
      (other) =>
        Math.abs(other.x - sky.x) < half + other.size * 0.55 &&
        Math.abs(other.y - sky.y) < half + other.size * 0.3,
    )
  )
    return false;
  return !scene.things.some((thing) => {
    const { width, height } = DRAWINGS[thing.kind];
    const clear = thing.y - thing.size * height > sky.y + half || thing.y < sky.y - half;
    return !clear && Math.abs(thing.x - sky.x) < (thing.size * width) / 2 + half;
  });
}

function partialCaption(scene: Scene, random: Random): string {
  const thing = random.pick(scene.things);
  const time = random.pick(TIME_PHRASES[scene.time]);
  const place = random.pick(PLACE_NOUNS[scene.place]);
  switch (random.integer(8)) {
    case 0:
    case 1:
      return describe(thing.kind, thing.color);
    case 2:
      return thing.color;
    case 3:
      return withArticle(thing.kind);
    case 4:
      return place;
    case 5:
      return `${place} ${time}`;
    case 6:
      return `${describe(thing.kind, thing.color)} ${time}`;
    default:
      return random.chance(0.5) ? thing.kind : scene.place;
  }
}
