import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A park bench from the front: a backrest, a deep seat, iron legs. */
export const bench: Drawing = {
  width: 1.5,
  height: 0.78,
  area: 0.97,
  seat: { left: -0.5, right: 0.5, y: -0.37 },
  draw(pen, look) {
    const iron = ink([74, 76, 86], 'leg', 'metal');
    for (const x of [-0.56, 0.56]) {
      pen.rect(x - 0.04, -0.76, x + 0.04, -0.3, iron, 0.02);
      pen.rect(x - 0.05, -0.32, x + 0.05, 0, iron, 0.02);
      pen.rect(x - 0.09, -0.05, x + 0.09, 0, iron, 0.02);
    }
    const plank = look.vary(0, 0.17, 0.19);
    pen.rect(-0.7, -0.78, 0.7, -0.78 + plank, look.wall('backrest', 0.16, 0.05), 0.03);
    pen.rect(-0.7, -0.55, 0.7, -0.55 + plank - 0.03, look.wall('backrest', 0.16, -0.06), 0.03);
    pen.polygon([-0.68, -0.41, 0.68, -0.41, 0.75, -0.27, -0.75, -0.27], look.wall('seat', 0.14, 0.1));
    pen.rect(-0.75, -0.27, 0.75, -0.16, look.wall('seat', 0.14, -0.2), 0.02);
  },
};
