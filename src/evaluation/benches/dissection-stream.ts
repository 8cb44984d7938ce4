/** Dissections of many pictures in processes of their own: what they take of memory, and what a kill costs. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Measure } from '../table.ts';

const FEW = 1_000;
const MANY = 10_000;
/** As many as Broden has, in round numbers. */
const BRODEN = Number(process.env.VITRINE_BRODEN_IMAGES ?? 60_000);
const MEGABYTE = 2 ** 20;

/** A line of the child: pictures done of both passes, and its resident memory. */
interface Line {
  readonly done: number;
  readonly total: number;
  readonly rss: number;
  readonly resumedAt: number;
}

export const dissectionStream: Measure = async (say) => [
  ...(await memoryFindings(say)),
  ...(await streamFindings(say)),
];

async function memoryFindings(say: (line: string) => void): Promise<readonly Finding[]> {
  const few = await child(['world', String(FEW)]);
  const many = await child(['world', String(MANY)]);
  say('dissection: memory measured');
  const ratio = peak(many) / peak(few);
  return [
    {
      name: `peak memory, ${MANY} scenes against ${FEW}`,
      value: ratio,
      bar: { is: 'at most', value: 1.1 },
      note: `${mega(peak(many))} against ${mega(peak(few))}; 128 units of 8 x 8 computed from the picture, no network`,
    },
  ];
}

async function streamFindings(say: (line: string) => void): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-'));
  try {
    const args = ['broden', String(BRODEN), join(folder, 'state')];
    const killed = await child(args, 0.55);
    const { done: lastDone = 0, total = 0 } = killed.at(-1) ?? {};
    say(`dissection: killed after ${lastDone} of ${total}`);
    const rest = await child(args);
    const lost = (lastDone - rest[0]!.resumedAt) / total;
    // The first tenth fills what is kept between the passes and the heaps of thresholds.
    const early = Math.max(...killed.filter(({ done }) => done < 0.2 * total).map(({ rss }) => rss));
    const late = Math.max(...killed.map(({ rss }) => rss));
    return [
      {
        name: `peak memory after the first fifth of ${BRODEN} Broden-shaped pictures`,
        value: late / early,
        bar: { is: 'at most', value: 1.1 },
        note: `${mega(late)} against ${mega(early)}; ended at picture ${rest.at(-1)!.done} of ${total}, two passes`,
      },
      {
        name: '  work lost by killing the process in the middle',
        value: lost,
        unit: 'share',
        bar: { is: 'at most', value: 0.01 },
        note: `killed after ${lastDone}, went on from ${rest[0]!.resumedAt}`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the child to its end, or kills it hard once it has done this share. */
function child(args: readonly string[], killAt = Number.POSITIVE_INFINITY): Promise<readonly Line[]> {
  const script = join(import.meta.dirname, 'dissection-child.ts');
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Line[] = [];
    let pending = '';
    started.stdout.on('data', (chunk: Buffer) => {
      pending += chunk.toString();
      const parts = pending.split('\n');
      pending = parts.pop() ?? '';
      for (const part of parts) {
        const line: Line = JSON.parse(part);
        lines.push(line);
        if (line.done >= killAt * line.total) started.kill('SIGKILL');
      }
    });
    started.on('error', reject);
    started.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(lines);
      else reject(new Error(`dissection-child ended with ${code}`));
    });
  });
}

function peak(lines: readonly Line[]): number {
  return Math.max(...lines.map(({ rss }) => rss));
}

function mega(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}
