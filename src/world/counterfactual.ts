import type { Colour, Pattern, State } from './catalogue.ts';
import { boxOf } from './geometry.ts';
import type { Scene, Thing } from './graph.ts';

/** The lean of a thing that is made to fall. */
const LEAN = 0.4;
/** How high above the ground a thing is lifted so that it can fall or float. */
const LIFT = 0.12;
const LOWEST = 0.97;

/** The same scene without one thing; what stood on it keeps its place and is in the air. Every other thing draws as before. */
export function withoutThing(scene: Scene, id: number): Scene {
  find(scene, id);
  const things = scene.things.filter((thing) => thing.id !== id).map((thing) => released(thing, id));
  return { ...scene, things };
}

function released(thing: Thing, id: number): Thing {
  if (thing.supporter !== id) return thing;
  const { supporter: _, ...rest } = thing;
  return { ...rest, airborne: true, state: 'floating' };
}

/** The same scene with one thing in another colour. */
export function recolour(scene: Scene, id: number, color: Colour): Scene {
  return change(scene, id, (thing) => ({ ...thing, color }));
}

/** The same scene with another pattern on one thing. */
export function withPattern(scene: Scene, id: number, pattern: Pattern): Scene {
  return change(scene, id, (thing) => ({ ...thing, pattern }));
}

/**
 * The same scene with one thing in another physical state, where it is; it is lifted a little if it would touch the ground.
 * `resting` sets it down on the ground (at sea nothing rests but on another thing: throws).
 */
export function withState(scene: Scene, id: number, state: State): Scene {
  const before = find(scene, id);
  if (before.state === state) return scene;
  if (state === 'resting' && scene.place === 'sea') throw new RangeError('nothing rests on the sea');
  return change(scene, id, ({ supporter: _, ...thing }) => {
    if (state === 'resting') return { ...thing, state, airborne: false, lean: 0, y: thing.ground };
    const turned = { ...thing, state, airborne: true, lean: state === 'falling' ? LEAN : 0 };
    const ground = Math.min(LOWEST, Math.max(thing.ground, boxOf(turned).bottom + LIFT));
    const drop = Math.max(0, boxOf(turned).bottom + LIFT - ground);
    return { ...turned, ground, y: turned.y - drop };
  });
}

/** The same scene with one thing's foot elsewhere; what stands on it moves along. A thing on the ground takes its ground with it. */
export function moved(scene: Scene, id: number, x: number, y: number): Scene {
  const before = find(scene, id);
  const dx = x - before.x;
  const dy = y - before.y;
  return {
    ...scene,
    things: scene.things.map((thing) => {
      if (thing.id !== id && thing.supporter !== id) return thing;
      const { supporter, ...rest } = thing;
      const ground = before.airborne ? thing.ground : thing.ground + dy;
      const carried = supporter === id ? { supporter } : {};
      return { ...rest, ...carried, x: thing.x + dx, y: thing.y + dy, ground };
    }),
  };
}

function change(scene: Scene, id: number, edit: (thing: Thing) => Thing): Scene {
  find(scene, id);
  return { ...scene, things: scene.things.map((thing) => (thing.id === id ? edit(thing) : thing)) };
}

function find(scene: Scene, id: number): Thing {
  const thing = scene.things.find((other) => other.id === id);
  if (!thing) throw new RangeError(`no thing ${id} in the scene`);
  return thing;
}
