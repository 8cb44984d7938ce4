import { expect, test } from 'vitest';
import { claimedCaptions, fullCaption } from '../world/caption.ts';
import { isTrueOf } from '../world/facts.ts';
import { Random } from '../world/random.ts';
import { sampleScene } from '../world/scene.ts';
import { claimsOf } from './caption-claims.ts';

test('captions of the grammar are read back into their own claims', () => {
  for (let seed = 0; seed < 150; seed++) {
    const scene = sampleScene(seed);
    for (const { text, claims } of [...claimedCaptions(scene, new Random(seed, 77), 4), fullCaption(scene)]) {
      expect([text, claimsOf(text).sort()]).toEqual([text, [...new Set(claims)].sort()]);
    }
  }
});

test('relations keep their direction and words without a place in the grammar are named', () => {
  expect(claimsOf('left of a red cat is a blue dog')).toContain('dog left of cat');
  expect(claimsOf('a red cat to the left of a blue dog')).toContain('cat left of dog');
  expect(claimsOf('a red cat the the')).toContain('?the');
  expect(isTrueOf(claimsOf('a a red'), sampleScene(1))).toBe(false);
});
