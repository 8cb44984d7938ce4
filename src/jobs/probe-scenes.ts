/** The scenes that vectors of an answer are made from: one scene drawn in every value of what is asked about, where the world can. */

import { OBJECTS } from '../world/catalogue.ts';
import type { Random } from '../world/random.ts';
import { type Scene, sampleScene } from '../world/scene.ts';
import { type Property, propertyOf, truthOf, valueIndex } from './scene-truth.ts';

export interface ProbePlan {
  /** Tells plans for the same question apart. */
  readonly name: string;
  readonly scenes: readonly Scene[];
  /** Which scenes show a concept; null for what has no truth. */
  shows(concept: string): readonly boolean[] | null;
  /** Labels that mean nothing: as many scenes as `like`, one of each set of scenes that differ in nothing else. */
  shuffled(like: readonly boolean[], random: Random): readonly boolean[];
}

const SCENES = 96;
/** Seeds that vectors are made from, and those that they are tested on. */
const FIRST_SEED = { probe: 9_400_000, held: 9_700_000 } as const;
export type ProbeUse = keyof typeof FIRST_SEED;
/** Seeds tried for a scene that has the kind once. */
const TRIES = 40;

/**
 * Concepts that are values of one property (ten colours, three states) are shown by *matched* scenes: the same scene drawn once in each value, so that
 * the mean of a value minus the mean of all holds the value and nothing else. Other lists are shown by scenes as they come. All of
 * the kind that the question names, if it names one.
 */
export function probeScenes(
  question: string,
  concepts: readonly string[],
  use: ProbeUse = 'probe',
): ProbePlan {
  const first = FIRST_SEED[use];
  const words = question.toLowerCase().split(/\W+/);
  const kind = OBJECTS.find(
    (name) =>
      words.includes(name) || (name === 'person' && (words.includes('man') || words.includes('shirt'))),
  );
  const property = propertyOf(concepts);
  return (property && matchedPlan(property, kind, first)) ?? plainPlan(kind, first);
}

type Kind = (typeof OBJECTS)[number];

function matchedPlan(property: Property, kind: Kind | undefined, first: number): ProbePlan | undefined {
  const { draw, values, name } = property;
  if (!draw) return undefined;
  const sets = Math.ceil(SCENES / values.length);
  const scenes: Scene[] = [];
  for (let set = 0, seed = first; set < sets; seed += 1) {
    if (seed - first > TRIES * sets) return undefined;
    const options = { objects: 1 + (set % 3), ...(kind && { kinds: [kind] }) };
    const drawn = values.map((_, value) => sampleScene(seed, { ...options, ...draw(value) }));
    // A kind that cannot have the property (a car with stripes) is no probe of it; nor is one that stands there twice.
    const alone = drawn.every(
      ({ things }) => !kind || things.filter((thing) => thing.kind === kind).length === 1,
    );
    const held = set % 3 > 0 || drawn.every((scene, value) => property.of(scene) === values[value]);
    if (!alone || !held) continue;
    scenes.push(...drawn);
    set += 1;
  }
  return {
    name,
    scenes,
    shows: (concept) => {
      const value = valueIndex(property, concept);
      return value < 0 ? null : scenes.map((_, index) => index % values.length === value);
    },
    shuffled: (_, random) => {
      const picks = Array.from({ length: sets }, () => random.integer(values.length));
      return scenes.map(
        (_scene, index) => index % values.length === picks[Math.floor(index / values.length)],
      );
    },
  };
}

function plainPlan(kind: Kind | undefined, first: number): ProbePlan {
  const scenes = Array.from({ length: SCENES }, (_, i) =>
    sampleScene(first + i, { objects: 1, ...(kind && { kinds: [kind] }) }),
  );
  return {
    name: 'any',
    scenes,
    shows: (concept) => {
      const truth = truthOf(concept);
      return truth ? scenes.map(truth) : null;
    },
    shuffled: (like, random) => random.shuffle(like),
  };
}
