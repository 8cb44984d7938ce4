/** The photographs of the folder that VITRINE_REAL_FILES names: what the drawn world's models must not be sure of. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Pixels } from '../protocol/image.ts';

export interface Photograph {
  readonly name: string;
  readonly pixels: Pixels;
}

/** Decoded and turned upright; null where the folder is not named or holds no photographs. */
export async function readPhotographs(): Promise<readonly Photograph[] | null> {
  const root = process.env.VITRINE_REAL_FILES;
  if (!root) return null;
  const folder = join(root, 'photos');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));
  if (names.length === 0) return null;
  return Promise.all(
    names.sort().map(async (name) => {
      const decoded = sharp(join(folder, name)).rotate().toColourspace('srgb').ensureAlpha().raw();
      const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
      return { name, pixels: { width: info.width, height: info.height, data: new Uint8ClampedArray(data) } };
    }),
  );
}
