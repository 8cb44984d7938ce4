import { GLASS, ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const bus: Drawing = {
  width: 1.7,
  height: 0.95,
  area: 1.48,
  seat: { left: -0.7, right: 0.7, y: -0.88 },
  draw(pen, look) {
    const top = look.vary(0, 0.87, 0.94);
    const panes = 3 + look.choose(1, 3);
    const glass = ink(GLASS, 'window', 'glass', { to: [140, 190, 222] });
    pen.rect(-0.85, -top, 0.85, -0.1, look.own('body', 'metal'), 0.1);
    pen.rect(-0.85, -0.3, 0.85, -0.1, look.own('body', 'metal', -0.18), 0.05);
    pen.rect(-0.8, -top + 0.03, 0.76, -top + 0.07, look.own('roof', 'metal', 0.35), 0.02);
    const left = -0.75;
    const step = (0.42 - left) / panes;
    for (let i = 0; i < panes; i++) {
      pen.rect(left + i * step, -top + 0.13, left + (i + 1) * step - 0.06, -top + 0.42, glass, 0.03);
    }
    pen.rect(0.44, -top + 0.13, 0.62, -0.13, ink([150, 196, 226], 'door', 'glass'), 0.02);
    pen.rect(0.522, -top + 0.13, 0.538, -0.13, look.own('door', 'metal', -0.3));
    pen.rect(0.68, -top + 0.13, 0.85, -top + 0.46, glass, 0.04);
    pen.rect(0.79, -0.32, 0.85, -0.24, ink([255, 240, 180], 'light', 'glass'), 0.02);
    for (const x of [-0.5, 0.28]) {
      pen.circle(x, -0.15, 0.155, ink([44, 44, 50], 'wheel', 'rubber'));
      pen.circle(x, -0.15, 0.075, ink([205, 208, 214], 'wheel', 'metal'));
    }
  },
};
