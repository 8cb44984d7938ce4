/** WebGPU and WASM give the same numbers on every shipped model that is small enough for an adapter in software. */

import { describe, expect, it } from 'vitest';
import { externalise } from '../onnx/externalise.ts';
import { findAdapter } from './adapter.ts';
import type { ModelIndex } from './model-index.ts';
import { type Backend, loadOrt } from './ort.ts';
import { probeFeeds } from './probe-feeds.ts';
import { relativeDifference } from './self-check.ts';

/** In software, WebGPU is about 100 times slower than WASM: larger files would take minutes each. */
const MOST_BYTES = 13_000_000;
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
const files = new Map(
  (index?.models ?? [])
    .flatMap(({ files: own }) => Object.values(own))
    .filter(({ path, bytes }) => path.endsWith('.onnx') && bytes <= MOST_BYTES)
    .map(({ path }) => [path, urls[`/models/${path}`]] as const),
);

const backends = new Map<'webgpu' | 'wasm', Promise<Backend>>();

async function firstOutput(device: 'webgpu' | 'wasm', bytes: Uint8Array): Promise<Float32Array | null> {
  const { graph, location } = externalise(bytes, 'model.onnx');
  const loading = backends.get(device) ?? loadOrt(device, 1);
  backends.set(device, loading);
  const session = await (await loading).create({ graph, weights: { path: location, data: bytes } });
  try {
    const feeds = probeFeeds(session.specs);
    const [output] = session.outputs;
    if (!feeds || output === undefined) return null;
    const { [output]: value } = await session.run(feeds, [output]);
    return value?.type === 'float32' ? value.data : null;
  } finally {
    await session.release();
  }
}

describe('WebGPU and WASM', () => {
  it('have models to agree on', () => {
    expect(files.size).toBeGreaterThan(3);
  });

  it.each([...files])(
    'agree on %s',
    async (path, url) => {
      if ((await findAdapter()) === 'unavailable') throw new Error('this browser has no WebGPU adapter');
      if (url === undefined) throw new Error(`${path} is not part of this build`);
      const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const wasm = await firstOutput('wasm', bytes);
      // A decoder that keeps a past has no small input of its own.
      if (!wasm) return;
      const webgpu = await firstOutput('webgpu', bytes);
      const difference = relativeDifference(webgpu ?? new Float32Array(), wasm);
      console.log(`${path}: ${difference.toExponential(1)} of ${wasm.length} values`);
      expect(difference).toBeLessThanOrEqual(BAR);
    },
    PATIENCE_MS,
  );
});
