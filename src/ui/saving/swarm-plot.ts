import { ticks } from 'd3-array';
import { layoutSwarm } from '../../charts/beeswarm.ts';
import type { ExportPlot } from '../../exports/plot-svg.ts';

/** The box that a plot is drawn in. */
const BOX = { width: 600, height: 200, radius: 3.5 } as const;

/** A figure among those of random sets, as the page shows it. */
export function swarmPlot(
  title: string,
  values: readonly number[],
  mark: { readonly value: number; readonly label: string },
  dot: string,
  format: (value: number) => string,
): ExportPlot {
  const { dots, at, domain } = layoutSwarm(values, BOX, [0, mark.value]);
  const across = (x: number) => (100 * x) / BOX.width;
  return {
    title,
    dots: dots.map(({ x, y }) => ({ x: across(x), y: (100 * y) / BOX.height })),
    marks: [{ x: across(at(mark.value)), label: mark.label }],
    ticks: ticks(domain[0], domain[1], 6).map((tick) => ({ x: across(at(tick)), label: format(tick) })),
    legend: [{ label: dot, colour: '#8d867a' }],
  };
}
