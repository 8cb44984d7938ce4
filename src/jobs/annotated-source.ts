/** Annotated pictures as a dissection sees them, wherever they come from: numbered, read one at a time. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import { everyCategory, type LabelCategory, legendOf } from '../methods/dissection/legend.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import type { Regions } from '../tensor/regions.ts';
import { captionOf, drawnRegions, drawSeed, LABEL_CATEGORIES } from './scenes.ts';

export interface AnnotatedPicture {
  /** At the model's size. */
  readonly picture: Rgb8;
  readonly regions: Regions;
  /** The categories that it is annotated for, as bits of the source's categories. */
  readonly annotated: number;
  readonly caption: string;
}

export interface AnnotatedSource {
  /** Tells this source from others, for finding half-finished work again. */
  readonly key: string;
  readonly categories: readonly LabelCategory[];
  readonly count: number;
  /** Pixels of the largest label map. */
  readonly mostPixels: number;
  /** Picture `index` at `size` x `size`; null for one that cannot be read, which is left out. */
  read(index: number, size: number): Promise<AnnotatedPicture | null>;
}

/** Scenes of the world, drawn when asked for: a source of more scenes begins with those of fewer. */
export function worldSource(
  { scenes, seed }: Pick<DissectParams, 'scenes' | 'seed'>,
  size: number,
): AnnotatedSource {
  const annotated = everyCategory(legendOf(LABEL_CATEGORIES));
  return {
    key: `world ${scenes} ${seed}`,
    categories: LABEL_CATEGORIES,
    count: scenes,
    mostPixels: size * size,
    read: async (index) => {
      const { scene, drawing, picture } = drawSeed(seed + index, size);
      return { picture, regions: drawnRegions(drawing), annotated, caption: captionOf(scene) };
    },
  };
}
