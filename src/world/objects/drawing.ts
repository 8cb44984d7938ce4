import type { Paint } from '../canvas.ts';
import type { Colour, Material, Part, Rgb } from '../catalogue.ts';
import { BLACK, type InkOptions, ink, mix, type Pen, WHITE } from '../pen.ts';

/** What a drawing may use of a thing: its colours, and numbers in [0, 1) that vary the shape from one thing to the next. */
export class Look {
  readonly color: Colour;
  readonly rgb: Rgb;
  readonly second: Rgb;
  readonly secondName: Colour | undefined;
  readonly airborne: boolean;
  readonly #variant: readonly number[];

  constructor(
    color: Colour,
    rgb: Rgb,
    second: Rgb,
    secondName: Colour | undefined,
    airborne: boolean,
    variant: readonly number[],
  ) {
    this.color = color;
    this.rgb = rgb;
    this.second = second;
    this.secondName = secondName;
    this.airborne = airborne;
    this.#variant = variant;
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
    const rgb = amount < 0 ? mix(this.rgb, BLACK, -amount) : mix(this.rgb, WHITE, amount);
    return ink(rgb, part, material, { color: this.color, ...options });
  }
}

/** One kind of thing. Local coordinates: foot at the origin, y down, about one unit large. */
export interface Drawing {
  /** Bounding box: x in [-width / 2, width / 2], y in [-height, 0]. */
  readonly width: number;
  readonly height: number;
  /** Area of the silhouette in square units, measured over many variants. */
  readonly area: number;
  draw(pen: Pen, look: Look): void;
}
