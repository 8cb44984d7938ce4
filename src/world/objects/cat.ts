import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** A cat sits, seen from the front: pointed ears, whiskers, a tail that curls up at its side. */
export const cat: Drawing = {
  width: 0.94,
  height: 1.04,
  area: 0.59,
  draw(pen, look) {
    const dark = look.color === 'black';
    const wide = look.vary(0, 0.28, 0.32);
    const tip = look.vary(1, 0.42, 0.62);
    pen.blob(
      [0.1, -0.02, 0.36, 0, 0.46, -0.16, 0.4, -tip, 0.31, -tip + 0.02, 0.33, -0.2, 0.1, -0.14],
      look.own('tail', 'fur', -0.14),
    );
    pen.blob(
      [-wide, 0.01, -wide - 0.02, -0.28, -0.17, -0.66, 0.17, -0.66, wide + 0.02, -0.28, wide, 0.01],
      look.own('body', 'fur'),
    );
    pen.ellipse(0, -0.4, 0.12, 0.12, look.own('body', 'fur', dark ? 0.14 : 0.3));
    for (const x of [-0.1, 0.1])
      pen.rect(x - 0.065, -0.26, x + 0.065, 0, look.own('leg', 'fur', -0.05), 0.06);
    const hy = -0.69;
    for (const side of [-1, 1]) {
      pen.polygon(
        [side * 0.25, hy - 0.05, side * 0.23, hy - 0.34, side * 0.05, hy - 0.18],
        look.own('ear', 'fur', -0.1),
      );
      pen.polygon(
        [side * 0.21, hy - 0.1, side * 0.2, hy - 0.26, side * 0.1, hy - 0.16],
        ink([240, 170, 170], 'ear', 'skin'),
      );
    }
    pen.ellipse(0, hy, 0.27, look.vary(2, 0.2, 0.225), look.own('head', 'fur', 0.03));
    const light = dark || look.color === 'purple' || look.color === 'brown' || look.color === 'blue';
    for (const side of [-1, 1]) {
      pen.ellipse(
        side * 0.115,
        hy - 0.02,
        0.05,
        0.055,
        ink(light ? [214, 226, 110] : [240, 244, 210], 'eye', 'skin', { shade: 0 }),
      );
      pen.ellipse(side * 0.115, hy - 0.02, 0.02, 0.05, ink([26, 26, 30], 'eye', 'skin', { shade: 0 }));
      const whisker = ink(dark ? [200, 200, 204] : [70, 62, 64], 'nose', 'fur', { shade: 0, alpha: 0.7 });
      pen.line(side * 0.1, hy + 0.09, side * 0.38, hy + 0.05, 0.014, whisker);
      pen.line(side * 0.1, hy + 0.11, side * 0.37, hy + 0.14, 0.014, whisker);
    }
    pen.polygon([-0.035, hy + 0.055, 0.035, hy + 0.055, 0, hy + 0.1], ink([226, 120, 130], 'nose', 'skin'));
  },
};
