/** Units that are on, with how active they are: a mean absolute activation above 0. */
export interface LiveUnit {
  readonly unit: number;
  readonly activity: number;
}

/** Candidates that each chosen unit's stand-in is drawn from. */
const NEIGHBOURS = 20;

/**
 * Random sets to rank an ablation among: each holds, for every chosen unit, one other live unit of about the same activity, drawn from the
 * {@link NEIGHBOURS} nearest in log activity; none of them chosen, none twice in a set. `below(n)` gives a uniform integer in [0, n).
 * Throws RangeError where there are fewer other live units than chosen ones.
 */
export function matchedSets(
  live: readonly LiveUnit[],
  chosen: readonly number[],
  count: number,
  below: (bound: number) => number,
): readonly (readonly number[])[] {
  const out = new Set(chosen);
  const others = live.filter(({ unit }) => !out.has(unit));
  if (others.length < chosen.length) {
    throw new RangeError(`${others.length} other live units for ${chosen.length} chosen ones`);
  }
  const activities = new Map(live.map(({ unit, activity }) => [unit, activity]));
  const middle = others.reduce((sum, { activity }) => sum + Math.log(activity), 0) / others.length;
  const ranked = chosen.map((unit) => {
    const activity = activities.get(unit);
    // A chosen unit that is dead has no like; any live unit may stand in.
    const target = activity === undefined ? middle : Math.log(activity);
    return others
      .map((other) => ({ unit: other.unit, distance: Math.abs(Math.log(other.activity) - target) }))
      .sort((a, b) => a.distance - b.distance || a.unit - b.unit);
  });
  return Array.from({ length: count }, () => {
    const set = new Set<number>();
    for (const candidates of ranked) {
      const free = candidates.filter(({ unit }) => !set.has(unit)).slice(0, NEIGHBOURS);
      set.add(free[below(free.length)]!.unit);
    }
    return [...set];
  });
}

/** Share of the others that lie below the figure, ties counting half: 0.5 is ordinary, 1 is beyond all of them. NaN for no others. */
export function percentileAmong(figure: number, others: readonly number[]): number {
  let below = 0;
  for (const other of others) below += other < figure ? 1 : other === figure ? 0.5 : 0;
  return below / others.length;
}
