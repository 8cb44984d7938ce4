import { describe, expect, it } from 'vitest';
import { VitrineError } from '../../protocol/errors.ts';
import type { Pixels } from '../../protocol/image.ts';
import { decodeImage, defaultBudget, readImage } from './intake.ts';
import { avif12x8, exifOrientation, join, pngClaiming } from './test-support.ts';
import { imageFileOf } from './transfer.ts';

const size = 128;

function draw(width: number, height: number, paint: (context: OffscreenCanvasRenderingContext2D) => void) {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext('2d')!);
  return canvas;
}

/** Four quarters of different colour: any rotation or mirror shows. */
const quarters = (width: number, height: number) =>
  draw(width, height, (context) => {
    const colours = ['#ff0000', '#00c000', '#0000ff', '#ffff00'];
    colours.forEach((colour, i) => {
      context.fillStyle = colour;
      context.fillRect((i % 2) * (width / 2), Math.floor(i / 2) * (height / 2), width / 2, height / 2);
    });
  });

/** Mean colour around a point given in fractions. */
function colourAt({ width, height, data }: Pixels, x: number, y: number): readonly number[] {
  const sum = [0, 0, 0];
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const at = 4 * ((Math.round(y * height) + dy) * width + Math.round(x * width) + dx);
      for (let c = 0; c < 3; c++) sum[c]! += data[at + c]! / 81;
    }
  }
  return sum;
}

function expectColour(pixels: Pixels, x: number, y: number, expected: readonly number[]) {
  const found = colourAt(pixels, x, y);
  expected.forEach((value, c) => {
    // Chroma subsampling and quantisation move a flat colour by some levels.
    expect(Math.abs(found[c]! - value), `channel ${c} of ${found.join(' ')}`).toBeLessThan(20);
  });
}

const red = [255, 0, 0];
const green = [0, 192, 0];
const blue = [0, 0, 255];
const yellow = [255, 255, 0];

async function failure(work: Promise<unknown>): Promise<VitrineError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof VitrineError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('readImage', () => {
  it.each(['image/png', 'image/jpeg', 'image/webp'])('reads %s as its own link will', async (type) => {
    const file = await quarters(400, 300).convertToBlob({ type });
    expect(file.type).toBe(type);
    const { pixels, encoded, original } = await readImage(file, size);
    expect(original).toEqual({ width: 400, height: 300 });
    expect([pixels.width, pixels.height]).toEqual([size, size]);
    expectColour(pixels, 0.25, 0.25, red);
    expectColour(pixels, 0.75, 0.25, green);
    expectColour(pixels, 0.25, 0.75, blue);
    expectColour(pixels, 0.75, 0.75, yellow);
    expect(encoded).toMatch(/^[wj][\w-]+$/);
    expect(encoded.length).toBeLessThanOrEqual(defaultBudget);
    expect(await decodeImage(encoded)).toEqual(pixels);
  });

  it('reads AVIF', async () => {
    const { pixels } = await readImage(new Blob([avif12x8]), size);
    expectColour(pixels, 0.2, 0.5, red);
    expectColour(pixels, 0.8, 0.5, blue);
  });

  it('turns a picture upright by its EXIF orientation', async () => {
    const plain = new Uint8Array(
      await (await quarters(300, 200).convertToBlob({ type: 'image/jpeg' })).arrayBuffer(),
    );
    // 6: to be turned clockwise by 90 degrees for display, so the left bottom quarter comes to the left top.
    const turned = join(plain.subarray(0, 2), exifOrientation(6), plain.subarray(2));
    const { pixels, original } = await readImage(new Blob([turned]), size);
    expect(original).toEqual({ width: 200, height: 300 });
    expectColour(pixels, 0.25, 0.25, blue);
    expectColour(pixels, 0.75, 0.25, red);
    expectColour(pixels, 0.25, 0.75, yellow);
    expectColour(pixels, 0.75, 0.75, green);
  });

  it('keeps the centre and halves without skipping pixels', async () => {
    // Columns of one pixel, black and white: a mean grey once reduced, whatever the phase. Red outside of the square.
    const file = await draw(1400, 1024, (context) => {
      context.fillStyle = '#ff0000';
      context.fillRect(0, 0, 1400, 1024);
      for (let x = 188; x < 1212; x++) {
        context.fillStyle = x % 2 ? '#ffffff' : '#000000';
        context.fillRect(x, 0, 1, 1024);
      }
    }).convertToBlob();
    const { pixels } = await readImage(file, size);
    expectColour(pixels, 0.05, 0.5, [127, 127, 127]);
    expectColour(pixels, 0.5, 0.5, [127, 127, 127]);
    expectColour(pixels, 0.95, 0.5, [127, 127, 127]);
  });

  it('lays transparency over white, and is opaque', async () => {
    const file = await draw(64, 64, (context) => context.clearRect(0, 0, 64, 64)).convertToBlob();
    const { pixels } = await readImage(file, size);
    expectColour(pixels, 0.5, 0.5, [255, 255, 255]);
    expect(pixels.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  it('fits noise into its budget, and says when a budget is hopeless', async () => {
    const file = await draw(size, size, (context) => {
      const noise = new ImageData(size, size);
      let state = 1;
      for (let i = 0; i < noise.data.length; i++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        noise.data[i] = i % 4 === 3 ? 255 : state >>> 24;
      }
      context.putImageData(noise, 0, 0);
    }).convertToBlob();
    for (const budget of [defaultBudget, 1500, 900]) {
      const { encoded, pixels } = await readImage(file, size, budget);
      expect(encoded.length).toBeLessThanOrEqual(budget);
      expect(pixels.width).toBe(size);
    }
    expect((await failure(readImage(file, size, 20))).code).toBe('bad-parameter');
  });

  it('refuses a 20,000-pixel image before decoding it', async () => {
    const error = await failure(readImage(new Blob([pngClaiming(20_000, 20_000)]), size));
    expect(error).toMatchObject({ code: 'bad-image', detail: { reason: 'too-large', width: 20_000 } });
  });

  it('refuses what is no image, is cut off, or is broken', async () => {
    const reason = async (bytes: Uint8Array<ArrayBuffer>) => {
      const { code, detail } = await failure(readImage(new Blob([bytes], { type: 'image/png' }), size));
      return `${code} ${detail.reason}`;
    };
    expect(await reason(join(''))).toBe('bad-image empty');
    expect(await reason(join('no image at all'))).toBe('bad-image not-an-image');
    // A whole structure without pictures inside: the browser's decoder has the last word.
    expect(await reason(pngClaiming(32, 32))).toBe('bad-image undecodable');
    expect(await reason(avif12x8.slice(0, -5))).toBe('bad-image truncated');
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const whole = new Uint8Array(await (await quarters(300, 200).convertToBlob({ type })).arrayBuffer());
      for (const share of [0.02, 0.5, 0.98]) {
        const cut = whole.slice(0, Math.max(16, Math.floor(share * whole.length)));
        expect(await reason(cut), `${type} ${share}`).toBe('bad-image truncated');
      }
    }
  });
});

describe('decodeImage', () => {
  it('refuses what no sender wrote', async () => {
    const bomb = join(pngClaiming(1025, 8));
    const text = btoa(String.fromCharCode(...bomb))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
    for (const bad of ['', 'w', 'x123', 'w!!!', 'wAAAA', `w${text}`]) {
      expect(await failure(decodeImage(bad))).toMatchObject({ code: 'bad-link', detail: { field: 'image' } });
    }
  });
});

describe('imageFileOf', () => {
  it('prefers an image, and gives the first file where there is none', () => {
    const transfer = new DataTransfer();
    expect(imageFileOf(transfer)).toBeUndefined();
    expect(imageFileOf(null)).toBeUndefined();
    transfer.items.add(new File(['a'], 'a.txt', { type: 'text/plain' }));
    expect(imageFileOf(transfer)?.name).toBe('a.txt');
    transfer.items.add(new File(['b'], 'b.png', { type: 'image/png' }));
    expect(imageFileOf(transfer)?.name).toBe('b.png');
  });
});
