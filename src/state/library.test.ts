import { expect, test } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import type { FetchProgress, KeptModel, Library, ModelPlan, PlanParams } from '../protocol/library.ts';
import { bytesHere, createLibraryStore, type Notebook } from './library.ts';
import type { Runner } from './run.ts';

const params: PlanParams = {
  place: { kind: 'hub', base: 'https://hub.example', id: 'a/b', revision: 'main', token: 'secret' },
  precision: '',
  preparation: 'read',
};
const plan = { id: 'a/b', title: 'a/b', totalBytes: 10, missingBytes: 10 } as ModelPlan;
const model = { id: 'a/b' } as KeptModel;
const kept = { models: [model], partial: [] } as unknown as Library;

/** A runner whose jobs settle when the test says so. */
function scripted() {
  const asked: {
    kind: JobKind;
    finish(value: unknown): void;
    fail(error: unknown): void;
    report(progress: FetchProgress): void;
  }[] = [];
  const runner: Runner = {
    run: <K extends JobKind>(
      kind: K,
      _: Jobs[K]['params'],
      { onProgress, signal }: Parameters<Runner['run']>[2],
    ) =>
      new Promise<Jobs[K]['result']>((resolve, reject) => {
        if (kind === 'library') {
          resolve(kept as Jobs[K]['result']);
          return;
        }
        signal.addEventListener('abort', () => reject(new VitrineError('cancelled', 'stopped')));
        asked.push({
          kind,
          finish: (value) => resolve(value as Jobs[K]['result']),
          fail: reject,
          report: (progress) => onProgress(progress as never),
        });
      }),
  };
  return { runner, asked };
}

function notebook(): Notebook & { readonly pages: Map<string, string> } {
  const pages = new Map<string, string>();
  return {
    pages,
    getItem: (key) => pages.get(key) ?? null,
    setItem: (key, value) => void pages.set(key, value),
    removeItem: (key) => void pages.delete(key),
  };
}

const progress = (done: number): FetchProgress => ({ done, total: 10, elapsedMs: 1, phase: 'run' });
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('the price is told first; nothing is fetched before the visitor starts it', async () => {
  const { runner, asked } = scripted();
  const library = createLibraryStore(runner, notebook());
  void library.ask(params);
  expect(library.opening.getState().status).toBe('asking');
  asked[0]!.finish(plan);
  await settle();
  expect(library.opening.getState()).toMatchObject({ status: 'told', plan });
  expect(asked.map(({ kind }) => kind)).toEqual(['planModel']);
  void library.start();
  asked[1]!.report(progress(4));
  expect(library.opening.getState()).toMatchObject({ status: 'fetching', progress: { done: 4 } });
  asked[1]!.finish(model);
  await settle();
  expect(library.opening.getState()).toEqual({ status: 'opened', model });
  expect(library.kept.getState()).toBe(kept);
});

test('a pause keeps how far it came, and so does a fault, which says why', async () => {
  const { runner, asked } = scripted();
  const library = createLibraryStore(runner, notebook());
  void library.ask(params);
  asked[0]!.finish(plan);
  await settle();
  void library.start();
  asked[1]!.report(progress(6));
  library.pause();
  await settle();
  expect(library.opening.getState()).toMatchObject({
    status: 'paused',
    progress: { done: 6 },
    failure: undefined,
  });
  void library.start();
  asked[2]!.fail(new VitrineError('offline', 'no network'));
  await settle();
  expect(library.opening.getState()).toMatchObject({
    status: 'paused',
    progress: { done: 6 },
    failure: { code: 'offline' },
  });
});

test('what was on its way when the tab went is offered again, without the token', async () => {
  const { runner, asked } = scripted();
  const notes = notebook();
  const before = createLibraryStore(runner, notes);
  void before.ask(params);
  asked[0]!.finish(plan);
  await settle();
  void before.start();
  expect([...notes.pages.values()].join()).not.toContain('secret');
  const after = createLibraryStore(runner, notes);
  expect(after.opening.getState()).toMatchObject({ status: 'paused', plan: { title: 'a/b' } });
  expect(asked).toHaveLength(2);
  after.dismiss();
  expect(notes.pages.size).toBe(0);
});

test('only the latest question is answered', async () => {
  const { runner, asked } = scripted();
  const library = createLibraryStore(runner, notebook());
  void library.ask(params);
  void library.ask({ ...params, precision: 'fp16' });
  asked[0]!.finish({ ...plan, title: 'late' });
  asked[1]!.fail(new VitrineError('gated', 'no'));
  await settle();
  expect(library.opening.getState()).toMatchObject({ status: 'refused', failure: { code: 'gated' } });
});

test('a notebook that holds nonsense, or none at all, starts from nothing', () => {
  const { runner } = scripted();
  const notes = notebook();
  notes.setItem('vitrine.opening', '{"params":');
  expect(createLibraryStore(runner, notes).opening.getState()).toEqual({ status: 'idle' });
});

test('what is here of a paused model is what was kept when it was planned, or has come since', () => {
  const files = [
    { role: 'a', path: 'a.onnx', bytes: 100, kept: 0 },
    { role: 'b', path: 'b.onnx', bytes: 50, kept: 50 },
    { role: 'c', path: 'c.onnx', bytes: 30, kept: 10 },
  ];
  const partial = [
    { key: '1', path: 'a.onnx', bytes: 40 },
    { key: '2', path: 'c.onnx', bytes: 5 },
    { key: '3', path: 'other.onnx', bytes: 7 },
  ];
  expect(bytesHere({ ...plan, files }, { ...kept, partial })).toBe(40 + 50 + 10);
  expect(bytesHere({ ...plan, files }, undefined)).toBe(60);
});
