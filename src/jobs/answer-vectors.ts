/** The vectors that a decoder's states are compared with and changed along, layer by layer: one interface for their three kinds. */

import { captureSequence } from '../families/generative/capture.ts';
import { contentTokens } from '../families/prompt.ts';
import { contrastiveMeans } from '../methods/concepts/means.ts';
import { centreTexts, meanRow, row, type Texts } from '../methods/concepts/texts.ts';
import type { AnswerVectors } from '../protocol/read-answer.ts';
import { stack } from '../tensor/stack.ts';
import { normalise } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import type { AnswerProbe } from './answer-probe.ts';
import { embedTokens, type GenerativeModel, openGenerative } from './generative-model.ts';
import { memo } from './memo.ts';
import type { Runtime } from './runtime.ts';

const SHUFFLED = 60;
const STREAM = 941;

/** Vectors of one layer, one row a concept (zeros for what no probe shows), and rows that mean nothing. */
export interface VectorSet {
  readonly named: Texts;
  readonly nulls: Texts;
}

/** For each layer the vectors of the answering position and those of the image tokens. */
export async function answerVectors(
  runtime: Runtime,
  model: GenerativeModel,
  probe: AnswerProbe,
  concepts: readonly string[],
  kind: Exclude<AnswerVectors, 'logit-lens'>,
): Promise<Sets> {
  if (kind === 'contextual') return contextualVectors(runtime, model, concepts);
  const asked = concepts.join('\n');
  const found = kept.get(probe);
  if (found?.asked === asked) return found.sets;
  const { plan } = probe;
  const shown = concepts.map((concept) => plan.shows(concept));
  const random = new Random(1, STREAM);
  const usual = plan.scenes.map((_, i) => i % 8 === 0);
  const known = shown.flatMap((labels) => (labels?.includes(true) ? [labels] : []));
  const shuffled = Array.from({ length: SHUFFLED }, (_, i) =>
    plan.shuffled(known[i % Math.max(1, known.length)] ?? usual, random),
  );
  const sets = probe.layers.map((layer) => {
    const set = (states: AnswerProbe['layers'][number]['answering']): VectorSet => ({
      named: contrastiveMeans(states, shown),
      nulls: contrastiveMeans(states, shuffled),
    });
    return { answering: set(layer.answering), picture: set(layer.picture) };
  });
  kept.set(probe, { asked, sets });
  return sets;
}

type Sets = readonly { readonly answering: VectorSet; readonly picture: VectorSet }[];

/** The last list of concepts that a probe was asked about. */
const kept = new WeakMap<AnswerProbe, { readonly asked: string; readonly sets: Sets }>();

/**
 * For each layer a direction of length 1 for each concept, zeros for what has none. Those of the logit lens are read off the
 * last norm and the unembedding, so they are the same at every layer.
 */
export async function answerDirections(
  runtime: Runtime,
  model: GenerativeModel,
  probe: AnswerProbe,
  concepts: readonly string[],
  kind: AnswerVectors,
): Promise<readonly (readonly Float32Array[])[]> {
  if (kind === 'logit-lens') {
    const read = concepts.map((concept) => lensDirection(model, concept));
    return probe.layers.map(() => read);
  }
  const layers = await answerVectors(runtime, model, probe, concepts, kind);
  return layers.map(({ answering }) => concepts.map((_, index) => normalise(row(answering.named, index))));
}

/** The first token of each concept; undefined for an empty one. */
export function conceptTokens(
  { tokenizer, rules }: Pick<GenerativeModel, 'tokenizer' | 'rules'>,
  concepts: readonly string[],
): readonly (number | undefined)[] {
  return concepts.map((concept) => contentTokens(concept, tokenizer, rules)[0]);
}

/** Norm scale times (column of the token - mean column): along it the token's logit above the mean one grows. */
function lensDirection(model: GenerativeModel, concept: string): Float32Array {
  const { norm, unembedding } = model.decoder.readout;
  const [width, tokens] = unembedding.dims;
  const [token] = conceptTokens(model, [concept]);
  if (token === undefined) return new Float32Array(width);
  return normalise(
    Float32Array.from({ length: width }, (_, i) => {
      const own = unembedding.data.subarray(i * tokens, (i + 1) * tokens);
      const mean = own.reduce((sum, value) => sum + value, 0) / tokens;
      return norm.scale[i]! * (own[token]! - mean);
    }),
  );
}

async function contextualVectors(
  runtime: Runtime,
  model: GenerativeModel,
  concepts: readonly string[],
): Promise<readonly { readonly answering: VectorSet; readonly picture: VectorSet }[]> {
  const spoken = await spokenWords(runtime, model.id);
  const own = await Promise.all(concepts.map((concept) => spokenConcept(runtime, `${model.id}\n${concept}`)));
  return spoken.map((words, layer) => {
    const mean = meanRow(words);
    const set: VectorSet = {
      named: centreTexts(tableOf(own.map((states) => states[layer]!)), mean),
      nulls: centreTexts(words, mean),
    };
    return { answering: set, picture: set };
  });
}

/** States of every layer at the last token of a text that is read alone. */
async function speak(model: GenerativeModel, text: string): Promise<readonly Float32Array[]> {
  const ids = contentTokens(text, model.tokenizer, model.rules);
  const start = model.rules.start === undefined ? [] : [model.rules.start];
  const tokens = [...start, ...ids];
  const { width, data } = await embedTokens(model, tokens);
  const { states } = await captureSequence(
    model.decoderSession,
    model.decoder,
    { batch: 1, length: tokens.length, width, data },
    { attention: false },
  );
  return states.slice(1).map(({ state }) => row(state, tokens.length - 1).slice());
}

/** Keyed by model and concept, on a line each. */
const spokenConcept = memo(async (runtime: Runtime, key: string): Promise<readonly Float32Array[]> => {
  const [id = '', concept = ''] = key.split('\n');
  return speak(await openGenerative(runtime, id), concept);
});

/** The vocabulary read alone: for each layer one row a word. */
const spokenWords = memo(async (runtime: Runtime, id: string): Promise<readonly Texts[]> => {
  const model = await openGenerative(runtime, id);
  const words: (readonly Float32Array[])[] = [];
  for (const word of VOCABULARY) {
    words.push(await speak(model, word));
    if (words.length % 8 === 0) await runtime.pause();
  }
  return model.decoder.blocks.map((_, layer) => tableOf(words.map((states) => states[layer]!)));
});

/** Of no words, a table without rows. */
function tableOf(rows: readonly Float32Array[]): Texts {
  return stack(['text', 'embedding'], rows, rows[0]?.length ?? 0);
}
