/** An annotated data set as a stream: pictures by number, each with its regions; nothing is kept in memory but the index. */

import type { Regions } from '../tensor/regions.ts';

export type Format = 'broden' | 'coco-panoptic' | 'coco-instances' | 'masks' | 'pictures';

export interface DatasetCategory {
  readonly category: string;
  readonly labels: readonly string[];
}

export interface DatasetItem {
  /** Path of the picture; its bytes as they are in the file. */
  readonly path: string;
  readonly image: Uint8Array<ArrayBuffer>;
  readonly regions: Regions;
  /** Bits of the categories that the picture is annotated for. */
  readonly annotated: number;
}

export interface Dataset {
  readonly format: Format;
  readonly categories: readonly DatasetCategory[];
  readonly count: number;
  /** What was missing or broken so far, by name. */
  readonly missing: Missing;
  /** Null for a picture that cannot be used; why is in `missing`. */
  read(index: number): Promise<DatasetItem | null>;
}

/** Names of what is missing: the first hundred, and how many in all. A name counts once. */
export class Missing {
  readonly #names = new Set<string>();
  #count = 0;

  add(name: string): void {
    if (this.#names.has(name)) return;
    this.#count += 1;
    if (this.#names.size < 100) this.#names.add(name);
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  get count(): number {
    return this.#count;
  }
}

/** Longest side of a label map that is counted on: larger ones are reduced by nearest pixel. */
export const mostSide = 256;

/** The size at which a label map of this size is counted. */
export function countedSize(height: number, width: number): readonly [height: number, width: number] {
  const share = Math.min(1, mostSide / Math.max(height, width));
  return [Math.max(1, Math.round(height * share)), Math.max(1, Math.round(width * share))];
}

/** Label codes at another size: each pixel takes the code at its centre. */
export function reduceCodes(
  codes: Uint32Array,
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Uint32Array {
  if (height === toHeight && width === toWidth) return codes;
  const out = new Uint32Array(toHeight * toWidth);
  for (let y = 0; y < toHeight; y += 1) {
    const line = Math.floor(((y + 0.5) * height) / toHeight) * width;
    for (let x = 0; x < toWidth; x += 1) {
      out[y * toWidth + x] = codes[line + Math.floor(((x + 0.5) * width) / toWidth)]!;
    }
  }
  return out;
}
