import type { Drawing } from './drawing.ts';

export const ball: Drawing = {
  width: 1,
  height: 1,
  area: 0.81,
  draw(pen, look) {
    pen.circle(0, -0.5, 0.5, look.cover('body', 'rubber', 0.32, 0, { shade: 0.5 }));
    pen.ellipse(
      0.18 * look.lit,
      -0.77,
      0.13,
      0.08,
      look.own('light', 'rubber', 0.7, { alpha: 0.75, shade: 0 }),
      1,
      0.6 * look.lit,
    );
  },
};
