/** COCO's two ways of writing a mask, drawn at any size: pixels whose centre is inside. */

/**
 * Run lengths in column order, first of pixels outside. `counts` is a list, or COCO's compressed text (48 + 5 bits a
 * character, differences to the run before the last from the third on). Throws RangeError when they do not fill the mask.
 */
export function runLengthMask(
  counts: readonly number[] | string,
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Uint8Array {
  const runs = typeof counts === 'string' ? uncompress(counts) : counts;
  const mask = new Uint8Array(height * width);
  let at = 0;
  runs.forEach((run, i) => {
    if (i % 2 === 1) mask.fill(1, at, at + run);
    at += run;
  });
  if (at !== mask.length) throw new RangeError(`run lengths fill ${at} of ${mask.length} pixels`);
  const out = new Uint8Array(toHeight * toWidth);
  for (let y = 0; y < toHeight; y += 1) {
    const row = Math.floor(((y + 0.5) * height) / toHeight);
    for (let x = 0; x < toWidth; x += 1) {
      out[y * toWidth + x] = mask[Math.floor(((x + 0.5) * width) / toWidth) * height + row]!;
    }
  }
  return out;
}

function uncompress(text: string): readonly number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    let code: number;
    do {
      code = text.charCodeAt(at) - 48;
      if (!(code >= 0 && code < 64)) throw new RangeError('run lengths: broken text');
      value |= (code & 31) << shift;
      shift += 5;
      at += 1;
    } while ((code & 32) !== 0);
    if ((code & 16) !== 0) value |= -1 << shift;
    if (runs.length > 2) value += runs.at(-2)!;
    runs.push(value);
  }
  return runs;
}

/** Polygons [x, y, x, y, ...] in pixels of a picture of `height` x `width`; each is filled even-odd, together their union. */
export function polygonMask(
  polygons: readonly (readonly number[])[],
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Uint8Array {
  const out = new Uint8Array(toHeight * toWidth);
  const across = toWidth / width;
  const down = toHeight / height;
  for (const polygon of polygons) {
    const count = polygon.length >> 1;
    for (let row = 0; row < toHeight; row += 1) {
      const y = row + 0.5;
      const crossings: number[] = [];
      for (let i = 0; i < count; i += 1) {
        const j = (i + 1) % count;
        const y0 = polygon[2 * i + 1]! * down;
        const y1 = polygon[2 * j + 1]! * down;
        if (y0 <= y === y1 <= y) continue;
        const x0 = polygon[2 * i]! * across;
        crossings.push(x0 + ((y - y0) / (y1 - y0)) * (polygon[2 * j]! * across - x0));
      }
      crossings.sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const first = Math.max(0, Math.ceil(crossings[i]! - 0.5));
        const end = Math.min(toWidth, Math.ceil(crossings[i + 1]! - 0.5));
        if (end > first) out.fill(1, row * toWidth + first, row * toWidth + end);
      }
    }
  }
  return out;
}
