import { ink } from '../pen.ts';
import type { Drawing } from './drawing.ts';

/** Legs only when it stands; the wing is raised or folded either way. */
export const bird: Drawing = {
  width: 1.3,
  height: 0.9,
  area: 0.45,
  draw(pen, look) {
    const dark = look.color === 'black';
    const beak = ink([248, 168, 46], 'beak', 'skin');
    const round = look.vary(0, 0.2, 0.235);
    const cy = -0.36;
    const foot = ink([226, 140, 44], 'leg', 'skin');
    if (!look.airborne) {
      pen.line(-0.04, -0.2, -0.06, 0, 0.035, foot);
      pen.line(0.08, -0.2, 0.08, 0, 0.035, foot);
      pen.rect(-0.1, -0.025, 0.02, 0, foot, 0.012);
      pen.rect(0.04, -0.025, 0.16, 0, foot, 0.012);
    }
    pen.blob(
      [
        -0.2,
        cy - 0.1,
        -0.6,
        cy - look.vary(1, 0.1, 0.22),
        -0.64,
        cy + 0.02,
        -0.5,
        cy + 0.06,
        -0.2,
        cy + 0.14,
      ],
      look.own('tail', 'feather', -0.14),
      2,
    );
    pen.polygon([0.44, cy - 0.2, 0.62, cy - 0.13, 0.43, cy - 0.07], beak);
    pen.ellipse(0.02, cy, 0.36, round, look.own('body', 'feather'), 1, -0.25);
    pen.ellipse(0.06, cy + 0.08, 0.22, 0.1, look.own('body', 'feather', dark ? 0.14 : 0.3), 1, -0.2);
    pen.circle(0.33, cy - 0.16, 0.16, look.own('head', 'feather', 0.06));
    pen.circle(
      0.38,
      cy - 0.19,
      0.034,
      ink(dark ? [240, 240, 236] : [28, 26, 30], 'eye', 'skin', { shade: 0 }),
    );
    if (look.choose(2, 2) === 0) {
      pen.blob(
        [-0.12, cy - 0.02, -0.34, cy - 0.5, -0.18, cy - 0.54, 0.16, cy - 0.3, 0.16, cy - 0.02],
        look.own('wing', 'feather', -0.15),
        2,
      );
    } else {
      pen.blob(
        [0.18, cy - 0.1, -0.1, cy - 0.16, -0.42, cy + 0.1, -0.1, cy + 0.14, 0.14, cy + 0.08],
        look.own('wing', 'feather', -0.17),
        2,
      );
    }
  },
};
