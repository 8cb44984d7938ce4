import { readdirSync } from 'node:fs';
import { basename, join as joinPath } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { exifOrientation, join } from '../../src/state/intake/test-support.ts';

/** A file as Playwright hands it to an input. */
export interface PictureFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/**
 * A picture drawn and encoded by the browser itself. `halves`: left half red, right half blue. `photograph`: noise of six octaves in
 * uneven light, smooth and detailed everywhere, as no drawn scene is.
 */
export async function picture(
  page: Page,
  motif: 'halves' | 'photograph',
  type: 'image/png' | 'image/jpeg' | 'image/webp',
  size: readonly [number, number] = [300, 200],
): Promise<PictureFile> {
  const bytes = await page.evaluate(
    async ([what, format, [width, height]]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      if (what === 'halves') {
        context.fillStyle = '#ff0000';
        context.fillRect(0, 0, width, height);
        context.fillStyle = '#0000ff';
        context.fillRect(width / 2, 0, width / 2, height);
      } else {
        let state = 7;
        const random = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 32;
        };
        for (let cells = 4; cells <= 128; cells *= 2) {
          const noise = new OffscreenCanvas(cells, cells);
          const inner = noise.getContext('2d')!;
          for (let y = 0; y < cells; y += 1) {
            for (let x = 0; x < cells; x += 1) {
              const grey = 255 * random();
              const warm = 60 * random() - 30;
              inner.fillStyle = `rgb(${grey + warm} ${grey} ${grey - warm})`;
              inner.fillRect(x, y, 1, 1);
            }
          }
          context.globalAlpha = cells === 4 ? 1 : 0.45;
          context.drawImage(noise, 0, 0, width, height);
        }
        context.globalAlpha = 1;
        const light = context.createLinearGradient(0, 0, width, height);
        light.addColorStop(0, 'rgb(255 240 200 / 40%)');
        light.addColorStop(1, 'rgb(10 5 30 / 70%)');
        context.fillStyle = light;
        context.fillRect(0, 0, width, height);
      }
      const blob = await canvas.convertToBlob({ type: format, quality: 0.95 });
      if (blob.type !== format) throw new Error(`this browser does not write ${format}`);
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [motif, type, size] as const,
  );
  return { name: `${motif}.${type.slice(6)}`, mimeType: type, buffer: Buffer.from(bytes) };
}

/** The same JPEG, with an EXIF orientation (1 to 8). */
export function turned(jpeg: PictureFile, orientation: number): PictureFile {
  const { buffer } = jpeg;
  const bytes = join(buffer.subarray(0, 2), exifOrientation(orientation), buffer.subarray(2));
  return { ...jpeg, name: `turned-${orientation}.jpeg`, buffer: Buffer.from(bytes) };
}

/** Drops a file onto the page, or pastes it. */
export async function handOver(page: Page, how: 'drop' | 'paste', file: PictureFile): Promise<void> {
  await page.evaluate(
    ([kind, name, type, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [how, file.name, file.mimeType, [...file.buffer]] as const,
  );
}

/** Colour at a place of a canvas, as shares of its width and height from the left top. */
export async function colourAt(within: Locator, x: number, y: number): Promise<readonly number[]> {
  return within.locator('canvas').evaluate(
    (element, [left, top]) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas
        .getContext('2d')!
        .getImageData(Math.floor(left * canvas.width), Math.floor(top * canvas.height), 1, 1);
      return [...data.subarray(0, 3)];
    },
    [x, y] as const,
  );
}

/** Polls until a place of a canvas has about a colour: lossy encodings shift it a little. */
export async function expectColour(
  within: Locator,
  at: readonly [number, number],
  colour: readonly number[],
): Promise<void> {
  await expect
    .poll(async () => {
      const found = await colourAt(within, at[0], at[1]);
      return Math.max(...found.map((value, channel) => Math.abs(value - colour[channel]!)));
    })
    .toBeLessThan(40);
}

/** Real photographs for machines that have them: `$VITRINE_REAL_FILES/photos`. */
export function photographs(): readonly { readonly name: string; readonly path: string }[] {
  const folder = process.env.VITRINE_REAL_FILES;
  if (folder === undefined || folder === '') return [];
  const photos = joinPath(folder, 'photos');
  return readdirSync(photos)
    .filter((name) => /\.(jpe?g|png|webp|avif)$/.test(name))
    .map((name) => ({ name: basename(name), path: joinPath(photos, name) }));
}
