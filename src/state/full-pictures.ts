/** Pictures of this tab at the size that a model of the visitor's own looks at: a link carries them smaller. */

import type { Pixels } from '../protocol/image.ts';

/** Pictures remembered: each may be some megabytes. */
const ROOM = 4;

export interface FullPictures {
  /** `data` is what the link carries of it. */
  keep(data: string, pixels: Pixels): void;
  find(data: string): Pixels | undefined;
}

export function createFullPictures(): FullPictures {
  const pictures = new Map<string, Pixels>();
  return {
    keep(data, pixels) {
      pictures.delete(data);
      pictures.set(data, pixels);
      for (const oldest of pictures.keys()) {
        if (pictures.size <= ROOM) break;
        pictures.delete(oldest);
      }
    },
    find: (data) => pictures.get(data),
  };
}
