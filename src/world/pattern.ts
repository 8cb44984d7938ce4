import type { Rgb } from './catalogue.ts';

export type PatternKind = 'striped' | 'dotted' | 'checked' | 'bricked' | 'planked';

/** A second colour on a painted surface. */
export interface SurfacePattern {
  readonly kind: PatternKind;
  /** One repetition in the units of the drawing. */
  readonly period: number;
  readonly rgb: Rgb;
  /** Label id of the second colour. */
  readonly color: number;
}

/** Pixels to pattern units: u = ax x + ay y + a, v = bx x + by y + b; `pixel` is the length of a pixel in them. */
export interface PatternMap {
  readonly ax: number;
  readonly ay: number;
  readonly a: number;
  readonly bx: number;
  readonly by: number;
  readonly b: number;
  readonly pixel: number;
}

const STRIPE = 0.19;
const DOT = 0.25;
const JOINT = 0.09;

/** The share of a pixel that has the second colour, 0 to 1: edges are one pixel soft. */
export function patternShare(kind: PatternKind, map: PatternMap, x: number, y: number): number {
  const u = map.ax * x + map.ay * y + map.a;
  const v = map.bx * x + map.by * y + map.b;
  const { pixel } = map;
  const row = Math.floor(v);
  const fv = v - row - 0.5;
  const av = fv < 0 ? -fv : fv;
  if (kind === 'striped') return soft(STRIPE - av, pixel);
  if (kind === 'planked') return soft(av - 0.5 + JOINT, pixel);
  // Every other row of dots and bricks is shifted by half a period.
  const shifted = kind !== 'checked' && row % 2 !== 0 ? u + 0.5 : u;
  const fu = shifted - Math.floor(shifted) - 0.5;
  const au = fu < 0 ? -fu : fu;
  if (kind === 'dotted') return soft(DOT - Math.sqrt(fu * fu + fv * fv), pixel);
  if (kind === 'checked') {
    const across = soft(0.25 - au, pixel);
    const down = soft(0.25 - av, pixel);
    return across + down - 2 * across * down;
  }
  return Math.max(soft(av - 0.5 + JOINT, pixel), soft((au - 0.5) * 2 + JOINT, 2 * pixel));
}

function soft(distance: number, pixel: number): number {
  const share = distance / pixel + 0.5;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}
