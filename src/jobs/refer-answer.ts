/** The causal referee of an answer: a concept's direction is taken out of the state that answers, or added, and the answer moves or not. */

import { cutPast } from '../families/generative/past.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { steerableDecoder } from '../families/generative/steerable-decoder.ts';
import { readModelGraph } from '../families/graph.ts';
import { floats } from '../families/session.ts';
import type { StateChange, StateChanges } from '../families/steering.ts';
import { StateVariance } from '../methods/concepts/matched-directions.ts';
import { meanRow } from '../methods/concepts/texts.ts';
import { percentileAmong } from '../methods/faithfulness/matched-sets.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { AnswerVerdict, ReferAnswerParams } from '../protocol/read-answer.ts';
import { softmax } from '../tensor/statistics.ts';
import { gaussian, Random } from '../world/random.ts';
import { type AnswerProbe, answerProbe } from './answer-probe.ts';
import { runAnswer } from './answer-run.ts';
import { answerDirections, conceptTokens } from './answer-vectors.ts';
import { repainted } from './asked-thing.ts';
import {
  DECODER,
  type GenerativeModel,
  generativeCard,
  openGenerative,
  prefixOf,
} from './generative-model.ts';
import { memo } from './memo.ts';
import { Stopwatch } from './progress.ts';
import type { Job, JobContext, Runtime } from './runtime.ts';

const MATCHED = 100;
const BATCH = 28;
const STREAM = 947;
/** How far `add` goes, in standard deviations of the states along the direction. */
const ADDED_DEVIATIONS = 2;

export const referAnswer: Job<'referAnswer'> = async (params, context) => {
  const { runtime } = context;
  const started = runtime.now();
  const model = await openGenerative(runtime, params.model);
  const { blocks } = model.decoder;
  if (params.from >= blocks.length) {
    const allowed = `0 to ${blocks.length - 1}`;
    throw new VitrineError('bad-parameter', `no block ${params.from}`, { name: 'from', allowed });
  }
  const probe = await answerProbe(model, params, context);
  const directions = await answerDirections(runtime, model, probe, params.concepts, params.vectors);
  if (directions[0]?.[params.concept]?.every((value) => value === 0) ?? true) {
    throw new VitrineError('bad-parameter', 'no probe shows this concept', {
      name: 'concept',
      allowed: 'a concept that the scenes show, or vectors of another kind',
    });
  }
  const spreads = spreadsOf(probe);
  const random = new Random(params.seed, STREAM);
  const act = (pick: (layer: number) => Float32Array): StateChanges =>
    blocks.map((_, layer) =>
      layer < params.from ? undefined : changeOf(params.act, spreads[layer]!, pick(layer)),
    );
  const rows: readonly StateChanges[] = [
    [],
    ...params.concepts.map((_, concept) => act((layer) => directions[layer]![concept]!)),
    ...Array.from({ length: MATCHED }, () =>
      act((layer) => {
        const { variance } = spreads[layer]!;
        return variance.matched(variance.along(directions[layer]![params.concept]!), () => gaussian(random));
      }),
    ),
  ];
  const probabilities = await answerRows(model, params, rows, context);
  return {
    ...verdict(model, params, probabilities),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

function verdict(
  model: GenerativeModel,
  params: ReferAnswerParams,
  probabilities: readonly (readonly number[])[],
): Omit<AnswerVerdict, 'device' | 'elapsedMs'> {
  const [intact, ...changed] = probabilities as [readonly number[], ...(readonly number[])[]];
  const tokens = conceptTokens(model, params.concepts);
  const likeliest = (row: readonly number[]): number => row.indexOf(Math.max(...row));
  const watched = params.act === 'add' ? (tokens[params.concept] ?? likeliest(intact)) : likeliest(intact);
  const others = changed.slice(0, params.concepts.length);
  const own = others[params.concept]!;
  const matched = changed.slice(params.concepts.length).map((row) => row[watched]!);
  const sign = params.act === 'remove' ? -1 : 1;
  const of = (row: readonly number[]) =>
    tokens.map((token) => (token === undefined ? Number.NaN : row[token]!));
  return {
    recipe: 'projection-patch',
    watched: model.tokenizer.token(watched),
    before: intact[watched]!,
    after: own[watched]!,
    matched,
    percentile: percentileAmong(
      sign * own[watched]!,
      matched.map((value) => sign * value),
    ),
    others: others.map((row) => row[watched]!),
    said: model.tokenizer.token(likeliest(own)),
    concepts: { before: of(intact), after: of(own) },
  };
}

interface Spread {
  readonly centre: Float32Array;
  readonly variance: StateVariance;
}

function changeOf(act: 'remove' | 'add', { centre, variance }: Spread, direction: Float32Array): StateChange {
  if (act === 'remove') return { direction, centre };
  const far = ADDED_DEVIATIONS * Math.sqrt(variance.along(direction));
  return { addend: direction.map((value) => value * far) };
}

const spreads = new WeakMap<AnswerProbe, readonly Spread[]>();

/** Mean and variance of the answering states of each layer. */
function spreadsOf(probe: AnswerProbe): readonly Spread[] {
  const found = spreads.get(probe);
  if (found) return found;
  const made = probe.layers.map(({ answering }) => ({
    centre: meanRow(answering),
    variance: new StateVariance(answering),
  }));
  spreads.set(probe, made);
  return made;
}

/**
 * Probability of every token at the answering position, for each row of changes. Only that position is run again, on the cache
 * of those before it; a decoder without a cache runs everything.
 */
async function answerRows(
  model: GenerativeModel,
  params: ReferAnswerParams,
  rows: readonly StateChanges[],
  { runtime, cancellation, report }: JobContext<Progress>,
): Promise<readonly (readonly number[])[]> {
  const { question, prefix } = params;
  const image = repainted(params.image, question, params.repaint);
  const run = await runAnswer(
    model,
    { image, question, answer: prefixOf(model, prefix) },
    { attention: false },
  );
  const { width, length, data } = run.embeddings;
  const kept = model.decoder.cache.length > 0 ? length - 1 : 0;
  const stretch = data.subarray(kept * width);
  const { decoder, session } = await openSteerable(runtime, params.model);
  const watch = new Stopwatch(runtime, Math.ceil(rows.length / BATCH));
  const out: (readonly number[])[] = [];
  for (let first = 0; first < rows.length; first += BATCH) {
    const batch = rows.slice(first, first + BATCH);
    const repeated = new Float32Array(batch.length * stretch.length);
    batch.forEach((_, row) => {
      repeated.set(stretch, row * stretch.length);
    });
    const outputs = await runDecoder(
      session,
      decoder,
      { batch: batch.length, length: length - kept, width, data: repeated },
      kept > 0 ? cutPast(run.capture.past, kept, batch.length) : null,
      ['logits'],
      { directions: batch },
    );
    const { dims, data: logits } = floats(outputs, 'logits');
    const [, positions = 1, vocabulary = 0] = dims;
    batch.forEach((_, row) => {
      const end = (row + 1) * positions * vocabulary;
      out.push(softmax(logits.subarray(end - vocabulary, end)));
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  return out;
}

const steerable = memo(async (runtime: Runtime, id: string) => {
  const bytes = await runtime.bytes(id, DECODER);
  const graph = readModelGraph(bytes, DECODER, 'decoder');
  const { decoder } = await generativeCard(runtime, id);
  return { decoder: steerableDecoder(graph, decoder), location: graph.location };
});

async function openSteerable(runtime: Runtime, id: string) {
  const { decoder, location } = await steerable(runtime, id);
  const session = await runtime.open(`${id}/${DECODER}#steerable`, async () => ({
    graph: decoder.graph,
    weights: { path: location, data: await runtime.bytes(id, DECODER) },
  }));
  return { decoder, session };
}
