/** How well a figure tells scenes apart that are alike in class and height. */

import { quantile } from '../../tensor/statistics.ts';
import type { Random } from '../../world/random.ts';
import type { Scene } from '../../world/scene.ts';

/** Heights that differ by more are not compared: share of the picture. */
const HEIGHT = 0.1;
const SHUFFLES = 200;

export interface MatchedScore {
  /** Share of pairs (one shows it, one does not; same kind, about the same height) in the right order, ties half. NaN for no pairs. */
  readonly auc: number;
  readonly pairs: number;
}

/** Scenes of one thing. `shown` is null where the question does not apply. */
export function matchedAuc(
  values: ArrayLike<number>,
  shown: readonly (boolean | null)[],
  scenes: readonly Scene[],
): MatchedScore {
  let right = 0;
  let pairs = 0;
  for (const [a, b] of matchedPairs(shown, scenes)) {
    pairs += 1;
    const [high, low] = [values[a]!, values[b]!];
    right += high > low ? 1 : high === low ? 0.5 : 0;
  }
  return { auc: pairs === 0 ? Number.NaN : right / pairs, pairs };
}

/** 97.5% quantile of the same when labels change places among scenes of a kind. */
export function matchedNull(
  values: ArrayLike<number>,
  shown: readonly (boolean | null)[],
  scenes: readonly Scene[],
  random: Random,
): number {
  const kinds = new Map<string, number[]>();
  scenes.forEach(({ things }, i) => {
    if (shown[i] !== null) kinds.set(things[0]!.kind, [...(kinds.get(things[0]!.kind) ?? []), i]);
  });
  const aucs = Array.from({ length: SHUFFLES }, () => {
    const labels = [...shown];
    for (const own of kinds.values()) {
      const order = random.shuffle(own);
      own.forEach((scene, k) => {
        labels[scene] = shown[order[k]!]!;
      });
    }
    return matchedAuc(values, labels, scenes).auc;
  }).filter((auc) => !Number.isNaN(auc));
  return aucs.length === 0 ? Number.NaN : quantile(aucs, 0.975);
}

function* matchedPairs(
  shown: readonly (boolean | null)[],
  scenes: readonly Scene[],
): Generator<readonly [number, number]> {
  for (let a = 0; a < scenes.length; a += 1) {
    if (shown[a] !== true) continue;
    const own = scenes[a]!.things[0]!;
    for (let b = 0; b < scenes.length; b += 1) {
      const other = scenes[b]!.things[0]!;
      const apart = own.y - other.y;
      if (shown[b] === false && own.kind === other.kind && apart < HEIGHT && apart > -HEIGHT) yield [a, b];
    }
  }
}
