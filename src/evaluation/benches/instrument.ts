/** What it costs to open a large file: to index, locate and instrument it, in time and memory, and to create its session. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import type { SessionSource } from '../../jobs/runtime.ts';
import { instrument } from '../../onnx/instrument.ts';
import { openGraph } from '../../onnx/open-graph.ts';
import { locateSites } from '../../onnx/sites/locate.ts';
import { tap } from '../../onnx/tap.ts';
import { quantile } from '../../tensor/statistics.ts';
import type { Measure } from '../table.ts';
import { compare, describeTimes } from './interleave.ts';
import { largeModel } from './large-model.ts';

/** 4 x 12 x 1024^2 x 4 bytes: 201 MB. */
const SIZE = { blocks: 4, width: 1024, heads: 16 };
const LOCATION = 'large.onnx';
const ROUNDS = 15;
const EFFORT = { rounds: 41, leastMs: 0, warmUps: 3, clock: 'processor' } as const;

export const instrumentation: Measure = async (say) => {
  const bytes = largeModel(SIZE);
  const open = () => {
    const { model } = openGraph(bytes, LOCATION);
    const { sites } = locateSites(model);
    return {
      sites,
      graph: instrument(model, [
        tap(
          model,
          sites.map(({ tensor }) => tensor),
        ),
      ]),
    };
  };
  const times: number[] = [];
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = usedBytes();
    // Processor time: on a busy machine the clock measures the others.
    const start = process.cpuUsage();
    const { sites, graph } = open();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
    // Without collecting: what was allocated on the way counts too, unless the engine already took it back.
    growths.push((usedBytes() - before) / bytes.length);
    if (round === 0) say(`${sites.length} sites, a graph of ${graph.length} bytes for ${bytes.length}`);
  }
  const runtime = createNodeRuntime();
  let opened = 0;
  const create = async (source: SessionSource) => {
    const session = await runtime.open(`bench/instrument/${opened++}`, async () => source);
    await session.release();
  };
  const { graph } = open();
  // Each creation frees its session before the next: what is reused of the heap serves both ways alike.
  const creation = await compare(
    () => create({ graph: bytes }),
    () => create({ graph, weights: { path: LOCATION, data: bytes } }),
    EFFORT,
  );
  return [
    {
      name: 'milliseconds of processor to index, locate and instrument 201 MB, median',
      value: quantile(times, 0.5),
      bar: { is: 'at most', value: 100 },
      note: `first ${times[0]!.toFixed(0)} ms, of ${ROUNDS} rounds`,
    },
    {
      name: 'memory that this takes, of the size of the file',
      value: Math.max(...growths),
      bar: { is: 'at most', value: 0.1 },
      unit: 'share',
      note: 'heap and buffers, the largest round',
    },
    {
      name: 'creating the instrumented session, every site tapped, over the plain one',
      value: creation.ratio,
      bar: { is: 'at most', value: 1 },
      note: `${describeTimes(creation)} of processor`,
    },
  ];
};

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
