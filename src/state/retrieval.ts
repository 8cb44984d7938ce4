/** What a search finds on the shelf: words among pictures, a picture among captions. Pure, and fast enough for the page. */

import { withoutMeans } from '../methods/concepts/joint-map.ts';
import { type Found, recallAt, search } from '../methods/concepts/retrieval.ts';
import { meanRow, row } from '../methods/concepts/texts.ts';
import type { Collection } from '../protocol/concepts.ts';

const DEPTHS = [1, 5, 10] as const;

const closed = new WeakMap<Collection, ReturnType<typeof withoutMeans>>();

function tables(collection: Collection, centred: boolean) {
  if (!centred) return collection;
  const known = closed.get(collection) ?? withoutMeans(collection.images, collection.texts);
  closed.set(collection, known);
  return known;
}

/** All pictures for a text's embedding, best first. Centred: the captions' mean is taken away from the query too. */
export function picturesFor(collection: Collection, query: Float32Array, centred: boolean): readonly Found[] {
  const own = centred ? subtract(query, meanRow(collection.texts)) : query;
  const { images } = tables(collection, centred);
  return search(own, images, images.dims[0]);
}

/** All captions for the picture of a pair, best first. */
export function captionsFor(collection: Collection, pair: number, centred: boolean): readonly Found[] {
  const { images, texts } = tables(collection, centred);
  return search(row(images, pair), texts, texts.dims[0]);
}

export interface Recall {
  readonly depth: number;
  readonly byCaption: number;
  readonly byPicture: number;
  readonly chance: number;
}

/** How often the own partner stands among the first 1, 5 and 10, both ways. */
export function recalls({ pairs }: Collection): readonly Recall[] {
  return DEPTHS.map((depth) => ({
    depth,
    byCaption: recallAt(
      pairs.map(({ pictureRank }) => pictureRank),
      depth,
    ),
    byPicture: recallAt(
      pairs.map(({ captionRank }) => captionRank),
      depth,
    ),
    chance: Math.min(1, depth / pairs.length),
  }));
}

function subtract(vector: Float32Array, mean: Float32Array): Float32Array {
  return vector.map((value, e) => value - mean[e]!);
}
