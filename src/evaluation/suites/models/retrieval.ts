/** Scenes that their captions tell apart. */

import { fullCaption } from '../../../world/caption.ts';
import { factsOf } from '../../../world/facts.ts';
import { type Scene, sampleScene } from '../../../world/scene.ts';

export interface TellingScene {
  readonly scene: Scene;
  /** Its full caption, which is true of no other scene of the set. */
  readonly text: string;
}

/** The first `count` held-out scenes from a seed on, without those whose captions would be true of one before, or the other way round. */
export function tellingScenes(count: number, firstSeed: number): readonly TellingScene[] {
  const kept: (TellingScene & { readonly claims: readonly string[]; readonly facts: ReadonlySet<string> })[] =
    [];
  for (let seed = firstSeed; kept.length < count; seed++) {
    const scene = sampleScene(seed);
    const facts = new Set(factsOf(scene));
    const { text, claims } = fullCaption(scene);
    const clash = kept.some((other) => holdIn(claims, other.facts) || holdIn(other.claims, facts));
    if (!clash) kept.push({ scene, text, claims, facts });
  }
  return kept;
}

function holdIn(claims: readonly string[], facts: ReadonlySet<string>): boolean {
  return claims.every((claim) => facts.has(claim));
}
