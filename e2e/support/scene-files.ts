import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { captionOf } from '../../src/jobs/scenes.ts';
import { drawScene } from '../../src/world/draw.ts';
import { sampleScene } from '../../src/world/scene.ts';

const SIDE = 128;

/** Writes drawn scenes as PNG files `scene-<seed>.png` into a folder, encoded by the browser; returns names and captions. */
export async function writeScenes(
  page: Page,
  folder: string,
  seeds: readonly number[],
): Promise<readonly { readonly name: string; readonly caption: string }[]> {
  const scenes: { name: string; caption: string }[] = [];
  for (const seed of seeds) {
    const scene = sampleScene(seed);
    const { rgb } = drawScene(scene, SIDE);
    const base64 = await page.evaluate(
      async ([side, pixels]) => {
        const canvas = new OffscreenCanvas(side, side);
        const context = canvas.getContext('2d')!;
        const image = context.createImageData(side, side);
        const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
        for (let i = 0; i < side * side; i += 1) {
          image.data.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i);
          image.data[4 * i + 3] = 255;
        }
        context.putImageData(image, 0, 0);
        const blob = await canvas.convertToBlob({ type: 'image/png' });
        const encoded = new Uint8Array(await blob.arrayBuffer());
        return btoa(Array.from(encoded, (byte) => String.fromCharCode(byte)).join(''));
      },
      [SIDE, Buffer.from(rgb).toString('base64')] as const,
    );
    const name = `scene-${seed}.png`;
    writeFileSync(join(folder, name), Buffer.from(base64, 'base64'));
    scenes.push({ name, caption: captionOf(scene) });
  }
  return scenes;
}
