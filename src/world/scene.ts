import { arrange } from './arrangement.ts';
import {
  COLOUR_NAMES,
  type Colour,
  type Kind,
  OBJECTS,
  PLACES,
  type Place,
  type SkyKind,
  type Time,
} from './catalogue.ts';
import { Random } from './random.ts';
import { isUnseenColour, isUnseenPlace, SPLIT_STREAMS, type Split } from './split.ts';

/** Positions and sizes are in the unit square, x to the right, y down. Plain data: a scene survives JSON unchanged. */
export interface Thing {
  /** 1 to 255, unique in its scene; the value of its pixels in the instance map. */
  readonly id: number;
  readonly kind: Kind;
  readonly color: Colour;
  /** A person's trousers. */
  readonly secondColor?: Colour;
  /** The foot: centre of the bottom edge. */
  readonly x: number;
  readonly y: number;
  /** Length of the drawing's local unit. */
  readonly size: number;
  readonly flip: boolean;
  readonly airborne: boolean;
  /** Numbers in [0, 1): six for the shape, three for the jitter of red, green and blue. */
  readonly variant: readonly number[];
}

export interface SkyThing {
  readonly id: number;
  readonly kind: SkyKind;
  /** The centre. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly variant: readonly number[];
}

export interface Scene {
  readonly version: 1;
  readonly seed: number;
  readonly split: Split;
  readonly place: Place;
  readonly time: Time;
  /** y of the line between sky and ground. */
  readonly horizon: number;
  /** From back to front. */
  readonly things: readonly Thing[];
  readonly sky: readonly SkyThing[];
}

export interface SceneOptions {
  readonly split?: Split;
  readonly place?: Place;
  readonly time?: Time;
  /** How many things, 1 to 3. */
  readonly objects?: number;
  /** Kinds and colours of the first, second, third thing; missing ones are drawn at random. */
  readonly kinds?: readonly Kind[];
  readonly colors?: readonly Colour[];
}

const STEPS = 1024;

/**
 * The scene of a seed. Kind, colour, place and time are independent and uniform (time: day 60%, night 20%, sunset 20%),
 * but for the pairs that the train split refuses. Throws when options ask the train split for such a pair.
 */
export function sampleScene(seed: number, options: SceneOptions = {}): Scene {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`invalid seed: ${seed}`);
  const split = options.split ?? 'heldout';
  const random = new Random(seed, SPLIT_STREAMS[split]);
  const share = random.uniform();
  const count =
    options.objects ?? Math.max(options.kinds?.length ?? 0, share < 0.55 ? 1 : share < 0.9 ? 2 : 3);
  if (!Number.isInteger(count) || count < 1 || count > 3)
    throw new RangeError(`invalid number of objects: ${count}`);
  const hour = random.uniform();
  const time = options.time ?? (hour < 0.6 ? 'day' : hour < 0.8 ? 'night' : 'sunset');
  const place = options.place ?? random.pick(PLACES);
  const train = split === 'train';
  const chosen = Array.from({ length: count }, (_, i) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const kind = options.kinds?.[i] ?? random.pick(OBJECTS);
      const color = options.colors?.[i] ?? random.pick(COLOUR_NAMES);
      if (!train || !(isUnseenColour(kind, color) || isUnseenPlace(kind, place))) return { kind, color };
    }
    throw new RangeError(`the train split has no such pair in place ${place}`);
  });
  const horizon = (0.44 * STEPS + random.integer(Math.floor(0.14 * STEPS))) / STEPS;
  const things = arrange(random, chosen, horizon).map((spot, i): Thing => {
    const color = spot.color;
    const others = COLOUR_NAMES.filter((name) => name !== color);
    const second = random.pick(others);
    return {
      id: i + 1,
      kind: spot.kind,
      color,
      ...(spot.kind === 'person' ? { secondColor: second } : {}),
      x: spot.x,
      y: spot.y,
      size: spot.size,
      flip: random.chance(0.5),
      airborne: spot.airborne,
      variant: Array.from({ length: 9 }, () => random.integer(STEPS) / STEPS),
    };
  });
  return { version: 1, seed, split, place, time, horizon, things, sky: sampleSky(random, time, horizon) };
}

function sampleSky(random: Random, time: Time, horizon: number): SkyThing[] {
  const kinds: SkyKind[] = [];
  for (let i = 0; i < 2; i++) if (random.chance(0.4)) kinds.push('cloud');
  if (time === 'night') {
    if (random.chance(0.65)) kinds.unshift('moon');
  } else if (random.chance(0.55)) kinds.unshift('sun');
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

/** The same scene without one thing; every other thing draws as before. */
export function withoutThing(scene: Scene, id: number): Scene {
  find(scene, id);
  return { ...scene, things: scene.things.filter((thing) => thing.id !== id) };
}

/** The same scene with one thing in another colour. */
export function recolour(scene: Scene, id: number, color: Colour): Scene {
  find(scene, id);
  return { ...scene, things: scene.things.map((thing) => (thing.id === id ? { ...thing, color } : thing)) };
}

function find(scene: Scene, id: number): void {
  if (!scene.things.some((thing) => thing.id === id)) throw new RangeError(`no thing ${id} in the scene`);
}
