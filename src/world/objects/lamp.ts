import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A standing lamp: a wide shade with a straight rim over a glowing bulb, a thin pole, a round foot. */
export const lamp: Drawing = {
  width: 0.86,
  height: 1.3,
  area: 0.48,
  draw(pen, look) {
    const top = look.vary(0, 0.17, 0.23);
    const rim = look.vary(1, 0.38, 0.42);
    const iron = ink([92, 94, 104], 'pole', 'metal');
    pen.rect(-0.035, -0.8, 0.035, -0.04, iron);
    pen.blob([-0.25, 0, -0.2, -0.1, 0.2, -0.1, 0.25, 0], look.own('body', 'metal', -0.12), 1);
    pen.circle(0, -0.76, 0.12, ink([255, 236, 150], 'light', 'glass', { shade: 0.05 }));
    pen.polygon(
      [-top, -1.3, top, -1.3, rim, -0.76, -rim, -0.76],
      look.own('shade', 'cloth', 0, { shade: 0.4 }),
    );
    pen.polygon(
      [-rim + 0.014, -0.81, rim - 0.014, -0.81, rim, -0.76, -rim, -0.76],
      look.own('shade', 'cloth', -0.24, { shade: 0.2 }),
    );
  },
};
