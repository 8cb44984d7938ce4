import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { claimedCaptions, fullCaption } from '../world/caption.ts';
import {
  BUILDS,
  BUILT,
  CATEGORIES,
  type Category,
  COLOURS,
  LABELS,
  LIGHTS,
  OBJECTS,
  PATTERNED,
  PATTERNS,
  PLACES,
  SKY_OBJECTS,
  STATES,
  TIMES,
  WEATHERS,
} from '../world/catalogue.ts';
import { type Drawing, drawScene } from '../world/draw.ts';
import { FACTS, factsOf } from '../world/facts.ts';
import { ANSWERS, COUNT_WORDS, NO, QUESTIONS, YES, ZERO } from '../world/grammar.ts';
import { questions } from '../world/questions.ts';
import { Random } from '../world/random.ts';
import { isVisible, RELATIONS } from '../world/relations.ts';
import { type Scene, sampleScene } from '../world/scene.ts';
import type { Split } from '../world/split.ts';
import { UNSEEN_COLOURS, UNSEEN_PLACES, unseenCombination } from '../world/split.ts';
import { VOCABULARY } from '../world/vocabulary.ts';

/**
 * Writes annotated scenes to standard output for the training code. A record is: the byte length of a JSON (u32, little
 * endian), that JSON, then size * size * 3 bytes of RGB and the planes of size * size labels asked for (object, color, part, scene
 * if nothing else is said; `instance` holds the things' ids). Scene i has seed S + i.
 *
 *     npx tsx src/headless/world-stream.ts --seed 0 --count 1000 --size 128 --split train --captions 3 > scenes.bin
 *     npx tsx src/headless/world-stream.ts --planes object,texture,instance --count 10 > scenes.bin
 *     npx tsx src/headless/world-stream.ts --catalogue
 */
const PLANES: readonly Plane[] = ['object', 'color', 'part', 'scene'];
const INSTANCE = 'instance';
type Plane = Category | typeof INSTANCE;
const TEXT_STREAM = 4;

function record(scene: Scene, size: number, captionCount: number, planes: readonly Plane[]): Buffer {
  const drawing = drawScene(scene, size);
  const random = new Random(scene.seed, TEXT_STREAM + (scene.split === 'train' ? 0 : 1));
  const seen = seenThings(drawing);
  const json = Buffer.from(
    JSON.stringify({
      seed: scene.seed,
      split: scene.split,
      place: scene.place,
      time: scene.time,
      weather: scene.weather,
      light: scene.light,
      unseen: unseenCombination(scene),
      things: scene.things.map((thing) => ({
        id: thing.id,
        kind: thing.kind,
        color: thing.color,
        secondColor: thing.secondColor,
        pattern: PATTERNED.has(thing.kind) ? thing.pattern : undefined,
        material: thing.material,
        state: thing.state,
        airborne: thing.airborne,
        supporter: thing.supporter,
        x: thing.x,
        y: thing.y,
        size: thing.size,
        ...seen.get(thing.id),
      })),
      sky: scene.sky.map((sky) => ({
        kind: sky.kind,
        x: sky.x,
        y: sky.y,
        size: sky.size,
        visible: isVisible(scene, sky),
      })),
      facts: factsOf(scene),
      captions: claimedCaptions(scene, random, captionCount),
      fullCaption: fullCaption(scene),
      questions: questions(scene, random),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const plane = size * size;
  const maps = planes.map((name) => {
    if (name === INSTANCE) return drawing.instances;
    const start = CATEGORIES.indexOf(name) * plane;
    return drawing.labels.subarray(start, start + plane);
  });
  return Buffer.concat([length, json, new Uint8Array(drawing.rgb.buffer), ...maps]);
}

interface SeenThing {
  /** Share of the picture. */
  readonly area: number;
  /** [left, top, right, bottom] of its pixels, in the unit square. */
  readonly box: readonly [number, number, number, number];
}

/** What is to be seen of every thing. */
function seenThings({ instances, size }: Drawing): ReadonlyMap<number, SeenThing> {
  const bounds = new Map<number, [count: number, left: number, top: number, right: number, bottom: number]>();
  for (let at = 0; at < instances.length; at++) {
    const id = instances[at]!;
    if (id === 0) continue;
    const x = at % size;
    const y = (at - x) / size;
    const bound = bounds.get(id);
    if (bound === undefined) bounds.set(id, [1, x, y, x + 1, y + 1]);
    else {
      bound[0]++;
      if (x < bound[1]) bound[1] = x;
      if (x + 1 > bound[3]) bound[3] = x + 1;
      bound[4] = y + 1;
    }
  }
  return new Map(
    [...bounds].map(([id, [count, left, top, right, bottom]]): [number, SeenThing] => [
      id,
      { area: count / (size * size), box: [left / size, top / size, right / size, bottom / size] },
    ]),
  );
}

const CATALOGUE = {
  categories: CATEGORIES,
  labels: LABELS,
  planes: PLANES,
  objects: OBJECTS,
  skyObjects: SKY_OBJECTS,
  colours: COLOURS,
  places: PLACES,
  times: TIMES,
  weathers: WEATHERS,
  lights: LIGHTS,
  states: STATES,
  patterns: PATTERNS,
  patterned: [...PATTERNED],
  builds: BUILDS,
  built: [...BUILT],
  relations: RELATIONS,
  // The facts "KIND RELATION KIND" are too many to list: every ordered pair of two kinds with every relation.
  facts: FACTS,
  questions: QUESTIONS,
  answers: {
    color: Object.keys(COLOURS),
    shirt: Object.keys(COLOURS),
    trousers: Object.keys(COLOURS),
    ...Object.fromEntries(['left', 'right', 'above', 'below', 'on', 'front'].map((type) => [type, OBJECTS])),
    count: [ZERO, ...COUNT_WORDS],
    there: [YES, NO],
    where: PLACES,
    time: TIMES,
    weather: WEATHERS,
    is: [YES, NO],
    doing: STATES,
    pattern: PATTERNS,
    material: BUILDS,
    light: LIGHTS,
  },
  sentences: ANSWERS,
  unseenColours: UNSEEN_COLOURS,
  unseenPlaces: UNSEEN_PLACES,
  vocabulary: VOCABULARY,
};

function natural(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`invalid --${name}: ${text}`);
  return value;
}

function planesOf(text: string): readonly Plane[] {
  return text.split(',').map((name) => {
    const plane = [...CATEGORIES, INSTANCE].find((known): known is Plane => known === name);
    if (plane === undefined) throw new RangeError(`invalid --planes: ${name}`);
    return plane;
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      count: { type: 'string', default: '1' },
      size: { type: 'string', default: '128' },
      split: { type: 'string', default: 'train' },
      captions: { type: 'string', default: '3' },
      planes: { type: 'string', default: PLANES.join(',') },
      catalogue: { type: 'boolean', default: false },
    },
  });
  if (values.catalogue) {
    process.stdout.write(`${JSON.stringify(CATALOGUE)}\n`);
    return;
  }
  const seed = natural('seed', values.seed, 0);
  const count = natural('count', values.count, 0);
  const size = natural('size', values.size, 8);
  const captionCount = natural('captions', values.captions, 0);
  const planes = planesOf(values.planes);
  if (values.split !== 'train' && values.split !== 'heldout')
    throw new RangeError(`invalid --split: ${values.split}`);
  const split: Split = values.split;
  // A reader that has had enough closes the pipe; that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for (let i = 0; i < count; i++) {
    const bytes = record(sampleScene(seed + i, { split }), size, captionCount, planes);
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
  }
}

await main();
