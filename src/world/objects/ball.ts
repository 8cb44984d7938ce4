import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const ball: Drawing = {
  width: 1,
  height: 1,
  area: 0.81,
  draw(pen, look) {
    pen.circle(0, -0.5, 0.5, look.own('body', 'rubber', 0, { shade: 0.5 }));
    const style = look.choose(0, 3);
    const pale = look.color === 'white';
    const band = ink(pale ? [190, 198, 210] : [250, 250, 246], 'band', 'rubber', { texture: 'striped' });
    const ux = look.vary(1, -1, 1);
    if (style === 0) {
      pen.ellipse(0, -0.5, 0.5, 0.15, band, 1, ux);
      pen.ellipse(0, -0.5, 0.5, 0.06, look.own('band', 'rubber', -0.06, { texture: 'striped' }), 1, ux);
    } else if (style === 1) {
      pen.ellipse(0, -0.5, 0.5, 0.26, look.own('band', 'rubber', -0.26, { texture: 'striped' }), ux, 1);
      pen.ellipse(0, -0.5, 0.5, 0.18, look.own('body', 'rubber', 0.06), ux, 1);
    } else {
      const dot = ink(pale ? [190, 198, 210] : [250, 250, 246], 'band', 'rubber', { texture: 'dotted' });
      for (const [x, y] of [
        [-0.02, -0.48],
        [0.24, -0.72],
        [-0.26, -0.24],
        [0.26, -0.24],
        [-0.3, -0.66],
      ] as const) {
        pen.circle(x, y, 0.075, dot);
      }
    }
    pen.ellipse(
      -0.18,
      -0.77,
      0.13,
      0.08,
      look.own('light', 'rubber', 0.7, { alpha: 0.75, shade: 0 }),
      1,
      -0.6,
    );
  },
};
