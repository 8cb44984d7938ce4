/**
 * Do explanations of generated answers point where the answer hangs, and does taking that away change it. Methods and places are
 * chosen on validation scenes and measured on others. `--scenes=N` (500), `--validation=N` (100), `--deletion=N` (100) and
 * `--pairs=N` (200) set the counts.
 */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { type GenerativeModel, openGenerative } from '../../jobs/generative-model.ts';
import { drawSeed } from '../../jobs/scenes.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { gridCeiling, pointing, spatialPrior } from '../../methods/attention/score.ts';
import { topRocAuc } from '../../methods/faithfulness/agreement.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { area } from '../../tensor/mask.ts';
import { resize } from '../../tensor/resize.ts';
import { mean } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { type CountFlag, readCommandLine } from '../options.ts';
import type { Finding, Measure } from '../table.ts';
import { deletionFindings } from '../vlm/deletion.ts';
import { answerOf, type Judged, judge } from '../vlm/heats.ts';
import { askItems, type Item, thingMask } from '../vlm/items.ts';
import { flips, type Pair, type Place, patchPair, places } from '../vlm/patching.ts';

const MODELS = ['scene-vlm-mlp', 'scene-vlm-qformer'] as const;
const VALIDATION_SEED = 71_000_000;
const TEST_SEED = 72_000_000;
const PAIR_SEED = 73_000_000;
const SHUFFLE_SEED = 7;

export const vlm: Measure = async (say, { only }) => {
  const findings: Finding[] = [];
  for (const id of MODELS.filter((name) => only?.includes(name) ?? true)) {
    const runtime = createNodeRuntime();
    try {
      const model = await openGenerative(runtime, id);
      findings.push(...(await modelFindings(id, model, say)));
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'model-missing')) throw error;
      const note = 'not shipped: nothing to measure';
      findings.push({
        name: `${id}: pointing game`,
        value: Number.NaN,
        bar: { is: 'at least', value: 0.85 },
        note,
      });
    } finally {
      await runtime.close();
    }
  }
  return findings;
};

function count(flag: CountFlag, usual: number): number {
  return readCommandLine(process.argv.slice(2)).options[flag] ?? usual;
}

interface Case {
  readonly item: Item;
  readonly judged: Judged;
}

async function modelFindings(
  id: string,
  model: GenerativeModel,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const queries = model.bridge !== null && model.bridge.maps.length > 0;
  const validation = await judgeAll(model, VALIDATION_SEED, count('validation', 100), say);
  const test = await judgeAll(model, TEST_SEED, count('scenes', 500), say);
  const named = (finding: Finding): Finding => ({ ...finding, name: `${id}: ${finding.name}` });
  const right: Finding = {
    name: 'answered right, of the scenes asked about',
    value: test.cases.length / test.asked,
    unit: 'share',
    note: 'only these are explained',
  };
  if (validation.cases.length === 0 || test.cases.length < 2) {
    const bar = { is: 'at least', value: queries ? 0.7 : 0.85 } as const;
    return [right, { name: 'pointing game', value: Number.NaN, bar, note: 'too few right answers' }].map(
      named,
    );
  }
  const methods = [...validation.cases[0]!.judged.heats.keys()];
  const scores = methods.map((method) => ({ method, value: pointingOf(model, validation.cases, method) }));
  const best = scores.reduce((a, b) => (b.value > a.value ? b : a)).method;
  const control = await shuffledCases(id, test.cases.slice(0, 100));
  const findings: Finding[] = [
    right,
    ...pointingFindings(model, test.cases, methods, best, control, queries),
  ];
  say(`${id}: pointing done`);
  findings.push(
    ...(await deletionFindings(
      model,
      validation.cases.slice(0, count('deletion', 100) / 4).map(({ judged }) => judged),
      test.cases.slice(0, count('deletion', 100)).map(({ judged }) => judged),
      queries,
    )),
  );
  say(`${id}: deletion done`);
  if (queries) findings.push(...agreementFindings(validation.cases, test.cases, methods));
  findings.push(...(await redrawFindings(model, test.cases)));
  say(`${id}: redrawing done`);
  findings.push(...(await patchingFindings(model)));
  return findings.map(named);
}

async function judgeAll(
  model: GenerativeModel,
  first: number,
  wanted: number,
  say: (line: string) => void,
): Promise<{ readonly asked: number; readonly cases: readonly Case[] }> {
  const items = askItems(first, wanted);
  const cases: Case[] = [];
  for (const [index, item] of items.entries()) {
    const token = await answerOf(model, item, { kind: 'scene', seed: item.seed });
    if (model.tokenizer.token(token) === item.answer)
      cases.push({ item, judged: await judge(model, item, token) });
    if (index % 100 === 99) say(`${model.id}: ${index + 1} of ${items.length} questions`);
  }
  return { asked: items.length, cases };
}

/** The same inputs and answers through networks whose weights are shuffled. */
async function shuffledCases(id: string, cases: readonly Case[]): Promise<readonly Case[]> {
  const runtime = createNodeRuntime({
    transform: (bytes, _, file) =>
      ['decoder_model_merged', 'multi_modal_projector', 'qformer', 'embed_tokens', 'vision_encoder'].includes(
        file,
      )
        ? shuffleWeights(bytes, SHUFFLE_SEED)
        : bytes,
  });
  const model = await openGenerative(runtime, id);
  const judged: Case[] = [];
  for (const { item, judged: own } of cases)
    judged.push({ item, judged: await judge(model, item, own.token) });
  await runtime.close();
  return judged;
}

function shownHeat(model: GenerativeModel, heat: Grid): Grid {
  return resize(heat, model.config.imageSize, model.config.imageSize, 'bilinear');
}

function maskOf(model: GenerativeModel, { seed, things }: Item) {
  return thingMask(drawSeed(seed, model.config.imageSize), things);
}

function pointingOf(model: GenerativeModel, cases: readonly Case[], method: string): number {
  return mean(
    cases.map(({ item, judged }) =>
      pointing(shownHeat(model, judged.heats.get(method)!), maskOf(model, item)),
    ),
  );
}

function pointingFindings(
  model: GenerativeModel,
  cases: readonly Case[],
  methods: readonly string[],
  best: string,
  control: readonly Case[],
  queries: boolean,
): readonly Finding[] {
  const share = 'share' as const;
  const masks = cases.map(({ item }) => maskOf(model, item));
  const heats = cases.map(({ judged }) => shownHeat(model, judged.heats.get(best)!));
  return [
    {
      name: `pointing game, colour and left questions: ${best}`,
      value: pointingOf(model, cases, best),
      unit: share,
      bar: { is: 'at least', value: queries ? 0.7 : 0.85 },
      note: `${cases.length} questions; method chosen on validation scenes`,
    },
    ...(['color', 'left'] as const).map((type) => ({
      name: `  ${type} questions alone`,
      value: pointingOf(
        model,
        cases.filter(({ item }) => item.type === type),
        best,
      ),
      unit: share,
    })),
    { name: '  control: shuffled weights', value: pointingOf(model, control, best), unit: share },
    {
      name: "  control: other scenes' masks",
      value: spatialPrior(heats, masks, pointing, Math.min(5, masks.length - 1)),
      unit: share,
    },
    {
      name: '  ceiling of IoU on the grid',
      value: mean(
        masks
          .slice(0, 100)
          .map((mask) => gridCeiling(mask, cases[0]!.judged.run.grid, cases[0]!.judged.run.grid)),
      ),
    },
    ...methods
      .filter((method) => method !== best)
      .map((method) => ({
        name: `  ${method}`,
        value: pointingOf(model, cases, method),
        unit: share,
        note: `shuffled weights ${(100 * pointingOf(model, control, method)).toFixed(1)}%`,
      })),
  ];
}

/** Q-Former: do maps order patches as ablation does. */
function agreementFindings(
  validation: readonly Case[],
  test: readonly Case[],
  methods: readonly string[],
): readonly Finding[] {
  const maps = methods.filter((method) => !method.startsWith('patch ablation'));
  const auc = (cases: readonly Case[], method: string) =>
    mean(cases.map(({ judged }) => topRocAuc(judged.heats.get(method)!.data, judged.ablation.data, 0.1)));
  const best = maps.reduce((a, b) => (auc(validation, b) > auc(validation, a) ? b : a));
  return [
    {
      name: `ROC AUC for the top 10% of patches by ablation: ${best}`,
      value: auc(test, best),
      bar: { is: 'at least', value: 0.75 },
      note: 'map chosen on validation scenes',
    },
    { name: '  raw composition answer -> queries -> patches', value: auc(test, 'raw attention') },
  ];
}

async function redrawFindings(model: GenerativeModel, cases: readonly Case[]): Promise<readonly Finding[]> {
  let [without, others, changed, changedByOther] = [0, 0, 0, 0];
  for (const { item, judged } of cases) {
    const drawn = drawSeed(item.seed, model.config.imageSize);
    const answer = (thing: number) =>
      answerOf(model, item, { kind: 'variant', seed: item.seed, thing, color: null });
    without++;
    if ((await answer(item.subject)) !== judged.token) changed++;
    const size = area(thingMask(drawn, [item.subject]));
    const other = drawn.scene.things.find(({ id }) => {
      const ratio = area(thingMask(drawn, [id])) / size;
      return !item.things.includes(id) && ratio > 0.5 && ratio < 2;
    });
    if (!other) continue;
    others++;
    if ((await answer(other.id)) !== judged.token) changedByOther++;
  }
  const tokens = cases.map(({ judged }) => Math.max(...judged.ablation.data));
  return [
    {
      name: 'redrawn without the asked object, the answer changes',
      value: changed / without,
      unit: 'share',
      bar: { is: 'at least', value: 0.8 },
    },
    {
      name: 'redrawn without another object of similar size',
      value: others === 0 ? Number.NaN : changedByOther / others,
      unit: 'share',
      bar: { is: 'at most', value: 0.15 },
      note: `${others} scenes have one`,
    },
    {
      name: '  largest loss of log probability by one token ablated, mean',
      value: mean(tokens),
      note: 'nats',
    },
  ];
}

async function patchingFindings(model: GenerativeModel): Promise<readonly Finding[]> {
  const random = new Random(13);
  const wanted = { locate: Math.ceil(count('pairs', 200) / 2), test: count('pairs', 200) };
  const pairs: Pair[] = [];
  let asked = 0;
  for (const item of askItems(PAIR_SEED, 4 * (wanted.locate + wanted.test))) {
    if (pairs.length >= wanted.locate + wanted.test) break;
    if (item.type !== 'color') continue;
    asked++;
    const pair = await patchPair(model, item, random);
    if (pair) pairs.push(pair);
  }
  const located = pairs.slice(0, Math.min(wanted.locate, Math.floor(pairs.length / 3)));
  const tested = pairs.slice(located.length);
  const rate = async (group: readonly Pair[], place: Place, control: boolean): Promise<number> => {
    let flipped = 0;
    for (const pair of group) if (await flips(model, pair, place, control)) flipped++;
    return flipped / group.length;
  };
  if (located.length === 0) {
    const note = `no pair of ${asked} was answered right on both sides`;
    return [
      {
        name: 'activation patching flips the answer',
        value: Number.NaN,
        bar: { is: 'at least', value: 0.7 },
        note,
      },
    ];
  }
  const rates: { readonly place: Place; readonly value: number }[] = [];
  for (const place of places(model)) rates.push({ place, value: await rate(located, place, false) });
  const best = rates.reduce((a, b) => (b.value > a.value ? b : a)).place;
  const where = best.at === 'last' ? 'the last position' : "the object's patches";
  const layer = (block: number) => (block < 0 ? 'before the bridge' : `after layer ${block + 1}`);
  return [
    {
      name: `activation patching flips the answer: ${layer(best.block)}, ${where}`,
      value: await rate(tested, best, false),
      unit: 'share',
      bar: { is: 'at least', value: 0.7 },
      note: `located on ${located.length} pairs, tested on ${tested.length}`,
    },
    {
      name: '  as many positions off the object',
      value: await rate(tested, best, true),
      unit: 'share',
      bar: { is: 'at most', value: 0.1 },
    },
    ...rates.map(({ place, value }) => ({
      name: `  located: ${layer(place.block)}, ${place.at === 'last' ? 'last' : 'object'}`,
      value,
      unit: 'share' as const,
    })),
  ];
}
