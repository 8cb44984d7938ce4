import { describe, expect, it } from 'vitest';
import type { RuntimeInfo } from '../protocol/engine.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import { FIRST_ADDRESS } from './address.ts';
import type { Host } from './engine.ts';
import { writeLink } from './link.ts';
import { OWN_PICTURE_SIZE, PICTURE_SIZE } from './models.ts';
import type { Runner } from './run.ts';
import { type AddressBar, createVitrine, type Intake } from './vitrine.ts';

interface Call {
  readonly kind: JobKind;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

const info: RuntimeInfo = { device: 'wasm', webgpu: 'available', threads: 2, isolated: true, halves: false };

/** A page without a browser: every job's answer, the address bar and the pictures are in the test's hands. */
function page(fragment = '', intake: Partial<Intake> = {}) {
  const calls: Call[] = [];
  const client: Runner & Host = {
    run: <K extends JobKind>(
      kind: K,
      params: Jobs[K]['params'],
      { signal }: { readonly signal: AbortSignal },
    ) =>
      new Promise<Jobs[K]['result']>((resolve, reject) => {
        calls.push({
          kind,
          params: Object.fromEntries(Object.entries(params)),
          signal,
          resolve: resolve as (value: unknown) => void,
          reject,
        });
      }),
    info: () => Promise.resolve(info),
    chooseDevice: (device) => Promise.resolve({ ...info, device }),
    onFallback: () => undefined,
  };
  const entries = [fragment];
  let at = 0;
  let changed = () => {};
  const bar: AddressBar = {
    read: () => entries[at]!,
    push: (next) => {
      entries.splice(at + 1, entries.length, next);
      at += 1;
    },
    replace: (next) => {
      entries[at] = next;
    },
    listen: (listener) => {
      changed = listener;
    },
  };
  const go = (by: number) => {
    at += by;
    changed();
  };
  const vitrine = createVitrine({
    runner: client,
    bar,
    intake: {
      encode: () => Promise.resolve('wAAAA'),
      picture: () => Promise.resolve({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
      decode: () => Promise.resolve({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
      ...intake,
    },
  });
  vitrine.open();
  const of = (kind: JobKind) => calls.filter((call) => call.kind === kind);
  return { vitrine, calls, of, go, entries, where: () => at };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

const generation = {
  reading: { tokens: [], words: [], cut: [] },
  image: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
  attention: [],
  cautions: [],
  device: 'wasm',
  elapsedMs: 1,
};

describe('the page', () => {
  it('opens on the example and computes it at once', () => {
    const { of, entries } = page();
    const { model, prompt, seed, steps, guidance } = FIRST_ADDRESS.attention;
    expect(of('generate').map(({ params }) => params)).toEqual([{ model, prompt, seed, steps, guidance }]);
    expect(entries).toEqual(['']);
  });

  it('runs again what a link asks for', () => {
    const { vitrine, of } = page(
      '#view=attention&prompt=a+blue+boat&seed=9&steps=12&guidance=2.5&words=boat',
    );
    expect(of('generate')[0]!.params).toMatchObject({
      prompt: 'a blue boat',
      seed: 9,
      steps: 12,
      guidance: 2.5,
    });
    expect(vitrine.address.getState().attention.words).toEqual(['boat']);
    expect(vitrine.problems.getState()).toEqual([]);
  });

  it('uses what it can of a mangled link, and says which field it could not', () => {
    const { vitrine, of } = page('#view=attention&prompt=a+blue+boat&steps=many&model=../../secret');
    expect(of('generate')[0]!.params).toMatchObject({
      prompt: 'a blue boat',
      steps: 20,
      model: 'scene-diffusion',
    });
    expect(vitrine.problems.getState().map(({ field }) => field)).toEqual(['model', 'steps']);
    vitrine.dismissProblems();
    expect(vitrine.problems.getState()).toEqual([]);
  });

  it('replaces a model that is not here and reports it', () => {
    const { vitrine, of } = page('#view=attention&model=scene-clip-vit');
    expect(of('generate')[0]!.params).toMatchObject({ model: 'scene-diffusion' });
    expect(vitrine.problems.getState()).toEqual([
      { field: 'model', value: 'scene-clip-vit', reason: 'unreadable' },
    ]);
  });

  it('compares with another model, and says when it is not here', () => {
    const { of } = page('#view=attention&mode=compare&otherModel=owner/net&otherPrompt=a+dog&otherSeed=3');
    const [first, second] = of('generate').map(({ params }) => params);
    expect(first).toMatchObject({ model: FIRST_ADDRESS.attention.model, seed: 7 });
    expect(second).toMatchObject({ model: 'owner/net', prompt: 'a dog', seed: 3 });
    const missing = page('#view=attention&mode=compare&otherModel=scene-none');
    expect(missing.vitrine.problems.getState()).toEqual([
      { field: 'otherModel', value: 'scene-none', reason: 'unreadable' },
    ]);
    expect(missing.of('generate')[1]!.params).toMatchObject({ model: FIRST_ADDRESS.attention.model });
  });

  it('draws an edit and the earlier one that it is set against, each with its own prompt', () => {
    const { of, vitrine } = page(
      '#view=attention&mode=steer&prompt=a+red+car&edit=pa+blue+car;mreplace&against=w1*0.5',
    );
    const drawn = () => of('steer').map(({ params }) => params.edit);
    expect(drawn()).toMatchObject([
      { prompt: 'a blue car', method: 'replace' },
      { prompt: 'a red car', weights: [{ word: 1, weight: 0.5 }] },
    ]);
    expect(of('generate')).toHaveLength(0);
    // Back to the picture as prompted: the earlier edit stays, the plain picture is drawn.
    vitrine.change('attention', { edit: FIRST_ADDRESS.attention.edit }, 'push');
    vitrine.run();
    expect(drawn()).toHaveLength(2);
    expect(of('generate')).toHaveLength(1);
  });

  it('goes back and forward: earlier inputs, earlier results without computing them again', async () => {
    const { vitrine, of, go } = page();
    of('generate')[0]!.resolve(generation);
    await settled();
    vitrine.change('attention', { prompt: 'a blue boat' }, 'push');
    vitrine.run();
    of('generate')[1]!.resolve(generation);
    await settled();
    go(-1);
    expect(vitrine.address.getState().attention.prompt).toBe(FIRST_ADDRESS.attention.prompt);
    expect(vitrine.runs.generate.store.getState()).toMatchObject({
      status: 'done',
      params: { prompt: FIRST_ADDRESS.attention.prompt },
    });
    go(1);
    expect(vitrine.address.getState().attention.prompt).toBe('a blue boat');
    expect(of('generate')).toHaveLength(2);
  });

  it('writes sliders over the current entry and choices as new ones', () => {
    const { vitrine, entries, where } = page();
    vitrine.change('attention', { words: ['lawn'] }, 'push');
    vitrine.change('attention', { opacity: 40 }, 'replace');
    expect(where()).toBe(1);
    expect(entries).toHaveLength(2);
    expect(entries[1]).toBe(writeLink(vitrine.address.getState()));
    // The same once more is no new entry.
    vitrine.change('attention', { opacity: 40 }, 'push');
    expect(entries).toHaveLength(2);
  });

  it('starts again after a failure, and asks nothing twice while it runs', async () => {
    const { vitrine, of } = page();
    vitrine.run();
    expect(of('generate')).toHaveLength(1);
    of('generate')[0]!.reject(new VitrineError('worker-crashed', 'gone'));
    await settled();
    expect(vitrine.runs.generate.store.getState()).toMatchObject({ failure: { code: 'worker-crashed' } });
    await vitrine.restart();
    expect(of('generate')).toHaveLength(2);
  });

  it('computes anew on another device', async () => {
    const { vitrine, of } = page();
    of('generate')[0]!.resolve(generation);
    await settled();
    await vitrine.switchDevice('webgpu');
    expect(of('generate')).toHaveLength(2);
    expect(vitrine.engine.store.getState().info?.device).toBe('webgpu');
  });

  it('takes a picture into the address before its own run', async () => {
    const { vitrine, of, entries } = page();
    await vitrine.openPicture(new Blob(['x']), 'cat.png');
    await settled();
    expect(vitrine.address.getState()).toMatchObject({
      view: 'concepts',
      concepts: { image: { kind: 'upload', data: 'wAAAA' } },
    });
    expect(entries.at(-1)).toContain('image=upload.wAAAA');
    expect(of('explain')[0]!.params).toMatchObject({ image: { kind: 'pixels' } });
  });

  it('reads a picture at the size that an own model looks at; its link carries it smaller', async () => {
    const sides: (number | undefined)[] = [];
    const { vitrine, of } = page('#view=concepts&model=owner%2Fclip', {
      picture: (_, side) => {
        sides.push(side);
        return Promise.resolve({ width: 2, height: 1, data: new Uint8ClampedArray(8) });
      },
    });
    const own = {
      id: 'owner/clip',
      title: 'owner/clip',
      family: 'contrastive',
      origin: '',
      revision: '',
      licence: '',
      precision: 'fp32',
      pictureSide: 224,
      files: [],
    } as const;
    const rest = { partial: [], usedBytes: 0, keeping: 'disk', heldBytes: 0, sessions: [] } as const;
    vitrine.library.kept.setState({ models: [own], ...rest });
    await vitrine.openPicture(new Blob(['x']), 'cat.png');
    await settled();
    expect(sides).toEqual([224]);
    expect(of('explain').at(-1)!.params).toMatchObject({ image: { kind: 'pixels', pixels: { width: 2 } } });
    // The models that ship see what everybody with the link sees.
    vitrine.change('concepts', { model: FIRST_ADDRESS.concepts.model }, 'push');
    vitrine.run();
    await settled();
    expect(of('explain').at(-1)!.params).toMatchObject({ image: { kind: 'pixels', pixels: { width: 1 } } });
  });

  it('asks the model of the link while it answers, shipped or the visitor’s own, whatever the ask view has chosen', async () => {
    const asked = async (fragment: string) => {
      const { vitrine, of } = page(fragment);
      await settled();
      vitrine.change('ask', { model: 'scene-vlm-none' }, 'replace');
      vitrine.change('concepts', { image: { kind: 'scene', seed: 5 } }, 'push');
      vitrine.run();
      await settled();
      // The picture as it is and repainted, and both of the next one.
      expect(of('readAnswer')).toHaveLength(4);
      const models = [...new Set(of('readAnswer').map(({ params: { model } }) => model))];
      return { models, problems: vitrine.problems.getState() };
    };
    const part = '#view=concepts&part=answer';
    const fine = (model: string) => ({ models: [model], problems: [] });
    expect(await asked(part)).toEqual(fine('scene-vlm-mlp'));
    expect(await asked(`${part}&answerModel=scene-vlm-qformer`)).toEqual(fine('scene-vlm-qformer'));
    expect(await asked(`${part}&answerModel=owner%2Fvlm%3Aq8`)).toEqual(fine('owner/vlm:q8'));
    // One that only matches pictures with words cannot answer.
    expect(await asked(`${part}&answerModel=scene-clip-vit`)).toEqual({
      models: ['scene-vlm-mlp'],
      problems: [{ field: 'answerModel', value: 'scene-clip-vit', reason: 'unreadable' }],
    });
  });

  it('shows the model that answers a picture at the size that it looks at, not at that of the contrastive one', async () => {
    const sizes: (number | undefined)[] = [];
    const encode = (_: Blob, side?: number) => {
      sizes.push(side);
      return Promise.resolve('wAAAA');
    };
    const { vitrine } = page('#view=concepts&part=answer&answerModel=owner/vlm', { encode });
    await vitrine.openPicture(new Blob(['x']), 'cat.png');
    vitrine.change('concepts', { part: 'sees' }, 'push');
    await vitrine.openPicture(new Blob(['x']), 'cat.png');
    expect(sizes).toEqual([OWN_PICTURE_SIZE, PICTURE_SIZE]);
  });

  it('keeps working when a file is no picture, and forgets the complaint with the next choice', async () => {
    const refuse = () => Promise.reject(new VitrineError('bad-image', 'no', { reason: 'not-an-image' }));
    const { vitrine, of } = page('', { encode: refuse });
    await vitrine.openPicture(new Blob(['x']), 'notes.txt');
    await settled();
    expect(vitrine.opening.getState()).toMatchObject({ status: 'failed', name: 'notes.txt' });
    expect(of('explain')[0]!.params).toMatchObject({ image: FIRST_ADDRESS.concepts.image });
    vitrine.change('concepts', { image: { kind: 'scene', seed: 5 } }, 'push');
    vitrine.run();
    await settled();
    expect(vitrine.opening.getState()).toEqual({ status: 'idle' });
    expect(of('explain').at(-1)!.params).toMatchObject({ image: { kind: 'scene', seed: 5 } });
  });

  it('says when the picture of a link is broken', async () => {
    const decode = () => Promise.reject(new VitrineError('bad-link', 'no', { field: 'image' }));
    const { vitrine, of } = page('#view=concepts&image=upload.wAAAA', { decode });
    await settled();
    expect(of('explain')).toHaveLength(0);
    expect(vitrine.opening.getState()).toMatchObject({ status: 'failed', failure: { code: 'bad-link' } });
  });

  it('drops a picture whose decoding ends after another was chosen', async () => {
    let finish = (_: Awaited<ReturnType<Intake['decode']>>) => {};
    const decode = () =>
      new Promise<Awaited<ReturnType<Intake['decode']>>>((resolve) => {
        finish = resolve;
      });
    const { vitrine, of } = page('#view=concepts&image=upload.wAAAA', { decode });
    vitrine.change('concepts', { image: { kind: 'scene', seed: 3 } }, 'push');
    vitrine.run();
    await settled();
    finish({ width: 1, height: 1, data: new Uint8ClampedArray(4) });
    await settled();
    expect(of('explain').map(({ params }) => params)).toMatchObject([{ image: { kind: 'scene', seed: 3 } }]);
  });

  it('dissects on opening only when the link says so, and opens the unit once its threshold is known', async () => {
    expect(page('#view=neurons').of('dissect')).toHaveLength(0);
    const { of } = page('#view=neurons&site=vision.blocks.1.mlp.post&run=1&unit=3&scenes=50&seed=2');
    const params = { model: 'scene-clip-vit', site: 'vision.blocks.1.mlp.post', scenes: 50, seed: 2 };
    expect(of('dissect').map((call) => call.params)).toEqual([params]);
    expect(of('unit')).toHaveLength(0);
    const row = { unit: 3, threshold: 1.5, dead: false, iou: 0.1, concept: 'car', category: 'object' };
    of('dissect')[0]!.resolve({ ...params, rows: [row] });
    await settled();
    expect(of('unit').map((call) => call.params)).toEqual([{ ...params, unit: 3, threshold: 1.5, top: 9 }]);
  });
});
