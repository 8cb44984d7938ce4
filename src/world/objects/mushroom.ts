import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A spotted cap on a thick pale stem. */
export const mushroom: Drawing = {
  width: 1.07,
  height: 0.98,
  area: 0.72,
  seat: { left: -0.18, right: 0.18, y: -0.93 },
  draw(pen, look) {
    const base = look.vary(0, 0.2, 0.25);
    const pale = look.color === 'white';
    pen.blob(
      [-base, 0.02, -base + 0.05, -0.24, -0.13, -0.5, 0.13, -0.5, base - 0.05, -0.24, base, 0.02],
      ink([248, 236, 212], 'stem', 'plaster', { color: 'white' }),
      2,
    );
    pen.ellipse(0, -0.4, 0.3, 0.07, ink([214, 196, 170], 'stem', 'plaster', { shade: 0 }));
    pen.blob(
      [
        -0.54, -0.36, -0.53, -0.62, -0.34, -0.98, 0.34, -0.98, 0.53, -0.62, 0.54, -0.36, 0.2, -0.4, -0.2,
        -0.4,
      ],
      look.own('cap', 'leaf', 0, { shade: 0.42 }),
      2,
    );
    const spot = ink(pale ? [176, 180, 192] : [250, 248, 240], 'spot', 'leaf', {
      texture: 'dotted',
      shade: 0.1,
    });
    const shift = look.vary(1, -0.04, 0.04);
    for (const [x, y, r] of [
      [0.02, -0.75, 0.1],
      [-0.27, -0.6, 0.085],
      [0.29, -0.61, 0.085],
      [0.08, -0.5, 0.055],
      [-0.2, -0.83, 0.05],
    ] as const) {
      pen.ellipse(x + shift, y, r, r * 0.85, spot);
    }
  },
};
