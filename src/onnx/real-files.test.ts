/** Instrumentation of files that others made, where VITRINE_REAL_FILES names a folder of them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import * as element from './element.ts';
import { neutralFeed } from './graph-builder.ts';
import { instrument } from './instrument.ts';
import { indexModel, type ModelIndex } from './model-index.ts';
import { openGraph } from './open-graph.ts';
import { gate } from './patch.ts';
import { locateSites } from './sites/locate.ts';
import { tap } from './tap.ts';

const real = process.env.VITRINE_REAL_FILES;

const sizeFor = (name: string) => (/past/i.test(name) ? 3 : 2);

function feedsOf(model: ModelIndex): Record<string, Tensor> {
  const free = model.inputs.filter(({ name }) => !model.initializers.has(name));
  return Object.fromEntries(
    free.map(({ name, dims, elementType }) => {
      const shape = (dims ?? []).map((size) =>
        typeof size === 'number' && size > 0 ? size : sizeFor(String(size)),
      );
      const count = shape.reduce((a, b) => a * b, 1);
      const wave = Array.from({ length: count }, (_, at) => Math.sin(at * 0.7));
      if (elementType === element.INT64)
        return [
          name,
          new Tensor(
            'int64',
            BigInt64Array.from(wave, () => 1n),
            shape,
          ),
        ];
      if (elementType === element.INT32)
        return [
          name,
          new Tensor(
            'int32',
            Int32Array.from(wave, () => 1),
            shape,
          ),
        ];
      if (elementType === element.FLOAT16) {
        // 0.5 and -0.5 as halves.
        return [
          name,
          new Tensor(
            'float16',
            Uint16Array.from(wave, (x) => (x > 0 ? 0x3800 : 0xb800)),
            shape,
          ),
        ];
      }
      return [name, new Tensor('float32', Float32Array.from(wave), shape)];
    }),
  );
}

async function run(graph: Uint8Array, feeds: Record<string, Tensor>, data: Uint8Array) {
  const session = await InferenceSession.create(graph, {
    externalData: [{ path: 'weights', data }],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  const results = await session.run(feeds);
  await session.release();
  return results;
}

/** Masked scores are as low as floats go: they take no part. */
const largestFinite = (tensor: Tensor | undefined) =>
  tensor ? numbers(tensor).reduce((top, x) => (Math.abs(x) < 1e4 ? Math.max(top, Math.abs(x)) : top), 0) : 0;

const numbers = ({ data }: Tensor) => Array.from(data as ArrayLike<number | bigint>, Number);

if (real !== undefined && existsSync(real)) {
  const files = readdirSync(real, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.onnx'),
  );
  describe('real files', () => {
    it.each(files)(
      '%s: opened (weights outside, fused operators spelled out), tapped and neutrally patched it computes the same',
      async (file) => {
        const bytes = new Uint8Array(readFileSync(join(real, file)));
        const feeds = feedsOf(indexModel(bytes));
        let plain: Awaited<ReturnType<typeof run>>;
        try {
          plain = await run(bytes, feeds, bytes);
        } catch (error) {
          console.info(
            `${file} does not run as it is, so it is not instrumented: ${String(error).slice(0, 160)}`,
          );
          return;
        }
        const { model } = openGraph(bytes, 'weights');
        const { sites, attentions } = locateSites(model);
        const tensor = (name: string) => sites.find((site) => site.name === name)!;
        const patches = attentions.map(({ pattern }) => gate(model, tensor(pattern)));
        const neutral = Object.fromEntries(
          patches
            .flatMap(({ inputs }) => inputs)
            .map((input) => {
              const { data, dims } = neutralFeed(input);
              return [input.name, new Tensor('float32', data as Float32Array, dims)];
            }),
        );
        const tapped = tap(
          model,
          sites.map((site) => site.tensor),
        );
        // A score s is rounded by up to 2^-24 |s|, and the softmax makes of that a relative error of the pattern. Some of these
        // files have random weights so large that their scores are several hundred.
        const scores = sites.filter(({ kind }) => kind === 'attn.scores').map(({ tensor }) => tensor);
        const seen = await run(instrument(model, [tap(model, scores)]), feeds, bytes);
        const largest = Math.max(0, ...scores.map((name) => largestFinite(seen[name])));
        const limit = Math.max(1e-5, 2 ** -23 * largest);
        for (const [graph, more] of [
          [model.bytes, {}],
          [instrument(model, [tapped]), {}],
          [instrument(model, patches), neutral],
        ] as const) {
          const results = await run(graph, { ...feeds, ...more }, bytes);
          for (const { name } of model.outputs) {
            expect(results[name]!.dims).toEqual(plain[name]!.dims);
            const expected = numbers(plain[name]!);
            const gap = numbers(results[name]!).reduce(
              (worst, x, at) => Math.max(worst, Math.abs(x - expected[at]!)),
              0,
            );
            // Taps inside a pattern that the runtime fuses change its kernel: float32 rounding, relative to the values.
            const size = expected.reduce((top, x) => Math.max(top, Math.abs(x)), 1);
            expect(gap / size).toBeLessThan(limit);
          }
        }
      },
    );
  });
} else {
  it('real files are skipped: VITRINE_REAL_FILES names no folder', () => {
    console.info('VITRINE_REAL_FILES names no folder: real files are not instrumented');
  });
}
