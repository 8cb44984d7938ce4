export interface Swarm {
  /** One dot a value, in the order given. */
  readonly dots: readonly { readonly value: number; readonly x: number; readonly y: number }[];
  readonly at: (value: number) => number;
  readonly domain: readonly [number, number];
}

/**
 * Dots along a line, stacked upward from the ground where they would overlap: columns of one dot's width. The domain holds all values and
 * `also`, with a little room at both ends. Throws RangeError for no values.
 */
export function layoutSwarm(
  values: readonly number[],
  size: { readonly width: number; readonly height: number; readonly radius: number },
  also: readonly number[] = [],
): Swarm {
  if (values.length === 0) throw new RangeError('swarm: no values');
  const all = [...values, ...also].filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low || 1) * 0.04;
  const domain: readonly [number, number] = [low - room, high + room];
  const { width, height, radius } = size;
  const at = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * width;
  const columns = new Map<number, number>();
  const counts = values.map((value) => {
    const column = Math.floor(at(value) / (2 * radius));
    const level = columns.get(column) ?? 0;
    columns.set(column, level + 1);
    return { column, level };
  });
  // Where a column would grow out of the picture, all columns are pressed together.
  const tallest = Math.max(...columns.values());
  const pitch = Math.min(2 * radius, (height - 2 * radius) / Math.max(1, tallest - 1));
  const dots = values.map((value, i) => {
    const { column, level } = counts[i]!;
    return { value, x: (column + 0.5) * 2 * radius, y: height - radius - level * pitch };
  });
  return { dots, at, domain };
}
