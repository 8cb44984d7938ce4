import { expect, test } from 'vitest';
import { passes } from '../table.ts';
import { models } from './models.ts';

const SMALL = { scenes: 4, pictures: 1, questions: 1 };

test('the smallest evaluation has rows for all six models, or one that says why not', async () => {
  const findings = await models(() => undefined, SMALL);
  for (const id of [
    'scene-clip-vit',
    'scene-clip-rn',
    'scene-oracle',
    'scene-diffusion',
    'scene-vlm-mlp',
    'scene-vlm-qformer',
  ]) {
    const rows = findings.filter(({ name }) => name.startsWith(`${id}: `));
    expect(rows.length, id).toBeGreaterThan(0);
    for (const row of rows) if (Number.isNaN(row.value)) expect(row.note, row.name).toBeTruthy();
  }
  const missing = findings.filter(({ value, bar }) => Number.isNaN(value) && bar);
  expect(missing.some(passes)).toBe(false);
}, 120_000);

test('a model of another name is refused', async () => {
  await expect(models(() => undefined, { only: ['scene-clip'] })).rejects.toThrow(/scene-clip/);
});
