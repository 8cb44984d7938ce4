import {
  BOTH,
  fill,
  LIGHT_PHRASES,
  OVER,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PREFIXES,
  RELATION_PHRASES,
  SENTENCES,
  SKY_PHRASES,
  TIME_PHRASES,
  WEATHER_CLASHES,
  WEATHER_PHRASES,
  WEATHER_PLACES,
  withArticle,
} from './grammar.ts';
import type { Scene, Thing } from './graph.ts';
import { BARE, classesOf, type Detail, type Phrase, phraseOf } from './phrase.ts';
import type { Random } from './random.ts';
import { holds, isVisible, RELATIONS, type Relation } from './relations.ts';

export { describe } from './grammar.ts';

export interface Caption {
  readonly text: string;
  /** Facts of `factsOf`. */
  readonly claims: readonly string[];
}

export const MOST_WORDS = 30;
const PARTIAL_SHARE = 0.15;

/** The texts of `claimedCaptions`. */
export function captions(scene: Scene, random: Random, n: number): string[] {
  return claimedCaptions(scene, random, n).map(({ text }) => text);
}

/**
 * `n` captions, true of the scene, of 1 to 30 lower-case words without punctuation. About 85% name every thing, nearly
 * always with its colour (and most of them the place), the others a part of it: "a red car", "red", "the beach at sunset".
 */
export function claimedCaptions(scene: Scene, random: Random, n: number): Caption[] {
  return Array.from({ length: n }, () => {
    if (random.chance(PARTIAL_SHARE)) return partialCaption(scene, random);
    for (let attempt = 0; attempt < 8; attempt++) {
      const caption = wholeCaption(scene, random, attempt);
      if (wordsOf(caption.text) <= MOST_WORDS) return caption;
    }
    return joined(classesOf(scene.things.slice(0, 2), true).map((things) => phraseOf(scene, things, BARE)));
  });
}

/** Everything that tells the scene from others, in plain order, at most 30 words; what matters least is left out first. */
export function fullCaption(scene: Scene): Caption {
  for (let cut = 0; ; cut++) {
    const detail: Detail = {
      color: true,
      trousers: cut < 2,
      build: cut < 3,
      pattern: cut < 4 ? 'before' : undefined,
      state: cut < 5 ? 'before' : undefined,
      stature: true,
    };
    const classes = classesOf(scene.things, cut < 7);
    const phrases = classes.map((things) => phraseOf(scene, things, cut < 6 ? detail : BARE));
    const core = pairUp(phrases) ?? joined(phrases);
    const where = placePhrase(scene, scene.things);
    const parts = [core, where, timePhrase(scene), weatherPhrase(scene)];
    if (cut < 1) parts.push(lightPhrase(scene));
    const caption = gathered(parts);
    if (cut === 7 || wordsOf(caption.text) <= MOST_WORDS) return caption;
  }
}

function wordsOf(text: string): number {
  return text.split(' ').length;
}

function gathered(parts: readonly Caption[]): Caption {
  return {
    text: parts.map(({ text }) => text).join(' '),
    claims: [...new Set(parts.flatMap(({ claims }) => claims))],
  };
}

function joined(parts: readonly Caption[]): Caption {
  return {
    text: parts.map(({ text }) => text).reduce((x, y) => fill(BOTH, { x, y })),
    claims: [...new Set(parts.flatMap(({ claims }) => claims))],
  };
}

function wholeCaption(scene: Scene, random: Random, attempt: number): Caption {
  const roomy = attempt < 3;
  const chance = (probability: number) => roomy && random.chance(probability);
  const byColour = random.chance(0.8);
  const phrases = random
    .shuffle(classesOf(scene.things, byColour))
    .map((things) => phraseOf(scene, things, someDetail(random, chance), random));
  const withPlace = random.chance(0.85);
  const related = random.chance(0.6) ? pairUp(phrases, random) : undefined;
  const flying = phrases.filter(({ things }) => things.every(({ airborne }) => airborne));
  const standing = phrases.filter(({ things }) => !things.some(({ airborne }) => airborne));
  let core: Caption;
  let where: Caption | undefined = withPlace ? placePhrase(scene, scene.things, random) : undefined;
  if (related || flying.length === 0 || standing.length === 0) {
    core = related ?? joined(phrases);
  } else {
    // What stands is in its place, what flies is in the sky; "in the sky" ends the caption.
    const rest = phrases.filter((phrase) => !standing.includes(phrase));
    const ground = withPlace
      ? gathered([
          joined(standing),
          placePhrase(
            scene,
            standing.flatMap(({ things }) => things),
            random,
          ),
        ])
      : joined(standing);
    const air = rest.length === flying.length && withPlace ? { text: 'in the sky', claims: [] } : undefined;
    core = joined([ground, air ? gathered([joined(rest), air]) : joined(rest)]);
    where = undefined;
  }
  const when: Caption[] = [];
  if (chance(0.1)) when.push(...skyPhrase(scene, random));
  if (random.chance(scene.time === 'day' ? 0.25 : 0.7)) when.push(timePhrase(scene, random));
  if (random.chance(scene.weather === 'clear' ? 0.1 : 0.7)) when.push(weatherPhrase(scene, random));
  if (chance(0.08)) when.push(lightPhrase(scene, random));
  const plural = phrases.length === 1 && phrases[0]!.things.length > 1;
  const prefixed = chance(0.22);
  // Half of the captions keep the plain order.
  const template = prefixed || random.chance(0.5) ? SENTENCES[0] : random.pick(SENTENCES);
  const inverted = / is /.test(core.text);
  const text = fill(inverted ? SENTENCES[0] : template, {
    core: prefixed && !inverted ? fill(random.pick(PREFIXES), { x: core.text }) : core.text,
    where: where?.text ?? '',
    when: when.map((part) => part.text).join(' '),
    is: plural ? 'are' : 'is',
  });
  return { text, claims: gathered([core, ...(where ? [where] : []), ...when]).claims };
}

function someDetail(random: Random, chance: (probability: number) => boolean): Detail {
  const place = () => (random.chance(0.65) ? ('before' as const) : ('after' as const));
  return {
    color: random.chance(0.94),
    pattern: chance(0.4) ? place() : undefined,
    build: chance(0.4),
    state: chance(0.35) ? (random.chance(0.5) ? 'before' : 'after') : undefined,
    stature: chance(0.6),
    trousers: chance(0.25),
  };
}

/** The first two single things between which a relation holds, in its words, and everything else after them. */
function pairUp(phrases: readonly Phrase[], random?: Random): Caption | undefined {
  const single = phrases.filter(({ things }) => things.length === 1);
  const options: { readonly relation: Relation; readonly x: Phrase; readonly y: Phrase }[] = [];
  for (const relation of ['on', 'in front of', ...RELATIONS] as const) {
    for (const x of single) {
      for (const y of single) {
        const [a, b] = [x.things[0]!, y.things[0]!];
        // The place of a caption that ends in y has to be the place of y.
        if (b.airborne && !a.airborne) continue;
        if (a.kind !== b.kind && holds(relation, a, b)) options.push({ relation, x, y });
      }
    }
  }
  if (options.length === 0) return undefined;
  const { relation, x, y } = random ? random.pick(options) : options[0]!;
  const templates: readonly string[] = RELATION_PHRASES[relation];
  const others = phrases.filter((phrase) => phrase !== x && phrase !== y);
  // "left of a dog is a cat and a bird" would say that of the bird as well.
  const fitting =
    others.length === 0 ? templates : templates.filter((template) => !template.includes(' is '));
  const text = fill(random ? random.pick(fitting) : fitting[0]!, { x: x.text, y: y.text });
  const claims = [...x.claims, ...y.claims, `${x.things[0]!.kind} ${relation} ${y.things[0]!.kind}`];
  return joined([...others, { text, claims }]);
}

function placePhrase(scene: Scene, things: readonly Thing[], random?: Random): Caption {
  const { place, weather } = scene;
  const clashes = WEATHER_CLASHES[weather];
  const nouns = PLACE_NOUNS[place].filter((noun) => !clashes.some((word) => noun.split(' ').includes(word)));
  const wet = random && weather !== 'clear' && random.chance(0.25);
  const noun = !random
    ? nouns[0]!
    : wet
      ? fill(random.pick(WEATHER_PLACES[weather]), { noun: place })
      : random.pick(nouns);
  const claims = [`place ${place}`, ...(wet ? [`weather ${weather}`] : [])];
  if (things.every(({ airborne }) => airborne))
    return { text: fill(random ? random.pick(OVER) : OVER[0], { place: noun }), claims };
  const prepositions = PLACE_PREPOSITIONS[place];
  return { text: `${random ? random.pick(prepositions) : prepositions[0]!} ${noun}`, claims };
}

function timePhrase({ time }: Scene, random?: Random): Caption {
  return {
    text: random ? random.pick(TIME_PHRASES[time]) : TIME_PHRASES[time][0]!,
    claims: [`time ${time}`],
  };
}

function weatherPhrase({ weather }: Scene, random?: Random): Caption {
  const phrases = WEATHER_PHRASES[weather];
  return { text: random ? random.pick(phrases) : phrases[0]!, claims: [`weather ${weather}`] };
}

function lightPhrase({ light }: Scene, random?: Random): Caption {
  const phrases = LIGHT_PHRASES[light];
  return { text: random ? random.pick(phrases) : phrases[0]!, claims: [`light ${light}`] };
}

function skyPhrase(scene: Scene, random: Random): Caption[] {
  const seen = scene.sky.filter((sky) => isVisible(scene, sky));
  if (seen.length === 0) return [];
  const { kind } = random.pick(seen);
  return [{ text: random.pick(SKY_PHRASES[kind]), claims: [kind] }];
}

function partialCaption(scene: Scene, random: Random): Caption {
  const thing = random.pick(scene.things);
  const phrase = phraseOf(scene, [thing], BARE);
  const time = timePhrase(scene, random);
  const place: Caption = {
    text: random.pick(PLACE_NOUNS[scene.place].slice(0, 2)),
    claims: [`place ${scene.place}`],
  };
  switch (random.integer(10)) {
    case 0:
    case 1:
      return phrase;
    case 2:
      return { text: thing.color, claims: [thing.color] };
    case 3:
      return { text: withArticle(thing.kind), claims: [thing.kind] };
    case 4:
      return place;
    case 5:
      return gathered([place, random.chance(0.5) ? time : weatherPhrase(scene, random)]);
    case 6:
      return gathered([phrase, time]);
    case 7:
      return phraseOf(scene, [thing], {
        ...BARE,
        color: random.chance(0.5),
        state: 'before',
        pattern: 'before',
        build: true,
      });
    case 8: {
      const groups = classesOf(scene.things, random.chance(0.5));
      const largest = groups.reduce((most, group) => (group.length > most.length ? group : most));
      return phraseOf(scene, largest, { ...BARE, color: random.chance(0.5) });
    }
    default:
      return random.chance(0.5)
        ? { text: thing.kind, claims: [thing.kind] }
        : { text: scene.place, claims: [`place ${scene.place}`] };
  }
}
