import { bindings } from '../methods/attention/binding.ts';
import { heatFigures } from '../methods/attention/figures.ts';
import { selfMap } from '../methods/attention/self.ts';
import type { Generation } from '../protocol/jobs.ts';
import type { Grid } from '../tensor/tensor.ts';
import { HEAT_SIDE, type HeatChoice, type Heats, headCount, heatsOf } from './heat.ts';
import type { Chip } from './words.ts';

/** What a place looks at, or undefined where no self-attention was captured. `x` and `y` are fractions of the picture. */
export function placeHeat(
  generation: Generation,
  x: number,
  y: number,
): { readonly map: Grid; readonly uniform: number; readonly max: number } | undefined {
  if (generation.self.every(({ steps }) => steps.length === 0)) return undefined;
  const { map, uniform } = selfMap(generation.self, x, y, HEAT_SIDE, HEAT_SIDE);
  return { map, uniform, max: heatFigures(map).peak };
}

/** Mean, peak and entropy of each word's map. */
export function wordFigures(heats: Heats) {
  return heats.words.map(({ chip, map }) => ({ chip, ...heatFigures(map) }));
}

/** The heads in which two words look at the same place, best first, and the mean over all heads. */
export function boundHeads(generation: Generation, first: Chip, second: Chip) {
  const all = bindings(generation.attention, first.positions, second.positions);
  const mean = all.reduce((sum, { correlation }) => sum + correlation, 0) / Math.max(1, all.length);
  return { best: all.slice(0, 8), mean };
}

/** A column of the grid of maps: one layer, head or step, the rest averaged. */
export interface GridColumn {
  readonly key: string;
  readonly choice: HeatChoice;
}

/** Most steps that stand side by side; more are thinned evenly. */
const MOST_STEPS = 8;

/** The columns along one axis; the other parts of the choice stay. */
export function gridColumns(
  generation: Generation,
  by: 'layer' | 'head' | 'step',
  choice: HeatChoice,
): readonly GridColumn[] {
  if (by === 'layer') {
    return generation.attention.map(({ site }) => ({ key: site, choice: { ...choice, layer: site } }));
  }
  if (by === 'head') {
    return Array.from({ length: headCount(generation, choice.layer) }, (_, head) => ({
      key: String(head),
      choice: { ...choice, head },
    }));
  }
  const steps = generation.attention[0]?.pattern.dims[0] ?? 0;
  const count = Math.min(MOST_STEPS, steps);
  return Array.from({ length: count }, (_, at) => {
    const step = count === 1 ? 0 : Math.round((at * (steps - 1)) / (count - 1));
    return { key: String(step), choice: { ...choice, step } };
  });
}

/** The maps of one column. */
export function columnHeats(generation: Generation, chips: readonly Chip[], { choice }: GridColumn): Heats {
  return heatsOf(generation, chips, choice);
}
