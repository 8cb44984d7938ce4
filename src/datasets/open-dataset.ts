/** Finds out what a folder holds. */

import { RegionBuilder } from '../tensor/regions.ts';
import { openBroden } from './broden.ts';
import { openCoco } from './coco.ts';
import { type Dataset, Missing } from './dataset.ts';
import { type DataFolder, MissingFile } from './folder.ts';
import { openMasks } from './masks.ts';
import { decodeText } from './text.ts';

/** Bytes of a JSON that are looked at to tell COCO's from others. */
const LOOK = 4096;

/**
 * Broden, COCO, pairs of pictures and masks, or pictures alone; in this order. Throws RangeError, saying what was looked for,
 * when there is none of them.
 */
export async function openDataset(folder: DataFolder): Promise<Dataset> {
  if (await folder.has('index.csv')) return openBroden(folder);
  const paths = await folder.list('');
  for (const path of paths.filter((each) => each.endsWith('.json'))) {
    if (await isCoco(folder, path)) return openCoco(folder, path);
  }
  const masks = await openMasks(folder);
  if (masks) return masks;
  // Not for pictures alone: most of them would be label images.
  if (paths.some((path) => /^(c_\w+|label|category)\.csv$/.test(path)))
    throw new RangeError(
      `${folder.name}: index.csv is missing, which says what Broden's label images belong to`,
    );
  const pictures = paths.filter((path) => /\.(jpe?g|png|webp)$/i.test(path));
  if (pictures.length > 0) return picturesOnly(folder, pictures);
  throw new RangeError(
    `${folder.name}: neither index.csv (Broden), nor a COCO JSON, nor pictures among ${paths.length} files`,
  );
}

async function isCoco(folder: DataFolder, path: string): Promise<boolean> {
  // The keys may stand anywhere, but names of files or of categories come early in practice; else in the whole text.
  const bytes = await folder.read(path);
  const has = (text: string) =>
    ['"images"', '"annotations"', '"categories"'].filter((key) => text.includes(key));
  return has(decodeText(bytes.subarray(0, LOOK))).length > 0 && has(decodeText(bytes)).length === 3;
}

/** Pictures without any truth: for labels made of words (CLIP-Dissect). */
function picturesOnly(folder: DataFolder, paths: readonly string[]): Dataset {
  const missing = new Missing();
  return {
    format: 'pictures',
    categories: [],
    count: paths.length,
    missing,
    read: async (index) => {
      const path = paths[index]!;
      try {
        const image = await folder.read(path);
        return { path, image, regions: new RegionBuilder(1, 1).build(), annotated: 0 };
      } catch (error) {
        if (!(error instanceof MissingFile)) throw error;
        missing.add(error.message);
        return null;
      }
    },
  };
}
