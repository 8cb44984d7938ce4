/** Which concept each state of a decoder holds while it answers: layer by token, with the nulls of each layer. */

import { nullBand } from '../methods/concepts/band.ts';
import { lensLogits } from '../methods/concepts/logit-lens.ts';
import { compare, type Vectors, vectorsOf } from '../methods/concepts/reader.ts';
import { row } from '../methods/concepts/texts.ts';
import type { AnswerLayer, AnswerReading, AnswerVectors } from '../protocol/read-answer.ts';
import { tensor } from '../tensor/tensor.ts';
import { captureAnswer } from './answer-captured.ts';
import { type AnswerProbe, answerProbe } from './answer-probe.ts';
import { answerVectors, conceptTokens } from './answer-vectors.ts';
import { repainted } from './asked-thing.ts';
import { type GenerativeModel, openGenerative, prefixOf } from './generative-model.ts';
import type { Job, Runtime } from './runtime.ts';

const MOST_TOKENS = 12;
/** Image tokens are many and alike: every so many make the null band, like all others. */
const NULL_EVERY = 4;

const RECIPES = {
  means: 'contrastive-means',
  contextual: 'contextual',
  'logit-lens': 'logit-lens',
} as const satisfies Record<AnswerVectors, AnswerReading['recipe']>;

/** One layer's way of reading a state: figures of the concepts, and of what means nothing. */
interface StateReader {
  readonly site: string;
  readonly read: (
    state: Float32Array,
    position: number,
    nulls: boolean,
  ) => { readonly concepts: readonly number[]; readonly nulls: readonly number[] };
}

export const readAnswer: Job<'readAnswer'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const model = await openGenerative(runtime, params.model);
  const { question, prefix, concepts } = params;
  const image = repainted(params.image, question, params.repaint);
  const probe = await answerProbe(model, params, context);
  cancellation.check();
  const given = prefixOf(model, prefix);
  const run = await captureAnswer(model, { image, question, answer: given }, MOST_TOKENS, async () => {
    await runtime.pause();
    cancellation.check();
  });
  const forced = given.length;
  const answering = run.sequence.length - run.tokens.length + forced - 1;
  const readers = await stateReaders(runtime, model, probe, params, (position) => ({
    position: Math.min(position, answering),
    image: run.sequence[position]?.role === 'image',
  }));
  const length = run.sequence.length;
  const figures = new Float32Array(readers.length * length * concepts.length);
  const layers: AnswerLayer[] = [];
  for (const [layer, reader] of readers.entries()) {
    const state = run.states[layer]!;
    const nulls: number[] = [];
    for (let position = 0; position < length; position += 1) {
      const image = run.sequence[position]?.role === 'image';
      const found = reader.read(row(state, position), position, !image || position % NULL_EVERY === 0);
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
  const words = run.tokens.map((id) => model.tokenizer.token(id).trim());
  const first = concepts.indexOf(words[forced] ?? '');
  return {
    recipe: RECIPES[params.vectors],
    image: run.image,
    grid: run.grid,
    sequence: run.sequence,
    answer: words.join(' '),
    forced,
    answering,
    layers,
    figures: tensor(['layer', 'position', 'concept'], [readers.length, length, concepts.length], figures),
    readableFrom: first < 0 ? -1 : readableFrom(layers.map(({ best }) => best[answering] === first)),
    probes: probe.plan.scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** The first layer from which on all are right; -1 when the last is not. */
export function readableFrom(right: readonly boolean[]): number {
  const wrong = right.lastIndexOf(false);
  return wrong === right.length - 1 ? -1 : wrong + 1;
}

/** How each layer is read: vectors centred like the state, or the lens. */
async function stateReaders(
  runtime: Runtime,
  model: GenerativeModel,
  probe: AnswerProbe,
  { concepts, vectors }: { readonly concepts: readonly string[]; readonly vectors: AnswerVectors },
  place: (position: number) => { readonly position: number; readonly image: boolean },
): Promise<readonly StateReader[]> {
  if (vectors === 'logit-lens') return lensReaders(model, probe, concepts);
  const sets = await answerVectors(runtime, model, probe, concepts, vectors);
  return probe.layers.map(({ site, mean }, layer) => {
    const [answering, picture] = [sets[layer]!.answering, sets[layer]!.picture].map(({ named, nulls }) => ({
      named: vectorsOf(named),
      nulls: vectorsOf(nulls),
    }));
    return {
      site,
      read: (state, position, nulls) => {
        const { position: at, image } = place(position);
        // A word of the answer has no probes of its own: the position that answers stands in for it.
        const centre = row(mean, at);
        return both(
          state.map((value, i) => value - centre[i]!),
          image ? picture! : answering!,
          nulls,
        );
      },
    };
  });
}

function both(
  state: Float32Array,
  { named, nulls }: { readonly named: Vectors; readonly nulls: Vectors },
  wanted: boolean,
) {
  return {
    concepts: compare({ measure: 'cosine' }, state, named),
    nulls: wanted ? compare({ measure: 'cosine' }, state, nulls) : [],
  };
}

/** Logits of the concepts' first tokens above the mean logit; the null is every token of the vocabulary. */
function lensReaders(
  model: GenerativeModel,
  probe: AnswerProbe,
  concepts: readonly string[],
): readonly StateReader[] {
  const ids = conceptTokens(model, concepts);
  return probe.layers.map(({ site }) => ({
    site,
    read: (state, _, nulls) => {
      const logits = lensLogits(state, model.decoder.readout);
      const mean = logits.reduce((sum, value) => sum + value, 0) / logits.length;
      return {
        concepts: ids.map((id) => (id === undefined ? Number.NaN : logits[id]! - mean)),
        nulls: nulls ? Array.from(logits, (value) => value - mean) : [],
      };
    },
  }));
}
