import type { Canvas, Paint } from './canvas.ts';
import {
  COLOUR_NAMES,
  COLOURS,
  type Colour,
  type Label,
  labelId,
  type Material,
  type Part,
  type Rgb,
  type Texture,
} from './catalogue.ts';
import { ellipse, polygon, rectangle, rounded } from './shapes.ts';

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];
export const GLASS: Rgb = [178, 218, 240];

/** The label of the catalogue colour nearest to an RGB (grey included), so that small parts are labelled truthfully. */
export function nearestColour(rgb: Rgb): Label<'color'> {
  let best: Label<'color'> = 'grey';
  let least = distance(rgb, [140, 140, 145]);
  for (const name of COLOUR_NAMES) {
    const d = distance(rgb, COLOURS[name]);
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

function distance(a: Rgb, b: Rgb): number {
  const r = a[0] - b[0];
  const g = a[1] - b[1];
  const l = a[2] - b[2];
  return r * r + g * g + l * l;
}

export interface InkOptions {
  readonly texture?: Texture;
  readonly shade?: number;
  readonly color?: Colour;
  readonly to?: Rgb;
  readonly alpha?: number;
}

/** The paint of a part of a thing. */
export function ink(rgb: Rgb, part: Part, material: Material, options: InkOptions = {}): Paint {
  return {
    rgb,
    ...(options.to ? { to: options.to } : {}),
    shade: options.shade ?? 0.3,
    alpha: options.alpha ?? 1,
    labels: [
      0,
      0,
      labelId('part', part),
      labelId('material', material),
      labelId('texture', options.texture ?? 'plain'),
      labelId('color', options.color ?? nearestColour(rgb)),
    ],
  };
}

/** Draws in a thing's own coordinates: origin at its foot, y downward, one unit = `scale` pixels, mirrored if `flip`. */
export class Pen {
  readonly #canvas: Canvas;
  readonly #x: number;
  readonly #y: number;
  readonly #scale: number;
  readonly #sign: number;

  constructor(canvas: Canvas, x: number, y: number, scale: number, flip: boolean) {
    this.#canvas = canvas;
    this.#x = x;
    this.#y = y;
    this.#scale = scale;
    this.#sign = flip ? -1 : 1;
  }

  /** (ux, uy) is the direction of the axis `rx`; it need not be of length one. */
  ellipse(cx: number, cy: number, rx: number, ry: number, paint: Paint, ux = 1, uy = 0): void {
    const s = this.#scale;
    const length = Math.sqrt(ux * ux + uy * uy);
    this.#canvas.fill(
      ellipse(this.#px(cx), this.#py(cy), rx * s, ry * s, (this.#sign * ux) / length, uy / length),
      paint,
    );
  }

  circle(cx: number, cy: number, r: number, paint: Paint): void {
    this.ellipse(cx, cy, r, r, paint);
  }

  rect(left: number, top: number, right: number, bottom: number, paint: Paint, radius = 0): void {
    const a = this.#px(left);
    const b = this.#px(right);
    this.#canvas.fill(
      rectangle(Math.min(a, b), this.#py(top), Math.max(a, b), this.#py(bottom), radius * this.#scale),
      paint,
    );
  }

  polygon(points: readonly number[], paint: Paint): void {
    this.#canvas.fill(polygon(this.#place(points)), paint);
  }

  /** A polygon with its corners rounded away. */
  blob(points: readonly number[], paint: Paint, smooth = 3): void {
    this.#canvas.fill(polygon(rounded(this.#place(points), smooth)), paint);
  }

  line(xa: number, ya: number, xb: number, yb: number, width: number, paint: Paint): void {
    const dx = xb - xa;
    const dy = yb - ya;
    const half = width / 2 / Math.sqrt(dx * dx + dy * dy);
    const nx = -dy * half;
    const ny = dx * half;
    this.polygon([xa + nx, ya + ny, xb + nx, yb + ny, xb - nx, yb - ny, xa - nx, ya - ny], paint);
  }

  #px(x: number): number {
    return this.#x + this.#sign * x * this.#scale;
  }

  #py(y: number): number {
    return this.#y + y * this.#scale;
  }

  #place(points: readonly number[]): number[] {
    return points.map((value, i) => (i % 2 === 0 ? this.#px(value) : this.#py(value)));
  }
}
