/** What the ask view runs, and in which order: an answer first, then what is asked about it. */

import type { AnswerParams, GivenAnswer, Intervention } from '../protocol/ask.ts';
import type { ImageSource } from '../protocol/image.ts';
import type { AskAddress } from './ask-address.ts';
import { createRun, type Runner, type RunStore } from './run.ts';

export interface AskRuns {
  readonly answer: RunStore<'answer'>;
  readonly explainAnswer: RunStore<'explainAnswer'>;
  readonly ablatePatches: RunStore<'ablatePatches'>;
  readonly bridge: RunStore<'bridge'>;
  readonly trace: RunStore<'trace'>;
  /** The answer of the model with parts of it taken away. */
  readonly changedAnswer: RunStore<'answer'>;
}

/** Longest answer of the view, in tokens: a description of the drawn world has up to 30 words. */
export const ANSWER_TOKENS = 40;

export function createAskRuns(runner: Runner): AskRuns {
  return {
    answer: createRun(runner, 'answer', { remember: 16 }),
    explainAnswer: createRun(runner, 'explainAnswer', { remember: 8 }),
    ablatePatches: createRun(runner, 'ablatePatches', { remember: 16 }),
    bridge: createRun(runner, 'bridge', { remember: 8 }),
    trace: createRun(runner, 'trace', { remember: 8 }),
    changedAnswer: createRun(runner, 'answer', { remember: 16 }),
  };
}

/** Asks; what follows on the answer is started by {@link followAnswer}. */
export function startAnswer({ answer }: AskRuns, ask: AskAddress, image: ImageSource): void {
  answer.start(answerParams(ask, image));
}

function answerParams(ask: AskAddress, image: ImageSource): AnswerParams {
  const { model, question, prefix, mode, temperature, topP, seed } = ask;
  const sampling = { mode, temperature, topP, seed };
  return { model, image, question, prefix, sampling, maxTokens: ANSWER_TOKENS };
}

/** Starts what the address wants to know about the answer that is there. */
export function followAnswer(runs: AskRuns, ask: AskAddress): void {
  const run = runs.answer.store.getState();
  if (run.status !== 'done') return;
  const { params, result } = run;
  const { model, image, question } = params;
  const answer = result.tokens.map(({ id }) => id);
  if (answer.length > 0) {
    const given: GivenAnswer = { model, image, question, answer };
    runs.explainAnswer.start(given);
    if (ask.part === 'why' && (ask.method === 'ablation' || needsReferee(runs)))
      runs.ablatePatches.start({ ...given, level: ask.level });
  }
  if (ask.part === 'bridge') runs.bridge.start({ model, image });
  if (ask.part === 'trace') {
    const target = otherRun(ask, image);
    if (target) runs.trace.start({ model, source: { image, question }, target: { ...target } });
  }
  const intervention = interventionOf(ask);
  if (ask.part === 'change' && intervention) {
    runs.changedAnswer.start({ ...params, intervention });
  }
}

/** Maps behind a Q-Former may mean nothing: the referee is called without being asked, and its verdict stands beside them. */
function needsReferee({ explainAnswer }: AskRuns): boolean {
  const explained = explainAnswer.store.getState();
  return explained.status === 'done' && explained.result.queries !== null;
}

/** The run that a trace compares with; undefined while nothing differs. */
function otherRun(ask: AskAddress, image: ImageSource): { image: ImageSource; question: string } | undefined {
  if (ask.other !== '') return { image, question: ask.other };
  if (image.kind !== 'scene') return undefined;
  return {
    image: { kind: 'variant', seed: image.seed, thing: ask.thing, color: ask.color },
    question: ask.question,
  };
}

const LAST_BLOCK = 999;

/** Undefined when nothing is taken away. */
export function interventionOf({ masked, silenced, cut }: AskAddress): Intervention | undefined {
  if (masked.length === 0 && silenced.length === 0 && cut === 'none') return undefined;
  const blocks = [0, LAST_BLOCK] as const;
  const answer = { from: 'image', to: 'answer', blocks } as const;
  const question = { from: 'image', to: 'question', blocks } as const;
  return {
    patches: masked,
    heads: silenced.map((name) => {
      const [block = 0, head = 0] = name.split('.').map(Number);
      return { block, head };
    }),
    edges: cut === 'none' ? [] : cut === 'answer' ? [answer] : [answer, question],
  };
}
