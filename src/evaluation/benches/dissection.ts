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
import { drawnRegions, drawSeed, LABEL_CATEGORIES } from '../../jobs/scenes.ts';
import { openUnits } from '../../jobs/unit-source.ts';
import { everyCategory, legendOf } from '../../methods/dissection/legend.ts';
import { RECIPES } from '../../methods/dissection/recipe.ts';
import { Survey } from '../../methods/dissection/survey.ts';
import { iouOf, tableRows } from '../../methods/dissection/table.ts';
import { Tally } from '../../methods/dissection/tally.ts';
import type { UnitMaps } from '../../methods/dissection/units.ts';
import { CATEGORIES } from '../../world/catalogue.ts';
import type { Drawing } from '../../world/draw.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const SITE = 'vision.blocks.4.mlp.post';
const SCENES = 96;
const LOOP_SCENES = 12;
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
  readonly seconds: { readonly reference: number; readonly vectorised: number; readonly loop: number };
}

export const dissection: Measure = (say) => compareWithNumpy(SCENES, LOOP_SCENES, say);

/** Both engines on the activations of as many scenes; the loop over units on a few of them. */
export async function compareWithNumpy(
  scenes: number,
  loopScenes: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const dump = await activations(scenes);
  say('dissection: activations captured');
  return compare(dump, loopScenes, say);
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
  loopScenes: number,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  // A first time, so that the engine is compiled, as NumPy is.
  dissect(dump);
  const times: number[] = [];
  const busy: number[] = [];
  let exact = dissect(dump);
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const used = process.cpuUsage();
    exact = dissect(dump);
    const { user, system } = process.cpuUsage(used);
    times.push((performance.now() - began) / 1000);
    busy.push((user + system) / 1e6);
  }
  const middle = (list: readonly number[]) => [...list].sort((a, b) => a - b)[1]!;
  const seconds = middle(times);
  // Against another single thread processor time counts, which other work on the machine does not change.
  const processor = middle(busy);
  say(
    `dissection: ${dump.maps.length} scenes in ${seconds.toFixed(2)} s, ${processor.toFixed(2)} s of the processor`,
  );
  const reference = await runReference(dump, loopScenes);
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
      value: sameLabels(exact, reference),
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
      value: sameLabels(dissect(dump, 0), reference),
      unit: 'share',
      bar: { is: 'at least', value: 0.99 },
    },
    {
      name: 'times faster than the loop over units',
      value: reference.seconds.loop / processor,
      bar: { is: 'at least', value: 10 },
      note: `processor time ${processor.toFixed(2)} s, one thread, against ${reference.seconds.loop.toFixed(1)} s (from ${loopScenes} scenes)`,
    },
    {
      name: 'times faster than vectorised NumPy',
      value: reference.seconds.vectorised / seconds,
      bar: { is: 'at least', value: 3 },
      note: `${seconds.toFixed(2)} s against ${reference.seconds.vectorised.toFixed(1)} s, its BLAS on all cores`,
    },
  ];
}

/** Both passes over what was captured. */
function dissect({ maps, drawings }: Dump, exactBytes?: number): Tally {
  const legend = legendOf(LABEL_CATEGORIES);
  const annotated = everyCategory(legend);
  const [units, rows, columns] = maps[0]!.dims;
  const survey = new Survey({
    units,
    count: maps.length * rows * columns,
    quantile: RECIPES.netdissect.quantile,
    enlarged: false,
    ...(exactBytes === undefined ? {} : { exactBytes }),
  });
  for (const [i, map] of maps.entries()) survey.add(map, annotated, drawings[i]!.size, drawings[i]!.size, i);
  const tally = Tally.of('netdissect', legend, survey.found(legend));
  for (const [i, map] of maps.entries()) tally.add(map, drawnRegions(drawings[i]!), annotated);
  tableRows(tally);
  return tally;
}

function sameLabels(tally: Tally, { iou }: Reference): number {
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

async function runReference({ maps, drawings }: Dump, loopScenes: number): Promise<Reference | null> {
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
        loopScenes,
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
