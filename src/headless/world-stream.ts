import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { captions } from '../world/caption.ts';
import { CATEGORIES, COLOURS, LABELS, OBJECTS, PLACES, SKY_OBJECTS, TIMES } from '../world/catalogue.ts';
import { type Drawing, drawScene } from '../world/draw.ts';
import { questions } from '../world/questions.ts';
import { Random } from '../world/random.ts';
import { type Scene, sampleScene } from '../world/scene.ts';
import type { Split } from '../world/split.ts';
import { UNSEEN_COLOURS, UNSEEN_PLACES, unseenCombination } from '../world/split.ts';
import { VOCABULARY } from '../world/vocabulary.ts';

/**
 * Writes annotated scenes to standard output for the training code. A record is: the byte length of a JSON (u32, little
 * endian), that JSON, then size * size * 3 bytes of RGB and four planes of size * size labels: object, color, part, scene.
 * Scene i has seed S + i.
 *
 *     npx tsx src/headless/world-stream.ts --seed 0 --count 1000 --size 128 --split train --captions 3 > scenes.bin
 *     npx tsx src/headless/world-stream.ts --catalogue
 */
const PLANES = ['object', 'color', 'part', 'scene'] as const;
const TEXT_STREAM = 4;

function record(scene: Scene, size: number, captionCount: number): Buffer {
  const drawing = drawScene(scene, size);
  const random = new Random(scene.seed, TEXT_STREAM + (scene.split === 'train' ? 0 : 1));
  const areas = instanceAreas(drawing);
  const json = Buffer.from(
    JSON.stringify({
      seed: scene.seed,
      split: scene.split,
      place: scene.place,
      time: scene.time,
      unseen: unseenCombination(scene),
      things: scene.things.map(({ id, kind, color, secondColor, x, y, size: unit, airborne }) => ({
        id,
        kind,
        color,
        secondColor,
        x,
        y,
        size: unit,
        airborne,
        area: areas[id]! / (size * size),
      })),
      sky: scene.sky.map(({ kind, x, y, size: unit }) => ({ kind, x, y, size: unit })),
      captions: captions(scene, random, captionCount),
      questions: questions(scene, random),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const plane = size * size;
  const planes = PLANES.map((category) => {
    const start = CATEGORIES.indexOf(category) * plane;
    return drawing.labels.subarray(start, start + plane);
  });
  return Buffer.concat([length, json, new Uint8Array(drawing.rgb.buffer), ...planes]);
}

function instanceAreas(drawing: Drawing): Uint32Array {
  const areas = new Uint32Array(256);
  for (const id of drawing.instances) areas[id]!++;
  return areas;
}

function natural(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`invalid --${name}: ${text}`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      count: { type: 'string', default: '1' },
      size: { type: 'string', default: '128' },
      split: { type: 'string', default: 'train' },
      captions: { type: 'string', default: '3' },
      catalogue: { type: 'boolean', default: false },
    },
  });
  if (values.catalogue) {
    process.stdout.write(
      `${JSON.stringify({
        categories: CATEGORIES,
        labels: LABELS,
        planes: PLANES,
        objects: OBJECTS,
        skyObjects: SKY_OBJECTS,
        colours: COLOURS,
        places: PLACES,
        times: TIMES,
        unseenColours: UNSEEN_COLOURS,
        unseenPlaces: UNSEEN_PLACES,
        vocabulary: VOCABULARY,
      })}\n`,
    );
    return;
  }
  const seed = natural('seed', values.seed, 0);
  const count = natural('count', values.count, 0);
  const size = natural('size', values.size, 8);
  const captionCount = natural('captions', values.captions, 0);
  if (values.split !== 'train' && values.split !== 'heldout')
    throw new RangeError(`invalid --split: ${values.split}`);
  const split: Split = values.split;
  // A reader that has had enough closes the pipe; that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for (let i = 0; i < count; i++) {
    const bytes = record(sampleScene(seed + i, { split }), size, captionCount);
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
  }
}

await main();
