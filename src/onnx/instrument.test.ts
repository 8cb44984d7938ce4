import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import * as element from './element.ts';
import { externalise } from './externalise.ts';
import { type AddedInput, neutralFeed } from './graph-builder.ts';
import { instrument, renameProducer } from './instrument.ts';
import { indexModel, type ModelIndex } from './model-index.ts';
import { add, editAttention, gate, patch, replaceWhere, takeRows } from './patch.ts';
import { reduce } from './reduce.ts';
import type { Attention, Inventory } from './sites/inventory.ts';
import { locateSites } from './sites/locate.ts';
import { encodeSuffix } from './suffix.ts';
import { tap } from './tap.ts';
import {
  applyLinear,
  attentionPattern,
  type Matrix,
  matrix,
  weightValues,
} from './test-support/reference.ts';
import { TINY, type TinyOptions, tinyTransformer } from './test-support/tiny-model.ts';
import { OnnxError, WireWriter } from './wire.ts';

type Values = { readonly dims: readonly number[]; readonly data: Float32Array };
type Feeds = Record<string, Tensor>;
type Outputs = Record<string, Values>;

/** Runs a model on the CPU with one thread, so that sums are always taken in one order. */
async function run(
  graph: Uint8Array,
  feeds: Feeds,
  weights?: { path: string; data: Uint8Array },
): Promise<Outputs> {
  const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  } as const;
  const session = await InferenceSession.create(
    graph,
    weights ? { ...options, externalData: [weights] } : options,
  );
  const results = await session.run(feeds);
  const outputs = Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { dims: tensor.dims, data: Float32Array.from(tensor.data as Float32Array) },
    ]),
  );
  await session.release();
  return outputs;
}

/** The largest absolute difference; infinite when shapes differ or anything is not a number. */
function difference(a: Values | undefined, b: Values | undefined): number {
  if (!a || !b || String(a.dims) !== String(b.dims) || a.data.length === 0) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let at = 0; at < a.data.length; at++) {
    const gap = Math.abs(a.data[at]! - b.data[at]!);
    if (!(gap <= worst)) worst = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
  }
  return worst;
}

function waves(dims: readonly number[], speed: number): Tensor {
  const size = dims.reduce((a, b) => a * b, 1);
  return new Tensor(
    'float32',
    Float32Array.from({ length: size }, (_, at) => Math.sin(speed * at + at * at * 1e-4)),
    dims,
  );
}

function float(dims: readonly number[], value: (at: number) => number): Tensor {
  const size = dims.reduce((a, b) => a * b, 1);
  return new Tensor(
    'float32',
    Float32Array.from({ length: size }, (_, at) => value(at)),
    dims,
  );
}

function neutral(inputs: readonly AddedInput[], sizes: Record<string, number> = {}): Feeds {
  return Object.fromEntries(
    inputs.map((input) => {
      const { type, data, dims } = neutralFeed(input, sizes);
      return [input.name, new Tensor(type as 'float32', data as Float32Array, dims)];
    }),
  );
}

const shipped = (path: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../models/${path}`, import.meta.url))));

type Case = { readonly name: string; readonly bytes: () => Uint8Array; readonly feeds: () => Feeds };
const batch = 2;
const integers = (dims: number[], value: (at: number) => number) =>
  new Tensor(
    'int64',
    BigInt64Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => BigInt(value(at))),
    dims,
  );

const CASES: readonly Case[] = [
  {
    name: 'vision_model',
    bytes: () => shipped('scene-clip-vit/onnx/vision_model.onnx'),
    feeds: () => ({ pixel_values: waves([batch, 3, 128, 128], 0.37) }),
  },
  {
    name: 'text_model',
    bytes: () => shipped('scene-clip-vit/onnx/text_model.onnx'),
    feeds: () => ({ input_ids: integers([batch, 11], (at) => 4 + ((at * 7) % 30)) }),
  },
  {
    name: 'unet',
    bytes: () => shipped('scene-diffusion/onnx/unet.onnx'),
    feeds: () => ({
      sample: waves([batch, latentChannels(), 16, 16], 0.31),
      // Exported as float or as integer, depending on the sampler: the file says.
      timestep: timestep(),
      encoder_hidden_states: waves([batch, 9, 160], 0.17),
    }),
  },
  {
    name: 'vae_decoder',
    bytes: () => shipped('scene-diffusion/onnx/vae_decoder.onnx'),
    feeds: () => ({ latent_sample: waves([batch, latentChannels(), 16, 16], 0.23) }),
  },
];

function latentChannels(): number {
  const config: { vae: { latent_channels: number } } = JSON.parse(
    new TextDecoder().decode(shipped('scene-diffusion/config.json')),
  );
  return config.vae.latent_channels;
}

function timestep(): Tensor {
  const index = indexModel(shipped('scene-diffusion/onnx/unet.onnx'));
  const info = index.inputs.find(({ name }) => name === 'timestep')!;
  return info.elementType === element.INT64 ? integers([batch], () => 500) : float([batch], () => 0.5);
}

const patternSite = (inventory: Inventory, attention: Attention) => {
  const site = inventory.sites.find(({ name }) => name === attention.pattern)!;
  return { tensor: site.tensor, axes: site.axes, name: site.name };
};
const tensorOf = (inventory: Inventory, name: string) =>
  inventory.sites.find((site) => site.name === name)!.tensor;

describe.each(CASES)('$name', ({ bytes, feeds }) => {
  const original = bytes();
  const { graph, location } = externalise(original, 'model.onnx');
  const model = indexModel(graph);
  const inventory = locateSites(model);
  const weights = { path: location, data: original };

  it('is small and computes the same when externalised', async () => {
    expect(graph.length).toBeLessThan(original.length / 5);
    const plain = await run(original, feeds());
    const external = await run(graph, feeds(), weights);
    for (const name of Object.keys(plain)) expect(difference(plain[name], external[name])).toBe(0);
  });

  it('computes the same with every attention pattern and residual sum tapped', async () => {
    const sites = inventory.sites.filter(({ kind }) =>
      ['attn.pattern', 'resid_post', 'conv.resid'].includes(kind),
    );
    const taps = tap(
      model,
      sites.map(({ tensor }) => tensor),
    );
    const plain = await run(graph, feeds(), weights);
    const tapped = await run(instrument(model, [taps]), feeds(), weights);
    for (const name of Object.keys(plain)) expect(difference(plain[name], tapped[name])).toBe(0);
    for (const site of sites) {
      const value = tapped[taps.outputs.find((tapped) => tapped.value === site.tensor)!.output]!;
      expect(value.dims).toHaveLength(site.axes.length);
      site.shape?.forEach((size, axis) => {
        if (typeof size === 'number') expect(value.dims[axis]).toBe(size);
      });
      if (site.kind === 'attn.pattern')
        expect(rowSums(value).every((sum) => Math.abs(sum - 1) < 1e-5)).toBe(true);
    }
  });

  it('computes the same with neutral patches', async () => {
    if (inventory.attentions.length === 0) return;
    const plain = await run(graph, feeds(), weights);
    for (const make of [gate, add, replaceWhere, editSelf]) {
      const patches = inventory.attentions.map((attention) => make(model, patternSite(inventory, attention)));
      const changed = await run(
        instrument(model, patches),
        {
          ...feeds(),
          ...neutral(
            patches.flatMap(({ inputs }) => inputs),
            { batch },
          ),
        },
        weights,
      );
      for (const name of Object.keys(plain)) expect(difference(plain[name], changed[name])).toBe(0);
    }
  });
});

const editSelf = (model: ModelIndex, site: Parameters<typeof gate>[1]) =>
  editAttention(model, site, { mapKeys: false, renormalise: true });

function rowSums({ dims, data }: Values): number[] {
  const width = dims.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) =>
    data.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0),
  );
}

describe('a tap equals the value computed from weights', () => {
  it('on the vision tower: pattern, z and attn.out of every block', async () => {
    const original = shipped('scene-clip-vit/onnx/vision_model.onnx');
    const { graph, location } = externalise(original, 'model.onnx');
    const model = indexModel(graph);
    const files = (name: string) => (name === location ? original : undefined);
    const inventory = locateSites(model);
    const wanted = inventory.attentions.flatMap((attention) => [
      attention.norm!.output,
      tensorOf(inventory, attention.pattern),
      attention.outputProjection!.output,
    ]);
    const bytes = instrument(model, [tap(model, wanted)]);
    const outputs = await run(
      bytes,
      { pixel_values: waves([1, 3, 128, 128], 0.37) },
      { path: location, data: original },
    );
    expect(inventory.attentions).toHaveLength(6);
    for (const attention of inventory.attentions) {
      const hidden = outputs[attention.norm!.output]!;
      const x = matrix(65, 192, hidden.data);
      const q = applyLinear(model, attention.queryProjection!, x, files);
      const k = applyLinear(model, attention.keyProjection!, x, files);
      const v = applyLinear(model, attention.valueProjection!, x, files);
      const pattern = attentionPattern(q, k, attention.heads!, false);
      const z = weightValues(pattern, v, attention.heads!, 65);
      const out = applyLinear(model, attention.outputProjection!, z, files);
      // Float32 sums of 192 terms against float64 ones.
      expect(gapTo(outputs[tensorOf(inventory, attention.pattern)]!, pattern)).toBeLessThan(1e-5);
      expect(gapTo(outputs[attention.outputProjection!.output]!, out.data)).toBeLessThan(1e-4);
    }
  });

  it.each<TinyOptions>([
    {},
    { layout: 'folded', mask: 'trilu' },
    { layout: 'packed', mask: 'constant', halfWeights: true },
    { layout: 'folded', cross: true, guarded: true },
  ])('on a tiny model: %o', async (options) => {
    const model = indexModel(tinyTransformer(options));
    const inventory = locateSites(model, { tower: 't' });
    const wanted = inventory.attentions.flatMap((attention) => [
      attention.queryProjection!.input,
      attention.keyProjection!.input,
      tensorOf(inventory, attention.pattern),
      attention.outputProjection!.output,
    ]);
    const outputs = await run(instrument(model, [tap(model, wanted)]), tinyFeeds(options));
    for (const attention of inventory.attentions) {
      const rows = (value: Values, row: number): Matrix => {
        const [, count = 0, width = 0] = value.dims;
        return matrix(count, width, value.data.subarray(row * count * width, (row + 1) * count * width));
      };
      const pattern = outputs[tensorOf(inventory, attention.pattern)]!;
      const expected: number[] = [];
      const expectedOut: number[] = [];
      for (let row = 0; row < TINY.batch; row++) {
        const x = rows(outputs[attention.queryProjection!.input]!, row);
        const c = rows(outputs[attention.keyProjection!.input]!, row);
        const q = applyLinear(model, attention.queryProjection!, x);
        const k = applyLinear(model, attention.keyProjection!, c);
        const v = applyLinear(model, attention.valueProjection!, c);
        const one = attentionPattern(q, k, attention.heads!, attention.causal === true);
        expected.push(...one);
        const z = weightValues(one, v, attention.heads!, TINY.tokens);
        expectedOut.push(...applyLinear(model, attention.outputProjection!, z).data);
      }
      // Folded rows run over batch and head, the head innermost: the same order of elements.
      expect(pattern.dims.slice(-2)).toEqual([TINY.tokens, attention.cross ? TINY.context : TINY.tokens]);
      expect(gapTo(pattern, expected)).toBeLessThan(1e-6);
      expect(gapTo(outputs[attention.outputProjection!.output]!, expectedOut)).toBeLessThan(1e-5);
    }
  });
});

function gapTo({ data }: Values, expected: ArrayLike<number>): number {
  if (data.length !== expected.length) return Number.POSITIVE_INFINITY;
  return data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - expected[at]!)), 0);
}

function tinyFeeds(options: TinyOptions): Feeds {
  const feeds: Feeds = { hidden: waves([TINY.batch, TINY.tokens, TINY.width], 0.7) };
  if (options.cross) feeds.context = waves([TINY.batch, TINY.context, TINY.contextWidth], 0.9);
  return feeds;
}

describe('patches', () => {
  const setup = (options: TinyOptions) => {
    const model = indexModel(tinyTransformer(options));
    const inventory = locateSites(model, { tower: 't' });
    return { model, inventory, feeds: tinyFeeds(options) };
  };

  it.each<TinyOptions>([{}, { layout: 'folded', cross: true }])(
    'that change a pattern have the effect of changing it by hand: %o',
    async (options) => {
      const { model, inventory, feeds } = setup(options);
      const attention = inventory.attentions[0]!;
      const site = patternSite(inventory, attention);
      const z = tensorOf(inventory, attention.z);
      const v = tensorOf(inventory, attention.v);
      const gated = gate(model, site);
      const folded = attention.batchFoldedHeads;
      // Head 1 is halved, key 2 is tripled.
      const dims = folded ? [TINY.batch * TINY.heads, 1, TINY.tokens] : [1, TINY.heads, 1, TINY.tokens];
      const factor = (head: number, key: number) => (head === 1 ? 0.5 : 1) * (key === 2 ? 3 : 1);
      const values = float(dims, (at) => factor(Math.floor(at / TINY.tokens) % TINY.heads, at % TINY.tokens));
      const bytes = instrument(model, [gated, tap(model, [gated.original, site.tensor, z, v], [gated])]);
      const outputs = await run(bytes, { ...feeds, [gated.inputs[0]!.name]: values });
      const before = outputs[gated.original]!;
      const expected = before.data.map((p, at) => {
        const key = at % TINY.tokens;
        const head = Math.floor(at / TINY.tokens ** 2) % TINY.heads;
        return Math.fround(p * factor(head, key));
      });
      expect(gapTo(outputs[site.tensor]!, expected)).toBe(0);
      const weighted = outputs[v]!;
      const size = TINY.width / TINY.heads;
      // z[row, query, c] = sum over keys of the changed pattern x values, rows over batch and head.
      const byHand = Array.from({ length: outputs[z]!.data.length }, (_, at) => {
        const c = at % size;
        const query = Math.floor(at / size) % TINY.tokens;
        const row = Math.floor(at / size / TINY.tokens);
        let sum = 0;
        for (let key = 0; key < TINY.tokens; key++) {
          sum +=
            expected[(row * TINY.tokens + query) * TINY.tokens + key]! *
            weighted.data[(row * TINY.tokens + key) * size + c]!;
        }
        return sum;
      });
      expect(gapTo(outputs[z]!, byHand)).toBeLessThan(1e-6);
      const plain = await run(model.bytes, feeds);
      expect(difference(plain.result, outputs.result)).toBeGreaterThan(1e-3);
    },
  );

  it('that replace a residual stream hand the rest of the model exactly what was injected', async () => {
    const { model, inventory, feeds } = setup({});
    const post = inventory.sites.find(({ name }) => name === 't.blocks.0.resid_post')!;
    const patched = replaceWhere(model, post);
    const bytes = instrument(model, [patched]);
    const other = waves([TINY.batch, TINY.tokens, TINY.width], 1.3);
    const recorded = await run(instrument(model, [tap(model, [post.tensor])]), { hidden: other });
    const [mask, injected] = patched.inputs;
    const outputs = await run(bytes, {
      ...feeds,
      [mask!.name]: new Tensor('bool', Uint8Array.of(1), [1, 1, 1]),
      [injected!.name]: new Tensor('float32', recorded[post.tensor]!.data, recorded[post.tensor]!.dims),
    });
    expect(difference(outputs.result, recorded.result)).toBe(0);
    expect(difference(outputs.result, (await run(model.bytes, feeds)).result)).toBeGreaterThan(1e-2);
  });

  it('replace where the original is not finite', async () => {
    const { model, inventory, feeds } = setup({ blocks: 1 });
    const out = inventory.sites.find(({ kind }) => kind === 'mlp.out')!;
    const broken = patch(model, { ...out }, ({ original, graph }) =>
      graph.node('Div', [original, graph.scalar(0)]),
    );
    const again = indexModel(instrument(model, [broken]));
    const cured = replaceWhere(again, { ...out, name: 'cured' });
    const [mask, injected] = cured.inputs;
    const on = {
      [mask!.name]: new Tensor('bool', Uint8Array.of(1), [1, 1, 1]),
      [injected!.name]: float([1, 1, 1], () => 0),
    };
    const outputs = await run(instrument(again, [cured]), { ...feeds, ...on });
    expect(outputs.result!.data.every(Number.isFinite)).toBe(true);
  });

  it('add what is fed', async () => {
    const { model, inventory, feeds } = setup({ blocks: 1 });
    const last = inventory.sites.find(({ kind }) => kind === 'resid_post')!;
    const patched = add(model, last);
    const steer = float([1, 1, TINY.width], (at) => at / 7);
    const outputs = await run(instrument(model, [patched]), { ...feeds, [patched.inputs[0]!.name]: steer });
    const plain = await run(model.bytes, feeds);
    const expected = plain.result!.data.map((x, at) => Math.fround(x + Math.fround((at % TINY.width) / 7)));
    expect(gapTo(outputs.result!, expected)).toBe(0);
  });

  it('take rows of another place of the batch, and copy exactly when neutral', async () => {
    const { model, inventory, feeds } = setup({ blocks: 1 });
    const site = patternSite(inventory, inventory.attentions[0]!);
    const taken = takeRows(model, site);
    const graph = instrument(model, [taken, tap(model, [taken.original, site.tensor], [taken])]);
    const [source] = taken.inputs;
    const outputs = await run(graph, { ...feeds, [source!.name]: integers([2], () => 1) });
    const before = outputs[taken.original]!.data;
    const half = before.length / 2;
    expect(gapTo(outputs[site.tensor]!, [...before.slice(half), ...before.slice(half)])).toBe(0);
    const neutral = await run(graph, { ...feeds, [source!.name]: integers([2], (at) => at) });
    expect(difference(neutral.result, (await run(model.bytes, feeds)).result)).toBe(0);
  });

  it.each([false, true, 'switch'] as const)(
    'edit attention as Prompt-to-Prompt states it (renormalised: %s)',
    async (renormalise) => {
      const options: TinyOptions = { blocks: 1, cross: true };
      const { model, inventory, feeds } = setup(options);
      const attention = inventory.attentions.find(({ cross }) => cross)!;
      const site = patternSite(inventory, attention);
      const edited = editAttention(model, site, { mapKeys: true, renormalise });
      const named = Object.fromEntries(edited.inputs.map(({ role, name }) => [role, name]));
      const { heads, tokens, context } = TINY;
      const gateOf = (key: number) => (key < 3 ? 1 : 0.25);
      const factorOf = (key: number) => (key === 4 ? 2.5 : 1);
      // Source keys move one place on: not symmetric, so a transposed matrix shows.
      const mapOf = (from: number, to: number) => ((from + 1) % context === to ? 1 : 0);
      const outputs = await run(
        instrument(model, [edited, tap(model, [edited.original, site.tensor], [edited])]),
        {
          ...feeds,
          [named.active!]: new Tensor('bool', Uint8Array.of(0, 1), [2, 1, 1, 1]),
          [named.source!]: integers([2], () => 0),
          ...(named.renormalise && {
            [named.renormalise]: new Tensor('bool', Uint8Array.of(1), [1, 1, 1, 1]),
          }),
          [named.gate!]: float([1, 1, 1, context], gateOf),
          [named.factor!]: float([1, 1, 1, context], factorOf),
          [named.map!]: float([1, 1, context, context], (at) =>
            mapOf(Math.floor(at / context), at % context),
          ),
        },
      );
      const before = outputs[edited.original]!.data;
      const after = outputs[site.tensor]!;
      const size = heads * tokens * context;
      const expected = Array.from(before);
      for (let row = 0; row < heads * tokens; row++) {
        const values = Array.from({ length: context }, (_, key) => {
          let carried = 0;
          for (let from = 0; from < context; from++)
            carried += before[row * context + from]! * mapOf(from, key);
          const own = before[size + row * context + key]!;
          return factorOf(key) * (gateOf(key) * carried + (1 - gateOf(key)) * own);
        });
        const total = renormalise ? values.reduce((a, b) => a + b, 0) : 1;
        values.forEach((value, key) => {
          expected[size + row * context + key] = value / total;
        });
      }
      expect(gapTo(after, expected)).toBeLessThan(1e-6);
      // The row that is not active is untouched.
      expect(gapTo({ dims: [], data: after.data.slice(0, size) }, before.slice(0, size))).toBe(0);
    },
  );

  it('refuse to patch a site twice, an input, and an unknown value', () => {
    const { model, inventory } = setup({});
    const site = patternSite(inventory, inventory.attentions[0]!);
    const code = (act: () => unknown) => {
      try {
        act();
        return 'fine';
      } catch (error) {
        return error instanceof OnnxError ? error.code : error;
      }
    };
    expect(code(() => instrument(model, [gate(model, site), add(model, site)]))).toBe('collision');
    expect(code(() => gate(model, { ...site, tensor: 'hidden' }))).toBe('missing');
    expect(code(() => tap(model, ['nothing']))).toBe('missing');
    expect(code(() => reduce(model, site, [{ step: 'mean', axis: 'channel' }]))).toBe('missing');
  });

  it('work inside If branches, which read the patched value', async () => {
    const bytes = ifModel();
    const model = indexModel(bytes);
    const patched = gate(model, { tensor: 'doubled', axes: ['x'], name: 'doubled' });
    const feeds = { x: float([3], (at) => at + 1), condition: new Tensor('bool', Uint8Array.of(1), []) };
    const outputs = await run(instrument(model, [patched]), {
      ...feeds,
      [patched.inputs[0]!.name]: float([1], () => 10),
    });
    expect([...outputs.result!.data]).toEqual([-20, -40, -60]);
  });
});

/** result = condition ? -(2x) : 2x, the branches reading the outer value. */
function ifModel(): Uint8Array {
  const branch = (opType: string, output: string) => {
    const writer = new WireWriter();
    writer.raw(
      bodyOf({
        nodes: [{ opType, inputs: ['doubled'], outputs: [output] }],
        outputs: [{ name: output, elementType: 1, dims: null }],
      }),
    );
    writer.bytes(2, new TextEncoder().encode(output));
    return writer.finish();
  };
  const attribute = (name: string, graph: Uint8Array) => (writer: WireWriter) => {
    writer.bytes(1, new TextEncoder().encode(name));
    writer.bytes(6, graph);
    writer.varint(20, 5);
  };
  const writer = new WireWriter();
  writer.varint(1, 8);
  writer.message(8, (opset) => opset.varint(2, 17));
  writer.message(7, (graph) => {
    graph.raw(
      bodyOf({
        nodes: [{ opType: 'Add', inputs: ['x', 'x'], outputs: ['doubled'] }],
        inputs: [
          { name: 'x', elementType: element.FLOAT, dims: [3] },
          { name: 'condition', elementType: element.BOOL, dims: [] },
        ],
        outputs: [{ name: 'result', elementType: element.FLOAT, dims: null }],
      }),
    );
    graph.bytes(2, new TextEncoder().encode('if'));
    graph.message(1, (node) => {
      node.bytes(1, new TextEncoder().encode('condition'));
      node.bytes(2, new TextEncoder().encode('result'));
      node.bytes(4, new TextEncoder().encode('If'));
      node.message(5, attribute('then_branch', branch('Neg', 'then')));
      node.message(5, attribute('else_branch', branch('Identity', 'else')));
    });
  });
  return writer.finish();
}

/** The fields of a GraphProto, out of a suffix that wraps them in a ModelProto. */
function bodyOf(parts: Partial<Parameters<typeof encodeSuffix>[0]>): Uint8Array {
  const bytes = encodeSuffix({ inputs: [], outputs: [], nodes: [], initializers: [], ...parts });
  // Tag and a length of one or two bytes come first.
  return bytes.subarray(bytes[1]! < 128 ? 2 : 3);
}

describe('reduce', () => {
  it.each<TinyOptions>([
    { blocks: 1, cross: true },
    { blocks: 1, cross: true, layout: 'folded' },
    { blocks: 1, cross: true, layout: 'folded', opset: 18 },
  ])('keeps the conditional half, chosen words, and the mean over heads: %o', async (options) => {
    const model = indexModel(tinyTransformer(options));
    const inventory = locateSites(model, { tower: 't' });
    const attention = inventory.attentions.find(({ cross }) => cross)!;
    const site = patternSite(inventory, attention);
    const { heads, tokens, context } = TINY;
    const small = reduce(model, site, [
      ...(attention.batchFoldedHeads ? [{ step: 'unfoldHeads', heads } as const] : []),
      { step: 'secondHalf', axis: 'batch' },
      { step: 'select', axis: 'key' },
      { step: 'mean', axis: 'head' },
    ]);
    const most = reduce(model, { ...site, name: 'most' }, [
      { step: 'max', axis: 'key' },
      { step: 'sum', axis: 'query' },
    ]);
    expect(small.axes).toEqual(['batch', 'query', 'key']);
    const words = [4, 1, 4];
    const outputs = await run(instrument(model, [small, most, tap(model, [site.tensor])]), {
      ...tinyFeeds(options),
      [small.inputs[0]!.name]: integers([words.length], (at) => words[at]!),
    });
    const full = outputs[site.tensor]!.data;
    const expected = Array.from({ length: tokens * words.length }, (_, at) => {
      const query = Math.floor(at / words.length);
      const key = words[at % words.length]!;
      let sum = 0;
      for (let head = 0; head < heads; head++)
        sum += full[((heads + head) * tokens + query) * context + key]!;
      return sum / heads;
    });
    expect(outputs[small.output]!.dims).toEqual([1, tokens, words.length]);
    expect(gapTo(outputs[small.output]!, expected)).toBeLessThan(1e-7);
    const tops = Array.from({ length: TINY.batch * heads }, (_, row) => {
      let sum = 0;
      for (let query = 0; query < tokens; query++) {
        const start = (row * tokens + query) * context;
        sum += Math.max(...full.subarray(start, start + context));
      }
      return sum;
    });
    expect(gapTo(outputs[most.output]!, tops)).toBeLessThan(1e-6);
  });

  it('turns shares into 16-bit fixed point, rounded to the nearest, 1 included', async () => {
    const model = indexModel(tinyTransformer({ blocks: 1 }));
    const inventory = locateSites(model, { tower: 't' });
    const site = patternSite(inventory, inventory.attentions[0]!);
    const fixed = reduce(model, site, [{ step: 'secondHalf', axis: 'batch' }, { step: 'fixedPoint' }]);
    // Rows sum to 1: a sum over keys is 1 but for rounding.
    const whole = reduce(model, site, [{ step: 'sum', axis: 'key' }, { step: 'fixedPoint' }]);
    const outputs = await run(
      instrument(model, [fixed, whole, tap(model, [site.tensor])]),
      tinyFeeds({ blocks: 1 }),
    );
    const full = outputs[site.tensor]!.data;
    const expected = full.slice(full.length / 2).map((share) => Math.round(Math.fround(share * 65535)));
    expect(outputs[fixed.output]!.data).toEqual(expected);
    expect(outputs[whole.output]!.data.every((sum) => sum >= 65534)).toBe(true);
    expect(() => reduce(model, site, [{ step: 'fixedPoint' }, { step: 'sum', axis: 'key' }])).toThrow(
      'comes last',
    );
  });
});

describe('float16 values', () => {
  it('are tapped through a Cast and patched', async () => {
    const plain = indexModel(halfModel());
    const taps = tap(plain, ['middle', 'middle', 'y']);
    expect(taps.outputs).toEqual([
      { value: 'middle', output: 'middle::float32', elementType: element.FLOAT },
      { value: 'y', output: 'y', elementType: element.FLOAT },
    ]);
    const x = waves([4], 0.9);
    const tapped = await run(instrument(plain, [taps, tap(plain, ['middle'])]), { x });
    const patched = gate(plain, { tensor: 'middle', axes: ['x'], name: 'middle' });
    const bytes = instrument(plain, [patched, taps]);
    const neutrally = await run(bytes, { x, ...neutral(patched.inputs) });
    // The runtime has no half kernels on the CPU: it computes in float32 and drops pairs of Casts, and with them the
    // rounding to halves, in one graph and not in the other. Values are below 1, where halves lie 2^-11 apart.
    expect(difference(tapped.y, neutrally.y)).toBeLessThanOrEqual(2 ** -11);
    const doubled = await run(bytes, { x, [patched.inputs[0]!.name]: float([1], () => 2) });
    const twice = tapped['middle::float32']!.data.map((value) => 2 * value);
    expect(gapTo(doubled['middle::float32']!, twice)).toBeLessThanOrEqual(2 ** -10);
  });

  function halfModel(): Uint8Array {
    const writer = new WireWriter();
    writer.varint(1, 8);
    writer.message(8, (opset) => opset.varint(2, 17));
    writer.raw(
      encodeSuffix({
        inputs: [{ name: 'x', elementType: element.FLOAT, dims: [4] }],
        outputs: [{ name: 'y', elementType: element.FLOAT, dims: null }],
        nodes: [
          { opType: 'Cast', inputs: ['x'], outputs: ['half'], attributes: { to: { int: element.FLOAT16 } } },
          { opType: 'Neg', inputs: ['half'], outputs: ['middle'] },
          { opType: 'Cast', inputs: ['middle'], outputs: ['y'], attributes: { to: { int: element.FLOAT } } },
        ],
        initializers: [],
      }),
    );
    return writer.finish();
  }
});

describe('instrument', () => {
  it('adds an output once, however often it is tapped: the runtime would drop the repetition', () => {
    const model = indexModel(tinyTransformer({ blocks: 1 }));
    const value = model.nodes[3]!.outputs[0]!;
    const taps = [tap(model, [value, value, 'result']), tap(model, [value])];
    const outputs = indexModel(instrument(model, taps)).outputs.map(({ name }) => name);
    expect(outputs).toEqual(['result', value]);
  });

  it('leaves the bytes of the model as they are, a Buffer too', () => {
    const bytes = Buffer.from(tinyTransformer({ blocks: 1 }));
    const before = Uint8Array.from(bytes);
    const model = indexModel(bytes);
    const value = model.nodes.find(({ opType }) => opType === 'Softmax')!.outputs[0]!;
    instrument(model, [gate(model, { tensor: value, axes: ['batch', 'head', 'query', 'key'], name: 'x' })]);
    expect(Uint8Array.from(bytes)).toEqual(before);
  });
});

describe('renameProducer', () => {
  it('gives different sites different names, none of which exists', () => {
    const model = indexModel(tinyTransformer({ blocks: 3 }));
    const names = model.nodes.map(({ outputs }) => renameProducer(model, outputs[0]!).to);
    expect(new Set(names).size).toBe(names.length);
    expect(names.some((name) => model.names.has(name))).toBe(false);
  });
});
