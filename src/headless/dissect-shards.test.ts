import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const what = ['--site', 'vision.blocks.2.mlp.post', '--scenes', '21', '--seed', '4000'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-'));
});
afterAll(() => rm(folder, { recursive: true }));

const shards = (count: number) => {
  const out = join(folder, String(count));
  const env = { ...process.env, SHARDS: String(count), OUT: out };
  return run('scripts/cluster/local.sh', what, { cwd: root, env }).then(() => out);
};

test('several processes leave the same bytes as one', { timeout: 240_000 }, async () => {
  const one = await shards(1);
  // 21 scenes are three batches: of four processes one has nothing to do.
  const four = await shards(4);
  expect(await readFile(join(four, 'thresholds.part'))).toEqual(await readFile(join(one, 'thresholds.part')));
  const table = await readFile(join(four, 'table.json'), 'utf8');
  expect(table).toBe(await readFile(join(one, 'table.json'), 'utf8'));
  expect(JSON.parse(table)).toMatchObject({ images: 21, thresholdError: 0 });
});

test('a wrong call is named', async () => {
  const vitrine = (...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'src/headless/vitrine.ts', 'dissect', ...args], { cwd: root });
  await expect(vitrine('count', '--out', 'x', ...what)).rejects.toMatchObject({
    stderr: 'dissect: pass count needs thresholds\n',
  });
  await expect(vitrine('merge', 'package.json', '--out', 'x')).rejects.toMatchObject({
    stderr: 'package.json is no part of a dissection\n',
  });
  await expect(vitrine('quantile', '--shard', '4', '--out', 'x')).rejects.toMatchObject({ code: 2 });
});
