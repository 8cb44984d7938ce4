import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VitrineError } from './errors.ts';
import type { JobKind, Jobs } from './jobs.ts';
import { validate } from './validation.ts';

const pixels = { width: 3, height: 2, data: new Uint8ClampedArray(24) };
const valid: { [K in JobKind]: Jobs[K]['params'] } = {
  generate: { model: 'm', prompt: 'a red car', seed: 0xffffffff, steps: 50, guidance: 7.5 },
  steer: {
    model: 'm',
    prompt: 'a red car',
    seed: 1,
    steps: 20,
    guidance: 4,
    edit: {
      prompt: 'a blue car',
      method: 'replace',
      crossSteps: [0, 0.8],
      selfSteps: [0, 0.4],
      weights: [{ word: 1, weight: -2 }],
      renormalise: false,
      blend: 2,
      recolour: { word: 1, to: 'blue', recipe: 'B' },
      paint: { words: [2], region: '0f'.repeat(32), strength: 4, steps: [0, 0.5] },
      within: null,
    },
  },
  classify: { model: 'm', image: { kind: 'scene', seed: 1 }, top: 5 },
  explain: {
    model: 'm',
    prompt: 'a',
    concepts: ['x'],
    image: { kind: 'pixels', pixels },
    vectors: 'text',
    without: [],
  },
  inspect: {
    model: 'm',
    prompt: 'a',
    seed: 1,
    steps: 9,
    guidance: 1,
    probes: ['dog'],
    noise: 0.5,
    by: 'inversion',
    image: { kind: 'scene', seed: 3 },
  },
  dissect: { model: 'm', site: 'vision.blocks.3.mlp.post', scenes: 100, seed: 0 },
  dissectPart: {
    ...{ model: 'm', site: 's', scenes: 9, seed: 1, recipe: 'dissect', weights: 'shuffled', noise: 0.5 },
    ...{ fresh: true, shard: { index: 2, of: 3 }, pass: 'count', thresholds: new Uint8Array(3) },
  },
  inspectData: { data: { kind: 'zip', name: 'set.zip', bytes: new Blob(['x']) } },
  dissectMerge: { parts: [new Uint8Array(2)], pass: 'threshold' },
  paintUnits: {
    ...{
      model: 'm',
      site: 'unet.mid.0.mlp.post',
      units: [1, 2],
      region: 'f'.repeat(64),
      prompt: 'a lawn',
      seed: 1,
    },
    ...{ steps: 8, guidance: 4, strength: 2, during: [0, 1], concept: 'tree', judge: 'j', sets: 3 },
  },
  watchUnits: { model: 'm', site: 's', scenes: 9, seed: 1, judge: 'j', shard: { index: 1, of: 2 } },
  nameUnits: { model: 'm', site: 's', scenes: 9, seed: 1, judge: 'j', words: ['car'], noise: 0.5 },
  namedUnit: { model: 'm', site: 's', scenes: 9, seed: 1, unit: 3, pictures: [0, 8] },
  dissectKept: { model: 'm', site: 's', scenes: 9, seed: 1 },
  unit: { model: 'm', site: 's', scenes: 1, seed: 0, unit: 0, threshold: -0.5, top: 9 },
  gallery: { seeds: [0, 1], size: 128 },
  readPrompt: { model: 'm', prompt: '車' },
  sites: { model: 'm' },
  heads: { model: 'm', scenes: 100, seed: 0, words: 8 },
  ablateHeads: { model: 'm', scenes: 100, seed: 0, heads: [{ layer: 3, head: 1 }] },
  separate: { model: 'm', scenes: 100, seed: 0, concepts: ['x'], vectors: 'means' },
  embed: {
    model: 'm',
    images: [
      { kind: 'scene', seed: 3 },
      { kind: 'pixels', pixels },
    ],
    texts: ['a'],
  },
  collect: { model: 'm', items: [{ image: { kind: 'scene', seed: 3 }, caption: 'a' }] },
  match: { model: 'm', image: { kind: 'pixels', pixels }, text: 'a' },
  readAnswer: {
    model: 'm',
    image: { kind: 'scene', seed: 3 },
    question: 'what color is the car',
    prefix: 'the color is',
    repaint: 'blue',
    concepts: ['x'],
    vectors: 'logit-lens',
  },
  separateAnswer: {
    model: 'm',
    question: 'what color is the car',
    prefix: '',
    concepts: ['x'],
    vectors: 'contextual',
  },
  referAnswer: {
    model: 'm',
    image: { kind: 'scene', seed: 3 },
    question: 'what color is the car',
    prefix: '',
    repaint: null,
    concepts: ['x', 'y'],
    vectors: 'means',
    concept: 1,
    from: 2,
    act: 'add',
    seed: 4,
  },
  refer: {
    model: 'm',
    image: { kind: 'scene', seed: 3 },
    concepts: ['x', 'y'],
    concept: 1,
    from: 2,
    act: 'remove',
    vectors: 'text',
    seed: 0,
  },
  planModel: {
    place: { kind: 'hub', base: 'https://hub.example', id: 'owner/model', revision: 'main' },
    precision: '',
    preparation: 'read',
  },
  fetchModel: {
    place: { kind: 'url', url: 'http://a.example/x.onnx' },
    precision: 'fp16',
    preparation: 'caffe',
  },
  library: {},
  removeKept: { key: '' },
  answer: {
    model: 'm',
    image: { kind: 'variant', seed: 3, thing: 1, color: null },
    question: 'what color is the car',
    prefix: 'the color is',
    sampling: { mode: 'sample', temperature: 0.7, topP: 0.9, seed: 4 },
    maxTokens: 24,
    intervention: {
      patches: [0, 63],
      heads: [{ block: 2, head: 1 }],
      edges: [{ from: 'image', to: 'answer', blocks: [0, 5] }],
    },
  },
  explainAnswer: { model: 'm', image: { kind: 'scene', seed: 3 }, question: '', answer: [7] },
  ablatePatches: {
    model: 'm',
    image: { kind: 'scene', seed: 3 },
    question: 'what',
    answer: [7, 8],
    level: 'pixel',
  },
  trace: {
    model: 'm',
    source: { image: { kind: 'scene', seed: 3 }, question: 'a' },
    target: { image: { kind: 'variant', seed: 3, thing: 2, color: 'blue' }, question: 'a' },
  },
  bridge: { model: 'm', image: { kind: 'pixels', pixels } },
  surveyLayers: { model: 'm', sites: ['vision.layer1.0.relu', 's'], scenes: 16, seed: 3 },
  unitEvidence: {
    model: 'm',
    site: 's',
    scenes: 1,
    seed: 0,
    unit: 3,
    threshold: 1.5,
    concept: 'car',
    category: 'object',
  },
  referee: { model: 'm', site: 's', units: [0, 7], concept: 'car', scenes: 40, seed: 1, sets: 100 },
  pictureUnits: { model: 'm', site: 's', image: { kind: 'scene', seed: 4 } },
};

function failure(kind: JobKind, params: unknown): VitrineError {
  try {
    validate(kind, params);
  } catch (error) {
    if (error instanceof VitrineError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(params)}`);
}

describe('validate', () => {
  it.each(Object.entries(valid))('accepts a good %s as it is', (kind, params) => {
    expect(validate(kind as JobKind, params)).toEqual(params);
    expect(validate(kind as JobKind, { ...params, more: 1 })).toEqual(params);
  });

  it.each([
    ['steps', 0],
    ['steps', 51],
    ['steps', 2.5],
    ['steps', '20'],
    ['steps', Number.NaN],
    ['seed', -1],
    ['seed', 2 ** 32],
    ['seed', 0.5],
    ['guidance', 0.99],
    ['guidance', 20.1],
    ['guidance', Number.POSITIVE_INFINITY],
    ['model', ''],
    ['model', 'a b'],
    ['model', 7],
    ['prompt', undefined],
    ['prompt', 'x'.repeat(2001)],
  ])('refuses to generate with %s = %s', (name, value) => {
    const error = failure('generate', { ...valid.generate, [name]: value });
    expect(error).toMatchObject({ code: 'bad-parameter', detail: { name } });
    expect(error.detail.allowed).toBeTypeOf('string');
  });

  it('names the allowed range', () => {
    expect(failure('generate', { ...valid.generate, steps: 99 }).detail).toEqual({
      name: 'steps',
      allowed: '1 to 50',
    });
  });

  it.each(['', '   ', '\n\t'])('has a code of its own for the empty prompt %j', (prompt) => {
    expect(failure('generate', { ...valid.generate, prompt }).code).toBe('bad-prompt');
    expect(failure('explain', { ...valid.explain, prompt }).code).toBe('bad-prompt');
  });

  it.each([
    { ...pixels, width: 2 },
    { ...pixels, width: 0, data: new Uint8ClampedArray(0) },
    { ...pixels, width: 4097 },
    { ...pixels, height: 1.5 },
    { ...pixels, data: [...pixels.data] },
    { ...pixels, data: new Uint8Array(24) },
    { ...pixels, data: new Uint8ClampedArray(new SharedArrayBuffer(24)) },
  ])('refuses a picture whose buffer does not fit: %#', (bad) => {
    expect(failure('explain', { ...valid.explain, image: { kind: 'pixels', pixels: bad } }).code).toBe(
      'bad-image',
    );
  });

  it('refuses other kinds of image, blank concepts and unknown jobs', () => {
    expect(failure('explain', { ...valid.explain, image: { kind: 'url' } }).detail.name).toBe('kind');
    expect(failure('explain', { ...valid.explain, concepts: ['a', ' '] }).detail.name).toBe('concepts');
    expect(failure('toString' as JobKind, {}).detail.name).toBe('kind');
  });

  it('refuses what cannot even be written', () => {
    for (const odd of [{ toString: '' }, [{ toString: 1 }], Object.create(null)]) {
      expect(failure('unit', { ...valid.unit, unit: odd })).toMatchObject({ code: 'bad-parameter' });
    }
  });

  it('answers anything with parameters or a VitrineError', () => {
    const kinds = fc.constantFrom(...(Object.keys(valid) as JobKind[]));
    fc.assert(
      fc.property(kinds, fc.anything(), (kind, params) => {
        try {
          validate(kind, params);
        } catch (error) {
          expect(error).toBeInstanceOf(VitrineError);
        }
      }),
    );
  });
});
