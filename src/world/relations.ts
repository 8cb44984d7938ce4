import { areaOf, boxOf, overlap } from './geometry.ts';
import type { Scene, SkyThing, Thing } from './graph.ts';
import { DRAWINGS } from './objects/drawings.ts';

/** x `left of` y and so on. A relation is claimed only where nobody would doubt it. */
export const RELATIONS = [
  'left of',
  'right of',
  'above',
  'below',
  'on',
  'in front of',
  'behind',
  'next to',
] as const;
export type Relation = (typeof RELATIONS)[number];

export function holds(relation: Relation, x: Thing, y: Thing): boolean {
  switch (relation) {
    case 'left of':
      return isLeftOf(x, y);
    case 'right of':
      return isLeftOf(y, x);
    case 'above':
      return isAbove(x, y);
    case 'below':
      return isAbove(y, x);
    case 'on':
      return x.supporter === y.id;
    case 'in front of':
      return isInFrontOf(x, y);
    case 'behind':
      return isInFrontOf(y, x);
    case 'next to':
      return isBeside(x, y);
  }
}

/** The middles differ by more than 0.15 of the picture's width, and neither stands on or before the other. */
export function isLeftOf(x: Thing, y: Thing): boolean {
  return y.x - x.x > 0.15 && x.supporter !== y.id && y.supporter !== x.id;
}

/** x is in the air, wholly higher than y give or take a twentieth of the picture, and not far to a side of it. */
export function isAbove(x: Thing, y: Thing): boolean {
  if (!x.airborne) return false;
  const a = boxOf(x);
  const b = boxOf(y);
  const middles = (b.top + b.bottom - a.top - a.bottom) / 2;
  const dx = x.x - y.x;
  return a.bottom < b.top + 0.05 && middles > 0.15 && dx < 0.3 && dx > -0.3;
}

/** Both stand, x is nearer to the viewer, and its box covers an eighth of y's or more. */
export function isInFrontOf(x: Thing, y: Thing): boolean {
  if (x.airborne || y.airborne || x.supporter !== undefined || y.supporter !== undefined) return false;
  const b = boxOf(y);
  return x.ground - y.ground > 0.035 && overlap(boxOf(x), b) / areaOf(b) > 0.115;
}

/** Both stand on the ground, side by side: little depth between them and little room. */
export function isBeside(x: Thing, y: Thing): boolean {
  if (x.airborne || y.airborne || x.supporter !== undefined || y.supporter !== undefined) return false;
  const dx = x.x < y.x ? y.x - x.x : x.x - y.x;
  const reach = (x.size * DRAWINGS[x.kind].width + y.size * DRAWINGS[y.kind].width) / 2;
  const gap = dx - reach;
  const depth = x.y - y.y;
  return gap > -0.08 && gap < 0.3 && depth < 0.25 && depth > -0.25;
}

/** Of two of a kind, whether one looks clearly larger. */
export function statureOf(scene: Scene, thing: Thing): 'big' | 'small' | undefined {
  const twins = scene.things.filter((other) => other.kind === thing.kind && other.id !== thing.id);
  if (twins.length !== 1) return undefined;
  const ratio = thing.size / twins[0]!.size;
  return ratio > 1.4 ? 'big' : ratio < 1 / 1.4 ? 'small' : undefined;
}

/** Whether a sky thing is wholly inside the picture, above the horizon, and free of everything in front of it. */
export function isVisible(scene: Scene, sky: SkyThing): boolean {
  const half = sky.size * 0.55;
  if (sky.x < half || sky.x > 1 - half || sky.y < half) return false;
  if (sky.y + half > scene.horizon - (scene.place === 'city' ? 0.4 : 0.12)) return false;
  const later = scene.sky.slice(scene.sky.indexOf(sky) + 1);
  const hidden = later.some((other) => {
    const dx = other.x - sky.x;
    const dy = other.y - sky.y;
    const wide = half + other.size * 0.55;
    const tall = half + other.size * 0.3;
    return dx < wide && dx > -wide && dy < tall && dy > -tall;
  });
  if (hidden) return false;
  const area = { left: sky.x - half, right: sky.x + half, top: sky.y - half, bottom: sky.y + half };
  return !scene.things.some((thing) => overlap(boxOf(thing), area) > 0);
}
