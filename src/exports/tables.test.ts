import { describe, expect, it } from 'vitest';
import type { Dissection, DissectionRow } from '../protocol/dissection.ts';
import { grid } from '../tensor/tensor.ts';
import { layersCsv, layersJson } from './bars.ts';
import { toCsv } from './csv.ts';
import { dissectionCsv, dissectionJson } from './dissection.ts';
import { filename } from './filename.ts';
import { heatCsv, heatJson } from './heat.ts';
import type { Settings } from './settings.ts';

const settings: Settings = {
  kind: 'heatmap',
  model: 'scene-diffusion',
  sha256: { 'unet.onnx': 'ab12' },
  recipe: 'daam',
  device: 'wasm',
  parameters: { prompt: 'a "red" car', seed: 7, layers: ['unet.down.0'], head: null },
};

/** A second reader of CSV, character by character. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [['']];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const row = rows.at(-1)!;
    const append = (more: string) => row.push((row.pop() ?? '') + more);
    if (quoted && char === '"' && text[i + 1] === '"') append(text[++i] ?? '');
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') row.push('');
    else if (!quoted && char === '\r' && text[i + 1] === '\n') {
      rows.push(['']);
      i++;
    } else append(char);
  }
  expect(rows.pop()).toEqual(['']);
  return rows;
}

describe('toCsv', () => {
  it('quotes what needs it, and reads back', () => {
    const text = toCsv(
      ['a', 'b,c'],
      [
        ['say "hi"', 'two\r\nlines'],
        ['plain', null],
      ],
    );
    expect(text).toBe('a,"b,c"\r\n"say ""hi""","two\r\nlines"\r\nplain,\r\n');
    expect(readCsv(text)).toEqual([
      ['a', 'b,c'],
      ['say "hi"', 'two\r\nlines'],
      ['plain', ''],
    ]);
  });

  it('writes numbers in full and nothing for what is none', () => {
    const row = [0.1 + 0.2, -1e-7, Number.NaN, Number.POSITIVE_INFINITY, true];
    expect(toCsv(['a', 'b', 'c', 'd', 'e'], [row])).toBe('a,b,c,d,e\r\n0.30000000000000004,-1e-7,,,true\r\n');
  });

  it('defuses formulas in texts, not in numbers', () => {
    expect(toCsv(['x'], [['=HYPERLINK("x")'], ['-2+3'], [-2]])).toBe(
      `x\r\n"'=HYPERLINK(""x"")"\r\n'-2+3\r\n-2\r\n`,
    );
  });

  it('names a row of the wrong length', () => {
    expect(() => toCsv(['a', 'b'], [[1, 2], [3]])).toThrow('csv: row 1 has 1 cells, its head 2');
  });
});

describe('similarities', () => {
  it('leave layer by layer', () => {
    const layers = [
      {
        site: 'vision.blocks.0.resid_post',
        block: 0,
        similarity: [0.1, 0.2],
        band: { low: -1, high: 1, samples: 9 },
      },
      {
        site: 'vision.blocks.1.resid_post',
        block: 1,
        similarity: [0.3, 0.4],
        band: { low: -2, high: 2, samples: 9 },
      },
    ];
    expect(readCsv(layersCsv(layers, ['car', 'tree']))[3]).toEqual([
      'vision.blocks.1.resid_post',
      '1',
      'car',
      '0.3',
      '-2',
      '2',
    ]);
    expect(JSON.parse(layersJson(layers, ['car', 'tree'], settings)).data).toEqual({
      unit: 'cosine',
      concepts: ['car', 'tree'],
      layers,
    });
    expect(() => layersCsv(layers, ['car'])).toThrow('vision.blocks.0.resid_post: 2 values for 1 concepts');
  });
});

describe('heat', () => {
  const heats = [{ label: 'car', grid: grid(2, 3, Float32Array.of(0, 1, 2, 3, 4, 0.1)) }];

  it('leaves cell by cell, in row-major order, float32 in full', () => {
    const rows = readCsv(heatCsv(heats, 'probability'));
    expect(rows[0]).toEqual(['map', 'row', 'column', 'probability']);
    expect(rows.slice(1, 5)).toEqual([
      ['car', '0', '0', '0'],
      ['car', '0', '1', '1'],
      ['car', '0', '2', '2'],
      ['car', '1', '0', '3'],
    ]);
    expect(Math.fround(Number(rows[6]?.[3]))).toBe(Math.fround(0.1));
  });

  it('leaves as rows of values with its baseline', () => {
    const { data } = JSON.parse(heatJson(heats, 'probability', 0.0625, settings));
    expect(data).toEqual({
      unit: 'probability',
      baseline: 0.0625,
      maps: [
        {
          label: 'car',
          height: 2,
          width: 3,
          values: [
            [0, 1, 2],
            [3, 4, Math.fround(0.1)],
          ],
        },
      ],
    });
  });
});

describe('dissection', () => {
  const row: DissectionRow = {
    unit: 12,
    concept: 'tree',
    category: 'object',
    iou: 0.125,
    ceiling: 0.5,
    coverage: 0.25,
    auc: 0.75,
    threshold: 1.5,
    runnerUp: 'grass',
    runnerUpIou: 0.0625,
    next: [
      { concept: 'grass', category: 'material', iou: 0.0625 },
      { concept: 'lawn', category: 'scene', iou: 0.03 },
    ],
    dead: false,
  };

  it('leaves as CSV', () => {
    expect(dissectionCsv([row])).toBe(
      'unit,concept,category,iou,ceiling,coverage,auc,threshold,runner_up,runner_up_iou,next,dead\r\n12,tree,object,0.125,0.5,0.25,0.75,1.5,grass,0.0625,grass 0.0625; lawn 0.03,false\r\n',
    );
  });

  it('leaves as JSON with what the run says', () => {
    const run: Dissection = {
      site: 'vision.blocks.4.mlp.post',
      recipe: 'netdissect',
      quantile: 0.005,
      thresholdError: 0,
      scenes: 500,
      seed: 3,
      rows: [row],
      device: 'wasm',
      elapsedMs: 1,
    };
    const { data } = JSON.parse(dissectionJson(run, settings));
    expect(data).toMatchObject({
      site: 'vision.blocks.4.mlp.post',
      recipe: 'netdissect',
      scenes: 500,
      seed: 3,
    });
    expect(data.rows[0]).toMatchObject({ unit: 12, runner_up: 'grass', dead: false });
    expect(Object.keys(data.rows[0])).toHaveLength(Object.keys(row).length);
  });
});

it('builds names that every file system takes', () => {
  expect(filename(['heatmap', 'Red car!', 7], 'png')).toBe('vitrine_heatmap_red-car_7.png');
  expect(filename(['', '../..\\con', '紅色 汽車'], 'csv')).toBe('vitrine_con_紅色-汽車.csv');
  expect(filename(['x'.repeat(300)], 'json')).toHaveLength('vitrine_'.length + 60 + '.json'.length);
});
