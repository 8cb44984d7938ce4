/**
 * The dissection engine against NumPy on one machine in one run: agreement and speed. Needs a Python with NumPy and Pillow,
 * named by VITRINE_PYTHON (python3 otherwise); without one, the lines say skipped.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { drawSeed, LABEL_CATEGORIES } from '../../jobs/scenes.ts';
import { openUnits } from '../../jobs/unit-source.ts';
import { RECIPES } from '../../methods/dissection/recipe.ts';
import { iouOf, tableRows } from '../../methods/dissection/table.ts';
import type { Tally } from '../../methods/dissection/tally.ts';
import type { UnitMaps } from '../../methods/dissection/units.ts';
import { CATEGORIES } from '../../world/catalogue.ts';
import type { Drawing } from '../../world/draw.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';
import { counted, surveyed } from './dissection-worker.ts';
import { openWorkers } from './dissection-workers.ts';

const SITE = 'vision.blocks.4.mlp.post';
const SCENES = 288;
/** Of which matrix products are timed on a few: they take minutes. */
const FEW_SCENES = 24;
const SEED = 71_000_000;
const PYTHON = process.env.VITRINE_PYTHON ?? 'python3';
const run = promisify(execFile);

interface Dump {
  readonly maps: readonly UnitMaps[];
  readonly drawings: readonly Drawing[];
}

interface Reference {
  readonly thresholds: readonly number[];
  /** [unit, label] */
  readonly iou: readonly number[];
  /** As the loop over units found it. [unit, label] */
  readonly loopIou: readonly number[];
  readonly seconds: { readonly vectorised: number; readonly loop: number };
}

export const dissection: Measure = (say) => compareWithNumpy(SCENES, FEW_SCENES, say);

/** Both engines on the activations of as many scenes; matrix products on a few of them. */
export async function compareWithNumpy(
  scenes: number,
  fewScenes: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const dump = await activations(scenes);
  say('dissection: activations captured');
  return compare(dump, fewScenes, say);
}

async function activations(scenes: number): Promise<Dump> {
  const runtime = createNodeRuntime();
  const units = await openUnits(runtime, { model: CONTRASTIVE, site: SITE, scenes, seed: SEED });
  const drawn = Array.from({ length: scenes }, (_, i) => drawSeed(SEED + i, units.size));
  const maps: UnitMaps[] = [];
  for (let first = 0; first < scenes; first += 8) {
    const batch = await units.maps(drawn.slice(first, first + 8).map(({ picture }) => picture));
    maps.push(...batch.map((map) => ({ ...map, data: map.data.slice() })));
  }
  await runtime.close();
  return { maps, drawings: drawn.map(({ drawing }) => drawing) };
}

async function compare(
  dump: Dump,
  fewScenes: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  // A first time, so that the engine is compiled, as NumPy is.
  const exact = dissect(dump);
  const alone = await median(async () => dissect(dump));
  const workers = openWorkers(dump);
  await workers.run();
  const together = await median(() => workers.run());
  await workers.close();
  say(
    `dissection: ${dump.maps.length} scenes in ${alone.toFixed(2)} s on one thread, ${together.toFixed(2)} s in ${workers.count} workers`,
  );
  const reference = await runReference(dump, fewScenes);
  if (!reference) {
    return ['agreement', 'speed'].map((what) => ({
      name: `${what} with NumPy`,
      value: Number.NaN,
      note: `skipped: ${PYTHON} has no NumPy and Pillow`,
    }));
  }
  say('dissection: NumPy done');
  const labels = exact.head.legend.names.length;
  let worst = 0;
  reference.iou.forEach((iou, i) => {
    worst = Math.max(worst, Math.abs(iou - iouOf(exact, Math.floor(i / labels), i % labels)));
  });
  return [
    {
      name: 'same label as the NumPy reference, exact quantile',
      value: sameLabels(exact, reference.iou),
      unit: 'share',
      bar: { is: 'at least', value: 1 },
      note: `${exact.head.threshold.length} units, ${dump.maps.length} scenes, ${SITE}`,
    },
    {
      name: '  largest difference of IoU over all units and labels, in millionths',
      value: worst * 1e6,
      bar: { is: 'at most', value: 1 },
    },
    {
      name: '  same label, quantile from the histogram alone',
      value: sameLabels(dissect(dump, 0), reference.iou),
      unit: 'share',
      bar: { is: 'at least', value: 0.99 },
    },
    {
      name: 'times faster than the loop over units, in workers on all cores as the page runs it',
      value: reference.seconds.loop / together,
      bar: { is: 'at least', value: 10 },
      note: `${together.toFixed(2)} s in ${workers.count} workers against ${reference.seconds.loop.toFixed(1)} s in one process, as published`,
    },
    {
      name: '  on one thread',
      value: reference.seconds.loop / alone,
      note: `${alone.toFixed(2)} s`,
    },
    {
      name: '  same label as that loop found',
      value: sameLabels(exact, reference.loopIou),
      unit: 'share',
      note: 'it leaves a picture out of a category in which the unit fires on nothing; that aside, all are the same',
    },
    {
      name: 'times faster than vectorised NumPy, its BLAS on all cores',
      value: reference.seconds.vectorised / together,
      bar: { is: 'at least', value: 3 },
      note: `against ${reference.seconds.vectorised.toFixed(1)} s (from ${fewScenes} scenes); on one thread ${(reference.seconds.vectorised / alone).toFixed(1)} times`,
    },
  ];
}

const ROUNDS = 5;

/** Seconds. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await work();
    times.push((performance.now() - began) / 1000);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

/** Both passes over what was captured, on one thread. */
function dissect({ maps, drawings }: Dump, exactBytes?: number): Tally {
  const captured = { maps, drawings, first: 0, of: maps.length };
  const tally = counted(captured, surveyed(captured, exactBytes));
  tableRows(tally);
  return tally;
}

function sameLabels(tally: Tally, iou: readonly number[]): number {
  const { names } = tally.head.legend;
  const same = tableRows(tally).filter(({ unit, concept, category }) => {
    const row = iou.slice(unit * names.length, (unit + 1) * names.length);
    const best = Math.max(...row);
    if (best === 0) return concept === '';
    const label = row.indexOf(best);
    return names[label] === concept && CATEGORIES[tally.head.legend.categoryOf[label]!] === category;
  });
  return same.length / tally.head.threshold.length;
}

async function runReference({ maps, drawings }: Dump, fewScenes: number): Promise<Reference | null> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-'));
  try {
    const [units, rows, columns] = maps[0]!.dims;
    const size = drawings[0]!.size;
    await writeFile(
      join(folder, 'dump.json'),
      JSON.stringify({
        ...{ scenes: maps.length, units, rows, columns, height: size, width: size },
        names: LABEL_CATEGORIES.map(({ labels }) => labels.length),
        quantile: RECIPES.netdissect.quantile,
        fewScenes,
      }),
    );
    await writeFile(join(folder, 'activations.bin'), Buffer.concat(maps.map(({ data }) => bytesOf(data))));
    await writeFile(join(folder, 'labels.bin'), Buffer.concat(drawings.map(({ labels }) => bytesOf(labels))));
    const script = join(import.meta.dirname, '../references/netdissect.py');
    const { stdout } = await run(PYTHON, [script, folder], { maxBuffer: 2 ** 28 });
    return JSON.parse(stdout);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
