/** Which positions of a vision tower are patches, and on what grid they lie. */

import { VitrineError } from '../protocol/errors.ts';

export interface PatchPlace {
  /** Rows and columns. */
  readonly grid: number;
  /** Positions before the patches: the class token, registers. */
  readonly lead: number;
}

/** Before the patches of a tower whose grid is not stated: the class token and one of distillation. */
const MOST_LEADING = 2;
/** The same where the grid is stated: registers too. */
const MOST_STATED = 16;

/**
 * `stated` is the grid of the model's config, 0 where it has none; towers that halve their grid on the way state none that fits every
 * layer. Throws `unsupported` for positions that are no square of patches.
 */
export function patchPlace(positions: number, stated = 0): PatchPlace {
  const beside = positions - stated ** 2;
  if (stated > 0 && beside >= 0 && beside <= MOST_STATED) return { grid: stated, lead: beside };
  const grid = Math.floor(Math.sqrt(positions));
  const lead = positions - grid * grid;
  if (lead <= MOST_LEADING && grid > 0) return { grid, lead };
  const what = `a vision tower of ${positions} positions, which fill no square`;
  throw new VitrineError('unsupported', what, { what });
}
