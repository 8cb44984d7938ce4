import { describe, expect, it } from 'vitest';
import { drawOf, mutate } from './mutate.ts';
import { fuzz } from './run.ts';
import { allTargets } from './targets.ts';

describe('fuzz', () => {
  it('finds no fault in 20,000 cases', { timeout: 300_000 }, async () => {
    expect(await fuzz(allTargets(), { seed: 20_000, from: 0, to: 20_000 })).toEqual([]);
  });

  it('finds none where it once did: an input that was left out is no site', async () => {
    const at = 742_608;
    expect(await fuzz(allTargets(), { seed: 1, from: at, to: at + 1 })).toEqual([]);
  });

  it('makes the same input for the same seed and case', () => {
    const corpus = allTargets()[0]!.corpus;
    expect(mutate(corpus, drawOf(3, 14))).toEqual(mutate(corpus, drawOf(3, 14)));
    expect(mutate(corpus, drawOf(3, 14))).not.toEqual(mutate(corpus, drawOf(3, 15)));
  });

  it('reports an error that is not documented, with the case that makes it again', async () => {
    const target = {
      name: 'fragile',
      corpus: [Uint8Array.from([1, 2, 3])],
      isTyped: () => false,
      run: (bytes: Uint8Array) => {
        if (bytes.length < 3) throw new TypeError('too short');
      },
    };
    const faults = await fuzz([target], { seed: 1, from: 0, to: 200 });
    expect(faults.length).toBeGreaterThan(0);
    const { seed, at } = faults[0]!;
    expect(await fuzz([target], { seed, from: at, to: at + 1 })).toHaveLength(1);
  });
});
