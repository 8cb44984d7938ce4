/**
 * `npm run fuzz -- [--count 1000000] [--seed 1] [--case N]`: broken inputs for every parser. Cases run in a child process with little
 * memory and a watchdog: a hang, a crash and a heap that grows are found as well as an error that is not documented.
 */

import { fork } from 'node:child_process';
import { fuzz, type Range } from './run.ts';
import type { Fault } from './target.ts';
import { allTargets } from './targets.ts';

const CASES_A_CHILD = 100_000;
const HEAP_MB = 512;
/** Between two reports of a child, which come every 500 cases. */
const SILENCE_MS = 60_000;

type Message = { readonly at: number } | { readonly faults: readonly Fault[] };

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`--${name} takes a whole number`);
  return value;
}

async function child(range: Range): Promise<void> {
  const send = (message: Message) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));
  const faults = await fuzz(allTargets(), range, (at) => {
    if (at % 500 === 0) void send({ at });
  });
  await send({ faults });
  process.disconnect?.();
}

/** Runs a range in a child; a child that dies or falls silent is a fault at the place it last reported. */
function supervise(range: Range): Promise<readonly Fault[]> {
  return new Promise((resolve) => {
    const { seed, from, to } = range;
    const worker = fork(import.meta.filename, ['--child', `${seed}`, `${from}`, `${to}`], {
      execArgv: [...process.execArgv, `--max-old-space-size=${HEAP_MB}`],
    });
    let last = from;
    let faults: readonly Fault[] | null = null;
    const give = (what: string) => [{ target: `cases ${last} to ${last + 500}`, seed, at: last, what }];
    let timer: NodeJS.Timeout;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        faults = give(`silent for ${SILENCE_MS} ms: a hang`);
        worker.kill('SIGKILL');
      }, SILENCE_MS);
    };
    watch();
    worker.on('message', (message: Message) => {
      watch();
      if ('at' in message) last = message.at;
      else ({ faults } = message);
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(faults ?? give(`the process ended with ${signal ?? code}: a crash or too much memory`));
    });
  });
}

async function main(): Promise<void> {
  const seed = option('seed', 1);
  const only = option('case', 0);
  if (process.argv.includes('--case')) {
    const faults = await fuzz(allTargets(), { seed, from: only, to: only + 1 });
    process.stdout.write(`${JSON.stringify(faults, null, 1)}\n`);
    process.exitCode = faults.length > 0 ? 1 : 0;
    return;
  }
  const count = option('count', 1_000_000);
  const found: Fault[] = [];
  const start = performance.now();
  for (let from = 0; from < count; from += CASES_A_CHILD) {
    const to = Math.min(count, from + CASES_A_CHILD);
    found.push(...(await supervise({ seed, from, to })));
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stderr.write(`${to} of ${count} cases, ${found.length} faults, ${seconds} s\n`);
  }
  for (const { target, at, what } of found.slice(0, 20)) {
    process.stdout.write(`${target}, --seed ${seed} --case ${at}\n${what}\n`);
  }
  process.stdout.write(`${count} cases, ${found.length} faults\n`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

const asChild = process.argv.indexOf('--child');
if (asChild >= 0) {
  const [seed = 0, from = 0, to = 0] = process.argv.slice(asChild + 1).map(Number);
  await child({ seed, from, to });
} else await main();
