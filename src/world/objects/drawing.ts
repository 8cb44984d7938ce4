import type { Paint } from '../canvas.ts';
import {
  type Build,
  type Colour,
  labelId,
  type Material,
  type Part,
  type Pattern,
  type Rgb,
} from '../catalogue.ts';
import type { SurfacePattern } from '../pattern.ts';
import { BLACK, type InkOptions, ink, mix, type Pen, WHITE } from '../pen.ts';

export interface LookOptions {
  readonly color: Colour;
  readonly rgb: Rgb;
  readonly second: Rgb;
  readonly secondName: Colour | undefined;
  readonly airborne: boolean;
  readonly pattern: Pattern;
  readonly build: Build;
  /** Where the light comes from in the drawing's own coordinates: -1 or 1. */
  readonly lit: number;
  readonly variant: readonly number[];
}

const BUILD_LOOKS = {
  plain: { material: 'plaster', kind: undefined, depth: 0 },
  wood: { material: 'wood', kind: 'planked', depth: -0.26 },
  brick: { material: 'brick', kind: 'bricked', depth: -0.2 },
} as const;

/** What a drawing may use of a thing: its colours, its surface, and numbers in [0, 1) that vary the shape from one thing to the next. */
export class Look {
  readonly color: Colour;
  readonly rgb: Rgb;
  readonly second: Rgb;
  readonly secondName: Colour | undefined;
  readonly airborne: boolean;
  readonly build: Build;
  readonly lit: number;
  readonly #pattern: Pattern;
  readonly #variant: readonly number[];

  constructor(options: LookOptions) {
    this.color = options.color;
    this.rgb = options.rgb;
    this.second = options.second;
    this.secondName = options.secondName;
    this.airborne = options.airborne;
    this.build = options.build;
    this.lit = options.lit;
    this.#pattern = options.pattern;
    this.#variant = options.variant;
  }

  /** The i-th shape number (0 to 5), stretched to [low, high). */
  vary(i: number, low: number, high: number): number {
    return low + (high - low) * this.#variant[i]!;
  }

  /** The i-th shape number as one of 0 .. n - 1. */
  choose(i: number, n: number): number {
    return Math.floor(this.#variant[i]! * n);
  }

  /** The thing's own colour, lighter (amount > 0) or darker (< 0), labelled as that colour. */
  own(part: Part, material: Material, amount = 0, options: InkOptions = {}): Paint {
    return ink(this.#tone(amount), part, material, { color: this.color, ...options });
  }

  /** The thing's own colour under its pattern, one repetition every `period` units. */
  cover(part: Part, material: Material, period: number, amount = 0, options: InkOptions = {}): Paint {
    const kind = this.#pattern;
    if (kind === 'plain') return this.own(part, material, amount, options);
    const pale = this.color === 'white';
    const rgb = mix(pale ? [140, 146, 160] : [250, 250, 246], BLACK, amount < 0 ? -amount : 0);
    const size = kind === 'checked' ? period * 1.15 : period;
    const color = labelId('color', pale ? 'grey' : 'white');
    return this.own(part, material, amount, { ...options, pattern: { kind, period: size, rgb, color } });
  }

  /** A wall in the thing's own colour, of the material it is built from, one brick or plank every `period` units. */
  wall(part: Part, period: number, amount = 0, options: InkOptions = {}): Paint {
    const { material, kind, depth } = BUILD_LOOKS[this.build];
    const pattern: SurfacePattern | undefined = kind && {
      kind,
      period,
      rgb: mix(
        this.#tone(amount),
        this.color === 'black' ? WHITE : BLACK,
        this.color === 'black' ? 0.28 : -depth,
      ),
      color: labelId('color', this.color),
    };
    return this.own(part, material, amount, { ...options, ...(pattern ? { pattern } : {}) });
  }

  #tone(amount: number): Rgb {
    return amount < 0 ? mix(this.rgb, BLACK, -amount) : mix(this.rgb, WHITE, amount);
  }
}

/** One kind of thing. Local coordinates: foot at the origin, y down, about one unit large. */
export interface Drawing {
  /** Bounding box: x in [-width / 2, width / 2], y in [-height, 0]. */
  readonly width: number;
  readonly height: number;
  /** Area of the silhouette in square units, measured over many variants. */
  readonly area: number;
  /** A level place on which another thing can stand; shapes do not vary there. */
  readonly seat?: { readonly left: number; readonly right: number; readonly y: number };
  draw(pen: Pen, look: Look): void;
}
