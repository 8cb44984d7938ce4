import type { Pixels } from '../protocol/image.ts';

/** Layers that pictures are painted from: built once per set of pixels, freed with it. */
const plain = new WeakMap<Pixels, OffscreenCanvas>();
const dimmed = new WeakMap<Pixels, OffscreenCanvas>();

/** A canvas that holds pixels as they are. */
export function layerOf(pixels: Pixels): OffscreenCanvas {
  const layer = new OffscreenCanvas(pixels.width, pixels.height);
  const context = layer.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  context.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  return layer;
}

/** The picture as it is. */
export function plainLayer(image: Pixels): OffscreenCanvas {
  return memo(plain, image, () => layerOf(image));
}

/** The picture as a ground for heat: {@link dim}. */
export function dimLayer(image: Pixels): OffscreenCanvas {
  return memo(dimmed, image, () => layerOf(dim(image)));
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

function memo(
  store: WeakMap<Pixels, OffscreenCanvas>,
  image: Pixels,
  make: () => OffscreenCanvas,
): OffscreenCanvas {
  const known = store.get(image);
  if (known) return known;
  const made = make();
  store.set(image, made);
  return made;
}
