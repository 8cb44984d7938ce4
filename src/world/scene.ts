import { arrange, canStack, type Guest, type Layout } from './arrangement.ts';
import {
  BUILDS,
  BUILT,
  COLOUR_NAMES,
  type Colour,
  type Kind,
  LIGHTS,
  type Light,
  OBJECTS,
  PATTERNED,
  PATTERNS,
  type Pattern,
  PLACES,
  type Place,
  type SkyKind,
  type State,
  type Time,
  type Weather,
} from './catalogue.ts';
import type { Scene, SkyThing, Thing } from './graph.ts';
import { Random } from './random.ts';
import { isUnseenColour, isUnseenPlace, SPLIT_STREAMS, type Split } from './split.ts';

export { recolour, withoutThing } from './counterfactual.ts';
export type { Scene, SkyThing, Thing } from './graph.ts';

export interface SceneOptions {
  readonly split?: Split;
  readonly place?: Place;
  readonly time?: Time;
  readonly weather?: Weather;
  readonly light?: Light;
  /** How many things, 1 to 4. */
  readonly objects?: number;
  /** Kinds, colours, states and patterns of the first, second... thing; missing ones are drawn at random. */
  readonly kinds?: readonly Kind[];
  readonly colors?: readonly Colour[];
  readonly states?: readonly State[];
  readonly patterns?: readonly Pattern[];
}

export const MOST_THINGS = 4;
const STEPS = 1024;
/** Too firmly rooted to be in the air. */
const ROOTED: ReadonlySet<Kind> = new Set<Kind>(['house', 'tower', 'tree']);
const FLIERS: ReadonlySet<Kind> = new Set<Kind>(['bird', 'kite', 'balloon', 'plane']);

interface Choice {
  readonly kind: Kind;
  readonly color: Colour;
}

/**
 * The scene of a seed. Kind, colour, place, time, weather, light and pattern are independent, all but time (day 60%) and
 * weather (clear 70%) uniform, but for the pairs that the train split refuses. 40% of the scenes hold one thing, 30% two, 15%
 * three, 15% a group of two to four of one kind. Throws when options ask the train split for a pair it refuses.
 */
export function sampleScene(seed: number, options: SceneOptions = {}): Scene {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`invalid seed: ${seed}`);
  const split = options.split ?? 'heldout';
  const random = new Random(seed, SPLIT_STREAMS[split]);
  const share = random.uniform();
  const asked = options.objects ?? options.kinds?.length;
  const grouped = asked === undefined && share >= 0.85;
  const count = asked ?? (share < 0.4 ? 1 : share < 0.7 ? 2 : share < 0.85 ? 3 : 2 + random.integer(3));
  if (!Number.isInteger(count) || count < 1 || count > MOST_THINGS)
    throw new RangeError(`invalid number of objects: ${count}`);
  const hour = random.uniform();
  const time = options.time ?? (hour < 0.6 ? 'day' : hour < 0.8 ? 'night' : 'sunset');
  const sky = random.uniform();
  const weather = options.weather ?? (sky < 0.7 ? 'clear' : sky < 0.85 ? 'rain' : 'snow');
  const light = options.light ?? random.pick(LIGHTS);
  const place = options.place ?? random.pick(PLACES);
  const choices = choose(random, options, split, place, count, grouped);
  const horizon = (0.44 * STEPS + random.integer(Math.floor(0.14 * STEPS))) / STEPS;
  const { guests, layout } = plan(random, choices, options, place, grouped);
  const things = arrange(random, guests, horizon, layout).map((spot, i): Thing => {
    const { guest, supporter, flip, ground, kind, x, y, size, lean } = spot;
    const others = COLOUR_NAMES.filter((name) => name !== guest.color);
    const second = random.pick(others);
    const pattern = random.chance(0.4) ? 'plain' : random.pick(PATTERNS);
    const build = random.pick(BUILDS);
    const wanted = options.patterns?.[guests.indexOf(guest)];
    return {
      id: i + 1,
      kind,
      color: guest.color,
      ...(kind === 'person' ? { secondColor: second } : {}),
      pattern: PATTERNED.has(kind) ? (wanted ?? pattern) : 'plain',
      ...(BUILT.has(kind) ? { material: build } : {}),
      state: guest.state,
      airborne: guest.airborne,
      x,
      y,
      size,
      lean,
      ground,
      ...(supporter === undefined ? {} : { supporter: supporter + 1 }),
      flip,
      variant: Array.from({ length: 9 }, () => random.integer(STEPS) / STEPS),
    };
  });
  const above = sampleSky(random, time, weather, horizon);
  return { version: 2, seed, split, place, time, weather, light, horizon, things, sky: above };
}

function choose(
  random: Random,
  options: SceneOptions,
  split: Split,
  place: Place,
  count: number,
  grouped: boolean,
): Choice[] {
  const allowed = ({ kind, color }: Choice) =>
    split !== 'train' || !(isUnseenColour(kind, color) || isUnseenPlace(kind, place));
  const one = (kind: Kind | undefined, color: Colour | undefined): Choice => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const choice = { kind: kind ?? random.pick(OBJECTS), color: color ?? random.pick(COLOUR_NAMES) };
      if (allowed(choice)) return choice;
    }
    throw new RangeError(`the train split has no such pair in place ${place}`);
  };
  if (!grouped) return Array.from({ length: count }, (_, i) => one(options.kinds?.[i], options.colors?.[i]));
  const first = one(undefined, undefined);
  const uniform = random.chance(0.5);
  const group = Array.from({ length: count }, (_, i) =>
    i === 0 || uniform ? first : one(first.kind, undefined),
  );
  return count < MOST_THINGS && random.chance(0.4) ? [...group, one(undefined, undefined)] : group;
}

function plan(
  random: Random,
  choices: readonly Choice[],
  options: SceneOptions,
  place: Place,
  grouped: boolean,
): { readonly guests: readonly Guest[]; readonly layout: Layout } {
  const shared = random.uniform();
  const alike = grouped && random.chance(0.75);
  const drawn = choices.map((choice, i): Guest => {
    const own = random.uniform();
    const state =
      options.states?.[i] ?? stateOf(choice.kind, alike && i > 0 ? shared : i === 0 ? shared : own);
    return settle(choice, state, place);
  });
  const sized = random.chance(0.4);
  const twins = drawn.length === 2 && drawn[0]!.kind === drawn[1]!.kind;
  const statures = random.shuffle(['big', 'small'] as const);
  const guests =
    twins && sized ? drawn.map((guest, i): Guest => ({ ...guest, stature: statures[i]! })) : drawn;
  const wish = random.uniform();
  if (grouped || guests.length === 1 || options.states) return { guests, layout: 'scatter' };
  const [a, b, ...rest] = guests.map((guest) => settle(guest, 'resting', place)) as [
    Guest,
    Guest,
    ...Guest[],
  ];
  const others = guests.slice(2);
  if (wish < 0.42) {
    if (canStack(a, b)) return { guests: [a, mounted(b), ...others], layout: 'stack' };
    if (canStack(b, a)) return { guests: [b, mounted(a), ...others], layout: 'stack' };
  } else if (wish < 0.62 && rest.length < 2) return { guests: [a, b, ...others], layout: 'front' };
  return { guests, layout: 'scatter' };
}

/** What happens to a thing on its own: half of the things that can be in the air are. */
function stateOf(kind: Kind, chance: number): State {
  if (ROOTED.has(kind)) return 'resting';
  const [resting, falling] = FLIERS.has(kind) ? [0.4, 0.6] : [0.54, 0.77];
  return chance < resting ? 'resting' : chance < falling ? 'falling' : 'floating';
}

/** At sea there is no ground to rest on: what is not in the air floats in the water. */
function settle(choice: Choice, state: State, place: Place): Guest {
  const { kind, color } = choice;
  if (state === 'resting' && place === 'sea') return { kind, color, state: 'floating', airborne: false };
  return { kind, color, state, airborne: state !== 'resting' };
}

function mounted({ kind, color }: Guest): Guest {
  return { kind, color, state: 'resting', airborne: false };
}

function sampleSky(random: Random, time: Time, weather: Weather, horizon: number): SkyThing[] {
  const kinds: SkyKind[] = [];
  const clouded = weather === 'clear' ? 0.4 : 0.6;
  for (let i = 0; i < 2; i++) if (random.chance(clouded)) kinds.push('cloud');
  const shining = weather === 'clear' ? 0.6 : 0.2;
  if (random.chance(shining)) kinds.unshift(time === 'night' ? 'moon' : 'sun');
  return kinds.map((kind, i) => {
    const low = kind === 'sun' && time === 'sunset';
    return {
      id: 101 + i,
      kind,
      x: random.integer(STEPS) / STEPS,
      y: low ? horizon - random.uniform(0.03, 0.12) : random.uniform(0.08, horizon * 0.5),
      size: kind === 'cloud' ? random.uniform(0.2, 0.34) : random.uniform(0.13, 0.19),
      variant: Array.from({ length: 6 }, () => random.integer(STEPS) / STEPS),
    };
  });
}
