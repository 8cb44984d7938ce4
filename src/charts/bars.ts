import { nice, ticks } from 'd3-array';

/** The interval that means nothing: the same figure for random words. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** Drawn grey behind the bar. */
  readonly band?: Band;
}

export type BarOrder = 'given' | 'descending';

export interface BarMark {
  readonly bar: Bar;
  /** Left edge and width, in the unit of the size given. */
  readonly x: number;
  readonly width: number;
  readonly band?: { readonly x: number; readonly width: number };
  /** Inside of the null band: says nothing, and must look like nothing. */
  readonly inside: boolean;
}

export interface BarsLayout {
  readonly domain: readonly [number, number];
  readonly zero: number;
  readonly ticks: readonly { readonly value: number; readonly x: number }[];
  readonly marks: readonly BarMark[];
}

export function insideBand(value: number, band: Band | undefined): boolean {
  return band !== undefined && value >= band.low && value <= band.high;
}

/**
 * Horizontal bars from zero. Without `domain` the smallest round interval that holds zero, the values and the bands is
 * taken; values beyond a given domain are cut at its edge.
 */
export function layoutBars(
  bars: readonly Bar[],
  size: { readonly width: number },
  options: { readonly order?: BarOrder; readonly domain?: readonly [number, number] } = {},
): BarsLayout {
  const domain = options.domain ?? roundDomain(bars);
  const [low, high] = domain;
  const span = high - low || 1;
  const at = (value: number) => (Math.min(1, Math.max(0, (value - low) / span)) || 0) * size.width;
  const zero = at(0);
  const ordered =
    options.order === 'descending' ? [...bars].sort((a, b) => rank(b.value) - rank(a.value)) : bars;
  const marks = ordered.map((bar): BarMark => {
    const end = Number.isFinite(bar.value) ? at(bar.value) : zero;
    return {
      bar,
      x: Math.min(zero, end),
      width: Math.abs(end - zero),
      inside: insideBand(bar.value, bar.band),
      ...(bar.band && { band: { x: at(bar.band.low), width: at(bar.band.high) - at(bar.band.low) } }),
    };
  });
  return { domain, zero, ticks: ticks(low, high, 4).map((value) => ({ value, x: at(value) })), marks };
}

function roundDomain(bars: readonly Bar[]): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (const { value, band } of bars) {
    for (const end of [value, band?.low, band?.high]) {
      if (end === undefined || !Number.isFinite(end)) continue;
      low = Math.min(low, end);
      high = Math.max(high, end);
    }
  }
  return low === high ? [0, 1] : nice(low, high, 4);
}

/** What is not a number goes last. */
function rank(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}
