/**
 * A dissection in a process of its own, for `dissection-stream.ts`: `world N` or `broden N STATE`, units computed from the
 * picture instead of by a network. One JSON a line: pictures done, resident memory.
 */

import { fileCheckpoints } from '../../headless/file-checkpoints.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { worldSource } from '../../jobs/annotated-source.ts';
import { datasetSource, openData } from '../../jobs/dataset-source.ts';
import { countPass, surveyPass } from '../../jobs/dissect-passes.ts';
import { workOf } from '../../jobs/dissect-work.ts';
import { KeptBatches } from '../../jobs/kept-batches.ts';
import type { UnitMapper } from '../../jobs/unit-source.ts';
import { tableRows } from '../../methods/dissection/table.ts';
import { tensor } from '../../tensor/tensor.ts';
import { brodenShaped } from '../broden-shaped.ts';

const [kind, count, state] = process.argv.slice(2);
const images = Number(count);
/** Small units fill the page's 128 MB only after many thousand scenes: less is kept, so that both runs are full of it. */
const MOST_KEPT = 16 * 2 ** 20;
const SIDE = 8;
const broden = kind === 'broden';
const size = broden ? 24 : 32;

/** Unit u at a cell: how much the cell's mean colour goes along the unit's own direction. */
const units = (number: number): UnitMapper => ({
  size,
  maps: async (pictures) =>
    pictures.map(({ data }) => {
      const means = new Float32Array(SIDE * SIDE * 3);
      const step = size / SIDE;
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const cell = Math.floor(y / step) * SIDE + Math.floor(x / step);
          for (let c = 0; c < 3; c++)
            means[cell * 3 + c]! += data[(y * size + x) * 3 + c]! / (255 * step * step);
        }
      }
      const maps = new Float32Array(number * SIDE * SIDE);
      for (let unit = 0; unit < number; unit++) {
        const direction = [Math.sin(unit), Math.sin(1.7 * unit + 1), Math.sin(2.3 * unit + 2)];
        for (let cell = 0; cell < SIDE * SIDE; cell++) {
          let sum = 0;
          for (let c = 0; c < 3; c++) sum += direction[c]! * means[cell * 3 + c]!;
          maps[unit * SIDE * SIDE + cell] = sum;
        }
      }
      return tensor(['unit', 'y', 'x'], [number, SIDE, SIDE], maps);
    }),
});

const runtime = {
  ...createNodeRuntime(),
  ...(state === undefined ? {} : { checkpoints: fileCheckpoints(state) }),
};
const source = broden
  ? datasetSource(
      runtime,
      await openData({
        kind: 'directory',
        name: 'broden',
        directory: brodenShaped({ images, size, seed: 72_000_000 }),
      }),
      'broden',
      images,
    )
  : worldSource({ scenes: images, seed: 73_000_000 }, size);
const work = workOf(`bench ${kind} ${count}`, 'netdissect', units(broden ? 64 : 128), source);
const kept = new KeptBatches(MOST_KEPT);
let done = 0;
let resumedAt = 0;
let said = -1;
const say = (): void => {
  const share = Math.floor((1000 * done) / (2 * images));
  if (share === said) return;
  said = share;
  process.stdout.write(
    `${JSON.stringify({ done, total: 2 * images, rss: process.memoryUsage.rss(), resumedAt })}\n`,
  );
};
const context = {
  runtime,
  cancellation: { cancelled: false, check: () => undefined },
  shard: { index: 0, of: 1 },
  kept,
  onResume: (pictures: number) => {
    done += pictures;
    resumedAt += pictures;
  },
  onBatch: (pictures: number) => {
    done += pictures;
    say();
  },
};
const survey = await surveyPass(work, context);
if (!survey) throw new RangeError('no pictures');
tableRows(await countPass(work, survey, context, () => undefined));
