/** The drawn scenes that units are tried on: some that show a thing, some that do not. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Runtime } from './runtime.ts';
import { drawSeed, LABEL_CATEGORIES } from './scenes.ts';

/** A thing counts as shown from this share of the pixels on. */
const SHOWN = 0.005;
/** Scenes drawn for each one wanted, at most: rare things are looked for, but not for ever. */
const PATIENCE = 60;

export interface TrialScenes {
  readonly pictures: readonly Rgb8[];
  readonly present: readonly boolean[];
  /** Labels of each scene, of whatever category. */
  readonly labels: readonly ReadonlySet<string>[];
}

/** As many scenes that show the thing as that do not; fewer of them when it is rare. */
export async function findScenes(
  size: number,
  { concept, scenes, seed }: Pick<RefereeParams, 'concept' | 'scenes' | 'seed'>,
  runtime: Runtime,
  check: () => void,
): Promise<TrialScenes> {
  const places = LABEL_CATEGORIES.flatMap(({ labels }, plane) => {
    const id = labels.indexOf(concept) + 1;
    return id > 0 ? [{ plane, id }] : [];
  });
  const half = Math.ceil(scenes / 2);
  const shown: Rgb8[] = [];
  const plain: Rgb8[] = [];
  const labels: Record<'shown' | 'plain', ReadonlySet<string>[]> = { shown: [], plain: [] };
  for (let i = 0; i < PATIENCE * scenes && (shown.length < half || plain.length < half); i += 1) {
    const { drawing, picture } = drawSeed(seed + i, size);
    const pixels = drawing.size ** 2;
    let count = 0;
    for (const { plane, id } of places) {
      for (let p = plane * pixels; p < (plane + 1) * pixels; p += 1) {
        if (drawing.labels[p] === id) count += 1;
      }
    }
    const side = count >= SHOWN * pixels ? 'shown' : count === 0 ? 'plain' : undefined;
    const pictures = side === 'shown' ? shown : plain;
    if (side && pictures.length < half) {
      pictures.push(picture);
      labels[side].push(labelsShown(drawing));
    }
    if (i % 16 === 15) {
      await runtime.pause();
      check();
    }
  }
  if (shown.length === 0 || plain.length === 0) {
    throw new VitrineError('bad-parameter', `no scenes with and without ${concept}`, {
      name: 'concept',
      allowed: 'a label that some scenes show and others do not',
    });
  }
  const pictures = [...shown, ...plain];
  return {
    pictures,
    present: pictures.map((_, i) => i < shown.length),
    labels: [...labels.shown, ...labels.plain],
  };
}

export function labelsShown({ labels, size }: ReturnType<typeof drawSeed>['drawing']): ReadonlySet<string> {
  const pixels = size ** 2;
  const names = LABEL_CATEGORIES.flatMap((category, plane) => {
    const codes = new Set(labels.subarray(plane * pixels, (plane + 1) * pixels));
    return category.labels.filter((_, label) => codes.has(label + 1));
  });
  return new Set(names);
}
