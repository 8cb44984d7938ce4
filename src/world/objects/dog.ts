import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const dog: Drawing = {
  width: 1.4,
  height: 0.92,
  area: 0.63,
  draw(pen, look) {
    const leg = look.vary(0, 0.32, 0.38);
    const dark = look.color === 'black';
    const far = look.own('leg', 'fur', -0.24);
    const near = look.own('leg', 'fur', -0.06);
    const body = look.own('body', 'fur');
    const back = -leg - 0.27;
    const up = look.vary(1, 0.12, 0.26);
    pen.blob(
      [
        -0.36,
        back + 0.1,
        -0.5,
        back - 0.04,
        -0.55,
        back - up,
        -0.62,
        back - up + 0.02,
        -0.6,
        back + 0.06,
        -0.4,
        back + 0.24,
      ],
      look.own('tail', 'fur', -0.1),
    );
    for (const x of [-0.26, 0.2]) pen.rect(x - 0.06, -leg - 0.06, x + 0.06, 0, far, 0.05);
    pen.blob(
      [
        -0.5,
        back + 0.02,
        -0.44,
        -leg + 0.1,
        0.36,
        -leg + 0.1,
        0.44,
        back,
        0.1,
        back - 0.04,
        -0.3,
        back - 0.06,
      ],
      body,
    );
    for (const x of [-0.37, 0.3]) pen.rect(x - 0.065, -leg - 0.1, x + 0.065, 0, near, 0.05);
    pen.polygon([0.12, back + 0.08, 0.24, back - 0.2, 0.46, back - 0.06, 0.38, back + 0.22], body);
    const hx = 0.38;
    const hy = back - 0.13;
    pen.ellipse(hx, hy, 0.19, 0.17, look.own('head', 'fur', 0.04));
    pen.ellipse(hx + 0.17, hy + 0.05, 0.12, 0.085, look.own('head', 'fur', 0.12));
    pen.circle(hx + 0.265, hy + 0.015, 0.042, ink(dark ? [110, 110, 116] : [36, 32, 36], 'nose', 'skin'));
    pen.circle(
      hx + 0.06,
      hy - 0.05,
      0.03,
      ink(dark ? [235, 235, 230] : [34, 30, 34], 'eye', 'skin', { shade: 0 }),
    );
    // Hanging ears tell a dog from a cat.
    pen.ellipse(
      hx - 0.13,
      hy + 0.03,
      0.075,
      look.vary(2, 0.15, 0.19),
      look.own('ear', 'fur', dark ? 0.18 : -0.32),
      1,
      0.3,
    );
    if (look.choose(3, 2) === 0)
      pen.line(0.2, back - 0.08, 0.36, back + 0.06, 0.05, ink([206, 64, 60], 'band', 'cloth'));
  },
};
