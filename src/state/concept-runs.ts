/** The jobs of the concepts view beyond `explain`: which there are, and what starts them. */

import type { HeadName, HeadsParams } from '../protocol/concepts.ts';
import type { ImageSource } from '../protocol/image.ts';
import type { ConceptPart, ConceptsAddress } from './address.ts';
import { isOwn, modelsOf } from './models.ts';
import { createRun, type Runner, type RunStore } from './run.ts';
import { type ShelfStore, shelfOf } from './shelf.ts';

export interface ConceptRuns {
  readonly heads: RunStore<'heads'>;
  readonly ablateHeads: RunStore<'ablateHeads'>;
  readonly separate: RunStore<'separate'>;
  readonly collect: RunStore<'collect'>;
  /** What is searched for. */
  readonly embed: RunStore<'embed'>;
  /** The sentences of the concepts, for zero-shot classification of the shelf. */
  readonly embedLabels: RunStore<'embed'>;
  readonly match: RunStore<'match'>;
  readonly refer: RunStore<'refer'>;
  readonly readAnswer: RunStore<'readAnswer'>;
  /** The same picture, repainted. */
  readonly readRepainted: RunStore<'readAnswer'>;
  readonly separateAnswer: RunStore<'separateAnswer'>;
  readonly referAnswer: RunStore<'referAnswer'>;
}

/** Held-out scenes that heads are read on, and zero-shot without them. */
const HEAD_SURVEY = { scenes: 240, seed: 6_000_000 } as const;
/** Held-out scenes that a concept has to tell apart. */
const SEPARATION_SURVEY = { scenes: 240, seed: 6_500_000 } as const;
const WORDS = 8;

export function createConceptRuns(runner: Runner): ConceptRuns {
  return {
    heads: createRun(runner, 'heads', { remember: 2 }),
    ablateHeads: createRun(runner, 'ablateHeads', { remember: 16 }),
    separate: createRun(runner, 'separate', { remember: 8 }),
    collect: createRun(runner, 'collect', { remember: 3 }),
    embed: createRun(runner, 'embed', { remember: 16 }),
    embedLabels: createRun(runner, 'embed', { remember: 8 }),
    match: createRun(runner, 'match', { remember: 16 }),
    refer: createRun(runner, 'refer', { remember: 16 }),
    readAnswer: createRun(runner, 'readAnswer', { remember: 8 }),
    readRepainted: createRun(runner, 'readAnswer', { remember: 8 }),
    separateAnswer: createRun(runner, 'separateAnswer', { remember: 8 }),
    referAnswer: createRun(runner, 'referAnswer', { remember: 16 }),
  };
}

export function headsParams(model: string): HeadsParams {
  return { model, ...HEAD_SURVEY, words: WORDS };
}

/** The same scenes that the heads were read on. */
export function ablateSurvey(model: string) {
  return { model, ...HEAD_SURVEY };
}

export function separationSurvey(model: string) {
  return { model, ...SEPARATION_SURVEY };
}

/** The check of drawn scenes has captions swapped on purpose, or there would be nothing to find. */
export function startCollection(
  runs: ConceptRuns,
  shelf: ShelfStore,
  part: ConceptPart,
  model: string,
): void {
  const filled = shelfOf(shelf.store.getState());
  if (!filled) return;
  const items = part === 'check' && !filled.own ? filled.swapped : filled.items;
  runs.collect.start({ model, items: items.map(({ image, caption }) => ({ image, caption })) });
}

/** What is read while a model answers; the repainted picture follows it in the queue. */
export function startReading(runs: ConceptRuns, address: ConceptsAddress, image: ImageSource): void {
  const { question, prefix, repaint, concepts, answerModel, answerVectors } = address;
  const model = generativeModel(answerModel);
  if (model === undefined || concepts.length === 0) return;
  const params = { model, image, question, prefix, repaint: null, concepts, vectors: answerVectors };
  runs.readAnswer.start(params);
  if (repaint !== '' && image.kind === 'scene') runs.readRepainted.start({ ...params, repaint });
  else runs.readRepainted.cancel();
}

/** Results of another device may differ in the last digits. */
export function forgetConcepts(runs: ConceptRuns): void {
  const all = [
    runs.heads,
    runs.ablateHeads,
    runs.separate,
    runs.collect,
    runs.embed,
    runs.embedLabels,
    runs.match,
    runs.refer,
    runs.readAnswer,
    runs.readRepainted,
    runs.separateAnswer,
    runs.referAnswer,
  ];
  for (const store of all) store.forget();
}

/** A head of the address, as `layer.head`. */
export function headOf(name: string): HeadName {
  const [layer = '0', head = '0'] = name.split('.');
  return { layer: Number(layer), head: Number(head) };
}

/** The model that answers: the wanted one, shipped or the visitor's own, or the first there is; undefined on a page that ships none. */
export function generativeModel(wanted: string): string | undefined {
  const [first, ...others] = modelsOf('generative');
  if (first && isOwn(wanted)) return wanted;
  return (others.find(({ id }) => id === wanted) ?? first)?.id;
}
