import { describe, expect, it } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs, PromptReading } from '../protocol/jobs.ts';
import { createRun, keyOf, type Runner, shownOf } from './run.ts';

type Settle<T> = { resolve(value: T): void; reject(reason: unknown): void };

/** A client whose answers the test gives by hand, also after they were called off. */
function scripted() {
  const calls: {
    readonly params: unknown;
    readonly signal: AbortSignal;
    readonly progress: (done: number) => void;
    readonly settle: Settle<PromptReading>;
  }[] = [];
  const runner: Runner = {
    run: <K extends JobKind>(_kind: K, params: Jobs[K]['params'], options: Parameters<Runner['run']>[2]) =>
      new Promise<Jobs[K]['result']>((resolve, reject) => {
        calls.push({
          params,
          signal: options.signal,
          progress: (done) => options.onProgress({ done, total: 9, elapsedMs: 0, phase: 'run' }),
          settle: { resolve: resolve as (value: PromptReading) => void, reject },
        });
      }),
  };
  return { calls, runner };
}

const params = (prompt: string) => ({ model: 'm', prompt });
const answer = (word: string): PromptReading => ({ tokens: [], words: [], cut: [word] });
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('a run', () => {
  it('goes from idle through progress to done', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt', { trail: true });
    expect(run.store.getState().status).toBe('idle');
    run.start(params('a'));
    calls[0]!.progress(3);
    expect(run.store.getState()).toMatchObject({ status: 'running', progress: { done: 3 } });
    calls[0]!.settle.resolve(answer('a'));
    await settled();
    expect(run.store.getState()).toMatchObject({ status: 'done', params: params('a'), result: answer('a') });
    expect(shownOf(run.store.getState())?.trail.map(({ done }) => done)).toEqual([3]);
  });

  it('begins its trail again when the job was started again', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt', { trail: true });
    run.start(params('a'));
    for (const done of [1, 2, 3, 1, 2]) calls[0]!.progress(done);
    calls[0]!.settle.resolve(answer('a'));
    await settled();
    expect(shownOf(run.store.getState())?.trail.map(({ done }) => done)).toEqual([1, 2]);
  });

  it('drops late answers and late progress of a run that was replaced', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt');
    run.start(params('a'));
    run.start(params('b'));
    expect(calls[0]!.signal.aborted).toBe(true);
    calls[0]!.progress(8);
    calls[0]!.settle.resolve(answer('a'));
    await settled();
    expect(run.store.getState()).toMatchObject({
      status: 'running',
      params: params('b'),
      progress: undefined,
    });
    calls[1]!.settle.resolve(answer('b'));
    await settled();
    expect(run.store.getState()).toMatchObject({ status: 'done', result: answer('b') });
  });

  it('drops a late failure of a run that was replaced', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt');
    run.start(params('a'));
    run.start(params('b'));
    calls[0]!.settle.reject(new VitrineError('cancelled', 'aborted'));
    await settled();
    expect(run.store.getState()).toMatchObject({ status: 'running', params: params('b') });
  });

  it('keeps the earlier result when stopped, and drops what still arrives', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt');
    run.start(params('a'));
    calls[0]!.settle.resolve(answer('a'));
    await settled();
    run.start(params('b'));
    calls[1]!.progress(4);
    run.cancel();
    expect(calls[1]!.signal.aborted).toBe(true);
    calls[1]!.settle.resolve(answer('b'));
    await settled();
    const state = run.store.getState();
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'cancelled' }, progress: { done: 4 } });
    expect(shownOf(state)?.result).toEqual(answer('a'));
  });

  it('turns a rejection into a failure with its code, and can start again', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt');
    run.start(params('a'));
    calls[0]!.settle.reject(new VitrineError('model-corrupt', 'sha', { file: 'unet.onnx' }));
    await settled();
    expect(run.store.getState()).toMatchObject({
      status: 'failed',
      failure: { code: 'model-corrupt', detail: { file: 'unet.onnx' } },
    });
    run.start(params('a'));
    expect(calls).toHaveLength(2);
  });

  it('does not start the same run twice, and remembers finished ones until told to forget', async () => {
    const { calls, runner } = scripted();
    const run = createRun(runner, 'readPrompt', { remember: 2 });
    for (const prompt of ['a', 'b', 'c']) {
      run.start(params(prompt));
      run.start(params(prompt));
      calls.at(-1)!.settle.resolve(answer(prompt));
      await settled();
    }
    expect(calls).toHaveLength(3);
    run.start(params('b'));
    expect(run.store.getState()).toMatchObject({ status: 'done', result: answer('b') });
    expect(calls).toHaveLength(3);
    run.start(params('a'));
    expect(calls).toHaveLength(4);
    run.cancel();
    run.forget();
    run.start(params('b'));
    expect(calls).toHaveLength(5);
  });

  it('tells pictures apart by their bytes', () => {
    const picture = (byte: number) => ({ data: new Uint8ClampedArray([1, 2, byte]) });
    expect(keyOf(picture(3))).toBe(keyOf(picture(3)));
    expect(keyOf(picture(3))).not.toBe(keyOf(picture(4)));
  });
});
