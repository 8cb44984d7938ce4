/** Do answers die sooner when patches go in the order of a map than in one that knows nothing of the answer. */

import { ablatePixels } from '../../jobs/ablate-patches.ts';
import type { GenerativeModel } from '../../jobs/generative-model.ts';
import { removalFill } from '../../methods/faithfulness/blur.ts';
import { centreOrder, growingSets, heatOrder, normalisedArea } from '../../methods/faithfulness/deletion.ts';
import { mean } from '../../tensor/statistics.ts';
import { Random } from '../../world/random.ts';
import type { Finding } from '../table.ts';
import type { Judged } from './heats.ts';

/** Patches that go in one step of a curve. */
const STEP = 4;
const BATCH = 8;

type Order = (judged: Judged) => readonly number[];

/** The method is chosen by its area on `validation`; area on `test`. No bars where `queries` stand between patches and words. */
export async function deletionFindings(
  model: GenerativeModel,
  validation: readonly Judged[],
  test: readonly Judged[],
  queries: boolean,
): Promise<readonly Finding[]> {
  const random = new Random(11);
  const methods = [...test[0]!.heats.keys()];
  const byMethod =
    (method: string): Order =>
    ({ heats }) =>
      heatOrder(heats.get(method)!.data);
  const tried = await areas(model, validation, methods.map(byMethod));
  const scores = methods.map((method, i) => ({ method, value: tried.means[i]! }));
  const best = scores.reduce((a, b) => (b.value < a.value ? b : a)).method;
  const found = await areas(model, test, [
    byMethod(best),
    ({ run }) => random.shuffle(Array.from({ length: run.grid ** 2 }, (_, patch) => patch)),
    ({ run }) => centreOrder(run.grid),
  ]);
  const [own, chance, centre] = found.means as [number, number, number];
  const bar = queries ? {} : { bar: { is: 'at least', value: 0.2 } as const };
  return [
    {
      name: `deletion area below random order: ${best}`,
      value: chance - own,
      ...bar,
      note: `${own.toFixed(3)} against ${chance.toFixed(3)}; ${found.died} of ${test.length} answers die under full blur`,
    },
    {
      name: 'deletion area below centre-first order',
      value: centre - own,
      ...bar,
      note: `${own.toFixed(3)} against ${centre.toFixed(3)}`,
    },
    ...scores.map(({ method, value }) => ({
      name: `  deletion area on validation: ${method}`,
      value,
      note: `${tried.died} scenes, lower is better`,
    })),
  ];
}

/** Mean area under the deletion curve of each order, over the cases whose answer dies when everything is taken away. */
async function areas(
  model: GenerativeModel,
  cases: readonly Judged[],
  orders: readonly Order[],
): Promise<{ readonly means: readonly number[]; readonly died: number }> {
  const found = orders.map((): number[] => []);
  for (const judged of cases) {
    const fill = removalFill(judged.run.picture);
    const curve = async (order: readonly number[]): Promise<number> => {
      const sets = growingSets(order, STEP);
      const probabilities: number[] = [];
      for (let first = 0; first < sets.length; first += BATCH) {
        const rows = await ablatePixels(model, judged.run, fill, sets.slice(first, first + BATCH));
        probabilities.push(...rows.map(([value]) => Math.exp(value!)));
      }
      return normalisedArea(probabilities);
    };
    for (const [i, order] of orders.entries()) {
      const value = await curve(order(judged));
      // An answer that a wholly blurred picture gives as well hangs on no patch.
      if (Number.isNaN(value)) break;
      found[i]!.push(value);
    }
  }
  return { means: found.map((values) => mean(values)), died: found[0]!.length };
}
