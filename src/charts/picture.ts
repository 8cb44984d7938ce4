import type { Pixels } from '../protocol/image.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A canvas that holds pixels as they are. */
export function layerOf(pixels: Pixels): OffscreenCanvas {
  const layer = new OffscreenCanvas(pixels.width, pixels.height);
  context(layer).putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  return layer;
}

/** Pictures at the size last asked for: scaling one well costs more than all the rest of a painting. Freed with their pixels. */
const plain = new WeakMap<Pixels, OffscreenCanvas>();
const dimmed = new WeakMap<Pixels, OffscreenCanvas>();

/** The picture at a size, as it is or as a ground for heat: {@link dim}. */
export function ground(image: Pixels, size: Size, kind: 'plain' | 'dimmed'): OffscreenCanvas {
  const store = kind === 'plain' ? plain : dimmed;
  const width = Math.max(1, Math.round(size.width));
  const height = Math.max(1, Math.round(size.height));
  const known = store.get(image);
  if (known?.width === width && known.height === height) return known;
  const made = new OffscreenCanvas(width, height);
  const pen = context(made);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(layerOf(kind === 'plain' ? image : dim(image)), 0, 0, width, height);
  store.set(image, made);
  return made;
}

function context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const found = canvas.getContext('2d');
  if (!found) throw new Error(`no canvas of ${canvas.width} x ${canvas.height} pixels`);
  return found;
}

/** Half of the saturation and 70% of the light: the picture stays legible and the heat stands out. */
export function dim({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    // Rec. 709 luma of the encoded values: a ground needs no linear light.
    const grey = 0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!;
    for (let c = 0; c < 3; c++) out[i + c] = 0.7 * (0.5 * data[i + c]! + 0.5 * grey);
    out[i + 3] = data[i + 3]!;
  }
  return { width, height, data: out };
}
