/**
 * `vitrine dissect quantile|count|merge`: a dissection in two phases of any number of shards, each a process on any machine.
 *
 *     dissect quantile --model M --site S --scenes N --shard 0/2 --out q0.part    (and 1/2, anywhere)
 *     dissect merge q0.part q1.part --out thresholds.part
 *     dissect count --thresholds thresholds.part --model M ... --shard 0/2 --out c0.part
 *     dissect merge c0.part c1.part --out table.json
 *
 * A process that is killed and called again goes on from its last checkpoint, beside `--out`.
 */

import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { dissectMerge, passOf } from '../../jobs/dissect-merge.ts';
import { dissectPart } from '../../jobs/dissect-part.ts';
import type { JobContext } from '../../jobs/runtime.ts';
import type { DissectPartParams, DissectPartProgress, Shard } from '../../protocol/dissection.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { Progress } from '../../protocol/progress.ts';
import { validate } from '../../protocol/validation.ts';
import { fileCheckpoints } from '../file-checkpoints.ts';
import { nodeData } from '../node-data.ts';
import { createNodeRuntime } from '../runtime.ts';
import { type Command, CommandError, callerPath, MISUSED } from './command.ts';

const OPTIONS = {
  model: { type: 'string', default: 'scene-clip-vit' },
  site: { type: 'string' },
  scenes: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '0' },
  recipe: { type: 'string', default: 'netdissect' },
  weights: { type: 'string', default: 'trained' },
  noise: { type: 'string' },
  data: { type: 'string' },
  shard: { type: 'string', default: '0/1' },
  thresholds: { type: 'string' },
  threads: { type: 'string', default: '1' },
  out: { type: 'string' },
} as const;

type Options = ReturnType<typeof readArguments>['values'];

export const dissect: Command = {
  usage:
    'dissect quantile|count --model M --site S --scenes N [--seed K] [--recipe R] [--data FOLDER|ZIP] [--shard I/N] [--thresholds T] --out PART\n' +
    '  dissect merge PART... --out FILE   what the units of a layer detect, in shards that merge to the same bytes',
  run: async (args, print) => {
    const { values, positionals } = readArguments(args);
    const [phase, ...files] = positionals;
    if (values.out === undefined) throw new CommandError('dissect: --out is missing', MISUSED);
    try {
      if (phase === 'merge') print(await merge(files, values.out));
      else if (phase === 'quantile' || phase === 'count') {
        if (files.length > 0) throw new CommandError(`dissect ${phase}: unexpected ${files[0]}`, MISUSED);
        print(await part(phase === 'quantile' ? 'threshold' : 'count', values, values.out));
      } else throw new CommandError(`dissect: quantile, count or merge, not ${phase ?? 'nothing'}`, MISUSED);
    } catch (error) {
      if (error instanceof VitrineError) throw new CommandError(`dissect: ${error.message}`);
      throw error;
    }
  },
};

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`dissect: ${error instanceof Error ? error.message : String(error)}`, MISUSED);
  }
}

async function part(pass: DissectPartParams['pass'], values: Options, out: string): Promise<string> {
  const params = validate('dissectPart', {
    model: values.model,
    site: values.site,
    scenes: Number(values.scenes),
    seed: Number(values.seed),
    recipe: values.recipe,
    weights: values.weights,
    ...(values.noise === undefined ? {} : { noise: Number(values.noise) }),
    ...(values.data === undefined ? {} : { data: await nodeData(callerPath(values.data)) }),
    shard: readShard(values.shard),
    pass,
    ...(values.thresholds === undefined ? {} : { thresholds: await readPart(values.thresholds) }),
  });
  const target = callerPath(out);
  const host = createNodeRuntime({ threads: Number(values.threads) });
  const runtime = { ...host, checkpoints: fileCheckpoints(target) };
  let shown = 0;
  const result = await dissectPart(
    params,
    contextOf<DissectPartProgress>(runtime, ({ done, total, leftMs = 0 }) => {
      if (runtime.now() - shown < 2000 && done < total) return;
      shown = runtime.now();
      process.stderr.write(`${done} of ${total}, ${Math.round(leftMs / 1000)} s left\n`);
    }),
  );
  await host.close();
  await write(target, result);
  return `${out}: ${result.length} bytes\n`;
}

async function merge(files: readonly string[], out: string): Promise<string> {
  if (files.length === 0) throw new CommandError('dissect merge: no parts', MISUSED);
  const parts = await Promise.all(files.map(readPart));
  const pass = passOf(parts[0]!);
  if (!pass) throw new CommandError(`${files[0]} is no part of a dissection`);
  const { merged, rows, images, thresholdError } = await dissectMerge(
    { parts, pass },
    contextOf<Progress>(createNodeRuntime(), () => undefined),
  );
  const target = callerPath(out);
  if (pass === 'threshold') await write(target, merged);
  else
    await write(
      target,
      new TextEncoder().encode(`${JSON.stringify({ images, thresholdError, rows }, null, 1)}\n`),
    );
  return `${out}: ${files.length} parts, ${images} pictures\n`;
}

async function readPart(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(callerPath(path)));
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}

function readShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (!match) throw new CommandError(`dissect: invalid --shard ${text}; as 0/16`, MISUSED);
  return { index: Number(match[1]), of: Number(match[2]) };
}

function contextOf<P>(runtime: JobContext<P>['runtime'], report: (progress: P) => void): JobContext<P> {
  return { runtime, report, cancellation: { cancelled: false, check: () => undefined } };
}
