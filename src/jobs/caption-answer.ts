/** The answer of a model that reads its picture by cross attention. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import { crossSpeech } from '../families/generative/cross-speech.ts';
import { speak } from '../families/generative/generate.ts';
import type { Silenced } from '../families/generative/run-cross.ts';
import { patchPlace } from '../families/patch-place.ts';
import type { AnswerToken, Intervention } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Caution } from '../protocol/jobs.ts';
import { Random } from '../world/random.ts';
import { readToken } from './answer-token.ts';
import {
  type Captioner,
  captionSequence,
  captionView,
  openCaptioner,
  openingTokens,
  questionTokens,
  remember,
  seeCaption,
  write,
} from './captioner.ts';
import { NOTHING, replaceRows } from './interventions.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

export const captionAnswer: Job<'answer'> = async (params, { runtime, cancellation, report }) => {
  const model = await openCaptioner(runtime, params.model);
  const { config, decoder } = model;
  const intervention = params.intervention ?? NOTHING;
  const forced = openingTokens(model, params.prefix);
  const room = config.limit - config.start.length - forced.length;
  if (room < 1) {
    throw new VitrineError('bad-parameter', 'the beginning is too long', {
      name: 'prefix',
      allowed: `${config.limit} tokens`,
    });
  }
  const watch = new Stopwatch(runtime, forced.length + params.maxTokens);
  const picture = captionView(model, params.image);
  const states = await seeCaption(model, [picture]);
  const place = patchPlace(states.dims[1] ?? 0);
  const question = questionTokens(model, params.question);
  const memory = await remember(model, withoutPatches(states, place.lead, intervention.patches), question);
  await runtime.pause();
  cancellation.check();
  const changed = silencedBy(model, intervention);
  const session = changed.length > 0 ? model.full : (model.cached ?? model.full);
  const random = new Random(params.sampling.seed);
  const speech = crossSpeech({
    session,
    decoder,
    memory,
    start: config.start,
    forced,
    silenced: session === model.cached ? null : changed,
    write: (ids) => write(model, ids),
  });
  const speaking = speak(speech, {
    forced,
    sampling: params.sampling,
    uniform: () => random.uniform(),
    endTokens: config.endTokens,
    maxTokens: Math.min(params.maxTokens, room),
  });
  const tokens: AnswerToken[] = [];
  let step = await speaking.next();
  while (!step.done) {
    tokens.push(readToken(model, step.value));
    report({ ...watch.advance(), tokens: [...tokens] });
    await runtime.pause();
    cancellation.check();
    step = await speaking.next();
  }
  return {
    image: toPixels(picture),
    sequence: captionSequence(
      model,
      place,
      question,
      tokens.map(({ id }) => id),
    ),
    tokens,
    ended: step.value,
    cautions: unread(model, params.question),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

function unread({ joint }: Captioner, question: string): readonly Caution[] {
  return joint || question.trim() === '' ? [] : [{ kind: 'question-unread' }];
}

function withoutPatches(
  states: { readonly dims: readonly number[]; readonly data: Float32Array },
  lead: number,
  patches: readonly number[],
) {
  if (patches.length === 0) return states;
  const [, positions = 0, channels = 0] = states.dims;
  return { dims: states.dims, data: replaceRows(states.data, positions, channels, lead, [patches]) };
}

/** Heads taken away, and all heads of the blocks in which the picture is cut from the answer. */
function silencedBy({ decoder: { blocks } }: Captioner, { heads, edges }: Intervention): Silenced {
  for (const { block, head } of heads) {
    if (head < (blocks[block]?.heads ?? 0)) continue;
    throw new VitrineError('bad-parameter', `no head ${head} in block ${block}`, {
      name: 'heads',
      allowed: `${blocks.length} blocks of ${blocks[0]?.heads ?? 0}`,
    });
  }
  const cut = edges.filter(({ from, to }) => from === 'image' && to === 'answer');
  const blind = blocks.filter(({ block }) =>
    cut.some(({ blocks: [first, last] }) => block >= first && block <= last),
  );
  return [
    ...heads,
    ...blind.flatMap(({ block, heads: count }) =>
      Array.from({ length: count }, (_, head) => ({ block, head })),
    ),
  ];
}
