/** Scenes of the world as jobs use them: drawn from a seed at the size asked for. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { LabelCategory } from '../methods/dissection/legend.ts';
import type { Pixels } from '../protocol/image.ts';
import { RegionBuilder, type Regions } from '../tensor/regions.ts';
import { captions } from '../world/caption.ts';
import { CATEGORIES, LABELS } from '../world/catalogue.ts';
import { type Drawing, drawScene } from '../world/draw.ts';
import { Random } from '../world/random.ts';
import { type Scene, sampleScene } from '../world/scene.ts';

/** The stream of random numbers behind a scene's caption, apart from those of the scene itself. */
const CAPTION_STREAM = 211;

export interface DrawnScene {
  readonly scene: Scene;
  readonly drawing: Drawing;
  readonly picture: Rgb8;
}

export function drawSeed(seed: number, size: number): DrawnScene {
  const scene = sampleScene(seed);
  const drawing = drawScene(scene, size);
  return { scene, drawing, picture: { width: size, height: size, data: drawing.rgb } };
}

/** One caption that is true of the scene and says more than a word, the same for the same seed. */
export function captionOf(scene: Scene): string {
  const offered = captions(scene, new Random(scene.seed, CAPTION_STREAM), 3);
  return offered.reduce((longest, caption) => (caption.length > longest.length ? caption : longest));
}

export function scenePixels(drawing: Drawing): Pixels {
  const { size, rgb } = drawing;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let i = 0; i < size * size; i++) {
    data[i * 4] = rgb[i * 3]!;
    data[i * 4 + 1] = rgb[i * 3 + 1]!;
    data[i * 4 + 2] = rgb[i * 3 + 2]!;
    data[i * 4 + 3] = 255;
  }
  return { width: size, height: size, data };
}

export const LABEL_CATEGORIES: readonly LabelCategory[] = CATEGORIES.map((category) => ({
  category,
  labels: LABELS[category],
}));

/** Number of each category's first label in the legend of {@link LABEL_CATEGORIES}. */
const FIRST_LABELS = LABEL_CATEGORIES.map((_, index) =>
  LABEL_CATEGORIES.slice(0, index).reduce((sum, { labels }) => sum + labels.length, 0),
);

/** The six label planes of a drawing, laid over each other. */
export function drawnRegions({ labels, size }: Drawing): Regions {
  const builder = new RegionBuilder(size, size);
  const plane = size * size;
  builder.paintTogether(
    FIRST_LABELS.map((first, category) => ({
      codes: labels.subarray(category * plane, (category + 1) * plane),
      labelOf: (code) => (code === 0 ? undefined : first + code - 1),
    })),
  );
  return builder.build();
}
