/** Scenes to choose from. */

import type { GalleryItem } from '../protocol/jobs.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { captionOf, drawSeed, scenePixels } from './scenes.ts';

export const gallery: Job<'gallery'> = async ({ seeds, size }, { runtime, cancellation, report }) => {
  const watch = new Stopwatch(runtime, seeds.length);
  const items: GalleryItem[] = [];
  for (const seed of seeds) {
    const { scene, drawing } = drawSeed(seed, size);
    items.push({ seed, caption: captionOf(scene), pixels: scenePixels(drawing) });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  return items;
};
