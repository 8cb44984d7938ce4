/** Does the alignment score find captions that were swapped. */

import { collect } from '../../jobs/collect.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { captionOf } from '../../jobs/scenes.ts';
import { separation } from '../../methods/concepts/separation.ts';
import { Random } from '../../world/random.ts';
import { sampleScene } from '../../world/scene.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const PAIRS = 2000;
const SWAPPED = 0.1;
const FIRST_SEED = 61_000_000;

export async function dataFindings(runtime: Runtime): Promise<readonly Finding[]> {
  const seeds = Array.from({ length: PAIRS }, (_, i) => FIRST_SEED + i);
  const captions = seeds.map((seed) => captionOf(sampleScene(seed)));
  const places = new Random(FIRST_SEED, 3).shuffle(captions.map((_, i) => i)).slice(0, SWAPPED * PAIRS);
  const given = [...captions];
  places.forEach((place, k) => {
    given[place] = captions[places[(k + 1) % places.length]!]!;
  });
  // A swap for the same sentence is none.
  const wrong = given.map((caption, i) => caption !== captions[i]);
  const { pairs } = await collect(
    {
      model: CONTRASTIVE,
      items: seeds.map((seed, i) => ({ image: { kind: 'scene', seed }, caption: given[i]! })),
    },
    { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined },
  );
  const found = separation(
    pairs.map(({ alignment }) => -alignment),
    wrong,
  );
  const plain = separation(
    pairs.map(({ cosine }) => -cosine),
    wrong,
  );
  return [
    {
      name: `${found.positives} captions swapped in ${PAIRS} pairs, found by alignment (AUC)`,
      value: found.auc,
      bar: { is: 'at least', value: 0.95 },
      note: `by the cosine alone ${plain.auc.toFixed(4)}`,
    },
  ];
}
