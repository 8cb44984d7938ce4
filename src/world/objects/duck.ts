import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** Big head on an upright neck, flat bill, round breast, webbed feet: unlike a bird. */
export const duck: Drawing = {
  width: 1.35,
  height: 1.02,
  area: 0.58,
  draw(pen, look) {
    const dark = look.color === 'black';
    const bill = ink([248, 150, 40], 'beak', 'skin');
    for (const x of [-0.1, 0.12]) {
      pen.line(x, -0.14, x, -0.02, 0.05, bill);
      pen.polygon([x - 0.05, 0, x, -0.055, x + 0.15, 0], bill);
    }
    const lift = look.vary(0, 0.52, 0.6);
    pen.blob(
      [
        -0.56,
        -lift,
        -0.42,
        -0.2,
        -0.2,
        -0.07,
        0.2,
        -0.07,
        0.42,
        -0.24,
        0.42,
        -0.46,
        0.2,
        -0.5,
        -0.2,
        -0.46,
        -0.4,
        -0.42,
      ],
      look.own('body', 'feather'),
      2,
    );
    pen.polygon([0.06, -0.44, 0.12, -0.8, 0.42, -0.76, 0.4, -0.4], look.own('body', 'feather', 0.02));
    pen.blob([0.38, -0.84, 0.52, -0.83, 0.66, -0.78, 0.68, -0.7, 0.5, -0.66, 0.34, -0.66], bill, 1);
    pen.circle(0.27, -0.79, look.vary(1, 0.2, 0.22), look.own('head', 'feather', 0.05));
    pen.circle(0.34, -0.84, 0.036, ink(dark ? [240, 240, 236] : [28, 26, 30], 'eye', 'skin', { shade: 0 }));
    pen.blob(
      [-0.38, -0.4, -0.1, -0.44, 0.18, -0.38, 0.2, -0.24, 0, -0.14, -0.24, -0.18],
      look.own('wing', 'feather', dark ? 0.16 : -0.17),
      2,
    );
  },
};
