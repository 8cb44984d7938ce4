/** Which concept each state of a decoder holds while it answers: layer by token, with the nulls of each layer. */

import { captureSequence } from '../families/generative/capture.ts';
import { contentTokens } from '../families/prompt.ts';
import { nullBand } from '../methods/concepts/band.ts';
import { lensLogits } from '../methods/concepts/logit-lens.ts';
import { contrastiveMeans } from '../methods/concepts/means.ts';
import { compare, type Vectors, vectorsOf } from '../methods/concepts/reader.ts';
import { centreTexts, meanRow, row, type Texts } from '../methods/concepts/texts.ts';
import type { AnswerLayer, AnswerReading, AnswerVectors } from '../protocol/read-answer.ts';
import { tensor } from '../tensor/tensor.ts';
import { Random } from '../world/random.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { answer } from './answer.ts';
import { type AnswerProbe, answerProbe } from './answer-probe.ts';
import { runAnswer } from './answer-run.ts';
import { embedTokens, type GenerativeModel, openGenerative } from './generative-model.ts';
import { memo } from './memo.ts';
import type { Job, Runtime } from './runtime.ts';
import { truthOf } from './scene-truth.ts';

const SHUFFLED = 60;
const STREAM = 941;
const MOST_TOKENS = 12;

const RECIPES = {
  means: 'contrastive-means',
  contextual: 'contextual',
  'logit-lens': 'logit-lens',
} as const satisfies Record<AnswerVectors, AnswerReading['recipe']>;

/** One layer's way of reading a state: figures of the concepts, and of what means nothing. */
interface StateReader {
  readonly site: string;
  readonly read: (state: Float32Array, position: number) => { concepts: number[]; nulls: number[] };
}

export const readAnswer: Job<'readAnswer'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const model = await openGenerative(runtime, params.model);
  const { image, question, concepts } = params;
  const said = await answer(
    {
      model: params.model,
      image,
      question,
      prefix: '',
      sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 0 },
      maxTokens: MOST_TOKENS,
    },
    { runtime, cancellation, report: () => undefined },
  );
  const probe = await answerProbe(model, question, context);
  cancellation.check();
  const run = await runAnswer(
    model,
    { image, question, answer: said.tokens.map(({ id }) => id) },
    { attention: false },
  );
  const answering = run.sequence.length - said.tokens.length - 1;
  const readers = await stateReaders(runtime, model, probe, params, (position) => ({
    position: Math.min(position, answering),
    image: run.sequence[position]?.role === 'image',
  }));
  const length = run.sequence.length;
  const figures = new Float32Array(readers.length * length * concepts.length);
  const layers: AnswerLayer[] = [];
  for (const [layer, reader] of readers.entries()) {
    const { state } = run.capture.states[layer + 1]!;
    const nulls: number[] = [];
    for (let position = 0; position < length; position += 1) {
      const found = reader.read(row(state, position), position);
      figures.set(found.concepts, (layer * length + position) * concepts.length);
      nulls.push(...found.nulls);
    }
    const band = nullBand(nulls);
    layers.push({
      site: reader.site,
      band,
      best: Array.from({ length }, (_, position) => {
        const from = (layer * length + position) * concepts.length;
        const own = figures.subarray(from, from + concepts.length);
        const best = own.indexOf(Math.max(...own));
        return best >= 0 && own[best]! > band.high ? best : -1;
      }),
    });
    await runtime.pause();
    cancellation.check();
  }
  const words = said.tokens.map(({ text }) => text);
  const first = concepts.indexOf(words[0]?.trim() ?? '');
  return {
    recipe: RECIPES[params.vectors],
    image: said.image,
    sequence: run.sequence,
    answer: words.join(' '),
    answering,
    layers,
    figures: tensor(['layer', 'position', 'concept'], [readers.length, length, concepts.length], figures),
    readableFrom: first < 0 ? -1 : readableFrom(layers.map(({ best }) => best[answering] === first)),
    probes: probe.scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** The first layer from which on all are right; -1 when the last is not. */
export function readableFrom(right: readonly boolean[]): number {
  const wrong = right.lastIndexOf(false);
  return wrong === right.length - 1 ? -1 : wrong + 1;
}

async function stateReaders(
  runtime: Runtime,
  model: GenerativeModel,
  probe: AnswerProbe,
  { concepts, vectors }: { readonly concepts: readonly string[]; readonly vectors: AnswerVectors },
  place: (position: number) => { readonly position: number; readonly image: boolean },
): Promise<readonly StateReader[]> {
  if (vectors === 'logit-lens') return lensReaders(model, probe, concepts);
  const centred = (layer: number, state: Float32Array, position: number): Float32Array => {
    // A word of the answer has no probes of its own: the position that answers stands in for it.
    const mean = row(probe.layers[layer]!.mean, place(position).position);
    return state.map((value, i) => value - mean[i]!);
  };
  if (vectors === 'contextual') {
    const spoken = await spokenWords(runtime, model.id);
    const own = await Promise.all(concepts.map((concept) => speak(model, concept)));
    return probe.layers.map(({ site }, layer) => {
      const mean = meanRow(spoken[layer]!);
      const named = vectorsOf(centreTexts(tableOf(own.map((states) => states[layer]!)), mean));
      const nulls = vectorsOf(centreTexts(spoken[layer]!, mean));
      return {
        site,
        read: (state, position) => both(centred(layer, state, position), named, nulls),
      };
    });
  }
  const shown = concepts.map((concept) => {
    const truth = truthOf(concept);
    return truth ? probe.scenes.map(truth) : null;
  });
  const random = new Random(1, STREAM);
  const usual = probe.scenes.map((_, i) => i % 8 === 0);
  const known = shown.flatMap((labels) => (labels?.includes(true) ? [labels] : []));
  const shuffled = Array.from({ length: SHUFFLED }, (_, i) =>
    random.shuffle(known[i % Math.max(1, known.length)] ?? usual),
  );
  return probe.layers.map(({ site, answering, picture }, layer) => {
    const sets = [answering, picture].map((states) => ({
      named: vectorsOf(contrastiveMeans(states, shown)),
      nulls: vectorsOf(contrastiveMeans(states, shuffled)),
    }));
    return {
      site,
      read: (state, position) => {
        const { named, nulls } = sets[place(position).image ? 1 : 0]!;
        return both(centred(layer, state, position), named, nulls);
      },
    };
  });
}

function both(state: Float32Array, named: Vectors, nulls: Vectors) {
  return {
    concepts: compare({ measure: 'cosine' }, state, named),
    nulls: compare({ measure: 'cosine' }, state, nulls),
  };
}

/** Logits of the concepts' first tokens above the mean logit; the null is every token of the vocabulary. */
function lensReaders(
  model: GenerativeModel,
  probe: AnswerProbe,
  concepts: readonly string[],
): readonly StateReader[] {
  const ids = concepts.map((concept) => contentTokens(concept, model.tokenizer, model.rules)[0]);
  return probe.layers.map(({ site }) => ({
    site,
    read: (state) => {
      const logits = lensLogits(state, model.decoder.readout);
      const mean = logits.reduce((sum, value) => sum + value, 0) / logits.length;
      return {
        concepts: ids.map((id) => (id === undefined ? Number.NaN : logits[id]! - mean)),
        nulls: Array.from(logits, (value) => value - mean),
      };
    },
  }));
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

function tableOf(rows: readonly Float32Array[]): Texts {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  rows.forEach((values, index) => {
    data.set(values, index * width);
  });
  return tensor(['text', 'embedding'], [rows.length, width], data);
}
