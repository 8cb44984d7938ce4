import { arrayOf, type Packed, type PackedArray } from './packed.ts';

/** Images kept of each unit by a dissection. */
const topKept = 64;

/** The images in which each unit peaks highest: highest first, of equal peaks the earlier image. Parts merge exactly. */
export class TopImages {
  readonly units: number;
  readonly #kept: number;
  /** [unit, rank] */
  readonly #peaks: Float32Array;
  readonly #images: Uint32Array;
  readonly #lengths: Uint32Array;

  constructor(units: number, kept: number = topKept) {
    this.units = units;
    this.#kept = kept;
    this.#peaks = new Float32Array(units * kept);
    this.#images = new Uint32Array(units * kept);
    this.#lengths = new Uint32Array(units);
  }

  add(peaks: Float32Array, image: number): void {
    for (let unit = 0; unit < peaks.length; unit += 1) this.#insert(unit, peaks[unit]!, image);
  }

  merge(other: TopImages): void {
    for (let unit = 0; unit < this.units; unit += 1) {
      for (const { peak, image } of other.of(unit)) this.#insert(unit, peak, image);
    }
  }

  of(unit: number): readonly { readonly peak: number; readonly image: number }[] {
    if (!(unit >= 0 && unit < this.units)) throw new RangeError(`no unit ${unit}`);
    return Array.from({ length: this.#lengths[unit]! }, (_, rank) => ({
      peak: this.#peaks[unit * this.#kept + rank]!,
      image: this.#images[unit * this.#kept + rank]!,
    }));
  }

  save(): Record<string, PackedArray> {
    return { topPeaks: this.#peaks, topImages: this.#images, topLengths: this.#lengths };
  }

  static load(packed: Packed, units: number, kept: number = topKept): TopImages {
    const top = new TopImages(units, kept);
    top.#peaks.set(arrayOf(packed, 'topPeaks', Float32Array, units * kept));
    top.#images.set(arrayOf(packed, 'topImages', Uint32Array, units * kept));
    top.#lengths.set(arrayOf(packed, 'topLengths', Uint32Array, units));
    return top;
  }

  #insert(unit: number, peak: number, image: number): void {
    const peaks = this.#peaks;
    const images = this.#images;
    const kept = this.#kept;
    const from = unit * kept;
    const length = this.#lengths[unit]!;
    if (length === kept) {
      const last = from + kept - 1;
      if (peaks[last]! > peak || (peaks[last] === peak && images[last]! < image)) return;
    }
    let at = from + Math.min(length, kept - 1);
    while (at > from) {
      const above = peaks[at - 1]!;
      if (above > peak || (above === peak && images[at - 1]! < image)) break;
      peaks[at] = above;
      images[at] = images[at - 1]!;
      at -= 1;
    }
    peaks[at] = peak;
    images[at] = image;
    this.#lengths[unit] = Math.min(length + 1, kept);
  }
}
