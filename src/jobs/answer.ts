/** A question about a picture, answered token by token; with parts of the model taken away if asked. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import { unknownWords } from '../families/generative/chat.ts';
import { generate } from '../families/generative/generate.ts';
import { promptCautions } from '../families/prompt.ts';
import type { AnswerToken } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import { Random } from '../world/random.ts';
import { readToken } from './answer-token.ts';
import { captionAnswer } from './caption-answer.ts';
import { readsByCrossAttention } from './captioner.ts';
import {
  embedSequence,
  embedTokens,
  openGenerative,
  pictureOf,
  prefixOf,
  promptOf,
  withAnswer,
} from './generative-model.ts';
import { editsOf, maskedFeatures, NOTHING } from './interventions.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

export const answer: Job<'answer'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  if (await readsByCrossAttention(runtime, params.model)) return captionAnswer(params, context);
  const model = await openGenerative(runtime, params.model);
  const picture = pictureOf(model, params.image);
  const intervention = params.intervention ?? NOTHING;
  const forced = prefixOf(model, params.prefix);
  const watch = new Stopwatch(runtime, forced.length + params.maxTokens);
  const image = await maskedFeatures(model, picture, intervention.patches);
  await runtime.pause();
  cancellation.check();
  const prompt = promptOf(model, params.question, image);
  const room = model.config.limit - prompt.length - forced.length;
  if (room < 1) {
    const allowed = `${model.config.limit} tokens, the picture's counted`;
    throw new VitrineError('bad-parameter', 'the question is too long', { name: 'question', allowed });
  }
  const random = new Random(params.sampling.seed);
  const tokens: AnswerToken[] = [];
  const answering = generate({
    session: model.decoderSession,
    decoder: model.decoder,
    prompt: await embedSequence(model, withAnswer(model, prompt, forced), image),
    forced,
    sampling: params.sampling,
    uniform: () => random.uniform(),
    endTokens: model.config.endTokens,
    maxTokens: Math.min(params.maxTokens, room),
    edits: editsOf(model, intervention, prompt),
    embed: async (id) => (await embedTokens(model, [id])).data,
  });
  let step = await answering.next();
  while (!step.done) {
    tokens.push(readToken(model, step.value));
    report({ ...watch.advance(), tokens: [...tokens] });
    await runtime.pause();
    cancellation.check();
    step = await answering.next();
  }
  const reading = unknownWords(prompt, params.question, model.rules, model.tokenizer);
  return {
    image: toPixels(picture),
    sequence: withAnswer(
      model,
      prompt,
      tokens.map(({ id }) => id),
    ),
    tokens,
    ended: step.value,
    cautions: [
      ...promptCautions(
        { tokens: [], cut: [], words: reading.map((text) => ({ text, positions: [], known: false })) },
        model.config.limit,
      ),
      ...model.cautions,
    ],
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};
