import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { FetchProgress, KeptModel, Library, ModelPlan, PlanParams } from '../protocol/library.ts';
import type { Runner } from './run.ts';

/** Opening a model, from the question what it costs to its being here. */
export type Opened =
  | { readonly status: 'idle' }
  | { readonly status: 'asking'; readonly params: PlanParams }
  | { readonly status: 'refused'; readonly params: PlanParams; readonly failure: Failure }
  /** The price is told; nothing is fetched yet. */
  | { readonly status: 'told'; readonly params: PlanParams; readonly plan: ModelPlan }
  | {
      readonly status: 'fetching';
      readonly params: PlanParams;
      readonly plan: ModelPlan;
      readonly progress: FetchProgress | undefined;
    }
  /** Stopped by the visitor, by a fault, or with the tab: what has come is kept. */
  | {
      readonly status: 'paused';
      readonly params: PlanParams;
      readonly plan: ModelPlan;
      readonly progress: FetchProgress | undefined;
      readonly failure: Failure | undefined;
    }
  | { readonly status: 'opened'; readonly model: KeptModel };

/** What outlives the tab beside the files themselves. */
export interface Notebook {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface LibraryStore {
  /** What is kept; undefined until it was asked for. */
  readonly kept: StoreApi<Library | undefined>;
  readonly opening: StoreApi<Opened>;
  /** Why the list could not be read, or a file not be removed. */
  readonly failure: StoreApi<Failure | undefined>;
  refresh(): Promise<void>;
  /** Asks for the price; the only thing that reaches out before `start`. */
  ask(params: PlanParams): Promise<void>;
  /** Fetches what the told plan lists, or goes on with what was paused. */
  start(): Promise<void>;
  pause(): void;
  /** Puts the question away. Bytes that have come stay until they are removed. */
  dismiss(): void;
  remove(key: string): Promise<void>;
}

const PENDING = 'vitrine.opening';

export function createLibraryStore(runner: Runner, notebook: Notebook): LibraryStore {
  const kept = createStore<Library | undefined>(() => undefined);
  const opening = createStore<Opened>(() => pending(notebook));
  const failure = createStore<Failure | undefined>(() => undefined);
  let abort: AbortController | undefined;

  const quietly = { onProgress: () => undefined };

  const refresh = async (): Promise<void> => {
    try {
      kept.setState(
        await runner.run('library', {}, { ...quietly, signal: new AbortController().signal }),
        true,
      );
      failure.setState(undefined, true);
    } catch (thrown) {
      failure.setState(toFailure(thrown), true);
    }
  };

  const begin = (): AbortController => {
    abort?.abort();
    abort = new AbortController();
    return abort;
  };

  const ask = async (params: PlanParams): Promise<void> => {
    const mine = begin();
    opening.setState({ status: 'asking', params }, true);
    try {
      const plan = await runner.run('planModel', params, { ...quietly, signal: mine.signal });
      if (abort === mine) opening.setState({ status: 'told', params, plan }, true);
    } catch (thrown) {
      if (abort === mine) opening.setState({ status: 'refused', params, failure: toFailure(thrown) }, true);
    }
  };

  const start = async (): Promise<void> => {
    const now = opening.getState();
    if (now.status !== 'told' && now.status !== 'paused') return;
    const { plan } = now;
    // What was told is what is fetched, also when the machine would now choose otherwise.
    const params = { ...now.params, precision: plan.precision };
    const mine = begin();
    remember(notebook, params, plan);
    const progress = now.status === 'paused' ? now.progress : undefined;
    opening.setState({ status: 'fetching', params, plan, progress }, true);
    try {
      const model = await runner.run('fetchModel', params, {
        signal: mine.signal,
        onProgress: (next) => {
          // While the worker loads its own files there is nothing to say of this one.
          if (abort === mine && next.phase === 'run') {
            opening.setState({ status: 'fetching', params, plan, progress: next }, true);
          }
        },
      });
      if (abort !== mine) return;
      notebook.removeItem(PENDING);
      opening.setState({ status: 'opened', model }, true);
    } catch (thrown) {
      if (abort !== mine) return;
      const last = opening.getState();
      const reached = last.status === 'fetching' ? last.progress : undefined;
      const why = toFailure(thrown);
      const stopped = why.code === 'cancelled' ? undefined : why;
      opening.setState({ status: 'paused', params, plan, progress: reached, failure: stopped }, true);
    }
    await refresh();
  };

  return {
    kept,
    opening,
    failure,
    refresh,
    ask,
    start,
    pause: () => abort?.abort(),
    dismiss: () => {
      abort?.abort();
      abort = undefined;
      notebook.removeItem(PENDING);
      opening.setState({ status: 'idle' }, true);
    },
    remove: async (key) => {
      try {
        kept.setState(
          await runner.run('removeKept', { key }, { ...quietly, signal: new AbortController().signal }),
          true,
        );
        failure.setState(undefined, true);
      } catch (thrown) {
        failure.setState(toFailure(thrown), true);
      }
    },
  };
}

/** A visitor's own files cannot be written down; a token must not be. */
function remember(notebook: Notebook, params: PlanParams, plan: ModelPlan): void {
  const { place } = params;
  if (place.kind === 'files') return;
  const safe = place.kind === 'hub' ? { ...place, token: undefined } : place;
  try {
    notebook.setItem(PENDING, JSON.stringify({ params: { ...params, place: safe }, plan }));
  } catch {
    // Storage is forbidden or full here: the transfer is then not offered again after a reload.
  }
}

/** What was on its way when the tab went. Nothing is fetched until the visitor says so. */
function pending(notebook: Notebook): Opened {
  try {
    const text = notebook.getItem(PENDING);
    if (text === null) return { status: 'idle' };
    const { params, plan } = JSON.parse(text) as { readonly params: PlanParams; readonly plan: ModelPlan };
    if (typeof plan.title !== 'string' || typeof params.place.kind !== 'string') return { status: 'idle' };
    return { status: 'paused', params, plan, progress: undefined, failure: undefined };
  } catch {
    return { status: 'idle' };
  }
}

/** Bytes of a planned model that are here: kept when it was planned, or come since. */
export function bytesHere({ files }: ModelPlan, kept: Library | undefined): number {
  const come = new Map(kept?.partial.map(({ path, bytes }) => [path, bytes]));
  return files.reduce(
    (sum, { path, bytes, kept: before }) => sum + Math.min(bytes, Math.max(before, come.get(path) ?? 0)),
    0,
  );
}
