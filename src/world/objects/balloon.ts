import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A hot air balloon: envelope, ropes, basket. */
export const balloon: Drawing = {
  width: 1.0,
  height: 1.38,
  area: 0.89,
  draw(pen, look) {
    const rope = ink([104, 84, 66], 'string', 'cloth', { shade: 0 });
    const wide = look.vary(0, 0.45, 0.48);
    for (const side of [-1, 1]) pen.line(side * 0.16, -0.42, side * 0.1, -0.18, 0.022, rope);
    pen.rect(-0.14, -0.21, 0.14, 0, ink([158, 112, 66], 'basket', 'wood', { texture: 'gridded' }), 0.04);
    pen.rect(-0.155, -0.22, 0.155, -0.165, ink([112, 76, 46], 'basket', 'wood'), 0.02);
    const shape = (reach: number) => [
      -0.13,
      -0.36,
      -0.13,
      -0.4,
      -wide * 0.82 * reach,
      -0.62,
      -wide * 1.06 * reach,
      -0.84,
      -wide * 1.06 * reach,
      -1.1,
      -wide * 0.7 * reach,
      -1.34,
      0,
      -1.39,
      wide * 0.7 * reach,
      -1.34,
      wide * 1.06 * reach,
      -1.1,
      wide * 1.06 * reach,
      -0.84,
      wide * 0.82 * reach,
      -0.62,
      0.13,
      -0.4,
      0.13,
      -0.36,
    ];
    pen.blob(shape(1), look.cover('envelope', 'cloth', 0.26, 0, { shade: 0.46 }), 3);
    const seam = look.own('envelope', 'cloth', look.color === 'black' ? 0.25 : -0.22, { shade: 0.2 });
    for (const side of [-1, 1]) {
      pen.line(side * 0.06, -1.34, side * 0.17, -1, 0.02, seam);
      pen.line(side * 0.17, -1, side * 0.15, -0.7, 0.02, seam);
      pen.line(side * 0.15, -0.7, side * 0.06, -0.4, 0.02, seam);
    }
    pen.rect(-0.13, -0.42, 0.13, -0.36, look.own('envelope', 'cloth', -0.3), 0.02);
  },
};
