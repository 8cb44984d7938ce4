import { describe, expect, it } from 'vitest';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import { createAskRuns, followAnswer, interventionOf, startAnswer } from './ask.ts';
import { type AskAddress, FIRST_ASK } from './ask-address.ts';
import type { Runner } from './run.ts';

const answered: Jobs['answer']['result'] = {
  image: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
  sequence: [],
  tokens: [{ id: 11, text: 'yellow', probability: 0.9, forced: false, candidates: [] }],
  ended: 'end-token',
  cautions: [],
  device: 'wasm',
  elapsedMs: 1,
};

/** Answers at once, explains at once where that is given; every other job is only written down. */
function recorder(explained?: object) {
  const asked: { readonly kind: JobKind; readonly params: unknown }[] = [];
  const runner: Runner = {
    run(kind, params) {
      asked.push({ kind, params });
      const result: unknown = kind === 'answer' ? answered : kind === 'explainAnswer' ? explained : undefined;
      return result ? Promise.resolve(result as never) : new Promise(() => undefined);
    },
  };
  return { runner, asked };
}

const image = { kind: 'scene', seed: 8 } as const;

async function asks(fields: Partial<AskAddress>, explained?: object) {
  const { runner, asked } = recorder(explained);
  const runs = createAskRuns(runner);
  const ask = { ...FIRST_ASK, ...fields };
  startAnswer(runs, ask, image);
  followAnswer(runs, ask);
  expect(asked.map(({ kind }) => kind)).toEqual(['answer']);
  await new Promise((resolve) => setTimeout(resolve));
  followAnswer(runs, ask);
  await new Promise((resolve) => setTimeout(resolve));
  followAnswer(runs, ask);
  return asked.slice(1);
}

describe('the ask view', () => {
  it('explains an answer once it is there, once', async () => {
    const [explained, ...others] = await asks({});
    expect(explained).toEqual({
      kind: 'explainAnswer',
      params: { model: FIRST_ASK.model, image, question: FIRST_ASK.question, answer: [11] },
    });
    expect(others).toEqual([]);
  });

  it('ablates only when asked for it', async () => {
    const [, ablated] = await asks({ method: 'ablation', level: 'pixel' });
    expect(ablated).toMatchObject({ kind: 'ablatePatches', params: { level: 'pixel', answer: [11] } });
  });

  it('calls the referee behind a Q-Former by itself, whose maps may mean nothing', async () => {
    const maps = { dims: [1, 1, 1], data: new Float32Array(1) };
    const [, ablated] = await asks({ method: 'attention' }, { queries: { maps } });
    expect(ablated).toMatchObject({ kind: 'ablatePatches', params: { level: 'token', answer: [11] } });
    expect(await asks({ method: 'attention' }, { queries: null })).toHaveLength(1);
  });

  it('traces against the repainted scene, or another question', async () => {
    const [, painted] = await asks({ part: 'trace', thing: 2, color: 'pink' });
    expect(painted).toMatchObject({
      kind: 'trace',
      params: { source: { image }, target: { image: { kind: 'variant', seed: 8, thing: 2, color: 'pink' } } },
    });
    const [, other] = await asks({ part: 'trace', other: 'what is left of the car' });
    expect(other).toMatchObject({ params: { target: { image, question: 'what is left of the car' } } });
  });

  it('asks again with parts taken away, and not without', async () => {
    expect(await asks({ part: 'change' })).toHaveLength(1);
    const [, again] = await asks({ part: 'change', masked: [3], silenced: ['2.1'], cut: 'all' });
    expect(again).toMatchObject({
      kind: 'answer',
      params: {
        intervention: {
          patches: [3],
          heads: [{ block: 2, head: 1 }],
          edges: [{ to: 'answer' }, { to: 'question' }],
        },
      },
    });
    expect(interventionOf(FIRST_ASK)).toBeUndefined();
  });
});
