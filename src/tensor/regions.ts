/**
 * Which labels hold where in a picture: every pixel belongs to one region, and a region carries a set of labels (none
 * for the background). Any number of label images, overlapping ones too, fold into one map, so that counting what lies
 * under a mask reads each pixel once.
 */
export interface Regions {
  readonly height: number;
  readonly width: number;
  /** [y, x], the pixel's region. */
  readonly map: Uint16Array;
  /** Pixels of each region. */
  readonly pixels: Uint32Array;
  /** Labels of region r are `labels[starts[r]]` to `labels[starts[r + 1] - 1]`: numbers of a legend, from 0, each once. */
  readonly starts: Uint32Array;
  readonly labels: Uint32Array;
}

/** Most regions of one picture: what 16 bits tell apart. */
const MOST = 65536;

/** Lays label images over each other. */
export class RegionBuilder {
  readonly #height: number;
  readonly #width: number;
  #map: Uint16Array;
  /** Pixels of each region, where painting has counted them. */
  #pixels: readonly number[] | undefined;
  /** Labels of each region, ascending. */
  #sets: (readonly number[])[] = [[]];

  constructor(height: number, width: number) {
    if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0)) {
      throw new RangeError(`invalid size of a label map: ${width} x ${height}`);
    }
    this.#height = height;
    this.#width = width;
    this.#map = new Uint16Array(height * width);
  }

  /** Adds one label to every pixel. */
  everywhere(label: number): void {
    this.#sets = this.#sets.map((set) => withLabel(set, label));
  }

  /**
   * Adds a label image: pixel code c carries the label `labelOf(c)`, none when that is undefined. `codes` is [y, x] of the
   * picture's size. Throws RangeError for another size.
   */
  paint(codes: ArrayLike<number>, labelOf: (code: number) => number | undefined): void {
    const count = this.#height * this.#width;
    if (codes.length !== count) throw new RangeError(`${codes.length} label pixels, not ${count}`);
    const map = this.#map;
    const refined = new Map<number, number>();
    // Bytes have a table instead of the map, which is several times as fast.
    const table = codes instanceof Uint8Array ? new Int32Array(256 * this.#sets.length).fill(-1) : null;
    const sets: (readonly number[])[] = [];
    const known = new Map<string, number>();
    let lastKey = -1;
    let lastRegion = 0;
    for (let i = 0; i < count; i += 1) {
      const code = codes[i]!;
      const old = map[i]!;
      const key = code * MOST + old;
      if (key !== lastKey) {
        lastKey = key;
        const found = table ? table[256 * old + code]! : (refined.get(key) ?? -1);
        if (found >= 0) lastRegion = found;
        else {
          const label = labelOf(code);
          const labels = this.#sets[old]!;
          const set = label === undefined ? labels : withLabel(labels, label);
          lastRegion = regionOf(set, sets, known);
          if (table) table[256 * old + code] = lastRegion;
          else refined.set(key, lastRegion);
        }
      }
      map[i] = lastRegion;
    }
    this.#pixels = undefined;
    this.#sets = sets;
  }

  /**
   * Label images of bytes laid over each other in one pass, which is several times as fast as painting one after another: most
   * pixels are like their left neighbour in all of them. `planes` are [y, x] each. Throws RangeError for another size, for more
   * than six, and unless nothing was painted before.
   */
  paintTogether(
    planes: readonly { readonly codes: Uint8Array; readonly labelOf: (code: number) => number | undefined }[],
  ): void {
    if (this.#sets.length !== 1 || this.#sets[0]!.length > 0)
      throw new RangeError('something is painted already');
    const count = this.#height * this.#width;
    const codes = planes.map((plane) => plane.codes);
    // Their codes together are one number.
    if (planes.length > 6) throw new RangeError(`${planes.length} planes, at most 6`);
    const wrong = codes.find(({ length }) => length !== count);
    if (wrong) throw new RangeError(`${wrong.length} label pixels, not ${count}`);
    const map = this.#map;
    const sets: (readonly number[])[] = [];
    const byCodes = new Map<number, number>();
    const bySet = new Map<string, number>();
    // A map of numbers beyond 31 bits is slow: what was asked for last in each slot stands before it.
    const slotHigh = new Int32Array(1024).fill(-1);
    const slotLow = new Int32Array(1024);
    const slotRegion = new Int32Array(1024);
    const pixels: number[] = [];
    let last = 0;
    let painted = 0;
    const paint = (end: number): void => {
      map.fill(last, painted, end);
      pixels[last] = (pixels[last] ?? 0) + end - painted;
      painted = end;
    };
    const differs = changes(codes, count);
    for (let i = 0; i < count; i += 1) {
      if (differs[i] === 0) continue;
      paint(i);
      let high = 0;
      let low = 0;
      for (let plane = 0; plane < codes.length; plane += 1) {
        if (plane < 3) high = (high << 8) | codes[plane]![i]!;
        else low = (low << 8) | codes[plane]![i]!;
      }
      const slot = (Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) >>> 22;
      if (slotHigh[slot] === high && slotLow[slot] === low) {
        last = slotRegion[slot]!;
        continue;
      }
      const key = high * 2 ** 24 + low;
      const found = byCodes.get(key);
      if (found === undefined) {
        const own: number[] = [];
        for (const { codes: plane, labelOf } of planes) {
          const label = labelOf(plane[i]!);
          if (label !== undefined) own.push(label);
        }
        const set = ascending(own);
        last = regionOf(set, sets, bySet);
        byCodes.set(key, last);
      } else last = found;
      slotHigh[slot] = high;
      slotLow[slot] = low;
      slotRegion[slot] = last;
    }
    paint(count);
    this.#pixels = pixels;
    this.#sets = sets;
  }

  /** The finished regions. The builder must not be used afterwards: the map is not copied. */
  build(): Regions {
    const pixels = this.#pixels ? Uint32Array.from(this.#pixels) : pixelsOf(this.#map, this.#sets.length);
    const starts = new Uint32Array(this.#sets.length + 1);
    this.#sets.forEach((set, region) => {
      starts[region + 1] = starts[region]! + set.length;
    });
    const labels = Uint32Array.from(this.#sets.flat());
    return { height: this.#height, width: this.#width, map: this.#map, pixels, starts, labels };
  }
}

function withLabel(set: readonly number[], label: number): readonly number[] {
  return set.includes(label) ? set : [...set, label].sort((a, b) => a - b);
}

/** Run by run: a sum that is read and written at every pixel waits for itself. */
function pixelsOf(map: Uint16Array, regions: number): Uint32Array {
  const pixels = new Uint32Array(regions);
  for (let first = 0, end = 1; end <= map.length; end += 1) {
    if (end < map.length && map[end] === map[first]) continue;
    pixels[map[first]!] = pixels[map[first]!]! + end - first;
    first = end;
  }
  return pixels;
}

/** The set of some labels, lowest first. */
function ascending(labels: readonly number[]): readonly number[] {
  for (let i = 1; i < labels.length; i += 1) {
    if (labels[i - 1]! >= labels[i]!) return [...new Set(labels)].sort((a, b) => a - b);
  }
  return labels;
}

/** Not 0 for the first pixel, and where a code of any plane is not the one before it. */
function changes(planes: readonly Uint8Array[], count: number): Uint8Array {
  const differs = new Uint32Array(Math.ceil(count / 4));
  // Plane by plane, four pixels at once: the codes against themselves, moved by one pixel.
  for (const codes of planes) {
    const whole = count >> 2;
    const words = new Uint32Array(
      codes.byteOffset % 4 === 0 ? codes.buffer : codes.slice().buffer,
      codes.byteOffset % 4 === 0 ? codes.byteOffset : 0,
      whole,
    );
    let before = 0;
    for (let i = 0; i < whole; i += 1) {
      const word = words[i]! | 0;
      differs[i] = differs[i]! | (word ^ ((word << 8) | before));
      before = word >>> 24;
    }
    for (let i = 4 * whole; i < count; i += 1) {
      if (codes[i] !== codes[i - 1]) differs[whole] = differs[whole]! | (0xff << (8 * (i & 3)));
    }
  }
  differs[0] = differs[0]! | 1;
  return new Uint8Array(differs.buffer, 0, count);
}

/** Region of a label set, a new one where it was not met before: codes of one label, or of none, are one region. */
function regionOf(set: readonly number[], sets: (readonly number[])[], known: Map<string, number>): number {
  const name = set.join(' ');
  const found = known.get(name);
  if (found !== undefined) return found;
  if (sets.length === MOST) throw new RangeError(`more than ${MOST} different label sets in one picture`);
  known.set(name, sets.length);
  return sets.push(set) - 1;
}
