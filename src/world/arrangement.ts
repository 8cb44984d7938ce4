import type { Colour, Kind, State } from './catalogue.ts';
import { areaOf, boxOf, extent, overlap, type Placed } from './geometry.ts';
import { DRAWINGS } from './objects/drawings.ts';
import type { Random } from './random.ts';

/** A thing that wants a place. */
export interface Guest {
  readonly kind: Kind;
  readonly color: Colour;
  readonly state: State;
  readonly airborne: boolean;
  /** Of two of a kind, where one has to look clearly larger. */
  readonly stature?: 'big' | 'small';
}

export interface Spot extends Placed {
  readonly guest: Guest;
  /** y of the ground below. */
  readonly ground: number;
  readonly flip: boolean;
  /** Index of the spot that it stands on. */
  readonly supporter?: number;
}

/** `stack`: the second stands on the first. `front`: the second stands before the first and hides a part of it. */
export type Layout = 'scatter' | 'stack' | 'front';

/** Share of the picture that one thing covers, by the number of things. */
const AREAS: readonly (readonly [number, number])[] = [
  [0.085, 0.24],
  [0.065, 0.14],
  [0.05, 0.09],
  [0.04, 0.062],
];
const STATURES = { big: [0.1, 0.13], small: [0.03, 0.038] } as const;
const MARGIN = 0.02;
const ATTEMPTS = 90;
/** Boxes overlap by at most this share of the smaller one wherever there is room. */
const TOLERATED = 0.06;
const RIDERS_NOT: ReadonlySet<Kind> = new Set<Kind>(['house', 'tower', 'tree', 'bus', 'truck']);

export function canStack(below: Guest, above: Guest): boolean {
  return (
    DRAWINGS[below.kind].seat !== undefined &&
    below.kind !== above.kind &&
    !RIDERS_NOT.has(above.kind) &&
    !below.airborne &&
    !above.airborne
  );
}

/** Where things stand, in the order of drawing: by depth, a rider right after what carries it. */
export function arrange(random: Random, guests: readonly Guest[], horizon: number, layout: Layout): Spot[] {
  const [low, high] = AREAS[guests.length - 1]!;
  const shares = guests.map(({ stature }, i) =>
    stature
      ? random.uniform(...STATURES[stature])
      : layout === 'stack' && i === 1
        ? random.uniform(0.032, 0.06)
        : layout === 'stack' && i === 0
          ? random.uniform(0.11, 0.16)
          : random.uniform(low, high),
  );
  const leans = guests.map(({ state }) => {
    const lean = random.uniform(0.2, 0.6) * (random.chance(0.5) ? 1 : -1);
    return state === 'falling' ? lean : 0;
  });
  const flips = guests.map(() => random.chance(0.5));
  let best: Spot[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && least > TOLERATED; attempt++) {
    // Crowded scenes shrink, down to a share that is still large enough to see.
    const shrink = attempt < 15 ? 1 : 1 - 0.35 * ((attempt - 15) / (ATTEMPTS - 15));
    const spots: Spot[] = [];
    for (const [i, guest] of guests.entries()) {
      const floor = guest.stature ? shares[i]! : Math.min(shares[i]!, Math.max(low, shares[i]! * shrink));
      if (i === 1 && layout === 'stack') spots.push(onTop(random, guest, floor, flips[i]!, spots[0]!));
      else if (i === 1 && layout === 'front') spots.push(before(random, guest, floor, flips[i]!, spots[0]!));
      else spots.push(anywhere(random, guest, floor, leans[i]!, flips[i]!, horizon));
    }
    const cost = crowding(spots, layout === 'scatter' ? 0 : 1);
    if (cost < least) {
      least = cost;
      best = spots;
    }
  }
  return inOrder(best);
}

function anywhere(
  random: Random,
  guest: Guest,
  share: number,
  lean: number,
  flip: boolean,
  horizon: number,
): Spot {
  const { kind, airborne, state } = guest;
  const box = extent(kind, lean);
  const tallest = (airborne ? 0.6 : 0.86) / box.height;
  const size = Math.min(Math.sqrt(share / DRAWINGS[kind].area), (1 - 2 * MARGIN) / box.width, tallest);
  const half = (size * box.width) / 2;
  const height = size * box.height;
  // Upright and turned things keep the same middle.
  const below = (size * (box.height - DRAWINGS[kind].height)) / 2;
  const x = random.uniform(MARGIN + half, 1 - MARGIN - half);
  if (!airborne) {
    const y = Math.min(0.97, random.uniform(Math.max(horizon + 0.12, MARGIN + height), 0.96));
    return { guest, kind, x, y, size, lean, flip, ground: y };
  }
  const top = MARGIN + (state === 'falling' ? 0.07 : 0) + height;
  const ground = Math.min(0.97, Math.max(top + 0.1, random.uniform(horizon + 0.16, 0.96)));
  const y = random.uniform(top, Math.max(top + 0.01, ground - 0.09)) - below;
  return { guest, kind, x, y, size, lean, flip, ground };
}

function onTop(random: Random, guest: Guest, share: number, flip: boolean, carrier: Spot): Spot {
  const { kind } = guest;
  const drawing = DRAWINGS[kind];
  const seat = DRAWINGS[carrier.kind].seat!;
  const widest = (0.95 * carrier.size * DRAWINGS[carrier.kind].width) / drawing.width;
  const size = Math.min(Math.sqrt(share / drawing.area), widest);
  const middle = random.uniform(seat.left, seat.right);
  const x = carrier.x + (carrier.flip ? -middle : middle) * carrier.size;
  // A hair lower than the seat, so that no gap shows.
  const y = carrier.y + seat.y * carrier.size + 0.006;
  return { guest, kind, x, y, size, lean: 0, flip, ground: carrier.ground, supporter: 0 };
}

function before(random: Random, guest: Guest, share: number, flip: boolean, behind: Spot): Spot {
  const { kind } = guest;
  const drawing = DRAWINGS[kind];
  const size = Math.min(
    Math.sqrt(share / drawing.area),
    (1 - 2 * MARGIN) / drawing.width,
    0.8 / drawing.height,
  );
  const reach =
    ((behind.size * DRAWINGS[behind.kind].width + size * drawing.width) / 2) * random.uniform(0.4, 0.75);
  const x = behind.x + (random.chance(0.5) ? reach : -reach);
  const y = behind.y + random.uniform(0.05, 0.14);
  return { guest, kind, x, y, size, lean: 0, flip, ground: y };
}

/** The worst overlap of two boxes as a share of the smaller; the pair that belongs together is judged by its own rules. */
function crowding(spots: readonly Spot[], paired: number): number {
  let worst = 0;
  const boxes = spots.map(boxOf);
  for (const box of boxes) {
    const out = Math.max(-box.left, -box.top, box.right - 1, box.bottom - 0.985);
    if (out > 0) worst = Math.max(worst, 0.1 + 4 * out);
  }
  for (let i = 0; i < spots.length; i++) {
    for (let j = i + 1; j < spots.length; j++) {
      const a = boxes[i]!;
      const b = boxes[j]!;
      const shared = overlap(a, b);
      if (paired === 1 && i === 0 && j === 1) {
        if (spots[1]!.supporter !== undefined) continue;
        const hidden = shared / areaOf(a);
        if (hidden < 0.12 || hidden > 0.4) worst = Math.max(worst, 0.3);
      } else worst = Math.max(worst, shared / Math.min(areaOf(a), areaOf(b)));
    }
  }
  return worst;
}

function inOrder(spots: readonly Spot[]): Spot[] {
  const riders = spots.filter(({ supporter }) => supporter !== undefined);
  const standing = spots.filter(({ supporter }) => supporter === undefined);
  const sorted = [...standing].sort(
    (a, b) => Number(b.guest.airborne) - Number(a.guest.airborne) || a.ground - b.ground,
  );
  const placed: Spot[] = [];
  for (const spot of sorted) {
    const at = placed.push(spot) - 1;
    const carried = riders.filter(({ supporter }) => spots[supporter!] === spot);
    placed.push(...carried.map((rider) => ({ ...rider, supporter: at })));
  }
  return placed;
}
