import type { LayerAttention } from '../../protocol/jobs.ts';
import { type AttentionSelection, chooseLayers, tokenMap } from './daam.ts';

/** One entry of a profile: the attention to a word at one step, head or layer. */
export interface ProfileEntry {
  /** Step or head index, or site name. */
  readonly key: number | string;
  /** Mean probability over positions (and over what is averaged); baseline 1 / tokens. */
  readonly mean: number;
  /** Largest probability at any position of any chosen layer's own grid. */
  readonly peak: number;
}

/**
 * How attention to a word runs along one axis, the others averaged as in recipe `daam` but at each layer's own grid.
 * Layers weigh the same whatever their grid. Along `head`, layers with fewer heads drop out of the higher entries.
 */
export function attentionProfile(
  layers: readonly LayerAttention[],
  positions: readonly number[],
  along: 'step' | 'head' | 'site',
  selection: AttentionSelection = {},
): readonly ProfileEntry[] {
  const chosen = chooseLayers(layers, selection.site);
  if (positions.length === 0) throw new RangeError('profile: a word without tokens');
  if (along === 'site') return chosen.map((layer) => entry(layer.site, [layer], positions, selection));
  const axis = along === 'step' ? 0 : 1;
  const count = Math.max(...chosen.map((layer) => layer.pattern.dims[axis]));
  return Array.from({ length: count }, (_, key) =>
    entry(
      key,
      chosen.filter((layer) => key < layer.pattern.dims[axis]),
      positions,
      along === 'step' ? { ...selection, step: key } : { ...selection, head: key },
    ),
  );
}

function entry(
  key: number | string,
  layers: readonly LayerAttention[],
  positions: readonly number[],
  selection: AttentionSelection,
): ProfileEntry {
  let total = 0;
  let peak = 0;
  for (const layer of layers) {
    const maps = positions.map((position) => tokenMap(layer, position, selection).data);
    const queries = maps[0]!.length;
    let sum = 0;
    for (let q = 0; q < queries; q += 1) {
      let value = 0;
      for (const map of maps) value += map[q]!;
      value /= maps.length;
      sum += value;
      if (value > peak) peak = value;
    }
    total += sum / queries;
  }
  return { key, mean: total / layers.length, peak };
}
