/** What a patch is filled with when it is taken away: the same place, so blurred that nothing can be told. */

/** 8-bit RGB, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * What is left of a picture of which nothing can be told. The standard deviation is a quarter of its width: at one patch's width, as is
 * usual, a large thing keeps its colour, and answers outlive the removal of all that they rest on.
 */
export function removalFill(picture: Picture): Picture {
  return blurred(picture, picture.width / 4);
}

/** Gaussian blur of standard deviation `sigma` pixels, edges repeated; exact kernel cut at three deviations. */
export function blurred(
  { width, height, data }: Picture,
  sigma: number,
): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const along = (source: ArrayLike<number>, step: number, count: number, other: number, stride: number) => {
    const out = new Float64Array(source.length);
    for (let line = 0; line < other; line++) {
      for (let i = 0; i < count; i++) {
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0;
          for (let k = -radius; k <= radius; k++) {
            const j = Math.min(count - 1, Math.max(0, i + k));
            sum += kernel[k + radius]! * source[line * stride + j * step + channel]!;
          }
          out[line * stride + i * step + channel] = sum / total;
        }
      }
    }
    return out;
  };
  const rows = along(data, 3, width, height, 3 * width);
  const both = along(rows, 3 * width, height, width, 3);
  return { width, height, data: Uint8ClampedArray.from(both, (value) => Math.round(value)) };
}

/** `picture` with the named cells of a `grid` x `grid` division, in reading order, taken from `fill` of the same size. */
export function replacePatches(
  picture: Picture,
  fill: Picture,
  grid: number,
  patches: readonly number[],
): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const { width, height } = picture;
  if (fill.width !== width || fill.height !== height) throw new RangeError('a fill of another size');
  const data = Uint8ClampedArray.from(picture.data);
  for (const patch of patches) {
    const row = Math.floor(patch / grid);
    const column = patch % grid;
    const [top, bottom] = [Math.round((row * height) / grid), Math.round(((row + 1) * height) / grid)];
    const [left, right] = [Math.round((column * width) / grid), Math.round(((column + 1) * width) / grid)];
    for (let y = top; y < bottom; y++) {
      data.set(fill.data.subarray((y * width + left) * 3, (y * width + right) * 3), (y * width + left) * 3);
    }
  }
  return { width, height, data };
}
