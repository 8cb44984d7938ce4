/**
 * Structural twins: real classes of transformers and diffusers, tiny, exported by the exporters that people use. For every site
 * that the Python module tree has: it is found and named, its value is what a PyTorch hook saw, and changing it changes the
 * outputs as it does in PyTorch.
 */

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { AddedInput } from '../onnx/graph-builder.ts';
import { neutralFeed } from '../onnx/graph-builder.ts';
import { instrument } from '../onnx/instrument.ts';
import { openGraph } from '../onnx/open-graph.ts';
import { add, gate, type Patch, replaceWhere } from '../onnx/patch.ts';
import { locateSites } from '../onnx/sites/locate.ts';
import type { Site } from '../onnx/sites/site.ts';
import { tap } from '../onnx/tap.ts';
import { type Intervention, readTwins, relativeGap, type Twin } from './test-support/twins.ts';

const LOCATION = 'weights';

async function run(graph: Uint8Array, data: Uint8Array, feeds: Record<string, Tensor>, outputs?: string[]) {
  const session = await InferenceSession.create(graph, {
    externalData: [{ path: LOCATION, data }],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const results = outputs ? await session.run(feeds, outputs) : await session.run(feeds);
  await session.release();
  return results;
}

const PATCHES = { gate, add, replaceWhere } as const;

/** The feed of one added input of a patch: neutral but for the changed index of the changed axis. */
function patchFeed(input: AddedInput, site: Site, change: Intervention, channels: number): Tensor {
  const folded = site.axes[0] === 'batch*head';
  const axis = site.axes.indexOf(change.axis === 'head' && folded ? 'batch*head' : change.axis);
  const heads = change.heads ?? 0;
  const size = change.axis === 'head' ? (folded ? 2 * heads : heads) : channels;
  expect(size).toBeGreaterThan(change.index);
  const dims = site.axes.map((_, at) => (at === axis ? size : 1));
  const neutral = Number(neutralFeed(input).data[0]);
  const changed = input.role === 'mask' ? 1 : change.value;
  const values = Array.from({ length: size }, (_, at) =>
    (folded && change.axis === 'head' ? at % heads : at) === change.index ? changed : neutral,
  );
  return input.type === 'bool'
    ? new Tensor('bool', Uint8Array.from(values), dims)
    : new Tensor('float32', Float32Array.from(values), dims);
}

function open(twin: Twin) {
  const bytes = twin.bytes();
  const { model, left } = openGraph(bytes, LOCATION);
  const inventory = locateSites(model);
  const feeds = twin.feedsFor(model.inputs.map(({ name }) => name));
  return { bytes, model, left, inventory, feeds };
}

const twins = readTwins();

describe('structural twins', () => {
  it('are at least 12 over 8 architectures and 3 exporters', () => {
    expect(twins.length).toBeGreaterThanOrEqual(12);
    expect(new Set(twins.map(({ golden }) => golden.architecture)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(twins.map(({ exporter }) => exporter)).size).toBeGreaterThanOrEqual(3);
  });

  describe.each(twins)('$name', (twin) => {
    const { golden, tolerance } = twin;
    const outputs = Object.keys(golden.outputs);

    it('has every site of the module tree, and nothing unresolved', () => {
      const { inventory, left } = open(twin);
      const names = new Set(inventory.sites.map(({ name }) => name));
      const missed = Object.entries(golden.sites)
        .filter(([name]) => !names.has(name))
        .map(([name, { module }]) => `${name} (${module})`);
      expect(missed).toEqual([]);
      expect([...left, ...inventory.unresolved]).toEqual([]);
      // No attention more than the module tree has.
      const patterns = Object.keys(golden.sites).filter((name) => name.endsWith('.pattern'));
      expect(inventory.attentions.map(({ pattern }) => pattern).sort()).toEqual(patterns.sort());
    });

    it('computes and taps what PyTorch does', async () => {
      const { bytes, model, inventory, feeds } = open(twin);
      const sites = inventory.sites.filter(({ name }) => name in golden.sites);
      const tapped = tap(
        model,
        sites.map(({ tensor }) => tensor),
      );
      const results = await run(instrument(model, [tapped]), bytes, feeds);
      const output = new Map(tapped.outputs.map((item) => [item.value, item.output]));
      const gaps: Record<string, number> = {};
      const compare = (name: string, result: Tensor | undefined, stored: (typeof golden.outputs)[string]) => {
        const gap = relativeGap(result!.data as Float32Array, twin.values(stored));
        if (!(gap <= tolerance)) gaps[name] = gap;
      };
      for (const name of outputs) compare(name, results[name], golden.outputs[name]!);
      for (const { name, tensor } of sites) {
        compare(name, results[output.get(tensor)!], golden.sites[name]!);
      }
      expect(gaps).toEqual({});
    });

    it.each(golden.interventions)('changes as PyTorch does: $op of $site', async (change) => {
      const { bytes, model, inventory, feeds } = open(twin);
      const site = inventory.sites.find(({ name }) => name === change.site)!;
      const patch: Patch = PATCHES[change.op](model, site);
      const { dims } = golden.sites[change.site]!;
      const channels = dims[dims.length === 4 ? 1 : dims.length - 1]!;
      for (const input of patch.inputs) feeds[input.name] = patchFeed(input, site, change, channels);
      const results = await run(instrument(model, [patch]), bytes, feeds, outputs);
      outputs.forEach((name, index) => {
        const expected = twin.values(change.outputs[index]!);
        expect(relativeGap(results[name]!.data as Float32Array, expected)).toBeLessThanOrEqual(tolerance);
      });
      // Weak tolerances must still tell the changed model from the plain one.
      const moved = outputs.map((name, index) =>
        relativeGap(twin.values(golden.outputs[name]!), twin.values(change.outputs[index]!)),
      );
      expect(Math.max(...moved)).toBeGreaterThan(10 * Math.min(tolerance, 1e-3));
    });
  });
});
