/** WebGPU and WASM give the same numbers on every model that the page runs: all are small enough for an adapter in software. */

import { describe, expect, it } from 'vitest';
import { externalise } from '../onnx/externalise.ts';
import { findAdapter } from './adapter.ts';
import type { ModelIndex } from './model-index.ts';
import { type Backend, loadOrt } from './ort.ts';
import { probeFeeds } from './probe-feeds.ts';
import { relativeDifference } from './self-check.ts';

/** In software, WebGPU is about 100 times slower than WASM. */
const PATIENCE_MS = 240_000;
const BAR = 1e-3;

const [index] = Object.values(
  import.meta.glob<ModelIndex>('/models/index.json', { eager: true, import: 'default' }),
);
const urls = import.meta.glob<string>('/models/*/onnx/*.onnx', {
  query: '?url',
  import: 'default',
  eager: true,
});
/** Runs in Node only, and takes the software adapter minutes (it agrees to 2e-6). */
const SCORER = 'oracle';
const files = new Map(
  (index?.models ?? [])
    .filter(({ family }) => family !== SCORER)
    .flatMap(({ files: own }) => Object.values(own))
    .filter(({ path }) => path.endsWith('.onnx'))
    .map(({ path }) => [path, urls[`/models/${path}`]] as const),
);

const backends = new Map<'webgpu' | 'wasm', Promise<Backend>>();

async function firstOutput(device: 'webgpu' | 'wasm', bytes: Uint8Array): Promise<Float32Array> {
  const { graph, location } = externalise(bytes, 'model.onnx');
  const loading = backends.get(device) ?? loadOrt(device, 1);
  backends.set(device, loading);
  const session = await (await loading).create({ graph, weights: { path: location, data: bytes } });
  try {
    const feeds = probeFeeds(session.specs);
    const [output] = session.outputs;
    if (!feeds || output === undefined) throw new Error('there is no small input for it');
    const { [output]: value } = await session.run(feeds, [output]);
    if (value?.type !== 'float32') throw new Error(`${output} is ${value?.type}`);
    return value.data;
  } finally {
    await session.release();
  }
}

/** Largest value minus smallest, of any number of them. */
function spread(values: Float32Array): number {
  return (
    values.reduce((most, value) => Math.max(most, value)) -
    values.reduce((least, value) => Math.min(least, value))
  );
}

describe('WebGPU and WASM', () => {
  it('are compared on every model file of the build, those of every family among them', () => {
    expect([...files.keys()].map((path) => `/models/${path}`).toSorted()).toEqual(
      Object.keys(urls)
        .filter((path) => !path.includes(SCORER))
        .toSorted(),
    );
    const families = new Set(index?.models.map(({ family }) => family));
    expect([...families].toSorted()).toEqual(
      expect.arrayContaining(['contrastive', 'diffusion', 'generative']),
    );
  });

  it.each([...files])(
    'agree on %s',
    async (path, url) => {
      if ((await findAdapter()).webgpu === 'unavailable')
        throw new Error('this browser has no WebGPU adapter');
      if (url === undefined) throw new Error(`${path} is not part of this build`);
      const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const wasm = await firstOutput('wasm', bytes);
      // An output of one value, or of none, would agree with anything.
      expect(spread(wasm)).toBeGreaterThan(0.1);
      const webgpu = await firstOutput('webgpu', bytes);
      const difference = relativeDifference(webgpu, wasm);
      console.log(`${path}: ${difference.toExponential(1)} of ${wasm.length} values`);
      expect(difference).toBeLessThanOrEqual(BAR);
    },
    PATIENCE_MS,
  );
});
