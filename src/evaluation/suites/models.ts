/** Are the models any good: do pictures show what their prompts say, and are pictures of another world refused. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { embedPrompts, openContrastive } from '../../jobs/contrastive-model.ts';
import { drawSeed } from '../../jobs/scenes.ts';
import { row } from '../../methods/concepts/texts.ts';
import { cosine, quantile } from '../../tensor/statistics.ts';
import { isUnseenColour } from '../../world/split.ts';
import { fixedPictures } from '../generated.ts';
import { readPhotographs } from '../photographs.ts';
import { PAIRS } from '../prompts.ts';
import type { Finding, Measure } from '../table.ts';
import { bestText, CONTRASTIVE, seePictures, viewOf } from '../vision.ts';

/** Far from the seeds that the statistics were fitted to and measured on. */
const FRESH_SEED = 50_000_000;
const FRESH_SCENES = 1000;

export const models: Measure = async (say) => {
  const runtime = createNodeRuntime();
  const flagging = await flaggingFindings(runtime);
  const pictures = await fixedPictures(runtime, say);
  const model = await openContrastive(runtime, CONTRASTIVE);
  const texts = await embedPrompts(
    runtime,
    model,
    PAIRS.map(({ caption }) => caption),
  );
  const seen = await seePictures(
    model,
    pictures.map(({ image }) => viewOf(model, image)),
  );
  const named = seen.map(
    ({ embedding }) => PAIRS[bestText(PAIRS.map((_, i) => cosine(embedding, row(texts, i))))]!,
  );
  const results = pictures.map(({ prompt: { kind, color } }, i) => ({
    object: named[i]!.kind === kind,
    color: named[i]!.color === color,
    unseen: isUnseenColour(kind, color),
  }));
  await runtime.close();
  const right = results.filter(({ object, color }) => object && color);
  const unseen = results.filter((result) => result.unseen);
  return [
    {
      name: 'right caption first among 120 pairs, generated pictures',
      value: right.length / results.length,
      unit: 'share',
      bar: { is: 'at least', value: 0.6 },
      note: `${results.length} prompts; chance ${(100 / PAIRS.length).toFixed(1)}%`,
    },
    { name: '  object right', value: share(results, ({ object }) => object), unit: 'share' },
    { name: '  colour right', value: share(results, ({ color }) => color), unit: 'share' },
    {
      name: '  pairs never seen in training',
      value: share(unseen, ({ object, color }) => object && color),
      unit: 'share',
      note: `${unseen.length} prompts`,
    },
    ...flagging,
  ];
};

async function flaggingFindings(runtime: ReturnType<typeof createNodeRuntime>): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  const threshold = model.statistics?.threshold ?? Number.NaN;
  const flagged = (distance: number) => !(distance <= threshold);
  const scenes = Array.from(
    { length: FRESH_SCENES },
    (_, i) => drawSeed(FRESH_SEED + i, model.config.imageSize).picture,
  );
  const fresh = await seePictures(model, scenes);
  const photographs = await readPhotographs();
  const findings: Finding[] = [
    {
      name: 'fresh scenes flagged as foreign',
      value: model.statistics ? share(fresh, ({ distance }) => flagged(distance)) : Number.NaN,
      unit: 'share',
      bar: { is: 'at most', value: 0.02 },
      note: `${FRESH_SCENES} scenes; threshold ${threshold.toFixed(1)}`,
    },
  ];
  if (!photographs) {
    return [
      ...findings,
      {
        name: 'photographs flagged',
        value: Number.NaN,
        unit: 'share',
        note: 'skipped: VITRINE_REAL_FILES is not set',
      },
    ];
  }
  const seen = await seePictures(
    model,
    photographs.map(({ pixels }) => viewOf(model, pixels)),
  );
  const distances = seen.map(({ distance }) => distance);
  return [
    ...findings,
    {
      name: 'photographs flagged as foreign',
      value: model.statistics ? share(seen, ({ distance }) => flagged(distance)) : Number.NaN,
      unit: 'share',
      bar: { is: 'at least', value: 1 },
      note: `${photographs.length} photographs; nearest ${Math.min(...distances).toFixed(1)}, median scene ${quantile(
        fresh.map(({ distance }) => distance),
        0.5,
      ).toFixed(1)}`,
    },
  ];
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length / items.length;
}
