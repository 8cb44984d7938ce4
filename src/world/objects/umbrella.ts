import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** Open: ribs, a scalloped rim, a thin stick with a hooked handle. */
export const umbrella: Drawing = {
  width: 1.3,
  height: 1.24,
  area: 0.62,
  draw(pen, look) {
    const rim = -0.58;
    const top = -1.16;
    const stick = ink([112, 84, 60], 'handle', 'wood');
    pen.rect(-0.026, -1.24, 0.026, -0.1, stick, 0.02);
    for (const [xa, ya, xb, yb] of [
      [0, -0.12, 0.03, -0.045],
      [0.03, -0.045, 0.1, -0.025],
      [0.1, -0.025, 0.17, -0.05],
      [0.17, -0.05, 0.19, -0.13],
    ] as const) {
      pen.line(xa, ya, xb, yb, 0.05, stick);
    }
    // The dome, with three bites out of its lower edge.
    const dome = [
      -0.64,
      rim,
      -0.6,
      -0.78,
      -0.48,
      -0.96,
      -0.28,
      -1.1,
      0,
      top,
      0.28,
      -1.1,
      0.48,
      -0.96,
      0.6,
      -0.78,
      0.64,
      rim,
    ];
    const bites: number[] = [];
    for (let i = 3; i >= 0; i--) {
      const right = -0.64 + (i + 1) * 0.32;
      bites.push(right, rim, right - 0.08, rim - 0.06, right - 0.16, rim - 0.075, right - 0.24, rim - 0.06);
    }
    pen.polygon([...dome, ...bites], look.cover('canopy', 'cloth', 0.24, 0, { shade: 0.36 }));
    const rib = look.own('canopy', 'cloth', look.color === 'black' ? 0.3 : -0.3, { shade: 0 });
    const bow = look.vary(0, 0.28, 0.32);
    for (const side of [-1, 1]) {
      pen.line(0, top, side * bow * 0.8, -0.92, 0.022, rib);
      pen.line(side * bow * 0.8, -0.92, side * 0.32, rim - 0.01, 0.022, rib);
    }
    pen.line(0, top, 0, rim, 0.022, rib);
  },
};
