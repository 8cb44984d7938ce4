import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** Tall and narrow with battlements, slits and an arched gate. */
export const tower: Drawing = {
  width: 0.76,
  height: 1.56,
  area: 0.98,
  seat: { left: -0.2, right: 0.2, y: -1.5 },
  draw(pen, look) {
    const half = look.vary(0, 0.25, 0.28);
    const neck = 1.18;
    pen.polygon([-half, -neck, half, -neck, half + 0.05, 0, -half - 0.05, 0], look.wall('wall', 0.17));
    pen.polygon(
      [-half - 0.08, -neck - 0.12, half + 0.08, -neck - 0.12, half, -neck + 0.04, -half, -neck + 0.04],
      look.wall('wall', 0.17, -0.2),
    );
    const edge = half + 0.09;
    pen.rect(-edge, -neck - 0.26, edge, -neck - 0.1, look.wall('battlement', 0.17));
    const tooth = (2 * edge) / 5;
    for (const i of [0, 2, 4]) {
      pen.rect(
        -edge + i * tooth,
        -neck - 0.37,
        -edge + (i + 1) * tooth,
        -neck - 0.24,
        look.wall('battlement', 0.17, 0.04),
        0.015,
      );
    }
    const dark = ink([54, 50, 62], 'window', 'glass', { shade: 0 });
    const slits = look.choose(1, 2) === 0 ? [-0.1, 0.1] : [0];
    for (const x of slits) pen.rect(x - 0.04, -0.98, x + 0.04, -0.76, dark, 0.04);
    pen.rect(-0.04, -0.62, 0.04, -0.46, dark, 0.04);
    const stone = ink([250, 250, 246], 'frame', 'stone', { shade: 0.1 });
    const gate = ink([112, 72, 48], 'door', 'wood');
    pen.ellipse(0, -0.22, 0.17, 0.17, stone);
    pen.rect(-0.17, -0.22, 0.17, 0, stone);
    pen.ellipse(0, -0.22, 0.105, 0.105, gate);
    pen.rect(-0.105, -0.22, 0.105, 0, gate);
  },
};
