import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { externalise } from '../externalise.ts';
import { indexModel } from '../model-index.ts';
import { openGraph } from '../open-graph.ts';
import { TINY, type TinyOptions, tinyTransformer } from '../test-support/tiny-model.ts';
import type { Inventory } from './inventory.ts';
import { locateSites } from './locate.ts';
import { siteName } from './site.ts';

const shipped = (path: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../models/${path}`, import.meta.url))));

const site = (inventory: Inventory, name: string) => inventory.sites.find((item) => item.name === name);
const kinds = (inventory: Inventory, kind: string) => inventory.sites.filter((item) => item.kind === kind);

describe('siteName', () => {
  it.each([
    [siteName({ tower: 'vision', block: 3, part: 'attn.pattern' }), 'vision.blocks.3.attn.pattern'],
    [
      siteName({ tower: 'unet', stage: 'down', level: 0, index: 1, part: 'attn2.pattern' }),
      'unet.down.0.1.attn2.pattern',
    ],
    [siteName({ tower: 'unet', stage: 'mid', index: 0, part: 'attn1.v' }), 'unet.mid.0.attn1.v'],
    [siteName({ tower: 'unet', stage: 'up', level: 1, part: 'conv.4.post' }), 'unet.up.1.conv.4.post'],
    [siteName({ tower: 'text', part: 'embed' }), 'text.embed'],
  ])('%s', (name, expected) => expect(name).toBe(expected));
});

describe('the shipped models', () => {
  const PARTS = ['attn.q', 'attn.k', 'attn.v', 'attn.scores', 'attn.pattern', 'attn.z', 'attn.out'];
  const STREAM = ['resid_pre', 'resid_mid', 'resid_post', 'mlp.pre', 'mlp.post', 'mlp.out'];

  it('finds all of the vision tower', () => {
    const found = locateSites(indexModel(shipped('scene-clip-vit/onnx/vision_model.onnx')));
    expect(found.unresolved).toEqual([]);
    const expected = Array.from({ length: 6 }, (_, block) =>
      [...PARTS, ...STREAM].map((part) => `vision.blocks.${block}.${part}`),
    ).flat();
    expect(found.sites.map(({ name }) => name).sort()).toEqual([...expected, 'vision.embed'].sort());
    const pattern = site(found, 'vision.blocks.3.attn.pattern');
    expect(pattern).toMatchObject({
      axes: ['batch', 'head', 'query', 'key'],
      shape: ['batch', 4, 65, 65],
      heads: 4,
      batchFoldedHeads: false,
    });
    expect(pattern?.node).toContain('layers.3');
    expect(site(found, 'vision.blocks.5.mlp.post')?.shape).toEqual(['batch', 65, 768]);
    expect(site(found, 'vision.blocks.5.resid_post')).toMatchObject({
      axes: ['batch', 'position', 'channel'],
      shape: ['batch', 65, 192],
    });
    expect(found.attentions.every(({ cross, causal }) => !cross && causal === false)).toBe(true);
    for (const attention of found.attentions) {
      expect(attention.valueProjection?.bias).toContain('v_proj');
      expect(attention.outputProjection?.bias).toContain('out_proj');
      expect(attention.norm?.scale).toContain('layer_norm1');
    }
    expect(found.towers).toHaveLength(1);
    expect(found.towers[0]).toMatchObject({ name: 'vision', inputs: ['pixel_values'], blocks: 6 });
    expect(found.towers[0]?.final.norm?.scale).toContain('post_layernorm');
    expect(found.towers[0]?.final.projection?.output).toBe('image_embeds');
  });

  it('finds all of the text tower, which is causal', () => {
    const found = locateSites(indexModel(shipped('scene-clip-vit/onnx/text_model.onnx')));
    expect(found.unresolved).toEqual([]);
    expect(kinds(found, 'attn.pattern').map(({ name }) => name)).toEqual(
      [0, 1, 2, 3].map((block) => `text.blocks.${block}.attn.pattern`),
    );
    for (const kind of ['resid_post', 'mlp.post', 'attn.v']) expect(kinds(found, kind)).toHaveLength(4);
    expect(found.attentions.every(({ causal, heads }) => causal === true && heads === 5)).toBe(true);
    expect(found.towers[0]?.final.projection?.output).toBe('text_embeds');
    expect(found.towers[0]?.final.norm?.scale).toContain('final_layer_norm');
  });

  it('finds every self and cross attention of the U-Net', () => {
    const found = locateSites(indexModel(shipped('scene-diffusion/onnx/unet.onnx')));
    expect(found.unresolved).toEqual([]);
    const places = ['down.0.0', 'down.1.0', 'mid.0', 'up.0.0', 'up.0.1', 'up.1.0', 'up.1.1'];
    expect(kinds(found, 'attn.pattern').map(({ name }) => name)).toEqual(
      places.flatMap((place) => [`unet.${place}.attn1.pattern`, `unet.${place}.attn2.pattern`]),
    );
    for (const attention of found.attentions) {
      expect(attention.cross).toBe(attention.part === 'attn2');
      expect(attention.causal).toBe(false);
      // The exporter's labels agree with what structure says.
      expect(attention.node).toContain(attention.part);
      const level = attention.tower === 'unet' && /down\.0|up\.1/.test(attention.name) ? 256 : 64;
      expect(site(found, attention.pattern)?.shape?.[2]).toBe(level);
      expect(site(found, attention.pattern)?.shape?.[3]).toBe(attention.cross ? 'sequence' : level);
    }
    for (const kind of ['resid_pre', 'resid_mid', 'resid_mid_cross', 'resid_post', 'mlp.post']) {
      expect(kinds(found, kind)).toHaveLength(places.length);
    }
    expect(kinds(found, 'conv.post').length).toBeGreaterThan(10);
    expect(kinds(found, 'conv.post').every(({ shape }) => typeof shape?.[1] === 'number')).toBe(true);
    expect(found.towers.map(({ name }) => name)).toEqual(['unet']);
  });

  it('finds the feature maps of the VAE', () => {
    for (const file of ['vae_encoder', 'vae_decoder']) {
      const found = locateSites(indexModel(shipped(`scene-diffusion/onnx/${file}.onnx`)), { tower: file });
      expect(found.unresolved).toEqual([]);
      expect(found.sites.length).toBeGreaterThan(5);
      expect(
        found.sites.every(({ name, axes }) => name.startsWith(`${file}.conv.`) && axes.length === 4),
      ).toBe(true);
    }
  });

  it('finds the same in an externalised graph', () => {
    const bytes = shipped('scene-clip-vit/onnx/text_model.onnx');
    const names = (graph: Uint8Array) => locateSites(indexModel(graph)).attentions;
    expect(names(externalise(bytes, 'weights').graph)).toEqual(names(bytes));
  });
});

describe('spellings', () => {
  const locate = (options: TinyOptions, files?: () => Uint8Array) =>
    locateSites(indexModel(tinyTransformer(options)), { tower: 't', ...(files ? { files } : {}) });

  it.each<TinyOptions>([
    { activation: 'quick-gelu' },
    { activation: 'gelu', norm: 'spelled' },
    { activation: 'gelu-half-first' },
    { activation: 'gelu-tanh' },
    { activation: 'gelu-operator', opset: 20 },
    { activation: 'silu', gated: true },
    { activation: 'gelu', gated: true },
    { activation: 'relu', guarded: true },
    { layout: 'folded' },
    { layout: 'folded', mask: 'trilu', guarded: true },
    { layout: 'packed', mask: 'where' },
    { cross: true, mask: 'constant' },
    { cross: true, layout: 'folded', halfWeights: true },
    { halfWeights: true, norm: 'spelled' },
  ])('%o', (options) => {
    const found = locate(options);
    expect(found.unresolved).toEqual([]);
    expect(found.towers[0]).toMatchObject({ name: 't', blocks: 2 });
    const self = options.cross ? 'attn1' : 'attn';
    for (const block of [0, 1]) {
      const at = `t.blocks.${block}`;
      for (const part of ['resid_pre', 'resid_mid', 'resid_post', 'mlp.pre', 'mlp.post', 'mlp.out']) {
        expect(site(found, `${at}.${part}`)?.axes).toEqual(['batch', 'position', 'channel']);
      }
      const folded = options.layout === 'folded';
      const pattern = site(found, `${at}.${self}.pattern`);
      expect(pattern).toMatchObject({ heads: TINY.heads, batchFoldedHeads: folded });
      expect(pattern?.axes).toEqual(
        folded ? ['batch*head', 'query', 'key'] : ['batch', 'head', 'query', 'key'],
      );
      expect(pattern?.shape?.at(-1)).toBe(TINY.tokens);
      if (options.cross) expect(site(found, `${at}.attn2.pattern`)?.shape?.at(-1)).toBe(TINY.context);
      expect(site(found, `${at}.mlp.post`)?.shape).toEqual(['batch', TINY.tokens, TINY.hidden]);
    }
    const causal = (options.mask ?? 'none') !== 'none';
    for (const attention of found.attentions) {
      expect(attention.cross).toBe(attention.part === 'attn2');
      expect(attention.causal).toBe(attention.cross ? false : causal);
      expect(attention.norm).not.toBeNull();
      const packed = options.layout === 'packed' ? { start: 2 * TINY.width, end: 3 * TINY.width } : null;
      expect(attention.valueProjection?.columns).toEqual(packed);
      expect(attention.outputProjection?.bias).not.toBeNull();
    }
  });

  it('reads the axes that Einsums state', () => {
    const found = locate({ layout: 'einsum', cross: true });
    expect(found.unresolved).toEqual([]);
    const axes = (part: string) => site(found, `t.blocks.1.attn2.${part}`)?.axes;
    expect(axes('q')).toEqual(['batch', 'query', 'head', 'channel']);
    expect(axes('k')).toEqual(['batch', 'key', 'head', 'channel']);
    expect(axes('v')).toEqual(['batch', 'key', 'head', 'channel']);
    expect(axes('z')).toEqual(['batch', 'query', 'head', 'channel']);
    expect(site(found, 't.blocks.1.attn2.pattern')).toMatchObject({
      axes: ['batch', 'head', 'query', 'key'],
      shape: ['batch', TINY.heads, TINY.tokens, TINY.context],
      heads: TINY.heads,
    });
    expect(kinds(found, 'resid_post')).toHaveLength(2);
  });

  it('takes heads that are attended one by one as one attention', () => {
    const found = locate({ layout: 'per-head' });
    expect(found.unresolved).toEqual([]);
    expect(found.attentions).toHaveLength(2);
    const patterns = kinds(found, 'attn.pattern').map(({ name }) => name);
    const block = (index: number) =>
      ['pattern', '1.pattern', '2.pattern'].map((part) => `t.blocks.${index}.attn.${part}`);
    expect(patterns).toEqual([...block(0), ...block(1)]);
    expect(new Set(kinds(found, 'attn.pattern').map(({ tensor }) => tensor)).size).toBe(2 * TINY.heads);
    expect(kinds(found, 'mlp.post')).toHaveLength(2);
  });

  it('does not guess: a softmax of products that weights nothing is unresolved', () => {
    const found = locate({ blocks: 1 });
    const bytes = tinyTransformer({ blocks: 1 });
    // Cut the tower off at its pattern: everything after the softmax goes.
    const index = indexModel(bytes);
    const softmax = index.nodes.findIndex(({ opType }) => opType === 'Softmax');
    const cut = {
      ...index,
      consumers: new Map(
        [...index.consumers].filter(([value]) => value !== index.nodes[softmax]!.outputs[0]),
      ),
    };
    const partial = locateSites(cut, { tower: 't' });
    expect(found.attentions).toHaveLength(1);
    expect(partial.attentions).toHaveLength(0);
    expect(partial.unresolved).toEqual([
      expect.objectContaining({ opType: 'Softmax', reason: expect.stringContaining('weights no values') }),
    ]);
  });
});

const real = process.env.VITRINE_REAL_FILES;
if (real !== undefined && existsSync(join(real, 'graphs'))) {
  describe('real files', () => {
    const PRIMITIVE: Readonly<Record<string, number>> = {
      'gpt2_past.onnx': 12,
      'TFBertForQuestionAnswering.onnx': 24,
      'attention_distilbert.onnx': 1,
      'gpt2_one_layer.onnx': 1,
    };
    const FUSED = new Set(['Attention', 'MultiHeadAttention']);

    it.each(readdirSync(join(real, 'graphs')))('%s: every attention is found', (file) => {
      const bytes = new Uint8Array(readFileSync(join(real, 'graphs', file)));
      const fused = indexModel(bytes).nodes.filter(({ opType }) => FUSED.has(opType));
      const { model, left } = openGraph(bytes, 'weights');
      const found = locateSites(model);
      expect(left).toEqual([]);
      expect(kinds(found, 'attn.fused')).toEqual([]);
      expect(found.attentions).toHaveLength((PRIMITIVE[file] ?? 0) + fused.length);
      expect(kinds(found, 'attn.pattern').length).toBeGreaterThan(0);
      for (const attention of found.attentions) {
        // A cached cross attention gets its keys and values as inputs.
        const cached = attention.cross && file.includes('with_past');
        expect(attention.valueProjection === null).toBe(cached);
        expect(attention.outputProjection).not.toBeNull();
      }
      if (file === 'TFBertForQuestionAnswering.onnx') {
        expect(found.unresolved).toEqual([]);
        expect(kinds(found, 'mlp.post')).toHaveLength(24);
        expect(found.attentions.every(({ outputProjection }) => outputProjection?.bias != null)).toBe(true);
      }
      if (file.startsWith('gpt2_') && fused.length === 0) {
        expect(found.attentions.every(({ causal }) => causal === true)).toBe(true);
        expect(found.attentions.every(({ valueProjection }) => valueProjection?.columns !== null)).toBe(true);
        expect(kinds(found, 'mlp.post')).toHaveLength(found.attentions.length);
      }
    });

    it('tells cross from self in fused decoders', () => {
      for (const file of [
        'hf_fp32_decoder_attention_no_past.onnx',
        'hf_fp32_decoder_attention_with_past.onnx',
      ]) {
        const { model } = openGraph(new Uint8Array(readFileSync(join(real, 'graphs', file))), 'weights');
        const { attentions } = locateSites(model, { tower: 't' });
        expect(attentions.map(({ pattern }) => pattern)).toEqual([
          't.blocks.0.attn1.pattern',
          't.blocks.0.attn2.pattern',
        ]);
      }
    });

    it('finds the feature maps of SqueezeNet', () => {
      const found = locateSites(
        indexModel(new Uint8Array(readFileSync(join(real, 'squeezenet/SqueezeNet_fp16.onnx')))),
      );
      expect(found.towers.map(({ name }) => name)).toEqual(['vision']);
      expect(kinds(found, 'conv.post')).toHaveLength(26);
    });
  });
} else {
  describe('real files', () => {
    it('are skipped', () =>
      console.info('VITRINE_REAL_FILES names no folder: real graphs are not searched for sites'));
  });
}
