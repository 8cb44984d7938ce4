import type { Canvas, Paint, Shape } from './canvas.ts';
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
import type { PatternMap, SurfacePattern } from './pattern.ts';
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
  readonly pattern?: SurfacePattern;
}

/** The paint of a part of a thing. */
export function ink(rgb: Rgb, part: Part, material: Material, options: InkOptions = {}): Paint {
  return {
    rgb,
    ...(options.to ? { to: options.to } : {}),
    ...(options.pattern ? { pattern: options.pattern } : {}),
    shade: options.shade ?? 0.3,
    alpha: options.alpha ?? 1,
    labels: [
      0,
      0,
      labelId('part', part),
      labelId('material', material),
      labelId('texture', options.texture ?? options.pattern?.kind ?? 'plain'),
      labelId('color', options.color ?? nearestColour(rgb)),
    ],
  };
}

/** The corners of a rounded rectangle's quarter, from one side to the next: points of a circle at 0, 30, 60, 90 degrees. */
const ARC = [0, 0.1339745962155614, 0.5, 1] as const;

/**
 * Draws in a thing's own coordinates: origin at its foot, y downward, one unit = `scale` pixels, mirrored if `flip`, then turned
 * around the point `pivot` units above the foot by the angle whose tangent is `lean`.
 */
export class Pen {
  readonly #canvas: Canvas;
  readonly #x: number;
  readonly #y: number;
  readonly #scale: number;
  readonly #sign: number;
  readonly #pivot: number;
  readonly #cos: number;
  readonly #sin: number;

  constructor(canvas: Canvas, x: number, y: number, scale: number, flip: boolean, lean = 0, pivot = 0) {
    this.#canvas = canvas;
    this.#x = x;
    this.#y = y - pivot * scale;
    this.#scale = scale;
    this.#sign = flip ? -1 : 1;
    this.#pivot = pivot;
    this.#cos = 1 / Math.sqrt(1 + lean * lean);
    this.#sin = lean * this.#cos;
  }

  /** (ux, uy) is the direction of the axis `rx`; it need not be of length one. */
  ellipse(cx: number, cy: number, rx: number, ry: number, paint: Paint, ux = 1, uy = 0): void {
    const s = this.#scale;
    const length = Math.sqrt(ux * ux + uy * uy);
    const dx = (this.#sign * ux) / length;
    const dy = uy / length;
    this.#fill(
      ellipse(
        this.#px(cx, cy),
        this.#py(cx, cy),
        rx * s,
        ry * s,
        dx * this.#cos - dy * this.#sin,
        dx * this.#sin + dy * this.#cos,
      ),
      paint,
    );
  }

  circle(cx: number, cy: number, r: number, paint: Paint): void {
    this.ellipse(cx, cy, r, r, paint);
  }

  rect(left: number, top: number, right: number, bottom: number, paint: Paint, radius = 0): void {
    if (this.#sin !== 0) {
      const r = Math.max(0, Math.min(radius, (right - left) / 2, (bottom - top) / 2));
      const corner = (x: number, y: number, sx: number, sy: number, turn: boolean): number[] =>
        (r === 0 ? [0] : [0, 1, 2, 3]).flatMap((i) => {
          const [p, q] = turn ? [ARC[3 - i]!, ARC[i]!] : [ARC[i]!, ARC[3 - i]!];
          return [x + sx * r * p, y + sy * r * q];
        });
      this.polygon(
        r === 0
          ? [left, top, right, top, right, bottom, left, bottom]
          : [
              ...corner(left, top, 1, 1, false),
              ...corner(right, top, -1, 1, true),
              ...corner(right, bottom, -1, -1, false),
              ...corner(left, bottom, 1, -1, true),
            ],
        paint,
      );
      return;
    }
    const a = this.#px(left, top);
    const b = this.#px(right, top);
    this.#fill(
      rectangle(
        Math.min(a, b),
        this.#py(left, top),
        Math.max(a, b),
        this.#py(left, bottom),
        radius * this.#scale,
      ),
      paint,
    );
  }

  polygon(points: readonly number[], paint: Paint): void {
    this.#fill(polygon(this.#place(points)), paint);
  }

  /** A polygon with its corners rounded away. */
  blob(points: readonly number[], paint: Paint, smooth = 3): void {
    this.#fill(polygon(rounded(this.#place(points), smooth)), paint);
  }

  line(xa: number, ya: number, xb: number, yb: number, width: number, paint: Paint): void {
    const dx = xb - xa;
    const dy = yb - ya;
    const half = width / 2 / Math.sqrt(dx * dx + dy * dy);
    const nx = -dy * half;
    const ny = dx * half;
    this.polygon([xa + nx, ya + ny, xb + nx, yb + ny, xb - nx, yb - ny, xa - nx, ya - ny], paint);
  }

  #fill(shape: Shape, paint: Paint): void {
    this.#canvas.fill(shape, paint, paint.pattern ? this.#map(paint.pattern.period) : undefined);
  }

  #px(x: number, y: number): number {
    const s = this.#scale;
    return this.#x + this.#sign * x * s * this.#cos - (y + this.#pivot) * s * this.#sin;
  }

  #py(x: number, y: number): number {
    const s = this.#scale;
    return this.#y + this.#sign * x * s * this.#sin + (y + this.#pivot) * s * this.#cos;
  }

  #place(points: readonly number[]): number[] {
    const placed: number[] = [];
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      placed.push(this.#px(x, y), this.#py(x, y));
    }
    return placed;
  }

  /** The inverse of the placement, in periods. */
  #map(period: number): PatternMap {
    const unit = 1 / (this.#scale * period);
    const ax = this.#sign * this.#cos * unit;
    const ay = this.#sign * this.#sin * unit;
    const bx = -this.#sin * unit;
    const by = this.#cos * unit;
    return {
      ax,
      ay,
      a: -ax * this.#x - ay * this.#y,
      bx,
      by,
      b: -bx * this.#x - by * this.#y - this.#pivot / period,
      pixel: unit,
    };
  }
}
