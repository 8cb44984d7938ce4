import { expect, test } from 'vitest';
import { COLOUR_NAMES, OBJECTS, PATTERNED, PATTERNS, PLACES, STATES, type State } from './catalogue.ts';
import { moved, withState } from './counterfactual.ts';
import { boxOf } from './geometry.ts';
import { holds, RELATIONS } from './relations.ts';
import { type Scene, sampleScene, withoutThing } from './scene.ts';
import { isUnseenColour, isUnseenPlace, UNSEEN_COLOURS, unseenCombination } from './split.ts';

const HELD = Array.from({ length: 6000 }, (_, seed) => sampleScene(seed));

test('the train split never holds an unseen pair, the held-out split does', () => {
  for (let seed = 0; seed < 4000; seed++) {
    const train = sampleScene(seed, { split: 'train' });
    expect(unseenCombination(train)).toBe(false);
    for (const { kind, color } of train.things) {
      expect(isUnseenColour(kind, color) || isUnseenPlace(kind, train.place)).toBe(false);
    }
    expect({ ...HELD[seed], split: 'train' }).not.toEqual(train);
  }
  expect(HELD.filter(unseenCombination).length).toBeGreaterThan(600);
  expect(isUnseenColour('car', 'red')).toBe(false);
  const [color, kind] = UNSEEN_COLOURS[0]!;
  expect(() => sampleScene(1, { split: 'train', kinds: [kind], colors: [color] })).toThrow('no such pair');
});

test('kind predicts neither colour nor pattern nor place; no taxi is yellow more often than others', () => {
  const things = HELD.flatMap(({ place, things }) => things.map((thing) => ({ ...thing, place })));
  const yellow = (kind: string) => {
    const own = things.filter((thing) => thing.kind === kind);
    return own.filter(({ color }) => color === 'yellow').length / own.length;
  };
  expect(yellow('taxi')).toBeLessThan(0.15);
  const spread = (
    of: (thing: (typeof things)[number]) => string,
    values: readonly string[],
    among = things,
  ) => {
    const counts = values.map((value) => among.filter((thing) => of(thing) === value).length);
    return Math.max(...counts) / Math.min(...counts);
  };
  expect(spread(({ kind }) => kind, OBJECTS)).toBeLessThan(1.8);
  expect(spread(({ color }) => color, COLOUR_NAMES)).toBeLessThan(1.2);
  expect(spread(({ place }) => place, PLACES)).toBeLessThan(1.2);
  const dressed = things.filter(({ kind }) => PATTERNED.has(kind));
  for (const pattern of PATTERNS) {
    expect(dressed.filter((thing) => thing.pattern === pattern).length / dressed.length).toBeGreaterThan(0.1);
  }
});

test('the same kinds at the same heights are resting, falling and floating', () => {
  const middles = (state: State, kind: string) =>
    HELD.flatMap(({ things }) => things)
      .filter((thing) => thing.kind === kind && thing.state === state)
      .map((thing) => {
        const { top, bottom } = boxOf(thing);
        return (top + bottom) / 2;
      });
  for (const kind of ['ball', 'cat', 'duck', 'umbrella', 'lamp', 'balloon', 'flower']) {
    const ranges = STATES.map((state) => middles(state, kind));
    for (const heights of ranges) {
      expect(heights.length).toBeGreaterThan(25);
      // All three reach from the upper half of the picture far into the lower one.
      expect(Math.min(...heights), kind).toBeLessThan(0.45);
      expect(Math.max(...heights), kind).toBeGreaterThan(0.6);
    }
  }
});

test('scenes hold 1 to 4 things, in the picture, in the shares that were meant', () => {
  const share = (test: (scene: Scene) => boolean) => HELD.filter(test).length / HELD.length;
  expect(share(({ things }) => things.length === 1)).toBeCloseTo(0.4, 1);
  expect(share(({ things }) => things.length === 4)).toBeGreaterThan(0.04);
  expect(share(({ weather }) => weather === 'clear')).toBeCloseTo(0.7, 1);
  for (const { things } of HELD) {
    for (const thing of things) {
      const { left, right, top, bottom } = boxOf(thing);
      expect(Math.min(left, top)).toBeGreaterThan(-0.08);
      expect(Math.max(right, bottom)).toBeLessThan(1.08);
    }
  }
});

test('every relation is common, and no thing is related to itself or in both directions', () => {
  const counts = new Map<string, number>();
  for (const { things } of HELD) {
    for (const x of things) {
      for (const y of things) {
        if (x === y) continue;
        for (const relation of RELATIONS) {
          if (!holds(relation, x, y)) continue;
          counts.set(relation, (counts.get(relation) ?? 0) + 1);
          if (relation !== 'next to') expect(holds(relation, y, x)).toBe(false);
        }
      }
    }
  }
  for (const relation of RELATIONS) expect(counts.get(relation), relation).toBeGreaterThan(300);
});

test('a counterfactual state or place changes one thing only', () => {
  for (const scene of HELD.slice(0, 200)) {
    const thing = scene.things[0]!;
    for (const state of STATES) {
      if (state === 'resting' && scene.place === 'sea') {
        if (thing.state !== 'resting')
          expect(() => withState(scene, thing.id, state)).toThrow('nothing rests');
        continue;
      }
      const changed = withState(scene, thing.id, state);
      const after = changed.things.find(({ id }) => id === thing.id)!;
      expect(after.state).toBe(state);
      expect(boxOf(after).bottom).toBeLessThanOrEqual(after.ground + 0.02);
      expect({ ...changed, things: changed.things.filter(({ id }) => id !== thing.id) }).toEqual({
        ...scene,
        things: scene.things.filter(({ id }) => id !== thing.id),
      });
    }
    const away = moved(scene, thing.id, thing.x + 0.1, thing.y - 0.05);
    expect(away.things[0]!.x).toBeCloseTo(thing.x + 0.1);
    expect(withoutThing(scene, thing.id).things.length).toBe(scene.things.length - 1);
  }
});
