import type { Rgb } from './catalogue.ts';
import { type PatternMap, patternShare, type SurfacePattern } from './pattern.ts';

/** How a filled shape looks and what its pixels are called. Labels are ids in the order of CATEGORIES; 0 leaves the label below. */
export interface Paint {
  readonly rgb: Rgb;
  /** Colour at the shape's bottom; a vertical gradient from `rgb`. */
  readonly to?: Rgb;
  /** Strength of the light from above and from one side, 0 (flat) to about 0.5. */
  readonly shade: number;
  /** A second colour on the surface. */
  readonly pattern?: SurfacePattern;
  /** 0 to 1, multiplies coverage. Labels are written from 0.5 on. */
  readonly alpha: number;
  readonly labels: readonly number[];
}

/** A region given by the intervals that each horizontal line cuts out of it, in pixels. */
export interface Shape {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Writes [start, end, start, end...] to `out` and returns how many numbers it wrote. */
  spans(y: number, out: Float64Array): number;
}

const LINES = 4;

/**
 * An RGBA picture (colour premultiplied by alpha, 0 to 255) with label planes. Shapes are antialiased by exact
 * coverage along x on four lines per pixel row.
 */
export class Canvas {
  readonly size: number;
  /** [y, x, rgba] */
  readonly rgba: Float32Array;
  /** [category, y, x] */
  readonly labels: Uint8Array;
  /** -1: the light comes from the left, 1: from the right. */
  lightSide = -1;
  /** How much darker the far side of a shape is than its near side, in units of its paint's shade. */
  lightStrength = 0.4;
  /** The pixels touched since the last clear. */
  left = 0;
  right = 0;
  top = 0;
  bottom = 0;
  readonly #cover: Float64Array;
  readonly #spans = new Float64Array(64);

  constructor(size: number) {
    this.size = size;
    this.rgba = new Float32Array(size * size * 4);
    this.labels = new Uint8Array(size * size * 6);
    this.#cover = new Float64Array(size + 2);
    this.#forget();
  }

  #forget(): void {
    this.left = this.size;
    this.top = this.size;
    this.right = 0;
    this.bottom = 0;
  }

  clear(): void {
    const { size } = this;
    for (let y = this.top; y < this.bottom; y++) {
      this.rgba.fill(0, (y * size + this.left) * 4, (y * size + this.right) * 4);
      for (let category = 0; category < 6; category++) {
        const row = (category * size + y) * size;
        this.labels.fill(0, row + this.left, row + this.right);
      }
    }
    this.#forget();
  }

  /** `map` takes pixels to the units of the paint's pattern. */
  fill(shape: Shape, paint: Paint, map?: PatternMap): void {
    const { size } = this;
    const x0 = Math.max(0, Math.floor(shape.left));
    const x1 = Math.min(size, Math.ceil(shape.right) + 1);
    const y0 = Math.max(0, Math.floor(shape.top));
    const y1 = Math.min(size, Math.ceil(shape.bottom) + 1);
    if (x0 >= x1 || y0 >= y1) return;
    this.left = Math.min(this.left, x0);
    this.right = Math.max(this.right, x1);
    this.top = Math.min(this.top, y0);
    this.bottom = Math.max(this.bottom, y1);
    for (let y = y0; y < y1; y++) {
      if (this.#coverRow(shape, y, x0, x1)) this.#paintRow(shape, paint, y, x0, x1, map);
    }
  }

  /** Leaves in #cover the differences along x of the row's coverage times LINES. */
  #coverRow(shape: Shape, y: number, x0: number, x1: number): boolean {
    const cover = this.#cover;
    const spans = this.#spans;
    cover.fill(0, x0, x1 + 1);
    let touched = false;
    for (let line = 0; line < LINES; line++) {
      const count = shape.spans(y + (line + 0.5) / LINES, spans);
      for (let i = 0; i + 1 < count; i += 2) {
        const start = Math.max(x0, Math.min(x1, spans[i]!));
        const end = Math.max(x0, Math.min(x1, spans[i + 1]!));
        if (end <= start) continue;
        touched = true;
        const first = Math.floor(start);
        const last = Math.floor(end);
        cover[first]! += first + 1 - start;
        cover[first + 1]! += start - first;
        cover[last]! -= last + 1 - end;
        cover[last + 1]! -= end - last;
      }
    }
    return touched;
  }

  #paintRow(
    shape: Shape,
    paint: Paint,
    y: number,
    x0: number,
    x1: number,
    map: PatternMap | undefined,
  ): void {
    const { size, rgba, labels } = this;
    const cover = this.#cover;
    const [scene, object, part, material, texture, color] = paint.labels as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const plane = size * size;
    const down = Math.max(0, Math.min(1, (y + 0.5 - shape.top) / (shape.bottom - shape.top)));
    const from = paint.rgb;
    const to = paint.to ?? from;
    let red = from[0] + (to[0] - from[0]) * down;
    let green = from[1] + (to[1] - from[1]) * down;
    let blue = from[2] + (to[2] - from[2]) * down;
    // A factor that is linear along both axes: brighter above, and on the side of the light.
    const strength = this.lightStrength * paint.shade;
    const slope = (this.lightSide * strength) / (shape.right - shape.left);
    const base = 1 + paint.shade * (0.22 - 0.6 * down) - (this.lightSide * strength) / 2 - slope * shape.left;
    const pattern = map && paint.pattern;
    const [ownRed, ownGreen, ownBlue] = [red, green, blue];
    let sum = 0;
    for (let x = x0; x < x1; x++) {
      sum += cover[x]!;
      const alpha = Math.min(1, sum / LINES) * paint.alpha;
      if (alpha < 0.004) continue;
      let share = 0;
      if (pattern) {
        share = patternShare(pattern.kind, map, x + 0.5, y + 0.5);
        red = ownRed + (pattern.rgb[0] - ownRed) * share;
        green = ownGreen + (pattern.rgb[1] - ownGreen) * share;
        blue = ownBlue + (pattern.rgb[2] - ownBlue) * share;
      }
      const light = (base + slope * (x + 0.5)) * alpha;
      const keep = 1 - alpha;
      const at = y * size + x;
      const pixel = at * 4;
      rgba[pixel] = rgba[pixel]! * keep + Math.min(255 * alpha, red * light);
      rgba[pixel + 1] = rgba[pixel + 1]! * keep + Math.min(255 * alpha, green * light);
      rgba[pixel + 2] = rgba[pixel + 2]! * keep + Math.min(255 * alpha, blue * light);
      rgba[pixel + 3] = rgba[pixel + 3]! * keep + alpha;
      if (alpha < 0.5) continue;
      if (scene) labels[at] = scene;
      if (object) labels[plane + at] = object;
      if (part) labels[2 * plane + at] = part;
      if (material) labels[3 * plane + at] = material;
      if (texture) labels[4 * plane + at] = texture;
      if (color) labels[5 * plane + at] = pattern && share > 0.5 ? pattern.color : color;
    }
  }
}
