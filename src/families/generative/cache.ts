import type { VitrineError } from '../../protocol/errors.ts';
import type { ModelGraph } from '../graph.ts';

/** One tensor of the key-value cache. */
export interface CacheEntry {
  readonly past: string;
  readonly present: string;
  readonly heads: number;
  readonly dim: number;
}

/** Pairs `past_key_values.3.key` with `present.3.key`; throws what `misread` makes of an entry without output or sizes. */
export function readCache(
  { model }: ModelGraph,
  misread: (what: string) => VitrineError,
): readonly CacheEntry[] {
  const presents = new Set(model.outputs.map(({ name }) => name));
  return model.inputs
    .filter(({ name }) => name.startsWith('past_key_values.'))
    .map(({ name, dims }) => {
      const present = name.replace(/^past_key_values/, 'present');
      const [, heads, , dim] = dims ?? [];
      if (!presents.has(present) || typeof heads !== 'number' || typeof dim !== 'number') {
        throw misread(`the cache ${name} has no output or no sizes`);
      }
      return { past: name, present, heads, dim };
    });
}
