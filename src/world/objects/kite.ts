import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A diamond on a string, with bows along its tail. */
export const kite: Drawing = {
  width: 0.9,
  height: 1.34,
  area: 0.45,
  draw(pen, look) {
    const half = look.vary(0, 0.37, 0.43);
    const wing = look.vary(1, -0.95, -0.88);
    const low = -0.4;
    const sway = look.vary(2, -0.1, 0.1);
    const string = ink([236, 232, 226], 'string', 'cloth', { shade: 0 });
    pen.line(0, low, sway, -0.2, 0.024, string);
    pen.line(sway, -0.2, -sway, 0, 0.024, string);
    for (const [x, y] of [
      [sway * 0.5, -0.29],
      [sway, -0.18],
      [0, -0.08],
    ] as const) {
      pen.polygon([x, y, x - 0.11, y - 0.05, x - 0.11, y + 0.05], look.own('tail', 'cloth', 0.05));
      pen.polygon([x, y, x + 0.11, y - 0.05, x + 0.11, y + 0.05], look.own('tail', 'cloth', -0.12));
    }
    pen.polygon([0, -1.33, -half, wing, 0, low], look.cover('sail', 'paper', 0.2, 0.1));
    pen.polygon([0, -1.33, half, wing, 0, low], look.cover('sail', 'paper', 0.2, -0.12));
    const rod = ink([120, 86, 58], 'frame', 'wood');
    pen.line(0, -1.32, 0, low, 0.022, rod);
    pen.line(-half, wing, half, wing, 0.022, rod);
  },
};
