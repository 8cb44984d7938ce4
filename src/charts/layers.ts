import { type Band, insideBand } from './bars.ts';

export interface LayerRow {
  readonly key: string;
  /** Short, as the number of the block. */
  readonly label: string;
  /** One value per concept, in their order. */
  readonly values: readonly number[];
  readonly band?: Band;
}

export interface LayerCell {
  readonly layer: number;
  readonly concept: number;
  readonly value: number;
  readonly inside: boolean;
  /** -1 to 1: share of the largest magnitude; 0 inside of the band. */
  readonly strength: number;
}

/** Matrix of concepts (outer) by layers (inner). `max` is the magnitude of full strength; default the largest there is. */
export function layoutLayers(
  layers: readonly LayerRow[],
  concepts: readonly string[],
  max?: number,
): readonly (readonly LayerCell[])[] {
  for (const { key, values } of layers) {
    if (values.length !== concepts.length) {
      throw new RangeError(`layer ${key}: ${values.length} values for ${concepts.length} concepts`);
    }
  }
  let full = max ?? 0;
  if (max === undefined) {
    for (const { values } of layers)
      for (const value of values) if (Math.abs(value) > full) full = Math.abs(value);
  }
  return concepts.map((_, concept) =>
    layers.map((row, layer): LayerCell => {
      const value = row.values[concept]!;
      const inside = insideBand(value, row.band);
      const share = full > 0 && Number.isFinite(value) ? value / full : 0;
      return { layer, concept, value, inside, strength: inside ? 0 : Math.min(1, Math.max(-1, share)) };
    }),
  );
}

/** The cell that an arrow, Home or End key leads to; undefined for other keys. Rows are concepts, columns layers. */
export function step(
  key: string,
  at: { readonly concept: number; readonly layer: number },
  count: { readonly concepts: number; readonly layers: number },
): { readonly concept: number; readonly layer: number } | undefined {
  const clamp = (concept: number, layer: number) => ({
    concept: Math.min(count.concepts - 1, Math.max(0, concept)),
    layer: Math.min(count.layers - 1, Math.max(0, layer)),
  });
  switch (key) {
    case 'ArrowUp':
      return clamp(at.concept - 1, at.layer);
    case 'ArrowDown':
      return clamp(at.concept + 1, at.layer);
    case 'ArrowLeft':
      return clamp(at.concept, at.layer - 1);
    case 'ArrowRight':
      return clamp(at.concept, at.layer + 1);
    case 'Home':
      return clamp(at.concept, 0);
    case 'End':
      return clamp(at.concept, count.layers - 1);
    default:
      return undefined;
  }
}
