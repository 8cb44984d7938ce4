/**
 * "While the model answered *the color is yellow*, which inner state meant yellow?" Reads the colour by cosine at a layer chosen on validation
 * scenes, then takes its direction out. `--questions=N` (500), `--validation=N` (150) and `--deletion=N` (500) set the counts.
 */

import { answerProbe } from '../../jobs/answer-probe.ts';
import { runAnswer } from '../../jobs/answer-run.ts';
import { answerVectors } from '../../jobs/answer-vectors.ts';
import { type GenerativeModel, openGenerative, prefixOf } from '../../jobs/generative-model.ts';
import { referAnswer } from '../../jobs/refer-answer.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { lensLogits } from '../../methods/concepts/logit-lens.ts';
import { compare, vectorsOf } from '../../methods/concepts/reader.ts';
import { row } from '../../methods/concepts/texts.ts';
import { percentileAmong } from '../../methods/faithfulness/matched-sets.ts';
import { ANSWER_VECTORS, type AnswerVectors, type AnswerVerdict } from '../../protocol/read-answer.ts';
import { mean } from '../../tensor/statistics.ts';
import { COLOUR_NAMES, type Colour } from '../../world/catalogue.ts';
import { Random } from '../../world/random.ts';
import { sampleScene } from '../../world/scene.ts';
import type { MeasureOptions } from '../options.ts';
import type { Finding } from '../table.ts';

const MODEL = 'scene-vlm-mlp';
const PREFIX = 'the color is';
const VALIDATION_SEED = 74_000_000;
const TEST_SEED = 75_000_000;
const STREAM = 313;
/** The colour has to be readable by this share of depth. */
const DEPTH = 2 / 3;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

interface Item {
  readonly seed: number;
  readonly question: string;
  readonly truth: Colour;
}

interface Read extends Item {
  /** The token after the prefix. */
  readonly said: string;
  /** By kind of vectors and layer, the colour with the highest figure. */
  readonly named: Readonly<Record<AnswerVectors, readonly string[]>>;
}

/** `count` scenes as they come, each asked for the colour of a thing whose kind is there once. */
function itemsFrom(first: number, count: number): readonly Item[] {
  const items: Item[] = [];
  for (let seed = first; items.length < count; seed += 1) {
    const { things } = sampleScene(seed);
    const alone = things.filter(
      (thing) =>
        thing.kind !== 'person' && things.every((other) => other === thing || other.kind !== thing.kind),
    );
    if (alone.length === 0) continue;
    const { kind, color } = new Random(seed, STREAM).pick(alone);
    items.push({ seed, question: `what color is the ${kind}`, truth: color });
  }
  return items;
}

/** Those of one question after each other: the scenes behind its vectors are run once. */
function byQuestion<T extends Item>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => a.question.localeCompare(b.question));
}

export async function answerFindings(
  runtime: Runtime,
  say: (line: string) => void,
  options: MeasureOptions,
): Promise<readonly Finding[]> {
  const model = await openGenerative(runtime, MODEL);
  const readAll = async (items: readonly Item[]): Promise<readonly Read[]> => {
    const reads = new Map<Item, Read>();
    for (const item of byQuestion(items)) {
      reads.set(item, await readItem(runtime, model, item));
      if (reads.size % 100 === 0) say(`concepts: ${reads.size} of ${items.length} answers read`);
    }
    return items.map((item) => reads.get(item)!);
  };
  const validation = await readAll(itemsFrom(VALIDATION_SEED, options.validation ?? 150));
  const test = await readAll(itemsFrom(TEST_SEED, options.questions ?? 500));
  const depth = model.decoder.blocks.length;
  const early = Math.floor(DEPTH * depth);
  const share = (
    reads: readonly Read[],
    kind: AnswerVectors,
    layer: number,
    like: 'truth' | 'said' = 'truth',
  ) => reads.filter((read) => read.named[kind][layer] === read[like]).length / reads.length;
  // The lens gives logits, not cosines: it stands beside, and is not chosen.
  const choices = (['means', 'contextual'] as const).flatMap((kind) =>
    Array.from({ length: early }, (_, layer) => ({ kind, layer })),
  );
  const best = choices.reduce((a, b) =>
    share(validation, b.kind, b.layer) > share(validation, a.kind, a.layer) ? b : a,
  );
  const right = test.filter(({ said, truth }) => said === truth);
  const wrong = test.filter(({ said, truth }) => said !== truth);
  const percents = (kind: AnswerVectors): string =>
    Array.from({ length: depth }, (_, layer) => (100 * share(test, kind, layer)).toFixed(0)).join(' ');
  const findings: Finding[] = [
    {
      name: `${MODEL}: answers "${PREFIX} ..." with the right colour`,
      value: right.length / test.length,
      unit: 'share',
      note: `${test.length} held-out scenes, chance ${(100 / COLOUR_NAMES.length).toFixed(0)}%`,
    },
    {
      name: `colour read by cosine (${best.kind}), layer ${best.layer + 1} of ${depth}, at the word before the answer`,
      value: share(test, best.kind, best.layer),
      unit: 'share',
      bar: { is: 'at least', value: 0.85 },
      note: `kind and layer (at most ${early}) chosen on ${validation.length} other scenes`,
    },
    ...ANSWER_VECTORS.map(
      (kind): Finding => ({
        name: `  ${kind}: best layer of all`,
        value: Math.max(...Array.from({ length: depth }, (_, layer) => share(test, kind, layer))),
        unit: 'share',
        note: `percent by layer: ${percents(kind)}`,
      }),
    ),
    ...(['truth', 'said'] as const).map(
      (like): Finding => ({
        name: `  where the answer is wrong, the state names ${like === 'truth' ? 'what the picture shows' : 'what is answered'}`,
        value: share(wrong, best.kind, best.layer, like),
        unit: 'share',
        note: `${wrong.length} answers; at the last layer ${(100 * share(wrong, best.kind, depth - 1, like)).toFixed(0)}%`,
      }),
    ),
  ];
  const verdicts: { readonly truth: number; readonly verdict: AnswerVerdict }[] = [];
  for (const item of byQuestion(right.slice(0, options.deletion ?? 500))) {
    const truth = COLOUR_NAMES.indexOf(item.truth);
    const verdict = await referAnswer(
      {
        model: MODEL,
        image: { kind: 'scene', seed: item.seed },
        question: item.question,
        prefix: PREFIX,
        repaint: null,
        concepts: COLOUR_NAMES,
        vectors: best.kind,
        concept: truth,
        from: best.layer,
        act: 'remove',
        seed: 1,
      },
      { runtime, ...quiet },
    );
    verdicts.push({ truth, verdict });
    if (verdicts.length % 50 === 0) say(`concepts: ${verdicts.length} directions removed`);
  }
  return [...findings, ...removalFindings(verdicts, best.layer)];
}

function removalFindings(
  verdicts: readonly { readonly truth: number; readonly verdict: AnswerVerdict }[],
  layer: number,
): readonly Finding[] {
  const drops = verdicts.map(({ truth, verdict: { before, after, matched, others } }) => {
    const other = others.filter((_, concept) => concept !== truth).map((value) => before - value);
    return { own: before - after, matched: matched.map((value) => before - value), others: other };
  });
  const own = mean(drops.map((drop) => drop.own));
  // The k-th matched direction of every scene together: what a direction without meaning takes on average.
  const matched = Array.from({ length: drops[0]?.matched.length ?? 0 }, (_, k) =>
    mean(drops.map((drop) => drop.matched[k]!)),
  );
  const strongest = mean(drops.map(({ others }) => Math.max(...others)));
  const share = (holds: (drop: (typeof drops)[number]) => boolean) =>
    drops.filter(holds).length / drops.length;
  return [
    {
      name: `its direction removed from layer ${layer + 1} on: percentile of the mean loss among 100 matched directions`,
      value: percentileAmong(own, matched),
      unit: 'share',
      bar: { is: 'at least', value: 0.99 },
      note: `probability of the right answer falls by ${own.toFixed(3)}; matched ${mean(matched).toFixed(3)}, at most ${Math.max(...matched).toFixed(3)}; ${drops.length} right answers`,
    },
    {
      name: '  minus the loss by the strongest other colour of each scene',
      value: own - strongest,
      bar: { is: 'at least', value: 0.001 },
      note: `${strongest.toFixed(3)} by the strongest other, ${mean(drops.map(({ others }) => mean(others))).toFixed(3)} by any`,
    },
    {
      name: '  scenes where it is beyond the 99th percentile',
      value: share((drop) => percentileAmong(drop.own, drop.matched) >= 0.99),
      unit: 'share',
    },
    {
      name: '  scenes where it is more than any other colour',
      value: share((drop) => drop.others.every((other) => drop.own > other)),
      unit: 'share',
    },
    {
      name: '  scenes where the answer changes',
      value: verdicts.filter(({ verdict }) => verdict.said !== verdict.watched).length / verdicts.length,
      unit: 'share',
    },
  ];
}

async function readItem(runtime: Runtime, model: GenerativeModel, item: Item): Promise<Read> {
  const { seed, question } = item;
  const probe = await answerProbe(
    model,
    { question, prefix: PREFIX, concepts: COLOUR_NAMES },
    { runtime, ...quiet },
  );
  const run = await runAnswer(
    model,
    { image: { kind: 'scene', seed }, question, answer: prefixOf(model, PREFIX) },
    { attention: false },
  );
  const at = run.sequence.length - 1;
  const states = probe.layers.map((_, layer) => row(run.capture.states[layer + 1]!.state, at));
  const logits = row(run.capture.logits, at);
  const ids = COLOUR_NAMES.map((name) => model.tokenizer.id(name)!);
  const highest = (figures: readonly number[]): string =>
    COLOUR_NAMES[figures.indexOf(Math.max(...figures))]!;
  const byCosine = async (kind: 'means' | 'contextual'): Promise<readonly string[]> => {
    const sets = await answerVectors(runtime, model, probe, COLOUR_NAMES, kind);
    return states.map((state, layer) => {
      const centre = row(probe.layers[layer]!.mean, at);
      const centred = state.map((value, i) => value - centre[i]!);
      return highest(compare({ measure: 'cosine' }, centred, vectorsOf(sets[layer]!.answering.named)));
    });
  };
  return {
    ...item,
    said: model.tokenizer.token(logits.indexOf(Math.max(...logits))),
    named: {
      means: await byCosine('means'),
      contextual: await byCosine('contextual'),
      'logit-lens': states.map((state) => {
        const lens = lensLogits(state, model.decoder.readout);
        return highest(ids.map((id) => lens[id]!));
      }),
    },
  };
}
