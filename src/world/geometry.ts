import type { Kind } from './catalogue.ts';
import { DRAWINGS } from './objects/drawings.ts';

/** What is needed to say where a thing is, in the unit square, x to the right, y down. */
export interface Placed {
  readonly kind: Kind;
  /** The foot: centre of the bottom edge, before it leans. */
  readonly x: number;
  readonly y: number;
  /** Length of the drawing's local unit. */
  readonly size: number;
  /** Tangent of the angle by which it is turned around its middle, clockwise; 0 is upright. */
  readonly lean: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Width and height of a kind of size 1, turned. */
export function extent(kind: Kind, lean: number): { readonly width: number; readonly height: number } {
  const { width, height } = DRAWINGS[kind];
  const cos = 1 / Math.sqrt(1 + lean * lean);
  const sin = (lean < 0 ? -lean : lean) * cos;
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

/** The box that a thing's drawing stays within. */
export function boxOf(thing: Placed): Box {
  const { width, height } = extent(thing.kind, thing.lean);
  const middle = thing.y - (thing.size * DRAWINGS[thing.kind].height) / 2;
  return {
    left: thing.x - (thing.size * width) / 2,
    right: thing.x + (thing.size * width) / 2,
    top: middle - (thing.size * height) / 2,
    bottom: middle + (thing.size * height) / 2,
  };
}

/** Shared area of two boxes. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

export function areaOf(box: Box): number {
  return (box.right - box.left) * (box.bottom - box.top);
}
