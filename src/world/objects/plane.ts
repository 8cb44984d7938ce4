import { GLASS, ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** An aeroplane from the side, with a tail fin, a wing and a row of windows; wheels only when it stands. */
export const plane: Drawing = {
  width: 1.79,
  height: 0.8,
  area: 0.71,
  draw(pen, look) {
    const cy = -0.36;
    const glass = ink(GLASS, 'window', 'glass', { to: [140, 190, 222] });
    if (!look.airborne) {
      for (const x of [-0.12, 0.5]) {
        pen.line(x, cy + 0.1, x, -0.08, 0.035, ink([96, 98, 108], 'leg', 'metal'));
        pen.circle(x, -0.07, 0.07, ink([44, 44, 50], 'wheel', 'rubber'));
      }
    }
    pen.polygon(
      [-0.82, -0.8, -0.66, -0.8, -0.4, cy - 0.08, -0.76, cy - 0.06],
      look.own('fin', 'metal', -0.12),
    );
    pen.polygon(
      [0.1, cy - 0.08, -0.2, cy - 0.34, -0.08, cy - 0.34, 0.34, cy - 0.08],
      look.own('wing', 'metal', -0.3),
    );
    pen.blob(
      [
        -0.86,
        cy - 0.12,
        -0.5,
        cy - 0.17,
        0.5,
        cy - 0.18,
        0.8,
        cy - 0.1,
        0.9,
        cy + 0.05,
        0.72,
        cy + 0.15,
        -0.3,
        cy + 0.16,
        -0.7,
        cy + 0.02,
        -0.88,
        cy - 0.08,
      ],
      look.cover('body', 'metal', 0.2, 0, { shade: 0.4 }),
      2,
    );
    for (let i = 0; i < 4; i++) pen.circle(-0.28 + i * 0.2, cy - 0.05, 0.05, glass);
    pen.blob([0.56, cy - 0.15, 0.7, cy - 0.13, 0.8, cy - 0.02, 0.58, cy - 0.02], glass, 1);
    const sweep = look.vary(0, -0.36, -0.28);
    pen.polygon(
      [-0.02, cy + 0.04, sweep - 0.02, -0.02, sweep + 0.16, -0.02, 0.34, cy + 0.04],
      look.own('wing', 'metal', -0.18),
    );
    pen.polygon(
      [-0.7, cy - 0.05, -0.9, cy + 0.06, -0.76, cy + 0.06, -0.5, cy - 0.04],
      look.own('tail', 'metal', -0.24),
    );
  },
};
