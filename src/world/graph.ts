import type { Build, Colour, Light, Pattern, Place, SkyKind, State, Time, Weather } from './catalogue.ts';
import type { Placed } from './geometry.ts';
import type { Split } from './split.ts';

/** Positions and sizes are in the unit square, x to the right, y down. Plain data: a scene survives JSON unchanged. */
export interface Thing extends Placed {
  /** 1 to 100, unique in its scene; the value of its pixels in the instance map. */
  readonly id: number;
  readonly color: Colour;
  /** A person's trousers. */
  readonly secondColor?: Colour;
  /** Of the thing's own surface; `plain` for kinds that cannot have another. */
  readonly pattern: Pattern;
  /** What its walls are made of; only kinds that are built have it. */
  readonly material?: Build;
  readonly state: State;
  /** In the air. What floats and is not airborne is in the water. */
  readonly airborne: boolean;
  /** y of the ground below it; where it stands, if it stands. */
  readonly ground: number;
  /** The thing that it stands on. */
  readonly supporter?: number;
  readonly flip: boolean;
  /** Numbers in [0, 1): six for the shape, three for the jitter of red, green and blue. */
  readonly variant: readonly number[];
}

export interface SkyThing {
  readonly id: number;
  readonly kind: SkyKind;
  /** The centre. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly variant: readonly number[];
}

export interface Scene {
  readonly version: 2;
  readonly seed: number;
  readonly split: Split;
  readonly place: Place;
  readonly time: Time;
  readonly weather: Weather;
  readonly light: Light;
  /** y of the line between sky and ground. */
  readonly horizon: number;
  /** From back to front. */
  readonly things: readonly Thing[];
  readonly sky: readonly SkyThing[];
}
