/** Do units detect things: against the same model with shuffled weights. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { dissect } from '../../jobs/dissect.ts';
import { referee } from '../../jobs/referee.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { unitEvidence } from '../../jobs/unit-evidence.ts';
import { detectorIou } from '../../methods/dissection/recipe.ts';
import type { Dissection } from '../../protocol/dissection.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { CATEGORIES } from '../../world/catalogue.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const SITES = ['vision.blocks.1.mlp.post', 'vision.blocks.4.mlp.post'];
const SCENES = 400;
const SEED = 70_000_000;
const SHUFFLE_SEED = 5;
const JUDGED_SENTENCES = 12;
/** Where trees are looked for. */
const REFEREED = [
  { model: 'scene-clip-rn', site: 'vision.layer4.1.relu' },
  { model: CONTRASTIVE, site: 'vision.blocks.4.mlp.post' },
];

export const dissection: Measure = async (say) => {
  const trained = createNodeRuntime();
  const control = createNodeRuntime({
    transform: (bytes, _, file) => (file === 'vision_model' ? shuffleWeights(bytes, SHUFFLE_SEED) : bytes),
  });
  const findings: Finding[] = [];
  for (const site of SITES) {
    const real = await run(trained, site);
    say(`dissection: ${site} done`);
    const shuffled = await run(control, site);
    const categories = CATEGORIES.map(
      (category) => `${category} ${detectors(real).filter((row) => row.category === category).length}`,
    );
    findings.push(
      {
        name: `detectors at ${site}`,
        value: detectors(real).length,
        unit: 'count',
        note: `of ${real.rows.length}: ${categories.join(', ')}`,
      },
      { name: '  control: shuffled weights', value: detectors(shuffled).length, unit: 'count' },
      { name: '  different concepts among them', value: concepts(real), unit: 'count' },
      { name: '  control: shuffled weights', value: concepts(shuffled), unit: 'count' },
      { name: '  best IoU', value: Math.max(...real.rows.map(({ iou }) => iou)) },
      { name: '  control: shuffled weights', value: Math.max(...shuffled.rows.map(({ iou }) => iou)) },
    );
  }
  findings.push(await sentences(trained, say), ...(await causes(trained, say)));
  await trained.close();
  await control.close();
  return findings;
};

/** How well the sentences of detectors, spread over the table, foretell where these fire on scenes not seen before. */
async function sentences(runtime: Runtime, say: (line: string) => void): Promise<Finding> {
  const site = SITES.at(-1)!;
  const ranked = [...detectors(await run(runtime, site))].sort((a, b) => b.iou - a.iou);
  const step = Math.max(1, ranked.length / JUDGED_SENTENCES);
  const judged = Array.from(
    { length: Math.min(JUDGED_SENTENCES, ranked.length) },
    (_, i) => ranked[Math.floor(i * step)]!,
  );
  const scores: number[] = [];
  for (const { unit, threshold, concept, category } of judged) {
    const asked = {
      model: CONTRASTIVE,
      site,
      scenes: SCENES,
      seed: SEED,
      unit,
      threshold,
      concept,
      category,
    };
    const { sentence } = await unitEvidence(asked, quiet(runtime));
    if (!Number.isNaN(sentence.auc)) scores.push(sentence.auc);
  }
  say('dissection: sentences judged');
  return {
    name: 'the sentence foretells firing on held-out scenes: mean AUC',
    value: scores.reduce((sum, auc) => sum + auc, 0) / scores.length,
    bar: { is: 'at least', value: 0.85 },
    note: `${scores.length} of ${ranked.length} detectors of ${site}, evenly by rank; lowest ${Math.min(...scores).toFixed(2)}`,
  };
}

/** Whether the ten best tree units are what recognising trees hangs on. */
async function causes(runtime: Runtime, say: (line: string) => void): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { model, site } of REFEREED) {
    if (!(await present(runtime, model))) {
      findings.push({
        name: `ten best tree units of ${model} off`,
        value: Number.NaN,
        note: 'skipped: no such model here',
      });
      continue;
    }
    const { rows } = await run(runtime, site, model);
    const trees = rows
      .map(({ unit, concept, category, iou, next }) => {
        const labels = [{ concept, category, iou }, ...next];
        return {
          unit,
          iou: labels.find((label) => label.concept === 'tree' && label.category === 'object')?.iou ?? 0,
        };
      })
      .filter(({ iou }) => iou > 0)
      .sort((a, b) => b.iou - a.iou)
      .slice(0, 10);
    const report = await referee(
      {
        model,
        site,
        units: trees.map(({ unit }) => unit),
        concept: 'tree',
        scenes: 60,
        seed: SEED,
        sets: 100,
      },
      quiet(runtime),
    );
    say(`dissection: ${model} refereed`);
    findings.push({
      name: `ten best tree units of ${model} off: percentile of the loss among 100 matched sets`,
      value: report.percentile,
      unit: 'share',
      bar: { is: 'at least', value: 0.99 },
      note: `${site}; AUC ${report.intact.auc.toFixed(3)} to ${report.ablated.auc.toFixed(3)}, clarity ${report.intact.clarity.toFixed(2)} to ${report.ablated.clarity.toFixed(2)}; match ${report.matchRatio.toFixed(2)}`,
    });
  }
  return findings;
}

async function present(runtime: Runtime, model: string): Promise<boolean> {
  try {
    await runtime.bytes(model, 'vision_model');
    return true;
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return false;
    throw error;
  }
}

function run(runtime: Runtime, site: string, model = CONTRASTIVE): Promise<Dissection> {
  return dissect({ model, site, scenes: SCENES, seed: SEED }, quiet(runtime));
}

function quiet(runtime: Runtime) {
  return { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };
}

function detectors({ rows }: Dissection): Dissection['rows'] {
  return rows.filter(({ iou }) => iou >= detectorIou);
}

function concepts(result: Dissection): number {
  return new Set(detectors(result).map(({ category, concept }) => `${category}/${concept}`)).size;
}
