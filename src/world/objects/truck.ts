import { GLASS, ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A box of cargo without windows behind a lower cabin, with a gap between them. */
export const truck: Drawing = {
  width: 1.7,
  height: 1,
  area: 1.42,
  seat: { left: -0.74, right: 0.28, y: -0.99 },
  draw(pen, look) {
    const nose = look.vary(0, 0.62, 0.7);
    const tyre = ink([44, 44, 50], 'wheel', 'rubber');
    const hub = ink([205, 208, 214], 'wheel', 'metal');
    pen.rect(-0.82, -0.24, 0.8, -0.13, ink([82, 84, 94], 'bumper', 'metal'), 0.03);
    pen.rect(-0.84, -1, 0.34, -0.22, look.cover('cargo', 'metal', 0.3), 0.04);
    pen.rect(-0.84, -0.3, 0.34, -0.22, look.own('cargo', 'metal', -0.25), 0.02);
    pen.blob(
      [0.41, -0.14, 0.41, -0.74, 0.44, -0.77, nose, -0.77, 0.76, -0.48, 0.84, -0.42, 0.84, -0.14],
      look.own('cabin', 'metal', 0.04),
      1,
    );
    pen.polygon(
      [0.5, -0.45, 0.5, -0.69, nose - 0.02, -0.69, 0.71, -0.45],
      ink(GLASS, 'window', 'glass', { to: [140, 190, 222] }),
    );
    pen.rect(0.48, -0.36, 0.58, -0.33, look.own('door', 'metal', -0.4), 0.01);
    pen.rect(0.78, -0.34, 0.85, -0.25, ink([255, 240, 180], 'light', 'glass'), 0.02);
    for (const x of [-0.58, -0.22, 0.58]) {
      pen.circle(x, -0.16, 0.16, tyre);
      pen.circle(x, -0.16, 0.08, hub);
    }
  },
};
