import type { LayerConcepts, NullBand } from '../protocol/jobs.ts';
import { toCsv } from './csv.ts';
import { type Settings, toJson } from './settings.ts';

/** One exported bar: a concept's figure, with the band in which it means nothing. */
export interface ExportBar {
  readonly label: string;
  readonly value: number;
  readonly band?: NullBand;
}

/** Long form: one line per layer and concept. Throws RangeError when a layer has another number of values. */
export function layersCsv(layers: readonly LayerConcepts[], concepts: readonly string[]): string {
  return toCsv(
    ['site', 'block', 'concept', 'cosine', 'null_low', 'null_high'],
    layers.flatMap(({ site, block, similarity, band }) => {
      if (similarity.length !== concepts.length) {
        throw new RangeError(`${site}: ${similarity.length} values for ${concepts.length} concepts`);
      }
      return concepts.map((concept, i) => [site, block, concept, similarity[i]!, band.low, band.high]);
    }),
  );
}

export function layersJson(
  layers: readonly LayerConcepts[],
  concepts: readonly string[],
  settings: Settings,
): string {
  const rows = layers.map(({ site, block, similarity, band }) => ({
    site,
    block,
    similarity: [...similarity],
    band: { low: band.low, high: band.high, samples: band.samples },
  }));
  return toJson(settings, { unit: 'cosine', concepts: [...concepts], layers: rows });
}
