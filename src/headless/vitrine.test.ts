import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyTransformer } from '../onnx/test-support/tiny-model.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrine-'));
  writeFileSync(join(folder, 'tiny.onnx'), tinyTransformer({ cross: true }));
  writeFileSync(join(folder, 'cut.onnx'), tinyTransformer().subarray(0, 500));
});
afterAll(() => rmSync(folder, { recursive: true }));

function vitrine(...args: string[]) {
  const cli = join(root, 'node_modules/tsx/dist/cli.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, '--tsconfig', join(root, 'tsconfig.node.json'), join(root, 'src/headless/vitrine.ts'), ...args],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('vitrine sites', () => {
  it('prints one JSON document of sites and what is unresolved, and nothing else', () => {
    const { status, stdout, stderr } = vitrine('sites', 'tiny.onnx', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report: unknown = JSON.parse(stdout);
    expect(report).toEqual({ sites: expect.any(Array), unresolved: [] });
    expect(report).toMatchObject({
      sites: expect.arrayContaining([
        {
          name: 'model.blocks.1.attn2.pattern',
          kind: 'attn.pattern',
          axes: ['batch', 'head', 'query', 'key'],
          tensor: expect.any(String),
        },
      ]),
    });
  });

  it('prints a table with shapes', () => {
    const { status, stdout } = vitrine('sites', join(folder, 'tiny.onnx'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^model\.blocks\.0\.attn1\.pattern +\[batch, head 3, query 5, key 5\]/m);
    expect(stdout).toMatch(/sites in model \(2 blocks\), 0 unresolved\n$/);
  });

  it.each([
    [['sites', 'cut.onnx', '--json'], 1, /^cut\.onnx is not usable as ONNX \(truncated\): /],
    [['sites', 'absent.onnx'], 1, /^cannot read absent\.onnx: ENOENT/],
    [['sites', '.'], 1, /^cannot read \.: EISDIR/],
    [['sites'], 2, /expected one file, got 0/],
    [['sites', 'tiny.onnx', '--jsn'], 2, /unknown option --jsn/],
    [['frobnicate'], 2, /unknown command frobnicate/],
  ])('%j fails with status %i and says why', (args, expected, message) => {
    const { status, stdout, stderr } = vitrine(...args);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});
