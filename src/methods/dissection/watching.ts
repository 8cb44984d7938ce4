/** What CLIP-Dissect must know of all pictures before it can name a unit: each unit's strongest ones, and how each picture matches words. */

import { arrayOf, numberFact, pack, unpack } from './packed.ts';
import { TopImages } from './top-images.ts';

export interface WatchingOptions {
  readonly units: number;
  /** Strongest pictures kept of each unit. */
  readonly top: number;
  /** Length of a picture's embedding. */
  readonly width: number;
}

/** A sum over pictures: parts merge to the same bytes as the whole, whichever way the pictures were parted. */
export class Watching {
  readonly units: number;
  readonly top: number;
  readonly width: number;
  #tops: TopImages;
  readonly #lowest: Float32Array;
  readonly #highest: Float32Array;
  readonly #embeddings = new Map<number, Float32Array>();

  constructor({ units, top, width }: WatchingOptions) {
    this.units = units;
    this.top = top;
    this.width = width;
    this.#tops = new TopImages(units, top);
    this.#lowest = new Float32Array(units).fill(Number.POSITIVE_INFINITY);
    this.#highest = new Float32Array(units).fill(Number.NEGATIVE_INFINITY);
  }

  /** Numbers of the pictures, ascending. */
  get images(): readonly number[] {
    return [...this.#embeddings.keys()].sort((a, b) => a - b);
  }

  /** `means` by unit, over the picture's positions; the embedding is kept. */
  add(means: Float32Array, embedding: Float32Array, image: number): void {
    if (embedding.length !== this.width) throw new RangeError(`embedding of ${embedding.length}`);
    this.#tops.add(means, image);
    means.forEach((value, unit) => {
      this.#lowest[unit] = Math.min(this.#lowest[unit]!, value);
      this.#highest[unit] = Math.max(this.#highest[unit]!, value);
    });
    this.#embeddings.set(image, embedding);
  }

  merge(other: Watching): void {
    if (other.units !== this.units || other.top !== this.top || other.width !== this.width) {
      throw new RangeError('watching: parts of different layers');
    }
    this.#tops.merge(other.#tops);
    for (let unit = 0; unit < this.units; unit += 1) {
      this.#lowest[unit] = Math.min(this.#lowest[unit]!, other.#lowest[unit]!);
      this.#highest[unit] = Math.max(this.#highest[unit]!, other.#highest[unit]!);
    }
    for (const [image, embedding] of other.#embeddings) this.#embeddings.set(image, embedding);
  }

  /** The unit's strongest pictures, strongest first. */
  strongest(unit: number): readonly number[] {
    return this.#tops.of(unit).map(({ image }) => image);
  }

  /** Gives the same for every picture. */
  dead(unit: number): boolean {
    return this.#lowest[unit] === this.#highest[unit];
  }

  embedding(image: number): Float32Array {
    const found = this.#embeddings.get(image);
    if (!found) throw new RangeError(`no picture ${image}`);
    return found;
  }

  save(): Uint8Array<ArrayBuffer> {
    const { units, top, width, images } = this;
    const embeddings = new Float32Array(images.length * width);
    images.forEach((image, i) => {
      embeddings.set(this.embedding(image), i * width);
    });
    return pack({
      facts: { kind: 'watching', units, top, width, pictures: images.length },
      arrays: {
        ...this.#tops.save(),
        lowest: this.#lowest,
        highest: this.#highest,
        images: Uint32Array.from(images),
        embeddings,
      },
    });
  }

  /** Throws RangeError for bytes that hold none. */
  static load(bytes: Uint8Array): Watching {
    const packed = unpack(bytes);
    if (packed.facts.kind !== 'watching') throw new RangeError('packed: no watching');
    const of = (name: string) => numberFact(packed, name);
    const watching = new Watching({ units: of('units'), top: of('top'), width: of('width') });
    const { units, top, width } = watching;
    const pictures = of('pictures');
    watching.#tops = TopImages.load(packed, units, top);
    watching.#lowest.set(arrayOf(packed, 'lowest', Float32Array, units));
    watching.#highest.set(arrayOf(packed, 'highest', Float32Array, units));
    const images = arrayOf(packed, 'images', Uint32Array, pictures);
    const embeddings = arrayOf(packed, 'embeddings', Float32Array, pictures * width);
    images.forEach((image, i) => {
      watching.#embeddings.set(image, embeddings.slice(i * width, (i + 1) * width));
    });
    return watching;
  }
}
