import type { PatchHeat } from '../../protocol/ask.ts';
import { logit, probability } from '../figures.ts';

/** A value of a heat, in its unit. */
export function figureOf(value: number, unit: PatchHeat['unit']): string {
  return unit === 'probability' ? probability(value) : logit(value);
}
