import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

export const house: Drawing = {
  width: 1.2,
  height: 1.12,
  area: 0.97,
  seat: { left: -0.16, right: 0.16, y: -0.99 },
  draw(pen, look) {
    const eaves = look.vary(0, 0.56, 0.66);
    const ridge = look.vary(1, 0.97, 1.05);
    const hip = look.vary(2, 0.14, 0.28);
    const slate = ink([92, 82, 92], 'roof', 'stone', { texture: 'striped' });
    const pane = ink([255, 236, 170], 'window', 'glass', { to: [190, 222, 240] });
    const frame = ink([250, 250, 246], 'frame', 'wood', { shade: 0.1 });
    const chimney = look.choose(3, 2) === 0 ? -0.3 : 0.3;
    pen.rect(
      chimney - 0.075,
      -ridge - 0.03,
      chimney + 0.075,
      -eaves - 0.05,
      ink([150, 84, 66], 'chimney', 'brick'),
    );
    pen.rect(-0.5, -eaves - 0.02, 0.5, 0, look.wall('wall', 0.17, 0, { shade: 0.24 }));
    pen.polygon([-0.6, -eaves, -hip, -ridge, hip, -ridge, 0.6, -eaves], slate);
    pen.rect(-0.5, -eaves, 0.5, -eaves + 0.05, look.wall('wall', 1, -0.35, { shade: 0 }));
    const side = look.choose(4, 3) - 1;
    const door = side * 0.3;
    pen.rect(door - 0.105, -0.39, door + 0.105, 0, frame, 0.02);
    pen.rect(door - 0.08, -0.365, door + 0.08, 0, ink([112, 72, 48], 'door', 'wood'), 0.02);
    pen.circle(door + 0.05, -0.18, 0.016, ink([240, 206, 110], 'door', 'metal'));
    const windows = side === 0 ? [-0.32, 0.32] : [-0.3 * side, 0];
    for (const x of windows) {
      pen.rect(x - 0.115, -0.44, x + 0.115, -0.2, frame, 0.015);
      pen.rect(x - 0.09, -0.415, x + 0.09, -0.225, pane);
      pen.rect(x - 0.01, -0.415, x + 0.01, -0.225, frame);
      pen.rect(x - 0.09, -0.33, x + 0.09, -0.31, frame);
    }
  },
};
