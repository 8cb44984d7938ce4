import { categoryColour } from '../../charts/category.ts';
import type { StackRow } from '../../charts/stack.ts';
import type { LayerSummary, SurveyedLayer } from '../../protocol/neurons.ts';
import type { Texts } from '../../text/texts.ts';
import { categories, categoryName } from './category-name.ts';
import { unitSiteLabel } from './unit-site-label.ts';

/** Detectors of a layer as a share of its units. */
export function detectorShare({ detectors, units }: LayerSummary): number {
  const total = Object.values(detectors).reduce((sum, count) => sum + count, 0);
  return units > 0 ? total / units : 0;
}

/** One bar a layer: the share of its units that detect, by category, over the share with shuffled weights. */
export function layerRows(layers: readonly SurveyedLayer[], texts: Texts): readonly StackRow[] {
  return layers.map(({ trained, control }) => ({
    key: trained.site,
    label: unitSiteLabel(trained.site, texts),
    parts: shareParts(trained.detectors, trained.units, texts),
    baseline: control && detectorShare(control),
  }));
}

/** A bar's parts in the page's order of categories. */
export function shareParts(
  detectors: Readonly<Record<string, number>>,
  units: number,
  texts: Texts,
): StackRow['parts'] {
  return [...new Set([...categories, ...Object.keys(detectors)])].map((category) => ({
    key: category,
    label: categoryName(category, texts),
    value: units > 0 ? (detectors[category] ?? 0) / units : 0,
    colour: categoryColour(category),
  }));
}
