/** The judge of pictures: scene-oracle's labels at every other pixel, and what they say of things, colours and places. */

import { pixelPlanes } from '../families/contrastive/encode.ts';
import { modelView, readPreprocessing } from '../families/contrastive/preprocess.ts';
import { floats } from '../families/session.ts';
import { openPlain } from '../jobs/open.ts';
import type { Runtime } from '../jobs/runtime.ts';
import type { Pixels } from '../protocol/image.ts';
import { type Mask, mask } from '../tensor/mask.ts';
import { type Kind, LABELS, labelId, OBJECTS, PLACES, type Place } from '../world/catalogue.ts';

export const ORACLE = 'scene-oracle';
export const HEADS = ['object', 'color', 'scene'] as const;
export type Head = (typeof HEADS)[number];

/** Label ids of the world, [y, x] on the oracle's grid; 0 where it says "none". */
export interface Reading {
  readonly grid: number;
  readonly labels: Readonly<Record<Head, Uint8Array>>;
}

export interface Oracle {
  readonly grid: number;
  look(pictures: readonly Pixels[]): Promise<readonly Reading[]>;
}

const BATCH = 16;
/** Share of the picture below which a thing is not there; the world's own are at least three times as large. */
const LEAST = 0.01;
/** Rows of a thing, as shares of its height, that show its own colour and not its roof, its skin or its windows. */
const BANDS: Partial<Record<Kind, readonly [number, number]>> = {
  person: [0.25, 0.55],
  house: [0.5, 1],
  taxi: [0.5, 1],
};

/** Throws `model-missing` where it is not shipped and RangeError where its labels are not the world's. */
export async function openOracle(runtime: Runtime): Promise<Oracle> {
  const config = await runtime.json(ORACLE, 'config');
  const grid = checkConfig(config);
  const rules = readPreprocessing(await runtime.json(ORACLE, 'preprocessor_config'));
  const session = await openPlain(runtime, ORACLE, 'model');
  return {
    grid,
    look: async (pictures) => {
      const readings: Reading[] = [];
      for (let first = 0; first < pictures.length; first += BATCH) {
        const views = pictures.slice(first, first + BATCH).map((picture) => modelView(picture, rules));
        const outputs = await session.run({ pixel_values: pixelPlanes(rules, views) }, HEADS);
        const of = (head: Head) => likeliest(floats(outputs, head));
        const labels = { object: of('object'), color: of('color'), scene: of('scene') };
        views.forEach((_, i) => {
          const cut = (codes: Uint8Array) => codes.subarray(i * grid * grid, (i + 1) * grid * grid);
          readings.push({
            grid,
            labels: { object: cut(labels.object), color: cut(labels.color), scene: cut(labels.scene) },
          });
        });
      }
      return readings;
    },
  };
}

/** Where a thing of the kind is, on the oracle's grid; null for none. */
export function objectMask({ grid, labels }: Reading, kind: Kind): Mask | null {
  const id = labelId('object', kind);
  const data = labels.object.map((label) => (label === id ? 1 : 0));
  const count = data.reduce((sum, value) => sum + value, 0);
  return count >= LEAST * data.length ? mask(grid, grid, data) : null;
}

/** The kind that fills most of the picture, or null. */
export function mainKind(reading: Reading): Kind | null {
  const counts = tally(reading.labels.object);
  const area = (kind: Kind) => counts.get(labelId('object', kind)) ?? 0;
  const largest = OBJECTS.reduce((best, kind) => (area(kind) > area(best) ? kind : best));
  return area(largest) >= LEAST * reading.labels.object.length ? largest : null;
}

/** The commonest colour of the kind's own surface, or null where the kind or any colour is missing. */
export function colourOf(reading: Reading, kind: Kind): string | null {
  const found = objectMask(reading, kind);
  if (!found) return null;
  const { grid } = reading;
  const rows = found.data.reduce<number[]>((at, value, i) => {
    if (value) at.push(Math.floor(i / grid));
    return at;
  }, []);
  const top = rows[0]!;
  const height = Math.max(1, rows.at(-1)! - top);
  const [from, to] = BANDS[kind] ?? [0, 1];
  const counts = tally(
    reading.labels.color.filter((_, i) => {
      const share = (Math.floor(i / grid) - top) / height;
      return found.data[i] === 1 && share >= from && share <= to;
    }),
  );
  return commonest(LABELS.color, (id) => counts.get(id) ?? 0);
}

/** The place that fills most of what lies below the sky, or null. */
export function placeOf(reading: Reading): Place | null {
  const counts = tally(reading.labels.scene);
  return commonest(PLACES, (id) => counts.get(id) ?? 0);
}

/** Labels start at 1, in the order of `labels`. */
function commonest<T>(labels: readonly T[], count: (id: number) => number): T | null {
  const best = labels.reduce((most, _, i) => (count(i + 1) > count(most) ? i + 1 : most), 1);
  return count(best) > 0 ? labels[best - 1]! : null;
}

function tally(codes: Uint8Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/** Logits [batch, label, y, x] to the best label's position, [batch, y, x]. */
export function likeliest({ dims, data }: { dims: readonly number[]; data: Float32Array }): Uint8Array {
  const [batch = 0, labels = 0, height = 0, width = 0] = dims;
  const plane = height * width;
  const best = new Uint8Array(batch * plane);
  for (let b = 0; b < batch; b++) {
    for (let at = 0; at < plane; at++) {
      const value = (label: number) => data[(b * labels + label) * plane + at]!;
      let top = 0;
      for (let label = 1; label < labels; label++) if (value(label) > value(top)) top = label;
      best[b * plane + at] = top;
    }
  }
  return best;
}

function checkConfig(json: unknown): number {
  const { grid, heads } = json as { grid?: unknown; heads?: Readonly<Record<string, readonly unknown[]>> };
  if (typeof grid !== 'number') throw new RangeError(`${ORACLE}: config has no grid`);
  for (const head of HEADS) {
    const expected: readonly string[] = ['none', ...LABELS[head]];
    const wrong = expected.findIndex((label, i) => heads?.[head]?.[i] !== label);
    if (wrong >= 0)
      throw new RangeError(
        `${ORACLE}: label ${wrong} of head ${head} is ${heads?.[head]?.[wrong]}, not ${expected[wrong]}`,
      );
  }
  return grid;
}
