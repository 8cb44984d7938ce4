import type { Colour, Kind } from './catalogue.ts';
import { DRAWINGS } from './objects/drawings.ts';
import type { Random } from './random.ts';

export interface Spot {
  readonly kind: Kind;
  readonly color: Colour;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly airborne: boolean;
}

/** Share of the picture that one thing covers, by the number of things. */
const AREAS: readonly (readonly [number, number])[] = [
  [0.085, 0.24],
  [0.065, 0.14],
  [0.05, 0.09],
];
const AIRBORNE: ReadonlySet<Kind> = new Set<Kind>(['bird', 'kite']);
const MARGIN = 0.02;

/** Where things stand, back to front. Boxes overlap by at most 6% of the smaller one wherever there is room. */
export function arrange(
  random: Random,
  chosen: readonly { readonly kind: Kind; readonly color: Colour }[],
  horizon: number,
): Spot[] {
  const [low, high] = AREAS[chosen.length - 1]!;
  const order = random.shuffle(chosen);
  const shares = order.map(() => random.uniform(low, high));
  const airborne = order.map(({ kind }) => AIRBORNE.has(kind) && random.chance(0.5));
  let best: Spot[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 80 && least > 0.06; attempt++) {
    // Crowded scenes shrink, down to the smallest share that is still large enough to see.
    const shrink = attempt < 15 ? 1 : 1 - 0.35 * ((attempt - 15) / 65);
    const spots = order.map(({ kind, color }, i) =>
      place(random, kind, color, Math.max(low, shares[i]! * shrink), airborne[i]!, horizon),
    );
    const overlap = worstOverlap(spots);
    if (overlap < least) {
      least = overlap;
      best = spots;
    }
  }
  return best.sort((a, b) => Number(b.airborne) - Number(a.airborne) || a.y - b.y);
}

function place(
  random: Random,
  kind: Kind,
  color: Colour,
  share: number,
  airborne: boolean,
  horizon: number,
): Spot {
  const drawing = DRAWINGS[kind];
  const widest = (1 - 2 * MARGIN) / drawing.width;
  const tallest = (airborne ? 0.6 : 0.86) / drawing.height;
  const size = Math.min(Math.sqrt(share / drawing.area), widest, tallest);
  const half = (size * drawing.width) / 2;
  const x = random.uniform(MARGIN + half, 1 - MARGIN - half);
  const height = size * drawing.height;
  const y = airborne
    ? random.uniform(MARGIN + height, Math.max(MARGIN + height + 0.01, horizon + 0.02))
    : random.uniform(Math.max(horizon + 0.12, MARGIN + height), 0.96);
  return { kind, color, x, y: Math.min(0.97, y), size, airborne };
}

function worstOverlap(spots: readonly Spot[]): number {
  let worst = 0;
  spots.forEach((a, i) => {
    for (const b of spots.slice(i + 1)) {
      const da = DRAWINGS[a.kind];
      const db = DRAWINGS[b.kind];
      const wa = da.width * a.size;
      const wb = db.width * b.size;
      const ha = da.height * a.size;
      const hb = db.height * b.size;
      const w = Math.min(a.x + wa / 2, b.x + wb / 2) - Math.max(a.x - wa / 2, b.x - wb / 2);
      const h = Math.min(a.y, b.y) - Math.max(a.y - ha, b.y - hb);
      if (w > 0 && h > 0) worst = Math.max(worst, (w * h) / Math.min(wa * ha, wb * hb));
    }
  });
  return worst;
}
