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
import type { PatternKind } from '../pattern.ts';
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

interface Masonry {
  readonly kind: PatternKind;
  /** What is between planks or bricks, and on the colours that would hide it. */
  readonly joint: Rgb;
  readonly hidden: { readonly on: readonly Colour[]; readonly joint: Rgb };
}

const MATERIALS_OF: Record<Build, Material> = { plain: 'plaster', wood: 'wood', brick: 'brick' };

/** Gaps between planks are dark and mortar is pale: at 128 pixels a joint is one pixel wide, and its shade tells the materials apart. */
const MASONRY: Record<Build, Masonry | undefined> = {
  plain: undefined,
  wood: {
    kind: 'planked',
    joint: [52, 48, 40],
    hidden: { on: ['black', 'purple', 'brown', 'white'], joint: [184, 150, 116] },
  },
  brick: {
    kind: 'bricked',
    joint: [236, 226, 210],
    hidden: { on: ['white', 'yellow', 'pink'], joint: [182, 174, 166] },
  },
};
const JOINT_SHARE = 0.55;

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
    const masonry = MASONRY[this.build];
    const material = MATERIALS_OF[this.build];
    if (!masonry) return this.own(part, material, amount, options);
    const { kind, hidden } = masonry;
    const joint = hidden.on.includes(this.color) ? hidden.joint : masonry.joint;
    const rgb = mix(this.#tone(amount), joint, JOINT_SHARE);
    const color = labelId('color', this.color);
    return this.own(part, material, amount, { ...options, pattern: { kind, period, rgb, color } });
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
